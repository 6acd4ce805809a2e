package ops

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReaderReadsWhatBatchWrites(t *testing.T) {
	var b Batch
	b.Undefined()
	b.Null()
	b.Bool(true)
	b.Int(-7)
	b.Int(1 << 40)
	b.Float(math.Inf(-1))
	b.String("plain")
	b.String("größer 😀")
	b.ByteString([]byte{0xe9, 0x00, 0xff})
	b.Data([]byte{1, 2, 3})
	b.Array(2)
	b.String("a")
	b.Array(0)
	mark := b.Mark()
	b.AppendString("built ")
	b.Append([]byte("in place"))
	b.Patch(mark)

	r := NewReader(b.Bytes())
	require.True(t, r.IsUndefined())
	require.True(t, r.IsNull())
	require.True(t, r.Bool())
	require.True(t, r.IsNumber())
	require.EqualValues(t, -7, r.Int())
	require.EqualValues(t, 1<<40, r.Int())
	require.True(t, math.IsInf(r.Float(), -1))
	require.Equal(t, "plain", r.String())
	require.Equal(t, "größer 😀", r.String())
	require.Equal(t, []byte{0xe9, 0x00, 0xff}, r.ByteString())
	require.True(t, r.IsBytes())
	require.Equal(t, []byte{1, 2, 3}, r.Bytes())
	require.True(t, r.IsArray())
	raw := r.Raw(1)
	nested := NewReader(raw)
	require.Equal(t, 2, nested.Array())
	require.Equal(t, "a", nested.String())
	require.Equal(t, 0, nested.Array())
	require.Equal(t, "built in place", r.String())
	require.False(t, r.More())
	require.NoError(t, r.Err)
}

func TestLatin1ReadsAsUTF8(t *testing.T) {
	var b Batch
	b.ByteString([]byte{'c', 0xe9})
	r := NewReader(b.Bytes())
	require.Equal(t, "cé", r.String())
}

func TestReaderStopsAtMalformedValues(t *testing.T) {
	for name, data := range map[string][]byte{
		"unknown tag":     {99},
		"cut length":      {tagASCII, 5, 0},
		"length past end": {tagBytes, 255, 255, 255, 255, 1},
		"array past end":  {tagArray, 255, 255, 255, 255},
	} {
		t.Run(name, func(t *testing.T) {
			r := NewReader(data)
			require.Nil(t, r.Raw(1))
			require.ErrorIs(t, r.Err, ErrMalformed)
			require.False(t, r.More())
			require.Zero(t, r.Int())
		})
	}
}

// Whatever the bytes, the reader neither panics nor reads past the end, and it comes to an end.
func FuzzReader(f *testing.F) {
	var b Batch
	b.Array(2)
	b.String("x")
	b.Int(1)
	f.Add(b.Bytes())
	f.Add([]byte{tagLatin1, 1, 0, 0, 0, 0xff, tagDouble})
	f.Fuzz(func(t *testing.T, data []byte) {
		for k := range data { // only the engine writes addresses
			if data[k] == tagPointer {
				data[k] = tagUndefined
			}
		}
		outbox := NewReader(data)
		for {
			op, ok := outbox.Next()
			if !ok {
				break
			}
			op.Args.Raw(op.Argc)
		}
		for _, read := range []func(r *Reader){
			func(r *Reader) { r.Int() }, func(r *Reader) { _ = r.String() }, func(r *Reader) { r.UTF8() },
			func(r *Reader) { r.ByteString() }, func(r *Reader) { r.Bytes() }, func(r *Reader) { r.Array() }, func(r *Reader) { r.Raw(3) },
		} {
			r := NewReader(data)
			for r.More() && r.Err == nil {
				before := r.pos
				read(&r)
				require.Greater(t, r.pos, before)
			}
		}
	})
}

func TestTableIsSorted(t *testing.T) {
	seen := map[string]bool{}
	for i, op := range Table {
		require.False(t, seen[op.Name], op.Name)
		seen[op.Name] = true
		require.NotEmpty(t, op.Doc, op.Name)
		require.NotEmpty(t, op.Owner, op.Name)
		if i == 0 || Table[i-1].Kind == Native {
			continue
		}
		require.NotEqual(t, Native, op.Kind, "%s: native ops come first", op.Name)
	}
}
