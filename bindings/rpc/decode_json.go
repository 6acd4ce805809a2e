package rpc

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// unmarshalJSON gives a json.Unmarshaler a value as JSON: as JSON.stringify would write it, but BigInt as a number, bytes in base64
// (as encoding/json has them), Map as an object or a list of pairs, Set as a list.
func (d *decoder) unmarshalJSON(v reflect.Value, value any) error {
	w := jsonWriter{limit: d.json}
	if err := w.value(value, 0); err != nil {
		return err
	}
	d.json -= len(w.buf)
	if err := v.Addr().Interface().(json.Unmarshaler).UnmarshalJSON(w.buf); err != nil {
		return &ValueError{Err: err}
	}
	return nil
}

// A jsonWriter writes values as any receives them. What is shared is written again at each place: the limit keeps that in bounds.
type jsonWriter struct {
	buf   []byte
	limit int
}

func (w *jsonWriter) value(value any, depth int) error {
	if depth > maxReadDepth || len(w.buf) > w.limit {
		return failf("contains itself, or is too large as JSON")
	}
	switch v := value.(type) {
	case nil, Undefined:
		w.buf = append(w.buf, "null"...)
	case bool:
		w.buf = strconv.AppendBool(w.buf, v)
	case float64:
		w.buf = appendNumber(w.buf, v)
	case string:
		return w.marshal(v)
	case *big.Int:
		if v.BitLen() > maxDecimalBits {
			return failf("a BigInt of %d bits is too large as JSON", v.BitLen())
		}
		w.buf = v.Append(w.buf, 10)
	case time.Time:
		if v.IsZero() {
			return w.value(nil, depth)
		}
		return w.marshal(v)
	case []byte:
		w.buf = base64.StdEncoding.AppendEncode(append(w.buf, '"'), v)
		w.buf = append(w.buf, '"')
	case RegExp:
		return w.marshal("/" + v.Source + "/" + v.Flags)
	default:
		return w.parts(value, depth)
	}
	return nil
}

// parts writes what is made of values.
func (w *jsonWriter) parts(value any, depth int) error {
	switch v := value.(type) {
	case map[string]any:
		o := make(Object, 0, len(v))
		for name, value := range v {
			o = append(o, Property{name, value})
		}
		slices.SortFunc(o, func(a, b Property) int { return strings.Compare(a.Name, b.Name) })
		return w.object(o, depth)
	case *Map:
		return w.entries(*v, depth)
	case []any:
		return w.list(v, depth)
	case *Set:
		return w.list(*v, depth)
	case *Error:
		return w.object(Object{{"name", v.Name}, {"message", v.Message}}, depth)
	case *Blob:
		return w.value(v.Data, depth)
	case http.Header:
		return w.marshal(v)
	}
	return failf("cannot write a %s as JSON", fmt.Sprintf("%T", value))
}

func (w *jsonWriter) object(o Object, depth int) error {
	w.buf = append(w.buf, '{')
	for i, p := range o {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		if err := w.marshal(p.Name); err != nil {
			return err
		}
		w.buf = append(w.buf, ':')
		if err := w.value(p.Value, depth+1); err != nil {
			return err
		}
	}
	w.buf = append(w.buf, '}')
	return nil
}

func (w *jsonWriter) list(list []any, depth int) error {
	w.buf = append(w.buf, '[')
	for i, value := range list {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		if err := w.value(value, depth+1); err != nil {
			return err
		}
	}
	w.buf = append(w.buf, ']')
	return nil
}

func (w *jsonWriter) entries(m Map, depth int) error {
	o, pairs := make(Object, 0, len(m)), make([]any, len(m))
	for i, entry := range m {
		pairs[i] = []any{entry.Key, entry.Value}
		if name, ok := entry.Key.(string); ok {
			o = append(o, Property{name, entry.Value})
		}
	}
	if len(o) < len(m) {
		return w.list(pairs, depth)
	}
	return w.object(o, depth)
}

func (w *jsonWriter) marshal(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return &ValueError{Err: err}
	}
	w.buf = append(w.buf, text...)
	return nil
}

// appendNumber writes a number as JSON has it; what is no number there is null.
func appendNumber(b []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(b, "null"...)
	}
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		return strconv.AppendFloat(b, f, 'e', -1, 64)
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}
