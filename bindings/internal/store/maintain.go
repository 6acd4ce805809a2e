package store

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A File is an object that has a file.
type File struct {
	Space, ID string
	// Bytes is its size on disk, with what is still in its log.
	Bytes int64
}

// Files lists the objects of a folder, by space and id. A text too long for the name of a file is its hash.
//
// Errors: what the file system answers.
func (s *Store) Files() ([]File, error) {
	var list []File
	root := filepath.Join(s.dir, "objects")
	err := filepath.WalkDir(root, func(at string, entry fs.DirEntry, err error) error {
		relative, _ := filepath.Rel(root, at)
		space, file := path.Split(filepath.ToSlash(relative))
		id, isObject := strings.CutSuffix(file, ".sqlite")
		if errors.Is(err, fs.ErrNotExist) && at == root {
			return nil
		}
		if err != nil || !isObject || entry.IsDir() {
			return err
		}
		size := sizeOf(at) + sizeOf(at+"-wal")
		list = append(list, File{textOf(strings.TrimSuffix(space, "/")), textOf(id), size})
		return nil
	})
	slices.SortFunc(list, func(a, b File) int {
		if c := strings.Compare(a.Space, b.Space); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list, err
}

func sizeOf(file string) int64 {
	info, err := os.Lstat(file)
	if err != nil {
		return 0
	}
	return info.Size()
}

// textOf is the inverse of fileName, as far as there is one.
func textOf(file string) string {
	var b strings.Builder
	if file == "%" {
		return ""
	}
	for i := 0; i < len(file); i++ {
		var c byte
		if file[i] == '%' && i+2 < len(file) {
			if _, err := fmt.Sscanf(file[i+1:i+3], "%02x", &c); err == nil {
				b.WriteByte(c)
				i += 2
				continue
			}
		}
		b.WriteByte(file[i])
	}
	return b.String()
}

// with calls a function with the object of a file.
func (s *Store) with(f File, do func(o *Object) error) error {
	o, err := s.Object(f.Space, f.ID)
	if err != nil {
		return err
	}
	defer o.Release()
	return do(o)
}

// CheckFile reads a whole file.
//
// Errors: ErrCorrupt, ErrNewer, or what reading it answers.
func (s *Store) CheckFile(f File) error { return s.with(f, (*Object).Check) }

// CompactFile gives the room in a file that nothing uses back to the file system.
//
// Errors: those of CheckFile.
func (s *Store) CompactFile(f File) error {
	return s.with(f, func(o *Object) error {
		if err := errors.Join(o.Check(), o.shrink()); err != nil {
			return err
		}
		return o.closeFile()
	})
}

// closeFile closes the file, so that all is in it and nothing in a log.
func (o *Object) closeFile() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.settle()
	o.store.removed(o)
	return o.closeConn()
}

// Export writes every file of the folder as a tar archive. What is in logs is in the files then. Nobody writes meanwhile.
//
// Errors: those of CheckFile, and what writing answers.
func (s *Store) Export(w io.Writer) error {
	files, err := s.Files()
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := s.with(f, func(o *Object) error { return errors.Join(o.Check(), o.closeFile()) }); err != nil {
			return fmt.Errorf("%s %s: %w", f.Space, f.ID, err)
		}
	}
	archive := tar.NewWriter(w)
	err = filepath.WalkDir(s.dir, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || at == filepath.Join(s.dir, "lock") {
			return err
		}
		relative, err := filepath.Rel(s.dir, at)
		if err != nil {
			return err
		}
		return addFile(archive, at, filepath.ToSlash(relative))
	})
	return errors.Join(err, archive.Close())
}

func addFile(archive *tar.Writer, at, name string) error {
	f, err := os.Open(at)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	header := &tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: info.ModTime().Truncate(time.Second)}
	if err := archive.WriteHeader(header); err != nil {
		return err
	}
	_, err = io.Copy(archive, f)
	return err
}

// ErrNotEmpty means that a folder has objects already.
var ErrNotEmpty = errors.New("store: something is stored here already")

// Import makes a folder of an archive that Export has written, and checks each file. If something is wrong, nothing is left of it.
//
// Errors: ErrNotEmpty, ErrLocked, those of CheckFile, or what is wrong with the archive.
func Import(dir string, r io.Reader) error {
	s, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	files, err := s.Files()
	if err == nil && len(files) > 0 {
		err = ErrNotEmpty
	}
	if err != nil {
		return errors.Join(err, s.Close())
	}
	if err = s.unpack(r); err == nil {
		err = s.checkAll()
	}
	err = errors.Join(err, s.Close())
	if err != nil {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, "objects")))
	}
	return err
}

func (s *Store) unpack(r io.Reader) error {
	archive := tar.NewReader(r)
	for {
		header, err := archive.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg || !filepath.IsLocal(filepath.FromSlash(header.Name)) || header.Name == "lock" {
			return fmt.Errorf("the archive is none of a state: %q is in it", header.Name)
		}
		if err := writeFile(filepath.Join(s.dir, filepath.FromSlash(header.Name)), archive); err != nil {
			return err
		}
	}
}

func writeFile(at string, from io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = syncFolder(filepath.Dir(at))
	}
	return err
}

func (s *Store) checkAll() error {
	files, err := s.Files()
	for _, f := range files {
		if e := s.CheckFile(f); e != nil {
			err = errors.Join(err, fmt.Errorf("%s %s: %w", f.Space, f.ID, e))
		}
	}
	return err
}
