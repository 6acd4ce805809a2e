package store

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"sync/atomic"

	"github.com/mattn/go-sqlite3"
)

// schemaVersion is the user_version of the files that this code writes. 0 is a file of the reference runtime, or an empty one; it has the same
// tables. A step to a later version is done by whoever first writes to a file.
const schemaVersion = 1

// limits are those of the platform, which names them in its documentation of SQLite in Durable Objects.
var limits = [...]struct{ id, value int }{
	{sqlite3.SQLITE_LIMIT_LENGTH, 4 << 20},
	{sqlite3.SQLITE_LIMIT_SQL_LENGTH, maxText},
	{sqlite3.SQLITE_LIMIT_COLUMN, 100},
	{sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 100},
	{sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 5},
	{sqlite3.SQLITE_LIMIT_VDBE_OP, 25_000},
	{sqlite3.SQLITE_LIMIT_FUNCTION_ARG, 127},
	{sqlite3.SQLITE_LIMIT_ATTACHED, 0},
	{sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50},
	{sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 100},
	{sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 10},
	{sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0},
}

// A conn is an open file. One goroutine at a time uses it.
//
// It is locked exclusively unless the store is shared, so that SQLite keeps the index of the log in memory: no third file, no locks for each
// transaction. SQLite syncs when it
// writes the log back and not for each commit (synchronous=NORMAL); that one is the flusher's, through a descriptor of its own.
type conn struct {
	db      *sqlite3.SQLiteConn
	path    string   // "" for memory
	wal     *os.File // opened by the first flush
	version int
	tables  [len(tables)]bool // those that are known to exist
	stmts   [statementCount]*sqlite3.SQLiteStmt
	texts   map[string]*sqlite3.SQLiteStmt // of the owner
	sql     sqlState
	running *atomic.Pointer[breaker] // of the owner: what a script's statement runs under
}

// sharedPatience is how long a transaction waits for one of another process, in milliseconds.
const sharedPatience = 5000

// openConn opens the file of an object, makes it if there is none, and checks it if whoever had it open last did not close it.
func (s *Store) openConn(key name) (*conn, error) {
	if err := s.fault("open"); err != nil {
		return nil, err
	}
	dsn, path, unclean := "file::memory:?", "", false
	if s.dir != "" {
		if err := s.makeFolder(key); err != nil {
			return nil, err
		}
		path = s.path(key)
		dsn = (&url.URL{Scheme: "file", OmitHost: true, Path: path}).String() + "?"
		log, err := os.Lstat(path + "-wal")
		unclean = err == nil && log.Size() > 0
	}
	locking := "&_locking=EXCLUSIVE&_busy_timeout=0"
	if s.options.Shared {
		locking = "&_locking=NORMAL&_busy_timeout=" + strconv.Itoa(sharedPatience)
	}
	opened, err := (&sqlite3.SQLiteDriver{}).Open(dsn + "_mutex=no&_sync=NORMAL&_fk=1" + locking)
	if err != nil {
		return nil, classify(err)
	}
	c := &conn{db: opened.(*sqlite3.SQLiteConn), path: path, running: new(atomic.Pointer[breaker])}
	c.db.RegisterAuthorizer(c.sql.warden.ask)
	if err := c.prepareFile(unclean); err != nil {
		return nil, errors.Join(classify(err), c.close())
	}
	return c, nil
}

func (c *conn) prepareFile(unclean bool) error {
	if c.path != "" {
		if err := c.run("PRAGMA journal_mode=WAL"); err != nil {
			return err
		}
	}
	if unclean {
		if err := c.integrity(); err != nil {
			return err
		}
	}
	var version, tables int64
	if _, err := c.first("PRAGMA user_version", nil, &version); err != nil {
		return err
	}
	if version > schemaVersion {
		return fmt.Errorf("%w (%s has version %d, this program knows %d)", ErrNewer, c.path, version, schemaVersion)
	}
	c.version = int(version)
	for _, limit := range limits {
		c.db.SetLimit(limit.id, limit.value)
	}
	if _, err := c.first("SELECT count(*) FROM sqlite_master", nil, &tables); err != nil {
		return err
	}
	if tables == 0 {
		return nil
	}
	return c.findTables()
}

// integrity reads the whole file and returns ErrCorrupt if something is wrong with it.
func (c *conn) integrity() error {
	var result string
	if _, err := c.first("PRAGMA quick_check(1)", nil, &result); err != nil {
		return err
	}
	if result != "ok" {
		return fmt.Errorf("%w: %s: %s", ErrCorrupt, c.path, result)
	}
	return nil
}

func (c *conn) close() error {
	c.finalize()
	err := c.db.Close()
	if c.wal != nil {
		err = errors.Join(err, c.wal.Close())
	}
	return err
}

// run executes statements without results.
func (c *conn) run(text string) error {
	_, err := c.db.Exec(text, nil)
	return err
}

// first reads the first column of the first row, if there is one.
func (c *conn) first(text string, args []driver.Value, to any) (bool, error) {
	rows, err := c.db.Query(text, args)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return scanFirst(rows, to)
}

// scanFirst stores the first column of the next row, unless there is no row or it is NULL.
func scanFirst(rows driver.Rows, to any) (bool, error) {
	row := make([]driver.Value, len(rows.Columns()))
	if err := rows.Next(row); err != nil {
		if err == io.EOF {
			return false, nil
		}
		return false, err
	}
	switch to := to.(type) {
	case *int64:
		v, ok := row[0].(int64)
		*to = v
		return ok, nil
	case *string:
		v, ok := row[0].(string)
		*to = v
		return ok, nil
	case *[]byte:
		v, ok := row[0].([]byte)
		*to = v
		return ok, nil
	}
	return false, fmt.Errorf("store: no column can become a %T", to)
}

// classify wraps what SQLite says about a damaged file in ErrCorrupt, and about a locked one in ErrLocked.
func classify(err error) error {
	var e sqlite3.Error
	if errors.As(err, &e) {
		switch e.Code {
		case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
			return fmt.Errorf("%w: %w", ErrCorrupt, err)
		case sqlite3.ErrBusy, sqlite3.ErrLocked:
			return fmt.Errorf("%w: %w", ErrLocked, err)
		}
	}
	return err
}

// isDamage says whether an error is one of the file, not of what was asked.
func isDamage(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrCorrupt || e.Code == sqlite3.ErrNotADB || e.Code == sqlite3.ErrIoErr)
}
