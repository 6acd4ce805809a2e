package store

import (
	"database/sql/driver"
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// An Entry is a key with its value.
type Entry struct {
	Key   string
	Value []byte
}

// A Range says which keys are listed. Keys are ordered by their bytes.
type Range struct {
	Start string // the first key that may be listed
	End   string // the first that may not; "" is no limit
	Limit int    // how many at most; 0 or less is no limit
	// Reverse lists from the end.
	Reverse bool
}

// PrefixRange returns the range of all keys that begin with prefix.
func PrefixRange(prefix string) Range {
	end := []byte(prefix)
	for len(end) > 0 {
		last := len(end) - 1
		if end[last] < 0xff {
			end[last]++
			break
		}
		end = end[:last]
	}
	return Range{Start: prefix, End: string(end)}
}

// Get returns the value of a key.
func (o *Object) Get(key string) (value []byte, found bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.use()
	if err != nil || !c.tables[tableKV] {
		return nil, false, err
	}
	found, err = c.read(stmtGet, &value, key)
	return value, found, o.check(err)
}

// Put stores a value under a key, in the transaction that the next Commit ends. value is copied.
func (o *Object) Put(key string, value []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.begin()
	if err != nil {
		return err
	}
	if err := c.need(tableKV); err != nil {
		return o.check(err)
	}
	if value == nil {
		value = []byte{} // nil would be NULL
	}
	_, err = c.exec(stmtPut, key, value)
	return o.check(err)
}

// Delete removes a key, in the transaction that the next Commit ends, and says whether it was there.
func (o *Object) Delete(key string) (bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.use()
	if err != nil || !c.tables[tableKV] {
		return false, err
	}
	if c, err = o.begin(); err != nil {
		return false, err
	}
	count, err := c.exec(stmtDelete, key)
	return count > 0, o.check(err)
}

// List returns the entries in a range.
func (o *Object) List(r Range) ([]Entry, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.use()
	if err != nil || !c.tables[tableKV] {
		return nil, err
	}
	id, args := r.statement()
	rows, err := c.query(id, args...)
	if err != nil {
		return nil, o.check(err)
	}
	defer rows.Close()
	var entries []Entry
	row := make([]driver.Value, 2)
	for {
		switch err := rows.Next(row); {
		case err == io.EOF:
			return entries, nil
		case err != nil:
			return nil, o.check(err)
		}
		key, isText := row[0].(string)
		value, isBlob := row[1].([]byte)
		if !isText || !isBlob {
			return nil, fmt.Errorf("%w: an entry of %s is %T and %T", ErrCorrupt, c.path, row[0], row[1])
		}
		entries = append(entries, Entry{key, value})
	}
}

func (r Range) statement() (statement, []driver.Value) {
	limit := int64(-1)
	if r.Limit > 0 {
		limit = int64(r.Limit)
	}
	id, args := stmtList, []driver.Value{r.Start}
	if r.Reverse {
		id = stmtListBack
	}
	if r.End != "" {
		id++
		args = append(args, r.End)
	}
	return id, append(args, limit)
}

// DeleteAll commits what is open and removes everything that the object has stored except its alarm, also the tables that are not ours: all or,
// if it fails, nothing. It commits itself. A savepoint must not be open.
func (o *Object) DeleteAll() error {
	if err := o.Commit(); err != nil {
		return err
	}
	alarm, hasAlarm, err := o.Alarm()
	if err != nil {
		return err
	}
	if err := o.deleteTables(); err != nil {
		_ = o.Rollback() // the error that matters is the first
		return err
	}
	if hasAlarm {
		if err := o.SetAlarm(alarm); err != nil {
			return err
		}
	}
	if err := o.Commit(); err != nil {
		return err
	}
	return o.shrink()
}

// deleteTables begins a transaction and drops all tables and views in it.
func (o *Object) deleteTables() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.begin()
	if err != nil {
		return err
	}
	c.finalize() // an open statement would lock its table
	if err := c.run("PRAGMA defer_foreign_keys=ON"); err != nil {
		return o.check(err)
	}
	drops, err := c.drops()
	if err != nil {
		return o.check(err)
	}
	for _, text := range drops {
		if err := c.run(text); err != nil {
			return o.check(err)
		}
	}
	c.tables = [len(tables)]bool{}
	return nil
}

// drops returns what removes the schema. Virtual tables come first and take their shadows with them.
func (c *conn) drops() ([]string, error) {
	rows, err := c.db.Query(`SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')
		ORDER BY type = 'view' DESC, sql LIKE 'CREATE VIRTUAL%' DESC`, nil)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var texts []string
	row := make([]driver.Value, 2)
	for {
		if err := rows.Next(row); err == io.EOF {
			return texts, nil
		} else if err != nil {
			return nil, err
		}
		kind, _ := row[0].(string)
		table, _ := row[1].(string)
		if table == "sqlite_sequence" { // cannot be dropped; VACUUM leaves it out when it is empty
			texts = append(texts, "DELETE FROM sqlite_sequence")
			continue
		}
		texts = append(texts, "DROP "+kind+` IF EXISTS "`+strings.ReplaceAll(table, `"`, `""`)+`"`)
	}
}

// shrink gives the pages that are free back to the file system.
func (o *Object) shrink() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.use()
	if err != nil {
		return err
	}
	before := c.db.SetLimit(sqlite3.SQLITE_LIMIT_ATTACHED, 1) // VACUUM attaches the file that it writes
	defer c.db.SetLimit(sqlite3.SQLITE_LIMIT_ATTACHED, before)
	o.unsynced = true
	return o.check(c.run("VACUUM"))
}

// Size returns how many bytes of the object's database are in use.
func (o *Object) Size() (int64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.use()
	if err != nil {
		return 0, err
	}
	var pages, size int64
	if _, err := c.read(stmtUsedPages, &pages); err != nil {
		return 0, o.check(err)
	}
	_, err = c.first("PRAGMA page_size", nil, &size)
	return max(pages, 1) * size, o.check(err) // the first page is there once something is stored
}

// defaultMaxPages is how many pages a database may have if nobody says otherwise.
const defaultMaxPages = 0xfffffffe

// SetMaxPages limits how many pages the database may have, until the file is closed.
func (o *Object) SetMaxPages(pages int) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.use()
	if err != nil {
		return err
	}
	return o.check(c.run(fmt.Sprintf("PRAGMA max_page_count = %d", pages)))
}

// Check reads the whole file.
//
// Errors: ErrCorrupt, with what is wrong.
func (o *Object) Check() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.use()
	if err != nil {
		return err
	}
	return o.check(c.integrity())
}
