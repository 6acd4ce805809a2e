package rpc

import (
	"encoding/json"
	"testing"
)

type order struct {
	ID    int      `json:"id"`
	Items []item   `json:"items"`
	Tags  []string `json:"tags,omitempty"`
}

type item struct {
	Name  string  `json:"name"`
	Price float64 `json:"price"`
	Count int     `json:"count"`
}

var benchOrder = order{ID: 5, Items: []item{{"tea", 1.5, 2}, {"caf\u00e9", 2.25, 1}, {"milk", 0.75, 3}}, Tags: []string{"a", "b"}}

func BenchmarkMarshal(b *testing.B) {
	for _, row := range []struct {
		name string
		v    any
	}{
		{"value=3scalars", []any{1, "two", 3.5}},
		{"value=struct", benchOrder},
		{"value=map", map[string]any{"id": 5, "name": "tea", "price": 1.5}},
		{"value=64KiB", make([]byte, 64<<10)},
	} {
		b.Run(row.name, func(b *testing.B) {
			var buf []byte
			b.ReportAllocs()
			for b.Loop() {
				buf, _ = Append(buf[:0], row.v, nil)
			}
		})
	}
	b.Run("value=3scalars/new", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = Marshal([]any{1, "two", 3.5}, nil)
		}
	})
	b.Run("value=struct/json", func(b *testing.B) { // for comparison
		b.ReportAllocs()
		for b.Loop() {
			_, _ = json.Marshal(benchOrder)
		}
	})
}

func BenchmarkUnmarshal(b *testing.B) {
	run := func(name string, v any, into func() any) {
		data, err := Marshal(v, nil)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := Unmarshal(data, into(), nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	scalars := []any{1, "two", 3.5}
	var i int
	var s string
	var f float64
	args := []any{&i, &s, &f}
	run("value=3scalars/into=pointers", scalars, func() any { return &args })
	run("value=3scalars/into=any", scalars, func() any { return new(any) })
	run("value=struct/into=struct", benchOrder, func() any { return new(order) })
	run("value=struct/into=any", benchOrder, func() any { return new(any) })
	run("value=64KiB/into=bytes", make([]byte, 64<<10), func() any { return new([]byte) })
	text, _ := json.Marshal(benchOrder)
	b.Run("value=struct/json", func(b *testing.B) { // for comparison
		b.ReportAllocs()
		for b.Loop() {
			_ = json.Unmarshal(text, new(order))
		}
	})
}
