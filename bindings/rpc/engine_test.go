package rpc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"

	"github.com/dynos-run/dynos/bindings/rpc"
	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/loader"
	"github.com/dynos-run/dynos/polyfills"
)

// door lets the test's worker use the serialiser that calls between workers use. Channels are numbers that nobody calls.
const door = `
globalThis.wire = {
  write(value) {
    const { bytes } = require("cloudflare/rpc_codec").serialize(value, "arguments");
    return typeof bytes === "string" ? ops.op_latin1_encode(bytes) : bytes;
  },
  read: (bytes) => require("cloudflare/rpc_codec").deserialize(bytes, [1, 2, 3], undefined).value,
};
`

// A realm is a worker of testdata/values.js on the real engine.
type realm struct{ client *http.Client }

func startRealm(t testing.TB) *realm {
	sources, err := polyfills.Sources()
	require.NoError(t, err)
	list := make([]isolate.Source, len(sources))
	for i, s := range sources {
		list[i] = isolate.Source{ID: s.ID, Text: s.Text}
		if s.ID == "core/dispatch" {
			list[i].Text += door
		}
	}
	require.NoError(t, isolate.Start(list))
	source, err := os.ReadFile("testdata/values.js")
	require.NoError(t, err)
	rt, err := loader.New(loader.Config{Workers: []loader.Worker{{
		Name: "wire", CompatibilityDate: "2026-10-01", CompatibilityFlags: []string{"nodejs_compat"},
		Modules:  []loader.Module{{Name: "values.js", Source: source}},
		Bindings: []loader.Binding{{Name: "SELF", Service: &loader.Service{Worker: "wire"}}},
	}}})
	require.NoError(t, err)
	listener := fasthttputil.NewInmemoryListener()
	server := &fasthttp.Server{Handler: rt.Handler(), StreamRequestBody: true, Logger: quiet{}}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	dial := func(context.Context, string, string) (net.Conn, error) { return listener.Dial() }
	r := &realm{&http.Client{Transport: &http.Transport{DialContext: dial}}}
	t.Cleanup(func() {
		r.client.CloseIdleConnections()
		require.NoError(t, listener.Close())
		require.NoError(t, <-served)
		require.NoError(t, rt.Close())
	})
	return r
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}

func (r *realm) ask(t testing.TB, path, name string, body []byte) []byte {
	t.Helper()
	response, err := r.client.Post("http://localhost/"+path+"?"+url.PathEscape(name), "application/octet-stream", bytes.NewReader(body))
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, 200, response.StatusCode, "%s %s: %s", path, name, data)
	return data
}

// names are the keys of values.js, which the tables below must cover.
func (r *realm) names(t *testing.T) (values, checks []string) {
	var lists [2][]string
	require.NoError(t, json.Unmarshal(r.ask(t, "names", "", nil), &lists))
	return lists[0], lists[1]
}

// stubs stands for the host: a capability is its class and its number.
type stubs struct{}

type stub struct {
	class  uint32
	number int
}

func (stub) Call() {}

func (stubs) Reference(v reflect.Value) (uint32, any, bool, error) {
	s, ok := v.Interface().(stub)
	return s.class, s.number, ok, nil
}

func (stubs) Resolve(tag uint32, data any, target reflect.Type) (any, error) {
	if number, ok := data.(float64); ok {
		return stub{tag, int(number)}, nil
	}
	return nil, fmt.Errorf("no stub: %d %v", tag, data)
}

func bigInt(text string) *big.Int {
	i, ok := new(big.Int).SetString(text, 10)
	if !ok {
		panic(text)
	}
	return i
}

// fromV8 is what a target of type any receives for each value of values.js.
func fromV8() map[string]any {
	undefined := rpc.Undefined{}
	cycle := map[string]any{"a": 1.0}
	cycle["self"] = cycle
	shared := map[string]any{"n": 1.0}
	var nested any
	for range 3000 {
		nested = map[string]any{"v": nested}
	}
	return map[string]any{
		"undefined": undefined, "null": nil, "true": true, "false": false,
		"zero": 0.0, "negative": -5.0, "negative zero": math.Copysign(0, -1), "31 bits": 1073741824.0, "32 bits": 2147483648.0,
		"fraction": 1.5, "NaN": math.NaN(), "infinity": math.Inf(-1),
		"empty string": "", "ASCII": "text", "Latin-1": "café", "two bytes": "€ 1", "surrogate pair": "😀", "lone surrogates": "\ufffda\ufffd",
		"BigInt 0": bigInt("0"), "BigInt": bigInt("18446744073709551617"), "negative BigInt": bigInt("-5"),
		"empty object": map[string]any{},
		"object":       map[string]any{"a": 1.0, "5": "five", "4294967294": "index", "4294967295": "name", "€": undefined, "__proto__": 1.0},
		"array":        []any{1.0, "a", nil, undefined}, "doubles": []any{1.5, 2.5},
		"holes": []any{1.0, undefined, 3.0}, "sparse": []any{undefined, undefined, undefined, "x"}, "array with properties": []any{1.0},
		"Map":  &rpc.Map{{Key: "a", Value: 1.0}, {Key: 2.0, Value: map[string]any{"b": 2.0}}},
		"Set":  &rpc.Set{1.0, "a"},
		"Date": time.UnixMilli(1700000000123).UTC(), "early Date": time.Time{}, "invalid Date": time.Time{},
		"RegExp": rpc.RegExp{Source: `a\/b`, Flags: "dgimsuy"}, "RegExp v": rpc.RegExp{Source: "x", Flags: "v"},
		"boxed":       []any{5.0, "x", true, false, bigInt("5")},
		"ArrayBuffer": []byte{1, 2, 3, 4, 5, 6, 7, 8}, "resizable ArrayBuffer": []any{make([]byte, 4), make([]byte, 3)},
		"part of a buffer": []byte{3, 4, 5},
		"views":            []any{[]byte{1, 2, 3, 4, 5, 6, 7, 8}, []byte{2, 3}, []byte{5, 6, 7, 8}, []byte{255}, []byte{255}},
		"Int32Array":       []byte{1, 0, 0, 0, 254, 255, 255, 255}, "Float64Array": []byte{0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0},
		"Float32Array": []byte{0, 0, 0xc0, 0x3f}, "BigInt64Array": []byte{255, 255, 255, 255, 255, 255, 255, 255, 5, 0, 0, 0, 0, 0, 0, 0},
		"BigUint64Array": []byte{255, 255, 255, 255, 255, 255, 255, 255},
		"cycle":          cycle, "shared": []any{shared, shared}, "nested 3000": nested,
		"Error":                 &rpc.Error{Name: "Error", Message: "m"},
		"TypeError":             &rpc.Error{Name: "TypeError", Message: "m", Cause: &rpc.Error{Name: "RangeError", Message: "inner"}},
		"Error with any cause":  &rpc.Error{Name: "Error", Message: "m", Cause: []any{1.0}},
		"Error with properties": &rpc.Error{Name: "Error", Message: "m", Properties: map[string]any{"code": "E", "info": map[string]any{"x": 1.0}}},
		"Error of an own class": &rpc.Error{Name: "Custom", Message: "m"},
		"AggregateError":        &rpc.Error{Name: "AggregateError", Message: "m", Properties: map[string]any{"errors": []any{&rpc.Error{Name: "Error", Message: "x"}}}},
		"DOMException":          &rpc.Error{Name: "AbortError", Message: "m", DOMException: true},
		"Headers":               http.Header{"B": {"1"}, "Set-Cookie": {"a", "b"}, "X": {"€"}},
		"Blob":                  &rpc.Blob{Data: []byte("hi"), Type: "text/plain"},
		"service stub":          []any{stub{rpc.TagFetcher, 0}, stub{rpc.TagFetcher, 0}},
		"capabilities":          []any{stub{rpc.TagStub, 0}, stub{rpc.TagStub, 1}, stub{rpc.TagReadable, 2}, stub{rpc.TagWritable, 3}},
	}
}

// withoutStacks checks that stacks begin with name and message, and drops them.
func withoutStacks(t *testing.T, value any) {
	if e, ok := value.(*rpc.Error); ok && e.Stack != "" {
		require.Contains(t, e.Stack, ": "+e.Message+"\n    at ")
		e.Stack = ""
		withoutStacks(t, e.Cause)
	}
}

func TestReadsWhatV8Writes(t *testing.T) {
	r := startRealm(t)
	names, _ := r.names(t)
	table := fromV8()
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			data := r.ask(t, "write", name, nil)
			var got any
			err := rpc.Unmarshal(data, &got, stubs{})
			if name == "Request" {
				require.ErrorContains(t, err, "$: no stub: 5 [PUT http://host/")
				return
			}
			require.NoError(t, err, "%q", data)
			withoutStacks(t, got)
			want, ok := table[name]
			require.True(t, ok, "no row")
			if f, ok := want.(float64); ok {
				require.Equal(t, math.Float64bits(f), math.Float64bits(got.(float64)))
				return
			}
			require.True(t, reflect.DeepEqual(want, got), "%#v", got)
			if name == "shared" {
				list := got.([]any)
				list[0].(map[string]any)["n"] = 2.0
				require.Equal(t, 2.0, list[1].(map[string]any)["n"])
			}
		})
	}
}

type record struct {
	ID      int      `json:"id"`
	Name    string   `json:"name"`
	Tags    []string `json:"tags,omitempty"`
	Inner   *inner   `json:"inner"`
	None    *inner   `json:"none"`
	Empty   []string `json:"empty,omitempty"`
	Big     int64    `json:"big,string"`
	Hidden  string   `json:"-"`
	private string
}

type inner struct {
	X float64 `json:"x"`
}

type rangeError struct{ error }

func (rangeError) ErrorClass() string { return "RangeError" }

// toV8 is a Go value for each check of values.js.
func toV8() map[string]any {
	deep := any(nil)
	for range 2000 {
		deep = []any{deep}
	}
	chain := errors.New("m")
	for range 660 {
		chain = fmt.Errorf("%w", chain)
	}
	return map[string]any{
		"undefined": rpc.Undefined{}, "deep errors": chain,
		"scalars": []any{nil, true, false, 0, int8(-1), int32(math.MaxInt32), math.MinInt32, uint32(math.MaxUint32), int64(1<<53 - 1), float32(1.5),
			math.Copysign(0, -1), math.NaN(), math.Inf(1)},
		"strings":    []string{"", "text", "café", "€", "a€", "😀", "\xff", "\x00"},
		"BigInts":    []*big.Int{bigInt("0"), bigInt("1"), bigInt("-1"), bigInt("18446744073709551616"), new(big.Int).Neg(new(big.Int).Lsh(big.NewInt(1), 100))},
		"bytes":      []byte{1, 2, 255},
		"object":     map[string]int{"a": 3, "10": 2, "5": 1, "": 0, "€": 4, "café": 5, "4294967294": 6, "4294967295": 7, "__proto__": 8},
		"Map":        map[int]string{10: "c", 1: "a", 2: "b"},
		"Map of any": rpc.Map{{Key: map[string]int{"k": 1}, Value: "a"}, {Key: "b"}},
		"Set":        rpc.Set{1, "a"},
		"Date":       time.UnixMilli(1700000000123), "RegExp": rpc.RegExp{Source: `a\/b`, Flags: "dgimsuy"},
		"struct": record{ID: 1, Name: "n", Tags: []string{"a", "b"}, Inner: &inner{1.5}, Big: math.MaxInt64, Hidden: "h", private: "p"},
		"Error":  fmt.Errorf("outer: %w", errors.New("inner")), "RangeError": rangeError{errors.New("m")},
		"AggregateError":        errors.Join(errors.New("a"), io.EOF),
		"Error with properties": &rpc.Error{Name: "TypeError", Message: "m", Stack: "hidden", Properties: map[string]any{"code": 5, "message": "no"}},

		"Error of an own class": &rpc.Error{Name: "Custom", Message: "m"}, "DOMException": &rpc.Error{Name: "AbortError", Message: "m"},
		"Headers": http.Header{"Set-Cookie": {"x", "y"}, "B": {"1", " 2 "}},
		"Blob":    rpc.Blob{Data: []byte("hi"), Type: "Text/Plain"},
		"stubs":   []any{stub{rpc.TagFetcher, 0}, stub{rpc.TagStub, 1}},
		"JSON":    json.RawMessage(`{"b": 1, "a": [true, null, 1e300], "c": 2, "c": 3}`),
		"deep":    deep,
	}
}

// ownBytes are the rows that V8 writes otherwise: an array that it has read is sparse to it, small integers of 32 bits are doubles,
// names that are indices come first.
var ownBytes = map[string]bool{"scalars": true, "object": true, "struct": true, "Headers": true, "stubs": true, "AggregateError": true, "JSON": true, "deep": true, "deep errors": true}

// V8 reads what Go writes, and would have written the same bytes.
func TestWritesWhatV8Reads(t *testing.T) {
	r := startRealm(t)
	_, names := r.names(t)
	table := toV8()
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			value, ok := table[name]
			require.True(t, ok, "no row")
			data, err := rpc.Marshal(value, stubs{})
			require.NoError(t, err)
			r.ask(t, "check", name, data)
			if !ownBytes[name] {
				require.Equal(t, data, r.ask(t, "echo", "", data))
			}
		})
	}
}
