package wrangler

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

var (
	rawType  = reflect.TypeFor[json.RawMessage]()
	varsType = reflect.TypeFor[[]Var]()
)

// A decoder fills Go values from nodes and reports what does not fit. The Go type is the shape:
//
//	string, bool, int, float64     a value of that kind
//	json.RawMessage, any           anything, kept as JSON text or not at all
//	*T, []T, map[string]T          T or absent, an array, an object with free keys
//	struct                         an object with the keys of its tags
type decoder struct {
	report *report
	// names says where each binding name was first used.
	names map[string]binding
}

type binding struct {
	pos  Position
	path string
}

// decode fills v from n; path names the value in messages, `services[0].binding`. It reports false if the value does not fit.
func (d *decoder) decode(n *node, v reflect.Value, path string) bool {
	t := v.Type()
	switch {
	case t == rawType:
		v.SetBytes([]byte(n.json()))
		return true
	case t == varsType:
		return d.vars(n, v, path)
	case t.Kind() == reflect.Interface:
		return true
	case t.Kind() == reflect.Pointer:
		if n.kind == kindNull {
			return true
		}
		v.Set(reflect.New(t.Elem()))
		return d.decode(n, v.Elem(), path)
	}
	if want, ok := kindOf(t); ok && n.kind != want {
		d.report.errorf(n.pos, "", "%q must be %s, not %s", path, want.article(), describe(n))
		return false
	}
	switch t.Kind() {
	case reflect.String:
		v.SetString(n.text)
	case reflect.Bool:
		v.SetBool(n.text == "true")
	case reflect.Int, reflect.Float64:
		return d.number(n, v, path)
	case reflect.Slice:
		return d.slice(n, v, path)
	case reflect.Map:
		return d.dict(n, v, path)
	case reflect.Struct:
		return d.object(n, v, path)
	}
	return true
}

// kindOf gives the kind of value a Go type is read from.
func kindOf(t reflect.Type) (nodeKind, bool) {
	switch t.Kind() {
	case reflect.String:
		return kindString, true
	case reflect.Bool:
		return kindBool, true
	case reflect.Int, reflect.Float64:
		return kindNumber, true
	case reflect.Slice:
		return kindArray, true
	case reflect.Map, reflect.Struct:
		return kindObject, true
	}
	return 0, false
}

// describe names a value in a message: short ones with what they are.
func describe(n *node) string {
	if text := n.json(); n.kind != kindNull && len(text) <= 40 && n.kind != kindObject {
		return fmt.Sprintf("%s (%s)", n.kind.article(), text)
	}
	return n.kind.article()
}

func (d *decoder) number(n *node, v reflect.Value, path string) bool {
	f, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		d.report.errorf(n.pos, "", "%q is out of range", path)
		return false
	}
	if v.Kind() == reflect.Float64 {
		v.SetFloat(f)
		return true
	}
	if f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		d.report.errorf(n.pos, "", "%q must be a whole number, not %s", path, n.text)
		return false
	}
	v.SetInt(int64(f))
	return true
}

func (d *decoder) slice(n *node, v reflect.Value, path string) bool {
	ok := true
	list := reflect.MakeSlice(v.Type(), len(n.items), len(n.items))
	for i, item := range n.items {
		ok = d.decode(item, list.Index(i), fmt.Sprintf("%s[%d]", path, i)) && ok
	}
	v.Set(list)
	return ok
}

func (d *decoder) dict(n *node, v reflect.Value, path string) bool {
	ok := true
	dict := reflect.MakeMapWithSize(v.Type(), len(n.members))
	for _, m := range n.members {
		value := reflect.New(v.Type().Elem()).Elem()
		ok = d.decode(m.value, value, path+"."+m.name) && ok
		dict.SetMapIndex(reflect.ValueOf(m.name), value)
	}
	v.Set(dict)
	return ok
}

// A rule is what a field's tag says.
type fieldRule struct {
	name              string
	required, binding bool
	choices           []string
}

func ruleOf(f reflect.StructField) fieldRule {
	parts := strings.Split(f.Tag.Get("key"), ",")
	r := fieldRule{name: parts[0]}
	for _, part := range parts[1:] {
		switch choices, ok := strings.CutPrefix(part, "one of "); {
		case ok:
			r.choices = strings.Split(choices, "|")
		case part == "required":
			r.required = true
		case part == "binding":
			r.binding = true
		}
	}
	return r
}

func (d *decoder) object(n *node, v reflect.Value, path string) bool {
	ok := true
	var known []string
	for i := range v.NumField() {
		rule := ruleOf(v.Type().Field(i))
		known = append(known, rule.name)
		m := n.get(rule.name)
		if m == nil {
			if rule.required {
				d.report.errorf(n.pos, "", "%q needs the key %q", path, rule.name)
				ok = false
			}
			continue
		}
		at := path + "." + rule.name
		fits := d.decode(m.value, v.Field(i), at)
		ok = ok && fits
		if fits && v.Field(i).Kind() == reflect.String {
			ok = d.text(m.value, rule, at) && ok
		}
	}
	for _, m := range n.members {
		if !contains(known, m.name) {
			d.report.warnf(m.pos, hintNearest(m.name, known), "unknown key %q in %q", m.name, path)
		}
	}
	return ok
}

// text checks a string that has a tag: one of some values, or a binding's name.
func (d *decoder) text(n *node, rule fieldRule, path string) bool {
	if rule.choices != nil && !contains(rule.choices, n.text) {
		hint := hintNearest(n.text, rule.choices)
		d.report.errorf(n.pos, hint, "%q must be one of %s, not %q", path, strings.Join(rule.choices, ", "), n.text)
		return false
	}
	if rule.required && n.text == "" {
		d.report.errorf(n.pos, "", "%q is empty", path)
		return false
	}
	if rule.binding {
		d.bindingName(n.text, n.pos, path)
	}
	return true
}

// bindingName notes a name of the worker's env; the second use of one is an error.
func (d *decoder) bindingName(name string, pos Position, path string) {
	if first, used := d.names[name]; used && first.pos != pos {
		d.report.errorf(pos, fmt.Sprintf("%q at line %d has it already", first.path, first.pos.Line), "the binding name %q is used twice", name)
		return
	}
	d.names[name] = binding{pos, path}
}

// vars reads variables: strings stay text, everything else is JSON.
func (d *decoder) vars(n *node, v reflect.Value, path string) bool {
	if n.kind != kindObject {
		d.report.errorf(n.pos, "", "%q must be an object, not %s", path, describe(n))
		return false
	}
	var vars []Var
	for i := range n.members {
		m := &n.members[i]
		if n.get(m.name) != m {
			continue
		}
		d.bindingName(m.name, m.pos, path+"."+m.name)
		one := Var{Name: m.name, Kind: VarText, Value: m.value.text, Source: path}
		if m.value.kind != kindString {
			one.Kind, one.Value = VarJSON, m.value.json()
		}
		vars = append(vars, one)
	}
	v.Set(reflect.ValueOf(vars))
	return true
}

func contains(list []string, s string) bool {
	for _, item := range list {
		if item == s {
			return true
		}
	}
	return false
}
