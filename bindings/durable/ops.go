package durable

import (
	"slices"
	"time"

	"github.com/dynos-run/dynos/bindings/internal/store"
	"github.com/dynos-run/dynos/isolate/ops"
)

// A handler performs one op: it reads the arguments and appends the result.
type handler func(o *Object, a *ops.Reader, answer *ops.Batch) error

// handlers are the ops of this package, see ops.Table.
var handlers = [ops.Count]handler{
	ops.StorageGet:         (*Object).opGet,
	ops.StorageGetMany:     (*Object).opGetMany,
	ops.StoragePut:         (*Object).opPut,
	ops.StorageDelete:      (*Object).opDelete,
	ops.StorageList:        (*Object).opList,
	ops.StorageDeleteAll:   (*Object).opDeleteAll,
	ops.StorageTransaction: (*Object).opTransaction,
	ops.StorageGetAlarm:    (*Object).opGetAlarm,
	ops.StorageSetAlarm:    (*Object).opSetAlarm,
	ops.StorageAlarmBegin:  (*Object).opAlarmBegin,
	ops.StorageAlarmEnd:    (*Object).opAlarmEnd,
	ops.StorageBookmark:    (*Object).opBookmark,
	ops.SQLExec:            (*Object).opSQLExec,
	ops.SQLNext:            (*Object).opSQLNext,
	ops.SQLClose:           (*Object).opSQLClose,
	ops.SQLIngest:          (*Object).opSQLIngest,
	ops.SQLSize:            (*Object).opSQLSize,
	ops.SQLMaxPages:        (*Object).opSQLMaxPages,
}

func (o *Object) opGet(a *ops.Reader, answer *ops.Batch) error {
	value, found, err := o.store.Get(a.String())
	if err != nil {
		return err
	}
	if !found {
		answer.Undefined()
		return nil
	}
	answer.Blob(value)
	return nil
}

func (o *Object) opGetMany(a *ops.Reader, answer *ops.Batch) error {
	keys := readKeys(a)
	slices.Sort(keys)
	var entries []store.Entry
	for _, key := range slices.Compact(keys) {
		value, found, err := o.store.Get(key)
		if err != nil {
			return err
		}
		if found {
			entries = append(entries, store.Entry{Key: key, Value: value})
		}
	}
	encodeEntries(answer, entries)
	return nil
}

func (o *Object) opBookmark(_ *ops.Reader, answer *ops.Batch) error {
	n, err := o.store.NextBookmark()
	if err != nil {
		return err
	}
	o.wrote(false)
	answer.Int(n)
	return nil
}

func readKeys(a *ops.Reader) []string {
	n := a.Array()
	keys := make([]string, 0, min(n, 1<<16))
	for ; n > 0 && a.Err == nil; n-- {
		keys = append(keys, a.String())
	}
	return keys
}

func encodeEntries(answer *ops.Batch, entries []store.Entry) {
	answer.Array(2 * len(entries))
	for _, e := range entries {
		answer.String(e.Key)
		answer.Blob(e.Value)
	}
}

func (o *Object) opPut(a *ops.Reader, answer *ops.Batch) error {
	unconfirmed := a.Bool()
	for n := a.Array() / 2; n > 0 && a.Err == nil; n-- {
		key := a.String()
		o.wrote(unconfirmed)
		if err := o.store.Put(key, a.Bytes()); err != nil {
			return err
		}
	}
	answer.Undefined()
	return a.Err
}

func (o *Object) opDelete(a *ops.Reader, answer *ops.Batch) error {
	unconfirmed := a.Bool()
	count := 0
	for _, key := range readKeys(a) {
		o.wrote(unconfirmed)
		found, err := o.store.Delete(key)
		if err != nil {
			return err
		}
		if found {
			count++
		}
	}
	answer.Int(int64(count))
	return nil
}

func (o *Object) opList(a *ops.Reader, answer *ops.Batch) error {
	r, some := readRange(a)
	if !some {
		answer.Array(0)
		return a.Err
	}
	entries, err := o.store.List(r)
	if err != nil {
		return err
	}
	encodeEntries(answer, entries)
	return nil
}

// readRange reads which keys are listed; false if that can be none.
func readRange(a *ops.Reader) (r store.Range, some bool) {
	if !a.IsNull() {
		r.Start = a.String()
	}
	if a.Bool() {
		r.Start += "\x00"
	}
	hasEnd := !a.IsNull()
	if hasEnd {
		r.End = a.String()
	}
	prefix := ""
	if !a.IsNull() {
		prefix = a.String()
	}
	r.Limit, r.Reverse = int(a.Int()), a.Bool()
	if prefix != "" {
		all := store.PrefixRange(prefix)
		r.Start = max(r.Start, all.Start)
		if all.End != "" && (!hasEnd || all.End < r.End) {
			r.End, hasEnd = all.End, true
		}
	}
	return r, a.Err == nil && (!hasEnd || r.Start < r.End)
}

func (o *Object) opDeleteAll(a *ops.Reader, answer *ops.Batch) error {
	withAlarm := a.Bool()
	o.wrote(false)
	if err := o.store.DeleteAll(); err != nil {
		return err
	}
	if err := o.deleteFacets(); err != nil {
		return err
	}
	if withAlarm {
		if err := o.setAlarm(time.Time{}); err != nil {
			return err
		}
	}
	answer.Undefined()
	return nil
}

// What op_storage_transaction does.
const (
	transactionBegin = iota
	transactionCommit
	transactionRollback
	transactionNest // begins one that is over before the turn is
)

func (o *Object) opTransaction(a *ops.Reader, answer *ops.Batch) (err error) {
	answer.Undefined()
	switch step := a.Int(); {
	case step == transactionBegin, step == transactionNest:
		if step == transactionBegin && o.transactions == 0 { // what came before is not the transaction's to undo
			if err := o.store.Commit(); err != nil {
				return err
			}
		}
		if err := o.store.Savepoint(); err != nil {
			return err
		}
		o.transactions++
		o.alarm.before = append(o.alarm.before, o.alarm.rings)
		return nil
	case o.transactions == 0:
		return nil
	case step == transactionCommit:
		err = o.store.ReleaseSavepoint()
		o.wrote(false)
	default:
		err = o.store.RollbackTo()
		o.wrote(true)
		o.alarm.rings = o.alarm.before[o.transactions-1]
	}
	o.transactions--
	o.alarm.before = o.alarm.before[:o.transactions]
	return err
}
