package standard

import (
	"errors"
	"sync"

	"github.com/dynos-run/dynos/bindings"
)

// A Later is a storage of Durable Objects that is opened when Begin is called: until then another process may have it, and is the one whose
// objects the alarms wake.
type Later struct {
	state *State

	mu    sync.Mutex
	ring  bindings.Ring
	begun bindings.ObjectStorage // nil before
}

var _ bindings.ObjectStorage = (*Later)(nil)

// ObjectsLater is the storage of Objects, for later.
func (s *State) ObjectsLater() *Later { return &Later{state: s} }

// Begin opens the storage; alarms that are due ring.
//
// Errors: those of Objects.
func (l *Later) Begin() error {
	opened, err := l.state.Objects()
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begun = opened
	return opened.Alarms(l.ring)
}

var errNotBegun = errors.New("the storage of Durable Objects is not open yet")

// Object implements bindings.ObjectStorage.
func (l *Later) Object(name bindings.ObjectName) (bindings.Object, error) {
	l.mu.Lock()
	begun := l.begun
	l.mu.Unlock()
	if begun == nil {
		return nil, errNotBegun
	}
	return begun.Object(name)
}

// Alarms implements bindings.ObjectStorage.
func (l *Later) Alarms(ring bindings.Ring) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ring = ring
	if l.begun == nil {
		return nil
	}
	return l.begun.Alarms(ring)
}
