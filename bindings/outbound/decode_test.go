package outbound

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"

	"github.com/dynos-run/dynos/bindings"
)

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}

func brotlied(text string) string {
	var b bytes.Buffer
	w := brotli.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}

func encoded(t testing.TB, coding, body string) string {
	return answering(t, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s", coding, len(body), body))
}

// What the platform makes of each: the text, or a TypeError.
func TestDecode(t *testing.T) {
	for _, c := range []struct {
		name, coding, body, want, fails string
	}{
		{"gzip", "gzip", gzipped("hello"), "hello", ""},
		{"gzip of nothing", "gzip", gzipped(""), "", ""},
		{"gzip in two members", "gzip", gzipped("hello") + gzipped("world"), "helloworld", ""},
		{"gzip cut", "gzip", gzipped("hello")[:12], "", "Gzip compressed stream ended prematurely."},
		{"gzip of no bytes", "gzip", "", "", "Gzip compressed stream ended prematurely."},
		{"gzip that is none", "gzip", "hello world!", "", "Gzip decompression failed."},
		{"gzip and more", "gzip", gzipped("hello") + "something else", "hello", "Gzip decompression failed."},
		{"brotli", "br", brotlied("hello"), "hello", ""},
		{"brotli cut", "br", brotlied("hello")[:3], "", "Brotli compressed stream ended prematurely."},
		{"brotli of no bytes", "br", "", "", "Brotli compressed stream ended prematurely."},
		{"brotli that is none", "br", "hello \xff\xfe\xfd\x01wo", "", "Brotli decompression failed."},
		{"upper case", "GZIP", gzipped("hello"), gzipped("hello"), ""},
		{"other name", "x-gzip", gzipped("hello"), gzipped("hello"), ""},
		{"two", "gzip, br", "hello", "hello", ""},
		{"deflate", "deflate", "hello", "hello", ""},
		{"identity", "identity", "hello", "hello", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := get(t, newTestTransport(t, Options{}), encoded(t, c.coding, c.body))
			if err != nil {
				t.Fatal(err)
			}
			if res.Header[0] != [2]string{"content-encoding", c.coding} || res.Header[1] != [2]string{"content-length", fmt.Sprint(len(c.body))} {
				t.Errorf("header %q", res.Header)
			}
			data, err := io.ReadAll(res.Body)
			if string(data) != c.want {
				t.Errorf("got %q, want %q", data, c.want)
			}
			if c.fails != "" {
				wantError(t, err, "TypeError", c.fails)
				if n, again := res.Body.Read(make([]byte, 1)); n != 0 || again != err {
					t.Errorf("the next read gives %d, %v", n, again)
				}
			} else if err != nil {
				t.Error(err)
			}
			_ = res.Body.Close()
		})
	}
}

func TestDecodeOfLostConnection(t *testing.T) {
	for coding, body := range map[string]string{"gzip": gzipped("hello"), "br": brotlied("hello")} {
		res, err := get(t, newTestTransport(t, Options{}), answering(t, "HTTP/1.1 200 OK\r\nContent-Encoding: "+coding+"\r\nContent-Length: 100\r\n\r\n"+body[:5]))
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.ReadAll(res.Body)
		wantError(t, err, "Error", "Network connection lost.")
		_ = res.Body.Close()
	}
}

// What the server has flushed can be read before it goes on.
func TestDecodeStreams(t *testing.T) {
	read := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		coding := r.URL.Path[1:]
		w.Header().Set("Content-Encoding", coding)
		var encoder interface {
			io.WriteCloser
			Flush() error
		} = gzip.NewWriter(w)
		if coding == "br" {
			encoder = brotli.NewWriter(w)
		}
		for _, chunk := range []string{"one", "two"} {
			_, _ = io.WriteString(encoder, chunk)
			_ = encoder.Flush()
			_ = http.NewResponseController(w).Flush()
			<-read
		}
		_ = encoder.Close()
	}))
	defer server.Close()
	for _, coding := range []string{"gzip", "br"} {
		res, err := get(t, newTestTransport(t, Options{}), server.URL+"/"+coding)
		if err != nil {
			t.Fatal(err)
		}
		if res.ContentLength != -1 {
			t.Errorf("%s: length %d", coding, res.ContentLength)
		}
		buffer := make([]byte, 3)
		for _, chunk := range []string{"one", "two"} {
			if _, err := io.ReadFull(res.Body, buffer); err != nil || string(buffer) != chunk {
				t.Fatalf("%s: got %q, %v", coding, buffer, err)
			}
			read <- struct{}{}
		}
		if rest := mustRead(t, res); rest != "" {
			t.Errorf("%s: then %q", coding, rest)
		}
	}
}

func undecoded(body io.ReadCloser) io.ReadCloser {
	if b, ok := body.(bindings.Encoded); ok {
		return b.Undecoded()
	}
	return nil
}

func TestUndecoded(t *testing.T) {
	body := gzipped("hello")
	res, err := get(t, newTestTransport(t, Options{}), encoded(t, "gzip", body))
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(undecoded(res.Body)); err != nil || string(data) != body {
		t.Errorf("got %q, %v", data, err)
	}
	_ = res.Body.Close()

	res, err = get(t, newTestTransport(t, Options{}), encoded(t, "gzip", body))
	if err != nil {
		t.Fatal(err)
	}
	mustRead(t, res)
	if undecoded(res.Body) != nil || undecoded(http.NoBody) != nil {
		t.Error("bytes for a body that was read, or is not encoded")
	}
}
