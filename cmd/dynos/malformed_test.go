package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// malformed are requests that are no HTTP, or so odd that nobody honest sends them.
func malformed() []string {
	const host = "Host: x\r\n"
	list := []string{
		"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n" + host + "A\xe9: x\r\n\r\n", "GET / HTTP/1.1\r\n" + host + "A(b): x\r\n\r\n",
		"\x00", "\r\n\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP\r\n" + host + "\r\n", "GET / HTTP/9.9\r\n" + host + "\r\n", "GET / HTTP/1.1 x\r\n" + host + "\r\n",
		"GET  / HTTP/1.1\r\n" + host + "\r\n", " GET / HTTP/1.1\r\n" + host + "\r\n", "G\x00T / HTTP/1.1\r\n" + host + "\r\n", "G(T / HTTP/1.1\r\n" + host + "\r\n",
		"GET / FTP/1.1\r\n" + host + "\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "SSH-2.0-x\r\n\r\n",
		"GET / HTTP/1.1\r\nHost x\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n", "GET / HTTP/1.1\r\n" + host + "A B: x\r\n\r\n", "GET / HTTP/1.1\r\n" + host + "A\x00: x\r\n\r\n",
		"GET / HTTP/1.1\r\n" + host + "A: \x00\r\n\r\n", "GET / HTTP/1.1\r\n" + host + "A : x\r\n\r\n", "GET / HTTP/1.1\r\n folded: x\r\n" + host + "\r\n",
		"GET / HTTP/1.1\r\n" + host + "A: " + strings.Repeat("a", 100_000) + "\r\n\r\n", "GET /" + strings.Repeat("a", 100_000) + " HTTP/1.1\r\n" + host + "\r\n",
		"GET / HTTP/1.1\r\n" + strings.Repeat("A: b\r\n", 20_000) + "\r\n", "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	}
	for _, length := range []string{"-1", "+1", "x", "1x", "0x1", "1e3", "99999999999999999999", "1,1", "1 1", "", "1\x00"} {
		list = append(list, "POST / HTTP/1.1\r\n"+host+"Content-Length: "+length+"\r\n\r\nabc")
	}
	for _, chunk := range []string{"x\r\nabc\r\n", "-1\r\n", "ffffffffffffffff\r\nabc\r\n", "fffffffffffffffff1\r\n", "3\r\nabcdef\r\n0\r\n\r\n", "3 3\r\nabc\r\n0\r\n\r\n", "\r\n\r\n", "3;\x00\nabc", "3\nabc\n0\n\n", "3\r\nabc0\r\n\r\n", "3\r\nabc\r\nzz\r\n"} {
		list = append(list, "POST / HTTP/1.1\r\n"+host+"Transfer-Encoding: chunked\r\n\r\n"+chunk)
	}
	for _, coding := range []string{"gzip", "identity", "chunked,", "", "xchunked", "chunked, gzip", "chunked, chunked", "\x0bchunked", "chunked\x00"} {
		list = append(list, "POST / HTTP/1.1\r\n"+host+"Transfer-Encoding: "+coding+"\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
	}
	for _, target := range []string{"http://", "http:///a", "https://?", "http://a:99999/", "http://<a>/", "ftp://a/", "a:80", "*", "x"} {
		list = append(list, "GET "+target+" HTTP/1.1\r\n"+host+"\r\n")
	}
	for _, h := range []string{"a b", "a/b", "a@b", "[::1", "a:99999", "a:x", "<a>", "a\\b", "a?b", "x\r\nHost: y", "\xff"} {
		list = append(list, "GET / HTTP/1.1\r\nHost: "+h+"\r\n\r\n")
	}
	for _, line := range []string{"A: b\r\n c\r\n", "A: b\nC: d\r\n", "A: b\rC: d\r\n", "A:b\x7f\r\n"} {
		list = append(list, "GET / HTTP/1.1\r\n"+host+line+"\r\n")
	}
	for _, method := range []string{"CONNECT", strings.Repeat("A", 100), "\xff", "G\tT", ""} {
		list = append(list, method+" / HTTP/1.1\r\n"+host+"\r\n")
	}
	for c := range 0x20 {
		if c != '\t' && c != '\n' && c != '\r' {
			list = append(list, fmt.Sprintf("GET /%c HTTP/1.1\r\n%s\r\n", c, host), fmt.Sprintf("GET / HTTP/1.1\r\n%sX%c: y\r\n\r\n", host, c))
		}
	}
	return list
}

// Whatever comes, the answer is a 4xx or the end of the connection; and the server goes on. The worker does not read bodies.
func TestMalformedRequests(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hello.js")
	source := `export default { fetch() { return new Response("Hello"); } };`
	require.NoError(t, os.WriteFile(file, []byte(source), 0o600))
	s := &server{}
	defer s.kill()
	require.NoError(t, s.start(exec.Command("dynos", "serve", "--port", "0", file)))
	for _, text := range malformed() {
		status := rawStatus(t, s.address, text)
		if status/100 != 4 && status != 0 {
			t.Errorf("%d: %.80q", status, text)
		}
	}
	response, err := s.client.Get(s.url("/"))
	require.NoError(t, err)
	_ = response.Body.Close()
	require.Equal(t, 200, response.StatusCode)
	require.Len(t, s.engines(), 2)
}

// rawStatus sends bytes and closes that side; it gives the status of the answer, 0 if there is none.
func rawStatus(t *testing.T, address, text string) int {
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	_, _ = io.WriteString(conn, text) // the server may not want all of it
	_ = conn.(*net.TCPConn).CloseWrite()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "%.80q: no answer", text)
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}
