package rpc

import "reflect"

// References carries what has no bytes of its own: functions, stubs, streams. A message has a tag and some data in its place,
// usually an index into a list of capabilities that travels beside it. Nil stands for one that knows nothing.
type References interface {
	// Reference says what stands for v in a message. It is asked about every func and chan, and every value whose type has
	// methods; ok is false for one that is copied like any other. Data is anything that Marshal takes. The tag is one that
	// the reader knows, see polyfills/core/clone.js.
	Reference(v reflect.Value) (tag uint32, data any, ok bool, err error)
	// Resolve is the inverse, once for each such object of a message. Target is the type that is wanted, an interface if any will do; the
	// result must be assignable to it. Data is as Unmarshal gives it to a target of type any.
	Resolve(tag uint32, data any, target reflect.Type) (any, error)
}
