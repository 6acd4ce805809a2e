// Package workloads lists what the benchmarks ask of the worker beside it, and what must come back.
//
// To add a workload: a path in src, a row in [All], a line in bench/README.md.
package workloads

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
)

// A Workload is one request that a benchmark makes over and over.
type Workload struct {
	// Name is how benchmarks and tables call it.
	Name string
	// Target is the path, with the query if there is one.
	Target string
	// Body is posted; without one the request is a GET.
	Body string
	// Answer is the body that a right answer has; empty if only its length is known.
	Answer string
	// Length is the size of that body in bytes; 0 means that of Answer.
	Length int
	// Alone says that the reference runtime has no counterpart: its KV is a service elsewhere.
	Alone bool
}

// All are the workloads, from the cheapest to those that create workers.
var All = []Workload{
	{Name: "hello", Target: "/hello", Answer: "Hello World"},
	{Name: "json", Target: "/json", Body: `{"name":"dynos","tags":["a","b","c"]}`, Answer: `{"hello":"dynos","count":3}`},
	{Name: "echo", Target: "/echo", Body: strings.Repeat("echo", 1024), Answer: strings.Repeat("echo", 1024)},
	{Name: "headers", Target: "/headers", Answer: "2"},
	{Name: "url", Target: "/url", Answer: "720"},
	{Name: "route", Target: "/route/users/42/posts/7?sort=new&limit=20", Answer: `{"pattern":"/route/users/:user/posts/:post","user":"42","post":"7","sort":"new","limit":20}`},
	{Name: "html", Target: "/html", Length: 5160},
	{Name: "sha", Target: "/sha", Answer: digest(bytes.Repeat([]byte{97}, 1024))},
	{Name: "hmac", Target: "/hmac", Answer: "true"},
	{Name: "gcm", Target: "/gcm", Answer: "1024"},
	{Name: "ecdsa", Target: "/ecdsa", Answer: "64"},
	{Name: "cpu", Target: "/cpu", Answer: "1229 776"},
	{Name: "stream", Target: "/stream", Length: 1 << 20},
	{Name: "warm", Target: "/warm", Answer: "Hello from a dynamic worker"},
	{Name: "rpc", Target: "/rpc", Answer: "sum 45"},
	{Name: "out", Target: "/out", Answer: "outbound /path"},
	{Name: "object", Target: "/object", Answer: "stored"},
	{Name: "objects", Target: "/objects", Answer: "stored"},
	{Name: "sql", Target: "/sql", Answer: "96300"},
	{Name: "kv-get", Target: "/kv-get", Answer: "a value of some length", Alone: true},
	{Name: "kv-put", Target: "/kv-put", Answer: "put", Alone: true},
	{Name: "cold", Target: "/cold", Answer: `{"name":"Cold","method":"GET"}`},
	{Name: "load", Target: "/load", Answer: `{"name":"Load","method":"GET"}`},
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return string(sum[:])
}

// Idle leaves one more idle dynamic worker behind for each different n.
func Idle(n int) Workload {
	return Workload{Name: "idle", Target: fmt.Sprintf("/idle?%d", n), Answer: `{"name":"Idle","method":"GET"}`}
}

// Method of the request.
func (w Workload) Method() string {
	if w.Body == "" {
		return "GET"
	}
	return "POST"
}

// Header is what every request carries besides Host and what its body needs: about what a browser sends.
var Header = [][2]string{
	{"Accept", "text/html,application/json;q=0.9,*/*;q=0.8"},
	{"Accept-Encoding", "gzip, br"},
	{"Accept-Language", "en-GB,en;q=0.7"},
	{"Cookie", "session=0123456789abcdef; theme=dark"},
	{"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
}

// Bytes is the whole request as it goes over a connection to host.
func (w Workload) Bytes(host string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", w.Method(), w.Target, host)
	for _, field := range Header {
		fmt.Fprintf(&b, "%s: %s\r\n", field[0], field[1])
	}
	if w.Body != "" {
		fmt.Fprintf(&b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(w.Body))
	}
	b.WriteString("\r\n")
	b.WriteString(w.Body)
	return b.Bytes()
}

// Size is the length of a right answer in bytes.
func (w Workload) Size() int {
	if w.Length != 0 {
		return w.Length
	}
	return len(w.Answer)
}

// Check says what is wrong with an answer.
func (w Workload) Check(status int, body []byte) error {
	switch {
	case status != 200:
		return fmt.Errorf("%s: status %d: %.200q", w.Name, status, body)
	case len(body) != w.Size():
		return fmt.Errorf("%s: %d bytes, not %d: %.200q", w.Name, len(body), w.Size(), body)
	case w.Answer != "" && string(body) != w.Answer:
		return fmt.Errorf("%s: %.200q, not %.200q", w.Name, body, w.Answer)
	}
	return nil
}
