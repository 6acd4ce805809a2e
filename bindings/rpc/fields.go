package rpc

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// A field is one property of a struct, found by the rules of encoding/json.
type field struct {
	name  string
	typ   reflect.Type
	index []int // from struct to embedded struct to field

	tagged    bool
	quoted    bool // booleans and numbers as strings
	omitEmpty bool
	omitZero  func(reflect.Value) bool // nil without the option

	read func() *plan
}

// structFields are the fields of a struct, in the order of the source.
type structFields struct {
	list   []field
	byName map[string]int
}

var structs sync.Map

func structFieldsOf(t reflect.Type) *structFields {
	if f, ok := structs.Load(t); ok {
		return f.(*structFields)
	}
	f, _ := structs.LoadOrStore(t, newStructFields(t))
	return f.(*structFields)
}

// find returns the field of a name: the exact one, else the first that differs only in case.
func (s *structFields) find(name string) *field {
	if i, ok := s.byName[name]; ok {
		return &s.list[i]
	}
	for i := range s.list {
		if strings.EqualFold(s.list[i].name, name) {
			return &s.list[i]
		}
	}
	return nil
}

// of returns the field of a struct, false if it is in an embedded one that is nil.
func (f *field) of(v reflect.Value) (reflect.Value, bool) {
	for i, n := range f.index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return reflect.Value{}, false
			}
			v = v.Elem()
		}
		v = v.Field(n)
	}
	return v, true
}

// in is of for a struct that is being filled: it makes embedded ones.
func (f *field) in(v reflect.Value) (reflect.Value, error) {
	for i, n := range f.index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				if !v.CanSet() {
					return v, failf("the embedded pointer to unexported %s is nil", v.Type().Elem())
				}
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(n)
	}
	return v, nil
}

func (f *field) omits(v reflect.Value) bool {
	return f.omitEmpty && isEmpty(v) || f.omitZero != nil && f.omitZero(v)
}

func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// An embedded struct whose fields are still to be found.
type embedded struct {
	typ   reflect.Type
	index []int
}

func newStructFields(t reflect.Type) *structFields {
	var found []field
	seen := map[reflect.Type]bool{t: true}
	for level := []embedded{{typ: t}}; len(level) > 0; {
		var next []embedded
		for _, s := range level {
			fields, deeper := scan(s)
			found = append(found, fields...)
			next = append(next, deeper...)
		}
		level = next[:0]
		// A type that one level embeds twice hides its fields, but other ones at this level are hidden by it first: scan it twice.
		for _, s := range next {
			if !seen[s.typ] {
				level = append(level, s)
			}
		}
		for _, s := range level {
			seen[s.typ] = true
		}
	}
	return dominant(found)
}

// dominant drops the fields that others of their name hide: the least deep wins, then one with a tag; if there are several, all hide each other.
func dominant(found []field) *structFields {
	slices.SortStableFunc(found, func(a, b field) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(len(a.index), len(b.index)), -compareBool(a.tagged, b.tagged))
	})
	s := &structFields{byName: make(map[string]int)}
	for i, n := 0, 0; i < len(found); i += n {
		n = 1
		for i+n < len(found) && found[i+n].name == found[i].name {
			n++
		}
		if n > 1 && len(found[i].index) == len(found[i+1].index) && found[i].tagged == found[i+1].tagged {
			continue
		}
		s.list = append(s.list, found[i])
	}
	slices.SortFunc(s.list, func(a, b field) int { return slices.Compare(a.index, b.index) })
	for i := range s.list {
		s.byName[s.list[i].name] = i
	}
	return s
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// scan lists the properties of one struct and the structs that it embeds.
func scan(s embedded) (fields []field, deeper []embedded) {
	for i := range s.typ.NumField() {
		f := s.typ.Field(i)
		inner := f.Type
		if inner.Kind() == reflect.Pointer && inner.Name() == "" {
			inner = inner.Elem()
		}
		tag := f.Tag.Get("json")
		if tag == "-" || !f.IsExported() && !(f.Anonymous && inner.Kind() == reflect.Struct) {
			continue
		}
		index := append(slices.Clone(s.index), i)
		name, options, _ := strings.Cut(tag, ",")
		if !isName(name) {
			name = ""
		}
		if f.Anonymous && name == "" && inner.Kind() == reflect.Struct {
			deeper = append(deeper, embedded{inner, index})
			continue
		}
		if !f.IsExported() {
			continue
		}
		fields = append(fields, makeField(f, inner, name, options, index))
	}
	return fields, deeper
}

func makeField(f reflect.StructField, inner reflect.Type, name, options string, index []int) field {
	made := field{name: cmp.Or(name, f.Name), typ: f.Type, index: index, tagged: name != ""}
	made.read = sync.OnceValue(func() *plan { return planOf(f.Type) })
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "omitempty":
			made.omitEmpty = true
		case "omitzero":
			made.omitZero = zeroTest(f.Type)
		case "string":
			switch inner.Kind() {
			case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8,
				reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr, reflect.Float32, reflect.Float64:
				made.quoted = true
			}
		}
	}
	return made
}

type zeroer interface{ IsZero() bool }

// zeroTest is what the option "omitzero" asks: the method IsZero if there is one.
func zeroTest(t reflect.Type) func(reflect.Value) bool {
	method := reflect.TypeFor[zeroer]()
	switch {
	case t.Kind() == reflect.Interface || t.Kind() == reflect.Pointer && t.Implements(method):
		return func(v reflect.Value) bool {
			if v.IsNil() {
				return true
			}
			z, ok := v.Interface().(zeroer)
			return ok && z.IsZero()
		}
	case t.Implements(method):
		return func(v reflect.Value) bool { return v.Interface().(zeroer).IsZero() }
	case reflect.PointerTo(t).Implements(method):
		return func(v reflect.Value) bool {
			if !v.CanAddr() {
				copied := reflect.New(t).Elem()
				copied.Set(v)
				v = copied
			}
			return v.Addr().Interface().(zeroer).IsZero()
		}
	}
	return reflect.Value.IsZero
}

// isName says whether the name of a tag counts.
func isName(name string) bool {
	if name == "" {
		return false
	}
	for _, c := range name {
		if !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", c) && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return false
		}
	}
	return true
}
