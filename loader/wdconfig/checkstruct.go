package wdconfig

import (
	"reflect"
	"strconv"

	"github.com/dynos-run/dynos/loader/internal/diagnostic"
)

// assignStruct checks `(field = value, …)`, or a bare value, which is the first field's.
func (c *checker) assignStruct(f *file, e *expr, v reflect.Value) bool {
	v.Field(0).Set(reflect.ValueOf(Node{Place: Place{f.path, e.pos}, fields: map[string]givenField{}}))
	fields := c.fieldsOf(v.Type())
	if e.kind != exprTuple {
		return c.assignFirst(f, e, v, fields[0])
	}
	ok := true
	for _, one := range e.items {
		if one.name == "" {
			c.errorf(f, one.pos, "write field = value", "%s lacks the name of this field", c.where())
			ok = false
			continue
		}
		field := findField(fields, one.name)
		if field == nil {
			c.unknownField(f, one, v.Type(), fields)
			ok = false
			continue
		}
		ok = c.within("."+one.name, func() bool { return c.assignField(f, one, v, *field) }) && ok
	}
	return ok
}

// assignFirst gives a bare value to the first field, if it is plain enough to be meant so.
func (c *checker) assignFirst(f *file, e *expr, v reflect.Value, first schemaField) bool {
	into := v.Field(first.index)
	fits := false
	switch into.Type() {
	case textType:
		fits = first.enum == nil && (e.kind == exprText || e.kind == exprEmbed)
	case bytesType:
		fits = e.kind == exprText || e.kind == exprBytes || e.kind == exprEmbed
	case boolType, voidType:
		fits = e.kind == exprName
	}
	if !fits {
		return c.mismatch(f, e, v.Type(), nil)
	}
	ok := c.assignScalar(f, e, into, nil)
	c.give(f, v, first, e.pos, e, ok)
	return ok
}

func (c *checker) assignField(f *file, one item, v reflect.Value, field schemaField) bool {
	into := v.Field(field.index)
	node := v.Field(0).Addr().Interface().(*Node)
	if node.Has(field.name) {
		c.warnf(f, one.pos, "%s is given twice; the last one counts", c.where())
	}
	into.SetZero()
	ok := c.assign(f, one.value, into, field.enum)
	c.give(f, v, field, one.pos, one.value, ok)
	return ok
}

// give notes that a field of v is given, and unsets the other members of its union.
func (c *checker) give(f *file, v reflect.Value, field schemaField, name Position, e *expr, ok bool) {
	node := v.Field(0).Addr().Interface().(*Node)
	if node.fields == nil {
		*node = Node{Place: Place{f.path, e.pos}, fields: map[string]givenField{}}
	}
	if field.union {
		for _, other := range c.fieldsOf(v.Type()) {
			if other.union && other.name != field.name && node.Has(other.name) {
				if ok {
					c.warnf(f, name, "%s takes the place of %q: only one of the two can be", c.where(), other.name)
				}
				v.Field(other.index).SetZero()
				delete(node.fields, other.name)
			}
		}
	}
	given := givenField{name: Place{f.path, name}, value: Place{f.path, e.pos}}
	if e.kind == exprList && v.Field(field.index).Type() == reflect.SliceOf(textType) {
		for _, one := range e.items {
			given.elements = append(given.elements, Place{f.path, one.value.pos})
		}
	}
	node.fields[field.name] = given
}

func findField(fields []schemaField, name string) *schemaField {
	for i := range fields {
		if fields[i].name == name {
			return &fields[i]
		}
	}
	return nil
}

func (c *checker) unknownField(f *file, one item, t reflect.Type, fields []schemaField) {
	names := make([]string, len(fields))
	for i := range fields {
		names[i] = fields[i].name
	}
	of := pathOf(t)
	if of == "" {
		of = c.where()
	}
	c.errorf(f, one.pos, diagnostic.HintNearest(one.name, names), "%s has no field %q", of, one.name)
}

// describeExpr names an expression in a message.
func describeExpr(e *expr) string {
	const short = 40
	switch e.kind {
	case exprText:
		if len(e.text) <= short {
			return "a text (" + strconv.Quote(e.text) + ")"
		}
		return "a text"
	case exprBytes:
		return "bytes"
	case exprInteger, exprFloat:
		return e.text
	case exprName:
		return e.text
	case exprImport:
		return "a file"
	case exprEmbed:
		return "the content of a file"
	case exprList:
		return "a list"
	case exprTuple:
		return "a struct"
	}
	return "a reference"
}
