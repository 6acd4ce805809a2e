package durable

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/dynos-run/dynos/bindings/internal/store"
)

// Migrations change which Durable Object classes a worker has, and what becomes of their objects. Each is applied once; beside the objects it is
// recorded which were, and under what key each class stores. A class keeps its key when it is renamed or goes to another worker, so that its objects and their
// ids stay what they are.

// A Migration is one step of a worker's history; steps are told apart by their tags.
type Migration struct {
	Tag string
	// New are classes with the storage of old, NewSQLite those with SQLite.
	New, NewSQLite []string
	Renamed        []Move
	Deleted        []string
	// Transferred are classes that were another worker's.
	Transferred []Move
}

// A Move gives a class a new name. Worker is the one that it comes from, of one that is transferred.
type Move struct{ Worker, From, To string }

// A Class is where the objects of a class are.
type Class struct {
	// Key is the unique key under which they are stored.
	Key string `json:"key"`
	// SQL says that it has the API of SQLite.
	SQL bool `json:"sql"`
}

// A MigrationError says that a list of migrations contradicts what is stored.
type MigrationError struct {
	// Index is the place of the migration in the list, -1 if the whole list is meant.
	Index   int
	Message string
}

// Error implements error.
func (e *MigrationError) Error() string { return e.Message }

// history is what is recorded of a worker.
type history struct {
	// Tags are those of the migrations that were applied, in order.
	Tags    []string         `json:"tags"`
	Classes map[string]Class `json:"classes"`
}

// The record is an object of its own: worker → history, and under doomedKey the keys whose objects are being deleted.
const (
	recordSpace = "migrations"
	recordID    = "index"
	doomedKey   = "\x00doomed"
)

// A record is open while migrations are applied.
type record struct {
	d       *Durable
	file    *store.Object
	workers map[string]*history
	doomed  []string
}

func (d *Durable) openRecord() (*record, error) {
	file, err := d.store.Object(recordSpace, recordID)
	if err != nil {
		return nil, err
	}
	r := &record{d: d, file: file, workers: map[string]*history{}}
	entries, err := file.List(store.Range{})
	for _, e := range entries {
		if e.Key == doomedKey {
			err = errors.Join(err, json.Unmarshal(e.Value, &r.doomed))
			continue
		}
		h := &history{}
		err = errors.Join(err, json.Unmarshal(e.Value, h))
		r.workers[e.Key] = h
	}
	if err != nil {
		file.Release()
		return nil, fmt.Errorf("reading which migrations were applied: %w", err)
	}
	return r, nil
}

// save makes the record durable.
func (r *record) save() error {
	write := func(key string, value any) error {
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		return r.file.Put(key, text)
	}
	err := write(doomedKey, r.doomed)
	for worker, h := range r.workers {
		err = errors.Join(err, write(worker, h))
	}
	if err = errors.Join(err, r.file.Commit()); err != nil {
		return err
	}
	done := make(chan error, 1)
	r.file.Flush(func(err error) { done <- err })
	return <-done
}

// Migrate applies those of a worker's migrations that come after the last one that was applied, all or none. Nothing may run
// meanwhile. Of a worker that has no record yet, the list is its history: a class that it does not introduce is taken for a new one.
//
// Errors: *MigrationError, or why the state cannot be read or written.
func (d *Durable) Migrate(worker string, list []Migration) error {
	r, err := d.openRecord()
	if err != nil {
		return err
	}
	defer r.file.Release()
	h := r.workers[worker]
	if h == nil && len(list) == 0 {
		return r.deleteDoomed()
	}
	m := &migrating{record: r, worker: worker, lenient: h == nil, history: h.clone()}
	if err := m.apply(list); err != nil {
		return err
	}
	r.workers[worker] = m.history
	if m.changed {
		if err := r.save(); err != nil {
			return err
		}
	}
	return r.deleteDoomed()
}

// Classes says where the classes of a worker are that migrations have introduced. Another process may have the objects open.
//
// Errors: why the state cannot be read.
func Classes(s *store.Store, worker string) (map[string]Class, error) {
	r, err := (&Durable{store: s}).openRecord()
	if err != nil {
		return nil, err
	}
	defer r.file.Release()
	return r.workers[worker].clone().Classes, nil
}

func (h *history) clone() *history {
	c := &history{Classes: map[string]Class{}}
	if h != nil {
		c.Tags = slices.Clone(h.Tags)
		for name, class := range h.Classes {
			c.Classes[name] = class
		}
	}
	return c
}

// deleteDoomed removes the objects of classes that were deleted, also after a crash in the middle of it.
func (r *record) deleteDoomed() error {
	if len(r.doomed) == 0 {
		return nil
	}
	for _, key := range r.doomed {
		if err := r.d.deleteClass(key); err != nil {
			return fmt.Errorf("deleting the objects of a class: %w", err)
		}
	}
	r.doomed = nil
	return r.save()
}

// deleteClass removes all objects of a key, and their alarms.
func (d *Durable) deleteClass(key string) error {
	return errors.Join(d.alarms.forgetSpace(key), d.store.RemoveSpace(spacePrefix+key))
}

// migrating applies a list to the history of one worker.
type migrating struct {
	*history
	record  *record
	worker  string
	lenient bool // there is no record yet
	changed bool
	index   int
}

func (m *migrating) refuse(format string, args ...any) error {
	return &MigrationError{m.index, fmt.Sprintf(format, args...)}
}

func (m *migrating) apply(list []Migration) error {
	if err := m.compare(list); err != nil {
		return err
	}
	for m.index = range list {
		step := &list[m.index]
		if m.index < len(m.Tags) {
			continue
		}
		if err := m.step(step); err != nil {
			return err
		}
		m.Tags = append(m.Tags, step.Tag)
		m.changed = true
	}
	return nil
}

// compare checks that the list begins with what was applied. A worker that has no migrations any more keeps what it has.
func (m *migrating) compare(list []Migration) error {
	if len(list) == 0 {
		return nil
	}
	for k, tag := range m.Tags {
		switch {
		case k >= len(list):
			m.index = -1
			return m.refuse("migration %q was applied to what is stored, and is not in the list any more", tag)
		case list[k].Tag != tag:
			m.index = k
			return m.refuse("migration %q was applied to what is stored in this place, where %q is now", tag, list[k].Tag)
		}
	}
	return m.compareStorage(list[:len(m.Tags)])
}

// compareStorage checks that what was applied has given the classes the storage that it gives them now.
func (m *migrating) compareStorage(applied []Migration) error {
	again := &migrating{history: &history{Classes: map[string]Class{}}, record: &record{workers: map[string]*history{}}, worker: m.worker, lenient: true}
	for again.index = range applied {
		if err := again.step(&applied[again.index]); err != nil {
			return err
		}
	}
	for name, class := range m.Classes {
		if now, is := again.Classes[name]; is && now.SQL != class.SQL && !transferred(applied, name) {
			m.index = introducing(applied, name)
			return m.refuse("class %q was made with %s, and an applied migration cannot change that", name, storageOf(class.SQL))
		}
	}
	return nil
}

func storageOf(sql bool) string {
	if sql {
		return "SQLite storage (new_sqlite_classes)"
	}
	return "key-value storage (new_classes)"
}

// transferred says whether a class has come from another worker, with the storage that it had there.
func transferred(list []Migration, name string) bool {
	return slices.ContainsFunc(list, func(m Migration) bool {
		return slices.ContainsFunc(m.Transferred, func(move Move) bool { return move.To == name })
	})
}

// introducing finds the migration that has last made a class of that name, -1 for none.
func introducing(list []Migration, name string) int {
	for k := len(list) - 1; k >= 0; k-- {
		m := &list[k]
		if slices.Contains(m.New, name) || slices.Contains(m.NewSQLite, name) || slices.ContainsFunc(m.Renamed, func(move Move) bool { return move.To == name }) {
			return k
		}
	}
	return -1
}

func (m *migrating) step(step *Migration) error {
	for _, name := range step.New {
		if err := m.create(name, false); err != nil {
			return err
		}
	}
	for _, name := range step.NewSQLite {
		if err := m.create(name, true); err != nil {
			return err
		}
	}
	for _, move := range step.Renamed {
		if err := m.move(m.history, move); err != nil {
			return err
		}
	}
	for _, name := range step.Deleted {
		if err := m.delete(name); err != nil {
			return err
		}
	}
	for _, move := range step.Transferred {
		from := m.record.workers[move.Worker]
		if from == nil {
			from = &history{Classes: map[string]Class{}}
		}
		if err := m.move(from, move); err != nil {
			return err
		}
	}
	return nil
}

func (m *migrating) create(name string, sql bool) error {
	if _, is := m.Classes[name]; is {
		return m.refuse("class %q is there already", name)
	}
	m.Classes[name] = Class{Key: m.record.freeKey(m.worker, name, m.Classes), SQL: sql}
	return nil
}

// freeKey is the key of a new class: the usual one, unless a class that had the name before has it.
func (r *record) freeKey(worker, name string, others map[string]Class) string {
	taken := map[string]bool{}
	note := func(classes map[string]Class) {
		for _, c := range classes {
			taken[c.Key] = true
		}
	}
	note(others)
	for _, h := range r.workers {
		note(h.Classes)
	}
	for _, key := range r.doomed {
		taken[key] = true
	}
	key := UniqueKey(worker, name)
	for n := 2; taken[key]; n++ {
		key = fmt.Sprintf("%s-%d", UniqueKey(worker, name), n)
	}
	return key
}

// UniqueKey is the key of a class that was never renamed, as the reference tools have it.
func UniqueKey(worker, class string) string { return worker + "-" + class }

func (m *migrating) move(from *history, move Move) error {
	class, is := from.Classes[move.From]
	switch _, exists := m.Classes[move.To]; {
	case exists:
		return m.refuse("class %q is there already, and another cannot become it", move.To)
	case is:
		delete(from.Classes, move.From)
		m.Classes[move.To] = class
		return nil
	case m.lenient:
		return m.create(move.To, false)
	case move.Worker != "":
		return m.refuse("worker %q stores no class %q here that could be transferred", move.Worker, move.From)
	}
	return m.refuse("there is no class %q that could be renamed", move.From)
}

func (m *migrating) delete(name string) error {
	class, is := m.Classes[name]
	if !is && !m.lenient {
		return m.refuse("there is no class %q that could be deleted", name)
	}
	if is {
		delete(m.Classes, name)
		m.record.doomed = append(m.record.doomed, class.Key)
	}
	return nil
}
