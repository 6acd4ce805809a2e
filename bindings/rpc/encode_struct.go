package rpc

import (
	"reflect"
	"strconv"
)

// A fieldEncoder writes one field of a struct.
type fieldEncoder struct {
	*field
	// key is the name as bytes of the message, empty for one that needs two bytes a unit and therefore depends on its place.
	key    []byte
	encode encodeFunc
}

func structEncoder(t reflect.Type) encodeFunc {
	fields := structFieldsOf(t).list
	list := make([]fieldEncoder, len(fields))
	for i := range fields {
		f := &list[i]
		f.field = &fields[i]
		if _, latin1 := unitsOf(f.name); latin1 {
			var e encoder
			_ = e.key(f.name)
			f.key = e.buf
		}
		if f.encode = quotedEncoder(f.field); f.encode == nil {
			elem := lazily(f.typ)
			f.encode = func(e *encoder, v reflect.Value) error { return elem()(e, v) }
		}
	}
	return nested(func(e *encoder, v reflect.Value) error {
		e.buf = append(e.buf, tagObject)
		n := 0
		for i := range list {
			f := &list[i]
			value, ok := f.of(v)
			if !ok || f.omits(value) {
				continue
			}
			if f.key != nil {
				e.buf = append(e.buf, f.key...)
			} else if err := e.key(f.name); err != nil {
				return err
			}
			if err := f.encode(e, value); err != nil {
				return at(err, property(f.name))
			}
			n++
		}
		e.begin(tagEndObject, n)
		return nil
	})
}

// quotedEncoder writes a field with the option "string", or is nil. Strings stay as they are.
func quotedEncoder(f *field) encodeFunc {
	if !f.quoted {
		return nil
	}
	return func(e *encoder, v reflect.Value) error {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				e.buf = append(e.buf, tagNull)
				return nil
			}
			v = v.Elem()
		}
		return e.string(scalarText(v))
	}
}

// scalarText is a boolean or a number as text.
func scalarText(v reflect.Value) string {
	switch {
	case v.Kind() == reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10)
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10)
	}
	return strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits())
}
