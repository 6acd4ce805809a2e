package wrangler

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDotenv(t *testing.T) {
	source := "\uFEFFA=1\r\n" + `
 export B = two words  # comment
C: colon
D=
E='sin\ngle "x"'
F="dou\nble\r" # x
G=` + "`back 'tick' \"x\"`" + `
H="multi
line"
I="open
J=a#b
K = 'x' y
no assignment
L.M-N=1
=x
`
	pairs, odd := parseDotenv(source)
	got := map[string]string{}
	for _, p := range pairs {
		got[p.name] = p.value
	}
	require.Equal(t, map[string]string{
		"A": "1", "B": "two words", "C": "colon", "D": "", "E": `sin\ngle "x"`, "F": "dou\nble\r", "G": `back 'tick' "x"`,
		"H": "multi\nline", "I": `"open`, "J": "a", "K": "'x' y", "L.M-N": "1",
	}, got)
	require.Equal(t, []Position{{Line: 14, Column: 1}, {Line: 16, Column: 1}}, odd)
	require.Equal(t, Position{Line: 3, Column: 9}, pairs[1].pos)
}

func TestDotenvExpansion(t *testing.T) {
	pairs, _ := parseDotenv("A=1\nB=$A-${A}-${NONE:-d}-${NONE-e}-$NONE-\\$A\nC=$D\nD=$C\nE=${B}\nF=$F")
	expandDotenv(pairs)
	values := map[string]string{}
	for _, p := range pairs {
		values[p.name] = p.value
	}
	require.Equal(t, map[string]string{"A": "1", "B": "1-1-d-e--$A", "C": "", "D": "", "E": "1-1-d-e--$A", "F": ""}, values)
}

func TestDotenvExpansionIsBounded(t *testing.T) {
	pairs := []dotenvPair{{name: "V0", value: "0123456789"}}
	for i := 1; i < 60; i++ {
		last := pairs[i-1].name
		pairs = append(pairs, dotenvPair{name: last + "x", value: "$" + last + "$" + last})
	}
	expandDotenv(pairs)
	for _, p := range pairs {
		require.LessOrEqual(t, len(p.value), maxExpanded)
	}
}

// FuzzDotenv checks that nothing panics and that places lie in the file.
func FuzzDotenv(f *testing.F) {
	for _, seed := range []string{"A=1\n", "export B='x\ny'\n#c\nodd", "A=${A:-$B}\nB=$A", "A: b\r\nC=`d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		pairs, odd := parseDotenv(source)
		for _, at := range odd {
			require.Positive(t, at.Line)
			require.Positive(t, at.Column)
		}
		for _, p := range pairs {
			require.NotEmpty(t, p.name)
		}
		expandDotenv(pairs)
	})
}
