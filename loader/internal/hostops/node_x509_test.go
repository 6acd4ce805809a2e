package hostops

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"
)

// newCertificate makes a certificate that has signed itself.
func newCertificate(t testing.TB, hosts ...string) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "subject.test"}, DNSNames: hosts,
		NotAfter: time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	data, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestX509Hosts(t *testing.T) {
	data := newCertificate(t, "k.test", "*.wild.test", "*.test", "a*.part.test")
	for host, want := range map[string]any{
		"K.test": "k.test", "\u212a.test": nil, "x.wild.test": "*.wild.test", "x.y.wild.test": nil, "wild.test": nil,
		"ab.part.test": nil, "a*.part.test": "a*.part.test", "xn--4ca.wild.test": "*.wild.test", "-_.wild.test": nil,
	} {
		got, err := call(t, new(Keys), "node-x509-host", data, host, true, true)
		if err != nil || got != want {
			t.Errorf("%q: %v, %v, not %v", host, got, err, want)
		}
	}
}

func FuzzX509(f *testing.F) {
	f.Add(newCertificate(f, "a.test"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = call(t, new(Keys), "node-x509", data)
		_, _ = call(t, new(Keys), "node-x509", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: data}))
		_, _ = call(t, new(Keys), "node-x509-issued", data, data)
		_, _ = call(t, new(Keys), "node-x509-email", data, "a@b", true)
		_, _ = generalNames(data)
		_ = parseName(data).reversed()
		_ = parseName(data).multiline()
		_, _ = call(t, new(Keys), "node-spkac", "verify", data)
	})
}
