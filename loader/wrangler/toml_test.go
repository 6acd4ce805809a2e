package wrangler

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTOMLPlaces(t *testing.T) {
	source := `
a.b = 1 # c
"q.u" = [ 1,
  { x = "]", y.z = '''
#''' } ]
[t."u"] # h
v = """"quoted"" \" """
w = 2
[[l]]
[[l.m]]
n = 1
[[l.m]]
  n = 2
`
	r := &report{}
	root := parseTOML(r, []byte(source))
	require.NotNil(t, root, "%v", r.List)
	for path, want := range map[string]Position{
		"a.b":         {Line: 2, Column: 7},
		"t.u":         {Line: 6, Column: 4},
		"t.u.v":       {Line: 7, Column: 5},
		"t.u.w":       {Line: 8, Column: 5},
		"l[0].m[1].n": {Line: 13, Column: 7},
		"l[0].m[0]":   {Line: 10, Column: 1},
	} {
		require.Equal(t, want, root.at(path), path)
	}
	list := root.get("q.u")
	require.Equal(t, Position{Line: 3, Column: 1}, list.pos)
	require.Equal(t, Position{Line: 4, Column: 3}, list.value.items[1].pos)
	require.Equal(t, Position{Line: 4, Column: 20}, list.value.items[1].get("y").value.at("z"))
}

// FuzzTOML checks that finding places neither panics nor hangs, whatever the library accepts.
func FuzzTOML(f *testing.F) {
	for _, seed := range []string{"a = 1", "[a.b]\nc.d = [1, {x = 2}]", "[[a]]\n[[a.b]]\nc = '''x'''", "a = \"\"\"\\\"\"\"\"\"\n", "\"a\\\"b\" = 1", "a = 1979-05-27T07:32:00Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		r := &report{}
		if parseTOML(r, []byte(source)) == nil {
			require.NotEmpty(t, r.List)
		}
		scanTOML(source)
	})
}
