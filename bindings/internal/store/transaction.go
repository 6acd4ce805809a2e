package store

import (
	"errors"
	"fmt"
)

// errNoSavepoint is a mistake of the caller.
var errNoSavepoint = errors.New("store: no savepoint is open")

// begin opens the transaction that the next Commit ends, unless it is open. The caller holds o.mu.
func (o *Object) begin() (*conn, error) {
	c, err := o.use()
	if err != nil || o.writing {
		return c, err
	}
	if err := o.store.fault("begin"); err != nil {
		return nil, err
	}
	if _, err := c.exec(stmtBegin); err != nil {
		return nil, o.check(err)
	}
	o.writing = true
	if c.version != schemaVersion {
		if err := c.run(fmt.Sprintf("PRAGMA user_version=%d", schemaVersion)); err != nil {
			return nil, o.check(err)
		}
		c.version = schemaVersion
	}
	return c, nil
}

// Dirty says whether there is something to commit.
func (o *Object) Dirty() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.writing
}

// Commit ends the transaction, if one is open. It is durable when a Flush that comes later has called back.
//
// Errors: what SQLite says, *SQLError if it is a constraint; the transaction is then rolled back and the object is broken.
func (o *Object) Commit() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken != nil {
		return o.broken
	}
	if !o.writing {
		return nil
	}
	err := o.store.fault("commit")
	if err == nil {
		_, err = o.conn.exec(stmtCommit)
	}
	if err != nil {
		_ = o.rollback() // the error that matters is the first
		o.broken = describeCommit(err)
		return o.broken
	}
	o.writing, o.savepoints, o.unsynced = false, 0, true
	return nil
}

// Rollback undoes what was written since the last Commit.
func (o *Object) Rollback() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken != nil {
		return o.broken
	}
	return o.rollback()
}

// The caller holds o.mu.
func (o *Object) rollback() error {
	if !o.writing {
		return nil
	}
	o.writing, o.savepoints = false, 0
	if !o.conn.db.AutoCommit() {
		if err := o.conn.run("ROLLBACK"); err != nil {
			o.broken = err
			return err
		}
	}
	return o.reread()
}

// reread looks at the file again after some of what was written is undone: tables may have gone with it. The caller holds o.mu.
func (o *Object) reread() error {
	var version int64
	if _, err := o.conn.first("PRAGMA user_version", nil, &version); err != nil {
		return o.check(err)
	}
	o.conn.version = int(version)
	return o.check(o.conn.findTables())
}

// Savepoint marks a point that RollbackTo returns to. Savepoints nest; Commit ends them all.
func (o *Object) Savepoint() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.begin()
	if err != nil {
		return err
	}
	if err := c.run(fmt.Sprintf("SAVEPOINT _cf_%d", o.savepoints)); err != nil {
		return o.check(err)
	}
	o.savepoints++
	return nil
}

// ReleaseSavepoint forgets the last savepoint and keeps what was written since.
func (o *Object) ReleaseSavepoint() error { return o.endSavepoint(false) }

// RollbackTo undoes what was written since the last savepoint, and forgets it.
func (o *Object) RollbackTo() error { return o.endSavepoint(true) }

func (o *Object) endSavepoint(undo bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.broken != nil:
		return o.broken
	case o.savepoints == 0:
		return errNoSavepoint
	}
	point := o.savepoints - 1
	if undo {
		if err := o.conn.run(fmt.Sprintf("ROLLBACK TO _cf_%d", point)); err != nil {
			return o.check(err)
		}
		if err := o.reread(); err != nil {
			return err
		}
	}
	if err := o.conn.run(fmt.Sprintf("RELEASE _cf_%d", point)); err != nil {
		return o.check(err)
	}
	o.savepoints = point
	return nil
}
