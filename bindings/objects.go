package bindings

import (
	"time"

	"github.com/dynos-run/dynos/isolate/ops"
)

// An ObjectStorage keeps what Durable Objects store. Its methods may be called from any goroutine.
type ObjectStorage interface {
	// Object opens the storage of an object, which need not have stored anything yet. It must be released.
	Object(name ObjectName) (Object, error)
	// Alarms says whom to call when the alarm of an object is due, on a goroutine of its own: nobody before, and nobody after nil.
	// The error is why nothing can be stored at all.
	Alarms(ring Ring) error
}

// A Ring wakes an object. It calls done once, perhaps before it returns; until then the same object is not woken again.
type Ring func(a Alarm, done func(AlarmOutcome))

// An Alarm is the time at which an object wanted to be woken.
type Alarm struct {
	Object ObjectName
	At     time.Time
	// Retries counts how often it has failed. The Last time that it fails, it is given up.
	Retries int
	Last    bool
}

// An AlarmOutcome says how an alarm went. The zero value: it is over.
type AlarmOutcome struct {
	// Failed: it is to be tried again, later.
	Failed bool
	// Uncounted: that it failed is not the object's fault.
	Uncounted bool
	// MovedTo is when the object wants to be woken instead, zero if that is not so.
	MovedTo time.Time
}

// An ObjectName says whose storage is meant.
type ObjectName struct {
	// Space is the unique key of the class, ID the object's id as 64 hexadecimal digits, or any text.
	Space, ID string
	// Name is what the id was made of, nil if that is not known.
	Name *string
	// SQL says that the class has the API of SQLite.
	SQL bool
	// Facet are the names of the facets that lead to the one that is meant, from the object's on; none for the object itself.
	Facet []string
}

// An Object is the storage of one Durable Object. The loader calls one method at a time.
//
// What is written belongs to a transaction until Commit, and is durable when a Flush that comes later has called back. After an error of
// Commit or Flush the object answers nothing but errors until Reset.
type Object interface {
	// Call performs a call op whose owner is "durable", as isolate.Handler's Call does: a reads the arguments after the first, which
	// is the context.
	Call(op ops.ID, a *ops.Reader, answer *ops.Batch)
	// Interrupt has a Call in progress fail soon. It may be called on any goroutine, and does nothing if there is none.
	Interrupt()
	// Dirty says whether Commit has something to do.
	Dirty() bool
	// Commit ends the transaction unless the script has one open, and says whether what it writes must be durable before anybody
	// else learns of it.
	Commit() (confirm bool, err error)
	// Flush calls done once, on any goroutine, perhaps before it returns.
	Flush(done func(error))
	// DeleteFacet removes what a facet of the object and its facets have stored. Those that are in use keep it while they are. Commit follows.
	DeleteFacet(name string) error
	// CloneFacet replaces that by a copy of what another facet has.
	CloneFacet(source, name string) error
	// Reset rolls back what is not committed.
	Reset() error
	// Release gives the storage up, after a Reset.
	Release()
}

// An OpError is an exception that an op of a binding throws: a JavaScript error class or a DOMException name, and a message.
type OpError struct{ Class, Message string }

// Error implements error.
func (e *OpError) Error() string { return e.Class + ": " + e.Message }
