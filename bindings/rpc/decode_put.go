package rpc

import (
	"encoding"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"net/http"
	"reflect"
	"time"
)

// put gives a target the value of a leaf, or any other value that it may take as it is.
func (d *decoder) put(v reflect.Value, p *plan, raw any) error {
	if f, ok := raw.(*foreign); ok && !leadsOn(p) {
		value, err := d.resolve(f, p.typ)
		if err != nil {
			return err
		}
		return assign(v, p, value)
	}
	switch {
	case raw == nil || raw == any(Undefined{}) && p.typ != anyType:
		if !p.json {
			return setNull(v, p)
		}
	case p.kind == reflect.Pointer && !isInstance(raw, p.typ):
		if v.IsNil() {
			v.Set(reflect.New(p.typ.Elem()))
		}
		return d.put(v.Elem(), p.elem(), raw)
	}
	if p.json {
		value, err := d.plain(raw)
		if err != nil {
			return err
		}
		return d.unmarshalJSON(v, value)
	}
	return d.putLeaf(v, p, raw)
}

// leadsOn says whether a type is a pointer to something that itself can point to an object.
func leadsOn(p *plan) bool {
	return p.kind == reflect.Pointer && (p.elem().kind == reflect.Pointer || p.elem().kind == reflect.Interface)
}

func isInstance(value any, t reflect.Type) bool { return reflect.TypeOf(value).AssignableTo(t) }

// setNull is what null and undefined do: nil where Go has it, else no change.
func setNull(v reflect.Value, p *plan) error {
	switch p.kind {
	case reflect.Pointer, reflect.Interface, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
		v.SetZero()
	}
	return nil
}

func (d *decoder) putLeaf(v reflect.Value, p *plan, raw any) error {
	switch raw := raw.(type) {
	case float64:
		if p.kind != reflect.Interface {
			return putNumber(v, p, raw)
		}
	case bool:
		if p.kind == reflect.Bool {
			v.SetBool(raw)
			return nil
		}
	case string:
		if p.kind != reflect.Interface {
			return d.putString(v, p, raw)
		}
	case *big.Int:
		if p.kind != reflect.Interface {
			return d.putBigInt(v, p, raw)
		}
	case *buffer:
		return putBytes(v, p, raw.data, raw)
	case *view:
		return d.putView(v, p, raw)
	case *Blob:
		if p.bytes {
			return putBytes(v, p, raw.Data, raw)
		}
	}
	return assign(v, p, raw)
}

// assign sets a target to a Go value, or to what it points to.
func assign(v reflect.Value, p *plan, value any) error {
	if value == nil {
		return setNull(v, p)
	}
	r := reflect.ValueOf(value)
	if r.Type().AssignableTo(p.typ) {
		v.Set(r)
		return nil
	}
	if r.Kind() == reflect.Pointer && !r.IsNil() && r.Type().Elem() == p.typ {
		v.Set(r.Elem())
		return nil
	}
	return mismatch(nounOf(value), p)
}

func mismatch(noun string, p *plan) error { return failf("cannot put %s into a Go %s", noun, p.typ) }

// nounOf is what errors call a value.
func nounOf(raw any) string {
	switch raw := raw.(type) {
	case bool:
		return "a boolean"
	case float64:
		return "the number " + numberText(raw)
	case string:
		return "a string"
	case *big.Int:
		return "a BigInt"
	case time.Time:
		return "a Date"
	case RegExp:
		return "a RegExp"
	case *buffer:
		return "an ArrayBuffer"
	case *view:
		if raw.class == viewDataView {
			return "a DataView"
		}
		return "a typed array"
	case []byte:
		return "bytes"
	case *Error:
		return "an Error"
	case *Blob:
		return "a Blob"
	case http.Header:
		return "Headers"
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	case *Map:
		return "a Map"
	case *Set:
		return "a Set"
	}
	return fmt.Sprintf("a %T", raw)
}

func putNumber(v reflect.Value, p *plan, f float64) error {
	switch p.kind {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if f == math.Trunc(f) && f >= -1<<63 && f < 1<<63 && !v.OverflowInt(int64(f)) {
			v.SetInt(int64(f))
			return nil
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if f == math.Trunc(f) && f >= 0 && f < 1<<64 && !v.OverflowUint(uint64(f)) {
			v.SetUint(uint64(f))
			return nil
		}
	case reflect.Float32, reflect.Float64:
		if !v.OverflowFloat(f) {
			v.SetFloat(f)
			return nil
		}
	case reflect.String:
		if p.typ == numberType && !math.IsNaN(f) && !math.IsInf(f, 0) {
			v.SetString(string(appendNumber(nil, f)))
			return nil
		}
	case reflect.Struct:
		if p.typ == bigIntType && f == math.Trunc(f) && !math.IsInf(f, 0) {
			big.NewFloat(f).Int(v.Addr().Interface().(*big.Int))
			return nil
		}
	}
	return mismatch(nounOf(f), p)
}

func (d *decoder) putString(v reflect.Value, p *plan, text string) error {
	switch {
	case p.text:
		if err := d.pay(len(text)); err != nil {
			return err
		}
		if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)); err != nil {
			return &ValueError{Err: err}
		}
		return nil
	case p.typ == numberType:
		if _, ok := parseNumber(text); !ok {
			return failf("the string %q is no number", shorten(text))
		}
	case p.kind != reflect.String:
		return mismatch("a string", p)
	}
	v.SetString(text)
	return nil
}

func (d *decoder) putBigInt(v reflect.Value, p *plan, i *big.Int) error {
	switch p.kind {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if i.IsInt64() && !v.OverflowInt(i.Int64()) {
			v.SetInt(i.Int64())
			return nil
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if i.IsUint64() && !v.OverflowUint(i.Uint64()) {
			v.SetUint(i.Uint64())
			return nil
		}
	case reflect.Float32, reflect.Float64:
		if f, accuracy := i.Float64(); accuracy == big.Exact && (p.kind == reflect.Float64 || float64(float32(f)) == f) {
			v.SetFloat(f)
			return nil
		}
	case reflect.String:
		if p.typ == numberType && i.BitLen() <= maxDecimalBits {
			v.SetString(i.String())
			return d.pay(i.BitLen() / 3)
		}
	case reflect.Struct:
		if p.typ == bigIntType {
			v.Addr().Interface().(*big.Int).Set(i)
			return d.pay(i.BitLen() / 8)
		}
	}
	if i.BitLen() > 128 {
		return mismatch(fmt.Sprintf("a BigInt of %d bits", i.BitLen()), p)
	}
	return mismatch("the BigInt "+i.String(), p)
}

// putBytes gives a target bytes; raw is where they are from.
func putBytes(v reflect.Value, p *plan, data []byte, raw any) error {
	switch {
	case !p.bytes:
		return mismatch(nounOf(raw), p)
	case p.kind == reflect.Slice:
		v.SetBytes(data)
		return nil
	case len(data) != v.Len():
		return failf("cannot put %d bytes into a Go %s", len(data), p.typ)
	}
	reflect.Copy(v, reflect.ValueOf(data))
	return nil
}

// viewKinds are the kinds of Go that hold the elements of typed arrays as they are.
var viewKinds = map[byte]reflect.Kind{
	'b': reflect.Int8, viewUint8: reflect.Uint8, 'C': reflect.Uint8, 'w': reflect.Int16, 'W': reflect.Uint16, 'd': reflect.Int32,
	'D': reflect.Uint32, 'f': reflect.Float32, 'F': reflect.Float64, 'q': reflect.Int64, 'Q': reflect.Uint64,
}

// putView gives a target the bytes of a view, or a slice of numbers its elements.
func (d *decoder) putView(v reflect.Value, p *plan, raw *view) error {
	if p.bytes || p.kind != reflect.Slice || raw.class == viewDataView {
		return putBytes(v, p, raw.data, raw)
	}
	size := viewSizes[raw.class]
	n := len(raw.data) / size
	if err := d.pay(n); err != nil {
		return err
	}
	list := reflect.MakeSlice(p.typ, n, n)
	elem := p.elem()
	if elem.kind == viewKinds[raw.class] {
		if _, err := binary.Decode(raw.data, binary.LittleEndian, list.Interface()); err != nil {
			return &ValueError{Err: err}
		}
		v.Set(list)
		return nil
	}
	for i := range n {
		if err := d.putElement(list.Index(i), elem, raw.class, raw.data[i*size:]); err != nil {
			return at(err, element(i))
		}
	}
	v.Set(list)
	return nil
}

// putElement gives a target the number that b begins with.
func (d *decoder) putElement(v reflect.Value, p *plan, class byte, b []byte) error {
	if p.kind == reflect.Pointer {
		v.Set(reflect.New(p.typ.Elem()))
		v, p = v.Elem(), p.elem()
	}
	var value any
	switch order := binary.LittleEndian; class {
	case 'b':
		value = float64(int8(b[0]))
	case viewUint8, 'C':
		value = float64(b[0])
	case 'w':
		value = float64(int16(order.Uint16(b)))
	case 'W':
		value = float64(order.Uint16(b))
	case 'd':
		value = float64(int32(order.Uint32(b)))
	case 'D':
		value = float64(order.Uint32(b))
	case 'h':
		value = half(order.Uint16(b))
	case 'f':
		value = float64(math.Float32frombits(order.Uint32(b)))
	case 'F':
		value = math.Float64frombits(order.Uint64(b))
	case 'q':
		value = big.NewInt(int64(order.Uint64(b)))
	case 'Q':
		value = new(big.Int).SetUint64(order.Uint64(b))
	}
	return d.putLeaf(v, p, value)
}

// half is a number of 16 bits, IEEE 754 binary16.
func half(bits uint16) float64 {
	fraction, exponent := float64(bits&0x3ff), int(bits>>10&0x1f)
	var f float64
	switch exponent {
	case 0:
		f = math.Ldexp(fraction, -24)
	case 0x1f:
		f = math.Inf(1)
		if fraction != 0 {
			return math.NaN()
		}
	default:
		f = math.Ldexp(fraction+1024, exponent-25)
	}
	if bits>>15 != 0 {
		return -f
	}
	return f
}
