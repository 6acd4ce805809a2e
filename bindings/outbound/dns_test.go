package outbound

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// fakeDNS is a resolver that takes the addresses of any name from lookup.
func fakeDNS(t *testing.T, lookup func(name string) []netip.Addr) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		for buffer := make([]byte, 1500); ; {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			if reply, err := answerDNS(buffer[:n], lookup); err == nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func answerDNS(query []byte, lookup func(name string) []netip.Addr) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(query); err != nil {
		return nil, err
	}
	question := m.Questions[0]
	m.Header.Response, m.Additionals = true, nil
	for _, addr := range lookup(question.Name.String()) {
		head := dnsmessage.ResourceHeader{Name: question.Name, Type: question.Type, Class: question.Class}
		switch {
		case question.Type == dnsmessage.TypeA && addr.Is4():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: addr.As4()}})
		case question.Type == dnsmessage.TypeAAAA && addr.Is6():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}})
		}
	}
	return m.Pack()
}

func port(url string) string { return url[strings.LastIndexByte(url, ':'):] }

// A name that points at this host is of no use, whatever it pointed at before.
func TestRebinding(t *testing.T) {
	var reached atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer server.Close()
	for _, target := range []string{"127.0.0.1", "::1", "0.0.0.0", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254"} {
		var asked atomic.Int64
		resolver := fakeDNS(t, func(string) []netip.Addr {
			asked.Add(1)
			return []netip.Addr{netip.MustParseAddr(target)}
		})
		tr := newTestTransport(t, Options{Policy: new(Policy), Resolver: resolver})
		for range 2 {
			_, err := get(t, tr, "http://rebound.example"+port(server.URL)+"/")
			wantError(t, err, "Error", textInternal)
			if !errors.Is(err, ErrBlocked) {
				t.Errorf("%s: got %v", target, errors.Unwrap(err))
			}
		}
		if asked.Load() == 0 {
			t.Error("the resolver was not asked")
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("the server was reached %d times", n)
	}
}

// Of several addresses those that are allowed are tried.
func TestSeveralAddresses(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Host) }))
	defer server.Close()
	resolver := fakeDNS(t, func(string) []netip.Addr {
		return []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("127.0.0.1")}
	})
	res, err := get(t, newTestTransport(t, Options{Resolver: resolver}), "http://two.example"+port(server.URL)+"/")
	if err != nil {
		t.Fatal(errors.Unwrap(err))
	}
	if got, want := mustRead(t, res), "two.example"+port(server.URL); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A rule with a name opens what it resolves to, and nothing for other names of the same address.
func TestNameRule(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "ok") }))
	defer server.Close()
	resolver := fakeDNS(t, func(name string) []netip.Addr {
		if name == "metadata.internal." {
			return []netip.Addr{netip.MustParseAddr("169.254.169.254")}
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	})
	tr := newTestTransport(t, Options{Resolver: resolver, Policy: mustPolicy(t, []string{"*.internal" + port(server.URL)}, nil)})
	for _, host := range []string{"db.internal", "DB.INTERNAL."} {
		res, err := get(t, tr, "http://"+host+port(server.URL)+"/")
		if err != nil || mustRead(t, res) != "ok" {
			t.Errorf("%s: got %v", host, err)
		}
	}
	for _, host := range []string{"db.external", "metadata.internal", "127.0.0.1"} {
		if _, err := get(t, tr, "http://"+host+port(server.URL)+"/"); !errors.Is(err, ErrBlocked) {
			t.Errorf("%s: got %v", host, err)
		}
	}
}
