package rpc

import "net/http"

// error reads an Error as V8 writes it by itself, without properties; its cause may refer to it. Workers with the flag
// enhanced_error_serialization send errors as hostError instead.
func (d *decoder) error() (any, error) {
	if err := d.enter(); err != nil {
		return nil, err
	}
	defer d.leave()
	e := &Error{Name: "Error"}
	known := d.set(d.add(nil), e)
	for first := true; ; first = false {
		part, err := d.tag()
		if err != nil {
			return nil, err
		}
		switch part {
		case errorEnd:
			return known, nil
		case errorMessage:
			e.Message, err = d.taggedText()
		case errorStack:
			e.Stack, err = d.taggedText()
		case errorCause:
			e.Cause, err = d.any()
		default:
			name := classOf(part)
			if name == "" || !first {
				return nil, d.malformed()
			}
			e.Name = name
		}
		if err != nil {
			return nil, at(err, property("cause"))
		}
	}
}

func classOf(letter byte) string {
	for name, l := range errorClasses {
		if l == letter {
			return name
		}
	}
	return ""
}

// host reads an object of a platform's class. Others than the own ones are still to be resolved.
func (d *decoder) host() (any, error) {
	if err := d.enter(); err != nil {
		return nil, err
	}
	defer d.leave()
	id := d.add(nil)
	tag, err := d.uvarint()
	if err != nil {
		return nil, err
	}
	data, err := d.any()
	if err != nil {
		return nil, err
	}
	switch tag {
	case hostDOMException, hostBlob, hostHeaders, hostError:
		value, err := d.ownHost(tag, data)
		if err != nil {
			return nil, err
		}
		return d.set(id, value), nil
	}
	return d.set(id, &foreign{tag: tag, data: data}), nil
}

// ownHost makes an object of the classes that the package knows.
func (d *decoder) ownHost(tag uint32, data any) (any, error) {
	list, ok := data.([]any)
	if !ok {
		return nil, d.malformed()
	}
	// The data of many objects may be one list.
	if err := d.pay(len(list)); err != nil {
		return nil, err
	}
	var value any
	switch {
	case tag == hostHeaders && len(list)%2 == 0:
		value, ok = headersOf(list)
	case tag == hostBlob && len(list) == 2:
		value, ok = blobOf(list)
	case tag == hostDOMException && len(list) == 3:
		value, ok = exceptionOf(list)
	case tag == hostError && len(list) == 3:
		value, ok = errorFrom(list)
	default:
		ok = false
	}
	if !ok {
		return nil, d.malformed()
	}
	return value, nil
}

func headersOf(list []any) (http.Header, bool) {
	h := make(http.Header)
	for i := 0; i < len(list); i += 2 {
		name, ok1 := list[i].(string)
		value, ok2 := list[i+1].(string)
		if !ok1 || !ok2 {
			return nil, false
		}
		h.Add(name, value)
	}
	return h, true
}

func blobOf(list []any) (*Blob, bool) {
	data, ok1 := list[0].([]byte)
	mediaType, ok2 := list[1].(string)
	return &Blob{Data: data, Type: mediaType}, ok1 && ok2
}

func exceptionOf(list []any) (*Error, bool) {
	name, ok1 := list[0].(string)
	message, ok2 := list[1].(string)
	stack, ok3 := list[2].(string)
	return &Error{Name: name, Message: message, Stack: stack, DOMException: true}, ok1 && ok2 && ok3
}

// errorFrom makes an error; the object of its properties becomes part of it.
func errorFrom(list []any) (*Error, bool) {
	name, ok1 := list[0].(string)
	message, ok2 := list[1].(string)
	e := &Error{Name: name, Message: message}
	properties, ok := list[2].(map[string]any)
	if !ok {
		return e, ok1 && ok2 && list[2] == nil
	}
	if own, ok := properties["name"].(string); ok {
		e.Name = own
		delete(properties, "name")
	}
	e.Cause = properties["cause"]
	delete(properties, "cause")
	if len(properties) > 0 {
		e.Properties = properties
	}
	return e, ok1 && ok2
}
