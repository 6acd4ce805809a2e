package rpc

import (
	"bytes"
	"math/big"
	"reflect"
	"slices"
	"sync"
	"time"
	"unsafe"
)

// Marshal returns the message of v; the package comment says what becomes of which type. Arguments of a call are one message, a
// []any. Refs may be nil.
//
// Errors: *[ValueError], with the path to the value; *[SizeError].
func Marshal(v any, refs References) ([]byte, error) {
	e := encoders.Get().(*encoder)
	defer e.release()
	data, err := e.message(e.spare[:0], v, refs)
	if cap(data) <= maxSpare {
		e.spare = data[:0]
	}
	if err != nil {
		return nil, err
	}
	return bytes.Clone(data), nil
}

// Append is Marshal to the end of dst, which it returns unchanged with an error.
func Append(dst []byte, v any, refs References) ([]byte, error) {
	e := encoders.Get().(*encoder)
	defer e.release()
	data, err := e.message(dst, v, refs)
	if err != nil {
		return dst, err
	}
	return data, nil
}

const maxSpare = 64 << 10

var encoders = sync.Pool{New: func() any { return new(encoder) }}

// An encoder writes one message at a time.
type encoder struct {
	buf   []byte
	start int // of the message in buf
	refs  References
	depth int
	// seen are the pointers, maps and slices that are being written, below cycleDepth, with their depth.
	seen map[visit]int
	// keys are of the maps that are being written, the innermost last.
	keys  []string
	spare []byte
}

type visit struct {
	pointer unsafe.Pointer
	length  int
	typ     reflect.Type
}

func (e *encoder) release() {
	clear(e.seen)
	clear(e.keys[:cap(e.keys)])
	if cap(e.keys) > 1024 {
		e.keys = nil
	}
	*e = encoder{seen: e.seen, keys: e.keys[:0], spare: e.spare}
	encoders.Put(e)
}

func (e *encoder) message(dst []byte, v any, refs References) ([]byte, error) {
	e.buf, e.start, e.refs = append(dst, tagVersion, formatVersion), len(dst), refs
	err := e.any(v)
	if err == nil {
		err = e.room(0)
	}
	return e.buf, atRoot(err)
}

// room fails if the message would not have room for n more bytes.
func (e *encoder) room(n int) error {
	if size := len(e.buf) - e.start + n; size > MaxSize {
		return &SizeError{Size: size}
	}
	return nil
}

// enter goes a level down; leave follows unless it fails.
func (e *encoder) enter() error {
	if e.depth++; e.depth > maxWriteDepth {
		return failf("cannot write more than %d levels", maxWriteDepth)
	}
	return e.room(0)
}

func (e *encoder) leave() { e.depth-- }

// visit is enter for what can be part of itself; done follows unless it fails.
func (e *encoder) visit(v reflect.Value) error {
	if err := e.enter(); err != nil {
		return err
	}
	return e.mark(v)
}

func (e *encoder) done(v reflect.Value) {
	e.unmark(v)
	e.leave()
}

// mark remembers what is being written. Values of which the callers have no reflect.Value need it below cycleDepth only.
func (e *encoder) mark(v reflect.Value) error {
	if e.depth <= cycleDepth {
		return nil
	}
	key := visitOf(v)
	if _, ok := e.seen[key]; ok {
		return failf("a %s that contains itself cannot be written", v.Type())
	}
	if e.seen == nil {
		e.seen = make(map[visit]int)
	}
	e.seen[key] = e.depth
	return nil
}

func (e *encoder) unmark(v reflect.Value) {
	if e.depth > cycleDepth {
		delete(e.seen, visitOf(v))
	}
}

func visitOf(v reflect.Value) visit {
	key := visit{pointer: v.UnsafePointer(), typ: v.Type()}
	if v.Kind() == reflect.Slice {
		key.length = v.Len()
	}
	return key
}

// any writes a value of any type; frequent ones do not need reflection.
func (e *encoder) any(v any) error {
	switch v := v.(type) {
	case nil:
		e.buf = append(e.buf, tagNull)
	case Undefined:
		e.buf = append(e.buf, tagUndefined)
	case bool:
		e.bool(v)
	case string:
		return e.string(v)
	case int:
		return e.int(int64(v))
	case int64:
		return e.int(v)
	case int32:
		return e.int(int64(v))
	case float64:
		e.float(v)
	case []byte:
		if v == nil {
			e.buf = append(e.buf, tagNull)
			return nil
		}
		return e.bytes(v)
	case []any:
		return e.list(v)
	case map[string]any:
		return e.object(v)
	case time.Time:
		return e.date(v)
	case *big.Int:
		if v == nil {
			e.buf = append(e.buf, tagNull)
			return nil
		}
		return e.bigInt(tagBigInt, v)
	default:
		r := reflect.ValueOf(v)
		return encoderOf(r.Type())(e, r)
	}
	return nil
}

func (e *encoder) list(list []any) error {
	if list == nil {
		e.buf = append(e.buf, tagNull)
		return nil
	}
	if err := e.enter(); err != nil {
		return err
	}
	if e.depth > cycleDepth {
		v := reflect.ValueOf(list)
		if err := e.mark(v); err != nil {
			return err
		}
		defer e.unmark(v)
	}
	e.begin(tagDense, len(list))
	for i, v := range list {
		if err := e.any(v); err != nil {
			return at(err, element(i))
		}
	}
	e.endDense(len(list))
	e.leave()
	return nil
}

func (e *encoder) object(m map[string]any) error {
	if m == nil {
		e.buf = append(e.buf, tagNull)
		return nil
	}
	if err := e.visit(reflect.ValueOf(m)); err != nil {
		return err
	}
	first := len(e.keys)
	for key := range m {
		e.keys = append(e.keys, key)
	}
	slices.Sort(e.keys[first:])
	if err := uniqueNames(e.keys[first:]); err != nil {
		return err
	}
	e.buf = append(e.buf, tagObject)
	for i := first; i < first+len(m); i++ {
		key := e.keys[i]
		if err := e.key(key); err != nil {
			return at(err, property(key))
		}
		if err := e.any(m[key]); err != nil {
			return at(err, property(key))
		}
	}
	e.begin(tagEndObject, len(m))
	e.keys = e.keys[:first]
	e.done(reflect.ValueOf(m))
	return nil
}

// host writes an object of a platform's class.
func (e *encoder) host(tag uint32, data any) error {
	if err := e.enter(); err != nil {
		return err
	}
	e.begin(tagHost, int(tag))
	if err := e.any(data); err != nil {
		return err
	}
	e.leave()
	return nil
}
