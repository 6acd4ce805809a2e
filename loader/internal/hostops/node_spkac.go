package hostops

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"strings"

	"github.com/dynos-run/dynos/isolate/ops"
)

// Signed public keys and challenges, from the keygen element of HTML. They are base64.

type signedKeyAndChallenge struct {
	Inner     keyAndChallenge
	Algorithm pkix.AlgorithmIdentifier
	Signature asn1.BitString
}

type keyAndChallenge struct {
	Raw       asn1.RawContent
	Key       asn1.RawValue
	Challenge string `asn1:"ia5"`
}

// Algorithms that sign them, without MD5: who runs in FIPS mode, as the reference runtime does, takes it for no signature.
// RFC 8017, A.2.4; RFC 5758, 3.2.
var spkacSignatures = map[string]certificateSignature{
	"1.2.840.113549.1.1.5":  {"RSA", "sha1", paddingPKCS1},
	"1.2.840.113549.1.1.11": {"RSA", "sha256", paddingPKCS1},
	"1.2.840.113549.1.1.12": {"RSA", "sha384", paddingPKCS1},
	"1.2.840.113549.1.1.13": {"RSA", "sha512", paddingPKCS1},
	"1.2.840.10045.4.3.2":   {"EC", "sha256", 0},
	"1.2.840.10045.4.3.3":   {"EC", "sha384", 0},
	"1.2.840.10045.4.3.4":   {"EC", "sha512", 0},
}

// nodeSpkac takes what to do, and bytes. "verify" says whether the key has signed, "key" gives it as PEM, "challenge" the challenge; null
// if the bytes are no such thing.
func nodeSpkac(k *Keys, a *ops.Reader) (any, error) {
	what, text := a.String(), a.Bytes()
	trimmed := strings.TrimRight(string(text), " \n\r\t")
	data, err := base64.StdEncoding.DecodeString(trimmed)
	if err != nil || strings.ContainsAny(trimmed, "\r\n") {
		return nil, nil
	}
	var s signedKeyAndChallenge
	if _, err := asn1.Unmarshal(data, &s); err != nil {
		return nil, nil
	}
	body := der(s.Inner.Key.Bytes)
	kind, key, ok := parseSPKI(body)
	switch {
	case what == "challenge":
		return []byte(s.Inner.Challenge), nil
	case !ok:
		return nil, nil
	case what == "key":
		return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: s.Inner.Key.FullBytes}), nil
	}
	how, ok := spkacSignatures[s.Algorithm.Algorithm.String()]
	if !ok || !how.isFor(kind) || s.Signature.BitLength%8 != 0 {
		return false, nil
	}
	d := nodeDigests[how.digest]()
	d.Write(s.Inner.Raw)
	signature := &nodeSignature{kind: kind, key: key, digest: how.digest, padding: how.padding, hashed: d.Sum(nil)}
	return signature.verify(k, s.Signature.Bytes), nil
}
