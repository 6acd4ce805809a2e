package store

import (
	"database/sql/driver"

	"github.com/mattn/go-sqlite3"
)

// The tables of our own, made when something is first stored in them: databaseSize shows a script whether they are there.
const (
	tableKV = iota
	tableMetadata
)

var tables = [...]struct{ name, create string }{
	tableKV:       {"_cf_KV", "CREATE TABLE IF NOT EXISTS _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID"},
	tableMetadata: {"_cf_METADATA", "CREATE TABLE IF NOT EXISTS _cf_METADATA (key INTEGER PRIMARY KEY, value BLOB)"},
}

// A statement is one that is prepared once for each open file.
type statement int

const (
	stmtBegin statement = iota
	stmtCommit
	stmtGet
	stmtPut
	stmtDelete
	stmtList
	stmtListTo
	stmtListBack
	stmtListBackTo
	stmtGetMeta
	stmtPutMeta
	stmtChanges
	stmtCountIndexes
	stmtUsedPages
	statementCount
)

var statementTexts = [statementCount]string{
	stmtBegin:      "BEGIN IMMEDIATE",
	stmtCommit:     "COMMIT",
	stmtGet:        "SELECT value FROM _cf_KV WHERE key = ?",
	stmtPut:        "INSERT INTO _cf_KV VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
	stmtDelete:     "DELETE FROM _cf_KV WHERE key = ?",
	stmtList:       "SELECT key, value FROM _cf_KV WHERE key >= ? ORDER BY key LIMIT ?",
	stmtListTo:     "SELECT key, value FROM _cf_KV WHERE key >= ? AND key < ? ORDER BY key LIMIT ?",
	stmtListBack:   "SELECT key, value FROM _cf_KV WHERE key >= ? ORDER BY key DESC LIMIT ?",
	stmtListBackTo: "SELECT key, value FROM _cf_KV WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ?",
	stmtGetMeta:    "SELECT value FROM _cf_METADATA WHERE key = ?",
	stmtPutMeta:    "INSERT INTO _cf_METADATA VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
	stmtChanges:    "SELECT changes(), total_changes()",
	// The primary key of a table WITHOUT ROWID is the table.
	stmtCountIndexes: "SELECT count(*) FROM pragma_index_list(?1) WHERE origin <> 'pk' OR NOT (SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?1)",
	stmtUsedPages:    "SELECT (SELECT * FROM pragma_page_count) - (SELECT * FROM pragma_freelist_count)",
}

func (c *conn) prepared(id statement) (*sqlite3.SQLiteStmt, error) {
	if s := c.stmts[id]; s != nil {
		return s, nil
	}
	s, err := c.db.Prepare(statementTexts[id])
	if err != nil {
		return nil, err
	}
	c.stmts[id] = s.(*sqlite3.SQLiteStmt)
	return c.stmts[id], nil
}

// exec runs a prepared statement and returns how many rows it has changed.
func (c *conn) exec(id statement, args ...driver.Value) (int64, error) {
	s, err := c.prepared(id)
	if err != nil {
		return 0, err
	}
	result, err := s.Exec(args)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (c *conn) query(id statement, args ...driver.Value) (driver.Rows, error) {
	s, err := c.prepared(id)
	if err != nil {
		return nil, err
	}
	return s.Query(args)
}

// read is first for a prepared statement.
func (c *conn) read(id statement, to any, args ...driver.Value) (bool, error) {
	rows, err := c.query(id, args...)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return scanFirst(rows, to)
}

// need makes a table if it is not there. The caller has begun a transaction.
func (c *conn) need(table int) error {
	if c.tables[table] {
		return nil
	}
	if err := c.run(tables[table].create); err != nil {
		return err
	}
	c.tables[table] = true
	return nil
}

// findTables asks the file which of our tables it has.
func (c *conn) findTables() error {
	for i := range tables {
		var count int64
		if _, err := c.first("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?", []driver.Value{tables[i].name}, &count); err != nil {
			return err
		}
		c.tables[i] = count > 0
	}
	return nil
}

// finalize lets go of all prepared statements; those that are needed again are prepared again.
func (c *conn) finalize() {
	for i, s := range c.stmts {
		if s != nil {
			_ = s.Close() // says only what the last execution has said
			c.stmts[i] = nil
		}
	}
	c.finalizeSQL()
	for _, s := range c.texts {
		_ = s.Close()
	}
	c.texts = nil
}
