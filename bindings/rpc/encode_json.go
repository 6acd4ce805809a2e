package rpc

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
)

// json writes what JSON.parse would make of a text.
func (e *encoder) json(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	value, err := parseJSON(d, 0)
	if err != nil {
		return failf("invalid JSON: %w", err)
	}
	if d.More() {
		return failf("invalid JSON: text after the value")
	}
	return e.any(value)
}

// parseJSON reads one value. Objects keep their order; of properties with one name the last value counts.
func parseJSON(d *json.Decoder, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	if depth > maxWriteDepth {
		return nil, errors.New("too many levels")
	}
	switch token {
	case json.Delim('['):
		list := []any{}
		for d.More() {
			value, err := parseJSON(d, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err = d.Token()
		return list, err
	case json.Delim('{'):
		return parseObject(d, depth)
	}
	return token, nil
}

func parseObject(d *json.Decoder, depth int) (any, error) {
	object := Object{}
	places := make(map[string]int)
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		value, err := parseJSON(d, depth+1)
		if err != nil {
			return nil, err
		}
		name := token.(string)
		if place, ok := places[name]; ok {
			object[place].Value = value
			continue
		}
		places[name] = len(object)
		object = append(object, Property{name, value})
	}
	_, err := d.Token()
	return object, err
}

// jsonNumber writes a number as JSON.parse reads it. Empty is 0, as in encoding/json.
func (e *encoder) jsonNumber(n json.Number) error {
	if n == "" {
		n = "0"
	}
	f, ok := parseNumber(string(n))
	if !ok {
		return failf("%q is no number", string(n))
	}
	e.float(f)
	return nil
}

// parseNumber reads a number as JSON spells it; one that is too large is infinite.
func parseNumber(text string) (float64, bool) {
	if text == "" || text[0] != '-' && (text[0] < '0' || text[0] > '9') || !json.Valid([]byte(text)) {
		return 0, false
	}
	f, _ := strconv.ParseFloat(text, 64)
	return f, true
}
