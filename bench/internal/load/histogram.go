package load

import (
	"math/bits"
	"time"
)

// Each power of two of nanoseconds is cut in 2^precision buckets: a quantile is right to 3 %.
const (
	precision = 5
	perPower  = 1 << precision
)

// A Histogram counts durations. The zero value is ready; its size is fixed, so that counting does not allocate.
type Histogram struct {
	counts [(64 - precision) * perPower]uint64
	total  uint64
}

// Add counts one duration.
func (h *Histogram) Add(d time.Duration) {
	h.counts[bucket(uint64(max(d, 0)))]++
	h.total++
}

// Merge adds the counts of another histogram.
func (h *Histogram) Merge(other *Histogram) {
	for i, n := range other.counts {
		h.counts[i] += n
	}
	h.total += other.total
}

// Quantile is the duration that the fraction q of all durations does not exceed; 0 if there are none.
func (h *Histogram) Quantile(q float64) time.Duration {
	rank := uint64(q * float64(h.total))
	var seen uint64
	for i, n := range h.counts {
		seen += n
		if n > 0 && seen >= rank {
			return time.Duration(middle(i))
		}
	}
	return 0
}

func bucket(v uint64) int {
	if v < perPower {
		return int(v)
	}
	power := bits.Len64(v) - precision - 1
	return power*perPower + int(v>>power)
}

// middle is the inverse of bucket.
func middle(i int) uint64 {
	if i < 2*perPower {
		return uint64(i)
	}
	power := i/perPower - 1
	return uint64(i%perPower+perPower)<<power + 1<<power/2
}
