package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// maxFileName keeps an escaped name, with ".sqlite-journal" behind it, below the 255 bytes that file systems allow.
const maxFileName = 200

// A name is what an object is found by.
type name struct{ space, id string }

// path returns the file of an object.
func (s *Store) path(key name) string {
	return filepath.Join(s.dir, "objects", fileName(key.space), fileName(key.id)+".sqlite")
}

// fileName spells any text as the name of a file. Different texts have different names, also where the file system ignores case: only
// hexadecimal ids and what has no capital letter stays as it is.
func fileName(text string) string {
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.' && i > 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	if b.Len() > maxFileName {
		sum := sha256.Sum256([]byte(text))
		return "%%" + hex.EncodeToString(sum[:])
	}
	if b.Len() == 0 {
		return "%"
	}
	return b.String()
}

// takeLock creates the lock file and holds it. The lock ends with the process, however that ends.
func takeLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w (%s)", ErrLocked, path)
		}
		return nil, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	return f, nil
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
