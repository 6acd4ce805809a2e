package rpc

import (
	"errors"
	"maps"
	"slices"
)

// error writes an error of Go or of JavaScript.
func (e *encoder) error(err error) error {
	js, ok := err.(*Error)
	if !ok {
		js = errorOf(err)
	}
	standard := isStandard(js.Name)
	if !standard && (js.DOMException || domNames[js.Name]) {
		return e.host(hostDOMException, []any{js.Name, js.Message, js.Error()})
	}
	if err := e.enter(); err != nil {
		return err
	}
	e.depth += 2 // for V8 it is an object in an array in an object
	class, ownName := js.Name, ""
	if !standard {
		class, ownName = "Error", js.Name
	}
	e.begin(tagHost, hostError)
	e.begin(tagDense, 3)
	if err := e.string(class); err != nil {
		return err
	}
	if err := e.string(js.Message); err != nil {
		return err
	}
	if err := e.errorProperties(js, ownName); err != nil {
		return err
	}
	e.endDense(3)
	e.depth -= 3
	return nil
}

// errorOf is a Go error as JavaScript sees it.
func errorOf(err error) *Error {
	js := &Error{Name: "Error", Message: err.Error()}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		js.Name, js.Properties = "AggregateError", map[string]any{"errors": several.Unwrap()}
	} else if cause := errors.Unwrap(err); cause != nil {
		js.Cause = cause
	}
	if classed, ok := err.(interface{ ErrorClass() string }); ok {
		js.Name = classed.ErrorClass()
	}
	return js
}

// errorProperties writes the own properties of an error. If one of them cannot be written none is: an error should arrive.
func (e *encoder) errorProperties(js *Error, ownName string) error {
	length, keys, depth := len(e.buf), len(e.keys), e.depth
	err := e.properties(errorObject(js, ownName))
	if _, ok := err.(*ValueError); !ok {
		return err
	}
	maps.DeleteFunc(e.seen, func(_ visit, at int) bool { return at > depth })
	e.buf, e.keys, e.depth = append(e.buf[:length], tagNull), e.keys[:keys], depth
	return nil
}

func errorObject(js *Error, ownName string) Object {
	o := make(Object, 0, len(js.Properties)+2)
	if ownName != "" {
		o = append(o, Property{"name", ownName})
	}
	for _, name := range slices.Sorted(maps.Keys(js.Properties)) {
		switch name {
		case "name", "message", "stack", "cause": // these are fields
		default:
			o = append(o, Property{name, js.Properties[name]})
		}
	}
	if js.Cause != nil {
		o = append(o, Property{"cause", js.Cause})
	}
	return o
}
