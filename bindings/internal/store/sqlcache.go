package store

import "database/sql/driver"

// keep adds a statement to those that stay prepared.
func (s *sqlState) keep(statement *sqlStatement) {
	if s.prepared == nil {
		s.prepared = map[string]*sqlStatement{}
	}
	statement.cached = true
	s.prepared[statement.text] = statement
	s.size += len(statement.text)
	s.link(statement)
}

// touch notes a use.
func (s *sqlState) touch(statement *sqlStatement) {
	if s.newest != statement {
		s.unlink(statement)
		s.link(statement)
	}
}

func (s *sqlState) link(statement *sqlStatement) {
	statement.older, statement.newer = s.newest, nil
	if s.newest != nil {
		s.newest.newer = statement
	} else {
		s.oldest = statement
	}
	s.newest = statement
}

func (s *sqlState) unlink(statement *sqlStatement) {
	if statement.newer != nil {
		statement.newer.older = statement.older
	} else {
		s.newest = statement.older
	}
	if statement.older != nil {
		statement.older.newer = statement.newer
	} else {
		s.oldest = statement.newer
	}
}

// shrink forgets the statements that were not used for the longest time, while there are too many.
func (s *sqlState) shrink() {
	for statement := s.oldest; statement != nil && s.size > maxPrepared; {
		newer := statement.newer
		if !statement.busy {
			s.unlink(statement)
			s.size -= len(statement.text)
			delete(s.prepared, statement.text)
			_ = statement.stmt.Close() // says only what the last execution has said
		}
		statement = newer
	}
}

// changes says that a statement changes rows, which are counted.
func (s *sqlStatement) changes() bool {
	return !s.readOnly && (s.verb == "INSERT" || s.verb == "UPDATE" || s.verb == "DELETE" || s.verb == "REPLACE" || s.verb == "WITH")
}

// changes gives how many rows the last statement has changed, and all since the file was opened, triggers included.
func (c *conn) changes() (last, total int64, err error) {
	rows, err := c.query(stmtChanges)
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close()
	row := make([]driver.Value, 2)
	if err := rows.Next(row); err != nil {
		return 0, 0, err
	}
	last, _ = row[0].(int64)
	total, _ = row[1].(int64)
	return last, total, nil
}

// count notes how many rows were written: those that were changed, and with a new row one of each index.
func (k *Cursor) count() error {
	last, total, err := k.conn.changes()
	if err != nil {
		return err
	}
	k.written = total - k.before
	if k.written > 0 && k.of.verb != "UPDATE" && k.of.verb != "DELETE" {
		indexes, err := k.conn.indexesOf(k.of)
		if err != nil {
			return err
		}
		k.written += last * int64(indexes)
	}
	if k.of.verb == "UPDATE" || k.of.verb == "DELETE" && !k.of.all {
		k.read = max(k.read, total-k.before)
	}
	return nil
}

// indexesOf counts the indexes of the table that a statement changes.
func (c *conn) indexesOf(s *sqlStatement) (int, error) {
	if s.indexesSchema == c.sql.schema+1 {
		return s.indexes, nil
	}
	var count int64
	if _, err := c.read(stmtCountIndexes, &count, s.table); err != nil {
		return 0, err
	}
	s.indexes, s.indexesSchema = int(count), c.sql.schema+1
	return s.indexes, nil
}
