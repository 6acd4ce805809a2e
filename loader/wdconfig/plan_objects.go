package wdconfig

import (
	"fmt"
	"sync"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/standard"
	"github.com/dynos-run/dynos/loader"
)

// objects plans the Durable Object classes of a worker.
func (p *planner) objects(name string, w *Worker) []loader.ObjectClass {
	var list []loader.ObjectClass
	var storage bindings.ObjectStorage
	for i := range w.DurableObjectNamespaces {
		n := &w.DurableObjectNamespaces[i]
		switch {
		case n.ClassName == "":
			p.errorf(n.Place, "write className = …", "the Durable Object class has no name")
			continue
		case n.Has("ephemeralLocal"): // refused
			continue
		case n.UniqueKey == "":
			p.errorf(n.Place, "write uniqueKey = …", "Durable Object class %q has no uniqueKey", n.ClassName)
			continue
		}
		if storage == nil {
			if storage = p.objectStorage(name, w); storage == nil {
				return nil
			}
		}
		list = append(list, loader.ObjectClass{Name: n.ClassName, UniqueKey: n.UniqueKey, SQL: n.EnableSQL, PreventEviction: n.PreventEviction, Storage: storage})
	}
	return list
}

// objectStorage gives what keeps the objects of a worker; nil if there is none, which it reports.
func (p *planner) objectStorage(name string, w *Worker) bindings.ObjectStorage {
	s := w.DurableObjectStorage
	switch {
	case s == nil || s.Has("none"):
		p.errorf(w.Place, "write durableObjectStorage = (localDisk = …), or (inMemory = void)", "worker %q has Durable Objects and no durableObjectStorage", name)
		return nil
	case s.Has("inMemory"):
		return p.keepObjects(&objectStorage{})
	}
	service := p.services[s.LocalDisk]
	switch {
	case service == nil || service.Disk == nil:
		p.errorf(s.At("localDisk"), "name a service with disk = (path = …, writable = true)", "there is no disk service %q", s.LocalDisk)
		return nil
	case !service.Disk.Writable:
		p.errorf(s.At("localDisk"), "write writable = true", "disk service %q is not writable", s.LocalDisk)
		return nil
	}
	if known := p.storages[s.LocalDisk]; known != nil {
		return known
	}
	storage := p.objectFolder(s.LocalDisk, service.Disk)
	p.storages[s.LocalDisk] = storage
	return storage
}

// objectFolder plans a storage in the folder of a disk service.
func (p *planner) objectFolder(service string, d *DiskDirectory) bindings.ObjectStorage {
	p.plan.State = append(p.plan.State, d.Path)
	if !p.options.Locked {
		return p.keepObjects(&objectStorage{service: service, path: d.Path})
	}
	state, err := standard.OpenLocked(d.Path, false)
	if err != nil {
		p.errorf(d.At("path"), "", "disk service %q: %s", service, err)
		return nil
	}
	later := state.ObjectsLater()
	p.plan.later = append(p.plan.later, later)
	p.plan.closers = append(p.plan.closers, state)
	return later
}

func (p *planner) keepObjects(s *objectStorage) bindings.ObjectStorage {
	p.plan.closers = append(p.plan.closers, s)
	return s
}

// isObjectStorage says whether a disk service keeps the objects of a worker.
func (c *Config) isObjectStorage(service string) bool {
	for i := range c.Services {
		if w := c.Services[i].Worker; w != nil && w.DurableObjectStorage != nil && w.DurableObjectStorage.LocalDisk == service {
			return true
		}
	}
	return false
}

// An objectStorage keeps objects in a folder, which is opened when a runtime needs it: a plan touches nothing.
type objectStorage struct {
	service, path string // "" for memory

	mu      sync.Mutex
	state   *standard.State
	objects bindings.ObjectStorage
}

func (s *objectStorage) open() (bindings.ObjectStorage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.objects != nil {
		return s.objects, nil
	}
	if s.path == "" {
		s.state = standard.InMemory()
	} else {
		state, err := standard.Open(s.path)
		if err != nil {
			return nil, fmt.Errorf("disk service %q: %w", s.service, err)
		}
		s.state = state
	}
	objects, err := s.state.Objects()
	if err != nil {
		return nil, err
	}
	s.objects = objects
	return objects, nil
}

// Object implements bindings.ObjectStorage.
func (s *objectStorage) Object(name bindings.ObjectName) (bindings.Object, error) {
	objects, err := s.open()
	if err != nil {
		return nil, err
	}
	return objects.Object(name)
}

// Alarms implements bindings.ObjectStorage.
func (s *objectStorage) Alarms(ring bindings.Ring) error {
	objects, err := s.open()
	if err != nil {
		return err
	}
	return objects.Alarms(ring)
}

// Close closes the folder, if it was opened.
func (s *objectStorage) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == nil {
		return nil
	}
	return s.state.Close()
}
