package store

import (
	"database/sql/driver"
	"io"

	"github.com/mattn/go-sqlite3"
)

// Exec runs a statement of whoever owns the object in the transaction that the next Commit ends, and returns how many rows it has changed.
// Texts are few: each stays prepared while the file is open. Values are nil, int64, float64, string and []byte.
func (o *Object) Exec(text string, args ...driver.Value) (int64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.begin()
	if err != nil {
		return 0, err
	}
	s, err := c.owned(text)
	if err != nil {
		return 0, o.check(err)
	}
	result, err := s.Exec(args)
	if err != nil {
		return 0, o.check(err)
	}
	return result.RowsAffected()
}

// Query calls row with the columns of each row of a statement that changes nothing; they are its own. It must
// not call the object. An error of it ends the query.
func (o *Object) Query(text string, args []driver.Value, row func([]driver.Value) error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.use()
	if err != nil {
		return err
	}
	s, err := c.owned(text)
	if err != nil {
		return o.check(err)
	}
	rows, err := s.Query(args)
	if err != nil {
		return o.check(err)
	}
	defer rows.Close()
	for {
		values := make([]driver.Value, len(rows.Columns()))
		switch err := rows.Next(values); {
		case err == io.EOF:
			return nil
		case err != nil:
			return o.check(err)
		}
		if err := row(values); err != nil {
			return err
		}
	}
}

// owned returns the prepared form of a text of the owner's.
func (c *conn) owned(text string) (*sqlite3.SQLiteStmt, error) {
	if s := c.texts[text]; s != nil {
		return s, nil
	}
	prepared, err := c.db.Prepare(text)
	if err != nil {
		return nil, err
	}
	if c.texts == nil {
		c.texts = map[string]*sqlite3.SQLiteStmt{}
	}
	s := prepared.(*sqlite3.SQLiteStmt)
	c.texts[text] = s
	return s, nil
}
