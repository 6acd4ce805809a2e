package hostops

import (
	"crypto"
	"crypto/hmac"
	_ "crypto/md5" // registers the hash
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"crypto/subtle"

	"github.com/dynos-run/dynos/isolate/ops"
)

// classOperation is the class of most failures of cryptographic operations.
const classOperation = "OperationError"

// cryptoOps are the operations of op_crypto and op_crypto_async by their first argument. Each reads the others and gives a value for
// [EncodeValue] or an *OpError. Keys and results are bytes in the forms that crypto_formats.go describes, so that nothing has to be
// kept here between two calls; [Keys] only saves parsing a key again. What JavaScript has checked already is not checked twice, but
// nothing here relies on it for safety.
var cryptoOps = map[string]func(k *Keys, a *ops.Reader) (any, error){
	"digest-update":  digestUpdate,
	"digest-final":   digestFinal,
	"hmac":           hmacSign,
	"hmac-verify":    hmacVerify,
	"gcm-seal":       gcmSeal,
	"gcm-open":       gcmOpen,
	"cbc-encrypt":    cbcEncrypt,
	"cbc-decrypt":    cbcDecrypt,
	"ctr":            ctrXOR,
	"kw-wrap":        kwWrap,
	"kw-unwrap":      kwUnwrap,
	"hkdf":           hkdfDerive,
	"pbkdf2":         pbkdf2Derive,
	"ec-generate":    ecGenerate,
	"ec-point":       ecPoint,
	"ec-jwk":         ecFromCoordinates,
	"ecdsa-sign":     ecdsaSign,
	"ecdsa-verify":   ecdsaVerify,
	"ecdh":           ecdhDerive,
	"ed-generate":    edGenerate,
	"ed-private":     edPrivate,
	"ed-sign":        edSign,
	"ed-verify":      edVerify,
	"x-generate":     xGenerate,
	"x-private":      xPrivate,
	"x-derive":       xDerive,
	"ed448-generate": ed448Generate,
	"ed448-private":  ed448Private,
	"ed448-sign":     ed448Sign,
	"ed448-verify":   ed448Verify,
	"x448-generate":  x448Generate,
	"x448-private":   x448Private,
	"x448-derive":    x448Derive,
	"rsa-generate":   rsaGenerate,
	"rsa-numbers":    rsaNumbers,
	"rsa-key":        rsaFromNumbers,
	"rsa-sign":       rsaSign,
	"rsa-verify":     rsaVerify,
	"rsa-encrypt":    rsaEncrypt,
	"rsa-decrypt":    rsaDecrypt,
	"rsa-raw":        rsaRaw,
	"spki-parse":     spkiParse,
	"spki-write":     spkiWrite,
	"pkcs8-parse":    pkcs8Parse,
	"pkcs8-write":    pkcs8Write,

	"ocb-seal":         ocbSeal,
	"ocb-open":         ocbOpen,
	"chacha-seal":      chachaSeal,
	"chacha-open":      chachaOpen,
	"sha3":             sha3Digest,
	"cshake":           cshakeDigest,
	"kmac":             kmacSign,
	"kmac-verify":      kmacVerify,
	"lattice-generate": latticeGenerate,
	"lattice-import":   latticeImport,
	"lattice-sign":     latticeSign,
	"lattice-verify":   latticeVerify,
	"encapsulate":      encapsulate,
	"decapsulate":      decapsulate,

	"node-update":      nodeUpdate,
	"node-digest":      nodeDigest,
	"node-hmac-start":  nodeHmacStart,
	"node-hmac":        nodeHmac,
	"node-hkdf":        nodeHkdf,
	"node-pbkdf2":      nodePbkdf2,
	"node-scrypt":      nodeScrypt,
	"node-prime":       nodePrime,
	"node-check-prime": nodeCheckPrime,

	"node-private-key":     nodePrivateKey,
	"node-public-key":      nodePublicKey,
	"node-public-of":       nodePublicOf,
	"node-export":          nodeExport,
	"node-okp-key":         nodeOkpKey,
	"node-rsa-generate":    nodeRsaGenerate,
	"node-dh-pair":         nodeDHPair,
	"node-sign":            nodeSign,
	"node-verify":          nodeVerify,
	"node-rsa-encrypt":     nodeRsaEncrypt,
	"node-rsa-decrypt":     nodeRsaDecrypt,
	"node-private-encrypt": nodePrivateEncrypt,
	"node-public-decrypt":  nodePublicDecrypt,
	"node-dh-group":        nodeDHGroup,
	"node-dh-check":        nodeDHCheck,
	"node-dh-generate":     nodeDHGenerate,
	"node-dh-keys":         nodeDHKeys,
	"node-dh-public":       nodeDHPublic,
	"node-dh-secret":       nodeDHSecret,
	"node-numbers":         nodeNumbers,
	"node-ecdh":            nodeECDH,
	"node-ec-point":        nodeECPoint,
	"node-ec-private":      nodeECPrivate,
	"node-derive":          nodeDerive,
	"node-x509":            nodeX509,
	"node-x509-host":       nodeX509Host,
	"node-x509-email":      nodeX509Email,
	"node-x509-ip":         nodeX509IP,
	"node-x509-issued":     nodeX509Issued,
	"node-x509-verify":     nodeX509Verify,
	"node-spkac":           nodeSpkac,

	"node-cipher-update": nodeCipherUpdate,
	"node-cipher-extra":  nodeCipherExtra,
	"node-cipher-final":  nodeCipherFinal,
	"node-rc4":           nodeRC4,
	"node-chacha":        nodeChaCha,
}

// Crypto runs the operation that the next argument names, with the arguments after it, which it does not keep. It gives a value for
// [EncodeValue], or an *OpError for JavaScript. It may be called on any goroutine.
//
// Spec: Web Cryptography API, https://w3c.github.io/webcrypto/
func Crypto(k *Keys, a *ops.Reader) (any, error) {
	run := cryptoOps[string(a.UTF8())]
	if run == nil {
		return nil, NewOpError(ClassNotSupported, "unknown operation", nil)
	}
	value, err := run(k, a)
	if err == nil && a.Err != nil {
		err = NewOpError("TypeError", "malformed arguments", a.Err)
	}
	return value, err
}

// EncodeValue appends a value of [Crypto] to a batch: nil, a boolean, an int, a string, bytes, or an array of these.
func EncodeValue(b *ops.Batch, value any) {
	switch v := value.(type) {
	case bool:
		b.Bool(v)
	case int:
		b.Int(int64(v))
	case string:
		b.String(v)
	case []byte:
		b.Data(v)
	case [][]byte:
		b.Array(len(v))
		for _, item := range v {
			b.Data(item)
		}
	case []any:
		b.Array(len(v))
		for _, item := range v {
			EncodeValue(b, item)
		}
	default:
		b.Null()
	}
}

// hashOf returns the hash function of a Web Crypto name, 0 if there is none.
func hashOf(name []byte) crypto.Hash {
	switch string(name) {
	case "SHA-256":
		return crypto.SHA256
	case "SHA-1":
		return crypto.SHA1
	case "SHA-384":
		return crypto.SHA384
	case "SHA-512":
		return crypto.SHA512
	case "MD5":
		return crypto.MD5
	}
	return 0
}

func readHash(a *ops.Reader) (crypto.Hash, error) {
	h := hashOf(a.UTF8())
	if h == 0 {
		return 0, errUnknownDigest
	}
	return h, nil
}

var errUnknownDigest = NewOpError(ClassNotSupported, "Unrecognized or unimplemented digest algorithm requested.", nil)

func sum(h crypto.Hash, data []byte) []byte {
	d := h.New()
	d.Write(data)
	return d.Sum(nil)
}

// hmacSign takes hash, key and data. https://w3c.github.io/webcrypto/#hmac-operations-sign
func hmacSign(_ *Keys, a *ops.Reader) (any, error) {
	h, err := readHash(a)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(h.New, a.Bytes())
	mac.Write(a.Bytes())
	return mac.Sum(nil), nil
}

// hmacVerify takes hash, key, signature and data.
func hmacVerify(_ *Keys, a *ops.Reader) (any, error) {
	h, err := readHash(a)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(h.New, a.Bytes())
	signature := a.Bytes()
	mac.Write(a.Bytes())
	return subtle.ConstantTimeCompare(mac.Sum(nil), signature) == 1, nil
}
