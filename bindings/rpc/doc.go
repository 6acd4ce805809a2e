// Package rpc turns Go values into the bytes of JavaScript values and back: the arguments and results of calls between Go
// programs and workers.
//
// The bytes are V8's serialisation format, version 15, which op_serialize writes and op_deserialize reads, with the
// platform's own classes as host objects (polyfills/core/clone.js has their numbers). The package needs no V8. It knows
// values; what cannot be copied, a function or a stub, goes through [References], which the caller implements.
//
// # From Go to JavaScript
//
//	nil, nil pointer, slice, map, func   null, as in encoding/json
//	Undefined                            undefined
//	bool                                 boolean
//	integers                             number; an error if it would not be exact: use *big.Int
//	floats, json.Number                  number
//	string                               string; invalid UTF-8 becomes U+FFFD
//	[]byte, [n]byte                      Uint8Array
//	other slices and arrays              Array
//	map with keys of kind string         plain object, sorted by key
//	other maps, Map                      Map; number keys are sorted
//	struct                               plain object by the json tags, as in encoding/json; Object if order or names are dynamic
//	Set                                  Set
//	time.Time                            Date, in milliseconds
//	*big.Int                             BigInt
//	RegExp, Blob, http.Header            RegExp, Blob, Headers
//	error, *Error                        Error with class, message, cause and properties, without stack
//	json.RawMessage, json.Marshaler      what JSON.parse makes of it
//	encoding.TextMarshaler               string
//	pointer, interface                   what it holds
//	func, chan, values with methods      References is asked first
//
// A pointer that occurs twice is copied twice. A value that contains itself is an error.
//
// # From JavaScript to Go
//
// A target of type any receives
//
//	undefined, null                      Undefined{}, nil
//	boolean, number, string, BigInt      bool, float64, string, *big.Int; wrapper objects as what they wrap
//	Array                                []any; holes are Undefined{}, properties that are no elements are dropped
//	object                               map[string]any
//	Map, Set                             *Map, *Set
//	Date                                 time.Time in UTC; an invalid date is the zero Time
//	ArrayBuffer, typed array, DataView   []byte: the part that the view shows
//	RegExp, Blob, Headers                RegExp, *Blob, http.Header
//	Error, DOMException                  *Error
//	any other class                      what References makes of it
//
// Lone surrogates of strings become U+FFFD. An object that occurs twice is one Go map, slice or pointer, so that cycles
// survive; the views of one ArrayBuffer share memory.
//
// Other targets are filled as encoding/json does: fields by name, without regard to case if none matches exactly; nil for null
// and undefined where Go has it, else no change; pointers are followed and made; an interface that holds a pointer is
// filled through it. Numbers and BigInts must fit and be exact. Elements of typed arrays go into slices of any number type. Maps
// go into Go maps, Sets into slices and into maps to bool or struct{}. A json.Unmarshaler is given the value as JSON, an
// encoding.TextUnmarshaler strings. What is shared and read as two types is two Go values.
//
// Input is not trusted: depth is bounded, memory is bounded by the length of the message (and the size of the target's
// elements), and malformed bytes are [ErrMalformed]. Nothing that Unmarshal returns points into its input.
package rpc
