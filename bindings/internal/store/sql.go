package store

import (
	"database/sql/driver"
	"io"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// SQL of scripts. A text may hold several statements; the last one gives rows. Statements stay prepared, by their texts, while the file is open.

const (
	// maxPrepared bounds the texts of the prepared statements of a file, in bytes.
	maxPrepared = 1 << 20
	// maxText is how long a text may be, in bytes.
	maxText = 100_000
	// maxCursors bounds how many results are being read of one object; the oldest are closed.
	maxCursors = 256
)

// A SQLError is what is wrong with a script's SQL, or with the disk while it runs, in the words of the reference runtime.
type SQLError struct {
	Message string
	// Cause is what SQLite says, nil if it was not asked.
	Cause error
}

// Error implements error.
func (e *SQLError) Error() string { return e.Message }

// Unwrap gives the cause.
func (e *SQLError) Unwrap() error { return e.Cause }

var (
	errNoStatement  = &SQLError{Message: "SQL code did not contain a statement."}
	errParameters   = &SQLError{Message: "Wrong number of parameter bindings for SQL query."}
	errOnlyLast     = &SQLError{Message: "When executing multiple SQL statements in a single call, only the last statement can have parameters."}
	errUnauthorized = &SQLError{Message: "not authorized: SQLITE_AUTH"}
	errTooLong      = &SQLError{Message: "statement too long: SQLITE_TOOBIG"}
	errClosed       = &SQLError{Message: "SQLite query was canceled because the database was closed."}
	errDeleted      = &SQLError{Message: "SQLite query was canceled because the database was deleted."}
	errManyCursors  = &SQLError{Message: "SQL cursor was closed because too many cursors are open."}
)

// sqlState is what a conn has for scripts.
type sqlState struct {
	warden   warden
	breaker  *breaker
	prepared map[string]*sqlStatement
	// newest and oldest are the ends of the list of the prepared statements, by use.
	newest, oldest *sqlStatement
	size           int // of the texts
	cursors        []*Cursor
	schema         int // how often a statement may have changed the schema
}

// A sqlStatement is a prepared statement of a script.
type sqlStatement struct {
	text     string
	stmt     *sqlite3.SQLiteStmt
	verb     string // in capitals
	readOnly bool
	reads    bool   // it reads a table
	table    string // that it changes
	all      bool   // it changes every row: there is no WHERE
	busy     bool   // a cursor is open
	cached   bool
	uses     int

	// shown are the names of the columns that were shown last, see Cursor.Shown.
	shown *string

	indexes       int // of the table
	indexesSchema int // when they were counted

	newer, older *sqlStatement
}

// A Cursor reads the rows of a result. It belongs to its object, one of whose methods is called at a time.
type Cursor struct {
	object  *Object
	conn    *conn
	of      *sqlStatement
	rows    *sqlite3.SQLiteRows
	columns []string
	next    []driver.Value // the row that was read ahead
	spare   []driver.Value
	err     error // why it was closed
	read    int64
	written int64
	before  int64 // the changes before it
	reused  bool
}

// Run runs a script's SQL, which may be several statements; the values are for the last, and nil, int64, float64, string or []byte. What it
// changes belongs to the transaction that the next Commit ends. The cursor has read one row ahead, and is over by itself after the last.
//
// Errors: *SQLError for what is the script's fault.
func (o *Object) Run(text string, values []driver.Value) (*Cursor, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.use()
	if err != nil {
		return nil, err
	}
	if s := c.sql.prepared[text]; s != nil && !s.busy {
		c.sql.touch(s)
		return o.run(c, s, values)
	}
	if len(text) > maxText {
		return nil, errTooLong
	}
	before, last := splitSQL(text)
	for _, part := range before {
		if err := o.runBefore(c, part); err != nil {
			return nil, err
		}
	}
	s, err := c.prepareSQL(last)
	if err != nil {
		return nil, o.check(err)
	}
	if len(before) == 0 && c.sql.prepared[text] == nil {
		c.sql.keep(s)
	}
	return o.run(c, s, values)
}

// runBefore runs a statement that is not the last.
func (o *Object) runBefore(c *conn, text string) error {
	s, err := c.prepareSQL(text)
	if err != nil {
		return o.check(err)
	}
	if s.stmt.NumInput() != 0 {
		_ = s.stmt.Close()
		return errOnlyLast
	}
	cursor, err := o.run(c, s, nil)
	if err != nil {
		return err
	}
	cursor.finish()
	return nil
}

// prepareSQL prepares one statement of a script.
func (c *conn) prepareSQL(text string) (*sqlStatement, error) {
	w := &c.sql.warden
	w.begin()
	prepared, err := c.db.Prepare(text)
	seen := *w
	w.script = false
	if err != nil {
		return nil, c.describe(text, err, seen.refused)
	}
	stmt := prepared.(*sqlite3.SQLiteStmt)
	list := tokens(text)
	for len(list) > 0 && list[0].kind == tokenSemicolon {
		list = list[1:]
	}
	if len(list) == 0 {
		_ = stmt.Close() // of nothing
		return nil, errNoStatement
	}
	s := &sqlStatement{text: text, stmt: stmt, readOnly: stmt.Readonly(), reads: seen.reads, table: seen.writes, verb: strings.ToUpper(list[0].of(text)), all: true}
	for _, t := range list {
		s.all = s.all && !t.is(text, "WHERE")
	}
	s.reads = (s.reads || !s.all) && s.verb != "EXPLAIN"
	if s.verb == "ALTER" && renamesToOurs(text) {
		_ = stmt.Close() // was never run
		return nil, errUnauthorized
	}
	return s, nil
}

// run executes a prepared statement up to its first row.
func (o *Object) run(c *conn, s *sqlStatement, values []driver.Value) (*Cursor, error) {
	cursor := &Cursor{object: o, conn: c, of: s, reused: s.uses > 0}
	s.uses++
	if s.stmt.NumInput() != len(values) {
		c.release(s)
		return nil, errParameters
	}
	if !s.readOnly {
		if _, err := o.begin(); err != nil {
			c.release(s)
			return nil, err
		}
	}
	s.busy = true
	if err := cursor.start(values); err != nil {
		c.release(s)
		return nil, o.check(err)
	}
	if cursor.rows != nil {
		c.sql.add(cursor)
	}
	return cursor, nil
}

// start makes the first step.
func (k *Cursor) start(values []driver.Value) error {
	c, s := k.conn, k.of
	if s.changes() {
		_, total, err := c.changes()
		if err != nil {
			return err
		}
		k.before = total
	}
	named := make([]driver.NamedValue, len(values))
	for n, v := range values {
		named[n] = driver.NamedValue{Ordinal: n + 1, Value: v}
	}
	c.guard(true)
	rows, err := s.stmt.QueryContext(c.sql.breaker, named)
	c.guard(false)
	if err != nil {
		return c.describe(s.text, err, c.sql.warden.refused)
	}
	k.rows = rows.(*sqlite3.SQLiteRows)
	k.columns = k.rows.Columns()
	k.next, k.spare = make([]driver.Value, len(k.columns)), make([]driver.Value, len(k.columns))
	if !s.readOnly && s.table == "" || s.verb == "CREATE" || s.verb == "DROP" || s.verb == "ALTER" {
		c.sql.schema++
	}
	return k.step()
}

// step reads a row ahead; rows becomes nil after the last.
func (k *Cursor) step() error {
	plain(k.rows)
	k.conn.guard(true)
	err := k.rows.Next(k.next)
	k.conn.guard(false)
	switch {
	case err == nil:
		k.read++
		return nil
	case err == io.EOF:
		if k.of.changes() { // only now SQLite has counted them
			err = k.count()
		} else {
			err = nil
		}
		k.finish()
		return err
	}
	err = k.conn.describe(k.of.text, err, "")
	k.finish()
	return err
}

// plain makes the driver give values as they are stored: it would make times of what is in columns whose type is a date, and booleans of numbers.
// What DeclTypes returns is what it goes by.
func plain(rows *sqlite3.SQLiteRows) {
	for n, declared := range rows.DeclTypes() {
		if declared != "" {
			rows.DeclTypes()[n] = ""
		}
	}
}

// guard surrounds what runs a script's statement.
func (c *conn) guard(on bool) {
	c.sql.warden.script = on
	if !on {
		c.running.Store(nil)
		c.sql.breaker.timer.Stop()
		return
	}
	if c.sql.breaker == nil || c.sql.breaker.Err() != nil {
		c.sql.breaker = newBreaker()
	}
	c.sql.breaker.timer.Reset(maxStatement)
	c.running.Store(c.sql.breaker)
}

// Columns are the names of the columns.
func (k *Cursor) Columns() []string { return k.columns }

// Shown says whether the names of the columns are those that it was asked about the last time, for the statement that is kept.
func (k *Cursor) Shown() bool {
	if len(k.columns) == 0 {
		return false
	}
	first := &k.columns[0]
	shown := k.of.shown == first
	k.of.shown = first
	return shown
}

// Next gives the next row, whose values are the caller's until the call after the next; nil after the last.
//
// Errors: *SQLError if a later row cannot be had; this one is given all the same.
func (k *Cursor) Next() ([]driver.Value, error) {
	k.object.mu.Lock()
	defer k.object.mu.Unlock()
	if k.rows == nil {
		return nil, k.err
	}
	row := k.next
	k.next, k.spare = k.spare, row
	return row, k.object.check(k.step())
}

// Done says that all rows have been given.
func (k *Cursor) Done() bool { return k.rows == nil }

// Read is how many rows were read, as far as that can be told: those of the result, at least one if a table was searched, and what was changed.
func (k *Cursor) Read() int64 {
	if k.rows == nil && k.read == 0 && k.of.reads && (k.of.readOnly || !k.of.all) && k.of.verb != "INSERT" && k.of.verb != "REPLACE" {
		return 1
	}
	if !k.of.reads {
		return 0
	}
	return k.read
}

// Written is how many rows were written, of tables and indexes.
func (k *Cursor) Written() int64 { return k.written }

// Changes says that the statement may have changed the file.
func (k *Cursor) Changes() bool { return !k.of.readOnly }

// Reused says that the statement was prepared already.
func (k *Cursor) Reused() bool { return k.reused }

// Close ends the reading.
func (k *Cursor) Close() {
	k.object.mu.Lock()
	defer k.object.mu.Unlock()
	if k.rows != nil {
		k.finish()
	}
}

// finish lets go of the statement. The caller holds the object's mu.
func (k *Cursor) finish() {
	if k.rows == nil {
		return
	}
	_ = k.rows.Close() // says only what the last step has said
	k.rows = nil
	k.conn.sql.remove(k)
	k.conn.release(k.of)
}

// release makes a statement ready for the next run, or forgets it if it is not kept.
func (c *conn) release(s *sqlStatement) {
	s.busy = false
	if !s.cached {
		_ = s.stmt.Close() // says only what the last execution has said
		return
	}
	c.sql.shrink()
}

// cancel closes all cursors; why is what they answer.
func (s *sqlState) cancel(why error) {
	for len(s.cursors) > 0 {
		k := s.cursors[len(s.cursors)-1]
		k.err = why
		k.finish()
	}
}

// finalizeSQL lets go of all statements.
func (c *conn) finalizeSQL() {
	c.sql.cancel(errDeleted)
	for _, s := range c.sql.prepared {
		_ = s.stmt.Close() // says only what the last execution has said
	}
	c.sql.prepared, c.sql.newest, c.sql.oldest, c.sql.size = nil, nil, nil, 0
}

func (s *sqlState) add(k *Cursor) {
	if len(s.cursors) == maxCursors {
		oldest := s.cursors[0]
		oldest.err = errManyCursors
		oldest.finish()
	}
	s.cursors = append(s.cursors, k)
}

func (s *sqlState) remove(k *Cursor) {
	for n, other := range s.cursors {
		if other == k {
			s.cursors = append(s.cursors[:n], s.cursors[n+1:]...)
			return
		}
	}
}
