package loader

import (
	"fmt"
	"time"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// An alarmCall is who waits for the end of an alarm: the storage that has rung.
type alarmCall struct {
	target *actorTarget
	done   func(bindings.AlarmOutcome)
	last   bool
}

// respond implements fetchCaller; alarms have no response.
func (c *alarmCall) respond(*isolate.Runner, *response) {}

// fail implements fetchCaller: the object has ended before its handler has. Whatever it was, it is to be tried again, though not for ever.
func (c *alarmCall) fail(_ *isolate.Runner, f *failure) {
	c.done(bindings.AlarmOutcome{Failed: !c.last, Uncounted: f == errShutdown})
}

// ring wakes an object whose alarm is due.
func (rt *Runtime) ring(a bindings.Alarm, done func(bindings.AlarmOutcome)) {
	var r isolate.Runner
	defer r.Run()
	for _, s := range rt.spaces {
		if s.class.UniqueKey != a.Object.Space {
			continue
		}
		t := &actorTarget{space: s, id: a.Object.ID, name: a.Object.Name, bound: s.breaksOf(a.Object.ID)}
		t.wake(&r, a, &alarmCall{t, done, a.Last})
		return
	}
	done(bindings.AlarmOutcome{Failed: true, Uncounted: true}) // of a class that is not there now
}

func (t *actorTarget) wake(r *isolate.Runner, alarm bindings.Alarm, to *alarmCall) {
	for {
		a, f := t.find(r)
		if f != nil {
			to.fail(r, f)
			return
		}
		if a != nil && a.startAlarm(r, alarm, to) {
			return
		}
		if a != nil {
			t.space.remove(a)
		}
	}
}

// startAlarm runs the handler. False means that the object has ended: nothing was done.
func (a *actor) startAlarm(r *isolate.Runner, alarm bindings.Alarm, to *alarmCall) bool {
	i := a.inst
	i.mu.Lock()
	defer i.mu.Unlock()
	b := a.begin()
	if b == nil {
		return false
	}
	e := a.addEvent(to)
	b.Begin(ops.MessageObjectAlarm, a.ctx.id)
	b.Int(int64(e.id))
	b.Int(alarm.At.UnixMilli())
	b.Int(int64(alarm.Retries))
	b.Bool(alarm.Last)
	b.End(4)
	i.commit(r)
	return true
}

// opObjectAlarmDone ends an alarm.
func (i *instance) opObjectAlarmDone(_ *isolate.Runner, ctx uint32, a *ops.Reader) {
	i.mu.Lock()
	_, e := i.takeEvent(ctx, a)
	i.mu.Unlock()
	if e == nil {
		return
	}
	call, is := e.to.(*alarmCall)
	if !is {
		return
	}
	outcome := bindings.AlarmOutcome{Failed: a.Int() != 0}
	if !a.IsNull() {
		outcome.MovedTo = time.UnixMilli(a.Int())
	}
	if !a.IsNull() {
		stack := a.String()
		if i.def.mapStack != nil {
			stack = i.def.mapStack(stack)
		}
		i.rt.log(i.def, LevelError, "Uncaught (in alarm) "+stack)
	}
	call.done(outcome)
}

// listenForAlarms has the storages of the classes call when an alarm is due. The error is why one cannot be used.
func (rt *Runtime) listenForAlarms(ring bindings.Ring) error {
	seen := map[bindings.ObjectStorage]bool{}
	for _, s := range rt.spaces {
		if !seen[s.class.Storage] {
			seen[s.class.Storage] = true
			if err := s.class.Storage.Alarms(ring); err != nil {
				return fmt.Errorf("worker %q: Durable Objects: %w", s.worker.name, err)
			}
		}
	}
	return nil
}
