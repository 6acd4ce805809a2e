package rpc

import "reflect"

// Objects have numbers, and a later reference to one means the same object. The Go value of an object with parts depends
// on its target, so a reference for another type of target reads the object's bytes once more, as that type. A reference is two
// bytes: a budget (decoder.again) keeps hostile messages from making much of them.

var anyType = reflect.TypeFor[any]()

// A container is an object with parts: where its bytes are, and the Go values that were made of it, one for each type.
type container struct {
	start int
	first found
	more  []found
}

// found is a Go value of a container: the value itself for targets of type any, else a pointer to it, of which typ is
// the element.
type found struct {
	typ   reflect.Type
	value any
	// ready says that the value may be copied: it is complete, or a map or slice that others may share meanwhile.
	ready bool
}

// A position stands for a container of which no Go value was kept.
type position int

// add numbers the next object. Read once more, it keeps its number and its value.
func (d *decoder) add(value any) int {
	id := d.next
	d.next++
	if id == len(d.objects) {
		d.objects = append(d.objects, value)
	}
	return id
}

// set gives an object without parts its value, and returns the one that it has had before, if any.
func (d *decoder) set(id int, value any) any {
	if known := d.objects[id]; known != nil {
		return known
	}
	d.objects[id] = value
	return value
}

// open numbers an object with parts.
func (d *decoder) open(start int) *container {
	id := d.add(nil)
	if c, ok := d.objects[id].(*container); ok {
		return c
	}
	if len(d.slab) == cap(d.slab) {
		d.slab = make([]container, 0, min(2*cap(d.slab)+8, 256))
	}
	d.slab = append(d.slab, container{start: start})
	c := &d.slab[len(d.slab)-1]
	d.objects[id] = c
	return c
}

// keep remembers a Go value of a container; the first of a type stays.
func (d *decoder) keep(c *container, typ reflect.Type, value any, ready bool) {
	switch {
	case c.first.typ == nil:
		c.first = found{typ, value, ready}
	case c.find(typ) == nil:
		c.more = append(c.more, found{typ, value, ready})
	}
}

// complete marks a value as ready.
func (c *container) complete(typ reflect.Type) {
	if f := c.find(typ); f != nil {
		f.ready = true
	}
}

func (c *container) find(typ reflect.Type) *found {
	if c.first.typ == typ {
		return &c.first
	}
	for i := range c.more {
		if c.more[i].typ == typ {
			return &c.more[i]
		}
	}
	return nil
}

// reference reads the number of an object and returns what is known of it: a leaf, a *container or a position.
func (d *decoder) reference() (id int, known any, err error) {
	n, err := d.uvarint()
	if err != nil {
		return 0, nil, err
	}
	if int64(n) >= int64(d.next) || d.objects[n] == nil {
		return 0, nil, d.malformed()
	}
	known, err = d.viewOf(d.objects[n])
	return int(n), known, err
}

// startOf returns where the bytes of an object with parts are, false for a leaf.
func startOf(known any) (start int, ok bool) {
	switch known := known.(type) {
	case *container:
		return known.start, true
	case position:
		return int(known), true
	}
	return 0, false
}

// reread reads an object with parts once more.
func (d *decoder) reread(id, start int, read func() error) error {
	if err := d.enter(); err != nil {
		return err
	}
	if err := d.charge(); err != nil {
		return err
	}
	pos, next, outer := d.pos, d.next, d.rereading
	d.pos, d.next, d.rereading, d.charged = start, id, true, start
	err := read()
	if err == nil {
		err = d.charge()
	}
	d.pos, d.next, d.rereading, d.charged = pos, next, outer, pos
	d.leave()
	return err
}

// pay takes the cost of what any number of references may ask for from the budget.
func (d *decoder) pay(n int) error {
	if d.again -= n; d.again < 0 {
		return failf("shared objects are wanted as too many values")
	}
	return nil
}

// charge takes the bytes that were read once more since the last call from the budget.
func (d *decoder) charge() error {
	if !d.rereading {
		return nil
	}
	n := d.pos - d.charged
	d.charged = d.pos
	return d.pay(n)
}

// sharedAny reads a reference for a target of type any.
func (d *decoder) sharedAny() (value any, err error) {
	id, known, err := d.reference()
	if err != nil {
		return nil, err
	}
	start, parts := startOf(known)
	if !parts {
		return d.plain(known)
	}
	if c, ok := known.(*container); ok {
		if f := c.find(anyType); f != nil {
			return f.value, nil
		}
	}
	err = d.reread(id, start, func() error {
		value, err = d.any()
		return err
	})
	return value, err
}
