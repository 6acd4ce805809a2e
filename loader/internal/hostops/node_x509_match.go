package hostops

import (
	"net/netip"
	"strings"

	"github.com/dynos-run/dynos/isolate/ops"
)

// Whether a certificate is for a host, a mail address or an IP address, as BoringSSL decides it: by the alternative names, or by the
// subject if there are none. RFC 6125.

const (
	oidCommonName   = "2.5.4.3"
	oidEmailAddress = "1.2.840.113549.1.9.1"
)

var (
	errName    = NewOpError("Error", "Invalid name", nil)
	errAddress = NewOpError("Error", "Invalid IP", nil)
)

// nodeX509Host takes a certificate, a host, whether wildcards count, and whether the subject does. It gives the name that matches, or null.
func nodeX509Host(_ *Keys, a *ops.Reader) (any, error) {
	data, host, wildcards, subject := a.Bytes(), a.String(), a.Bool(), a.Bool()
	if strings.IndexByte(host, 0) >= 0 {
		return nil, errName
	}
	return matching(data, generalDNS, oidCommonName, subject, func(pattern string, fromSubject bool) bool {
		if fromSubject && !looksLikeHost(pattern) {
			return false
		}
		return sameFold(pattern, host) || (wildcards && matchesWildcard(pattern, host))
	}), nil
}

// nodeX509Email takes a certificate, a mail address, and whether the subject counts. It gives the address that matches, or null.
func nodeX509Email(_ *Keys, a *ops.Reader) (any, error) {
	data, email, subject := a.Bytes(), a.String(), a.Bool()
	if strings.IndexByte(email, 0) >= 0 {
		return nil, errName
	}
	return matching(data, generalEmail, oidEmailAddress, subject, func(own string, _ bool) bool { return sameEmail(own, email) }), nil
}

// nodeX509IP takes a certificate and an IP address, and says whether it is for that.
func nodeX509IP(_ *Keys, a *ops.Reader) (any, error) {
	data, text := a.Bytes(), a.String()
	address, err := netip.ParseAddr(text)
	if err != nil || address.Zone() != "" {
		return nil, errAddress
	}
	return matching(data, generalIP, "", false, func(own string, _ bool) bool { return own == string(address.AsSlice()) }) != nil, nil
}

// matching gives the first name of a kind that matches, null if none does.
func matching(data []byte, tag byte, oid string, subject bool, matches func(name string, fromSubject bool) bool) any {
	c := certificateOf(data)
	if c == nil {
		return nil
	}
	if list, ok := generalNames(extension(c, oidSubjectAltName)); ok {
		for _, e := range list {
			if e.tag == tag && len(e.value) > 0 && matches(string(e.value), false) {
				return string(e.value)
			}
		}
		return nil
	}
	if oid == "" || !subject {
		return nil
	}
	for _, text := range parseName(c.RawSubject).values(oid) {
		if text != "" && matches(text, true) {
			return text
		}
	}
	return nil
}

// sameEmail: the case of the domain does not count, that of what is before it does.
func sameEmail(a, b string) bool {
	i, j := strings.LastIndexByte(a, '@'), strings.LastIndexByte(b, '@')
	if i < 0 || j < 0 {
		return a == b
	}
	return a[:i] == b[:j] && sameFold(a[i:], b[j:])
}

// sameFold compares texts in which the case of ASCII letters does not count. Other letters have none: hosts are ASCII, and what
// Unicode takes for the same could be somebody else's name.
func sameFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

func isAlphanumeric(c byte) bool {
	return (c >= '0' && c <= '9') || (c|0x20 >= 'a' && c|0x20 <= 'z')
}

// matchesWildcard says whether a pattern that begins with a label "*", and has two more at least, is for a host.
func matchesWildcard(pattern, host string) bool {
	rest, ok := strings.CutPrefix(pattern, "*.")
	if !ok || strings.Count(rest, ".") < 1 || !isHost(rest) {
		return false
	}
	dot := strings.IndexByte(host, '.')
	if dot < 1 || !sameFold(host[dot+1:], rest) {
		return false
	}
	for i := range dot {
		if !isAlphanumeric(host[i]) && host[i] != '-' {
			return host[:dot] == "*"
		}
	}
	return true
}

// isHost says whether all labels are letters, digits and hyphens within.
func isHost(text string) bool {
	for label := range strings.SplitSeq(text, ".") {
		if label == "" || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if !isAlphanumeric(label[i]) && label[i] != '-' {
				return false
			}
		}
	}
	return true
}

// looksLikeHost tells common names that are hosts from those that only decorate.
func looksLikeHost(text string) bool {
	text = strings.TrimSuffix(text, ".")
	text = strings.TrimPrefix(text, "*.")
	if text == "" {
		return false
	}
	for label := range strings.SplitSeq(text, ".") {
		if label == "" || label[0] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; !isAlphanumeric(c) && c != '-' && c != '_' && c != ':' {
				return false
			}
		}
	}
	return true
}
