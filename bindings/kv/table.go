package kv

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/dynos-run/dynos/bindings/internal/store"
)

// A value of up to maxChunk bytes is in the row of its key; a longer one is cut into rows of another table, so that listing keys does not
// read it. Sums are CRC-32C.
const (
	maxChunk = 1 << 20

	createPairs = `CREATE TABLE IF NOT EXISTS kv_pairs (
		key TEXT NOT NULL UNIQUE, expires INTEGER NOT NULL, metadata TEXT NOT NULL, size INTEGER NOT NULL, sum INTEGER NOT NULL,
		id INTEGER PRIMARY KEY, value BLOB)`
	createExpires = "CREATE INDEX IF NOT EXISTS kv_expires ON kv_pairs (expires) WHERE expires > 0"
	createChunks  = `CREATE TABLE IF NOT EXISTS kv_chunks (
		id INTEGER NOT NULL REFERENCES kv_pairs (id) ON DELETE CASCADE, number INTEGER NOT NULL, sum INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (id, number))`

	selectPair    = "SELECT expires, metadata, size, sum, id, value FROM kv_pairs WHERE key = ?"
	selectChunks  = "SELECT sum, data FROM kv_chunks WHERE id = ? ORDER BY number"
	insertPair    = "INSERT INTO kv_pairs (key, expires, metadata, size, sum, value) VALUES (?, ?, ?, ?, ?, ?)"
	selectLast    = "SELECT id FROM kv_pairs WHERE key = ?"
	insertChunk   = "INSERT INTO kv_chunks VALUES (?, ?, ?, ?)"
	deletePair    = "DELETE FROM kv_pairs WHERE key = ?"
	deleteExpired = "DELETE FROM kv_pairs WHERE expires > 0 AND expires <= ?"
	listPairs     = "SELECT key, expires, metadata FROM kv_pairs WHERE key > ? AND key >= ? AND (expires = 0 OR expires > ?) ORDER BY key LIMIT ?"
	listPairsTo   = "SELECT key, expires, metadata FROM kv_pairs WHERE key > ? AND key >= ? AND key < ? AND (expires = 0 OR expires > ?) ORDER BY key LIMIT ?"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func sum(data []byte) int64 { return int64(crc32.Checksum(data, castagnoli)) }

// An entry is a pair without its key.
type entry struct {
	expires  int64  // second since 1970, 0 for never
	metadata string // JSON, "" for none
	size     int64  // of the value
	sum      int64
	value    []byte // nil if it is in chunks
	id       int64
}

// large says that the value is still to be read.
func (e *entry) large() bool { return e != nil && e.size > maxChunk }

// read is a query on tables that may not be there yet.
func (n *Namespace) read(text string, args []driver.Value, row func([]driver.Value) error) error {
	n.mu.RLock()
	err := n.query(text, args, row)
	n.mu.RUnlock()
	if err != nil {
		n.recover()
	}
	return err
}

// query is read for a caller that holds n.mu.
func (n *Namespace) query(text string, args []driver.Value, row func([]driver.Value) error) error {
	if err := n.findTables(); err != nil || !n.ready.Load() {
		return err
	}
	return n.object.Query(text, args, row)
}

// findTables says, in ready, whether anything was ever stored. The caller holds n.mu.
func (n *Namespace) findTables() error {
	if n.ready.Load() || !n.exists() {
		return nil
	}
	return n.object.Query("SELECT 1 FROM sqlite_master WHERE name = 'kv_chunks'", nil, func([]driver.Value) error {
		n.ready.Store(true)
		return nil
	})
}

// entry finds a pair, but for the value of a large one; nil if there is none or it has expired.
func (n *Namespace) entry(key string) (*entry, error) {
	n.mu.RLock()
	e, err := n.find(key)
	n.mu.RUnlock()
	return n.checked(key, e, err)
}

// find is entry without its checks. The caller holds n.mu.
func (n *Namespace) find(key string) (e *entry, err error) {
	err = n.query(selectPair, []driver.Value{key}, func(row []driver.Value) error {
		e = &entry{}
		e.expires, _ = row[0].(int64)
		e.metadata, _ = row[1].(string)
		e.size, _ = row[2].(int64)
		e.sum, _ = row[3].(int64)
		e.id, _ = row[4].(int64)
		e.value, _ = row[5].([]byte)
		return nil
	})
	return e, err
}

// checked is what was found if it is there, has not expired, and is what was stored.
func (n *Namespace) checked(key string, e *entry, err error) (*entry, error) {
	switch {
	case err != nil:
		n.recover()
		return nil, err
	case e == nil || e.expires != 0 && e.expires <= n.now().Unix():
		return nil, nil
	case e.large() && e.value == nil:
		return e, nil
	case int64(len(e.value)) != e.size || sum(e.value) != e.sum:
		return nil, damaged(key)
	}
	return e, nil
}

func damaged(key string) error {
	return fmt.Errorf("%w: the value of key %q is not what was stored", store.ErrCorrupt, key)
}

// whole reads a large value with its entry, at one time: nobody can replace it in between. Nil if it has gone since it was found.
func (n *Namespace) whole(key string) (*entry, error) {
	n.mu.RLock()
	e, err := n.find(key)
	if e.large() {
		err = n.readChunks(key, e)
	}
	n.mu.RUnlock()
	return n.checked(key, e, err)
}

// readChunks reads the value of a large entry. The caller holds n.mu.
func (n *Namespace) readChunks(key string, e *entry) error {
	e.value = make([]byte, 0, e.size)
	return n.object.Query(selectChunks, []driver.Value{e.id}, func(row []driver.Value) error {
		check, _ := row[0].(int64)
		data, _ := row[1].([]byte)
		if sum(data) != check {
			return damaged(key)
		}
		e.value = append(e.value, data...)
		return nil
	})
}

// store replaces a pair. It is durable when a Flush that comes later has called back.
func (n *Namespace) store(key string, e *entry, value []byte) error {
	return n.change(func() error {
		if err := n.sweep(); err != nil {
			return err
		}
		if _, err := n.object.Exec(deletePair, key); err != nil {
			return err
		}
		var inline driver.Value
		switch {
		case value == nil:
			inline = []byte{}
		case len(value) <= maxChunk:
			inline = value
		}
		if _, err := n.object.Exec(insertPair, key, e.expires, e.metadata, int64(len(value)), sum(value), inline); err != nil || inline != nil {
			return err
		}
		return n.storeChunks(key, value)
	})
}

func (n *Namespace) storeChunks(key string, value []byte) error {
	var id int64
	if err := n.object.Query(selectLast, []driver.Value{key}, func(row []driver.Value) error {
		id, _ = row[0].(int64)
		return nil
	}); err != nil {
		return err
	}
	for number := int64(0); len(value) > 0; number++ {
		chunk := value[:min(len(value), maxChunk)]
		value = value[len(chunk):]
		if _, err := n.object.Exec(insertChunk, id, number, sum(chunk), chunk); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes a pair, like store.
func (n *Namespace) remove(key string) error {
	if !n.ready.Load() && !n.exists() {
		return nil
	}
	return n.change(func() error {
		_, err := n.object.Exec(deletePair, key)
		return err
	})
}

// change runs f in a transaction of its own.
func (n *Namespace) change(f func() error) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	err := n.prepare()
	if err == nil {
		err = f()
	}
	if err == nil {
		err = n.object.Commit()
	}
	if err != nil {
		n.ready.Store(false) // the tables may have gone with the transaction
		return errors.Join(err, n.object.Reset())
	}
	return nil
}

// prepare makes the tables.
func (n *Namespace) prepare() error {
	if err := n.findTables(); err != nil || n.ready.Load() {
		return err
	}
	for _, text := range []string{createPairs, createExpires, createChunks} {
		if _, err := n.object.Exec(text); err != nil {
			return err
		}
	}
	n.ready.Store(true)
	return nil
}

// sweepInterval is how long what has expired takes up space, in seconds, if something is put.
const sweepInterval = 60

// sweep deletes what has expired, now and then.
func (n *Namespace) sweep() error {
	now := n.now()
	if now.Sub(n.swept).Seconds() < sweepInterval {
		return nil
	}
	n.swept = now
	_, err := n.object.Exec(deleteExpired, now.Unix())
	return err
}

// recover makes an object usable again after the disk has failed.
func (n *Namespace) recover() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ready.Store(false)
	_ = n.object.Reset() // what is still wrong is told to whoever asks next
}
