package supervise

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBlameGrows(t *testing.T) {
	b, now := blame{}, time.Unix(1e9, 0)
	require.Empty(t, b.strike([]string{"killer"}, now), "one death may be bad luck")
	want := firstHold
	for range 12 {
		held := b.strike([]string{"killer"}, now)
		require.Len(t, held, 1)
		require.Equal(t, now.Add(want).UnixMilli(), held[0].Until)
		require.Equal(t, held, b.held(now))
		now = now.Add(want)
		require.Empty(t, b.held(now), "it may try again")
		want = min(2*want, maxHold)
	}
	require.Equal(t, maxHold, want)
	require.Empty(t, b.strike([]string{"killer"}, now.Add(forgetAfter+time.Second)), "forgotten")
}

// Who only happened to run beside the killer is refused later than the killer, which ran each time.
func TestBlameIsShared(t *testing.T) {
	b, now := blame{}, time.Unix(1e9, 0)
	for k := range 3 {
		require.Empty(t, b.strike([]string{"killer", fmt.Sprint("bystander", k)}, now))
	}
	held := b.strike([]string{"killer", "bystander"}, now)
	require.Len(t, held, 1)
	require.Equal(t, "killer", held[0].Worker)
	require.Empty(t, b.strike(nil, now))
}

func TestBlameIsBounded(t *testing.T) {
	b, now := blame{}, time.Unix(1e9, 0)
	for k := range 3 * maxRecords {
		now = now.Add(time.Millisecond)
		b.strike([]string{fmt.Sprint("w", k)}, now)
		b.strike([]string{fmt.Sprint("w", k)}, now)
	}
	require.LessOrEqual(t, len(b), maxRecords)
	require.Len(t, b.held(now), maxTold)
}
