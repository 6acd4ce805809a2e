package outbound

import (
	"net/netip"
	"strings"
	"testing"
)

func mustPolicy(t testing.TB, allow, deny []string) *Policy {
	t.Helper()
	p, err := NewPolicy(allow, deny)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestReach(t *testing.T) {
	for want, addresses := range map[reach]string{
		public: "8.8.8.8 1.1.1.1 172.32.0.1 11.0.0.1 100.128.0.1 198.20.0.1 223.255.255.255 2606:4700::1 2a00:1450::1 2400::1 " +
			"::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1",
		loopback: "127.0.0.1 127.255.255.255 0.0.0.0 ::1 :: ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:0.0.0.0 64:ff9b::7f00:1 2002:7f00:1::",
		private: "10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 100.127.255.255 169.254.1.1 198.18.0.1 fe80::1 fe80::1%eth0 " +
			"fec0::1 fc00::1 fd12::1 64:ff9b:1::1 ::ffff:10.0.0.1 64:ff9b::a00:1 2002:a00:1::1 2002:c0a8:101::",
		metadata: "169.254.169.254 169.254.170.2 100.100.100.200 fd00:ec2::254 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe 2002:a9fe:a9fe::",
		reserved: "0.0.0.1 192.0.0.1 192.0.2.1 198.51.100.1 203.0.113.1 192.88.99.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 " +
			"::2 ::127.0.0.1 ::a00:1 100::1 2001::1 2001:db8::1 3fff::1 5f00::1 ff02::1 ff0e::1 4000::1 64:ff9b:2::1",
	} {
		for address := range strings.FieldsSeq(addresses) {
			if got := reachOf(netip.MustParseAddr(address)); got != want {
				t.Errorf("reachOf(%s) = %d, want %d", address, got, want)
			}
		}
	}
}

func TestPolicy(t *testing.T) {
	for _, c := range []struct {
		allow, deny string
		yes, no     string // host=address, or address for both
	}{
		{
			yes: "8.8.8.8:80 example.com=8.8.8.8:443 [2606:4700::1]:80 localhost=8.8.8.8:80",
			no:  "127.0.0.1:80 localhost=127.0.0.1:80 localhost.=[::1]:80 2130706433=127.0.0.1:80 rebound.example=10.0.0.1:80 [::ffff:127.0.0.1]:80 [fe80::1%lo]:80 169.254.169.254:80",
		},
		{allow: "private", yes: "10.0.0.1:80 127.0.0.1:80 [fd00::1]:80", no: "8.8.8.8:80 169.254.169.254:80 224.0.0.1:80 [::ffff:169.254.169.254]:80"},
		{allow: "public loopback", yes: "8.8.8.8:80 127.0.0.1:1 [::1]:1 0.0.0.0:1", no: "10.0.0.1:80"},
		{allow: "local:8080", yes: "127.0.0.1:8080", no: "127.0.0.1:80 8.8.8.8:8080"},
		{allow: "network", yes: "8.8.8.8:80 127.0.0.1:80 169.254.169.254:80 224.0.0.1:80 [5f00::1]:1"},
		{allow: "10.0.0.0/8", yes: "10.1.2.3:80 [::ffff:10.1.2.3]:80 [64:ff9b::a01:203]:80", no: "11.0.0.1:80 8.8.8.8:80"},
		{allow: "[fd00::]/8:443", yes: "[fd00::1]:443", no: "[fd00::1]:80 [fc00::1]:443"},
		{allow: "fd00::/8", yes: "[fd00::1]:443 [fd00::1%eth0]:443"},
		{allow: "[::1]:90 127.0.0.1:90", yes: "[::1]:90 127.0.0.1:90 x=127.0.0.1:90", no: "[::1]:91 127.0.0.2:90"},
		{allow: "::ffff:127.0.0.1", yes: "127.0.0.1:1 [::ffff:127.0.0.1]:1"},
		{allow: "169.254.169.254", yes: "169.254.169.254:80", no: "169.254.169.253:80"},
		{
			allow: "db.internal *.svc:5432",
			yes:   "db.internal=10.0.0.1:80 DB.Internal.=10.0.0.1:80 a.svc=127.0.0.1:5432 a.b.svc=8.8.8.8:5432",
			no:    "10.0.0.1:80 xdb.internal=10.0.0.1:80 a.db.internal=8.8.8.8:80 svc=10.0.0.1:5432 a.svc=10.0.0.1:80 .svc=10.0.0.1:5432 asvc=10.0.0.1:5432 db.internal=169.254.169.254:80 db.internal=224.0.0.1:80",
		},
		{allow: "B\u00fccher.example", yes: "xn--bcher-kva.example=10.0.0.1:80"},
		{allow: "my_service:80", yes: "my_service=172.17.0.2:80"},

		{deny: "8.8.8.0/24", yes: "8.8.4.4:53", no: "8.8.8.8:53 [::ffff:8.8.8.8]:53 [64:ff9b::808:808]:53"},
		{deny: "evil.example", yes: "8.8.8.8:80", no: "evil.example=8.8.8.8:80 EVIL.example.=8.8.8.8:80"},
		{deny: "network", no: "8.8.8.8:80 127.0.0.1:80"},
		{allow: "private", deny: "loopback", yes: "10.0.0.1:80", no: "127.0.0.1:80"},
		{allow: "public 10.1.0.0/16", deny: "10.0.0.0/8", yes: "10.1.0.1:80 8.8.8.8:80", no: "10.2.0.1:80"},
		{allow: "10.0.0.0/8", deny: "10.0.0.0/8", no: "10.2.0.1:80"},
		{allow: "10.0.0.0/8", deny: "private", yes: "10.2.0.1:80"},
		{allow: "10.0.0.1:80", deny: "10.0.0.1", yes: "10.0.0.1:80", no: "10.0.0.1:81"},
		{allow: "*.a.b", deny: "x.a.b", yes: "y.a.b=10.0.0.1:80", no: "x.a.b=10.0.0.1:80"},
		{allow: "x.a.b", deny: "*.a.b", yes: "x.a.b=10.0.0.1:80", no: "y.a.b=10.0.0.1:80"},
	} {
		p := mustPolicy(t, strings.Fields(c.allow), strings.Fields(c.deny))
		for want, list := range map[bool]string{true: c.yes, false: c.no} {
			for destination := range strings.FieldsSeq(list) {
				host, address, ok := strings.Cut(destination, "=")
				if !ok {
					address = host
					host = netip.MustParseAddrPort(address).Addr().String()
				}
				if got := p.Allows(host, netip.MustParseAddrPort(address)); got != want {
					t.Errorf("allow %q, deny %q: %s is %t", c.allow, c.deny, destination, got)
				}
			}
		}
	}
}

func TestNoPolicyIsPublicOnly(t *testing.T) {
	var p *Policy
	if !p.Allows("a", netip.MustParseAddrPort("8.8.8.8:80")) || p.Allows("a", netip.MustParseAddrPort("127.0.0.1:80")) {
		t.Error("nil policy")
	}
	if new(Policy).Allows("a", netip.AddrPort{}) {
		t.Error("no address is allowed")
	}
}

func TestNewPolicyRefuses(t *testing.T) {
	for _, text := range []string{
		"", " ", ":80", "a:", "a:0", "a:65536", "a:-1", "a:+1", "a:b", "a b", "http://a", "a/b", "*", "*.", "*.*.a", "a.*", "a..b", ".a", "a/8",
		"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/", "10.0.0/8", "127.1", "2130706433", "0x7f.1", "0x7f000001", "127.0.0.1.",
		"[::1", "::1]", "[::1]]", "[127.0.0.1]", "[::1]80", "fe80::1%eth0", "[fd00::]/129", "fd00::1/8", "::ffff:10.0.0.0/8", "[]", "[]:80", "public/8", "a\x00", "a?",
	} {
		if p, err := NewPolicy([]string{text}, nil); err == nil {
			t.Errorf("rule %q: no error, %+v", text, p.allow)
		}
		if _, err := NewPolicy(nil, []string{text}); err == nil {
			t.Errorf("deny rule %q: no error", text)
		}
	}
}

func FuzzParseRule(f *testing.F) {
	for _, seed := range []string{"public", "local:80", "10.0.0.0/8:443", "[fd00::]/8:1", "::1", "*.a.b:2", "\u00fc.x", "::ffff:10.0.0.0/104"} {
		f.Add(seed)
	}
	addresses := []netip.Addr{netip.MustParseAddr("8.8.8.8"), netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("::1"), netip.MustParseAddr("169.254.169.254")}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parseRule(text)
		if err != nil {
			return
		}
		kinds := 0
		for _, set := range []bool{r.reaches != nil, r.prefix.IsValid(), r.name != ""} {
			if set {
				kinds++
			}
		}
		if kinds != 1 {
			t.Fatalf("%q: %+v", text, r)
		}
		p := &Policy{allow: []rule{r}}
		for _, addr := range addresses {
			if p.Allows("other.example.", netip.AddrPortFrom(addr, 80)) && r.name != "" && !strings.HasSuffix("other.example", r.name) {
				t.Fatalf("%q allows %s for another host", text, addr)
			}
			if r.name != "" && p.Allows(r.name, netip.AddrPortFrom(netip.MustParseAddr("169.254.169.254"), 80)) {
				t.Fatalf("%q opens the metadata service", text)
			}
		}
	})
}

func BenchmarkPolicy(b *testing.B) {
	p := mustPolicy(b, []string{"public", "10.0.0.0/8", "*.internal"}, []string{"10.1.0.0/16"})
	to := netip.MustParseAddrPort("[2606:4700::1]:443")
	b.ReportAllocs()
	for b.Loop() {
		p.Allows("example.com", to)
	}
}
