package rpc

import (
	"encoding"
	"reflect"
	"strconv"
)

// nouns are what errors call objects with parts.
var nouns = map[byte]string{
	tagObject: "an object", tagDense: "an array", tagSparse: "an array", tagMap: "a Map", tagSet: "a Set",
}

// parts reads an object with parts into a value; its tag has been read.
func (d *decoder) parts(v reflect.Value, p *plan, tag byte, start int) error {
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	array := tag == tagDense || tag == tagSparse
	switch {
	case p.exact:
		return d.exactParts(v, p, tag, start)
	case p.kind == reflect.Struct && tag == tagObject:
		return d.keeping(v, p, start, func() error { return d.structInto(v, p) })
	case p.kind == reflect.Map && tag == tagObject:
		return d.keepingMap(v, p, start, func() error { return d.objectIntoMap(v, p) })
	case p.kind == reflect.Map && tag == tagMap:
		return d.keepingMap(v, p, start, func() error { return d.mapInto(v, p) })
	case p.kind == reflect.Map && tag == tagSet && isFlag(p.typ.Elem()):
		return d.keepingMap(v, p, start, func() error { return d.setIntoMap(v, p) })
	case p.kind == reflect.Slice && array:
		return d.slice(v, p, tag, start)
	case p.kind == reflect.Array && array:
		return d.array(v, p, tag, start)
	case p.kind == reflect.Slice && tag == tagSet:
		return d.keeping(v, p, start, func() error { return d.setIntoSlice(v, p) })
	}
	return mismatch(nouns[tag], p)
}

// exactParts reads into an Object, a Map or a Set.
func (d *decoder) exactParts(v reflect.Value, p *plan, tag byte, start int) error {
	switch t := v.Addr().Interface().(type) {
	case *Object:
		if tag == tagObject {
			*t = Object{}
			return d.keeping(v, p, start, func() error { return d.propertiesInto(t) })
		}
	case *Map:
		if tag == tagMap {
			*t = Map{}
			return d.keeping(v, p, start, func() error { return d.entriesInto(t) })
		}
	case *Set:
		if tag == tagSet {
			*t = Set{}
			return d.keeping(v, p, start, func() error { return d.membersInto(t) })
		}
	}
	return mismatch(nouns[tag], p)
}

func (d *decoder) propertiesInto(o *Object) error {
	return d.properties(tagEndObject, func(name string) error {
		value, err := d.any()
		*o = append(*o, Property{name, value})
		return err
	})
}

// keeping numbers an object and reads it into v, which others may point to from now on, and copy when it is complete.
func (d *decoder) keeping(v reflect.Value, p *plan, start int, read func() error) error {
	c := d.open(start)
	d.keep(c, p.typ, v.Addr().Interface(), false)
	if err := read(); err != nil {
		return err
	}
	c.complete(p.typ)
	return nil
}

// keepingMap is keeping for a Go map, which others may share from now on.
func (d *decoder) keepingMap(v reflect.Value, p *plan, start int, read func() error) error {
	if v.IsNil() {
		v.Set(reflect.MakeMap(p.typ))
	}
	d.keep(d.open(start), p.typ, v.Addr().Interface(), true)
	return read()
}

func (d *decoder) structInto(v reflect.Value, p *plan) error {
	for n := 0; ; n++ {
		done, err := d.ends(tagEndObject)
		if err != nil {
			return err
		}
		if done {
			return d.expect(n)
		}
		f, name, err := d.fieldName(p.fields)
		if err != nil {
			return err
		}
		if f == nil {
			err = d.drop(name)
		} else {
			err = d.fieldInto(v, f)
			name = f.name
		}
		if err != nil {
			return at(err, property(name))
		}
	}
}

// fieldName reads the name of a property and finds its field, or returns the name.
func (d *decoder) fieldName(fields *structFields) (*field, string, error) {
	tag, err := d.peek()
	if err != nil {
		return nil, "", err
	}
	if tag == tagOneByte { // most names need no string
		start := d.pos
		d.pos++
		b, err := d.sized()
		if err != nil {
			return nil, "", err
		}
		if i, ok := fields.byName[string(b)]; ok && beyondASCII(fields.list[i].name) == len(b) {
			return &fields.list[i], "", nil
		}
		d.pos = start
	}
	name, err := d.name()
	if err != nil {
		return nil, "", err
	}
	return fields.find(name), name, nil
}

func (d *decoder) fieldInto(v reflect.Value, f *field) error {
	target, err := f.in(v)
	if err != nil {
		return err
	}
	if f.quoted {
		return d.quoted(target, f)
	}
	return d.into(target, f.read())
}

// quoted reads a field with the option "string".
func (d *decoder) quoted(v reflect.Value, f *field) error {
	tag, err := d.peek()
	if err != nil || !isString(tag) {
		return d.into(v, f.read())
	}
	d.pos++
	text, err := d.text(tag)
	if err != nil {
		return err
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		v = v.Elem()
	}
	if !setScalarText(v, text) {
		return failf("cannot put the string %q into a Go %s", shorten(text), v.Type())
	}
	return nil
}

// setScalarText is the inverse of scalarText.
func setScalarText(v reflect.Value, text string) bool {
	switch bits := v.Type().Bits; {
	case v.Kind() == reflect.Bool:
		b, err := strconv.ParseBool(text)
		v.SetBool(b)
		return err == nil
	case v.CanInt():
		i, err := strconv.ParseInt(text, 10, bits())
		v.SetInt(i)
		return err == nil
	case v.CanUint():
		u, err := strconv.ParseUint(text, 10, bits())
		v.SetUint(u)
		return err == nil
	case v.CanFloat():
		f, err := strconv.ParseFloat(text, bits())
		v.SetFloat(f)
		return err == nil
	}
	return false
}

// objectIntoMap reads a plain object into a map.
func (d *decoder) objectIntoMap(v reflect.Value, p *plan) error {
	next := newElements(p.typ.Elem())
	return d.properties(tagEndObject, func(name string) error {
		k := reflect.New(p.typ.Key()).Elem()
		if err := setKey(k, p.key(), name); err != nil {
			return err
		}
		e := next()
		if err := d.into(e, p.elem()); err != nil {
			return err
		}
		v.SetMapIndex(k, e)
		return nil
	})
}

// newElements returns a function that makes zero values to be filled and copied into a map. Those that nobody can
// point to are one and the same.
func newElements(t reflect.Type) func() reflect.Value {
	switch t.Kind() {
	case reflect.Struct, reflect.Array, reflect.Map, reflect.Slice:
		return func() reflect.Value { return reflect.New(t).Elem() }
	}
	e := reflect.New(t).Elem()
	return func() reflect.Value {
		e.SetZero()
		return e
	}
}

// setKey makes a key of a map from the name of a property.
func setKey(k reflect.Value, p *plan, name string) error {
	if p.text {
		if err := k.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(name)); err != nil {
			return &ValueError{Err: err}
		}
		return nil
	}
	switch {
	case p.kind == reflect.String:
		k.SetString(name)
		return nil
	case p.kind == reflect.Interface && p.typ.NumMethod() == 0:
		k.Set(reflect.ValueOf(name))
		return nil
	case p.kind != reflect.Bool && setScalarText(k, name):
		return nil
	}
	return failf("cannot use the name %q as a Go %s", shorten(name), p.typ)
}

// mapInto reads a Map into a map.
func (d *decoder) mapInto(v reflect.Value, p *plan) error {
	next := newElements(p.typ.Elem())
	return d.pairs(func(int) error {
		k, err := d.mapKey(p)
		if err != nil {
			return err
		}
		e := next()
		if err := d.into(e, p.elem()); err != nil {
			return err
		}
		v.SetMapIndex(k, e)
		return nil
	})
}

func (d *decoder) mapKey(p *plan) (reflect.Value, error) {
	k := reflect.New(p.typ.Key()).Elem()
	if err := d.into(k, p.key()); err != nil {
		return k, err
	}
	if !k.Comparable() {
		return k, failf("cannot use such a value as a key of a Go %s", p.typ)
	}
	return k, nil
}

// isFlag says whether maps to a type are sets.
func isFlag(t reflect.Type) bool {
	return t.Kind() == reflect.Bool || t.Kind() == reflect.Struct && t.NumField() == 0
}

func (d *decoder) setIntoMap(v reflect.Value, p *plan) error {
	member := reflect.New(p.typ.Elem()).Elem()
	if member.Kind() == reflect.Bool {
		member.SetBool(true)
	}
	return d.values(func(int) error {
		k, err := d.mapKey(p)
		if err != nil {
			return err
		}
		v.SetMapIndex(k, member)
		return nil
	})
}

func (d *decoder) setIntoSlice(v reflect.Value, p *plan) error {
	v.Set(reflect.MakeSlice(p.typ, 0, 0))
	return d.values(func(int) error {
		e := reflect.New(p.typ.Elem()).Elem()
		if err := d.into(e, p.elem()); err != nil {
			return err
		}
		v.Set(reflect.Append(v, e))
		return nil
	})
}

// slice reads an array into a slice. It is a new one, except that interfaces stay, which may hold pointers to be filled.
func (d *decoder) slice(v reflect.Value, p *plan, tag byte, start int) error {
	n, err := d.arrayLength()
	if err != nil {
		return err
	}
	list := reflect.MakeSlice(p.typ, n, n)
	if p.typ.Elem().Kind() == reflect.Interface {
		reflect.Copy(list, v)
	}
	v.Set(list)
	d.keep(d.open(start), p.typ, v.Addr().Interface(), true)
	return d.elementsInto(list, p, tag, n)
}

func (d *decoder) array(v reflect.Value, p *plan, tag byte, start int) error {
	n, err := d.arrayLength()
	if err != nil {
		return err
	}
	return d.keeping(v, p, start, func() error {
		for i := n; i < v.Len(); i++ {
			v.Index(i).SetZero()
		}
		return d.elementsInto(v, p, tag, n)
	})
}

func (d *decoder) arrayLength() (int, error) {
	length, err := d.uvarint()
	if err != nil {
		return 0, err
	}
	return d.claim(length)
}

// elementsInto reads n elements into a list, which may be shorter.
func (d *decoder) elementsInto(list reflect.Value, p *plan, tag byte, n int) error {
	elem := p.elem()
	hole := func(i int) {
		if i < list.Len() && elem.typ == anyType && list.Index(i).IsNil() {
			list.Index(i).Set(reflect.ValueOf(Undefined{}))
		}
	}
	set := func(i int) error {
		if i >= list.Len() {
			return d.drop("")
		}
		return d.into(list.Index(i), elem)
	}
	if tag == tagDense {
		return d.dense(n, set, hole)
	}
	if err := d.sparse(n, set); err != nil {
		return err
	}
	for i := range list.Len() {
		hole(i)
	}
	return nil
}
