// Package store keeps state on disk: objects, each a SQLite file of its own with a key-value table, an alarm, and what its owner adds.
//
// The layout of a file is the one of the open reference runtime (_cf_KV, _cf_METADATA), and a folder holds
//
//	lock                      taken while a Store is open
//	objects/SPACE/ID.sqlite   an object, with ID.sqlite-wal beside it while it is open
//
// A transaction is written to the log by Commit and durable when Flush has called back. The two are apart so that a caller computes on while
// the disk works, and so that commits which arrive while it does share its next sync.
//
// Locks: Object.mu, then flusher.mu or Store.mu. A holder of Store.mu only tries an Object.mu and never waits for it. No lock is held
// when a callback runs.
package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// DefaultMaxOpen is how many objects have their files open at most if Options do not say: fewer if the process may not open so many files.
const DefaultMaxOpen = 1536

// minOpen is how many it is at least.
const minOpen = 128

var (
	// ErrClosed is what a closed Store answers.
	ErrClosed = errors.New("store: closed")

	// ErrLocked means that another process has the folder open.
	ErrLocked = errors.New("store: in use by another process")

	// ErrNewer means that a later version has written the file.
	ErrNewer = errors.New("store: written by a newer version")

	// ErrCorrupt means that a file is damaged. Nothing has been changed in it.
	ErrCorrupt = errors.New("store: damaged")
)

// Options are the settings of a Store.
type Options struct {
	// MaxOpen is how many objects have their files open at a time; each takes two or three file descriptors. An object in a transaction
	// stays open, even above this number. 0 means as many
	// as a quarter of the descriptors that the process may have allows, up to DefaultMaxOpen.
	MaxOpen int

	// Locked says that the caller has the folder's lock; see Lock.
	Locked bool
	// Shared says so too, and that other processes that have it use the folder at the same time: each transaction locks its file.
	Shared bool

	// fault is asked before each step that touches the disk; what it returns is what the step fails with. For tests.
	fault func(step string) error
}

// A Store is a folder of objects, or memory that looks like one. It is safe for concurrent use.
type Store struct {
	dir     string // "" for memory
	options Options
	lock    *os.File
	flusher flusher

	mu      sync.Mutex
	objects map[name]*Object
	ring    []*Object // those that are open
	hand    int       // where the search for one to close goes on
	closed  bool
}

// Open opens the folder at dir, which it makes if there is none. Close it after use.
//
// Errors: ErrLocked, or what the file system answers.
func Open(dir string, o Options) (*Store, error) {
	s := inMemory(o)
	s.dir = dir
	if o.Locked || o.Shared {
		return s, nil
	}
	lock, err := Lock(dir)
	if err != nil {
		return nil, err
	}
	s.lock = lock
	return s, nil
}

// Lock takes the lock of the folder at dir, which it makes if there is none. The lock ends with the last descriptor of its file.
//
// Errors: ErrLocked, or what the file system answers.
func Lock(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return takeLock(filepath.Join(dir, "lock"))
}

// InMemory returns a Store whose objects live until it is closed, and nowhere else.
func InMemory() *Store { return inMemory(Options{}) }

func inMemory(o Options) *Store {
	if o.MaxOpen <= 0 {
		o.MaxOpen = defaultOpen(openLimit())
	}
	return &Store{options: o, objects: map[name]*Object{}}
}

// Object returns the object of that id in a space; it need not exist. Release it after use.
//
// Errors: ErrClosed.
func (s *Store) Object(space, id string) (*Object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	key := name{space, id}
	o := s.objects[key]
	if o == nil {
		o = &Object{store: s, name: key}
		o.settled.L = &o.mu
		s.objects[key] = o
	}
	o.references++
	return o, nil
}

// Exists says whether an object has ever stored something.
func (s *Store) Exists(space, id string) bool {
	key := name{space, id}
	if s.dir != "" {
		_, err := os.Lstat(s.path(key))
		return err == nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.objects[key] != nil
}

// Close rolls back what is not committed, makes durable what is, and closes every file. Objects answer ErrClosed from then on.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	open := s.ring
	s.ring = nil
	s.mu.Unlock()

	var errs []error
	for _, o := range open {
		errs = append(errs, o.shut(ErrClosed))
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	return errors.Join(errs...)
}

func (s *Store) fault(step string) error {
	if s.options.fault == nil {
		return nil
	}
	return s.options.fault(step)
}

// opened adds o to those that are open, and closes others while there are too many. The caller holds o.mu.
func (s *Store) opened(o *Object) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.ring = append(s.ring, o)
	if s.dir == "" {
		return nil // closing an object of memory would lose it
	}
	for tries := 2 * len(s.ring); len(s.ring) > s.options.MaxOpen && tries > 0; tries-- {
		s.closeOne(o)
	}
	return nil
}

// closeOne closes the object under the hand unless it is busy or was used since the hand came by last, and moves the hand on.
func (s *Store) closeOne(except *Object) {
	s.hand %= len(s.ring)
	o := s.ring[s.hand]
	if o == except || !o.mu.TryLock() {
		s.hand++
		return
	}
	defer o.mu.Unlock()
	if o.touched || o.busy() {
		o.touched = false
		s.hand++
		return
	}
	if err := o.closeConn(); err != nil {
		o.broken = err
	}
	s.ring[s.hand] = s.ring[len(s.ring)-1]
	s.ring = s.ring[:len(s.ring)-1]
	if o.references == 0 {
		delete(s.objects, o.name)
	}
}

// removed takes o from those that are open. The caller holds o.mu.
func (s *Store) removed(o *Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.ring {
		if other == o {
			s.ring[i] = s.ring[len(s.ring)-1]
			s.ring = s.ring[:len(s.ring)-1]
			return
		}
	}
}

// makeFolder makes the folder of a space, and makes its name durable.
func (s *Store) makeFolder(key name) error {
	folder := filepath.Dir(s.path(key))
	if _, err := os.Lstat(folder); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for _, parent := range []string{filepath.Dir(folder), s.dir} {
		if err := syncFolder(parent); err != nil {
			return fmt.Errorf("store: %w", err)
		}
	}
	return nil
}
