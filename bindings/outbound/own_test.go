package outbound

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
)

func TestOwn(t *testing.T) {
	for _, c := range []struct{ listen, own, other string }{
		{"127.0.0.1:80", "127.0.0.1:80 0.0.0.0:80 [::]:80 [::ffff:127.0.0.1]:80 [64:ff9b::7f00:1]:80", "127.0.0.1:81 127.0.0.2:80 [::1]:80 8.8.8.8:80"},
		{"[::1]:80", "[::1]:80 [::]:80 [::1%lo]:80", "127.0.0.1:80 [::2]:80"},
		{"0.0.0.0:80", "127.0.0.1:80 127.9.9.9:80 [::1]:80 0.0.0.0:80", "8.8.8.8:80 127.0.0.1:81"},
		{"[::]:80", "127.0.0.1:80 [::1]:80", "8.8.8.8:80"},
		{"[::ffff:10.0.0.1]:80", "10.0.0.1:80", "10.0.0.2:80"},
	} {
		o := new(Own)
		o.Set([]net.Addr{net.TCPAddrFromAddrPort(netip.MustParseAddrPort(c.listen)), &net.UnixAddr{Name: "socket", Net: "unix"}})
		for want, list := range map[bool]string{true: c.own, false: c.other} {
			for to := range strings.FieldsSeq(list) {
				if got := o.has(netip.MustParseAddrPort(to)); got != want {
					t.Errorf("listening on %s: %s is own: %t", c.listen, to, got)
				}
			}
		}
	}
	if (*Own)(nil).has(netip.MustParseAddrPort("127.0.0.1:80")) || new(Own).has(netip.MustParseAddrPort("127.0.0.1:80")) {
		t.Error("nobody listens")
	}
}

func TestOwnListenersAreRefused(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	address := listener.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	own := new(Own)
	own.Set([]net.Addr{listener.Addr()})
	for rule, want := range map[string]error{
		"loopback": ErrBlocked, "127.0.0.1": ErrBlocked, "127.0.0.0/8": ErrBlocked, "network": ErrBlocked, "loopback:1": ErrBlocked,
		"loopback:" + port: nil, address: nil, "127.0.0.0/8:" + port: nil,
	} {
		transport := New(Options{Policy: mustPolicy(t, []string{rule}, nil), Own: own})
		conn, err := transport.DialContext(context.Background(), "tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		if !errors.Is(err, want) {
			t.Errorf("rule %s: %v, want %v", rule, err, want)
		}
	}
}
