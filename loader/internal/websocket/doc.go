// Package websocket reads and writes the frames of RFC 6455 over any stream, as either side, with the compression of RFC 7692.
//
// It does no handshake and keeps no rules about closing: what a Close frame means is up to who reads it, so that a connection can
// stay half open and a close can travel through a proxy. It is as lenient as the platform (masks are not required, text is not checked)
// and words protocol errors as the platform does.
package websocket
