package legacytext

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDecode(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"windows-1253", "\x80\x81\xaa\xc0\xd2\xff", "€\u0081\ufffdΐ\ufffd\ufffd"},
		{"iso-8859-8-i", "\xe0\xa1", "א\ufffd"},
		{"x-user-defined", "a\x80\xff", "a\uf780\uf7ff"},
		{"koi8-u", "\xa4\xae", "єў"},
		{"big5", "\x88\x62\x88\x64\xa4\x40", "Ê̄Ê̌一"},
		{"big5", "\x81\x40", "\ufffd@"},
		{"big5", "\x80\xff\xa4", "\ufffd\ufffd\ufffd"},
		{"euc-kr", "\xb0\xa1\x81\x41\x80\xb0\x20", "가갂\ufffd\ufffd "},
		{"shift_jis", "\x82\xa0\xfa\x40\xf0\x40\xb1\x80\xa0\x82\x20", "あⅰ\ue000ｱ\u0080\ufffd\ufffd "},
		{"euc-jp", "\xa4\xa2\x8e\xb1\x8f\xb0\xa1\x8f\xb0\x20\x8f\xb0", "あｱ丂\ufffd \ufffd"},
		{"gb18030", "\x81\x30\x81\x30\x84\x31\xa4\x37\x80\xa6\xd9\xfe\x59\x81\x35\xf4\x37\xe3\x32\x9a\x35", "\u0080\ufffd€\ufe10\u9fb4\ue7c7\U0010ffff"},
		{"gb18030", "\x81\x30\x81\x20\x81\x30\x20\xff\x41\x84\x31\x82\x36\xa8\xbc\xa2\xab", "\ufffd0\ufffd \ufffd0 \ufffdA\ufe10\u1e3f\ue766"},
		{"gbk", "\x80\xe3\x32\x9a\x36\x81\x30\x81", "€\ufffd\ufffd"},
		{"iso-2022-jp", "\x1b$B$\"\x1b(BA", "あA"},
		{"iso-2022-jp", "\x1b$", "\ufffd$"},
		{"iso-2022-jp", "\x1b$B\x1b(B", "\ufffd"},
		{"iso-2022-jp", "\x0e\x1b(I1\x1b(J\\~", "\ufffdｱ¥‾"},
		{"iso-2022-jp", "\x1b$B$\x1b(Bx", "\ufffdx"},
	} {
		var whole State
		got, malformed, ok := Decode(nil, c.name, &whole, []byte(c.in), true)
		require.True(t, ok)
		require.Equal(t, c.want, string(got), "%s %q", c.name, c.in)
		// One byte at a time it is the same, also with the state as a number.
		var pieces []byte
		bad, number := false, uint64(0)
		for k := range len(c.in) + 1 {
			s := Unpack(number)
			one := []byte(c.in)[min(k, len(c.in)):min(k+1, len(c.in))]
			var m bool
			pieces, m, _ = Decode(pieces, c.name, &s, one, k == len(c.in))
			bad = bad || m
			number = s.Pack()
		}
		require.Equal(t, c.want, string(pieces), "%s %q in pieces", c.name, c.in)
		require.Equal(t, malformed, bad)
		require.Zero(t, number, "the state after a flush")
	}
	_, _, ok := Decode(nil, "utf-7", new(State), nil, true)
	require.False(t, ok)
}

// The tables come from another package: that they are the standard's, whole, shows in how many characters they have.
func TestTablesAreWhole(t *testing.T) {
	for name, c := range map[string]struct {
		table index
		want  int
	}{
		"jis0208": {jis0208(), 7724}, "jis0212": {jis0212(), 6067}, "euc-kr": {euckr(), 17048}, "big5": {big5(), 18590},
		"gb18030": {gb18030(), 23940}, "ranges": {gb18030Ranges(), 39420},
	} {
		n := 0
		for _, r := range c.table {
			if r != 0 {
				n++
			}
		}
		require.Equal(t, c.want, n, name)
	}
}
