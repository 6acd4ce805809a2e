package standard

import (
	"io"
	"strings"

	"github.com/dynos-run/dynos/bindings/internal/store"
)

// An Item is something that is kept, in a file of its own.
type Item struct {
	// Kind is what it is of: "objects" (Durable Objects), "kv", and others that the bindings use for themselves; Name is the unique key of the class, or "".
	Kind, Name string
	// ID is that of the object; of a facet, the object's, a slash and a number; of a namespace, its own.
	ID string
	// Bytes is its size on disk.
	Bytes int64

	file store.File
}

// ErrNotEmpty means that a folder has state already.
var ErrNotEmpty = store.ErrNotEmpty

// List gives what is kept, sorted. No worker runs meanwhile; that holds for Check, Compact and Export, too.
//
// Errors: what the file system answers.
func (s *State) List() ([]Item, error) {
	files, err := s.store.Files()
	items := make([]Item, 0, len(files))
	for _, f := range files {
		kind, name, _ := strings.Cut(f.Space, ":")
		items = append(items, Item{Kind: kind, Name: name, ID: f.ID, Bytes: f.Bytes, file: f})
	}
	return items, err
}

// Check reads all of an item and says what is wrong with it; nil if nothing is.
func (s *State) Check(i Item) error { return s.store.CheckFile(i.file) }

// Compact gives the room that an item does not use back to the file system.
//
// Errors: those of Check.
func (s *State) Compact(i Item) error { return s.store.CompactFile(i.file) }

// RemoveOrphans deletes files that are nobody's, which a process may have left that was killed. It says how many.
//
// Errors: what reading or deleting them answers.
func (s *State) RemoveOrphans() (int, error) {
	files, err := s.store.Files()
	if err != nil {
		return 0, err
	}
	objects, err := s.Objects()
	if err != nil {
		return 0, err
	}
	orphans, err := objects.Orphans(files)
	if err != nil {
		return 0, err
	}
	for n, f := range orphans {
		if err := s.store.Remove(f.Space, f.ID); err != nil {
			return n, err
		}
	}
	return len(orphans), nil
}

// Export writes all that is kept as a tar archive.
//
// Errors: those of Check, and what writing answers.
func (s *State) Export(w io.Writer) error { return s.store.Export(w) }

// Import makes a folder of such an archive. If something is wrong with that, nothing is left of it.
//
// Errors: ErrNotEmpty, ErrLocked, those of Check, or what is wrong with the archive.
func Import(dir string, r io.Reader) error { return store.Import(dir, r) }
