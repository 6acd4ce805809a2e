package durable

import (
	"time"

	"github.com/dynos-run/dynos/isolate/ops"
)

// alarmState is what an object knows of its alarm beside what is stored.
type alarmState struct {
	// checked says that the index knows of it: after a crash it may not.
	checked bool
	// changed says that the transaction has set or deleted it.
	changed bool
	// rings says that its handler runs and it has not been set anew: then there is none for the script, and it goes when the handler has
	// succeeded. before is the same when each of the open transactions began.
	rings  bool
	before []bool
}

// checkAlarm gives the index an alarm that it has lost, once.
func (o *Object) checkAlarm() error {
	if o.alarm.checked {
		return nil
	}
	o.alarm.checked = true
	at, set, err := o.store.Alarm()
	if err != nil || !set || o.durable.alarms.knows(&o.name) {
		return err
	}
	return o.durable.alarms.set(&o.name, at)
}

// indexAlarm tells the index what the transaction that was just committed has done to the alarm.
func (o *Object) indexAlarm() error {
	if !o.alarm.changed {
		return nil
	}
	o.alarm.changed = false
	at, set, err := o.store.Alarm()
	switch {
	case err != nil:
		return err
	case !set:
		return o.durable.alarms.remove(&o.name)
	}
	o.beside = append(o.beside, o.durable.alarms.index)
	return o.durable.alarms.set(&o.name, at)
}

// setAlarm stores an alarm; the zero time is none.
func (o *Object) setAlarm(at time.Time) error {
	o.alarm.changed = true
	o.alarm.rings = false
	if at.IsZero() {
		return o.store.DeleteAlarm()
	}
	return o.store.SetAlarm(at)
}

func (o *Object) opGetAlarm(_ *ops.Reader, answer *ops.Batch) error {
	at, set, err := o.store.Alarm()
	if err != nil {
		return err
	}
	if !set || o.alarm.rings {
		answer.Null()
		return nil
	}
	answer.Int(at.UnixMilli())
	return nil
}

func (o *Object) opSetAlarm(a *ops.Reader, answer *ops.Batch) error {
	unconfirmed := a.Bool()
	var at time.Time
	if !a.IsNull() {
		at = time.UnixMilli(a.Int())
	}
	o.wrote(unconfirmed)
	answer.Undefined()
	return o.setAlarm(at)
}

// opAlarmBegin says whether the alarm that is due is still the object's; if not, when it wants to be woken instead, if it does.
func (o *Object) opAlarmBegin(a *ops.Reader, answer *ops.Batch) error {
	due := time.UnixMilli(a.Int())
	at, set, err := o.store.Alarm()
	switch {
	case err != nil:
		return err
	case !set:
		answer.Bool(false)
	case at.Equal(due):
		o.alarm.rings = true
		answer.Bool(true)
	default:
		answer.Int(at.UnixMilli())
	}
	return nil
}

// opAlarmEnd ends an alarm; it is over unless it has failed or was set anew.
func (o *Object) opAlarmEnd(a *ops.Reader, answer *ops.Batch) error {
	over := a.Bool() && o.alarm.rings
	o.alarm.rings = false
	answer.Undefined()
	if !over {
		return nil
	}
	o.wrote(false)
	return o.setAlarm(time.Time{})
}
