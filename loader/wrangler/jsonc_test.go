package wrangler

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJSONCValues(t *testing.T) {
	for source, want := range map[string]string{
		"\xef\xbb\xbf{}":                                    `{}`,
		`// a` + "\n" + `[1, /* b */ -2.5e+3,]`:             `[1,-2.5e+3]`,
		`{"a": {"b": [null, true, false,],},}`:              `{"a":{"b":[null,true,false]}}`,
		`"\u00e9\ud83d\ude00\ud83d\n\/\"<"`:                 "\"é😀\uFFFD\\n/\\\"<\"",
		`{"a": 1, "b": 2, "a": 3}`:                          `{"b":2,"a":3}`,
		strings.Repeat("[", 200) + strings.Repeat("]", 200): strings.Repeat("[", 200) + strings.Repeat("]", 200),
	} {
		r := &report{}
		n := parseJSONC(r, []byte(source))
		require.NotNil(t, n, "%s: %v", source, r.List)
		require.Equal(t, want, n.json())
	}
}

func TestJSONCErrorsHavePlaces(t *testing.T) {
	for source, want := range map[string]string{
		"":                       "f:1:1: the file is empty",
		"{\"a\": tru}":           "f:1:7: unknown value tru; strings need double quotes",
		"{\"a\"\n 1}":            "f:2:2: expected ':' after the key \"a\", found '1'",
		"[1 2]":                  "f:1:4: expected ',' or ']', found '2'; a comma may be missing before it",
		"[01]":                   "f:1:2: \"01\" is not a number",
		"[1.]":                   "f:1:2: \"1.\" is not a number",
		"\"a\nb\"":               "f:1:3: this string does not end on its line; write line breaks as \\n",
		`"\x"`:                   "f:1:2: unknown escape in a string; write a backslash as \\\\",
		`"\u12"`:                 "f:1:2: unknown escape in a string; write a backslash as \\\\",
		"\"é\" \n é":             "f:2:2: unexpected 'é' after the end of the configuration",
		strings.Repeat("[", 500): "f:1:202: values are nested more than 200 deep",
		"[,]":                    "f:1:2: expected a value, found ','",
		"/* a\n*/ /":             "f:2:4: expected a value, found '/'",
	} {
		r := &report{file: "f"}
		require.Nil(t, parseJSONC(r, []byte(source)), source)
		require.Len(t, r.List, 1, source)
		require.Equal(t, want, r.List[0].String())
	}
}

// FuzzJSONC checks that nothing panics, that JSON is read as the standard library reads it, and that what was read is written as JSON.
func FuzzJSONC(f *testing.F) {
	for _, seed := range []string{`{"a": [1, "b", null, true]}`, "// c\n{/**/\"a\":1,}", `"\ud83d\ude00\ud800"`, `[1e5,-0,0.1E-2]`, `{"a":`, "\"\xff\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		r := &report{}
		n := parseJSONC(r, []byte(source))
		if n == nil {
			require.NotEmpty(t, r.List)
			var v any
			if json.Unmarshal([]byte(source), &v) == nil && !strings.Contains(r.List[len(r.List)-1].Message, "nested") {
				t.Fatalf("refused JSON: %v", r.List)
			}
			return
		}
		var got, want any
		require.NoError(t, json.Unmarshal([]byte(n.json()), &got))
		if json.Unmarshal([]byte(source), &want) == nil && !reflect.DeepEqual(want, got) {
			t.Fatalf("read %s as %s", source, n.json())
		}
	})
}
