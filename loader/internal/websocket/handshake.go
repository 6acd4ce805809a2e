package websocket

import (
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
)

// Version of the protocol, the value of Sec-WebSocket-Version.
const Version = "13"

// NewKey returns a value for Sec-WebSocket-Key.
func NewKey() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails
	return base64.StdEncoding.EncodeToString(random[:])
}

// AcceptKey returns the value of Sec-WebSocket-Accept that answers a key.
func AcceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}
