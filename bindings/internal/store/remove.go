package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/mattn/go-sqlite3"
)

// Remove deletes an object and its file; if somebody has a reference, when that is given up. Nothing may be asked of the object after that.
//
// Errors: ErrClosed, or what the file system answers.
func (s *Store) Remove(space, id string) error {
	o, err := s.Object(space, id)
	if err != nil {
		return err
	}
	s.mu.Lock()
	o.doomed = true
	s.mu.Unlock()
	return o.release()
}

// remove deletes an object that nobody refers to. The caller holds o.mu.
func (o *Object) remove() error {
	o.settle()
	s := o.store
	s.removed(o)
	err := o.closeConn()
	s.mu.Lock()
	if s.objects[o.name] == o {
		delete(s.objects, o.name)
	}
	s.mu.Unlock()
	if s.dir == "" {
		return err
	}
	path := s.path(o.name)
	for _, suffix := range [...]string{"", "-wal"} {
		if e := os.Remove(path + suffix); !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// Copy gives an object everything that another one of its space has stored and committed, its alarm as well. The copy is durable when a Flush of it
// has called back. Release it after use.
func (s *Store) Copy(space, from, to string) (*Object, error) {
	source, err := s.Object(space, from)
	if err != nil {
		return nil, err
	}
	defer source.Release()
	o, err := s.Object(space, to)
	if err != nil {
		return nil, err
	}
	if err := o.copyFrom(source); err != nil {
		o.Release()
		return nil, err
	}
	return o, nil
}

// copyFrom is for an object that nobody else knows: no other goroutine locks the two.
func (o *Object) copyFrom(source *Object) error {
	source.mu.Lock()
	defer source.mu.Unlock()
	o.mu.Lock()
	defer o.mu.Unlock()
	from, err := source.use()
	if err != nil {
		return err
	}
	c, err := o.use()
	if err != nil {
		return err
	}
	if err := o.check(copyPages(c.db, from.db)); err != nil {
		return err
	}
	o.unsynced = true
	return o.reread()
}

func copyPages(to, from *sqlite3.SQLiteConn) error {
	backup, err := to.Backup("main", from, "main")
	if err != nil {
		return err
	}
	_, err = backup.Step(-1)
	return errors.Join(err, backup.Finish())
}

// RemoveSpace deletes all objects of a space. Nobody has a reference to one.
//
// Errors: ErrClosed, or what the file system answers.
func (s *Store) RemoveSpace(space string) error {
	s.mu.Lock()
	var known []string
	for key := range s.objects {
		if key.space == space {
			known = append(known, key.id)
		}
	}
	s.mu.Unlock()
	var err error
	for _, id := range known {
		err = errors.Join(err, s.Remove(space, id))
	}
	if err != nil || s.dir == "" {
		return err
	}
	folder := filepath.Dir(s.path(name{space: space}))
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := syncFolder(filepath.Dir(folder)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
