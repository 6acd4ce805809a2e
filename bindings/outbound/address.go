package outbound

import "net/netip"

// A reach says whose network an address is in.
type reach uint8

const (
	reserved reach = iota // nobody's: multicast, documentation, obsolete or not yet assigned
	loopback              // this host
	private               // this site
	metadata              // a cloud's credentials, for this machine only
	public
)

// reaches lists the special-purpose addresses of IANA's registries and some more; the first match counts.
//
// https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry
var reaches = []struct {
	prefix netip.Prefix
	reach  reach
}{
	{netip.MustParsePrefix("169.254.169.254/32"), metadata},
	{netip.MustParsePrefix("169.254.170.0/24"), metadata},
	{netip.MustParsePrefix("100.100.100.200/32"), metadata},
	{netip.MustParsePrefix("192.0.0.192/32"), metadata},
	{netip.MustParsePrefix("168.63.129.16/32"), metadata},
	{netip.MustParsePrefix("fd00:ec2::/32"), metadata},
	{netip.MustParsePrefix("fd20:ce::254/128"), metadata},

	{netip.MustParsePrefix("127.0.0.0/8"), loopback},
	{netip.MustParsePrefix("0.0.0.0/32"), loopback}, // connects to this host
	{netip.MustParsePrefix("0.0.0.0/8"), reserved},
	{netip.MustParsePrefix("10.0.0.0/8"), private},
	{netip.MustParsePrefix("172.16.0.0/12"), private},
	{netip.MustParsePrefix("192.168.0.0/16"), private},
	{netip.MustParsePrefix("100.64.0.0/10"), private},  // between a provider and its customers
	{netip.MustParsePrefix("169.254.0.0/16"), private}, // link-local
	{netip.MustParsePrefix("198.18.0.0/15"), private},  // benchmarks; used inside of sites
	{netip.MustParsePrefix("192.0.0.0/24"), reserved},
	{netip.MustParsePrefix("192.0.2.0/24"), reserved},
	{netip.MustParsePrefix("192.88.99.0/24"), reserved},
	{netip.MustParsePrefix("198.51.100.0/24"), reserved},
	{netip.MustParsePrefix("203.0.113.0/24"), reserved},
	{netip.MustParsePrefix("224.0.0.0/3"), reserved}, // multicast and class E
	{netip.MustParsePrefix("0.0.0.0/0"), public},

	{netip.MustParsePrefix("::1/128"), loopback},
	{netip.MustParsePrefix("::/128"), loopback},        // connects to this host
	{netip.MustParsePrefix("64:ff9b:1::/48"), private}, // a site's own NAT64
	{netip.MustParsePrefix("fc00::/7"), private},       // unique local
	{netip.MustParsePrefix("fe80::/10"), private},      // link-local
	{netip.MustParsePrefix("fec0::/10"), private},      // site-local
	{netip.MustParsePrefix("2001::/23"), reserved},     // Teredo, ORCHID and others
	{netip.MustParsePrefix("2001:db8::/32"), reserved}, // documentation
	{netip.MustParsePrefix("3fff::/20"), reserved},     // documentation
	{netip.MustParsePrefix("2000::/3"), public},
}

var (
	nat64  = netip.MustParsePrefix("64:ff9b::/96")
	sixTo4 = netip.MustParsePrefix("2002::/16")
)

// inner returns the IPv4 address that an IPv6 address stands for, as gateways on the way would send to it. It is addr itself if
// there is none.
func inner(addr netip.Addr) netip.Addr {
	addr = addr.Unmap().WithZone("")
	if !addr.Is6() {
		return addr
	}
	switch b := addr.As16(); {
	case nat64.Contains(addr):
		return netip.AddrFrom4([4]byte(b[12:]))
	case sixTo4.Contains(addr):
		return netip.AddrFrom4([4]byte(b[2:]))
	}
	return addr
}

// reachOf classifies an address; one inside of another counts as the inner one.
func reachOf(addr netip.Addr) reach {
	addr = inner(addr)
	for i := range reaches {
		if reaches[i].prefix.Contains(addr) {
			return reaches[i].reach
		}
	}
	return reserved
}
