package rpc

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// entries writes a Map.
func (e *encoder) entries(m Map) error {
	e.buf = append(e.buf, tagMap)
	for i := range m {
		if err := e.any(m[i].Key); err != nil {
			return at(err, element(i))
		}
		if err := e.any(m[i].Value); err != nil {
			return at(err, element(i))
		}
	}
	e.begin(tagEndMap, 2*len(m))
	return nil
}

// members writes a Set.
func (e *encoder) members(s Set) error {
	e.buf = append(e.buf, tagSet)
	for i := range s {
		if err := e.any(s[i]); err != nil {
			return at(err, element(i))
		}
	}
	e.begin(tagEndSet, len(s))
	return nil
}

// properties writes an Object.
func (e *encoder) properties(o Object) error {
	e.buf = append(e.buf, tagObject)
	seen := make(map[string]bool, len(o))
	for i := range o {
		name := validText(o[i].Name)
		if seen[name] {
			return failf("two properties have the name %q", shorten(name))
		}
		seen[name] = true
		if err := e.key(name); err != nil {
			return err
		}
		if err := e.any(o[i].Value); err != nil {
			return at(err, property(name))
		}
	}
	e.begin(tagEndObject, len(o))
	return nil
}

// validText is s as it arrives.
func validText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

func (e *encoder) regExp(r RegExp) error {
	flags := 0
	for _, c := range r.Flags {
		bit := strings.IndexRune(regExpFlags, c)
		if bit < 0 || c == 0 || flags&(1<<bit) != 0 {
			return failf("%q are no flags of a regular expression", r.Flags)
		}
		flags |= 1 << bit
	}
	e.buf = append(e.buf, tagRegExp)
	if err := e.string(r.Source); err != nil {
		return err
	}
	e.buf = appendUvarint(e.buf, flags)
	return nil
}

// The polyfills take the data of their classes as they have written it: what they check in a constructor is checked here.

func (e *encoder) blob(b Blob) error {
	mediaType := strings.ToLower(b.Type)
	for i := 0; i < len(mediaType); i++ {
		if mediaType[i] < 0x20 || mediaType[i] > 0x7f {
			mediaType = ""
		}
	}
	data := b.Data
	if data == nil {
		data = []byte{}
	}
	return e.host(hostBlob, []any{data, mediaType})
}

func (e *encoder) headers(h http.Header) error {
	list := []any{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		if !isToken(name) {
			return failf("%q is no name of a header", name)
		}
		for _, value := range h[name] {
			value = strings.Trim(value, " \t\r\n")
			if strings.ContainsAny(value, "\x00\r\n") {
				return at(failf("%q is no value of a header", value), property(name))
			}
			list = append(list, strings.ToLower(name), value)
		}
	}
	return e.host(hostHeaders, list)
}

// isToken is https://www.rfc-editor.org/rfc/rfc9110#name-tokens.
func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= 0x20 || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}
