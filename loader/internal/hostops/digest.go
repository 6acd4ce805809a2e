package hostops

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
)

// ClassNotSupported is the class of the error for a digest nobody implements.
const ClassNotSupported = "NotSupportedError"

// Digest returns the digest of data under algorithm: "MD5", "SHA-1", "SHA-256", "SHA-384" or "SHA-512", spelled so.
//
// Any other name is an *OpError of class NotSupportedError. SHA-1 and MD5 are here because the platform has them (MD5 is an
// extension of it, for checksums of old protocols), not because anyone should choose them.
//
// Spec: Web Cryptography API, "SHA", https://w3c.github.io/webcrypto/#sha-operations-digest
func Digest(algorithm string, data []byte) ([]byte, error) {
	switch algorithm {
	case "SHA-256":
		sum := sha256.Sum256(data)
		return sum[:], nil
	case "SHA-1":
		sum := sha1.Sum(data)
		return sum[:], nil
	case "SHA-512":
		sum := sha512.Sum512(data)
		return sum[:], nil
	case "SHA-384":
		sum := sha512.Sum384(data)
		return sum[:], nil
	case "MD5":
		sum := md5.Sum(data)
		return sum[:], nil
	}
	return nil, NewOpError(ClassNotSupported, "Unrecognized or unimplemented digest algorithm requested.", nil)
}
