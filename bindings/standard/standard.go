// Package standard is the one list of the bindings that dynos ships and that keep something, over one folder of state.
package standard

import (
	"errors"
	"os"
	"sync"

	"github.com/dynos-run/dynos/bindings/durable"
	"github.com/dynos-run/dynos/bindings/internal/store"
	"github.com/dynos-run/dynos/bindings/kv"
)

// A State is the folder in which bindings keep what workers store. Nobody else can open it meanwhile. It is safe for concurrent use.
type State struct {
	store *store.Store

	mu         sync.Mutex
	namespaces map[string]*kv.Namespace
	objects    *durable.Durable
}

// Lock takes the lock of the folder at dir, which it makes if there is none. The lock ends with the last descriptor of its file.
//
// Errors: ErrLocked, or what the file system answers.
func Lock(dir string) (*os.File, error) { return store.Lock(dir) }

// OpenLocked opens the folder at dir, whose lock the caller has. If it is shared, other processes that have it may use it at the same time.
//
// Errors: what the file system answers.
func OpenLocked(dir string, shared bool) (*State, error) {
	opened, err := store.Open(dir, store.Options{Locked: true, Shared: shared})
	if err != nil {
		return nil, err
	}
	return newState(opened), nil
}

// Open opens the folder at dir, which it makes if there is none. Close it after the workers that use it.
//
// Errors: ErrLocked, or what the file system answers.
func Open(dir string) (*State, error) {
	opened, err := store.Open(dir, store.Options{})
	if err != nil {
		return nil, err
	}
	return newState(opened), nil
}

// InMemory returns a State that keeps everything until it is closed, and nowhere else.
func InMemory() *State { return newState(store.InMemory()) }

func newState(opened *store.Store) *State {
	return &State{store: opened, namespaces: map[string]*kv.Namespace{}}
}

// ErrLocked means that another process has the folder open.
var ErrLocked = store.ErrLocked

// KV returns the KV namespace of an id. Whoever asks for one id gets the same.
func (s *State) KV(id string) (*kv.Namespace, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.namespaces[id]; n != nil {
		return n, nil
	}
	n, err := kv.Open(s.store, id)
	if err != nil {
		return nil, err
	}
	s.namespaces[id] = n
	return n, nil
}

// Objects returns the storage of Durable Objects. Whoever asks gets the same.
func (s *State) Objects() (*durable.Durable, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.objects == nil {
		d, err := durable.Open(s.store)
		if err != nil {
			return nil, err
		}
		s.objects = d
	}
	return s.objects, nil
}

// ObjectClasses says where the Durable Object classes of a worker are that migrations have introduced. It does not open the objects, which
// another process may have.
//
// Errors: why the state cannot be read.
func (s *State) ObjectClasses(worker string) (map[string]durable.Class, error) {
	return durable.Classes(s.store, worker)
}

// Close makes everything durable and closes the files.
func (s *State) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	if s.objects != nil {
		errs = append(errs, s.objects.Close())
	}
	for _, n := range s.namespaces {
		errs = append(errs, n.Close())
	}
	s.namespaces = nil
	return errors.Join(append(errs, s.store.Close())...)
}
