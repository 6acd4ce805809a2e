package isolate_test

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/isolate"
)

// pageFaults returns how many pages this process has touched for the first time.
func pageFaults(t *testing.T) int64 {
	var usage syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage.Minflt
}

func TestMemoryOfClosedIsolatesIsUsedAgain(t *testing.T) {
	startEngine(t)
	const rounds = 20
	faults := func(between func()) int64 {
		before := pageFaults(t)
		for range rounds {
			isolate.New(nil, isolate.Memory{}).Close()
			between()
		}
		return (pageFaults(t) - before) / rounds
	}
	faults(func() {})
	kept := faults(func() {})
	trimmed := faults(isolate.Trim)
	require.Less(t, 2*kept, trimmed, "page faults per isolate")
}

// Isolates that live at the same time give back more than is kept.
func TestMemoryOfManyIsolates(t *testing.T) {
	startEngine(t)
	var all []*isolate.Isolate
	for range 3 {
		for len(all) < 40 {
			all = append(all, isolate.New(nil, isolate.Memory{}))
		}
		for _, i := range all[10:] {
			i.Close()
		}
		all = all[:10]
		isolate.Trim()
	}
	for _, i := range all {
		i.Close()
	}
}
