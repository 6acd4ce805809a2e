package ops

import (
	"encoding/binary"
	"errors"
	"math"
	"unicode/utf8"
	"unsafe"
)

// Tags of encoded values; the C++ half is isolate/internal/engine/codec.h.
const (
	tagUndefined = iota
	tagNull
	tagTrue
	tagFalse
	tagInt32
	tagDouble
	tagASCII   // u32 length, bytes: every byte below 0x80
	tagLatin1  // u32 length, bytes: one UTF-16 unit each
	tagUTF8    // u32 length, bytes
	tagBytes   // u32 length, bytes
	tagArray   // u32 count, values
	tagPointer // u64 address, u64 length: bytes of the running isolate, for call ops only
)

// ErrMalformed says that a message's bytes do not decode: a broken invariant, since both ends are ours.
var ErrMalformed = errors.New("malformed message")

// A Batch is a sequence of messages to a realm, as one turn delivers them.
//
// A message is `u32 size, u16 kind, u16 argc, u32 context, values...`, little-endian, without alignment.
// The zero value is an empty batch. A batch is used by one goroutine at a time.
type Batch struct {
	buf   []byte
	start int
}

// Reset empties the batch and keeps its memory.
func (b *Batch) Reset() { b.buf = b.buf[:0] }

// Truncate takes back what was appended after the batch had n bytes.
func (b *Batch) Truncate(n int) { b.buf = b.buf[:n] }

// Bytes returns the encoded messages; they are valid until the next call of another method.
func (b *Batch) Bytes() []byte { return b.buf }

// Len returns the size in bytes.
func (b *Batch) Len() int { return len(b.buf) }

// Begin starts a message; its arguments follow as calls, then End.
func (b *Batch) Begin(kind MessageKind, context uint32) {
	b.start = len(b.buf)
	b.buf = append(b.buf, 0, 0, 0, 0, byte(kind), byte(kind>>8), 0, 0)
	b.buf = binary.LittleEndian.AppendUint32(b.buf, context)
}

// End finishes the message begun last, which has argc arguments.
func (b *Batch) End(argc int) {
	binary.LittleEndian.PutUint32(b.buf[b.start:], uint32(len(b.buf)-b.start))
	binary.LittleEndian.PutUint16(b.buf[b.start+6:], uint16(argc))
}

// Undefined appends undefined.
func (b *Batch) Undefined() { b.buf = append(b.buf, tagUndefined) }

// Null appends null.
func (b *Batch) Null() { b.buf = append(b.buf, tagNull) }

// Bool appends a boolean.
func (b *Batch) Bool(v bool) {
	if v {
		b.buf = append(b.buf, tagTrue)
	} else {
		b.buf = append(b.buf, tagFalse)
	}
}

// Int appends a number; beyond 2^53 it loses precision, as numbers in JavaScript do.
func (b *Batch) Int(v int64) {
	if v == int64(int32(v)) {
		b.buf = binary.LittleEndian.AppendUint32(append(b.buf, tagInt32), uint32(v))
		return
	}
	b.Float(float64(v))
}

// Float appends a number.
func (b *Batch) Float(v float64) {
	b.buf = binary.LittleEndian.AppendUint64(append(b.buf, tagDouble), math.Float64bits(v))
}

// String appends a string given as UTF-8; invalid bytes become U+FFFD.
func (b *Batch) String(s string) {
	b.text(s, stringTag(s))
}

// StringBytes is String of bytes, which it copies.
func (b *Batch) StringBytes(s []byte) {
	b.String(unsafe.String(unsafe.SliceData(s), len(s)))
}

// ByteString appends a string of one UTF-16 unit per byte, as header values are.
func (b *Batch) ByteString(s []byte) {
	b.text(unsafe.String(unsafe.SliceData(s), len(s)), tagLatin1)
}

func (b *Batch) text(s string, tag byte) {
	b.buf = binary.LittleEndian.AppendUint32(append(b.buf, tag), uint32(len(s)))
	b.buf = append(b.buf, s...)
}

// Data appends bytes, which arrive as a Uint8Array of their own.
func (b *Batch) Data(data []byte) {
	b.buf = binary.LittleEndian.AppendUint32(append(b.buf, tagBytes), uint32(len(data)))
	b.buf = append(b.buf, data...)
}

// maxBlob is the size up to which serialised bytes are a string in JavaScript, as in ops_clone.cc.
const maxBlob = 16 << 10

// Blob appends bytes that only op_deserialize reads: a string of bytes if they are few, since a buffer costs JavaScript more.
func (b *Batch) Blob(data []byte) {
	if len(data) <= maxBlob {
		b.ByteString(data)
	} else {
		b.Data(data)
	}
}

// Array starts an array of n values, which follow.
func (b *Batch) Array(n int) {
	b.buf = binary.LittleEndian.AppendUint32(append(b.buf, tagArray), uint32(n))
}

// Raw appends values that are encoded already, for example those of another realm's op.
func (b *Batch) Raw(values []byte) { b.buf = append(b.buf, values...) }

// Mark returns the position where a string will be built in place; see Patch.
func (b *Batch) Mark() int {
	b.buf = append(b.buf, tagLatin1, 0, 0, 0, 0)
	return len(b.buf)
}

// Append adds bytes to the string begun by Mark.
func (b *Batch) Append(s []byte) { b.buf = append(b.buf, s...) }

// AppendString is Append of a string.
func (b *Batch) AppendString(s string) { b.buf = append(b.buf, s...) }

// Patch ends the string that began at mark.
func (b *Batch) Patch(mark int) {
	binary.LittleEndian.PutUint32(b.buf[mark-4:], uint32(len(b.buf)-mark))
}

func stringTag(s string) byte {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return tagUTF8
		}
	}
	return tagASCII
}

// A Reader decodes the values of one message or of a whole outbox. Slices and unsafe strings that it
// returns point into the buffer. After the first malformed value Err is set and everything reads as zero.
type Reader struct {
	buf []byte
	pos int
	// Err is ErrMalformed once a value did not decode.
	Err error
}

// NewReader reads values from buf, which must not change meanwhile.
func NewReader(buf []byte) Reader { return Reader{buf: buf} }

// An Outgoing is one op that JavaScript called: its id and a reader over its arguments.
type Outgoing struct {
	// ID is the op.
	ID ID
	// Argc is the number of arguments.
	Argc int
	// Args reads them; it is valid until the realm's next turn.
	Args Reader
}

// Next returns the next op of an outbox, false at its end.
func (r *Reader) Next() (Outgoing, bool) {
	rest := r.buf[r.pos:]
	if len(rest) < 8 {
		return Outgoing{}, false
	}
	size := int(binary.LittleEndian.Uint32(rest))
	if size < 8 || size > len(rest) {
		r.fail()
		return Outgoing{}, false
	}
	r.pos += size
	return Outgoing{
		ID:   ID(binary.LittleEndian.Uint16(rest[4:])),
		Argc: int(binary.LittleEndian.Uint16(rest[6:])),
		Args: Reader{buf: rest[8:size]},
	}, true
}

// NextMessage returns the kind and the arguments of the next of the messages that [Batch.Begin] has begun, false at their end.
func (r *Reader) NextMessage() (kind MessageKind, args Reader, ok bool) {
	const head = 12 // with the context
	rest := r.buf[r.pos:]
	if len(rest) < head {
		return 0, Reader{}, false
	}
	size := int(binary.LittleEndian.Uint32(rest))
	if size < head || size > len(rest) {
		r.fail()
		return 0, Reader{}, false
	}
	r.pos += size
	return MessageKind(binary.LittleEndian.Uint16(rest[4:])), Reader{buf: rest[head:size]}, true
}

func (r *Reader) fail() {
	r.Err = ErrMalformed
	r.pos = len(r.buf)
}

// take returns the next n bytes, or nil and an error state.
func (r *Reader) take(n int) []byte {
	if n < 0 || n > len(r.buf)-r.pos {
		r.fail()
		return nil
	}
	b := r.buf[r.pos : r.pos+n : r.pos+n]
	r.pos += n
	return b
}

func (r *Reader) tag() byte {
	b := r.take(1)
	if b == nil {
		return tagUndefined
	}
	return b[0]
}

func (r *Reader) u32() int {
	b := r.take(4)
	if b == nil {
		return 0
	}
	return int(binary.LittleEndian.Uint32(b))
}

// More says whether values are left.
func (r *Reader) More() bool { return r.pos < len(r.buf) }

// IsNull consumes the next value if it is null or undefined, and says whether it was.
func (r *Reader) IsNull() bool {
	if r.pos < len(r.buf) && r.buf[r.pos] <= tagNull {
		r.pos++
		return true
	}
	return false
}

// IsNumber says whether the next value is a number, without consuming it.
func (r *Reader) IsNumber() bool {
	return r.pos < len(r.buf) && (r.buf[r.pos] == tagInt32 || r.buf[r.pos] == tagDouble)
}

// IsBytes says whether the next value is a byte buffer, without consuming it.
func (r *Reader) IsBytes() bool {
	return r.pos < len(r.buf) && (r.buf[r.pos] == tagBytes || r.buf[r.pos] == tagPointer)
}

// IsArray says whether the next value is an array, without consuming it.
func (r *Reader) IsArray() bool { return r.pos < len(r.buf) && r.buf[r.pos] == tagArray }

// PeekKind gives the text at the head of the array that comes next, without reading it; "" if there is none.
func (r *Reader) PeekKind() string {
	if !r.IsArray() {
		return ""
	}
	ahead := *r
	if ahead.Array() == 0 || ahead.IsNumber() || ahead.IsArray() || ahead.IsBytes() {
		return ""
	}
	return ahead.String()
}

// IsUndefined consumes the next value if it is undefined, and says whether it was.
func (r *Reader) IsUndefined() bool {
	if r.pos < len(r.buf) && r.buf[r.pos] == tagUndefined {
		r.pos++
		return true
	}
	return false
}

// Int reads a number, truncated.
func (r *Reader) Int() int64 {
	switch r.tag() {
	case tagInt32:
		if b := r.take(4); b != nil {
			return int64(int32(binary.LittleEndian.Uint32(b)))
		}
	case tagDouble:
		if b := r.take(8); b != nil {
			return int64(math.Float64frombits(binary.LittleEndian.Uint64(b)))
		}
	default:
		r.fail()
	}
	return 0
}

// Float reads a number.
func (r *Reader) Float() float64 {
	switch r.tag() {
	case tagInt32:
		if b := r.take(4); b != nil {
			return float64(int32(binary.LittleEndian.Uint32(b)))
		}
	case tagDouble:
		if b := r.take(8); b != nil {
			return math.Float64frombits(binary.LittleEndian.Uint64(b))
		}
	default:
		r.fail()
	}
	return 0
}

// Bool reads a boolean.
func (r *Reader) Bool() bool {
	switch r.tag() {
	case tagTrue:
		return true
	case tagFalse:
		return false
	}
	r.fail()
	return false
}

// String reads a string as UTF-8, in memory of its own.
func (r *Reader) String() string {
	tag := r.tag()
	b := r.take(r.u32())
	switch tag {
	case tagASCII, tagUTF8:
		return string(b)
	case tagLatin1:
		return latin1String(b)
	}
	r.fail()
	return ""
}

// UTF8 reads a string as UTF-8 bytes, which point into the buffer if they can.
func (r *Reader) UTF8() []byte {
	tag := r.tag()
	b := r.take(r.u32())
	switch tag {
	case tagASCII, tagUTF8:
		return b
	case tagLatin1:
		return []byte(latin1String(b))
	}
	r.fail()
	return nil
}

// ByteString reads a string whose UTF-16 units are bytes, as header values are; the result points into the buffer.
// A string with larger units (JavaScript refuses those before) reads as its UTF-8.
func (r *Reader) ByteString() []byte {
	tag := r.tag()
	b := r.take(r.u32())
	switch tag {
	case tagASCII, tagUTF8, tagLatin1:
		return b
	}
	r.fail()
	return nil
}

// Bytes reads a byte buffer, or a string of bytes as op_serialize gives; the result points into the buffer.
func (r *Reader) Bytes() []byte {
	switch r.tag() {
	case tagBytes, tagASCII, tagLatin1:
		return r.take(r.u32())
	case tagPointer:
		return r.pointer()
	}
	r.fail()
	return nil
}

// pointer reads bytes that stay in the isolate.
// SAFETY: only C++ writes this tag, for the duration of a call op; the memory is pinned by the argument on its stack.
func (r *Reader) pointer() []byte {
	b := r.take(16)
	if b == nil {
		return nil
	}
	n := binary.LittleEndian.Uint64(b[8:])
	if n == 0 {
		return nil
	}
	var p unsafe.Pointer // not aligned in the buffer
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&p)), 8), b)
	return unsafe.Slice((*byte)(p), n)
}

// Array reads the count of an array, whose values follow.
func (r *Reader) Array() int {
	if r.tag() != tagArray {
		r.fail()
		return 0
	}
	return r.u32()
}

// Raw consumes the next n values and returns their encoding, which points into the buffer.
func (r *Reader) Raw(n int) []byte {
	start := r.pos
	for ; n > 0; n-- {
		r.skip()
	}
	if r.Err != nil {
		return nil
	}
	return r.buf[start:r.pos:r.pos]
}

func (r *Reader) skip() {
	switch r.tag() {
	case tagUndefined, tagNull, tagTrue, tagFalse:
	case tagInt32:
		r.take(4)
	case tagDouble:
		r.take(8)
	case tagASCII, tagLatin1, tagUTF8, tagBytes:
		r.take(r.u32())
	case tagPointer:
		r.take(16)
	case tagArray:
		for n := r.u32(); n > 0 && r.Err == nil; n-- {
			r.skip()
		}
	default:
		r.fail()
	}
}

func latin1String(b []byte) string {
	out := make([]byte, 0, len(b)+8)
	for _, c := range b {
		out = utf8.AppendRune(out, rune(c))
	}
	return string(out)
}
