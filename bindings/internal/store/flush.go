package store

import (
	"fmt"
	"os"
	"sync"
)

// maxSyncs is how many files are being synced at a time. File systems put syncs that arrive together into one write of their journal, so more
// at a time is faster, up to a point.
const maxSyncs = 32

// A flusher syncs the logs of objects on goroutines of its own, which end when there is nothing to do.
type flusher struct {
	mu      sync.Mutex
	queue   []*Object
	running int
}

func (f *flusher) add(o *Object) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queue = append(f.queue, o)
	if f.running < maxSyncs {
		f.running++
		go f.work()
	}
}

func (f *flusher) work() {
	for {
		f.mu.Lock()
		if len(f.queue) == 0 {
			f.queue = nil
			f.running--
			f.mu.Unlock()
			return
		}
		o := f.queue[0]
		f.queue = f.queue[1:]
		f.mu.Unlock()
		o.syncOnce()
	}
}

// Flush calls done once, when all that is committed is durable or has failed to become so; it may be before Flush returns, and on any goroutine.
// After an error the object is broken.
func (o *Object) Flush(done func(error)) {
	o.mu.Lock()
	err := o.broken
	if err != nil || !o.unsynced && !o.flushing {
		o.mu.Unlock()
		done(err)
		return
	}
	if o.store.dir == "" {
		o.unsynced = false
		o.mu.Unlock()
		done(nil)
		return
	}
	o.waiting = append(o.waiting, done)
	start := !o.flushing
	o.flushing = true
	o.mu.Unlock()
	if start {
		o.store.flusher.add(o)
	}
}

// syncOnce syncs the log for all who wait, and comes again if others wait by then. Only one goroutine at a time is here for an object: a sync that
// fails tells one of two, and the other would take the loss for a success.
func (o *Object) syncOnce() {
	o.mu.Lock()
	waiting := o.waiting
	o.waiting, o.unsynced = nil, false
	log, err := o.conn.log()
	o.mu.Unlock()

	if err == nil {
		err = o.store.fault("sync")
	}
	if err == nil {
		err = syncFile(log)
	}

	o.mu.Lock()
	if err != nil {
		err = fmt.Errorf("store: %w", err)
		o.broken = err
		waiting = append(waiting, o.waiting...)
		o.waiting = nil
	}
	o.flushing = len(o.waiting) > 0
	if o.flushing {
		o.store.flusher.add(o)
	} else {
		o.settled.Broadcast()
	}
	o.mu.Unlock()
	for _, done := range waiting {
		done(err)
	}
}

// log returns the file of the log, which SQLite keeps as long as the connection lives. That it is not the file that SQLite has locked is what
// allows to open it: closing a second descriptor of that one would drop the lock.
func (c *conn) log() (*os.File, error) {
	if c.wal == nil {
		f, err := os.Open(c.path + "-wal")
		if err != nil {
			return nil, err
		}
		c.wal = f
	}
	return c.wal, nil
}
