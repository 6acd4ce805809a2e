package outbound

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// A rule is one parsed line of a policy. It matches by reach, by prefix or by name, whichever is set.
type rule struct {
	reaches  []reach
	prefix   netip.Prefix
	name     string // lower case, without a dot at the end
	suffix   bool   // name and the dot before it end the host's name
	port     uint16 // 0 for any
	specific int    // rules that match less have more
}

var keywords = map[string][]reach{
	"public":   {public},
	"loopback": {loopback},
	"local":    {loopback},
	"private":  {private, loopback},
	"network":  {reserved, loopback, private, metadata, public},
}

// How specific a rule is: keywords, then prefixes by their length in IPv6 (at most 128), then names. A port decides between
// rules that are otherwise equal.
const (
	specificReach  = 2
	specificPrefix = 10
	specificName   = 1000
	specificPort   = 1
)

// parseRule reads a rule; see NewPolicy for the forms.
func parseRule(text string) (rule, error) {
	r, err := parseTarget(text)
	if err != nil {
		return rule{}, fmt.Errorf("network rule %q: %w", text, err)
	}
	if r.port != 0 {
		r.specific += specificPort
	}
	return r, nil
}

func parseTarget(text string) (r rule, err error) {
	target := text
	// An IPv6 address without brackets has no port.
	if strings.Count(text, ":") < 2 || text[0] == '[' {
		if target, r.port, err = cutPort(text); err != nil {
			return r, err
		}
	}
	if reaches, ok := keywords[target]; ok {
		r.reaches = reaches
		r.specific = specificReach * (len(keywords["network"]) - len(reaches))
		return r, nil
	}
	if strings.ContainsAny(target, "/:[") || looksLikeIPv4(target) {
		r.prefix, err = parsePrefix(target)
		r.specific = specificPrefix + 2*prefixLength(r.prefix)
		return r, err
	}
	if rest, ok := strings.CutPrefix(target, "*."); ok {
		r.suffix = true
		target = rest
	}
	r.name, err = parseName(target)
	r.specific = specificName + 2*len(r.name)
	if !r.suffix {
		r.specific += specificName
	}
	return r, err
}

// cutPort splits a port from what it stands behind.
func cutPort(text string) (target string, port uint16, err error) {
	i := strings.LastIndexByte(text, ':')
	if i < 0 || strings.ContainsRune(text[i:], ']') {
		return text, 0, nil
	}
	n, err := strconv.ParseUint(text[i+1:], 10, 16)
	if err != nil || n == 0 {
		return "", 0, fmt.Errorf("%q is not a port", text[i+1:])
	}
	return text[:i], uint16(n), nil
}

// parsePrefix reads an address, or one with a prefix length; an IPv6 address may be in brackets.
func parsePrefix(text string) (netip.Prefix, error) {
	address, bits, hasBits := strings.Cut(text, "/")
	if strings.HasPrefix(address, "[") {
		if !strings.HasSuffix(address, "]") || !strings.Contains(address, ":") {
			return netip.Prefix{}, fmt.Errorf("%q is not an address", address)
		}
		address = address[1 : len(address)-1]
	}
	addr, err := netip.ParseAddr(address)
	if err != nil || addr.Zone() != "" {
		return netip.Prefix{}, fmt.Errorf("%q is not an address", address)
	}
	mapped := addr.Is4In6()
	addr = addr.Unmap()
	n := addr.BitLen()
	if hasBits {
		n, err = strconv.Atoi(bits)
		if mapped {
			n -= 96
		}
		if err != nil || n < 0 || n > addr.BitLen() || strings.Trim(bits, "0123456789") != "" {
			return netip.Prefix{}, fmt.Errorf("%q is not the length of a prefix", bits)
		}
	}
	prefix := netip.PrefixFrom(addr, n)
	if prefix.Masked().Addr() != addr {
		return netip.Prefix{}, fmt.Errorf("the address has bits beyond its prefix: write %s", prefix.Masked())
	}
	return prefix, nil
}

func prefixLength(p netip.Prefix) int {
	if p.Addr().Is4() {
		return p.Bits() + 96
	}
	return max(p.Bits(), 0)
}

// looksLikeIPv4 is how the URL Standard tells addresses from names: the last label is a number.
func looksLikeIPv4(text string) bool {
	last := strings.TrimSuffix(text, ".")
	last = last[strings.LastIndexByte(last, '.')+1:]
	return last != "" && strings.Trim(last, "0123456789") == "" || strings.HasPrefix(strings.ToLower(last), "0x")
}

// names maps a host's name as the URL Standard does, which also allows "_".
var names = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

func parseName(text string) (string, error) {
	name, err := names.ToASCII(strings.TrimSuffix(text, "."))
	if err != nil || name == "" || strings.ContainsFunc(name, notInName) || strings.Contains("."+name+".", "..") {
		return "", fmt.Errorf("%q is not a host, an address or one of public, private, loopback, network", text)
	}
	return name, nil
}

func notInName(r rune) bool {
	return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' || r == '_' || r == '.')
}

// matches says whether the rule is about a connection to an address, for a host in lower case without a dot at the end.
func (r *rule) matches(host string, addr netip.Addr, to reach, port uint16) bool {
	if r.port != 0 && r.port != port {
		return false
	}
	switch {
	case r.reaches != nil:
		for _, reach := range r.reaches {
			if reach == to {
				return true
			}
		}
		return false
	case r.name == "":
		return r.prefix.Contains(addr) || r.prefix.Contains(inner(addr))
	case r.suffix:
		n := len(host) - len(r.name)
		return n > 1 && host[n-1] == '.' && host[n:] == r.name
	}
	return host == r.name
}
