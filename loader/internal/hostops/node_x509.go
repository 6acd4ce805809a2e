package hostops

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"time"

	"github.com/dynos-run/dynos/isolate/ops"
)

// Certificates of node:crypto. They cross as DER, and are read again by each operation.

// Identifiers of extensions that are shown. RFC 5280, 4.2.
const (
	oidSubjectKeyID   = "2.5.29.14"
	oidKeyUsage       = "2.5.29.15"
	oidSubjectAltName = "2.5.29.17"
	oidAuthorityKeyID = "2.5.29.35"
	oidExtKeyUsage    = "2.5.29.37"
	oidInfoAccess     = "1.3.6.1.5.5.7.1.1"
)

// nodeX509 takes a certificate as PEM or DER. It gives null, or [DER, subject, issuer, alternative names, access to information, the
// beginning and the end of its validity, purposes, serial number, whether it is an authority, three fingerprints, kind and bytes of its
// key, that key as a SubjectPublicKeyInfo, and subject and issuer as lists of names and values].
func nodeX509(_ *Keys, a *ops.Reader) (any, error) {
	c := readCertificate(a.Bytes())
	if c == nil {
		return nil, nil
	}
	subject, issuer := parseName(c.RawSubject), parseName(c.RawIssuer)
	spki := der(c.RawSubjectPublicKeyInfo)
	body, _ := spki.read(derSequence)
	kind, key, ok := parseSPKI(body)
	if !ok {
		kind, key = "", nil
	}
	one, two, five := sha1.Sum(c.Raw), sha256.Sum256(c.Raw), sha512.Sum512(c.Raw)
	return []any{
		c.Raw, subject.multiline(), issuer.multiline(), altNamesOf(c), infoAccessOf(c), timeText(c.NotBefore), timeText(c.NotAfter),
		purposesOf(c), serialText(c), isAuthority(c), fingerprint(one[:]), fingerprint(two[:]), fingerprint(five[:]),
		kind, key, c.RawSubjectPublicKeyInfo, subject.entries(), issuer.entries(),
	}, nil
}

// readCertificate reads the first certificate among PEM, or DER that more may follow; nil if there is none.
func readCertificate(data []byte) *x509.Certificate {
	for rest := data; ; {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			break
		}
		switch b.Type {
		case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE":
			return certificateOf(b.Bytes)
		}
	}
	return certificateOf(data)
}

func certificateOf(data []byte) *x509.Certificate {
	rest := der(data)
	if _, ok := rest.read(derSequence); !ok {
		return nil
	}
	c, err := x509.ParseCertificate(data[:len(data)-len(rest)])
	if err != nil {
		return nil
	}
	return c
}

// extension is the value of an extension, nil if the certificate has none of it.
func extension(c *x509.Certificate, oid string) []byte {
	for _, e := range c.Extensions {
		if e.Id.String() == oid {
			return e.Value
		}
	}
	return nil
}

// timeText is a time as ASN1_TIME_print() has it.
func timeText(t time.Time) string { return t.UTC().Format("Jan _2 15:04:05 2006 GMT") }

func serialText(c *x509.Certificate) string {
	if b := c.SerialNumber.Bytes(); len(b) > 0 {
		return fmt.Sprintf("%X", b)
	}
	return "0"
}

func fingerprint(digest []byte) string {
	text := fmt.Appendf(nil, "% X", digest)
	for i := 2; i < len(text); i += 3 {
		text[i] = ':'
	}
	return string(text)
}

// purposesOf are the identifiers of the extended key usage, null if there is none.
func purposesOf(c *x509.Certificate) any {
	value := extension(c, oidExtKeyUsage)
	var list []asn1.ObjectIdentifier
	if value == nil {
		return nil
	}
	if rest, err := asn1.Unmarshal(value, &list); err != nil || len(rest) > 0 {
		return nil
	}
	texts := make([]any, len(list))
	for i, id := range list {
		texts[i] = id.String()
	}
	return texts
}

// maySign says whether its key usage lets a certificate sign others; one without it may.
func maySign(c *x509.Certificate) bool {
	return extension(c, oidKeyUsage) == nil || c.KeyUsage&x509.KeyUsageCertSign != 0
}

// isAuthority is X509_check_ca(): an authority, or a certificate of version 1 that has issued itself.
func isAuthority(c *x509.Certificate) bool {
	if !maySign(c) {
		return false
	}
	if c.Version == 1 {
		return parseName(c.RawSubject).same(parseName(c.RawIssuer))
	}
	return c.BasicConstraintsValid && c.IsCA
}

// nodeX509Issued takes the certificates of a subject and an issuer, and says whether this one may have issued that one.
func nodeX509Issued(_ *Keys, a *ops.Reader) (any, error) {
	subject, issuer := certificateOf(a.Bytes()), certificateOf(a.Bytes())
	if subject == nil || issuer == nil || !parseName(subject.RawIssuer).same(parseName(issuer.RawSubject)) {
		return false, nil
	}
	return matchesKeyID(subject, issuer) && maySign(issuer), nil
}

// An authorityKeyID is the extension of that name. RFC 5280, 4.2.1.1.
type authorityKeyID struct {
	KeyID  []byte        `asn1:"optional,tag:0"`
	Issuer asn1.RawValue `asn1:"optional,tag:1"`
	Serial asn1.RawValue `asn1:"optional,tag:2"`
}

// matchesKeyID says whether nothing that a certificate tells of its issuer contradicts that one.
func matchesKeyID(subject, issuer *x509.Certificate) bool {
	value := extension(subject, oidAuthorityKeyID)
	if value == nil {
		return true
	}
	var id authorityKeyID
	if rest, err := asn1.Unmarshal(value, &id); err != nil || len(rest) > 0 {
		return false
	}
	if id.KeyID != nil && extension(issuer, oidSubjectKeyID) != nil && string(id.KeyID) != string(issuer.SubjectKeyId) {
		return false
	}
	serial, own := der(id.Serial.Bytes), issuer.SerialNumber.Bytes()
	if len(serial) > 0 && serial[0] == 0 {
		serial = serial[1:]
	}
	if id.Serial.Bytes != nil && string(serial) != string(own) {
		return false
	}
	names := der(id.Issuer.Bytes)
	for {
		tag, content, ok := names.any()
		if !ok {
			return true
		}
		if tag == generalDirectory {
			return parseName(content).same(parseName(issuer.RawIssuer))
		}
	}
}

// nodeX509Verify takes a certificate, and kind and bytes of a public key; it says whether that key has signed it.
func nodeX509Verify(k *Keys, a *ops.Reader) (any, error) {
	c, kind, key := certificateOf(a.Bytes()), a.String(), a.Bytes()
	if c == nil {
		return false, nil
	}
	how, ok := certificateSignatures[c.SignatureAlgorithm]
	if !ok || !how.isFor(kind) {
		return false, nil
	}
	s := &nodeSignature{kind: kind, key: key, digest: how.digest, padding: how.padding, salt: saltDigest, data: c.RawTBSCertificate}
	if how.digest != "" {
		d := nodeDigests[how.digest]()
		d.Write(c.RawTBSCertificate)
		s.hashed = d.Sum(nil)
	}
	return s.verify(k, c.Signature), nil
}

// A certificateSignature is a way to sign certificates.
type certificateSignature struct {
	kind    string // "EC" stands for all curves
	digest  string
	padding int
}

func (s certificateSignature) isFor(kind string) bool {
	return s.kind == kind || (s.kind == "EC" && curveNamed(kind) != nil)
}

var certificateSignatures = map[x509.SignatureAlgorithm]certificateSignature{
	x509.SHA1WithRSA:      {"RSA", "sha1", paddingPKCS1},
	x509.SHA256WithRSA:    {"RSA", "sha256", paddingPKCS1},
	x509.SHA384WithRSA:    {"RSA", "sha384", paddingPKCS1},
	x509.SHA512WithRSA:    {"RSA", "sha512", paddingPKCS1},
	x509.SHA256WithRSAPSS: {"RSA", "sha256", paddingPSS},
	x509.SHA384WithRSAPSS: {"RSA", "sha384", paddingPSS},
	x509.SHA512WithRSAPSS: {"RSA", "sha512", paddingPSS},
	x509.ECDSAWithSHA1:    {"EC", "sha1", 0},
	x509.ECDSAWithSHA256:  {"EC", "sha256", 0},
	x509.ECDSAWithSHA384:  {"EC", "sha384", 0},
	x509.ECDSAWithSHA512:  {"EC", "sha512", 0},
	x509.PureEd25519:      {"Ed25519", "", 0},
}
