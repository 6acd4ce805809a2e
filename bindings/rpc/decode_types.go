package rpc

import (
	"encoding"
	"encoding/json"
	"reflect"
	"sync"
)

var (
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// A plan says how values of a type are read.
type plan struct {
	typ  reflect.Type
	kind reflect.Kind
	// exact types have a form of their own, whatever their methods.
	exact bool
	// json and text say that the pointer has UnmarshalJSON, UnmarshalText.
	json, text bool
	// bytes are slices and arrays of them.
	bytes bool
	// elem and key are made when the first one is read, so that types may contain themselves.
	elem, key func() *plan
	fields    *structFields
}

var readPlans sync.Map

func planOf(t reflect.Type) *plan {
	if p, ok := readPlans.Load(t); ok {
		return p.(*plan)
	}
	p, _ := readPlans.LoadOrStore(t, newPlan(t))
	return p.(*plan)
}

func newPlan(t reflect.Type) *plan {
	p := &plan{typ: t, kind: t.Kind(), exact: isExact(t) && t != rawType}
	if !p.exact && p.kind != reflect.Interface && p.kind != reflect.Pointer {
		p.json = reflect.PointerTo(t).Implements(jsonUnmarshaler)
	}
	if p.kind != reflect.Interface && p.kind != reflect.Pointer {
		p.text = reflect.PointerTo(t).Implements(textUnmarshaler)
	}
	switch p.kind {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		p.elem = sync.OnceValue(func() *plan { return planOf(t.Elem()) })
	}
	switch p.kind {
	case reflect.Map:
		p.key = sync.OnceValue(func() *plan { return planOf(t.Key()) })
	case reflect.Slice, reflect.Array:
		p.bytes = isBytes(t)
	case reflect.Struct:
		if !p.exact {
			p.fields = structFieldsOf(t)
		}
	}
	return p
}

// into reads a value into v, which is addressable.
func (d *decoder) into(v reflect.Value, p *plan) error {
	tag, err := d.peek()
	if err != nil {
		return err
	}
	switch p.kind {
	case reflect.Pointer:
		return d.pointer(v, p, tag)
	case reflect.Interface:
		return d.iface(v, p, tag)
	}
	if p.json && tag != tagHost && tag != tagReference {
		value, err := d.any()
		if err != nil {
			return err
		}
		return d.unmarshalJSON(v, value)
	}
	start := d.pos
	d.pos++
	switch tag {
	case tagObject, tagDense, tagSparse, tagMap, tagSet:
		return d.parts(v, p, tag, start)
	case tagReference:
		return d.shared(v, p)
	case tagInt32, tagUint32, tagDouble:
		f, err := d.number(tag)
		if err != nil {
			return err
		}
		return putNumber(v, p, f)
	}
	raw, err := d.leaf(tag)
	if err != nil {
		return err
	}
	return d.put(v, p, raw)
}

// pointer follows a pointer, and makes what it points to.
func (d *decoder) pointer(v reflect.Value, p *plan, tag byte) error {
	switch tag {
	case tagNull, tagUndefined:
		d.pos++
		v.SetZero()
		return nil
	case tagHost, tagError: // made as pointers
		d.pos++
		raw, err := d.leaf(tag)
		if err != nil {
			return err
		}
		return d.put(v, p, raw)
	case tagReference:
		return d.sharedPointer(v, p)
	}
	return d.pointee(v, p)
}

func (d *decoder) pointee(v reflect.Value, p *plan) error {
	if err := d.enter(); err != nil {
		return err
	}
	if v.IsNil() {
		v.Set(reflect.New(p.typ.Elem()))
	}
	if err := d.into(v.Elem(), p.elem()); err != nil {
		return err
	}
	d.leave()
	return nil
}

// sharedPointer reads a reference: to a value that has been read as the same type, the same pointer.
func (d *decoder) sharedPointer(v reflect.Value, p *plan) error {
	start := d.pos
	d.pos++
	_, known, err := d.reference()
	if err != nil {
		return err
	}
	switch known := known.(type) {
	case *container:
		if f := known.find(p.typ.Elem()); f != nil && p.typ.Elem() != anyType {
			v.Set(reflect.ValueOf(f.value))
			return nil
		}
	case position:
	default:
		return d.put(v, p, known)
	}
	d.pos = start
	return d.pointee(v, p)
}

// iface fills an interface: through the pointer that it holds, or with a value of the kind that any receives.
func (d *decoder) iface(v reflect.Value, p *plan, tag byte) error {
	if held := v.Elem(); held.Kind() == reflect.Pointer && !held.IsNil() {
		if err := d.enter(); err != nil {
			return err
		}
		if err := d.into(held.Elem(), planOf(held.Type().Elem())); err != nil {
			return err
		}
		d.leave()
		return nil
	}
	if p.typ.NumMethod() > 0 {
		switch tag {
		case tagReference:
			d.pos++
			return d.shared(v, p)
		case tagHost:
			d.pos++
			raw, err := d.leaf(tag)
			if err != nil {
				return err
			}
			return d.put(v, p, raw)
		}
	}
	value, err := d.any()
	if err != nil {
		return err
	}
	return d.put(v, p, value)
}

// shared reads a reference; its tag has been read.
func (d *decoder) shared(v reflect.Value, p *plan) error {
	id, known, err := d.reference()
	if err != nil {
		return err
	}
	start, parts := startOf(known)
	if !parts {
		return d.put(v, p, known)
	}
	if c, ok := known.(*container); ok {
		if f := c.find(p.typ); f != nil {
			if !f.ready {
				return failf("a %s cannot contain itself", p.typ)
			}
			v.Set(reflect.ValueOf(f.value).Elem())
			return nil
		}
	}
	return d.reread(id, start, func() error { return d.into(v, p) })
}
