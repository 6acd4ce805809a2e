package store

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// An Object is one SQLite file. Its methods may be called from any goroutine, one after the other; its transaction is one for all.
//
// What fails because of the disk (it is full, a sync failed) may have lost the transaction, and a file whose sync has failed once cannot be
// trusted to say so twice. The object is then broken: it answers the same error until Reset, or until the last reference is released.
type Object struct {
	store *Store
	name  name

	references int  // under store.mu
	doomed     bool // under store.mu: it is removed with the last reference

	mu      sync.Mutex
	conn    *conn // nil while the file is closed
	broken  error
	touched bool // used since the search for one to close came by

	savepoints int  // how many are open; they are in a transaction
	writing    bool // a transaction is open
	unsynced   bool // something is committed that no sync has covered

	running atomic.Pointer[breaker] // of the statement of a script that runs

	flushing bool
	waiting  []func(error) // for the sync after the one that runs
	settled  sync.Cond     // flushing has become false
}

// Interrupt ends the statement of a script that runs, if any does. It may be called on any goroutine.
func (o *Object) Interrupt() {
	if b := o.running.Load(); b != nil {
		b.interrupt()
	}
}

// use returns the open file. The caller holds o.mu.
func (o *Object) use() (*conn, error) {
	if o.broken != nil {
		return nil, o.broken
	}
	o.touched = true
	if o.conn != nil {
		return o.conn, nil
	}
	c, err := o.store.openConn(o.name)
	if err != nil {
		return nil, err
	}
	if err := o.store.opened(o); err != nil {
		return nil, errors.Join(err, c.close())
	}
	c.running = &o.running
	o.conn = c
	return c, nil
}

// busy says whether closing the file now would lose something. The caller holds o.mu.
func (o *Object) busy() bool {
	return o.writing || o.flushing || len(o.waiting) > 0 || o.conn != nil && len(o.conn.sql.cursors) > 0
}

// closeConn closes the file, which writes the log back into it. The caller holds o.mu.
func (o *Object) closeConn() error {
	if o.conn == nil {
		return nil
	}
	err := o.conn.close()
	o.conn, o.writing, o.savepoints, o.unsynced = nil, false, 0, false
	return err
}

// settle waits for the syncs that were asked for. The caller holds o.mu.
func (o *Object) settle() {
	for o.flushing {
		o.settled.Wait()
	}
}

// shut closes the file for good: why is what the object answers from now on.
func (o *Object) shut(why error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.settle()
	o.broken = why
	return o.closeConn()
}

// check notes that an error has ended the transaction, or that the file cannot be used any more. The caller holds o.mu.
func (o *Object) check(err error) error {
	if err != nil && (isDamage(err) || o.writing && o.conn != nil && o.conn.db.AutoCommit()) {
		o.broken = err
	}
	return err
}

// Reset rolls back what is not committed and forgets what has broken the object; its file is opened again by the next call.
func (o *Object) Reset() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if errors.Is(o.broken, ErrClosed) {
		return ErrClosed
	}
	if o.broken == nil && !o.writing {
		return nil
	}
	if o.broken == nil {
		return o.rollback()
	}
	o.settle()
	if o.store.dir == "" && o.conn != nil { // closing it would lose it
		return o.recover()
	}
	o.store.removed(o)
	err := o.closeConn()
	o.broken = nil
	return err
}

// recover makes an object of memory as it was when its transaction began. The caller holds o.mu.
func (o *Object) recover() error {
	o.broken, o.writing = nil, true
	o.conn.sql.cancel(errClosed)
	if err := o.conn.run(fmt.Sprintf("PRAGMA max_page_count = %d", defaultMaxPages)); err != nil {
		return err
	}
	return o.rollback()
}

// Release gives up a reference. With the last one goes what is not committed; what is committed stays, and the file may stay open.
func (o *Object) Release() { _ = o.release() } // what it says concerns a file that nobody uses

func (o *Object) release() error {
	s := o.store
	s.mu.Lock()
	o.references--
	last, doomed := o.references == 0, o.doomed
	s.mu.Unlock()
	if !last {
		return nil
	}
	err := o.Reset()
	o.mu.Lock()
	defer o.mu.Unlock()
	if doomed {
		return o.remove()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.references == 0 && o.conn == nil && !o.busy() && s.objects[o.name] == o {
		delete(s.objects, o.name)
	}
	return err
}
