package loader

import "time"

// A volume is how much an instance has logged in the minute that it counts.
type volume struct {
	since time.Time
	bytes int
}

// What a record does to a volume.
const (
	volumeFits    = iota
	volumeReached // for the first time in the minute
	volumeOver
)

// logOverhead is what a record counts for besides its text.
const logOverhead = 32

func (v *volume) add(now time.Time, size int) int {
	if now.Sub(v.since) >= time.Minute {
		v.since, v.bytes = now, 0
	}
	before := v.bytes
	v.bytes += size + logOverhead
	switch {
	case v.bytes <= maxLogBytes:
		return volumeFits
	case before <= maxLogBytes:
		return volumeReached
	}
	return volumeOver
}
