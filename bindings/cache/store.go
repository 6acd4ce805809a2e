package cache

import (
	"container/list"
	"errors"
	"io"
	"sync"
	"time"
)

// A store keeps entries, in memory or wherever. It is safe for concurrent use.
type store interface {
	// get gives an entry that is there and not out of date; nil if there is none.
	get(key entryKey, now time.Time) *entry
	// read takes in a body, for which there must be room: errTooLarge if there is none. What is read goes to put or to drop.
	read(r io.Reader) (blob, error)
	drop(b blob)
	// put stores an entry in the place of what was there. Others may go for it.
	put(key entryKey, e *entry)
	// remove forgets an entry and says whether one was there and not out of date.
	remove(key entryKey, now time.Time) bool
}

var errTooLarge = errors.New("no room in the cache")

// A blob is bytes in pieces, so that a body of unknown length grows without being copied.
type blob struct {
	pieces [][]byte
	size   int64
}

const (
	firstPiece = 4 << 10
	maxPiece   = 1 << 20
)

// reader reads the bytes from start to end.
func (b blob) reader(start, end int64) io.Reader { return &blobReader{b.pieces, start, end - start} }

type blobReader struct {
	pieces     [][]byte
	skip, left int64
}

// Read implements io.Reader.
func (r *blobReader) Read(p []byte) (int, error) {
	for len(r.pieces) > 0 && r.skip >= int64(len(r.pieces[0])) {
		r.skip -= int64(len(r.pieces[0]))
		r.pieces = r.pieces[1:]
	}
	if r.left <= 0 || len(r.pieces) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(int64(len(p)), r.left)], r.pieces[0][r.skip:])
	r.skip += int64(n)
	r.left -= int64(n)
	return n, nil
}

// memory is a store that forgets the least recently used entries when it is full.
type memory struct {
	max int64

	mu      sync.Mutex // guards the rest
	entries map[entryKey]*list.Element
	order   *list.List // of slots, the last used first
	used    int64      // by entries
	reading int64      // by bodies on their way in
}

type slot struct {
	key entryKey
	*entry
}

func newMemory(maxBytes int64) *memory {
	return &memory{max: maxBytes, entries: make(map[entryKey]*list.Element), order: list.New()}
}

func (m *memory) get(key entryKey, now time.Time) *entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := m.entries[key]
	if at == nil {
		return nil
	}
	e := at.Value.(slot).entry
	if !now.Before(e.until) {
		m.evict(at)
		return nil
	}
	m.order.MoveToFront(at)
	return e
}

func (m *memory) put(key entryKey, e *entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reading -= e.body.size
	if at := m.entries[key]; at != nil {
		m.evict(at)
	}
	m.used += e.size() + keySize(key)
	m.entries[key] = m.order.PushFront(slot{key, e})
	m.makeRoom()
}

func keySize(key entryKey) int64 { return int64(len(key.worker) + len(key.name) + len(key.url)) }

func (m *memory) remove(key entryKey, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := m.entries[key]
	if at == nil {
		return false
	}
	fresh := now.Before(at.Value.(slot).until)
	m.evict(at)
	return fresh
}

// evict takes an entry out. Preconditions: mu is held.
func (m *memory) evict(at *list.Element) {
	s := at.Value.(slot)
	m.used -= s.size() + keySize(s.key)
	delete(m.entries, s.key)
	m.order.Remove(at)
}

// makeRoom evicts until the bound is kept. Preconditions: mu is held.
func (m *memory) makeRoom() {
	for m.used+m.reading > m.max && m.order.Len() > 0 {
		m.evict(m.order.Back())
	}
}

func (m *memory) drop(b blob) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reading -= b.size
}

// reserve has room for n bytes that are to be read; false if even an empty cache has none.
func (m *memory) reserve(n int64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.reading+n > m.max {
		return false
	}
	m.reading += n
	m.makeRoom()
	return true
}

func (m *memory) read(r io.Reader) (blob, error) {
	var b blob
	for size := firstPiece; ; size = min(2*size, maxPiece) {
		piece := make([]byte, size)
		n, err := fill(r, piece)
		if n > 0 {
			if !m.reserve(int64(n)) {
				m.drop(b)
				return blob{}, errTooLarge
			}
			b.pieces = append(b.pieces, piece[:n:n])
			b.size += int64(n)
		}
		switch err {
		case nil:
		case io.EOF:
			b.trim()
			return b, nil
		default:
			m.drop(b)
			return blob{}, err
		}
	}
}

// fill reads until p is full or there is an error: a body that breaks off is no body that ends.
func fill(r io.Reader, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var m int
		m, err = r.Read(p[n:])
		n += m
	}
	return n, err
}

// trim lets go of the memory behind the last piece.
func (b *blob) trim() {
	if n := len(b.pieces); n > 0 {
		b.pieces[n-1] = append(make([]byte, 0, len(b.pieces[n-1])), b.pieces[n-1]...)
	}
}
