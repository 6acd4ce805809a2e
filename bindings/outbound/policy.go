package outbound

import (
	"net/netip"
	"strings"
)

// A Policy says which destinations connections may be made to. The zero value and nil allow the public internet only.
type Policy struct {
	allow, deny []rule
}

// NewPolicy makes a policy of rules. Without allow rules it allows "public"; with some, it allows only what they say, so a
// policy that shall allow more than the public internet names "public" as well. A rule is one of
//
//	public             every address of the internet
//	loopback (local)   this host
//	private            this host, and addresses of the site: RFC 1918, carrier-grade NAT, link-local, unique local
//	network            every address
//	10.1.2.3  fd00::1  one address
//	10.0.0.0/8         the addresses of a prefix
//	example.com        a host's name, whatever it resolves to
//	*.example.com      every name below it, but not itself
//
// and may end in a port, as in "loopback:8080" or "[fd00::1]:443". A connection is allowed if an allow rule matches it and no
// deny rule does that is as specific or more: names are more specific than prefixes, longer prefixes than shorter ones, and
// those than words.
//
// Credential services of clouds (169.254.169.254 and its like), multicast and reserved addresses are in neither "public" nor
// "private", and no name opens them: only a rule with their address does, or "network". IPv6 forms of an IPv4 address (mapped,
// NAT64, 6to4) count as that address.
func NewPolicy(allow, deny []string) (*Policy, error) {
	p := &Policy{}
	var err error
	if p.allow, err = parseRules(allow); err != nil {
		return nil, err
	}
	if p.deny, err = parseRules(deny); err != nil {
		return nil, err
	}
	return p, nil
}

func parseRules(texts []string) (rules []rule, err error) {
	for _, text := range texts {
		r, err := parseRule(text)
		if err != nil {
			return nil, err
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// publicOnly is as unspecific as a rule can be, so that any deny rule counts against it.
var publicOnly = []rule{{reaches: []reach{public}}}

// Allows says whether a connection to an address may be made. host is the name or address that was asked for and led to it.
func (p *Policy) Allows(host string, to netip.AddrPort) bool {
	if !to.IsValid() {
		return false
	}
	var deny []rule
	allow := publicOnly
	if p != nil {
		deny = p.deny
		if len(p.allow) > 0 {
			allow = p.allow
		}
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	addr := to.Addr().WithZone("").Unmap()
	reach := reachOf(addr)
	allowed := -1
	for i := range allow {
		r := &allow[i]
		byName := r.name != "" && (reach == metadata || reach == reserved)
		if r.specific > allowed && !byName && r.matches(host, addr, reach, to.Port()) {
			allowed = r.specific
		}
	}
	if allowed < 0 {
		return false
	}
	for i := range deny {
		if deny[i].specific >= allowed && deny[i].matches(host, addr, reach, to.Port()) {
			return false
		}
	}
	return true
}

// names says whether an allow rule with a port matches: it means just this service.
func (p *Policy) names(host string, to netip.AddrPort) bool {
	if p == nil {
		return false
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	addr := to.Addr().WithZone("").Unmap()
	for i := range p.allow {
		if r := &p.allow[i]; r.port != 0 && r.matches(host, addr, reachOf(addr), to.Port()) {
			return true
		}
	}
	return false
}
