package rpc

import (
	"cmp"
	"encoding"
	"encoding/json"
	"math/big"
	"net/http"
	"reflect"
	"slices"
	"sync"
	"time"
)

// An encodeFunc writes a value of the type it was made for.
type encodeFunc func(e *encoder, v reflect.Value) error

var (
	bigIntType    = reflect.TypeFor[big.Int]()
	blobType      = reflect.TypeFor[Blob]()
	headerType    = reflect.TypeFor[http.Header]()
	jsErrorType   = reflect.TypeFor[Error]()
	mapType       = reflect.TypeFor[Map]()
	numberType    = reflect.TypeFor[json.Number]()
	objectType    = reflect.TypeFor[Object]()
	rawType       = reflect.TypeFor[json.RawMessage]()
	regExpType    = reflect.TypeFor[RegExp]()
	setType       = reflect.TypeFor[Set]()
	timeType      = reflect.TypeFor[time.Time]()
	undefinedType = reflect.TypeFor[Undefined]()

	errorInterface = reflect.TypeFor[error]()
	jsonMarshaler  = reflect.TypeFor[json.Marshaler]()
	textMarshaler  = reflect.TypeFor[encoding.TextMarshaler]()
)

// exactEncoder writes the types that have a form of their own, whatever their methods; nil for others.
func exactEncoder(t reflect.Type) encodeFunc {
	switch t {
	case undefinedType:
		return func(e *encoder, v reflect.Value) error { return e.any(Undefined{}) }
	case timeType:
		return func(e *encoder, v reflect.Value) error { return e.date(v.Interface().(time.Time)) }
	case bigIntType:
		return func(e *encoder, v reflect.Value) error {
			i := v.Interface().(big.Int)
			return e.bigInt(tagBigInt, &i)
		}
	case numberType:
		return func(e *encoder, v reflect.Value) error { return e.jsonNumber(json.Number(v.String())) }
	case rawType:
		return nullOr(func(e *encoder, v reflect.Value) error { return e.json(v.Bytes()) })
	case mapType:
		return visiting(func(e *encoder, v reflect.Value) error { return e.entries(v.Interface().(Map)) })
	case setType:
		return visiting(func(e *encoder, v reflect.Value) error { return e.members(v.Interface().(Set)) })
	case objectType:
		return visiting(func(e *encoder, v reflect.Value) error { return e.properties(v.Interface().(Object)) })
	case regExpType:
		return func(e *encoder, v reflect.Value) error { return e.regExp(v.Interface().(RegExp)) }
	case blobType:
		return func(e *encoder, v reflect.Value) error { return e.blob(v.Interface().(Blob)) }
	case headerType:
		return func(e *encoder, v reflect.Value) error { return e.headers(v.Interface().(http.Header)) }
	case jsErrorType:
		return func(e *encoder, v reflect.Value) error {
			err := v.Interface().(Error)
			return e.error(&err)
		}
	}
	return nil
}

func isExact(t reflect.Type) bool { return exactEncoder(t) != nil }

// plans caches encodeFuncs by type.
var plans sync.Map

func encoderOf(t reflect.Type) encodeFunc {
	if f, ok := plans.Load(t); ok {
		return f.(encodeFunc)
	}
	f, _ := plans.LoadOrStore(t, newEncoder(t))
	return f.(encodeFunc)
}

// lazily makes the encoder of a part when the first one is written, so that types may contain themselves.
func lazily(t reflect.Type) func() encodeFunc {
	return sync.OnceValue(func() encodeFunc { return encoderOf(t) })
}

func newEncoder(t reflect.Type) encodeFunc {
	if f := exactEncoder(t); f != nil {
		return f
	}
	f := methodEncoder(t)
	if f == nil {
		f = kindEncoder(t)
	}
	if mayRefer(t) {
		f = referring(f)
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.Interface:
		return nullOr(f)
	}
	return f
}

func nullOr(f encodeFunc) encodeFunc {
	return func(e *encoder, v reflect.Value) error {
		if v.IsNil() {
			e.buf = append(e.buf, tagNull)
			return nil
		}
		return f(e, v)
	}
}

// mayRefer says whether References is asked about values of a type.
func mayRefer(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Func, reflect.Chan:
		return true
	case reflect.Interface:
		return false
	case reflect.Pointer:
		if isExact(t.Elem()) {
			return false
		}
	}
	return t.NumMethod() > 0
}

func referring(f encodeFunc) encodeFunc {
	return func(e *encoder, v reflect.Value) error {
		if e.refs == nil {
			return f(e, v)
		}
		tag, data, ok, err := e.refs.Reference(v)
		if err != nil {
			return &ValueError{Err: err}
		}
		if !ok {
			return f(e, v)
		}
		return e.host(tag, data)
	}
}

// methodEncoder writes by what a type's methods say, or is nil.
func methodEncoder(t reflect.Type) encodeFunc {
	if t.Kind() == reflect.Interface || t.Kind() == reflect.Pointer && isExact(t.Elem()) {
		return nil
	}
	addressed := reflect.PointerTo(t)
	switch {
	case t.Implements(errorInterface):
		return func(e *encoder, v reflect.Value) error { return e.error(v.Interface().(error)) }
	case t.Implements(jsonMarshaler):
		return encodeMarshaler
	case t.Implements(textMarshaler):
		return encodeText
	case t.Kind() == reflect.Pointer:
		return nil
	case addressed.Implements(jsonMarshaler):
		return ifAddressable(encodeMarshaler, kindEncoder(t))
	case addressed.Implements(textMarshaler):
		return ifAddressable(encodeText, kindEncoder(t))
	}
	return nil
}

// ifAddressable uses a method of the pointer where there is one, as encoding/json does.
func ifAddressable(method, otherwise encodeFunc) encodeFunc {
	return func(e *encoder, v reflect.Value) error {
		if v.CanAddr() {
			return method(e, v.Addr())
		}
		return otherwise(e, v)
	}
}

func encodeMarshaler(e *encoder, v reflect.Value) error {
	data, err := v.Interface().(json.Marshaler).MarshalJSON()
	if err != nil {
		return &ValueError{Err: err}
	}
	return e.json(data)
}

func encodeText(e *encoder, v reflect.Value) error {
	text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
	if err != nil {
		return &ValueError{Err: err}
	}
	return e.string(string(text))
}

func kindEncoder(t reflect.Type) encodeFunc {
	switch t.Kind() {
	case reflect.Bool:
		return func(e *encoder, v reflect.Value) error { e.bool(v.Bool()); return nil }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(e *encoder, v reflect.Value) error { return e.int(v.Int()) }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return func(e *encoder, v reflect.Value) error { return e.uint(v.Uint()) }
	case reflect.Float32, reflect.Float64:
		return func(e *encoder, v reflect.Value) error { e.float(v.Float()); return nil }
	case reflect.String:
		return func(e *encoder, v reflect.Value) error { return e.string(v.String()) }
	case reflect.Interface:
		return func(e *encoder, v reflect.Value) error { return e.any(v.Interface()) }
	case reflect.Pointer:
		return pointerEncoder(t)
	case reflect.Struct:
		return structEncoder(t)
	case reflect.Map:
		if t.Key().Kind() == reflect.String && !t.Key().Implements(textMarshaler) {
			return objectEncoder(t)
		}
		return mapEncoder(t)
	case reflect.Slice, reflect.Array:
		return arrayEncoder(t)
	}
	return func(e *encoder, v reflect.Value) error { return failf("a %s cannot be written", t) }
}

func pointerEncoder(t reflect.Type) encodeFunc {
	elem := lazily(t.Elem())
	return func(e *encoder, v reflect.Value) error {
		if err := e.visit(v); err != nil {
			return err
		}
		if err := elem()(e, v.Elem()); err != nil {
			return err
		}
		e.done(v)
		return nil
	}
}

func arrayEncoder(t reflect.Type) encodeFunc {
	if isBytes(t) {
		return func(e *encoder, v reflect.Value) error { return e.bytes(bytesOf(v)) }
	}
	elem := lazily(t.Elem())
	elements := func(e *encoder, v reflect.Value) error {
		f, n := elem(), v.Len()
		e.begin(tagDense, n)
		for i := range n {
			if err := f(e, v.Index(i)); err != nil {
				return at(err, element(i))
			}
		}
		e.endDense(n)
		return nil
	}
	if t.Kind() == reflect.Array {
		return nested(elements)
	}
	return visiting(elements)
}

// nested counts a level.
func nested(f encodeFunc) encodeFunc {
	return func(e *encoder, v reflect.Value) error {
		if err := e.enter(); err != nil {
			return err
		}
		if err := f(e, v); err != nil {
			return err
		}
		e.leave()
		return nil
	}
}

// visiting counts a level that may be inside of itself.
func visiting(f encodeFunc) encodeFunc {
	return func(e *encoder, v reflect.Value) error {
		if err := e.visit(v); err != nil {
			return err
		}
		if err := f(e, v); err != nil {
			return err
		}
		e.done(v)
		return nil
	}
}

// isBytes says whether a slice or array is one of bytes, which are no values of their own.
func isBytes(t reflect.Type) bool {
	elem := t.Elem()
	return elem.Kind() == reflect.Uint8 && !reflect.PointerTo(elem).Implements(jsonMarshaler) && !reflect.PointerTo(elem).Implements(textMarshaler)
}

func bytesOf(v reflect.Value) []byte {
	if v.Kind() == reflect.Slice || v.CanAddr() {
		return v.Bytes()
	}
	data := make([]byte, v.Len())
	reflect.Copy(reflect.ValueOf(data), v)
	return data
}

// objectEncoder writes maps with keys of kind string as plain objects.
func objectEncoder(t reflect.Type) encodeFunc {
	elem := lazily(t.Elem())
	return visiting(func(e *encoder, v reflect.Value) error {
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
		names := make([]string, len(keys))
		for i, key := range keys {
			names[i] = key.String()
		}
		if err := uniqueNames(names); err != nil {
			return err
		}
		e.buf = append(e.buf, tagObject)
		f := elem()
		for i, key := range keys {
			if err := e.key(names[i]); err != nil {
				return at(err, property(names[i]))
			}
			if err := f(e, v.MapIndex(key)); err != nil {
				return at(err, property(names[i]))
			}
		}
		e.begin(tagEndObject, len(keys))
		return nil
	})
}

// mapEncoder writes maps with other keys as Maps.
func mapEncoder(t reflect.Type) encodeFunc {
	key, elem := lazily(t.Key()), lazily(t.Elem())
	return visiting(func(e *encoder, v reflect.Value) error {
		keys := v.MapKeys()
		sortKeys(t.Key().Kind(), keys)
		e.buf = append(e.buf, tagMap)
		for i, k := range keys {
			if err := key()(e, k); err != nil {
				return at(err, element(i))
			}
			if err := elem()(e, v.MapIndex(k)); err != nil {
				return at(err, element(i))
			}
		}
		e.begin(tagEndMap, 2*len(keys))
		return nil
	})
}

// sortKeys sorts numbers; other keys have no order that means something.
func sortKeys(kind reflect.Kind, keys []reflect.Value) {
	switch kind {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.Int(), b.Int()) })
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.Uint(), b.Uint()) })
	case reflect.Float32, reflect.Float64:
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.Float(), b.Float()) })
	case reflect.String:
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
	}
}
