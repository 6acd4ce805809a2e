package hostops

import (
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Names in certificates, as OpenSSL and Node print them.

// Tags of texts. X.680.
const (
	tagUTF8      = 0x0c
	tagNumeric   = 0x12
	tagPrintable = 0x13
	tagT61       = 0x14
	tagIA5       = 0x16
	tagUTCTime   = 0x17
	tagGeneral   = 0x18
	tagVisible   = 0x1a
	tagUniversal = 0x1c
	tagBMP       = 0x1e
)

// Tags of the kinds of general names. RFC 5280, 4.2.1.6.
const (
	generalOther     = 0xa0
	generalEmail     = 0x81
	generalDNS       = 0x82
	generalX400      = 0xa3
	generalDirectory = 0xa4
	generalEDI       = 0xa5
	generalURI       = 0x86
	generalIP        = 0x87
	generalID        = 0x88
)

// any takes the next value, whatever it is. Tags of more than one byte are malformed.
func (d *der) any() (tag byte, content der, ok bool) {
	if len(*d) < 2 || (*d)[0]&0x1f == 0x1f {
		return 0, nil, false
	}
	tag = (*d)[0]
	content, ok = d.read(tag)
	return tag, content, ok
}

func oidText(content []byte) string {
	var id asn1.ObjectIdentifier
	var w derWriter
	w.value(derOID, content)
	if _, err := asn1.Unmarshal(w, &id); err != nil {
		return ""
	}
	return id.String()
}

// A nameEntry is an attribute of a distinguished name.
type nameEntry struct {
	oid   string
	tag   byte
	value []byte
	joins bool // it is of the same part of the name as the one before
}

// A name is a distinguished name. RFC 5280, 4.1.2.4.
type name []nameEntry

// parseName reads what a certificate that was read already has, or what a general name holds.
func parseName(data []byte) (n name) {
	rest := der(data)
	parts, _ := rest.read(derSequence)
	for {
		_, set, ok := parts.any()
		if !ok {
			return n
		}
		for first := true; ; first = false {
			_, pair, ok := set.any()
			if !ok {
				break
			}
			id, okID := pair.read(derOID)
			tag, value, okValue := pair.any()
			if okID && okValue {
				n = append(n, nameEntry{oidText(id), tag, value, !first})
			}
		}
	}
}

// shortNames are those that BoringSSL knows.
var shortNames = map[string]string{
	"2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.9": "street",
	"2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "title", "2.5.4.13": "description", "2.5.4.14": "searchGuide",
	"2.5.4.15": "businessCategory", "2.5.4.16": "postalAddress", "2.5.4.17": "postalCode", "2.5.4.18": "postOfficeBox",
	"2.5.4.20": "telephoneNumber", "2.5.4.31": "member", "2.5.4.32": "owner", "2.5.4.34": "seeAlso", "2.5.4.41": "name", "2.5.4.42": "GN",
	"2.5.4.43": "initials", "2.5.4.44": "generationQualifier", "2.5.4.45": "x500UniqueIdentifier", "2.5.4.46": "dnQualifier",
	"2.5.4.65": "pseudonym", "2.5.4.72": "role", "0.9.2342.19200300.100.1.1": "UID", "0.9.2342.19200300.100.1.3": "mail",
	"0.9.2342.19200300.100.1.25": "DC", "1.2.840.113549.1.9.1": "emailAddress", "1.2.840.113549.1.9.2": "unstructuredName",
	"1.2.840.113549.1.9.8": "unstructuredAddress",
}

func (e nameEntry) label() string {
	if short, ok := shortNames[e.oid]; ok {
		return short
	}
	return e.oid
}

// text is the value as UTF-8; not ok if it is no text.
func (e nameEntry) text() (string, bool) {
	switch e.tag {
	case tagUTF8:
		return string(e.value), utf8.Valid(e.value)
	case tagNumeric, tagPrintable, tagT61, tagIA5, tagVisible, tagUTCTime, tagGeneral:
		return latin1(e.value), true
	case tagBMP:
		if len(e.value)%2 != 0 {
			return "", false
		}
		units := make([]uint16, len(e.value)/2)
		for i := range units {
			units[i] = uint16(e.value[2*i])<<8 | uint16(e.value[2*i+1])
		}
		return string(utf16.Decode(units)), true
	case tagUniversal:
		var b strings.Builder
		for c := range slices.Chunk(e.value, 4) {
			if len(c) != 4 {
				return "", false
			}
			b.WriteRune(rune(c[0])<<24 | rune(c[1])<<16 | rune(c[2])<<8 | rune(c[3]))
		}
		return b.String(), true
	}
	return "", false
}

func latin1(data []byte) string {
	runes := make([]rune, len(data))
	for i, b := range data {
		runes[i] = rune(b)
	}
	return string(runes)
}

// escaped is a text with what RFC 2253 escapes; control characters become hexadecimal if they are to.
func escaped(text string, controls bool) string {
	var b strings.Builder
	for i, r := range text {
		last := i == len(text)-1
		switch {
		case strings.ContainsRune(`,+"\<>;`, r), (i == 0 && (r == '#' || r == ' ')), last && r == ' ':
			b.WriteByte('\\')
			b.WriteRune(r)
		case controls && (r < ' ' || r == 0x7f):
			fmt.Fprintf(&b, "\\%02X", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// multiline has a line for each part, as X509Certificate shows it.
func (n name) multiline() string {
	var b strings.Builder
	for i, e := range n {
		switch {
		case e.joins:
			b.WriteString(" + ")
		case i > 0:
			b.WriteByte('\n')
		}
		text, ok := e.text()
		if !ok {
			text = latin1(e.value)
		}
		b.WriteString(e.label() + "=" + escaped(text, true))
	}
	return b.String()
}

// reversed is the name on one line, from its last part to its first. RFC 2253.
func (n name) reversed() string {
	var b strings.Builder
	for end := len(n); end > 0; {
		start := end - 1
		for n[start].joins && start > 0 {
			start--
		}
		for i := end - 1; i >= start; i-- {
			switch {
			case i < end-1:
				b.WriteByte('+')
			case end < len(n):
				b.WriteByte(',')
			}
			_, known := shortNames[n[i].oid]
			text, ok := n[i].text()
			if !known || !ok {
				var w derWriter
				w.value(n[i].tag, n[i].value)
				b.WriteString(n[i].label() + "=#" + fmt.Sprintf("%X", []byte(w)))
				continue
			}
			b.WriteString(n[i].label() + "=" + escaped(text, false))
		}
		end = start
	}
	return b.String()
}

// entries is the name as labels and values in turn; null if a value is no text.
func (n name) entries() any {
	list := make([]any, 0, 2*len(n))
	for _, e := range n {
		text, ok := e.text()
		if !ok {
			return nil
		}
		list = append(list, e.label(), text)
	}
	return list
}

// same compares names as X509_NAME_cmp() does: the case of texts does not count, nor how much space is in them.
func (n name) same(other name) bool {
	return slices.EqualFunc(n, other, func(a, b nameEntry) bool {
		return a.oid == b.oid && a.joins == b.joins && a.canonical() == b.canonical()
	})
}

func (e nameEntry) canonical() string {
	text, ok := e.text()
	if !ok {
		return fmt.Sprintf("%d:%s", e.tag, e.value)
	}
	lower := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
	return strings.Join(strings.FieldsFunc(lower, func(r rune) bool { return r == ' ' || (r >= '\t' && r <= '\r') }), " ")
}

// values are those of an attribute, as texts.
func (n name) values(oid string) (list []string) {
	for _, e := range n {
		if text, ok := e.text(); ok && e.oid == oid {
			list = append(list, text)
		}
	}
	return list
}

// General names.

// generalNames reads a list of general names; ok is false if it is malformed.
func generalNames(value []byte) (list []nameEntry, ok bool) {
	rest := der(value)
	names, ok := rest.read(derSequence)
	for ok && len(names) > 0 {
		var tag byte
		var content der
		tag, content, ok = names.any()
		list = append(list, nameEntry{tag: tag, value: content})
	}
	return list, ok && len(rest) == 0
}

// altNamesOf is subjectAltName as Node prints it, null if there is none.
func altNamesOf(c *x509.Certificate) any {
	list, ok := generalNames(extension(c, oidSubjectAltName))
	if !ok {
		return nil
	}
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = generalText(e)
	}
	return strings.Join(texts, ", ")
}

// accessMethods are the names of the ways to get at information.
var accessMethods = map[string]string{
	"1.3.6.1.5.5.7.48.1": "OCSP", "1.3.6.1.5.5.7.48.2": "CA Issuers", "1.3.6.1.5.5.7.48.3": "AD Time Stamping", "1.3.6.1.5.5.7.48.4": "ad dvcs",
	"1.3.6.1.5.5.7.48.5": "CA Repository", "1.3.6.1.5.5.7.3.8": "Time Stamping",
}

// infoAccessOf is infoAccess as Node prints it, null if there is none. RFC 5280, 4.2.2.1.
func infoAccessOf(c *x509.Certificate) any {
	rest := der(extension(c, oidInfoAccess))
	list, ok := rest.read(derSequence)
	if !ok {
		return nil
	}
	var lines []string
	for len(list) > 0 {
		pair, ok := list.read(derSequence)
		id, okID := pair.read(derOID)
		tag, value, okName := pair.any()
		if !ok || !okID || !okName {
			return nil
		}
		method := oidText(id)
		if known, ok := accessMethods[method]; ok {
			method = known
		}
		lines = append(lines, method+" - "+generalText(nameEntry{tag: tag, value: value}))
	}
	return strings.Join(lines, "\n") + "\n"
}

func generalText(e nameEntry) string {
	switch e.tag {
	case generalDNS:
		return "DNS:" + safeText(e.value, false)
	case generalEmail:
		return "email:" + safeText(e.value, false)
	case generalURI:
		return "URI:" + safeText(e.value, false)
	case generalDirectory:
		return "DirName:" + safeText([]byte(parseName(e.value).reversed()), true)
	case generalIP:
		return "IP Address:" + addressText(e.value)
	case generalID:
		return "Registered ID:" + oidText(e.value)
	case generalX400:
		return "X400Name:<unsupported>"
	case generalEDI:
		return "EdiPartyName:<unsupported>"
	}
	return "othername:<unsupported>"
}

func addressText(b []byte) string {
	switch len(b) {
	case 4:
		return fmt.Sprintf("%d.%d.%d.%d", b[0], b[1], b[2], b[3])
	case 16:
		parts := make([]string, 8)
		for i := range parts {
			parts[i] = fmt.Sprintf("%X", uint16(b[2*i])<<8|uint16(b[2*i+1]))
		}
		return strings.Join(parts, ":")
	}
	return "<invalid>"
}

// safeText is a name that cannot be taken for more than one: what could is in quotes, as in JSON.
func safeText(text []byte, isUTF8 bool) string {
	safe := true
	for _, c := range text {
		switch {
		case strings.IndexByte(`"\,'`, c) >= 0, c < ' ', c == 0x7f, c > '~' && !isUTF8:
			safe = false
		}
	}
	if safe {
		return string(text)
	}
	b := []byte{'"'}
	for _, c := range text {
		switch {
		case c == '\\' || c == '"':
			b = append(b, '\\', c)
		case (c >= ' ' && c != ',' && c <= '~') || (isUTF8 && c >= 0x80):
			b = append(b, c)
		default:
			b = fmt.Appendf(b, "\\u00%02x", c)
		}
	}
	return string(append(b, '"'))
}
