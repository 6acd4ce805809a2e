package store

import (
	"database/sql/driver"
	"time"
)

// Rows of _cf_METADATA: the alarm, in nanoseconds since 1970, and how many bookmarks were given.
const (
	metaAlarm    = 1
	metaBookmark = 2
)

// Alarm returns when the object wants to be woken, if it does.
func (o *Object) Alarm() (at time.Time, set bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.use()
	if err != nil || !c.tables[tableMetadata] {
		return time.Time{}, false, err
	}
	var nanoseconds int64
	set, err = c.read(stmtGetMeta, &nanoseconds, int64(metaAlarm))
	if err != nil || !set {
		return time.Time{}, false, o.check(err)
	}
	return time.Unix(0, nanoseconds), true, nil
}

// SetAlarm says when to wake the object, in the transaction that the next Commit ends. There is one alarm; it replaces the last.
func (o *Object) SetAlarm(at time.Time) error { return o.writeAlarm(at.UnixNano()) }

// DeleteAlarm takes the alarm back, in the transaction that the next Commit ends.
func (o *Object) DeleteAlarm() error {
	if _, set, err := o.Alarm(); err != nil || !set {
		return err
	}
	return o.writeAlarm(nil)
}

// NextBookmark gives a number that is higher than any before, in the transaction that the next Commit ends. The first is 0.
func (o *Object) NextBookmark() (int64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.begin()
	if err != nil {
		return 0, err
	}
	if err := c.need(tableMetadata); err != nil {
		return 0, o.check(err)
	}
	var last int64
	set, err := c.read(stmtGetMeta, &last, int64(metaBookmark))
	if err != nil {
		return 0, o.check(err)
	}
	if set {
		last++
	}
	_, err = c.exec(stmtPutMeta, int64(metaBookmark), last)
	return last, o.check(err)
}

func (o *Object) writeAlarm(value driver.Value) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := o.begin()
	if err != nil {
		return err
	}
	if err := c.need(tableMetadata); err != nil {
		return o.check(err)
	}
	_, err = c.exec(stmtPutMeta, int64(metaAlarm), value)
	return o.check(err)
}
