package rpc

import (
	"fmt"
	"reflect"
	"sync"
)

// Unmarshal fills what the pointer into points to from a message; the package comment says how. Arguments of a call go into a
// *[]any, whose elements may be pointers to be filled: afterwards it has as many elements as there were arguments. Refs may be nil.
//
// Errors: *[ValueError], with the path to the value; [ErrMalformed]. What was filled before an error stays.
func Unmarshal(data []byte, into any, refs References) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("Unmarshal needs a pointer, not %T", into)
	}
	d := decoders.Get().(*decoder)
	defer d.release()
	d.start(data, refs)
	if err := d.header(); err != nil {
		return err
	}
	if err := d.fill(into); err != nil {
		return atRoot(err)
	}
	if d.pos != len(data) {
		return d.malformed()
	}
	return nil
}

// Len returns the number of elements of a message that is an array: the arguments of a call. False if it is none.
func Len(data []byte) (n int, ok bool) {
	d := decoder{reader: reader{data: data}}
	if d.header() != nil {
		return 0, false
	}
	tag, err := d.tag()
	if err != nil || tag != tagDense && tag != tagSparse {
		return 0, false
	}
	length, err := d.uvarint()
	return int(length), err == nil
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// A decoder reads one message at a time.
type decoder struct {
	reader
	refs  References
	depth int
	// room is how many more elements arrays may claim. Each element of a dense array is a byte at least, and no byte is
	// in two arrays, so that what is over is no message of V8. It bounds what one length may allocate.
	room int
	// again is how many bytes may be read, and elements made, once more; see shared.go.
	again     int
	rereading bool
	charged   int // the position up to which again has been paid
	// json is how many bytes of JSON may still be written for targets that want it.
	json int
	// next is the number of the next object, and objects are those so far.
	next    int
	objects []any
	slab    []container
}

func (d *decoder) start(data []byte, refs References) {
	d.data, d.refs = data, refs
	d.room = len(data) + maxHoles
	d.again = 8*len(data) + 1024
	d.json = 16*len(data) + 8*maxHoles
}

func (d *decoder) release() {
	clear(d.objects)
	if cap(d.objects) > 1024 {
		d.objects = nil
	}
	clear(d.slab[:cap(d.slab)])
	*d = decoder{objects: d.objects[:0], slab: d.slab[:0]}
	decoders.Put(d)
}

func (d *decoder) header() error {
	if len(d.data) < 2 || d.data[0] != tagVersion || d.data[1] != formatVersion {
		return d.malformed()
	}
	d.pos = 2
	return nil
}

func (d *decoder) enter() error {
	if d.depth++; d.depth > maxReadDepth {
		return failf("more than %d levels", maxReadDepth)
	}
	return nil
}

func (d *decoder) leave() { d.depth-- }

// claim takes the room for n elements.
func (d *decoder) claim(n uint32) (int, error) {
	budget := &d.room
	if d.rereading {
		budget = &d.again
	}
	if int64(n) > int64(*budget) {
		return 0, failf("an array of %d elements, of which most are missing", n)
	}
	*budget -= int(n)
	return int(n), nil
}

// ends consumes the tag if it is the next.
func (d *decoder) ends(tag byte) (bool, error) {
	next, err := d.peek()
	if err != nil || next != tag {
		return false, err
	}
	d.pos++
	return true, nil
}

// fill reads a value into what a pointer points to; frequent types do not need reflection.
func (d *decoder) fill(into any) error {
	tag, err := d.peek()
	if err != nil {
		return err
	}
	switch t := into.(type) {
	case *string:
		if isString(tag) {
			d.pos++
			*t, err = d.text(tag)
			return err
		}
	case *float64:
		if isNumber(tag) {
			d.pos++
			*t, err = d.number(tag)
			return err
		}
	case *int:
		if tag == tagInt32 {
			d.pos++
			f, err := d.number(tag)
			*t = int(f)
			return err
		}
	case *bool:
		if tag == tagTrue || tag == tagFalse {
			d.pos++
			*t = tag == tagTrue
			return nil
		}
	case *any:
		if *t == nil {
			*t, err = d.any()
			return err
		}
	case *[]any:
		if tag == tagDense {
			return d.arguments(t)
		}
	}
	v := reflect.ValueOf(into).Elem()
	return d.into(v, planOf(v.Type()))
}

// arguments reads an array into a list; elements that are pointers say what is wanted.
func (d *decoder) arguments(list *[]any) error {
	start := d.pos
	d.pos++
	length, err := d.uvarint()
	if err != nil {
		return err
	}
	n, err := d.claim(length)
	if err != nil {
		return err
	}
	if err := d.enter(); err != nil {
		return err
	}
	d.add(position(start))
	given := len(*list)
	if cap(*list) < n {
		*list = append(*list, make([]any, n-given)...)
	}
	*list = (*list)[:n]
	for i := range *list {
		slot := &(*list)[i]
		if i >= given {
			*slot = nil
		}
		if err := d.argument(slot); err != nil {
			return at(err, element(i))
		}
	}
	d.leave()
	return d.endDense(n)
}

func (d *decoder) argument(slot *any) error {
	tag, err := d.peek()
	if err != nil {
		return err
	}
	if tag == tagHole {
		d.pos++
		if !isPointer(*slot) {
			*slot = Undefined{}
		}
		return nil
	}
	if isPointer(*slot) {
		return d.fill(*slot)
	}
	*slot, err = d.any()
	return err
}

func isPointer(v any) bool {
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && !r.IsNil()
}
