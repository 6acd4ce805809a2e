package outbound

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dynos-run/dynos/bindings"
)

// mirror answers with what it was asked.
var mirror = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Server", "mirror")
	fmt.Fprintf(w, "%s %s %s", r.Method, r.Host, r.RequestURI)
	for _, name := range []string{"Accept", "X-Proto", "X-Cf", "X-Added"} {
		if values := r.Header.Values(name); values != nil {
			fmt.Fprintf(w, " %s=%s", name, strings.Join(values, "+"))
		}
	}
})

func newTestExternal(t *testing.T, o ExternalOptions) *External {
	t.Helper()
	e := NewExternal(o)
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func askExternal(t *testing.T, e *External, req *bindings.Request) (body string, header [][2]string) {
	t.Helper()
	res, err := e.Fetch(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return mustRead(t, res), res.Header
}

func TestExternalGetsEveryRequest(t *testing.T) {
	server := httptest.NewServer(mirror)
	t.Cleanup(server.Close)
	e := newTestExternal(t, ExternalOptions{
		Network: "tcp", Address: server.Listener.Addr().String(), ForwardedProtoHeader: "X-Proto", CfHeader: "X-Cf",
		RequestHeaders:  []bindings.HeaderEdit{{Name: "X-Added", Value: "new"}, {Name: "Accept"}},
		ResponseHeaders: []bindings.HeaderEdit{{Name: "X-Server", Value: "hidden"}, {Name: "date"}},
	})
	body, header := askExternal(t, e, &bindings.Request{
		Method: "GET", URL: "https://some.host:444/path?q=1", Cf: []byte(`{"a":1}`),
		Header: [][2]string{{"accept", "text/html"}, {"x-added", "old"}, {"x-cf", "forged"}, {"x-proto", "forged"}},
	})
	if want := `GET some.host:444 /path?q=1 X-Proto=https X-Cf={"a":1} X-Added=new`; body != want {
		t.Errorf("the server saw %q, want %q", body, want)
	}
	if !slices.Contains(header, [2]string{"x-server", "hidden"}) || slices.ContainsFunc(header, func(h [2]string) bool { return h[0] == "date" }) {
		t.Errorf("the response has %v", header)
	}
}

func TestExternalHostCanBeSet(t *testing.T) {
	server := httptest.NewServer(mirror)
	t.Cleanup(server.Close)
	e := newTestExternal(t, ExternalOptions{Network: "tcp", Address: server.Listener.Addr().String(), RequestHeaders: []bindings.HeaderEdit{{Name: "Host", Value: "back.end"}}})
	if body, _ := askExternal(t, e, &bindings.Request{Method: "GET", URL: "http://front.end/"}); body != "GET back.end /" {
		t.Errorf("the server saw %q", body)
	}
}

func TestExternalUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "socket")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: mirror}}
	server.Start()
	t.Cleanup(server.Close)
	e := newTestExternal(t, ExternalOptions{Network: "unix", Address: path})
	if body, _ := askExternal(t, e, &bindings.Request{Method: "GET", URL: "http://a/b"}); body != "GET a /b" {
		t.Errorf("the server saw %q", body)
	}
}

func TestExternalTLS(t *testing.T) {
	server := httptest.NewTLSServer(mirror)
	t.Cleanup(server.Close)
	trusted := x509.NewCertPool()
	trusted.AddCert(server.Certificate())
	address := server.Listener.Addr().String()
	e := newTestExternal(t, ExternalOptions{Network: "tcp", Address: address, TLS: &tls.Config{RootCAs: trusted, ServerName: "example.com"}})
	if body, _ := askExternal(t, e, &bindings.Request{Method: "GET", URL: "http://other.host/"}); body != "GET other.host /" {
		t.Errorf("the server saw %q", body)
	}
	wrong := newTestExternal(t, ExternalOptions{Network: "tcp", Address: address, TLS: &tls.Config{RootCAs: trusted, ServerName: "other.host"}})
	_, err := wrong.Fetch(t.Context(), &bindings.Request{Method: "GET", URL: "http://other.host/"})
	if err == nil || !strings.HasPrefix(err.Error(), textInternal) {
		t.Errorf("a certificate of another host gives %v", err)
	}
}

func TestExternalIsDown(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	e := newTestExternal(t, ExternalOptions{Network: "tcp", Address: address})
	if _, err := e.Fetch(t.Context(), &bindings.Request{Method: "GET", URL: "http://a/"}); err == nil || err.Error() != textLost {
		t.Errorf("a server that is down gives %v", err)
	}
}
