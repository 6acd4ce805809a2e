package rpc

import (
	"errors"
	"fmt"
	"strconv"
)

// ErrMalformed says that bytes are no message.
var ErrMalformed = errors.New("malformed message")

// An Error is a JavaScript error. Marshal gives other Go errors the message of their Error method, the class that
// a method ErrorClass() string names (else Error), and as cause what they wrap; what wraps several is an AggregateError.
type Error struct {
	// Name is the class: "Error", "TypeError", ... or the name of a DOMException, such as "AbortError". With any other name it is
	// an Error that has it as own property.
	Name string
	// Message without the name.
	Message string
	// Stack begins with name and message. It is empty if the worker did not send it, and never sent to one.
	Stack string
	// Cause is any value, often an *Error; nil for none.
	Cause any
	// Properties are the others, such as code, remote, or errors of an AggregateError. If one of them cannot be written none is.
	// A DOMException has none.
	Properties map[string]any
	// DOMException says that it is one. On the way out the names that the Web IDL lists do not need it.
	DOMException bool
}

// Error returns name and message, as a script shows an error.
func (e *Error) Error() string {
	switch {
	case e.Message == "":
		return e.Name
	case e.Name == "":
		return e.Message
	}
	return e.Name + ": " + e.Message
}

// ErrorClass returns the name.
func (e *Error) ErrorClass() string { return e.Name }

// Unwrap returns the cause if it is an error.
func (e *Error) Unwrap() error {
	cause, _ := e.Cause.(error)
	return cause
}

// isStandard says whether a name is that of a class that core/errors makes.
func isStandard(name string) bool {
	return errorClasses[name] != 0 || name == "Error" || name == "AggregateError"
}

// domNames are the names of https://webidl.spec.whatwg.org/#dfn-error-names-table.
var domNames = map[string]bool{
	"IndexSizeError": true, "HierarchyRequestError": true, "WrongDocumentError": true, "InvalidCharacterError": true,
	"NoModificationAllowedError": true, "NotFoundError": true, "NotSupportedError": true, "InUseAttributeError": true,
	"InvalidStateError": true, "InvalidModificationError": true, "NamespaceError": true, "InvalidAccessError": true,
	"TypeMismatchError": true, "SecurityError": true, "NetworkError": true, "AbortError": true, "URLMismatchError": true,
	"QuotaExceededError": true, "TimeoutError": true, "InvalidNodeTypeError": true, "DataCloneError": true, "EncodingError": true,
	"NotReadableError": true, "UnknownError": true, "ConstraintError": true, "DataError": true, "TransactionInactiveError": true,
	"ReadOnlyError": true, "VersionError": true, "OperationError": true, "NotAllowedError": true, "OptOutError": true,
}

// A ValueError says which value cannot be converted, and why.
type ValueError struct {
	// Path leads to the value, "$" being the whole: "$.items[3].name". Of a long one the end is shown.
	Path string
	// Err is the reason.
	Err error

	long bool // there is more in front of the path
}

// Error returns path and reason.
func (e *ValueError) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *ValueError) Unwrap() error { return e.Err }

// A SizeError says that a message would be larger than MaxSize.
type SizeError struct {
	// Size is how far writing came, in bytes.
	Size int
}

// Error returns the reference runtime's text.
func (e *SizeError) Error() string {
	return fmt.Sprintf("Serialized RPC arguments or return values are limited to 32MiB, but the size of this value was: %d bytes.", e.Size)
}

func failf(format string, args ...any) error {
	return &ValueError{Err: fmt.Errorf(format, args...)}
}

// A step leads from a value into one of its parts: a property, or an element if it has no name. Paths are put together while an
// error travels up, so that they cost nothing otherwise.
type step struct {
	name    string
	index   int
	isIndex bool
}

func property(name string) step { return step{name: name} }
func element(index int) step    { return step{index: index, isIndex: true} }

// at prepends a step to the path of an error. Of long paths, which strangers can make, the end is kept.
func at(err error, s step) error {
	value, ok := err.(*ValueError)
	switch {
	case !ok:
	case len(value.Path) < maxPath:
		value.Path = s.String() + value.Path
	default:
		value.long = true
	}
	return err
}

// atRoot completes the path of an error.
func atRoot(err error) error {
	value, ok := err.(*ValueError)
	switch {
	case !ok:
	case value.long:
		value.Path = "$..." + value.Path
	default:
		value.Path = "$" + value.Path
	}
	return err
}

const maxPath = 200

// shorten keeps texts of strangers short in errors.
func shorten(text string) string {
	if len(text) > 40 {
		return text[:40] + "..."
	}
	return text
}

func (s step) String() string {
	switch {
	case s.isIndex:
		return "[" + strconv.Itoa(s.index) + "]"
	case len(s.name) <= 40 && isIdentifier(s.name):
		return "." + s.name
	}
	return "[" + strconv.Quote(shorten(s.name)) + "]"
}

func isIdentifier(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '$'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}
