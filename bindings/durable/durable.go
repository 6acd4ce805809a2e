// Package durable keeps what Durable Objects store: a SQLite file for each object.
//
// It performs the ops of storage while JavaScript waits (ops.go), commits what a turn has written, and syncs it before the loader lets
// anybody learn of it. Which object runs where is the loader's business.
package durable

import (
	"sync"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/internal/store"
)

// spacePrefix begins the names of the spaces of a store in which objects are; the unique key of their class follows.
const spacePrefix = "objects:"

// A Durable is the storage of all objects. Its methods may be called from any goroutine.
type Durable struct {
	store  *store.Store
	alarms alarms
	facets sync.Mutex // held while an index of facets is read or written
}

var _ bindings.ObjectStorage = (*Durable)(nil)

// Open keeps objects in a store. Close it before that.
//
// Errors: what reading the alarms answers.
func Open(s *store.Store) (*Durable, error) {
	d := &Durable{store: s}
	if err := d.alarms.load(s); err != nil {
		return nil, err
	}
	return d, nil
}

// Close ends the alarms. Objects are released by those who have them.
func (d *Durable) Close() error {
	d.alarms.close()
	return nil
}

// Alarms implements bindings.ObjectStorage.
func (d *Durable) Alarms(ring bindings.Ring) error {
	d.alarms.listen(ring)
	return nil
}

// Object implements bindings.ObjectStorage.
func (d *Durable) Object(name bindings.ObjectName) (bindings.Object, error) {
	if len(name.Facet) > 0 {
		return d.facet(name)
	}
	o, err := d.store.Object(spacePrefix+name.Space, name.ID)
	if err != nil {
		return nil, err
	}
	return &Object{durable: d, store: o, name: name}, nil
}
