package wdconfig

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/dynos-run/dynos/loader/internal/diagnostic"
)

// hasNo begins the message about what dynos cannot serve.
const hasNo = "dynos has no "

// OnlyAbsent says whether an error of Plan is about what dynos does not have, and nothing else: the configuration itself may well be right.
func OnlyAbsent(err error) bool {
	var all *Error
	if !errors.As(err, &all) {
		return false
	}
	for _, d := range all.Diagnostics {
		if d.Severity == diagnostic.SeverityError && !strings.HasPrefix(d.Message, hasNo) {
			return false
		}
	}
	return true
}

// refuse reports every given field below v that dynos cannot serve. An empty value asks for nothing.
func (p *planner) refuse(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			p.refuse(v.Elem())
		}
	case reflect.Slice:
		if v.Type() != bytesType && isStruct(v.Type().Elem()) {
			for i := range v.Len() {
				p.refuse(v.Index(i))
			}
		}
	case reflect.Struct:
		if isStruct(v.Type()) {
			p.refuseFields(v)
		}
	}
}

func (p *planner) refuseFields(v reflect.Value) {
	node := v.Field(0).Addr().Interface().(*Node)
	for _, field := range p.fieldsOf(v.Type()) {
		value := v.Field(field.index)
		if field.absent == "" || !node.Has(field.name) {
			p.refuse(value)
			continue
		}
		if value.Type() != voidType && (value.IsZero() || value.Kind() == reflect.Slice && value.Len() == 0) {
			continue
		}
		what, hint, _ := strings.Cut(field.absent, ": ")
		p.errorf(node.AtName(field.name), hint, hasNo+"%s", what)
	}
}

func (p *planner) fieldsOf(t reflect.Type) []schemaField {
	list, ok := p.types[t]
	if !ok {
		list = schemaFields(t)
		p.types[t] = list
	}
	return list
}

// errorf reports a fault at a place.
func (p *planner) errorf(at Place, hint, format string, args ...any) {
	p.report.Add(Diagnostic{File: at.File, Position: at.Position, Severity: diagnostic.SeverityError, Message: fmt.Sprintf(format, args...), Hint: hint})
}
