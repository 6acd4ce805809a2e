package compress

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// drain passes data through a stream, so many bytes in and out at a time.
func drain(s Stream, data []byte, inSize, outSize int) ([]byte, int, error) {
	var all []byte
	read := 0
	out := make([]byte, outSize)
	for !s.Ended() {
		piece := data[read:min(len(data), read+inSize)]
		flush := NoFlush
		if read+len(piece) == len(data) {
			flush = Finish
		}
		w, r, err := s.Step(out, piece, flush)
		all = append(all, out[:w]...)
		read += r
		if err != nil {
			return all, read, err
		}
		if w < len(out) && r == len(piece) && read == len(data) && !s.Ended() {
			return all, read, io.ErrUnexpectedEOF
		}
	}
	return all, read, nil
}

func samples() map[string][]byte {
	random := rand.NewChaCha8([32]byte{1})
	noise := make([]byte, 70000)
	_, _ = random.Read(noise)
	text := bytes.Repeat([]byte("the quick brown fox jumps over the lazy dog. "), 5000)
	mixed := make([]byte, 0, 200000)
	for k := 0; len(mixed) < 200000; k++ {
		at, n := int(noise[k%60000])*256, int(noise[(k*7)%60000])
		mixed = append(append(mixed, text[at:at+n]...), noise[k%60000:k%60000+n/4]...)
	}
	return map[string][]byte{"empty": {}, "short": []byte("abc"), "noise": noise, "text": text, "mixed": mixed, "zeros": make([]byte, 300000)}
}

func writerOf(format Format, level int, to io.Writer) io.WriteCloser {
	switch format {
	case Zlib:
		w, _ := zlib.NewWriterLevel(to, level)
		return w
	case Gzip:
		w, _ := gzip.NewWriterLevel(to, level)
		w.Name, w.Comment, w.Extra = "name", "comment", []byte("extra")
		return w
	}
	w, _ := flate.NewWriter(to, level)
	return w
}

func TestInflate(t *testing.T) {
	for name, want := range samples() {
		for _, format := range []Format{Raw, Zlib, Gzip} {
			for _, level := range []int{0, 1, 6, 9, flate.HuffmanOnly} {
				var packed bytes.Buffer
				w := writerOf(format, level, &packed)
				_, _ = w.Write(want)
				require.NoError(t, w.Close())
				size := packed.Len()
				packed.WriteString("more")
				for _, pieces := range [][2]int{{1 << 20, 1 << 20}, {1, 4096}, {4096, 1}, {1000, 300}, {13, 7}} {
					got, read, err := drain(NewInflater(format, nil), packed.Bytes(), pieces[0], pieces[1])
					require.NoError(t, err, "%s %d %d %v", name, format, level, pieces)
					require.True(t, bytes.Equal(want, got), "%s %d %d %v", name, format, level, pieces)
					require.Equal(t, size, read, "what follows is not read")
				}
			}
		}
	}
}

func TestDeflate(t *testing.T) {
	for name, want := range samples() {
		for _, format := range []Format{Raw, Zlib, Gzip} {
			for level := DefaultLevel; level <= 9; level++ {
				for _, pieces := range [][2]int{{1 << 20, 1 << 20}, {1000, 13}} {
					d := NewDeflater(format, level, nil)
					packed, _, err := drain(d, want, pieces[0], pieces[1])
					require.NoError(t, err)
					d.Close()
					got, _, err := drain(NewInflater(format, nil), packed, 1<<20, 1<<20)
					require.NoError(t, err, "%s %d %d", name, format, level)
					require.True(t, bytes.Equal(want, got), "%s %d %d", name, format, level)
				}
			}
		}
	}
}

func TestSyncFlush(t *testing.T) {
	d, i := NewDeflater(Zlib, DefaultLevel, nil), NewInflater(Zlib, nil)
	packed, plain := make([]byte, 1000), make([]byte, 1000)
	for _, text := range []string{"first", "second", "third"} {
		n, _, err := d.Step(packed, []byte(text), SyncFlush)
		require.NoError(t, err)
		m, read, err := i.Step(plain, packed[:n], NoFlush)
		require.NoError(t, err)
		require.Equal(t, n, read)
		require.Equal(t, text, string(plain[:m]))
	}
}

func TestDictionary(t *testing.T) {
	dictionary := []byte("a text that is known on both sides")
	text := []byte("a text that is known on one side")
	for _, format := range []Format{Raw, Zlib} {
		packed, _, err := drain(NewDeflater(format, 9, dictionary), text, 100, 100)
		require.NoError(t, err)
		got, _, err := drain(NewInflater(format, dictionary), packed, 100, 100)
		require.NoError(t, err)
		require.Equal(t, text, got)
		if format == Zlib {
			_, _, err = drain(NewInflater(format, nil), packed, 100, 100)
			require.Equal(t, ErrNeedDictionary, err)
			_, _, err = drain(NewInflater(format, []byte("another")), packed, 100, 100)
			require.Equal(t, ErrBadDictionary, err)
		}
	}
}

func TestMalformed(t *testing.T) {
	for _, c := range []struct {
		text   string
		format Format
		data   string
	}{
		{"incorrect header check", Zlib, "\x78\x9d"},
		{"unknown compression method", Zlib, "\x77\x85"},
		{"invalid window size", Zlib, "\x88\x1c"},
		{"incorrect header check", Gzip, "ab"},
		{"unknown compression method", Gzip, "\x1f\x8b\x07\x00"},
		{"unknown header flags set", Gzip, "\x1f\x8b\x08\x80"},
		{"header crc mismatch", Gzip, "\x1f\x8b\x08\x02\x00\x00\x00\x00\x00\x00\x00\x00"},
		{"incorrect data check", Gzip, "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x00\x03\x00\x01\x00\x00\x00"},
		{"incorrect length check", Gzip, "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x00\x00\x01\x00\x00\x00"},
		{"incorrect data check", Zlib, "\x78\x9c\x03\x00\x00\x00\x00\x02"},
		{"invalid block type", Raw, "\x06"},
		{"invalid stored block lengths", Raw, "\x00\x00\x00\x00\x00"},
		{"too many length or distance symbols", Raw, "\xfc\x00\x00"},
		{"invalid code lengths set", Raw, "\x04\x00\xfe\xff"},
		{"invalid bit length repeat", Raw, "\x04\x00\x24\x49\x00"},
		{"invalid code -- missing end-of-block", Raw, "\x04\x00\x24\xe9\xff\x6d"},
		{"invalid literal/lengths set", Raw, "\x04\x80\x49\x92\x24\x49\x92\x24\x71\xff\xff\x93\x11\x00"},
		{"invalid distances set", Raw, "\x04\x80\x49\x92\x24\x49\x92\x24\x0f\xb4\xff\xff\xc3\x84"},
		{"invalid distance too far back", Raw, "\x0c\xc0\x81\x00\x00\x00\x00\x00\x90\xff\x6b\x04\x00"},
		{"invalid distance code", Raw, "\x02\x7e\xff\xff"},
		{"invalid literal/length code", Raw, "\x04\xc0\x81\x08\x00\x00\x00\x00\x20\x7f\xeb\x0b\x00\x00"},
	} {
		_, _, err := drain(NewInflater(c.format, nil), []byte(c.data), 100, 1000)
		require.Equal(t, DataError(c.text), err, "%q", c.data)
	}
}

func FuzzInflate(f *testing.F) {
	for _, sample := range samples() {
		packed, _, _ := drain(NewDeflater(Raw, 6, nil), sample[:min(len(sample), 5000)], 1<<20, 1<<20)
		f.Add(packed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, _, err := drain(NewInflater(Raw, nil), data, 50, 100)
		want, wantErr := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(data)), 1<<20))
		if len(got) > 1<<20 {
			return
		}
		if wantErr == nil && err == nil {
			require.True(t, bytes.Equal(want, got))
		}
	})
}

func BenchmarkInflate(b *testing.B) {
	data := samples()["mixed"]
	packed, _, err := drain(NewDeflater(Gzip, 6, nil), data, 1<<20, 1<<20)
	require.NoError(b, err)
	b.SetBytes(int64(len(data)))
	out := make([]byte, len(data)+1)
	for b.Loop() {
		_, _, _ = NewInflater(Gzip, nil).Step(out, packed, NoFlush)
	}
}

func TestBrotliLeavesWhatFollows(t *testing.T) {
	for name, want := range samples() {
		packed, _, err := drain(NewBrotliWriter(4, 0), want, 1<<20, 4096)
		require.NoError(t, err, name)
		trailing := append(append([]byte{}, packed...), bytes.Repeat([]byte("not brotli"), 9000)...)
		for _, sizes := range [][2]int{{1 << 20, 1 << 20}, {1 << 20, 64}, {100, 4096}, {1, 100}} {
			got, read, err := drain(NewBrotliReader(), trailing, sizes[0], sizes[1])
			require.NoError(t, err, name)
			require.True(t, bytes.Equal(got, want), name)
			require.Equal(t, len(packed), read, "%s, %d bytes in, %d out", name, sizes[0], sizes[1])
		}
	}
}
