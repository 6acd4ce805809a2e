package durable

import (
	"database/sql/driver"
	"math"

	"github.com/dynos-run/dynos/bindings/internal/store"
	"github.com/dynos-run/dynos/isolate/ops"
)

// Rows go to JavaScript some at a time, so that most results take one call and no cursor stays open: that many rows, or that many bytes.
const (
	firstRows  = 100
	firstBytes = 64 << 10
	moreRows   = 1000
	moreBytes  = 1 << 20
)

// A cursor is a result of which JavaScript has not got all.
type cursor struct {
	*store.Cursor
	// failed is what the next row could not be had for.
	failed error
}

func (o *Object) opSQLExec(a *ops.Reader, answer *ops.Batch) error {
	text, known := a.String(), a.Bool()
	values := make([]driver.Value, 0, 8)
	for n := a.Array(); n > 0 && a.Err == nil; n-- {
		values = append(values, readValue(a))
	}
	if a.Err != nil {
		return a.Err
	}
	found, err := o.store.Run(text, values)
	o.noteSQL()
	if err != nil {
		return err
	}
	names, written, reused := found.Columns(), found.Written(), found.Reused()
	rest := &cursor{Cursor: found}
	rows := &o.rows
	rows.Reset()
	count, err := rest.encode(rows, firstRows, firstBytes)
	if err != nil {
		return err
	}
	if rest.Done() {
		written = found.Written()
	}
	answer.Array(5 + count)
	answer.Int(o.keep(rest))
	answer.Int(written)
	answer.Int(found.Read())
	answer.Bool(reused)
	if found.Shown() && known {
		answer.Null()
	} else {
		answer.Array(len(names))
		for _, name := range names {
			answer.String(name)
		}
	}
	answer.Raw(rows.Bytes())
	return nil
}

// readValue reads a value that is bound. Numbers are floating-point ones, as on the reference runtime.
func readValue(a *ops.Reader) driver.Value {
	switch {
	case a.IsNull():
		return nil
	case a.IsNumber():
		return a.Float()
	case a.IsBytes():
		if bytes := a.Bytes(); bytes != nil {
			return bytes
		}
		return []byte{}
	}
	return string(a.UTF8())
}

// noteSQL notes that something may have been written, also by a statement that has failed.
func (o *Object) noteSQL() {
	if o.store.Dirty() {
		o.wrote(false)
	}
}

// encode appends the next rows, and says how many values they are. What is wrong with a later row is for later.
func (c *cursor) encode(b *ops.Batch, maxRows, maxBytes int) (count int, err error) {
	if c.failed != nil {
		err, c.failed = c.failed, nil
		return 0, err
	}
	for n := 0; n < maxRows && b.Len() < maxBytes; n++ {
		row, err := c.Next()
		switch {
		case err != nil && n == 0:
			return 0, err
		case err != nil:
			c.failed = err
			return count, nil
		case row == nil:
			return count, nil
		}
		for _, v := range row {
			encodeValue(b, v)
		}
		count += len(row)
		if c.Done() {
			break
		}
	}
	return count, nil
}

func encodeValue(b *ops.Batch, v driver.Value) {
	switch v := v.(type) {
	case int64:
		b.Int(v)
	case float64:
		if v == 0 && math.Signbit(v) {
			v = 0 // SQLite has none below
		}
		b.Float(v)
	case string:
		b.String(v)
	case []byte:
		b.Data(v)
	default:
		b.Null()
	}
}

// keep gives an unfinished result a number, 0 to a finished one.
func (o *Object) keep(c *cursor) int64 {
	if c.Done() && c.failed == nil {
		return 0
	}
	if o.cursors == nil {
		o.cursors = map[int64]*cursor{}
	}
	o.lastCursor++
	o.cursors[o.lastCursor] = c
	return o.lastCursor
}

func (o *Object) opSQLNext(a *ops.Reader, answer *ops.Batch) error {
	number := a.Int()
	c := o.cursors[number]
	if c == nil {
		answer.Array(2)
		answer.Int(0)
		answer.Int(0)
		return nil
	}
	rows := &o.rows
	rows.Reset()
	count, err := c.encode(rows, moreRows, moreBytes)
	if err != nil || c.Done() && c.failed == nil {
		delete(o.cursors, number)
		number = 0
	}
	if err != nil {
		return err
	}
	answer.Array(2 + count)
	answer.Int(number)
	answer.Int(c.Read())
	answer.Raw(rows.Bytes())
	return nil
}

func (o *Object) opSQLClose(a *ops.Reader, answer *ops.Batch) error {
	number := a.Int()
	if c := o.cursors[number]; c != nil {
		c.Close()
		delete(o.cursors, number)
	}
	answer.Undefined()
	return nil
}

func (o *Object) opSQLIngest(a *ops.Reader, answer *ops.Batch) error {
	text := string(a.UTF8())
	var read, written, count int64
	for length := store.CompleteSQL(text); length > 0; length = store.CompleteSQL(text) {
		c, err := o.store.Run(text[:length], nil)
		o.noteSQL()
		if err != nil {
			return err
		}
		read, written, count = read+c.Read(), written+c.Written(), count+1
		c.Close()
		text = text[length:]
	}
	answer.Array(4)
	answer.String(text)
	answer.Int(read)
	answer.Int(written)
	answer.Int(count)
	return nil
}

func (o *Object) opSQLSize(_ *ops.Reader, answer *ops.Batch) error {
	size, err := o.store.Size()
	if err != nil {
		return err
	}
	answer.Int(size)
	return nil
}

func (o *Object) opSQLMaxPages(a *ops.Reader, answer *ops.Batch) error {
	answer.Undefined()
	return o.store.SetMaxPages(int(a.Int()))
}
