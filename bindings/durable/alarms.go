package durable

import (
	"container/heap"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/internal/store"
)

// Alarms. When an object wants to be woken is in its own file; an index beside the objects says of all which have an alarm, so that they are
// found again after a restart. An entry is in the index before anybody learns that the alarm is set, and may stay there longer than the alarm:
// when it is due, the object is asked.

// What a failed alarm waits for: 2 s, 4 s, ... and up to a quarter more, for six times.
const (
	firstRetry  = 2 * time.Second
	retryJitter = 0.25
	maxRetries  = 6
)

// indexSpace is the space of the index.
const indexSpace = "alarms"

// alarms is the index of a storage, and rings when an alarm is due.
type alarms struct {
	mu    sync.Mutex // guards the rest
	index *store.Object
	known map[string]*alarm
	queue alarmQueue
	timer *time.Timer
	ring  bindings.Ring
	over  bool
}

// An alarm is an entry of the index.
type alarm struct {
	key   string
	space string
	id    string
	name  *string
	at    time.Time
	// due is when to ring: at, or later if it has failed.
	due     time.Time
	retries int
	place   int // in the queue, -1 while it rings
	// next is what was set while it rang; nil for nothing.
	next *time.Time
}

// load reads the index. What was due meanwhile rings as soon as somebody listens.
func (a *alarms) load(s *store.Store) error {
	index, err := s.Object(indexSpace, "index")
	if err != nil {
		return err
	}
	a.index, a.known = index, map[string]*alarm{}
	entries, err := index.List(store.Range{})
	if err != nil {
		return err
	}
	for _, e := range entries {
		if item := readAlarm(e.Key, e.Value); item != nil {
			a.known[e.Key] = item
			heap.Push(&a.queue, item)
		}
	}
	return nil
}

func alarmKey(name *bindings.ObjectName) string { return name.Space + "\x00" + name.ID }

// readAlarm reads an entry: the time in nanoseconds, whether there is a name, and that.
func readAlarm(key string, value []byte) *alarm {
	space, id, ok := strings.Cut(key, "\x00")
	if !ok || len(value) < 9 {
		return nil
	}
	item := &alarm{key: key, space: space, id: id, at: time.Unix(0, int64(binary.BigEndian.Uint64(value)))}
	item.due = item.at
	if value[8] != 0 {
		name := string(value[9:])
		item.name = &name
	}
	return item
}

func (item *alarm) encode() []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(item.at.UnixNano()))
	if item.name == nil {
		return append(b, 0)
	}
	return append(append(b, 1), *item.name...)
}

// set notes an object's alarm, which is at that time from now on.
func (a *alarms) set(name *bindings.ObjectName, at time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := alarmKey(name)
	item := a.known[key]
	if item == nil {
		item = &alarm{key: key, space: name.Space, id: name.ID, place: -1}
		a.known[key] = item
	}
	if name.Name != nil {
		item.name = name.Name
	}
	stored := *item
	stored.at = at
	err := errors.Join(a.index.Put(key, stored.encode()), a.index.Commit())
	if item.place < 0 && !item.at.IsZero() { // it rings
		item.next = &at
		return err
	}
	item.at, item.due, item.retries = at, at, 0
	if item.place < 0 {
		heap.Push(&a.queue, item)
	} else {
		heap.Fix(&a.queue, item.place)
	}
	a.wait()
	return err
}

// knows says whether an object is in the index.
func (a *alarms) knows(name *bindings.ObjectName) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.known[alarmKey(name)] != nil
}

// remove forgets an object's alarm. That it stays on disk for a while does no harm.
func (a *alarms) remove(name *bindings.ObjectName) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	item := a.known[alarmKey(name)]
	if item == nil {
		return nil
	}
	if item.place < 0 {
		item.next = nil
		return nil
	}
	heap.Remove(&a.queue, item.place)
	return a.forget(item)
}

// forgetSpace forgets the alarms of all objects of a class. None of them rings.
func (a *alarms) forgetSpace(space string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	var err error
	for _, item := range a.known {
		if item.space == space && item.place >= 0 {
			heap.Remove(&a.queue, item.place)
			err = errors.Join(err, a.forget(item))
		}
	}
	return err
}

// forget takes an entry out of the index. Preconditions: mu is held, it is not in the queue.
func (a *alarms) forget(item *alarm) error {
	delete(a.known, item.key)
	_, err := a.index.Delete(item.key)
	return errors.Join(err, a.index.Commit())
}

// wait sets the timer to the next alarm. Preconditions: mu is held.
func (a *alarms) wait() {
	if len(a.queue) == 0 || a.ring == nil || a.over {
		return
	}
	delay := time.Until(a.queue[0].due)
	if a.timer == nil {
		a.timer = time.AfterFunc(delay, a.due)
	} else {
		a.timer.Reset(delay)
	}
}

// listen gives the function that rings, nil for none.
func (a *alarms) listen(ring bindings.Ring) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ring = ring
	a.wait()
}

// due rings for all whose time has come.
func (a *alarms) due() {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	for len(a.queue) > 0 && a.ring != nil && !a.over && !a.queue[0].due.After(now) {
		item := heap.Pop(&a.queue).(*alarm)
		ring := a.ring
		event := bindings.Alarm{
			Object: bindings.ObjectName{Space: item.space, ID: item.id, Name: item.name}, At: item.at, Retries: item.retries, Last: item.retries == maxRetries,
		}
		go ring(event, func(o bindings.AlarmOutcome) { a.rung(item, o) })
	}
	a.wait()
}

// rung notes how an alarm went.
func (a *alarms) rung(item *alarm, o bindings.AlarmOutcome) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.over:
		return
	case item.next != nil:
		item.at, item.due, item.retries, item.next = *item.next, *item.next, 0, nil
	case !o.MovedTo.IsZero():
		item.at, item.due, item.retries = o.MovedTo, o.MovedTo, 0
	case o.Failed:
		wait := firstRetry << min(item.retries, 9)
		item.due = time.Now().Add(wait + time.Duration(rand.Float64()*retryJitter*float64(wait)))
		if !o.Uncounted {
			item.retries++
		}
	default:
		_ = a.forget(item) // it stays in the index, and the object is asked once more
		return
	}
	heap.Push(&a.queue, item)
	a.wait()
}

// close ends it; nothing rings any more.
func (a *alarms) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.over = true
	if a.timer != nil {
		a.timer.Stop()
	}
	a.index.Release()
}

// An alarmQueue is a heap, the next alarm first.
type alarmQueue []*alarm

func (q alarmQueue) Len() int           { return len(q) }
func (q alarmQueue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }
func (q alarmQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].place, q[j].place = i, j
}

// Push implements heap.Interface.
func (q *alarmQueue) Push(x any) {
	item := x.(*alarm)
	item.place = len(*q)
	*q = append(*q, item)
}

// Pop implements heap.Interface.
func (q *alarmQueue) Pop() any {
	last := len(*q) - 1
	item := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	item.place = -1
	return item
}
