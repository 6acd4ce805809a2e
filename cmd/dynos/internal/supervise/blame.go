package supervise

import (
	"slices"
	"time"

	"github.com/dynos-run/dynos/cmd/dynos/internal/control"
)

// A worker that ran when an engine died by its own fault is a suspect; who was alone counts fully, and two full counts are enough.
const (
	// holdFrom is the count from which a worker is refused.
	holdFrom = 2.0
	// firstHold is the time of the first refusal. Each further one is twice as long, up to maxHold.
	firstHold = 2 * time.Second
	maxHold   = 5 * time.Minute
	// forgetAfter a time without another death, counted from the end of the refusal, a worker has a clean record.
	forgetAfter = 10 * time.Minute
	// maxRecords bounds the memory for workers with ever new names.
	maxRecords = 1000
)

// A record is what is known of one suspect.
type record struct {
	count float64
	holds int
	last  time.Time // it ran when an engine died
	until time.Time // it is refused
}

// blame is the records by identity.
type blame map[string]*record

// strike counts a death against those who ran, and returns who is refused for it.
func (b blame) strike(suspects []string, now time.Time) (held []control.Held) {
	b.forget(now)
	for _, name := range suspects {
		r := b[name]
		if r == nil {
			r = &record{}
			b[name] = r
		}
		r.count += 1 / float64(len(suspects))
		r.last = now
		if r.count < holdFrom {
			continue
		}
		r.until = now.Add(min(maxHold, firstHold<<min(r.holds, 20)))
		r.holds++
		held = append(held, control.Held{Worker: name, Until: r.until.UnixMilli()})
	}
	return held
}

// held are those who are refused now, for an engine that has not heard of them.
func (b blame) held(now time.Time) (list []control.Held) {
	for name, r := range b {
		if r.until.After(now) {
			list = append(list, control.Held{Worker: name, Until: r.until.UnixMilli()})
		}
	}
	slices.SortFunc(list, func(x, y control.Held) int { return int(y.Until - x.Until) })
	return list[:min(len(list), maxTold)]
}

// maxTold bounds a message; those that are refused longest come first.
const maxTold = 50

// forget drops old records, and the oldest if there are too many.
func (b blame) forget(now time.Time) {
	var oldest string
	for name, r := range b {
		if now.Sub(r.last) > forgetAfter && now.Sub(r.until) > forgetAfter {
			delete(b, name)
		} else if oldest == "" || r.last.Before(b[oldest].last) {
			oldest = name
		}
	}
	if len(b) >= maxRecords {
		delete(b, oldest)
	}
}
