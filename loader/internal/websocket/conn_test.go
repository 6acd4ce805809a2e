package websocket_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/loader/internal/websocket"
)

// sides are a client and a server whose writes gather in buffers.
type sides struct {
	client, server     *websocket.Conn
	toServer, toClient bytes.Buffer
}

func newSides(compression *websocket.Compression) *sides {
	s := &sides{}
	s.client = websocket.New(&s.toServer, bufio.NewReader(&s.toClient), true, compression)
	s.server = websocket.New(&s.toClient, bufio.NewReader(&s.toServer), false, compression)
	return s
}

// read reads one message from bytes that a peer might send; answer is what is sent back meanwhile.
func read(t testing.TB, client bool, compression *websocket.Compression, frames ...string) (message websocket.Message, answer string, err error) {
	t.Helper()
	var sent bytes.Buffer
	c := websocket.New(&sent, bufio.NewReader(strings.NewReader(strings.Join(frames, ""))), client, compression)
	m, err := c.Read()
	return m, sent.String(), err
}

// The examples of RFC 6455, section 5.7.
func TestReadsTheExamplesOfTheStandard(t *testing.T) {
	for name, frames := range map[string][]string{
		"unmasked":  {"\x81\x05Hello"},
		"masked":    {"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"},
		"fragments": {"\x01\x03Hel", "\x80\x02lo"},
	} {
		m, _, err := read(t, true, nil, frames...)
		require.NoError(t, err, name)
		require.Equal(t, websocket.Message{Kind: websocket.Text, Data: []byte("Hello")}, m, name)
	}
	for _, n := range []int{256, 65536} {
		header := map[int]string{256: "\x82\x7e\x01\x00", 65536: "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"}[n]
		m, _, err := read(t, true, nil, header, strings.Repeat("x", n))
		require.NoError(t, err)
		require.Equal(t, websocket.Binary, m.Kind)
		require.Len(t, m.Data, n)
	}
}

// The examples of RFC 7692, section 7.2.3.
func TestInflatesTheExamplesOfTheStandard(t *testing.T) {
	for name, frames := range map[string][]string{
		"one block":        {"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"},
		"fragments":        {"\x41\x03\xf2\x48\xcd", "\x80\x04\xc9\xc9\x07\x00"},
		"not compressed":   {"\xc1\x0b\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"},
		"last block":       {"\xc1\x08\xf3\x48\xcd\xc9\xc9\x07\x00\x00"},
		"two blocks":       {"\xc1\x0d\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"},
		"sent without one": {"\x81\x05Hello"},
	} {
		m, _, err := read(t, true, &websocket.Compression{}, frames...)
		require.NoError(t, err, name)
		require.Equal(t, "Hello", string(m.Data), name)
	}
	var sent bytes.Buffer
	c := websocket.New(&sent, bufio.NewReader(strings.NewReader("\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00")), true, &websocket.Compression{})
	for range 2 {
		m, err := c.Read()
		require.NoError(t, err)
		require.Equal(t, "Hello", string(m.Data), "the second message refers to the first")
	}
}

func TestMessagesTravelBothWays(t *testing.T) {
	for name, compression := range map[string]*websocket.Compression{
		"plain": nil, "compressed": {}, "forgetful": {ServerForgets: true, ClientForgets: true}, "small windows": {ServerBits: 9, ClientBits: 9},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSides(compression)
			for _, n := range []int{0, 1, 125, 126, 65535, 65536, 1 << 20, 3} {
				data := []byte(strings.Repeat("0123456789abcdef", n/16+1)[:n])
				for _, way := range []struct{ from, to *websocket.Conn }{{s.client, s.server}, {s.server, s.client}} {
					kept := bytes.Clone(data)
					require.NoError(t, way.from.Write(websocket.Binary, data))
					require.Equal(t, kept, data, "what is sent is not changed")
					m, err := way.to.Read()
					require.NoError(t, err)
					require.Equal(t, websocket.Binary, m.Kind)
					require.True(t, bytes.Equal(data, m.Data), "%d bytes became %d", n, len(m.Data))
				}
			}
		})
	}
}

func TestCompressionPays(t *testing.T) {
	s := newSides(&websocket.Compression{})
	data := []byte(`{"type":"update","name":"counter","value":1}`)
	require.NoError(t, s.server.Write(websocket.Text, data))
	first := s.toClient.Len()
	require.NoError(t, s.server.Write(websocket.Text, data))
	require.Less(t, s.toClient.Len()-first, 20, "the second message is like the first")
}

func TestCloseFrames(t *testing.T) {
	s := newSides(nil)
	require.NoError(t, s.client.WriteClose(3000, []byte("bye")))
	m, err := s.server.Read()
	require.NoError(t, err)
	require.Equal(t, websocket.Message{Kind: websocket.Close, Code: 3000, Data: []byte("bye")}, m)
	require.NoError(t, s.server.WriteClose(websocket.NoStatus, nil))
	require.Equal(t, "\x88\x00", s.toClient.String())
	m, err = s.client.Read()
	require.NoError(t, err)
	require.Equal(t, websocket.Message{Kind: websocket.Close, Code: websocket.NoStatus}, m)
	require.NoError(t, s.server.WriteClose(1000, nil), "a second one is not sent")
	require.Zero(t, s.toClient.Len())

	m, _, err = read(t, true, nil, "\x88\x01x")
	require.NoError(t, err)
	require.Equal(t, websocket.NoStatus, m.Code, "one byte is no code")
}

func TestPingsAreAnswered(t *testing.T) {
	m, sent, err := read(t, false, nil, "\x89\x02hi", "\x8a\x00", "\x01\x01a", "\x89\x00", "\x80\x01b")
	require.NoError(t, err)
	require.Equal(t, "ab", string(m.Data))
	require.Equal(t, "\x8a\x02hi\x8a\x00", sent)
}

// The reference runtime's words.
func TestProtocolErrors(t *testing.T) {
	for want, frames := range map[string]string{
		"1002 Received frame had RSV bits 2 or 3 set":                        "\xa1\x00",
		"1002 Unexpected continuation frame":                                 "\x80\x00",
		"1002 Missing continuation frame":                                    "\x01\x00\x81\x00",
		"1002 Received fragmented control frame":                             "\x09\x00",
		"1002 Unknown opcode 3":                                              "\x83\x00",
		"1002 Unknown opcode 11":                                             "\x8b\x00",
		"1009 Message is too large: 33554433 > 33554432":                     "\x82\x7f\x00\x00\x00\x00\x02\x00\x00\x01",
		"1009 Message is too large: 33554432 > 33554431":                     "\x02\x01x\x80\x7f\x00\x00\x00\x00\x02\x00\x00\x00",
		"1009 Message is too large: 18446744073709551615 > 33554432":         "\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff",
		"1002 Received a WebSocket frame whose compression bit was set, but": "\xc1\x00",
	} {
		_, sent, err := read(t, false, nil, frames)
		var broken *websocket.ProtocolError
		require.ErrorAs(t, err, &broken, want)
		code, reason, _ := strings.Cut(want, " ")
		require.Contains(t, err.Error(), "WebSocket protocol error; protocolError.statusCode = "+code+"; protocolError.description = "+reason)
		require.Contains(t, sent, reason, "the other side is told")
		require.Equal(t, byte(0x88), sent[0])
	}
	_, _, err := read(t, false, &websocket.Compression{}, "\xc1\x02\xff\xff")
	require.ErrorContains(t, err, "Invalid compressed data")
}

// A header that announces much takes no memory before the bytes come.
func TestEndOfStream(t *testing.T) {
	for _, frames := range []string{"", "\x81", "\x81\x05Hel", "\x82\x7f\x00\x00\x00\x00\x02\x00\x00\x00x", "\x01\x01a"} {
		_, sent, err := read(t, false, nil, frames)
		require.Error(t, err)
		require.True(t, errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF), "%q: %v", frames, err)
		require.Empty(t, sent)
	}
}

// What inflates to more than is allowed is refused, however short it came.
func TestInflationHasALimit(t *testing.T) {
	s := newSides(&websocket.Compression{})
	require.NoError(t, s.client.Write(websocket.Binary, make([]byte, websocket.MaxMessage+1)))
	require.Less(t, s.toServer.Len(), 1<<20)
	_, err := s.server.Read()
	require.EqualError(t, err, "WebSocket protocol error; protocolError.statusCode = 1009; protocolError.description = Message is too large")
}

func TestAcceptKey(t *testing.T) {
	require.Equal(t, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", websocket.AcceptKey("dGhlIHNhbXBsZSBub25jZQ==")) // RFC 6455, section 1.3
	require.Len(t, websocket.NewKey(), 24)
	require.NotEqual(t, websocket.NewKey(), websocket.NewKey())
}

// Whatever comes, reading ends without a panic and within the limit.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"\x81\x05Hello", "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", "\x01\x03Hel\x89\x00\x80\x02lo", "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00",
		"\x88\x02\x03\xe8", "\x82\x7f\x00\x00\x00\x00\x02\x00\x00\x01", "\x82\x7e\x01\x00",
	} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, compressed bool) {
		var compression *websocket.Compression
		if compressed {
			compression = &websocket.Compression{}
		}
		c := websocket.New(io.Discard, bufio.NewReader(bytes.NewReader(data)), false, compression)
		for {
			m, err := c.Read()
			if err != nil {
				return
			}
			require.LessOrEqual(t, len(m.Data), websocket.MaxMessage)
			require.Contains(t, []websocket.Kind{websocket.Text, websocket.Binary, websocket.Close}, m.Kind)
		}
	})
}

// Any sequence of messages arrives as it was sent.
func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte("Hello"), []byte("Hello Hello"), uint8(0))
	f.Add([]byte{}, bytes.Repeat([]byte("ab"), 40000), uint8(3))
	f.Fuzz(func(t *testing.T, a, b []byte, options uint8) {
		s := newSides(&websocket.Compression{ServerForgets: options&1 != 0, ClientForgets: options&2 != 0})
		for _, data := range [][]byte{a, b, a} {
			require.NoError(t, s.client.Write(websocket.Binary, data))
			m, err := s.server.Read()
			require.NoError(t, err)
			require.True(t, bytes.Equal(data, m.Data))
			require.NoError(t, s.server.Write(websocket.Text, data))
			m, err = s.client.Read()
			require.NoError(t, err)
			require.True(t, bytes.Equal(data, m.Data))
		}
	})
}
