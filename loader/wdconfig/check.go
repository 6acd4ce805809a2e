package wdconfig

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dynos-run/dynos/loader/internal/diagnostic"
)

const (
	// maxValues bounds a configuration with every const in the places where it is used: consts that use each other twice
	// would else grow without end.
	maxValues = 1 << 20
	// maxChain bounds how many consts lead to one another.
	maxChain = 200
)

// A checker turns expressions into values of the schema's types.
type checker struct {
	options Options
	report  diagnostic.Report
	files   map[string]*file
	embeds  map[string]embedded
	types   map[reflect.Type][]schemaField
	path    []string // to the value that is being checked
	chain   int      // definitions that are being found out
	size    int      // values of the const that is being found out
}

func (c *checker) errorf(f *file, pos Position, hint, format string, args ...any) {
	c.add(Diagnostic{File: f.path, Position: pos, Severity: diagnostic.SeverityError, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (c *checker) warnf(f *file, pos Position, format string, args ...any) {
	c.add(Diagnostic{File: f.path, Position: pos, Severity: diagnostic.SeverityWarning, Message: fmt.Sprintf(format, args...)})
}

// add keeps the first error of all, and of what else is wrong as much as somebody may read.
func (c *checker) add(d Diagnostic) {
	const enough = 100
	if len(c.report.List) < enough || d.Severity == diagnostic.SeverityError && !c.report.Failed() {
		c.report.Add(d)
	}
}

func (c *checker) fieldsOf(t reflect.Type) []schemaField {
	list, ok := c.types[t]
	if !ok {
		list = schemaFields(t)
		c.types[t] = list
	}
	return list
}

// enter begins to find out what a definition stands for; false if that leads back to it, or too far.
func (c *checker) enter(d *definition) (leave func(), ok bool) {
	if d.visiting {
		c.errorf(d.file, d.pos, "", "%q refers to itself", d.name)
		return nil, false
	}
	if c.chain >= maxChain {
		c.errorf(d.file, d.pos, "", "more than %d names lead from one to the next", maxChain)
		return nil, false
	}
	d.visiting = true
	c.chain++
	return func() {
		d.visiting, d.done = false, true
		c.chain--
	}, true
}

// evaluate finds the value of a const, once.
func (c *checker) evaluate(d *definition) bool {
	if d.done {
		return d.ok
	}
	leave, ok := c.enter(d)
	if !ok {
		return false
	}
	defer leave()
	if d.goType, ok = c.lookUpType(d.file, d.typ); !ok {
		return false
	}
	size, path := c.size, c.path
	c.size, c.path = 0, nil
	d.into = reflect.New(d.goType).Elem()
	d.ok = c.assign(d.file, d.value, d.into, nil)
	d.size = c.size
	c.size, c.path = size, path
	return d.ok
}

// grow counts values; false if there are too many.
func (c *checker) grow(f *file, pos Position, n int) bool {
	c.size += n
	if c.size <= maxValues {
		return true
	}
	c.errorf(f, pos, "", "with all consts in place the configuration has more than %d values", maxValues)
	return false
}

// mismatch reports a value that is not of the type.
func (c *checker) mismatch(f *file, e *expr, t reflect.Type, enum []string) bool {
	hint := ""
	if e.kind == exprName {
		hint = diagnostic.HintNearest(e.text, enum)
		if d := f.byName[e.text]; d != nil && d.typ != nil {
			hint = "write ." + e.text + " to mean the const"
		}
	}
	c.errorf(f, e.pos, hint, "%s must be %s, not %s", c.where(), describeType(t, enum), describeExpr(e))
	return false
}

// where names the value that is being checked: "services[0].worker".
func (c *checker) where() string {
	if len(c.path) == 0 {
		return "the value"
	}
	return strconv.Quote(strings.TrimPrefix(strings.Join(c.path, ""), "."))
}

// within runs check with a step added to the path.
func (c *checker) within(step string, check func() bool) bool {
	c.path = append(c.path, step)
	defer func() { c.path = c.path[:len(c.path)-1] }()
	return check()
}

// assign checks an expression and puts its value into v. False means that it does not fit, which has been reported.
func (c *checker) assign(f *file, e *expr, v reflect.Value, enum []string) bool {
	if !c.grow(f, e.pos, 1) {
		return false
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if e.named() && !c.literal(e, v.Type(), enum) {
		return c.assignConst(f, e, v, enum)
	}
	switch {
	case v.Type() == bytesType:
	case v.Kind() == reflect.Slice:
		return c.assignList(f, e, v, enum)
	case isStruct(v.Type()):
		return c.assignStruct(f, e, v)
	}
	return c.assignScalar(f, e, v, enum)
}

func isStruct(t reflect.Type) bool { return t.Kind() == reflect.Struct && t != voidType }

// literal says whether a name stands for itself where this type is wanted.
func (c *checker) literal(e *expr, t reflect.Type, enum []string) bool {
	if e.kind != exprName {
		return false
	}
	if isStruct(t) {
		t = t.Field(c.fieldsOf(t)[0].index).Type
	}
	switch t {
	case boolType:
		return e.text == "true" || e.text == "false"
	case voidType:
		return e.text == "void"
	case textType:
		return enum != nil
	}
	return false
}

// assignConst puts the value of a const where a value of its type is wanted.
func (c *checker) assignConst(f *file, e *expr, v reflect.Value, enum []string) bool {
	if e.kind == exprName {
		if d := f.byName[e.text]; d == nil || d.typ != nil {
			return c.mismatch(f, e, v.Type(), enum)
		}
	}
	what, ok := c.lookUp(f, e)
	if !ok {
		return false
	}
	d := what.constant
	if d == nil {
		c.errorf(f, e.pos, "", "%s must be %s, and this is no const", c.where(), describeType(v.Type(), enum))
		return false
	}
	if !c.evaluate(d) || !c.grow(f, e.pos, d.size) {
		return false
	}
	return c.fill(f, e, v, d, enum)
}

// fill puts the value of a const into v, or into its first field.
func (c *checker) fill(f *file, e *expr, v reflect.Value, d *definition, enum []string) bool {
	switch {
	case d.goType == v.Type() && enum == nil:
		v.Set(d.into)
		return true
	case d.goType == integerType && v.Kind() == reflect.Uint32:
		return c.setNumber(f, e, v, strconv.FormatUint(d.into.Uint(), 10))
	case isStruct(v.Type()):
		first := c.fieldsOf(v.Type())[0]
		if into := v.Field(first.index); into.Type() == d.goType && first.enum == nil {
			into.Set(d.into)
			c.give(f, v, first, e.pos, e, true)
			return true
		}
	}
	c.errorf(f, e.pos, "", "%s must be %s, and const %q is %s", c.where(), describeType(v.Type(), enum), d.name, describeType(d.goType, nil))
	return false
}

func (c *checker) assignList(f *file, e *expr, v reflect.Value, enum []string) bool {
	if e.kind != exprList {
		return c.mismatch(f, e, v.Type(), nil)
	}
	list := reflect.MakeSlice(v.Type(), len(e.items), len(e.items))
	ok := true
	for i := range e.items {
		ok = c.within(fmt.Sprintf("[%d]", i), func() bool { return c.assign(f, e.items[i].value, list.Index(i), enum) }) && ok
	}
	v.Set(list)
	return ok
}

// assignScalar checks what has no parts.
func (c *checker) assignScalar(f *file, e *expr, v reflect.Value, enum []string) bool {
	t := v.Type()
	switch {
	case enum != nil && e.kind == exprName:
		for _, name := range enum {
			if name == e.text {
				v.SetString(name)
				return true
			}
		}
	case enum != nil:
	case e.kind == exprName && t == boolType:
		v.SetBool(e.text == "true")
		return true
	case e.kind == exprName && t == voidType:
		return true
	case e.kind == exprText && t == textType:
		if !utf8.ValidString(e.text) {
			c.errorf(f, e.pos, "", "%s is not UTF-8", c.where())
			return false
		}
		v.SetString(e.text)
		return true
	case t == bytesType && (e.kind == exprText || e.kind == exprBytes):
		v.SetBytes([]byte(e.text))
		return true
	case e.kind == exprEmbed && (t == textType || t == bytesType):
		return c.assignEmbed(f, e, v)
	case e.kind == exprInteger && (v.Kind() == reflect.Uint32 || v.Kind() == reflect.Uint64):
		return c.setNumber(f, e, v, e.text)
	}
	return c.mismatch(f, e, t, enum)
}

func (c *checker) setNumber(f *file, e *expr, v reflect.Value, text string) bool {
	n, err := strconv.ParseUint(integerOf(text), 0, v.Type().Bits())
	if err != nil {
		c.errorf(f, e.pos, "", "%s must be a whole number from 0 to %d, not %s", c.where(), ^uint64(0)>>(64-v.Type().Bits()), text)
		return false
	}
	v.SetUint(n)
	return true
}
