// Package compress has the codecs of Web and node streams, step by step: a [Stream] takes what input it is given and never gives
// more output than it is asked for, so that data of an attacker cannot unfold without bounds. Nothing in it waits or runs by itself.
//
// The decompressor is written here, because those of other packages read from an io.Reader and cannot stop in the middle of it.
package compress

// A Flush says what a step does with data that a compressor holds back. Decompressors hold nothing back.
type Flush int

const (
	// NoFlush keeps it until enough has come.
	NoFlush Flush = iota
	// SyncFlush gives everything that has been taken so far, up to a byte boundary.
	SyncFlush
	// Finish ends the data.
	Finish
)

// A Format is what stands around deflated data.
type Format int

const (
	// Raw is nothing (RFC 1951).
	Raw Format = iota
	// Zlib is a header and an Adler-32 sum (RFC 1950); the Web calls it deflate.
	Zlib
	// Gzip is a header, a CRC-32 and a length (RFC 1952); one member of it.
	Gzip
)

// A Stream compresses or decompresses. It is for one goroutine at a time.
type Stream interface {
	// Step moves data: it fills at most out and takes at most in. It has done all that it can if it leaves a part of out empty,
	// or if Ended. The input may only be passed again beginning with what was not read. An error is final.
	Step(out, in []byte, flush Flush) (written, read int, err error)
	// Ended says whether the end of the compressed data was read or written.
	Ended() bool
	// Size is roughly how much memory the stream takes, in bytes.
	Size() int
	// Close gives memory back. The stream is not used after it.
	Close()
}

// A DataError says that compressed data is malformed. The texts are zlib's.
type DataError string

// Error implements error.
func (e DataError) Error() string { return string(e) }

// Errors about preset dictionaries, with zlib's texts. They are no [DataError].
const (
	ErrNeedDictionary dictionaryError = "Missing dictionary"
	ErrBadDictionary  dictionaryError = "Bad dictionary"
)

type dictionaryError string

func (e dictionaryError) Error() string { return string(e) }
