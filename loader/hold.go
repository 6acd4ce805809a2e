package loader

import (
	"maps"
	"time"

	"github.com/dynos-run/dynos/isolate"
)

// errHeldText is how the caller of a worker that is held back sees that. The server answers 503.
const errHeldText = "The worker is held back for a while, because the process ended several times while it ran."

// A hold is when a worker may run again.
type hold struct {
	until   time.Time
	failure *failure
}

// Witnesses is the memory, in bytes, that Config.Witness needs for a number of isolates.
func Witnesses(isolates int) int { return isolate.WitnessSize(isolates) }

// Running gives the identities of the workers whose JavaScript ran when the memory of a Config.Witness was last written. The name is
// that of the configuration; dynamic workers are "dynamic:ID", or "dynamic of NAME" if they have no id. Long ones are cut.
func Running(memory []byte) []string { return isolate.Inside(memory) }

// identity is what a worker is called in the memory of Config.Witness, and by Hold.
func (w *worker) identity() string {
	switch {
	case w.anonymous:
		return "dynamic of " + w.loadedBy
	case w.dynamic:
		return "dynamic:" + w.name
	}
	return w.name
}

// loaderName is whom the anonymous workers of this one are said to be of: its name, or that of the first one with a name that led here.
func (w *worker) loaderName() string {
	if w.anonymous {
		return w.loadedBy
	}
	return w.identity()
}

// Hold refuses a worker until a time: calls fail, requests of the server are answered with 503 and Retry-After. What runs goes on. The
// identity is one that [Running] gives. A time that has passed ends it.
func (rt *Runtime) Hold(identity string, until time.Time) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	now := time.Now()
	list := map[string]hold{}
	if old := rt.held.Load(); old != nil {
		list = maps.Clone(*old)
	}
	maps.DeleteFunc(list, func(_ string, h hold) bool { return !h.until.After(now) })
	delete(list, identity)
	if until.After(now) {
		list[identity] = hold{until, &failure{class: "Error", message: errHeldText, retryAt: until}}
	}
	if len(list) == 0 {
		rt.held.Store(nil) // so that nobody has to look
		return
	}
	rt.held.Store(&list)
}

// heldBack gives the failure of a worker that is refused now; else nil.
func (w *worker) heldBack() *failure {
	list := w.rt.held.Load()
	if list == nil {
		return nil
	}
	h, ok := (*list)[isolate.WitnessName(w.identity())]
	if !ok || !h.until.After(time.Now()) {
		return nil
	}
	return h.failure
}
