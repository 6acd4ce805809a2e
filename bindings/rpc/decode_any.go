package rpc

// any reads a value for a target of any type.
func (d *decoder) any() (any, error) {
	start := d.pos
	tag, err := d.tag()
	if err != nil {
		return nil, err
	}
	switch tag {
	case tagObject, tagDense, tagSparse, tagMap, tagSet:
		return d.container(tag, start)
	case tagReference:
		return d.sharedAny()
	}
	raw, err := d.leaf(tag)
	if err != nil {
		return nil, err
	}
	return d.plain(raw)
}

// container reads an object with parts; its tag has been read.
func (d *decoder) container(tag byte, start int) (any, error) {
	if err := d.enter(); err != nil {
		return nil, err
	}
	defer d.leave()
	switch tag {
	case tagObject:
		m := make(map[string]any)
		d.keep(d.open(start), anyType, m, true)
		return m, d.properties(tagEndObject, func(name string) error {
			value, err := d.any()
			m[name] = value
			return err
		})
	case tagMap:
		m := &Map{}
		d.keep(d.open(start), anyType, m, true)
		return m, d.entriesInto(m)
	case tagSet:
		s := &Set{}
		d.keep(d.open(start), anyType, s, true)
		return s, d.membersInto(s)
	}
	return d.list(tag, start)
}

// properties reads names up to an end tag; read takes the value of each.
func (d *decoder) properties(end byte, read func(name string) error) error {
	for n := 0; ; n++ {
		done, err := d.ends(end)
		if err != nil {
			return err
		}
		if done {
			return d.expect(n)
		}
		name, err := d.name()
		if err != nil {
			return err
		}
		if err := read(name); err != nil {
			return at(err, property(name))
		}
	}
}

// pairs calls read for each entry of a Map.
func (d *decoder) pairs(read func(i int) error) error {
	for n := 0; ; n++ {
		done, err := d.ends(tagEndMap)
		if err != nil {
			return err
		}
		if done {
			return d.expect(2 * n)
		}
		if err := read(n); err != nil {
			return at(err, element(n))
		}
	}
}

// values calls read for each value of a Set.
func (d *decoder) values(read func(i int) error) error {
	for n := 0; ; n++ {
		done, err := d.ends(tagEndSet)
		if err != nil {
			return err
		}
		if done {
			return d.expect(n)
		}
		if err := read(n); err != nil {
			return at(err, element(n))
		}
	}
}

func (d *decoder) entriesInto(m *Map) error {
	return d.pairs(func(int) error {
		key, err := d.any()
		if err != nil {
			return err
		}
		value, err := d.any()
		*m = append(*m, Entry{key, value})
		return err
	})
}

func (d *decoder) membersInto(s *Set) error {
	return d.values(func(int) error {
		value, err := d.any()
		*s = append(*s, value)
		return err
	})
}

// list reads an array; its tag has been read.
func (d *decoder) list(tag byte, start int) (any, error) {
	length, err := d.uvarint()
	if err != nil {
		return nil, err
	}
	n, err := d.claim(length)
	if err != nil {
		return nil, err
	}
	list := make([]any, n)
	value := any(list)
	d.keep(d.open(start), anyType, value, true)
	set := func(i int) error {
		list[i], err = d.any()
		return err
	}
	if tag == tagSparse {
		for i := range list {
			list[i] = Undefined{}
		}
		return value, d.sparse(n, set)
	}
	return value, d.dense(n, set, func(i int) { list[i] = Undefined{} })
}

// dense reads the n elements of an array; set reads one, and hole is told of those that are not there.
func (d *decoder) dense(n int, set func(i int) error, hole func(i int)) error {
	for i := range n {
		missing, err := d.ends(tagHole)
		if err != nil {
			return err
		}
		if missing {
			hole(i)
			continue
		}
		if err := set(i); err != nil {
			return at(err, element(i))
		}
	}
	return d.endDense(n)
}

// endDense drops the other properties of an array of n elements.
func (d *decoder) endDense(n int) error {
	if err := d.properties(tagEndDense, d.drop); err != nil {
		return err
	}
	return d.expect(n)
}

// sparse reads the elements of an array of length n, in any order, and drops other properties.
func (d *decoder) sparse(n int, set func(i int) error) error {
	err := d.properties(tagEndSparse, func(name string) error {
		if index, ok := arrayIndex(name); ok && int64(index) < int64(n) {
			return set(int(index))
		}
		return d.drop(name)
	})
	if err != nil {
		return err
	}
	return d.expect(n)
}

// drop reads a value that nobody wants; references to it may follow.
func (d *decoder) drop(string) error {
	_, err := d.any()
	return err
}
