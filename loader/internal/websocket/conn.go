package websocket

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
)

// MaxMessage is the longest message that is taken, in bytes, before and after decompression.
const MaxMessage = 32 << 20

// A Kind says what a message is. The values are the opcodes of frames.
type Kind byte

// Kinds of messages.
const (
	Text   Kind = 1
	Binary Kind = 2
	Close  Kind = 8
)

const (
	opContinuation = 0
	opControl      = 8 // this and above
	opPing         = 9
	opPong         = 10

	bitFin        = 0x80
	bitCompressed = 0x40
	bitsReserved  = 0x30
	bitMasked     = 0x80

	// keptBuffer is the size up to which the memory of a message is used again for the next one.
	keptBuffer = 64 << 10
	// joined is the size up to which a payload is copied behind its header, to go out in one write.
	joined = 16 << 10
)

// NoStatus is the code of a Close frame that has none.
const NoStatus = 1005

// A Message is what a frame or several bring.
type Message struct {
	// Kind is Text, Binary or Close.
	Kind Kind
	// Data is the payload, of a Close the reason; it is valid until the next Read. Text is not checked to be UTF-8.
	Data []byte
	// Code of a Close, NoStatus if it has none.
	Code int
}

// A ProtocolError says that the other side broke the protocol. It has been sent a Close frame; nothing can be read any more.
type ProtocolError struct {
	// Code is that of the Close frame.
	Code int
	// Reason is its text.
	Reason string
}

// Error gives the platform's words.
func (e *ProtocolError) Error() string {
	return fmt.Sprintf("WebSocket protocol error; protocolError.statusCode = %d; protocolError.description = %s", e.Code, e.Reason)
}

// A Conn is one side of a connection. One goroutine may read and one write at a time.
type Conn struct {
	stream io.Writer
	in     *bufio.Reader
	client bool

	message []byte // of the message that is read
	inflate *inflater
	control [125]byte

	mu      sync.Mutex // guards the rest: the reading goroutine writes pongs
	header  []byte
	deflate *deflater
	closed  bool // a Close frame was sent
}

// New makes a connection of a stream whose handshake is over. in reads from it, after what the handshake has left in the buffer.
// client says which side this is; compression is nil if none was agreed on.
func New(stream io.Writer, in *bufio.Reader, client bool, compression *Compression) *Conn {
	c := &Conn{stream: stream, in: in, client: client}
	if compression != nil {
		c.inflate = newInflater(compression.keepsIn(client))
		c.deflate = newDeflater(compression.keepsOut(client), compression.bitsOut(client))
	}
	return c
}

// Read returns the next message. Pings are answered meanwhile. Errors: a *ProtocolError; io.EOF and others of the stream.
func (c *Conn) Read() (Message, error) {
	if cap(c.message) > keptBuffer {
		c.message = nil
	}
	c.message = c.message[:0]
	m, err := c.read()
	if broken, ok := err.(*ProtocolError); ok {
		_ = c.writeControl(byte(Close), closePayload(broken.Code, []byte(broken.Reason)))
	}
	return m, err
}

// A frame is the header of one.
type frame struct {
	first  byte
	length uint64
	masked bool
	mask   [4]byte
}

func (f *frame) opcode() byte { return f.first & 15 }
func (f *frame) final() bool  { return f.first&bitFin != 0 }

func (c *Conn) read() (Message, error) {
	var opcode byte // of the message whose fragments gather, 0 for none
	compressed := false
	for {
		f, err := c.readHeader()
		if err != nil {
			return Message{}, err
		}
		if err := f.check(opcode != 0, MaxMessage-len(c.message)); err != nil {
			return Message{}, err
		}
		if f.opcode() >= opControl {
			m, err := c.readControl(&f)
			if err != nil || m.Kind == Close {
				return m, err
			}
			continue
		}
		if opcode == 0 {
			opcode, compressed = f.opcode(), f.first&bitCompressed != 0
		}
		if err := c.readPayload(&f); err != nil {
			return Message{}, err
		}
		if f.final() {
			return c.finish(opcode, compressed || f.first&bitCompressed != 0)
		}
	}
}

// check says what is wrong with a frame, if anything is. room is what the message may still take.
func (f *frame) check(gathering bool, room int) error {
	opcode := f.opcode()
	switch {
	case f.first&bitsReserved != 0:
		return &ProtocolError{1002, "Received frame had RSV bits 2 or 3 set"}
	case f.length > uint64(room):
		return &ProtocolError{1009, fmt.Sprintf("Message is too large: %d > %d", f.length, room)}
	case opcode == opContinuation && !gathering:
		return &ProtocolError{1002, "Unexpected continuation frame"}
	case opcode != opContinuation && opcode < opControl && gathering:
		return &ProtocolError{1002, "Missing continuation frame"}
	case opcode >= opControl && !f.final():
		return &ProtocolError{1002, "Received fragmented control frame"}
	}
	return nil
}

func (c *Conn) readHeader() (f frame, err error) {
	var b [8]byte
	if _, err := io.ReadFull(c.in, b[:2]); err != nil {
		return f, err
	}
	f.first, f.masked = b[0], b[1]&bitMasked != 0
	switch n := b[1] &^ bitMasked; n {
	case 126:
		_, err = io.ReadFull(c.in, b[:2])
		f.length = uint64(binary.BigEndian.Uint16(b[:]))
	case 127:
		_, err = io.ReadFull(c.in, b[:8])
		f.length = binary.BigEndian.Uint64(b[:])
	default:
		f.length = uint64(n)
	}
	if err == nil && f.masked {
		_, err = io.ReadFull(c.in, f.mask[:])
	}
	return f, err
}

// readPayload appends a frame's payload to the message. Memory is taken as bytes come, not as the header announces them.
func (c *Conn) readPayload(f *frame) error {
	start := len(c.message)
	for left := int(f.length); left > 0; {
		n := min(left, keptBuffer, max(len(c.message), 4096))
		at := len(c.message)
		c.message = append(c.message, make([]byte, n)...)
		if _, err := io.ReadFull(c.in, c.message[at:]); err != nil {
			return err
		}
		left -= n
	}
	if f.masked {
		applyMask(c.message[start:], f.mask)
	}
	return nil
}

// finish makes the message of what has gathered.
func (c *Conn) finish(opcode byte, compressed bool) (Message, error) {
	if compressed && c.inflate == nil {
		return Message{}, &ProtocolError{1002, "Received a WebSocket frame whose compression bit was set, but the compression extension was not negotiated for this connection."}
	}
	if opcode != byte(Text) && opcode != byte(Binary) {
		return Message{}, &ProtocolError{1002, fmt.Sprintf("Unknown opcode %d", opcode)}
	}
	if !compressed {
		return Message{Kind: Kind(opcode), Data: c.message}, nil
	}
	data, err := c.inflate.inflate(c.message)
	return Message{Kind: Kind(opcode), Data: data}, err
}

// readControl reads the payload of a control frame. A Kind of 0 says that it has been dealt with.
func (c *Conn) readControl(f *frame) (Message, error) {
	payload := c.control[:0]
	if f.length > uint64(len(c.control)) { // forbidden, but answered by the platform
		payload = make([]byte, 0, min(f.length, keptBuffer))
	}
	gathered := c.message
	c.message = payload
	err := c.readPayload(f)
	payload, c.message = c.message, gathered
	if err != nil {
		return Message{}, err
	}
	switch f.opcode() {
	case byte(Close):
		if len(payload) < 2 {
			return Message{Kind: Close, Code: NoStatus}, nil
		}
		return Message{Kind: Close, Code: int(binary.BigEndian.Uint16(payload)), Data: payload[2:]}, nil
	case opPing:
		return Message{}, c.writeControl(opPong, payload)
	case opPong:
		return Message{}, nil
	}
	return Message{}, &ProtocolError{1002, fmt.Sprintf("Unknown opcode %d", f.opcode())}
}

// Write sends a message of kind Text or Binary. It does not change data.
func (c *Conn) Write(kind Kind, data []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := byte(kind) | bitFin
	if c.deflate != nil {
		if packed, ok := c.deflate.deflate(data); ok {
			data, first = packed, first|bitCompressed
		}
	}
	return c.writeFrame(first, data)
}

// WriteClose sends a Close frame; with code NoStatus an empty one. No pong follows it.
func (c *Conn) WriteClose(code int, reason []byte) error {
	return c.writeControl(byte(Close), closePayload(code, reason))
}

func closePayload(code int, reason []byte) []byte {
	if code == NoStatus {
		return nil
	}
	return append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...)
}

// writeControl sends a control frame, unless the last word is said.
func (c *Conn) writeControl(opcode byte, payload []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = opcode == byte(Close)
	return c.writeFrame(opcode|bitFin, payload)
}

// writeFrame sends one frame. Preconditions: mu is held.
func (c *Conn) writeFrame(first byte, payload []byte) error {
	b := append(c.header[:0], first, 0)
	switch n := len(payload); {
	case n < 126:
		b[1] = byte(n)
	case n < 1<<16:
		b[1] = 126
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	default:
		b[1] = 127
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	if c.client {
		return c.writeMasked(b, payload)
	}
	if len(payload) > joined {
		c.header = b
		if _, err := c.stream.Write(b); err != nil {
			return err
		}
		_, err := c.stream.Write(payload)
		return err
	}
	b = append(b, payload...)
	c.header = b
	_, err := c.stream.Write(b)
	return err
}

// writeMasked sends a frame as a client must: in pieces, since masking needs a copy.
func (c *Conn) writeMasked(b, payload []byte) error {
	b[1] |= bitMasked
	var mask [4]byte
	binary.LittleEndian.PutUint32(mask[:], rand.Uint32())
	b = append(b, mask[:]...)
	for {
		n := min(len(payload), joined) // a multiple of four, so that each piece begins with the first byte of the mask
		start := len(b)
		b = append(b, payload[:n]...)
		applyMask(b[start:], mask)
		payload = payload[n:]
		c.header = b
		if _, err := c.stream.Write(b); err != nil || len(payload) == 0 {
			return err
		}
		b = b[:0]
	}
}

func applyMask(b []byte, mask [4]byte) {
	word := uint64(binary.LittleEndian.Uint32(mask[:]))
	word |= word << 32
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^word)
		b = b[8:]
	}
	for k := range b {
		b[k] ^= mask[k&3]
	}
}
