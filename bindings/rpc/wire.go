package rpc

// The version of V8's format that its 13.6 writes.
const formatVersion = 15

// The tags of V8's ValueSerializer. All integers are base-128 varints, doubles and two-byte strings are little-endian.
const (
	tagVersion   = 0xff // version
	tagPadding   = 0    // nothing: aligns two-byte strings
	tagHole      = '-'
	tagUndefined = '_'
	tagNull      = '0'
	tagTrue      = 'T'
	tagFalse     = 'F'
	tagInt32     = 'I' // zigzag
	tagUint32    = 'U'
	tagDouble    = 'N'
	tagBigInt    = 'Z' // length<<1 | sign, digits

	// Strings have no identity. Length in bytes, bytes.
	tagUTF8    = 'S'
	tagOneByte = '"'
	tagTwoByte = 'c'

	// What follows is an object: it has a number, counted from 0 in the order of the first bytes (a view's buffer comes before the
	// view), by which tagReference names it.
	tagReference = '^' // number
	tagObject    = 'o' // key, value, ..., tagEndObject, count
	tagEndObject = '{'
	tagDense     = 'A' // length, elements, then key, value, ... of other properties, tagEndDense, count, length
	tagEndDense  = '$'
	tagSparse    = 'a' // length, key, value, ..., tagEndSparse, count, length
	tagEndSparse = '@'
	tagMap       = ';' // key, value, ..., tagEndMap, 2 * size
	tagEndMap    = ':'
	tagSet       = '\'' // values, tagEndSet, size
	tagEndSet    = ','
	tagDate      = 'D' // double
	tagTrueObj   = 'y'
	tagFalseObj  = 'x'
	tagNumberObj = 'n' // double
	tagBigIntObj = 'z' // as tagBigInt
	tagStringObj = 's' // a string with its tag
	tagRegExp    = 'R' // a string with its tag, flags
	tagBuffer    = 'B' // length, bytes
	tagResizable = '~' // length, maximum, bytes
	tagView      = 'V' // right after its buffer: class, offset, length, flags
	tagError     = 'r' // tags below
	tagHost      = '\\'
)

// Inside of an error: its class, of which plain Error has none, then what it has, then errorEnd.
const (
	errorMessage = 'm' // a string with its tag
	errorStack   = 's' // a string with its tag
	errorCause   = 'c' // a value
	errorEnd     = '.'
)

// errorClasses are the built-in classes that V8's form of errors can name.
var errorClasses = map[string]byte{
	"EvalError": 'E', "RangeError": 'R', "ReferenceError": 'F', "SyntaxError": 'S', "TypeError": 'T', "URIError": 'U',
}

// Classes of views.
const (
	viewUint8    = 'B'
	viewDataView = '?'

	viewTracksLength = 1 // a flag: the view ends where its resizable buffer ends
)

// regExpFlags in the order of their bits; bit 6 is V8's own.
const regExpFlags = "gimyus\x00dv"

// Numbers of the platform's classes that this package knows itself.
const (
	hostDOMException = 1 // [name, message, stack]
	hostBlob         = 3 // [bytes, type]
	hostHeaders      = 4 // [name, value, ...], names in lower case
	hostError        = 8 // [class, message, object of own properties or null]
)

// Tags of references; the data of each is up to who implements [References].
const (
	// TagFetcher is a service stub: its index in the list of capabilities that travels with the message.
	TagFetcher = 64
	// TagStub is an RpcStub: a function or a target on the other side.
	TagStub = 65
	// TagReadable is a ReadableStream.
	TagReadable = 66
	// TagWritable is a WritableStream.
	TagWritable = 67
)

// MaxSize is what one message may have, in bytes, as on the reference runtime.
const MaxSize = 32 << 20

const (
	// V8 reads about 5,000 levels before its stack ends.
	maxWriteDepth = 2000
	// V8 writes more than it reads.
	maxReadDepth = 10000
	// Cycles are looked for only below this depth, so that flat values cost nothing.
	cycleDepth = 64
	// Holes of sparse arrays that a message may have beyond one for each of its bytes.
	maxHoles = 1 << 14
	// The times of a Date lie this many milliseconds round 1970.
	maxTime = 8.64e15
	// Larger ones are not written in decimal, which takes more than linear time.
	maxDecimalBits = 1 << 16
	// V8's limit for a BigInt.
	maxBigIntBits = 1 << 30
)
