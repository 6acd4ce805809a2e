package durable

import (
	"errors"
	"sync"

	"github.com/mattn/go-sqlite3"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/internal/store"
	"github.com/dynos-run/dynos/isolate/ops"
)

// An Object is the storage of one Durable Object. One goroutine at a time uses it.
type Object struct {
	durable *Durable
	store   *store.Object
	name    bindings.ObjectName
	// transactions are the async ones that a script has open, each a savepoint; nothing is committed before the last one has ended.
	transactions int
	// written says that something is committed and not flushed yet, or will be when the turn ends; confirm that others must not learn
	// of it before that.
	written, confirm bool
	// cursors are the results that are being read, by number.
	cursors    map[int64]*cursor
	lastCursor int64
	rows       ops.Batch // of the answer that is being made
	alarm      alarmState
	// beside are other files that the next Flush has to make durable, too.
	beside []*store.Object
	number string // of a facet, in the index of its root
}

var _ bindings.Object = (*Object)(nil)

// Call implements bindings.Object.
func (o *Object) Call(op ops.ID, a *ops.Reader, answer *ops.Batch) {
	h := handlers[op]
	err := error(&bindings.OpError{Class: "Error", Message: "unknown op"})
	start := answer.Len()
	if h != nil {
		answer.Bool(true)
		if err = o.checkAlarm(); err == nil {
			err = h(o, a, answer)
		}
	}
	if err == nil {
		return
	}
	answer.Truncate(start)
	e := opError(err)
	answer.Bool(false)
	answer.String(e.Class)
	answer.String(e.Message)
}

// Interrupt implements bindings.Object.
func (o *Object) Interrupt() { o.store.Interrupt() }

// opError is what a script sees of an error.
func opError(err error) *bindings.OpError {
	var known *bindings.OpError
	if errors.As(err, &known) {
		return known
	}
	var sql *store.SQLError
	if errors.As(err, &sql) {
		return &bindings.OpError{Class: "Error", Message: sql.Message}
	}
	var e sqlite3.Error
	if errors.As(err, &e) && e.Code == sqlite3.ErrTooBig {
		return &bindings.OpError{Class: "Error", Message: "string or blob too big: SQLITE_TOOBIG"}
	}
	return &bindings.OpError{Class: "Error", Message: "Durable Object storage: " + err.Error()}
}

// Store gives the file, for ops that are not about keys and values.
func (o *Object) Store() *store.Object { return o.store }

// wrote notes that the turn has written something.
func (o *Object) wrote(unconfirmed bool) {
	o.written = true
	o.confirm = o.confirm || !unconfirmed
}

// Dirty implements bindings.Object.
func (o *Object) Dirty() bool { return o.written }

// Commit implements bindings.Object.
func (o *Object) Commit() (confirm bool, err error) {
	if o.transactions > 0 {
		return false, nil
	}
	confirm = o.confirm
	o.written, o.confirm = false, false
	if err := o.store.Commit(); err != nil {
		return confirm, opError(err)
	}
	return confirm, o.indexAlarm()
}

// Flush implements bindings.Object.
func (o *Object) Flush(done func(error)) {
	if len(o.beside) == 0 {
		o.store.Flush(done)
		return
	}
	files := append(o.beside, o.store)
	o.beside = nil
	var mu sync.Mutex
	var faults []error
	left := len(files)
	one := func(err error) {
		mu.Lock()
		faults = append(faults, err)
		left--
		last := left == 0
		mu.Unlock()
		if last {
			done(errors.Join(faults...))
		}
	}
	for _, f := range files {
		f.Flush(one)
	}
}

// Reset implements bindings.Object.
func (o *Object) Reset() error {
	o.transactions, o.written, o.confirm, o.alarm = 0, false, false, alarmState{}
	for _, c := range o.cursors {
		c.Close()
	}
	o.cursors = nil
	return o.store.Reset()
}

// Release implements bindings.Object.
func (o *Object) Release() { o.store.Release() }
