package hostops

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// forbidden holds the characters of the test data that a host parser refuses in what DomainToASCII returns.
const forbidden = "\x1f :="

func TestDomainToASCIIOfWPT(t *testing.T) {
	data, err := os.ReadFile("testdata/wpt/toascii.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, row := range rows {
		var c struct {
			Input  string
			Output *string
		}
		if json.Unmarshal(row, &c) != nil { // a comment
			continue
		}
		cases++
		got, ok := DomainToASCII(c.Input, false)
		ok = ok && got != "" && !strings.ContainsAny(got, forbidden)
		if ok != (c.Output != nil) || ok && got != *c.Output {
			t.Errorf("DomainToASCII(%+q) = %q, %t, want %v", c.Input, got, ok, deref(c.Output))
		}
	}
	if cases < 80 {
		t.Errorf("only %d cases read", cases)
	}
}

func deref(s *string) string {
	if s == nil {
		return "failure"
	}
	return *s
}

// What the platform answers where Unicode 15 and 17 differ.
func TestDomainToASCIIRemapped(t *testing.T) {
	for input, want := range map[string]string{
		"FA\u1e9e.de":        "xn--fa-hia.de",
		"\u10b5.com":         "xn--dlj.com",
		"\u04c0.com":         "xn--s5a.com",
		"\u2132.com":         "xn--73g.com",
		"\u2183.com":         "xn--r5g.com",
		"\U0002f868.com":     "xn--snl.com",
		"\U0002f874":         "xn--u2t",
		"\U0002f91f":         "xn--hb5j",
		"\U0002f95f":         "xn--ruz",
		"\U0002f9bf":         "xn--gro",
		"a\u115fb":           "ab",
		"a\u1160b":           "ab",
		"a\u17b4b":           "ab",
		"a\u3164b":           "ab",
		"a\uffa0b":           "ab",
		"look\u180eout":      "lookout",
		"a\u206bb":           "ab",
		"a\U0001d175b":       "ab",
		"\u2260.com":         "xn--1ch.com",
		"xn--fa-hia.\u3002x": "xn--fa-hia..x",
	} {
		if got, ok := DomainToASCII(input, false); !ok || got != want {
			t.Errorf("DomainToASCII(%+q) = %q, %t, want %q", input, got, ok, want)
		}
	}
}

func TestDomainToASCIIRefuses(t *testing.T) {
	for _, input := range []string{"\ufffd", "a\u200cb", "\u0301a", "xn--a", "xn--abc", "xn--zn7c.com", "\u05d0a", "\u05d0.1\u0660", "\xff.com",
		strings.Repeat("\u00e9", maxDomain)} {
		if got, ok := DomainToASCII(input, false); ok {
			t.Errorf("DomainToASCII(%+q) = %q, want failure", input, got)
		}
	}
}

func TestDomainToASCIIStrict(t *testing.T) {
	long := strings.Repeat("a", 64)
	for input, lax := range map[string]string{
		"a_b.c":     "a_b.c",
		"-a.com":    "-a.com",
		"ab--c.com": "ab--c.com",
		long:        long,
		"":          "",
		"a..b":      "a..b",
	} {
		if got, ok := DomainToASCII(input, false); !ok || got != lax {
			t.Errorf("DomainToASCII(%q) = %q, %t, want %q", input, got, ok, lax)
		}
		if got, ok := DomainToASCII(input, true); ok {
			t.Errorf("strict DomainToASCII(%q) = %q, want failure", input, got)
		}
	}
	if got, ok := DomainToASCII("Fa\u00df.de", true); !ok || got != "xn--fa-hia.de" {
		t.Errorf("got %q, %t", got, ok)
	}
}

func TestDomainToUnicode(t *testing.T) {
	for input, want := range map[string]string{
		"xn--fa-hia.de":    "fa\u00df.de",
		"XN--FA-HIA.DE":    "fa\u00df.de",
		"example.com":      "example.com",
		"XN--a.com":        "xn--a.com",
		"xn--a.xn--fa-hia": "xn--a.fa\u00df",
		"xn--wgv71a119e":   "\u65e5\u672c\u8a9e",
		"":                 "",
	} {
		if got := DomainToUnicode(input); got != want {
			t.Errorf("DomainToUnicode(%q) = %q, want %q", input, got, want)
		}
	}
}

func FuzzDomainToASCII(f *testing.F) {
	f.Add("fa\u00df.de")
	f.Add("xn--fa-hia.de")
	f.Add("\u10b5\u200d.\u0660")
	f.Fuzz(func(t *testing.T, domain string) {
		ascii, ok := DomainToASCII(domain, false)
		if !ok {
			return
		}
		if !isASCII(ascii) {
			t.Fatalf("%q is not ASCII", ascii)
		}
		if !strings.ContainsAny(ascii, forbidden) {
			if again, ok := DomainToASCII(ascii, false); !ok || again != ascii {
				t.Fatalf("%q then %q, %t", ascii, again, ok)
			}
		}
		if !utf8.ValidString(DomainToUnicode(ascii)) {
			t.Fatalf("%q does not decode to text", ascii)
		}
	})
}

func BenchmarkDomainToASCII(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		DomainToASCII("b\u00fccher.example", false)
	}
}
