package rpc

import (
	"encoding/json"
	"errors"
	"fmt"
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

// A wire is a message, where other bytes are a value.
type wire []byte

// message is the one whose value has these bytes.
func message(body string) wire { return append([]byte{tagVersion, formatVersion}, body...) }

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	data, err := Marshal(v, nil)
	require.NoError(t, err)
	return data
}

type point struct {
	X, Y int
	Next *point `json:"next"`
}

type hash []byte

type upper string

func (u *upper) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errors.New("empty")
	}
	*u = upper(strings.ToUpper(string(text)))
	return nil
}

type keepsJSON struct{ text string }

func (k *keepsJSON) UnmarshalJSON(text []byte) error {
	k.text = string(text)
	return nil
}

// A row of a test of targets: what Marshal makes of in (or bytes as they are) fills a target of the type of wants.
type targetRow struct {
	name      string
	in, wants any
}

func (row targetRow) run(t *testing.T, refs References) {
	data, ok := row.in.(wire)
	if !ok {
		data = marshalWith(t, refs, row.in)
	}
	into := reflect.New(reflect.TypeOf(row.wants))
	require.NoError(t, Unmarshal(data, into.Interface(), refs))
	require.Equal(t, row.wants, into.Elem().Interface())
}

func TestTypedTargets(t *testing.T) {
	five, name, yes := 5, "n", true
	date := time.UnixMilli(1e12).UTC()
	for _, row := range []targetRow{
		{"int", 1, 1},
		{"int8", -128, int8(-128)}, {"uint64", uint64(1 << 63), uint64(1 << 63)}, {"float32", 1.5, float32(1.5)}, {"named", 3, number(3)},
		{"uint32 tag", message("U\x05"), int16(5)},
		{"BigInt into integers", []any{big.NewInt(-1), big.NewInt(2)}, []int64{-1, 2}},
		{"BigInt into unsigned", new(big.Int).SetUint64(math.MaxUint64), uint64(math.MaxUint64)},
		{"BigInt into float", big.NewInt(1 << 40), 1099511627776.0},
		{"number into big.Int", -12, *big.NewInt(-12)}, {"big.Int", big.NewInt(7), big.NewInt(7)}, {"text into big.Int", "123", big.NewInt(123)},
		{"json.Number", []any{1.5, big.NewInt(10), "2", 1e6}, []json.Number{"1.5", "10", "2", "1000000"}},
		{"pointers", []any{5, nil, Undefined{}}, []*int{&five, nil, nil}},
		{"pointers to pointers", 5, func() **int { p := &five; return &p }()},
		{"bool and string", []any{map[string]any{"a": true}, map[string]any{"b": "n"}}, []struct {
			A *bool
			B *string
		}{{A: &yes}, {B: &name}}},
		{"names without case", map[string]any{"x": 1, "Y": 2, "NEXT": map[string]int{"X": 3}, "other": []any{1}}, point{1, 2, &point{X: 3}}},
		{"null and undefined change nothing", map[string]any{"X": nil, "next": nil, "Y": Undefined{}}, point{}},
		{"options", map[string]any{"map": map[string]int{"a": 1}, "Quoted": "7", "None": "true", "Text": "t", "number": 5}, func() optional {
			seven, yes := uint8(7), true
			return optional{Map: map[string]int{"a": 1}, Number: 5, Quoted: &seven, None: &yes, Text: "t"}
		}()},
		{"a quoted field that is none", map[string]any{"Quoted": 7}, func() optional { seven := uint8(7); return optional{Quoted: &seven} }()},
		{"maps", map[string]int{"1": 2}, map[int8]int{1: 2}}, {"map of texts", map[string]int{"a": 1}, map[upper]int{"A": 1}},
		{"map of any", map[string]int{"a": 1}, map[any]any{"a": 1.0}}, {"map of structs", map[string]point{"p": {X: 1}}, map[kind]point{"p": {X: 1}}},
		{"Map into a map", Map{{1, "a"}, {2, "b"}}, map[uint]string{1: "a", 2: "b"}}, {"Map of any", Map{{true, 1}, {"a", 2}}, map[any]int{true: 1, "a": 2}},
		{"Map", Map{{1, Map{}}}, Map{{1.0, &Map{}}}}, {"Set", Set{1}, &Set{1.0}}, {"Object", Object{{"b", 1}, {"a", Object{}}}, Object{{"b", 1.0}, {"a", map[string]any{}}}},
		{"Set into a slice", Set{1, 2}, []int{1, 2}}, {"Set into a map", Set{1, 2}, map[int]struct{}{1: {}, 2: {}}}, {"Set into flags", Set{"a"}, map[string]bool{"a": true}},
		{"arrays", []int{1, 2, 3}, [2]int{1, 2}}, {"short arrays", []int{1}, [2]int{1}}, {"slices of structs", []any{map[string]int{"x": 1}, nil}, []point{{X: 1}, {}}},
		{"holes", message("A\x03I\x02-I\x04$\x00\x03"), []int{1, 0, 2}}, {"holes of any", message("A\x02-I\x04$\x00\x02"), []any{Undefined{}, 2.0}},
		{"sparse", message("a\x03I\x04I\x02\"\x01xI\x00@\x02\x03"), []int{0, 0, 1}}, {"sparse array", message("a\x03I\x02I\x02@\x01\x03"), [2]int{0, 1}},
		{"time", date, date}, {"pointer to time", date, &date}, {"time of text", "2001-09-09T01:46:40Z", date},
		{"text", "abc", upper("ABC")}, {"address", "::1", netip.MustParseAddr("::1")}, {"pointer to text", "a", func() *upper { u := upper("A"); return &u }()},
		{"bytes", []byte{1, 2}, []byte{1, 2}}, {"array of bytes", []byte{1, 2}, [2]byte{1, 2}}, {"named bytes", []byte{1}, hash{1}},
		{"JSON", Object{{"a", []any{1, 1e21, 1e-7, math.NaN(), nil, Undefined{}, true, "\u20ac<"}}, {"b", date}}, json.RawMessage(`{"a":[1,1e+21,1e-07,null,null,null,true,"€\u003c"],"b":"2001-09-09T01:46:40Z"}`)},
		{"JSON of our types", []any{Map{{"k", 1}}, Map{{1, 2}}, Set{1}, []byte("hi"), RegExp{"a", "g"}, errors.New("m"), big.NewInt(5), Blob{Data: []byte("x")}, http.Header{"A": {"b"}}, time.Time{}},
			json.RawMessage(`[{"k":1},[[1,2]],[1],"aGk=","/a/g",{"name":"Error","message":"m"},5,"eA==",{"A":["b"]},null]`)},
		{"json.Unmarshaler", []any{1, nil, "s"}, []keepsJSON{{"1"}, {"null"}, {`"s"`}}},
		{"RegExp and Blob", []any{RegExp{"a", "g"}}, []RegExp{{"a", "g"}}}, {"Blob", Blob{[]byte("a"), "b/c"}, Blob{[]byte("a"), "b/c"}},
		{"Blob into bytes", Blob{Data: []byte("a")}, []byte("a")}, {"Headers", http.Header{"A": {"b", "c"}}, map[string][]string{"A": {"b", "c"}}},
		{"Error", &Error{Name: "URIError", Message: "m"}, Error{Name: "URIError", Message: "m"}}, {"V8's Error", message("rUm\"\x01ms\"\x01sc0."), &Error{Name: "URIError", Message: "m", Stack: "s"}},
		{"boxed", message("n\x00\x00\x00\x00\x00\x00\xf8\x3f"), 1.5},
		{"padding", message("\x00\x00I\x02"), 1},
	} {
		t.Run(row.name, func(t *testing.T) { row.run(t, nil) })
	}
}

func TestTypedArrays(t *testing.T) {
	views := message("A\x02B\x10\x00\x00\x00\x00\x00\x00\xf8\x3f\x00\x00\x00\x00\x00\x00\x00\xc0VF\x00\x10\x00^\x01Vd\x0c\x04\x00$\x00\x02")
	var list [2][]float64
	require.NoError(t, Unmarshal(views, &list, nil))
	require.Equal(t, [2][]float64{{1.5, -2}, {-1073741824}}, list)
	for _, row := range []targetRow{
		{"float64 to float32", message("B\x08\x00\x00\x00\x00\x00\x00\xf8\x3fVF\x00\x08\x00"), []float32{1.5}},
		{"int8", message("B\x02\x01\xffVb\x00\x02\x00"), []int{1, -1}}, {"clamped", message("B\x01\xffVC\x00\x01\x00"), []any{255.0}},
		{"int16", message("B\x02\xfe\xffVw\x00\x02\x00"), []int16{-2}}, {"uint16", message("B\x02\xfe\xffVW\x00\x02\x00"), []int{65534}},
		{"int32 as named", message("B\x04\xfe\xff\xff\xffVd\x00\x04\x00"), []rune{-2}}, {"uint32", message("B\x04\xfe\xff\xff\xffVD\x00\x04\x00"), []*int{func() *int { i := 4294967294; return &i }()}},
		{"float16", message("B\x0a\x00\x3c\x01\x00\x00\xfc\x00\x7e\x00\x80Vh\x00\x06\x00"), []float64{1, math.Ldexp(1, -24), math.Inf(-1)}},
		{"float32", message("B\x04\x00\x00\xc0\x3fVf\x00\x04\x00"), []float64{1.5}},
		{"bigint64", message("B\x08\xff\xff\xff\xff\xff\xff\xff\xffVq\x00\x08\x00"), []*big.Int{big.NewInt(-1)}},
		{"biguint64", message("B\x08\xff\xff\xff\xff\xff\xff\xff\xffVQ\x00\x08\x00"), []uint64{math.MaxUint64}},
		{"raw bytes", message("B\x02\x01\x02VW\x00\x02\x00"), []byte{1, 2}}, {"DataView", message("B\x03\x01\x02\x03V?\x01\x02\x00"), []byte{2, 3}},
	} {
		t.Run(row.name, func(t *testing.T) { row.run(t, nil) })
	}
	require.True(t, math.IsNaN(half(0x7e00)) && math.Signbit(half(0x8000)))
}

func TestWhatDoesNotFit(t *testing.T) {
	type outer struct {
		Items []struct {
			Name string `json:"name"`
		} `json:"items"`
	}
	for _, row := range []struct {
		in, into any
		err      string
	}{
		{map[string]any{"items": []any{map[string]string{"name": "a"}, map[string]int{"name": 1}}}, new(outer), "$.items[1].name: cannot put the number 1 into a Go string"},
		{1.5, new(int), "$: cannot put the number 1.5 into a Go int"}, {300, new(uint8), "$: cannot put the number 300 into a Go uint8"},
		{-1, new(uint), "$: cannot put the number -1 into a Go uint"}, {1e300, new(float32), "into a Go float32"}, {math.NaN(), new(int), "cannot put the number NaN into"},
		{math.Inf(1), new(big.Int), "cannot put the number +Inf into a Go big.Int"}, {math.NaN(), new(json.Number), "into a Go json.Number"}, {1e19, new(int64), "into a Go int64"},
		{new(big.Int).Lsh(big.NewInt(1), 64), new(uint64), "$: cannot put the BigInt 18446744073709551616 into a Go uint64"}, {new(big.Int).Lsh(big.NewInt(1), 1000), new(int), "a BigInt of 1001 bits into a Go int"}, {new(big.Int).Lsh(big.NewInt(1), 1<<17), new(json.RawMessage), "too large as JSON"}, {new(big.Int).Lsh(big.NewInt(1), 1<<17), new(json.Number), "into a Go json.Number"},
		{big.NewInt(1<<53 + 1), new(float64), "the BigInt 9007199254740993 into a Go float64"},
		{"s", new(int), "cannot put a string into a Go int"}, {"s", new([]byte), "cannot put a string into a Go []uint8"}, {"s", new(json.Number), `the string "s" is no number`},
		{true, new(string), "cannot put a boolean into a Go string"}, {true, new(error), "cannot put a boolean into a Go error"}, {map[string]int{}, new(error), "an object into a Go error"}, {[]int{}, new(error), "an array into a Go error"}, {Map{}, new(error), "a Map into"}, {Set{}, new(error), "a Set into"}, {[]byte{}, new(error), "bytes into a Go error"}, {big.NewInt(1), new(error), "a BigInt into"},
		{[]int{}, new(point), "cannot put an array into a Go rpc.point"}, {map[string]int{}, new([]int), "cannot put an object into a Go []int"}, {Map{}, new(point), "cannot put a Map into a Go rpc.point"},
		{Set{}, new(map[string]int), "cannot put a Set into a Go map[string]int"}, {map[string]int{}, new(time.Time), "an object into a Go time.Time"}, {time.Now(), new(int), "cannot put a Date into a Go int"},
		{[]byte{1}, new(string), "cannot put a typed array into a Go string"}, {message("B\x01a"), new(string), "an ArrayBuffer into a Go string"}, {message("B\x01aV?\x00\x01\x00"), new([]int), "a DataView into a Go []int"},
		{[]byte{1}, new([2]byte), "cannot put 1 bytes into a Go [2]uint8"}, {[]byte{255}, new([]int8), "$[0]: cannot put the number 255 into a Go int8"}, {[]byte{255}, new([]bool), "the number 255 into a Go bool"},
		{RegExp{"a", ""}, new(string), "a RegExp into a Go string"}, {errors.New("m"), new(string), "an Error into a Go string"}, {Blob{}, new(int), "a Blob into"}, {http.Header{}, new(int), "Headers into"},
		{"", new(upper), "$: empty"}, {map[string]int{"": 1}, new(map[upper]int), "$[\"\"]: empty"}, {map[string]int{"x": 1}, new(map[int]int), `$.x: cannot use the name "x" as a Go int`},
		{Map{{[]int{1}, 1}}, new(map[any]int), "$[0]: cannot use such a value as a key of a Go map[interface {}]int"}, {map[string]string{"Quoted": "x"}, new(optional), `$.Quoted: cannot put the string "x" into a Go uint8`},
		{map[string]any{"A": 1}, new(struct{ *lower }), ""}, {map[string]any{"Shown": 1}, new(struct{ *lower }), "$.Shown: the embedded pointer to unexported rpc.lower is nil"},
		{message(`\` + "\x40I\x00"), new(any), "$: an object of class 64, which nothing here can resolve"},
	} {
		data, ok := row.in.(wire)
		if !ok {
			data = marshal(t, row.in)
		}
		err := Unmarshal(data, row.into, nil)
		if row.err == "" {
			require.NoError(t, err)
			continue
		}
		var value *ValueError
		require.ErrorAs(t, err, &value, row.err)
		require.ErrorContains(t, err, row.err)
	}
}

func TestArguments(t *testing.T) {
	data := marshal(t, []any{1, "two", 3.5, true, []int{1}, map[string]int{"X": 6}, nil, "more"})
	n, ok := Len(data)
	require.True(t, ok)
	require.Equal(t, 8, n)
	var a int
	var b string
	var c float64
	var d bool
	var e []int
	var f *point
	g := &point{}
	args := []any{&a, &b, &c, &d, &e, &f, &g}
	require.NoError(t, Unmarshal(data, &args, nil))
	require.Equal(t, []any{1, "two", 3.5, true, []int{1}, &point{X: 6}, (*point)(nil), "more"}, []any{a, b, c, d, e, f, g, args[7]})
	require.Len(t, args, 8)

	// Fewer leave their targets alone, and the list says how many there were.
	args = []any{&a, &b}
	require.NoError(t, Unmarshal(marshal(t, []any{7}), &args, nil))
	require.Equal(t, []any{7, "two", 1}, []any{a, b, len(args)})
	args = []any{&a, "old", "older"}
	require.NoError(t, Unmarshal(message("A\x02-_$\x00\x02"), &args, nil))
	require.Equal(t, []any{&a, Undefined{}}, args)

	args = []any{&a}
	require.ErrorContains(t, Unmarshal(marshal(t, []any{"x"}), &args, nil), "$[0]: cannot put a string into a Go int")
	self := []any{nil}
	self[0] = &self
	require.ErrorContains(t, Unmarshal(message(strings.Repeat("A\x01", 100000)), &self, nil), "more than 10000 levels")

	// A sparse one, as V8 writes an array that it has read, does the same.
	b, args = "", []any{&a, &b}
	require.NoError(t, Unmarshal(message("a\x02I\x00I\x08I\x02\"\x01s@\x02\x02"), &args, nil))
	require.Equal(t, []any{4, "s", 2}, []any{a, b, len(args)})
	_, ok = Len(marshal(t, 1))
	require.False(t, ok)
	_, ok = Len(nil)
	require.False(t, ok)
}

type tree struct {
	Name string
	Self *tree
	Any  any
	Kids []*tree
	Map  map[string]*tree
	Copy struct{ Name string }
}

// Object 0 refers to itself in every way.
func TestSharedObjects(t *testing.T) {
	round := message("o" +
		"\"\x04Name\"\x01a" + "\"\x04Self^\x00" + "\"\x03Any^\x00" + "\"\x04KidsA\x02^\x00^\x00$\x00\x02" +
		"\"\x03Mapo\"\x01k^\x00{\x01" + "\"\x04Copy^\x00" + "{\x06")
	root := new(tree)
	require.NoError(t, Unmarshal(round, root, nil))
	require.Equal(t, "a", root.Name)
	require.Same(t, root, root.Self)
	require.Same(t, root, root.Kids[1])
	require.Same(t, root, root.Map["k"])
	require.Equal(t, "a", root.Copy.Name)
	generic := root.Any.(map[string]any)
	require.Equal(t, "a", generic["Name"])
	require.Equal(t, reflect.ValueOf(generic).Pointer(), reflect.ValueOf(generic["Any"]).Pointer())

	var value any
	require.NoError(t, Unmarshal(round, &value, nil))
	require.ErrorContains(t, func() error { _, err := Marshal(value, nil); return err }(), "contains itself")
	var raw json.RawMessage
	require.ErrorContains(t, Unmarshal(round, &raw, nil), "$: contains itself, or is too large as JSON")

	// A struct by value cannot be in itself.
	type knot struct{ A []knot }
	require.EqualError(t, Unmarshal(message("o\"\x01AA\x01^\x00$\x00\x01{\x01"), new(knot), nil), "$.A[0]: a rpc.knot cannot contain itself")

	// Two targets of one type share maps, slices and pointers; views share the buffer.
	var two struct{ A, B map[string][]int }
	require.NoError(t, Unmarshal(message(`o"`+"\x01Ao\"\x01kA\x01I\x02$\x00\x01{\x01\"\x01B^\x01{\x02"), &two, nil))
	two.A["x"] = nil
	require.Len(t, two.B, 2)
	var views [2][]byte
	require.NoError(t, Unmarshal(message("A\x02B\x02abVB\x00\x02\x00^\x01VB\x01\x01\x00$\x00\x02"), &views, nil))
	views[0][1] = 'x'
	require.Equal(t, "x", string(views[1]))
	require.Equal(t, 1, cap(views[1]))

	// An error, and whatever else has no parts of a type, is one value.
	var errs []*Error
	require.NoError(t, Unmarshal(message("A\x02r.^\x01$\x00\x02"), &errs, nil))
	require.Same(t, errs[0], errs[1])
	var caused error
	require.NoError(t, Unmarshal(message("rm\"\x01mc^\x00."), &caused, nil))
	require.Same(t, caused, errors.Unwrap(caused))
	var dates struct{ A, B time.Time }
	require.NoError(t, Unmarshal(message("o\"\x01AD\x00\x00\x00\x00\x00\x00\x00\x00\"\x01B^\x01{\x02"), &dates, nil))
	require.Equal(t, dates.A, dates.B)
	var other struct {
		A *time.Time
		B json.RawMessage
		C any
	}
	require.NoError(t, Unmarshal(message("A\x02D\x00\x00\x00\x00\x00\x00\x00\x00o\"\x01A^\x01\"\x01B^\x01\"\x01C^\x01{\x03$\x00\x02"), &[]any{nil, &other}, nil))
	require.Equal(t, []any{dates.A, `"1970-01-01T00:00:00Z"`, dates.A}, []any{*other.A, string(other.B), other.C})
}

func TestSharedAsManyTypes(t *testing.T) {
	var got struct {
		A struct{ X int }
		B *struct{ X float64 }
		C map[string]any
		D any
		E *struct{ X float64 }
		F struct{ X int }
		G Object
	}
	require.NoError(t, Unmarshal(message("o\"\x01Ao\"\x01XI\x02{\x01\"\x01B^\x01\"\x01C^\x01\"\x01D^\x01\"\x01E^\x01\"\x01F^\x01\"\x01G^\x01{\x07"), &got, nil))
	require.Equal(t, 1, got.A.X)
	require.Equal(t, 1.0, got.B.X)
	require.Same(t, got.B, got.E)
	require.Equal(t, map[string]any{"X": 1.0}, got.C)
	require.Equal(t, map[string]any{"X": 1.0}, got.D)
	require.Equal(t, 1, got.F.X)
	require.Equal(t, Object{{"X", 1.0}}, got.G)
}

// capabilities resolves and makes references for tests, and counts.
type capabilities struct{ made, resolved int }

type service struct{ id int }

func (*service) Serve() {}

func (c *capabilities) Reference(v reflect.Value) (uint32, any, bool, error) {
	switch x := v.Interface().(type) {
	case *service:
		c.made++
		return TagFetcher, x.id, true, nil
	case func() int:
		return TagStub, []any{x(), "fn"}, true, nil
	case chan int:
		return 0, nil, false, errors.New("no channels")
	}
	return 0, nil, false, nil
}

func (c *capabilities) Resolve(tag uint32, data any, target reflect.Type) (any, error) {
	c.resolved++
	switch {
	case tag == TagFetcher && data == any(5.0):
		return &service{5}, nil
	case tag == TagStub && target == reflect.TypeFor[func() int]():
		return func() int { return int(data.([]any)[0].(float64)) }, nil
	}
	return nil, fmt.Errorf("%d, %v: not for a %s", tag, data, target)
}

func TestReferences(t *testing.T) {
	refs := new(capabilities)
	data, err := Marshal(map[string]any{"s": &service{5}, "f": func() int { return 7 }, "t": text{"copied"}}, refs)
	require.NoError(t, err)
	var got struct {
		S *service
		F func() int
		T string
	}
	require.NoError(t, Unmarshal(data, &got, refs))
	require.Equal(t, 5, got.S.id)
	require.Equal(t, 7, got.F())
	require.Equal(t, "<copied>", got.T)
	var server struct{ S interface{ Serve() } }
	require.NoError(t, Unmarshal(marshalWith(t, refs, map[string]any{"s": &service{5}}), &server, refs))
	require.Equal(t, &service{5}, server.S)

	// One object is resolved once.
	*refs = capabilities{}
	var twice struct {
		A any
		B *service
		C interface{ Serve() }
		D service
		E **service
		F *interface{ Serve() }
	}
	require.NoError(t, Unmarshal(message("o\"\x01A\\\x40I\x0a\"\x01B^\x01\"\x01C^\x01\"\x01D^\x01\"\x01E^\x01\"\x01F^\x01{\x06"), &twice, refs))
	require.Same(t, twice.B, *twice.E)
	require.Same(t, twice.B, *twice.F)
	require.Equal(t, 1, refs.resolved)
	require.Same(t, twice.A, twice.B)
	require.Same(t, twice.B, twice.C)
	require.Equal(t, service{5}, twice.D)

	_, err = Marshal([]any{make(chan int)}, refs)
	require.EqualError(t, err, "$[0]: no channels")
	require.EqualError(t, Unmarshal(marshalWith(t, refs, []any{func() int { return 1 }}), new([]any), refs), "$[0]: 65, [1 fn]: not for a interface {}")
	require.ErrorContains(t, Unmarshal(marshalWith(t, refs, &service{5}), new(string), refs), "cannot put a *rpc.service into a Go string")
	require.ErrorContains(t, Unmarshal(marshalWith(t, refs, &service{5}), new(json.RawMessage), refs), "cannot put a *rpc.service into a Go json.RawMessage")
}

func marshalWith(t testing.TB, refs References, v any) []byte {
	data, err := Marshal(v, refs)
	require.NoError(t, err)
	return data
}

func TestErrorsAreErrors(t *testing.T) {
	data := marshal(t, fmt.Errorf("reading: %w", &Error{Name: "TypeError", Message: "bad"}))
	var err error
	require.NoError(t, Unmarshal(data, &err, nil))
	require.EqualError(t, err, "Error: reading: TypeError: bad")
	var inner *Error
	require.True(t, errors.As(errors.Unwrap(err), &inner))
	require.Equal(t, "TypeError", inner.ErrorClass())
	require.Equal(t, []string{"m", "N", "N: m"}, []string{(&Error{Message: "m"}).Error(), (&Error{Name: "N"}).Error(), (&Error{Name: "N", Message: "m"}).Error()})
}

func TestMalformed(t *testing.T) {
	for _, data := range []wire{
		nil, {0xff}, {0xff, 14, '0'}, {0, 0}, message(""), message("\x00"), message("00"), message("I"), message("I\xff\xff\xff\xff\xff\x01"), message("N1234567"),
		message("\"\x05ab"), message("c\x03abc"), message("S"), message("Z\x10abc"), message("Z"), message("^\x00"), message("^"), message("o"), message("o0"), message("o\"\x01a"),
		message("o\"\x01aI\x02{\x02"), message("oT0{\x01"), message("A"), message("A\x01"), message("A\x01I\x02$\x00\x02"), message("A\x01I\x02$\x01\x01"), message("a\x01@\x00\x02"),
		message(";I\x02:\x02"), message(";I\x02I\x02:\x01"), message(";"), message("'I\x02,\x02"), message("D"), message("n"), message("s0"), message("R0"), message("R\"\x01a"),
		message("B\x05abc"), message("B\x01"), message("~\x01"), message("B\x04abcdVD\x01\x04\x00"), message("B\x04abcdVD\x00\x03\x00"), message("B\x04abcdVB\x05\x00\x00"),
		message("B\x04abcdVB\x02\x03\x00"), message("B\x04abcdVZ\x00\x00\x00"), message("B\x04abcdV\xc2\x04\x00\x00\x00"), message("B\x04abcdVB\x00"), message("r"), message("rx."),
		message("rTT."), message("rm0."), message("rmT."), message("\\"), message("\\\x40"), message("\\\x40^\x00"), message("\\\x010"), message("\\\x01A\x00$\x00\x00"),
		message("\\\x08A\x03\"\x01a\"\x01bI\x00$\x00\x03"), message("\\\x08A\x03000$\x00\x03"), message("\\\x08A\x02\"\x01a\"\x01b$\x00\x02"), message("\\\x03A\x02I\x02I\x02$\x00\x02"), message("\\\x04A\x01\"\x01a$\x00\x01"), message("\\\x04A\x02\"\x01aI\x02$\x00\x02"), message("t\x00"), message("u\x00"), message("p\x00"), message("m\x00"),
		message("A\x02^\x01A\x00$\x00\x00$\x00\x02"),
	} {
		for _, into := range []any{new(any), new([]any), new(map[string]any), new([]int), new(point), new(*tree), new(json.RawMessage), new(error), new(map[int]int), new([1]any), new(Set), new(Map)} {
			err := Unmarshal(data, into, nil)
			require.Error(t, err, "%q", data)
			if _, ok := into.(*any); ok {
				require.ErrorIs(t, err, ErrMalformed, "%q", data)
			}
		}
	}
	require.EqualError(t, Unmarshal(message("o\"\x01aX"), new(any), nil), "malformed message at byte 6")
	require.EqualError(t, Unmarshal(message("0"), 5, nil), "Unmarshal needs a pointer, not int")
	require.EqualError(t, Unmarshal(message("0"), (*int)(nil), nil), "Unmarshal needs a pointer, not *int")
}
