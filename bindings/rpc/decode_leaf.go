package rpc

import (
	"math"
	"reflect"
	"time"
)

// What leaf returns for buffers, so that numbers can be made of their bytes.
type (
	buffer struct{ data []byte }
	view   struct {
		class byte
		data  []byte
	}
	// foreign is an object that References makes when the target is known.
	foreign struct {
		tag  uint32
		data any
		// value is what it has made, if it has.
		value any
		made  bool
	}
)

// plain is a leaf as a target of type any receives it.
func (d *decoder) plain(raw any) (any, error) {
	switch raw := raw.(type) {
	case *buffer:
		return raw.data, nil
	case *view:
		return raw.data, nil
	case *foreign:
		return d.resolve(raw, anyType)
	}
	return raw, nil
}

// resolve makes the object once, whatever other targets want it later.
func (d *decoder) resolve(f *foreign, target reflect.Type) (any, error) {
	if f.made {
		return f.value, nil
	}
	if d.refs == nil {
		return nil, failf("an object of class %d, which nothing here can resolve", f.tag)
	}
	value, err := d.refs.Resolve(f.tag, f.data, target)
	if err != nil {
		return nil, &ValueError{Err: err}
	}
	f.value, f.made = value, true
	return value, nil
}

// leaf reads a value without parts that have a type of their own. Its tag has been read.
func (d *decoder) leaf(tag byte) (any, error) {
	switch tag {
	case tagUndefined:
		return Undefined{}, nil
	case tagNull:
		return nil, nil
	case tagTrue:
		return true, nil
	case tagFalse:
		return false, nil
	case tagInt32, tagUint32, tagDouble:
		return d.number(tag)
	case tagOneByte, tagTwoByte, tagUTF8:
		return d.text(tag)
	case tagBigInt:
		return d.bigInt()
	case tagBuffer, tagResizable:
		return d.buffer(tag)
	case tagError:
		return d.error()
	case tagHost:
		return d.host()
	}
	id := d.add(nil)
	value, err := d.simple(tag)
	if err != nil {
		return nil, err
	}
	return d.set(id, value), nil
}

// simple reads an object that cannot refer to others.
func (d *decoder) simple(tag byte) (any, error) {
	switch tag {
	case tagDate:
		return d.date()
	case tagTrueObj:
		return true, nil
	case tagFalseObj:
		return false, nil
	case tagNumberObj:
		return d.double()
	case tagBigIntObj:
		return d.bigInt()
	case tagStringObj:
		return d.taggedText()
	case tagRegExp:
		return d.regExp()
	}
	d.pos--
	return nil, d.malformed()
}

func (d *decoder) date() (any, error) {
	ms, err := d.double()
	if err != nil || math.IsNaN(ms) || math.Abs(ms) > maxTime {
		return time.Time{}, err
	}
	return time.UnixMilli(int64(ms)).UTC(), nil
}

func (d *decoder) regExp() (any, error) {
	source, err := d.taggedText()
	if err != nil {
		return nil, err
	}
	bits, err := d.uvarint()
	if err != nil {
		return nil, err
	}
	var flags []byte
	for _, flag := range []byte("dgimsuvy") { // the order of RegExp.prototype.flags
		for bit := range len(regExpFlags) {
			if regExpFlags[bit] == flag && bits&(1<<bit) != 0 {
				flags = append(flags, flag)
			}
		}
	}
	return RegExp{source, string(flags)}, nil
}

// buffer reads an ArrayBuffer, and the view of it that may follow.
func (d *decoder) buffer(tag byte) (any, error) {
	id := d.add(nil)
	n, err := d.uvarint()
	if err == nil && tag == tagResizable {
		_, err = d.uvarint()
	}
	if err != nil {
		return nil, err
	}
	data, err := d.bytes(n)
	if err != nil {
		return nil, err
	}
	return d.viewOf(d.set(id, &buffer{append([]byte{}, data...)}))
}

var viewSizes = map[byte]int{
	'b': 1, viewUint8: 1, 'C': 1, 'w': 2, 'W': 2, 'h': 2, 'd': 4, 'D': 4, 'f': 4, 'F': 8, 'q': 8, 'Q': 8, viewDataView: 1,
}

// viewOf reads the view that follows a buffer, if one does; otherwise it returns what it was given.
func (d *decoder) viewOf(raw any) (any, error) {
	buffer, ok := raw.(*buffer)
	if !ok || d.pos >= len(d.data) {
		return raw, nil
	}
	if is, err := d.ends(tagView); err != nil || !is {
		return raw, err
	}
	var parts [4]uint32 // class, offset, length, flags
	for i := range parts {
		var err error
		if parts[i], err = d.uvarint(); err != nil {
			return nil, err
		}
	}
	class, offset, length, total := byte(parts[0]), int64(parts[1]), int64(parts[2]), int64(len(buffer.data))
	size := int64(viewSizes[class])
	if parts[0] > math.MaxUint8 || size == 0 || offset > total || length > total-offset || offset%size != 0 || length%size != 0 {
		return nil, d.malformed()
	}
	if parts[3]&viewTracksLength != 0 { // its length is written as 0
		length = (total - offset) / size * size
	}
	end := offset + length
	return d.set(d.add(nil), &view{class, buffer.data[offset:end:end]}), nil
}
