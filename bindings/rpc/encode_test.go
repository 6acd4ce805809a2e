package rpc

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"net/http"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// roundTrip is what a target of type any receives of v.
func roundTrip(t testing.TB, v any) any {
	t.Helper()
	data, err := Marshal(v, nil)
	require.NoError(t, err)
	var got any
	require.NoError(t, Unmarshal(data, &got, nil))
	return got
}

type text struct{ s string }

func (v text) MarshalText() ([]byte, error) { return []byte("<" + v.s + ">"), nil }

type asJSON struct{ s string }

func (v *asJSON) MarshalJSON() ([]byte, error) { return []byte(`{"j":"` + v.s + `"}`), nil }

type kind string

type optional struct {
	Empty  []int          `json:",omitempty"`
	Zero   time.Time      `json:",omitzero"`
	Map    map[string]int `json:"map,omitempty"`
	Number int            `json:"number"`
	Quoted *uint8         `json:",string"`
	None   *bool          `json:",string"`
	Text   string         `json:",string"`
}

func TestWhatBecomesOfGoValues(t *testing.T) {
	seven, undefined := uint8(7), Undefined{}
	var nilError *Error
	var nilFunc func()
	for _, row := range []struct {
		name      string
		in, wants any
	}{
		{"nil", nil, nil},
		{"nil pointers, slices, maps, funcs", []any{(*int)(nil), []int(nil), []byte(nil), map[string]any(nil), map[int]int(nil), nilError, nilFunc, (*big.Int)(nil), json.RawMessage(nil)}, []any{nil, nil, nil, nil, nil, nil, nil, nil, nil}},
		{"undefined", []any{undefined, &undefined}, []any{undefined, undefined}},
		{"integers", []any{int8(-1), uint16(2), uintptr(3), uint64(1) << 63, int64(math.MinInt64)}, []any{-1.0, 2.0, 3.0, 9223372036854775808.0, -9223372036854775808.0}},
		{"named scalars", []any{kind("k"), time.Second, float32(0.5)}, []any{"k", 1e9, 0.5}},
		{"json.Number", []json.Number{"1.50", "", "-7"}, []any{1.5, 0.0, -7.0}},
		{"arrays", [2]bool{true, false}, []any{true, false}},
		{"bytes", []any{[2]byte{1, 2}, &[1]byte{3}, []uint8{4}}, []any{[]byte{1, 2}, []byte{3}, []byte{4}}},
		{"pointers", &[]*int{new(int)}, []any{0.0}},
		{"maps with names", map[kind]any{"b": 1, "a": nil}, map[string]any{"a": nil, "b": 1.0}},
		{"maps with numbers", map[float32]string{2: "b", 1: "a"}, &Map{{1.0, "a"}, {2.0, "b"}}},
		{"maps with texts", map[netip.Addr]int{netip.MustParseAddr("::1"): 1}, &Map{{"::1", 1.0}}},
		{"maps with any key", map[any]any{true: 1}, &Map{{true, 1.0}}},
		{"Map, Set, Object", []any{Map(nil), &Map{{1, 2}}, Set{}, Object{{"b", 1}, {"a", 2}}}, []any{&Map{}, &Map{{1.0, 2.0}}, &Set{}, map[string]any{"a": 2.0, "b": 1.0}}},
		{"text", []any{text{"a"}, &text{"b"}, netip.MustParseAddr("1.2.3.4")}, []any{"<a>", "<b>", "1.2.3.4"}},
		{"JSON", []any{&asJSON{"a"}, []asJSON{{"b"}}, json.RawMessage(`[1e999]`)}, []any{map[string]any{"j": "a"}, []any{map[string]any{"j": "b"}}, []any{math.Inf(1)}}},
		{"JSON without an address", asJSON{"a"}, map[string]any{}},
		{"empty fields", optional{Number: 5, Quoted: &seven, Text: "t"}, map[string]any{"number": 5.0, "Quoted": "7", "None": nil, "Text": "t"}},
		{"big.Int", []any{*big.NewInt(5), big.NewInt(-5)}, []any{big.NewInt(5), big.NewInt(-5)}},
		{"errors", fmt.Errorf("a: %w", io.EOF), &Error{Name: "Error", Message: "a: EOF", Cause: &Error{Name: "Error", Message: "EOF"}}},
		{"several errors", errors.Join(io.EOF, io.ErrNoProgress), &Error{Name: "AggregateError", Message: "EOF\nmultiple Read calls return no data or error", Properties: map[string]any{
			"errors": []any{&Error{Name: "Error", Message: "EOF"}, &Error{Name: "Error", Message: "multiple Read calls return no data or error"}}}}},
		{"an Error", Error{Name: "TypeError", Message: "m", Stack: "s", Cause: 1, Properties: map[string]any{"b": 1, "a": nil, "stack": 2}}, &Error{Name: "TypeError", Message: "m", Cause: 1.0, Properties: map[string]any{"b": 1.0, "a": nil}}},
		{"an Error of an own class", &Error{Name: "Own", Message: "m"}, &Error{Name: "Own", Message: "m"}},
		{"an Error with what cannot be written", []any{&Error{Name: "Own", Cause: []any{map[string]any{"a": func() {}}}}, map[string]any{"b": 1}}, []any{&Error{Name: "Error"}, map[string]any{"b": 1.0}}},
		{"a DOMException", &Error{Name: "Own", DOMException: true}, &Error{Name: "Own", Stack: "Own", DOMException: true}},
		{"Headers", http.Header(nil), http.Header{}},
		{"a Blob with a bad type", &Blob{Type: "caf\u00e9"}, &Blob{Data: []byte{}}},
	} {
		t.Run(row.name, func(t *testing.T) { require.Equal(t, row.wants, roundTrip(t, row.in)) })
	}
}

func TestWhatCannotBeWritten(t *testing.T) {
	type list []list
	type node struct {
		Next *node `json:"next"`
	}
	type pointer *pointer
	var self pointer
	self = pointer(&self)
	loop := make(list, 1)
	loop[0] = loop
	knot := &node{}
	knot.Next = knot
	object := map[string]any{}
	object["a"] = []any{object}
	deep := any(1)
	for range maxWriteDepth + 1 {
		deep = []any{deep}
	}
	for _, row := range []struct {
		in  any
		err string
	}{
		{[]any{map[string]any{"a": []int64{1<<53 + 1}}}, "$[0].a[0]: 9007199254740993 is not exact as a number: use *big.Int"},
		{uint64(math.MaxUint64), "$: 18446744073709551615 is not exact as a number: use *big.Int"},
		{int64(math.MaxInt64), "$: 9223372036854775807 is not exact as a number: use *big.Int"},
		{map[string]any{"two words": func() {}}, `$["two words"]: a func() cannot be written`},
		{struct{ C chan int }{make(chan int)}, "$.C: a chan int cannot be written"},
		{Object{{"x", 1i}}, "$.x: a complex128 cannot be written"},
		{time.Date(300000, 1, 1, 0, 0, 0, 0, time.UTC), "$: 300000-01-01 00:00:00 +0000 UTC is out of the range of Date"},
		{time.Time{}.AddDate(-300000, 0, 0), "is out of the range of Date"},
		{json.Number("x"), `$: "x" is no number`},
		{json.RawMessage("{"), "$: invalid JSON: EOF"},
		{json.RawMessage("1 2"), "$: invalid JSON: text after the value"},
		{json.RawMessage(strings.Repeat("[", 5000)), "$: invalid JSON: too many levels"},
		{RegExp{"a", "gg"}, `$: "gg" are no flags of a regular expression`},
		{RegExp{"a", "\x00"}, `are no flags of a regular expression`},
		{http.Header{"a b": {"c"}}, `$: "a b" is no name of a header`},
		{http.Header{"A": {"b\nc"}}, `$.A: "b\nc" is no value of a header`},
		{Object{{"a", 1}, {"a", 2}}, `$: two properties have the name "a"`},
		{map[string]any{"\xff": 1, "\xfe": 2}, "$: two keys are equal as text: \ufffd"},
		{map[kind]int{"\xff": 1, "\ufffd": 2}, "$: two keys are equal as text: \ufffd"},
		{loop, "a rpc.list that contains itself cannot be written"},
		{knot, "next.next: a *rpc.node that contains itself cannot be written"},
		{object, "that contains itself cannot be written"},
		{self, "that contains itself cannot be written"},
		{deep, "[0]: cannot write more than 2000 levels"},
		{new(big.Int).Lsh(big.NewInt(1), maxBigIntBits), "is too large for BigInt"},
	} {
		_, err := Marshal(row.in, nil)
		var value *ValueError
		require.ErrorAs(t, err, &value)
		require.ErrorContains(t, err, row.err)
	}
}

// An error that is its own cause ends somewhere, and what comes after it is not affected.
func TestErrorsArriveCut(t *testing.T) {
	round := &Error{Name: "Error"}
	round.Cause = round
	type list []list
	long := list{} // just short enough by itself
	for range maxWriteDepth - 10 {
		long = list{long}
	}
	got := roundTrip(t, []any{round, &Error{Name: "Error", Message: "m", Cause: []any{[]any{[]any{[]any{[]any{[]any{long}}}}}}}, long})
	require.Equal(t, &Error{Name: "Error", Message: "m"}, got.([]any)[1])
	depth := 0
	for e, ok := got.([]any)[0].(*Error); ok; e, ok = e.Cause.(*Error) {
		depth++
	}
	require.Greater(t, depth, 1)
}

func TestMessagesHaveALimit(t *testing.T) {
	shared := any("0123456789")
	for range 40 {
		shared = []any{shared, shared}
	}
	for _, v := range []any{shared, make([]byte, MaxSize), strings.Repeat("a", MaxSize), make([]uint16, MaxSize/2)} {
		_, err := Marshal(v, nil)
		var size *SizeError
		require.ErrorAs(t, err, &size)
		require.Greater(t, size.Size, MaxSize)
	}
	_, err := Marshal(make([]byte, MaxSize-20), nil)
	require.NoError(t, err)
	require.Equal(t, "Serialized RPC arguments or return values are limited to 32MiB, but the size of this value was: 5 bytes.", (&SizeError{5}).Error())
}

func TestAppendKeepsWhatIsThere(t *testing.T) {
	data, err := Append([]byte("x"), []any{"\u20ac"}, nil)
	require.NoError(t, err)
	alone, err := Marshal([]any{"\u20ac"}, nil)
	require.NoError(t, err)
	require.Equal(t, "x"+string(alone), string(data)) // the alignment counts from the message
	data, err = Append([]byte("x"), func() {}, nil)
	require.Error(t, err)
	require.Equal(t, "x", string(data))
}

// What follows are structs whose fields encoding/json has rules about.
type (
	Deep struct{ A, B, C int }
	Left struct {
		Deep
		X, L int
	}
	Right struct {
		X int
		R int `json:"r"`
	}
	lower struct{ Shown int }
	Again struct {
		*Again
		N int
	}
	Number  int
	number  int
	tagged1 struct {
		V int `json:"v"`
	}
	tagged2 struct{ V int }
	Odd     struct {
		Left
		*Right
		lower
		Number
		A     int             `json:"a,omitempty"`
		B     string          `json:"B"`
		Name  Deep            `json:"deep"`
		Sign  int             `json:"a/b c!"`
		Iface any             `json:",omitempty"`
		M     map[string]int  `json:",omitempty"`
		Skip  int             `json:"-"`
		Zero  struct{ Y int } `json:",omitzero"`
		Num   json.Number
	}
)

// The names, and which of equal ones wins, are those of encoding/json.
func TestFieldsAreThoseOfJSON(t *testing.T) {
	// Tags that linters would not have.
	odd := reflect.StructOf([]reflect.StructField{
		{Name: "Dash", Type: reflect.TypeFor[int](), Tag: `json:"-,"`}, {Name: "Bad", Type: reflect.TypeFor[int](), Tag: `json:"bad\"name"`},
	})
	for _, v := range []any{
		reflect.New(odd).Elem().Interface(), Odd{}, Odd{Right: &Right{X: 1, R: 2}, Iface: 0, M: map[string]int{"x": 1}, A: 1, Num: "3"}, &Again{N: 1, Again: &Again{N: 2}},
		struct {
			tagged1
			tagged2
		}{tagged1{1}, tagged2{2}},
		struct {
			Left
			Right
			*Deep
		}{},
		struct {
			tagged1
			Other struct{ V int } `json:"v"`
		}{},
	} {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		var want, got any
		require.NoError(t, json.Unmarshal(text, &want))
		data, err := Marshal(v, nil)
		require.NoError(t, err)
		require.NoError(t, Unmarshal(data, &got, nil))
		require.Equal(t, want, got)

		into, like := reflect.New(reflect.TypeOf(v)), reflect.New(reflect.TypeOf(v))
		wantErr, gotErr := json.Unmarshal(text, like.Interface()), Unmarshal(data, into.Interface(), nil)
		require.NoError(t, gotErr)
		require.NoError(t, wantErr)
		require.Equal(t, like.Interface(), into.Interface())
	}
}
