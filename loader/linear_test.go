package loader_test

import (
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A counted is an addition to a counter: what it gave, and between which moments.
type counted struct {
	value      int
	begin, end time.Time
}

// Additions of many clients happen one after the other, each between its begin and its end, while objects are evicted and across a restart:
// who asks when an answer is there gets a later number.
func TestCounterIsLinearizable(t *testing.T) {
	dir := t.TempDir()
	var mu sync.Mutex
	var all []counted
	for range 2 {
		p, stop := countingIn(t, dir, 2*time.Millisecond)
		var clients sync.WaitGroup
		for range 8 {
			clients.Add(1)
			go func() {
				defer clients.Done()
				for range 40 {
					c := counted{begin: time.Now()}
					text := string(p.get(t, "/linear/add"))
					c.end = time.Now()
					value, err := strconv.Atoi(text)
					if err != nil {
						t.Errorf("%q", text)
						return
					}
					c.value = value
					mu.Lock()
					all = append(all, c)
					mu.Unlock()
				}
			}()
		}
		clients.Wait()
		stop()
	}
	slices.SortFunc(all, func(a, b counted) int { return a.value - b.value })
	var latest time.Time // begin of an addition with a lower number
	for k, c := range all {
		require.Equal(t, k+1, c.value, "each number once")
		require.False(t, c.end.Before(latest), "%d was given before a lower number was asked for", c.value)
		if c.begin.After(latest) {
			latest = c.begin
		}
	}
}
