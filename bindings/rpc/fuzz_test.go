package rpc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// seeds are messages, most of them of V8, without their header.
var seeds = []string{
	"A\r_0TFI\x02I\x01N\x00\x00\x00\x00\x00\x00\xe0AN\x00\x00\x00\x00\x00\x00\x00\x80N\x00\x00\x00\x00\x00\x00\xf8\x7f_____$\x00\r",
	"A\x05\"\x01a\"\x01\xe9c\x02\xac c\x06a\x00b\x00\xac c\x02\x00\xd8$\x00\x05", "A\x03Z\x00Z\x10\x01\x00\x00\x00\x00\x00\x00\x00Z\x11\x01\x00\x00\x00\x00\x00\x00\x00$\x00\x03",
	"oI\nI\x04N\x00\x00\xc0\xff\xff\xff\xefAI\x02\"\x01aI\x02\"\x01bo\"\x01c_{\x01c\x02\xac I\x06{\x05", "a\x03I\x00I\x02I\x04I\x06@\x02\x03", "A\x02I\x02I\x04\"\x01xI\x06$\x01\x02",
	"A\x02D\x00\x00\x00\x00\x00\x00\x00\x00R\"\x04a\\/b\xbf\x01$\x00\x02", "A\x05n\x00\x00\x00\x00\x00\x00\x14@s\"\x01xyxz\x10\x05\x00\x00\x00\x00\x00\x00\x00$\x00\x05",
	";\"\x01aI\x02I\x04D\x00\x00\x00\x00\x00\x00\x14@o{\x00^\x01:\x06", "'I\x02\"\x01a,\x02", "o\"\x01aI\x02\"\x04self^\x00{\x02",
	"A\x04B\b\x01\x02\x03\x04\x05\x06\a\b^\x01VB\x02\x03\x00^\x01VF\x00\b\x00^\x01V?\x01\x02\x00$\x00\x04", "A\x02~\x04\x10\x00\x00\x00\x00^\x01VB\x00\x00\x03$\x00\x02",
	"rTm\"\x03bads\"\x0eTypeError: badcrRm\"\x05inner..", "\\\x01A\x03\"\nAbortError\"\x01m\"\x01s$\x00\x03", "\\\x04A\x02\"\x01a\"\x011$\x00\x02", "\\\x08A\x03\"\x05Error\"\x01mo\"\x04name\"\x01n\"\x05causeI\x02{\x02$\x00\x03", "\\\x03A\x02B\x02hiVB\x00\x02\x00\"\x00$\x00\x02", "A\x02\\@I\n^\x01$\x00\x02",
	"o\"\x01Ao\"\x01XI\x02{\x01\"\x01B^\x01\"\x01C^\x01\"\x01D^\x01\"\x01E^\x01{\x05",
}

// everything is a target with a field of each kind. Field names are short, so that a fuzzer finds them.
type everything struct {
	A []everything
	B map[string]everything
	C *everything
	D any
	E []*everything
	F map[int]any
	G [2]everything2
	H json.RawMessage
	I time.Time
	J *big.Int
	K []float64
	L []byte
	M map[any]struct{}
	N Object
	O Map
	P Set
	Q *Error
	R string
	S int8
	T upper
	U *keepsJSON
	V error
	W *service
	X float32
	Y *bool
	Z json.Number
}

// lists have elements that cost memory of their own for each reference.
type lists struct {
	List    [][]float64
	Texts   []upper
	JSON    []json.RawMessage
	Bigs    []big.Int
	Numbers []json.Number
}

type everything2 struct{ A, B *everything }

func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// checkMemory runs f, which may allocate so much, and so much for each byte of a message of length n.
func checkMemory(t testing.TB, n, fixed, perByte int, f func()) {
	before := allocated()
	f()
	if used := allocated() - before; used > uint64(fixed+perByte*n) {
		t.Fatalf("%d bytes were allocated for a message of %d", used, n)
	}
}

func FuzzUnmarshal(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(message(seed)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		refs := new(capabilities)
		for _, into := range []any{new(any), new(everything), new([]everything), new(map[string]*everything), new(json.RawMessage), new([]any)} {
			// Elements of some targets are large, and an array may have 16,384 that are not there.
			checkMemory(t, len(data), 16<<20, 40000, func() { _ = Unmarshal(data, into, refs) })
		}
		var value any
		if Unmarshal(data, &value, nil) == nil {
			checkStable(t, value)
		}
	})
}

// checkStable says that what was read can be written, and reads the same again. References may make it too large or a cycle.
func checkStable(t *testing.T, value any) {
	first, err := Marshal(value, nil)
	var size *SizeError
	var odd *ValueError
	if errors.As(err, &size) || errors.As(err, &odd) {
		return
	}
	require.NoError(t, err)
	var again any
	require.NoError(t, Unmarshal(first, &again, nil))
	second, err := Marshal(again, nil)
	require.NoError(t, err)
	require.True(t, bytes.Equal(first, second), "%q\n%q", first, second)
}

func FuzzRoundTrip(f *testing.F) {
	f.Add("text", int64(1), 1.5, []byte{1}, true, int64(5))
	f.Add("\u20ac\xff", int64(-1<<62), math.Copysign(0, -1), []byte{}, false, int64(-62135596800000))
	f.Fuzz(func(t *testing.T, s string, i int64, x float64, b []byte, yes bool, ms int64) {
		type value struct {
			S    string
			I    *big.Int
			X    float64
			B    []byte
			Yes  *bool
			Date time.Time
			M    map[string]int32
			L    []any
		}
		if b == nil {
			b = []byte{}
		}
		if x != x {
			x = 0
		}
		s = strings.ToValidUTF8(s, "?")
		in := value{s, big.NewInt(i), x, b, &yes, time.UnixMilli(ms % maxTime).UTC(), map[string]int32{s: int32(i), s + "1": 5}, []any{s, x, nil, yes, Undefined{}}}
		data, err := Marshal(in, nil)
		require.NoError(t, err)
		var out value
		require.NoError(t, Unmarshal(data, &out, nil))
		require.Zero(t, in.I.Cmp(out.I))
		out.I = in.I
		require.True(t, reflect.DeepEqual(in, out), "%v\n%v", in, out)
	})
}

// Messages that promise or repeat much are refused, or cost what their length allows.
func TestHostileMessagesCostLittle(t *testing.T) {
	repeat := func(s string, n int) string { return strings.Repeat(s, n) }
	big := repeat("x", 1<<16)
	chain := "" // each object refers to all before it, as other types
	for i := range 200 {
		chain += fmt.Sprintf("\"\x01D^\x00\"\x01C^%c\"\x01Co", i%128)
	}
	for name, body := range map[string]string{
		"length of a dense array":  "A\xff\xff\xff\xff\x0f",
		"nested lengths":           repeat("A\x80\x80\x04", 1<<14) + repeat("0", 1<<16),
		"length of a sparse array": "a\xff\xff\xff\xff\x0f@\x00\xff\xff\xff\xff\x0f",
		"many sparse arrays":       "A\x40" + repeat("a\x80\x7f@\x00\x80\x7f", 64) + "$\x00\x40",
		"sparse arrays again":      "o" + repeat("\"\x01Da\x80\x7f@\x00\x80\x7f\"\x01K^\x01", 1) + "{\x02",
		"length of a string":       "\"\xff\xff\xff\xff\x0f",
		"length of a BigInt":       "Z\xff\xff\xff\xff\x0f",
		"length of a buffer":       "~\xff\xff\xff\xff\x0f\xff\xff\xff\xff\x0f",
		"many views":               "A\x80\x08B\x80\x80\x04" + big + repeat("^\x01VB\x00\x80\x80\x04\x00", 1023) + "$\x00\x80\x08",
		"one view as numbers":      "o\"\x04listA\x80\x08B\x80\x80\x04" + big + "VB\x00\x80\x80\x04\x00" + repeat("^\x03", 1023) + "$\x00\x80\x08{\x01",
		"one text as text":         "o\"\x05textsA\x80\x08s\"\x80\x80\x04" + big + repeat("^\x02", 1023) + "$\x00\x80\x08{\x01",
		"one text as JSON":         "o\"\x04jsonA\x80\x08s\"\x80\x80\x04" + big + repeat("^\x02", 1023) + "$\x00\x80\x08{\x01",
		"one BigInt":               "o\"\x04bigsA\x80\x08z\x80\x80\x08" + big + repeat("^\x02", 1023) + "$\x00\x80\x08{\x01",
		"one BigInt as numbers":    "o\"\x07numbersA\x80\x08z\x80\x20" + big[:1<<11] + repeat("^\x02", 1023) + "$\x00\x80\x08{\x01",
		"one list as Headers":      "A\x80\x08A\x80\x80\x02" + repeat("\"\x01a", 1<<15) + "$\x00\x80\x80\x02" + repeat("\\\x04^\x01", 1023) + "$\x00\x80\x08",
		"many views as numbers":    "o\"\x01KB\x80\x80\x04" + big + repeat("\"\x01K^\x01VB\x00\x80\x80\x04\x00", 8) + "{\x09",
		"depth":                    repeat("A\x01", 1<<20),
		"depth of typed":           repeat("o\"\x01C", 1<<18),
		"depth of names":           repeat("o\"\x80\x02"+repeat("n", 256), 1<<12),
		"depth of errors":          repeat("rc", 1<<20),
		"depth of hosts":           repeat("\\\x40", 1<<20),
		"chain":                    "o" + chain,
		"JSON that repeats":        "o\"\x01H" + repeat("A\x02", 40) + repeat("0^\x01", 1) + "{\x01",
		"a large BigInt as JSON":   "o\"\x01HZ\x80\x80\x08" + repeat("\xff", 1<<16) + "{\x01",
	} {
		t.Run(name, func(t *testing.T) {
			data := message(body)
			for _, into := range []any{new(any), new(everything), new([]everything), new(lists), new([]any), new(json.RawMessage)} {
				// A level of depth is up to a kilobyte of path and stack, whatever its bytes.
				checkMemory(t, len(data), 4<<20, 600, func() { _ = Unmarshal(data, into, new(capabilities)) })
			}
		})
	}
}

// Lists that contain the one before them twice are 2^n values, but not here.
func TestSharedListsStayShared(t *testing.T) {
	body := ""
	for range 30 {
		body += "A\x02"
	}
	body += "0"
	for i := 29; i >= 0; i-- {
		if i == 29 {
			body += "0$\x00\x02"
			continue
		}
		body += fmt.Sprintf("^%c$\x00\x02", i+1)
	}
	data := message(body)
	var value any
	require.NoError(t, Unmarshal(data, &value, nil))
	list := value.([]any)
	require.Equal(t, reflect.ValueOf(list[0]).Pointer(), reflect.ValueOf(list[1]).Pointer())
	var raw json.RawMessage
	checkMemory(t, len(data), 4<<20, 0, func() { require.ErrorContains(t, Unmarshal(data, &raw, nil), "too large as JSON") })
	_, err := Marshal(value, nil)
	var size *SizeError
	require.ErrorAs(t, err, &size)
}
