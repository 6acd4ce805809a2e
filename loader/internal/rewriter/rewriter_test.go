package rewriter

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// An event of a batch, decoded.
type event struct {
	kind       int
	start, end int
	name       string // or text
	attributes []string
	flags      int
	handlers   []int
	closing    int
	exact      bool
}

// decodeEvents reads a batch as the JavaScript half does, and checks that ranges stand in order within the input.
func decodeEvents(t testing.TB, b *Batch, size int) []event {
	text, at := b.Text, 0
	next := func() int {
		n := int(int32(binary.LittleEndian.Uint32(b.Events[at:])))
		at += 4
		return n
	}
	str := func(units int) string { // of ASCII, or whatever has one byte for each unit
		n := 0
		for got := 0; got < units; n++ {
			switch c := text[n]; {
			case c >= 0xF0:
				got += 2
			case c < 0x80 || c >= 0xC0:
				got++
			}
		}
		for n < len(text) && text[n]&0xC0 == 0x80 {
			n++
		}
		s := string(text[:n])
		text = text[n:]
		return s
	}
	handlers := func(e *event) {
		for n := next(); n > 0; n-- {
			e.handlers = append(e.handlers, next())
		}
	}
	var events []event
	cursor := 0
	for at < len(b.Events) {
		e := event{kind: next(), start: next(), end: next()}
		require.True(t, cursor <= e.start && e.start <= e.end && e.end <= size, "range %d-%d behind %d of %d", e.start, e.end, cursor, size)
		cursor = e.end
		switch e.kind {
		case eventElement:
			e.name = str(next())
			next()
			e.flags = next()
			handlers(&e)
			n := next()
			next()
			for ; n > 0; n-- {
				nameUnits, valueUnits := next(), next()
				e.attributes = append(e.attributes, str(nameUnits)+"="+str(valueUnits))
				next()
				next()
			}
		case eventEnd:
			e.name = str(next())
			next()
			e.closing = next()
		case eventText:
			e.flags = next()
			e.exact = e.flags&flagExact != 0
			e.name = str(next())
			handlers(&e)
		case eventComment:
			e.name = str(next())
			handlers(&e)
		case eventDoctype:
			for range 3 {
				if n := next(); n >= 0 {
					e.name += str(n) + ";"
				}
			}
			handlers(&e)
		default:
			t.Fatalf("event of kind %d", e.kind)
		}
		events = append(events, e)
	}
	require.Empty(t, text)
	return events
}

// read gives a document to a rewriter in pieces and returns all events, with what each covers in the document.
func read(t testing.TB, r *Rewriter, pieces ...string) (events []event, covered []string, err error) {
	var left []byte
	for i := 0; i <= len(pieces); i++ {
		in := append([]byte(nil), left...)
		if i < len(pieces) {
			in = append(in, pieces[i]...)
		}
		for more := true; more; {
			var b *Batch
			b, err = r.Write(in, i == len(pieces))
			require.True(t, b.Done <= len(in))
			for _, e := range decodeEvents(t, b, len(in)) {
				events = append(events, e)
				covered = append(covered, string(in[e.start:e.end]))
			}
			if err != nil {
				return events, covered, err
			}
			more = b.More
			in = in[b.Done:]
		}
		left = in
	}
	return events, covered, nil
}

func newRewriter(t testing.TB, handlers ...Handler) *Rewriter {
	r, err := New(handlers, Options{Encoding: "utf-8", Shared: new(Shared)})
	require.NoError(t, err)
	return r
}

const everything = WantElements | WantText | WantComments | WantDoctypes

func TestEventsOfADocument(t *testing.T) {
	r := newRewriter(t, Handler{"p > a, i", WantElements | WantText}, Handler{"", everything})
	events, covered, err := read(t, r, `<!doctype html><p><A HREF="x" y>1&amp;<b>2`, `</b></a><!--c--><i>3</p>`)
	require.NoError(t, err)
	var got []string
	for i, e := range events {
		got = append(got, fmt.Sprintf("%d %q %v %v %d %q", e.kind, e.name, e.attributes, e.handlers, e.closing, covered[i]))
	}
	require.Equal(t, []string{
		`4 "html;" [] [1] 0 "<!doctype html>"`,
		`0 "a" [href=x y=] [0] 0 "<A HREF=\"x\" y>"`,
		`2 "1&amp;" [] [0 1] 0 "1&amp;"`, `2 "" [] [0 1] 0 ""`,
		`2 "2" [] [0 1] 0 "2"`, `2 "" [] [0 1] 0 ""`,
		`1 "a" [] [] 1 "</a>"`,
		`3 "c" [] [1] 0 "<!--c-->"`,
		`0 "i" [] [0] 0 "<i>"`, `2 "3" [] [0 1] 0 "3"`, `2 "" [] [0 1] 0 ""`,
		`1 "p" [] [] 1 "</p>"`,
	}, got)
}

// What is bounded is an error that says so.
func TestLimits(t *testing.T) {
	t.Run("depth", func(t *testing.T) {
		_, _, err := read(t, newRewriter(t, Handler{"*", WantElements}), strings.Repeat("<a>", 1_000_000))
		require.ErrorIs(t, err, ErrMemory)
	})
	t.Run("attributes", func(t *testing.T) {
		_, _, err := read(t, newRewriter(t, Handler{"*", WantElements}), "<a"+strings.Repeat(" b", maxAttributes+1)+">")
		require.ErrorIs(t, err, ErrMemory)
	})
	t.Run("work for one tag", func(t *testing.T) {
		handlers := make([]Handler, 8000)
		for i := range handlers {
			handlers[i] = Handler{"[c]", WantElements}
		}
		_, _, err := read(t, newRewriter(t, handlers...), "<a"+strings.Repeat(" b", maxAttributes-1)+">")
		require.ErrorIs(t, err, ErrMemory)
	})
	t.Run("names of siblings", func(t *testing.T) {
		var b strings.Builder
		for i := range 100_000 {
			fmt.Fprintf(&b, "<x%d></x%d>", i, i)
		}
		_, _, err := read(t, newRewriter(t, Handler{":nth-of-type(2)", WantElements}), b.String())
		require.ErrorIs(t, err, ErrMemory)
	})
	t.Run("together", func(t *testing.T) {
		shared := new(Shared)
		var open []*Rewriter
		for {
			r, err := New([]Handler{{"*", WantElements}}, Options{Encoding: "utf-8", Shared: shared})
			if err != nil {
				require.ErrorIs(t, err, ErrMemory)
				break
			}
			open = append(open, r)
		}
		require.Greater(t, len(open), 1000)
		for _, r := range open {
			r.Close()
		}
		require.Zero(t, shared.used)
	})
	t.Run("ambiguity", func(t *testing.T) {
		_, _, err := read(t, newRewriter(t, Handler{"*", WantElements}), "<select><template><style>")
		var ambiguous *AmbiguityError
		require.True(t, errors.As(err, &ambiguous))
		require.Equal(t, "style", ambiguous.Tag)
	})
}

// Many handlers and many tags: a batch ends early, and the next goes on.
func TestBatchesAreBounded(t *testing.T) {
	handlers := make([]Handler, 5000)
	for i := range handlers {
		handlers[i] = Handler{"*", WantElements}
	}
	r := newRewriter(t, handlers...)
	in := []byte(strings.Repeat("<br>", 1000))
	total := 0
	for calls := 0; ; calls++ {
		b, err := r.Write(in, true)
		require.NoError(t, err)
		require.Less(t, len(b.Events), 2*maxEvents)
		total += len(decodeEvents(t, b, len(in)))
		in = in[b.Done:]
		if !b.More {
			require.Greater(t, calls, 2)
			break
		}
	}
	require.Equal(t, 1000, total)
	require.Empty(t, in)
}

// seeds are documents with all that the lexer knows.
var seeds = []string{
	"<p class=a id='b' c = d e>x &amp; y<br/></p>", "<!DOCTYPE html PUBLIC \"a\" 'b'><!-- c --><!--><!---><!--a--!><!--a--b--><!--<!---->", "a<b<c </ x> <? y> <! z> </>",
	"<script>a<b</scr<!--<script></script>--></script>", "<title>a<b></title><textarea></textarea ><style></sty</style>", "<svg><title><b></title><![CDATA[x]]]></svg><math><mi>",
	"<plaintext>a</plaintext>", "é☃\xff\xc3", "<a", "<a b=\"", "<!--", "</", "<select><title>", "<x-y a=1 b=2 /><A HREF=>",
}

// The tokens of the standard library's tokenizer are ours, where both see the same document: it does not know of foreign content, gives what
// is no markup together with the text around it, and drops a tag that never ends.
func TestTokensAreTheStandardOnes(t *testing.T) {
	for _, in := range append(seeds, `<div a="1" B=2 c='"'>t<p>u</p><!--v--></DIV>`, "<ul><li>1<li>2</ul><input disabled><img src=x/>") {
		if strings.Contains(in, "<svg") || strings.Contains(in, "<select") || strings.Contains(in, "\xff") {
			continue
		}
		events, _, err := read(t, newRewriter(t, Handler{"*", WantElements}, Handler{"", WantText | WantComments}), in)
		require.NoError(t, err)
		var ours []string
		for _, e := range events {
			switch e.kind {
			case eventElement:
				ours = append(ours, "<"+e.name+" "+strings.Join(e.attributes, " "))
			case eventText:
				if n := len(ours); n > 0 && strings.HasPrefix(ours[n-1], "#") {
					ours[n-1] += e.name
				} else if e.name != "" {
					ours = append(ours, "#"+e.name)
				}
			case eventComment:
				ours = append(ours, "!"+e.name)
			}
		}
		require.Equal(t, standardTokens(in), ours, "%q", in)
	}
}

func standardTokens(in string) []string {
	z := html.NewTokenizer(strings.NewReader(in))
	var list []string
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return list
		case html.TextToken:
			if text := "#" + string(z.Raw()); len(list) > 0 && strings.HasPrefix(list[len(list)-1], "#") {
				list[len(list)-1] += text[1:]
			} else {
				list = append(list, text)
			}
		case html.CommentToken:
			if string(z.Raw()) != "</>" { // nothing at all, by the standard
				list = append(list, "!"+string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := string(z.Raw())
			name, more := z.TagName()
			var attributes []string
			for more {
				var key []byte
				var value []byte
				key, value, more = z.TagAttr()
				attributes = append(attributes, string(key)+"="+string(value))
			}
			if strings.HasSuffix(raw, ">") {
				list = append(list, "<"+string(name)+" "+strings.Join(attributes, " "))
			}
		}
	}
}

// A document in which no handler finds anything makes no events, and however it is cut, what events cover and what they leave out is the
// document.
func FuzzRewriter(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s), uint16(3), uint8(0))
		f.Add([]byte(s), uint16(1), uint8(1))
	}
	f.Fuzz(func(t *testing.T, in []byte, cut uint16, which uint8) {
		var handlers []Handler
		if which%2 == 1 {
			handlers = []Handler{{"*", everything}, {"a > b:not(.c):nth-child(2n+1)", everything}, {"", everything}}
		}
		at := 0
		if len(in) > 0 {
			at = int(cut) % (len(in) + 1)
		}
		r := newRewriter(t, handlers...)
		events, _, err := read(t, r, string(in[:at]), string(in[at:]))
		whole, _, wholeErr := read(t, newRewriter(t, handlers...), string(in))
		require.Equal(t, wholeErr == nil, err == nil)
		if which%2 == 0 {
			require.Empty(t, events)
			return
		}
		require.Equal(t, joined(whole), joined(events))
		for _, e := range events {
			require.False(t, e.kind == eventText && e.exact && bytes.ContainsRune([]byte(e.name), 0xFFFD) && !bytes.Contains(in, []byte("\uFFFD")))
		}
	})
}

// joined are events without their positions, texts put together as pieces differ.
func joined(events []event) []string {
	var list []string
	text := ""
	for _, e := range events {
		if e.kind == eventText && e.flags&flagLast == 0 {
			text += e.name
			continue
		}
		list = append(list, fmt.Sprint(text, e.kind, e.name, e.attributes, e.flags&^flagExact, e.handlers, e.closing))
		text = ""
	}
	return append(list, text)
}

func FuzzSelector(f *testing.F) {
	for _, s := range []string{"a", "a > b c, d", "[a=\"b\" i]:not(.c, #d):nth-child(-2n + 1)", ":not(:not(:not(a)))", "*|a", "\\31 a", "/* c */ a", "[a", "a:nth-of-type(EVEN)", "é.☃", "a||b", "[*|a]", ":nth-child(+n-1)", "'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		err := CheckSelector(text)
		var known SelectorError
		require.True(t, err == nil || errors.As(err, &known))
		if err == nil {
			_, _, err := read(t, newRewriter(t, Handler{text, everything}), seeds[0])
			require.NoError(t, err)
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	in := []byte(strings.Repeat(`<div class="a b"><p id=x>some text</p><a href="https://example.com/">link</a><!-- c --></div>`+"\n", 600))
	for name, handlers := range map[string][]Handler{"selectors=0": nil, "selectors=1": {{"a[href]", WantElements}}, "selectors=20": slicesOf(20)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			shared := new(Shared)
			for b.Loop() {
				r, err := New(handlers, Options{Encoding: "utf-8", Shared: shared})
				require.NoError(b, err)
				_, err = r.Write(in, true)
				require.NoError(b, err)
				r.Close()
			}
		})
	}
}

func slicesOf(n int) []Handler {
	list := make([]Handler, n)
	for i := range list {
		list[i] = Handler{fmt.Sprintf("div .x%d > a[href]", i), WantElements}
	}
	return list
}
