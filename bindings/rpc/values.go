package rpc

import "reflect"

// Undefined is JavaScript's undefined; [Undefined]{} is its only value.
type Undefined struct{}

// A Map is a JavaScript Map: entries in order, with keys of any type. Decoded, it is a *Map.
type Map []Entry

// An Entry is a key and a value of a [Map].
type Entry struct{ Key, Value any }

// Get returns the value of a key, compared as == does.
func (m Map) Get(key any) (value any, ok bool) {
	if key != nil && !reflect.TypeOf(key).Comparable() {
		return nil, false
	}
	for _, entry := range m {
		if entry.Key != nil && !reflect.TypeOf(entry.Key).Comparable() {
			continue
		}
		if entry.Key == key {
			return entry.Value, true
		}
	}
	return nil, false
}

// A Set is a JavaScript Set, in order. Decoded, it is a *Set.
type Set []any

// An Object is a plain object whose properties keep their order. Names must differ. It is decoded only where the target says so:
// any receives a map[string]any.
type Object []Property

// A Property is a name and a value of an [Object].
type Property struct {
	Name  string
	Value any
}

// Get returns the value of a name.
func (o Object) Get(name string) (value any, ok bool) {
	for _, p := range o {
		if p.Name == name {
			return p.Value, true
		}
	}
	return nil, false
}

// A RegExp is a JavaScript regular expression: the text between the slashes, and flags of "dgimsuvy".
type RegExp struct{ Source, Flags string }

// A Blob is a Blob: bytes with a media type. Decoded, it is a *Blob.
type Blob struct {
	Data []byte
	// Type is empty, or in lower case.
	Type string
}
