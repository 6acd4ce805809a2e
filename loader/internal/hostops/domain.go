package hostops

import (
	"strings"

	"golang.org/x/net/idna"
)

// maxDomain is the longest domain taken, in bytes. Punycode takes time quadratic in the length of a label, which here nothing
// could interrupt: at this length it is some 20 ms. Names in the DNS end at 253.
const maxDomain = 4096

// The profiles are the parameters that the URL Standard gives to UTS 46 for beStrict false and true.
var (
	laxDomain    = domainProfile(false)
	strictDomain = domainProfile(true)
)

func domainProfile(beStrict bool) *idna.Profile {
	return idna.New(
		idna.MapForLookup(),
		idna.Transitional(false),
		idna.BidiRule(),
		idna.CheckJoiners(true),
		idna.ValidateLabels(true), // sets CheckHyphens and StrictDomainName as well, so these follow
		idna.CheckHyphens(beStrict),
		idna.StrictDomainName(beStrict),
		idna.VerifyDNSLength(beStrict),
	)
}

// DomainToASCII returns the ASCII form of a domain: mapped, normalised, and each label with other characters in Punycode. It
// reports false if the domain is not valid. beStrict also applies the DNS's limits of length, hyphens and characters.
//
// Without beStrict the result may be empty or hold characters that no host may, as the mapping can produce them ("⩴" becomes
// "::="); a host parser looks for those in every ASCII domain anyway. A domain above 4 KiB is refused.
//
// Spec: URL Standard, "domain to ASCII", https://url.spec.whatwg.org/#concept-domain-to-ascii
func DomainToASCII(domain string, beStrict bool) (string, bool) {
	if len(domain) > maxDomain {
		return "", false
	}
	profile := laxDomain
	if beStrict {
		profile = strictDomain
	}
	ascii, err := profile.ToASCII(remapDomain(domain))
	return ascii, err == nil
}

// DomainToUnicode returns a domain for people to read: mapped, and Punycode labels decoded. A label that is not valid stays
// encoded, as on the platform, where the standard would show what it decodes to.
//
// Spec: URL Standard, "domain to Unicode", https://url.spec.whatwg.org/#concept-domain-to-unicode
func DomainToUnicode(domain string) string {
	if len(domain) > maxDomain {
		return domain
	}
	domain = remapDomain(domain)
	unicode, err := laxDomain.ToUnicode(domain)
	if err == nil {
		return unicode
	}
	labels := strings.Split(strings.ToLower(domain), ".")
	for i, label := range labels {
		if unicode, err := laxDomain.ToUnicode(label); err == nil {
			labels[i] = unicode
		}
	}
	return strings.Join(labels, ".")
}

// remapDomain applies the mappings of Unicode 17 to characters that Unicode 15, whose tables the library has, maps in another way
// or forbids. Characters added since then are still unknown to it.
//
// Spec: UTS 46 revision 33, "Modifications", https://www.unicode.org/reports/tr46/tr46-33.html#Modifications
func remapDomain(domain string) string {
	if isASCII(domain) {
		return domain
	}
	return strings.Map(remapRune, domain)
}

func remapRune(r rune) rune {
	switch {
	case r < 0x4c0:
		return r
	case r >= 0x10a0 && r <= 0x10c5: // Georgian capitals, to small ones
		return r - 0x10a0 + 0x2d00
	case r >= 0x206a && r <= 0x206f, r >= 0x1d173 && r <= 0x1d17a: // deprecated format characters, musical format controls
		return -1
	}
	switch r {
	case 0x1e9e: // capital sharp s, no longer "ss"
		return 0xdf
	case 0x4c0: // palochka
		return 0x4cf
	case 0x2132: // turned F
		return 0x214e
	case 0x2183: // reversed C
		return 0x2184
	case 0x115f, 0x1160, 0x3164, 0xffa0, 0x17b4, 0x17b5, 0x180e: // Hangul fillers, Khmer inherent vowels, Mongolian separator
		return -1
	case 0x2f868: // the last five are compatibility ideographs whose canonical mapping was wrong once
		return 0x36fc
	case 0x2f874:
		return 0x5f53
	case 0x2f91f:
		return 0x243ab
	case 0x2f95f:
		return 0x7aee
	case 0x2f9bf:
		return 0x45d7
	}
	return r
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
