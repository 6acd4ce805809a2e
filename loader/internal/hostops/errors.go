package hostops

// OpError is a failure that JavaScript is to see as an exception of its own.
//
// Class is a JavaScript error class ("TypeError", "RangeError") or a DOMException name ("NotSupportedError"), Message its text.
// The Go cause is for logs: it is reached by errors.Unwrap and never part of what JavaScript sees.
type OpError struct {
	Class   string
	Message string

	cause error
}

// NewOpError returns an OpError with the given class, message and cause; cause may be nil.
func NewOpError(class, message string, cause error) *OpError {
	return &OpError{Class: class, Message: message, cause: cause}
}

// Error returns the class and message, as JavaScript prints an exception.
func (e *OpError) Error() string { return e.Class + ": " + e.Message }

// Unwrap returns the cause, nil if there is none.
func (e *OpError) Unwrap() error { return e.cause }
