package isolate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// peeking is a handler that looks at the memory of a witness when a turn is over.
type peeking struct{ memory []byte }

func (p peeking) HandleOps(*isolate.Runner, *ops.Reader)          {}
func (p peeking) Call(_ ops.ID, _ *ops.Reader, answer *ops.Batch) { isolate.CallResult(answer) }
func (p peeking) Budget(uint32) time.Duration                     { return time.Hour }
func (p peeking) Spent(*isolate.Runner, uint32, time.Duration)    {}
func (p peeking) Stopping()                                       {}
func (p peeking) Terminated(*isolate.Runner, isolate.Stop)        {}

func TestWitnessOutOfTurns(t *testing.T) {
	startEngine(t)
	memory := make([]byte, isolate.WitnessSize(2))
	w := isolate.NewWitness(memory)
	for range 3 { // an entry is used again when its isolate is gone
		a, b, c := isolate.New(peeking{memory}, isolate.Memory{}), isolate.New(peeking{memory}, isolate.Memory{}), isolate.New(peeking{memory}, isolate.Memory{})
		w.Watch(a, "a")
		w.Watch(b, strings.Repeat("é", 100))
		w.Watch(c, "beyond the memory")
		require.Empty(t, isolate.Inside(memory))
		require.Equal(t, 2, entriesNamed(memory))
		a.Close()
		b.Close()
		c.Close()
	}
	var none *isolate.Witness
	i := isolate.New(peeking{}, isolate.Memory{})
	none.Watch(i, "nobody sees it")
	i.Close()
}

// entriesNamed counts the entries that have a name.
func entriesNamed(memory []byte) (n int) {
	for at := 0; at < len(memory); at += isolate.WitnessSize(1) {
		if memory[at+4] != 0 {
			n++
		}
	}
	return n
}

func TestInsideReadsWhatWasLeft(t *testing.T) {
	memory := make([]byte, isolate.WitnessSize(4))
	put := func(k int, inside byte, name string) {
		e := memory[k*isolate.WitnessSize(1):]
		e[0], e[4] = inside, byte(len(name))
		copy(e[8:], name)
	}
	put(0, 1, "killer")
	put(1, 0, "idle")
	put(2, 1, "killer")
	put(3, 1, "other")
	require.Equal(t, []string{"killer", "other"}, isolate.Inside(memory))
	memory[5] = 0xff // a length that no name has
	require.Len(t, isolate.Inside(memory)[0], isolate.MaxWitnessName)
	require.Empty(t, isolate.Inside(nil))
	require.Empty(t, isolate.Inside(memory[:10]))
}

func TestWitnessNameEndsWithACharacter(t *testing.T) {
	require.Equal(t, "short", isolate.WitnessName("short"))
	require.Equal(t, strings.Repeat("a", 119), isolate.WitnessName(strings.Repeat("a", 119)+"é"))
	require.Equal(t, strings.Repeat("é", 60), isolate.WitnessName(strings.Repeat("é", 61)))
}
