package loader

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var today = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// Checklist: 30.
func TestCompatibilityErrors(t *testing.T) {
	for _, c := range []struct {
		date  string
		flags []string
		want  string
	}{
		{"yesterday", nil, "Invalid compatibility date: yesterday"},
		{"", nil, "Invalid compatibility date: "},
		{"2026-13-01", nil, "Invalid compatibility date: 2026-13-01"},
		{"2099-01-01", nil, `This Worker requires compatibility date "2099-01-01", but the newest date supported by this server binary is "` + NewestCompatibilityDate + `".`},
		{"2026-11-21", nil, `Can't set compatibility date in the future: "2026-11-21". Today's date (UTC) is "2026-11-20".`},
		{"1999-12-31", nil, "Invalid compatibility date: 1999-12-31"},
		{"2026-01-01", []string{"no_such_flag"}, "No such compatibility flag: no_such_flag"},
		{"yesterday", []string{"no_such_flag", "no_such_flag"}, "Compatibility flag specified multiple times: no_such_flag"},
		{"yesterday", []string{"no_such_flag"}, "Invalid compatibility date: yesterday"},
		{"2026-01-01", []string{"no_such_flag", "rpc", "no_rpc"}, "Compatibility flags are mutually contradictory: rpc vs no_rpc"},
		{"2026-01-01", []string{"nodejs_compat", "nodejs_compat"}, "Compatibility flag specified multiple times: nodejs_compat"},
		{"2026-01-01", []string{"enable_ctx_exports", "disable_ctx_exports"}, "Compatibility flags are mutually contradictory: enable_ctx_exports vs disable_ctx_exports"},
		{"2026-01-01", []string{"experimental"}, "The compatibility flag experimental is experimental and may break or be removed in a future version of workerd. To use this flag, you must pass --experimental on the command line."},
	} {
		_, f := resolveCompat(c.date, c.flags, false, today)
		require.NotNil(t, f, c.want)
		require.Equal(t, c.want, f.message)
	}
}

// Each dated flag is off the day before its date and on from it; its names win over the date.
func TestCompatibilityFlagsFollowTheirDates(t *testing.T) {
	for _, f := range compatTable {
		if f.Experimental {
			continue
		}
		on := func(date string, flags ...string) bool {
			got, fail := resolveCompat(date, flags, false, today)
			require.Nil(t, fail, f.Name)
			return got[f.Name]
		}
		require.True(t, on("2021-01-01", f.Name), f.Name)
		if f.Off != "" {
			require.False(t, on("2026-11-01", f.Off), f.Name)
		}
		if f.From == "" || f.With != "" || f.From > "2026-11-20" || f.Name == "nodejs_compat_v2" {
			continue
		}
		date, err := time.Parse("2006-01-02", f.From)
		require.NoError(t, err)
		require.False(t, on(date.AddDate(0, 0, -1).Format("2006-01-02")), f.Name)
		require.True(t, on(f.From), f.Name)
	}
}

func TestCompatibilityFlagsImplyOthers(t *testing.T) {
	for date, want := range map[string]bool{"2024-09-22": false, "2024-09-23": true} {
		got, f := resolveCompat(date, []string{"nodejs_compat"}, false, today)
		require.Nil(t, f)
		require.Equal(t, want, got["nodejs_compat_v2"], date)
	}
	got, f := resolveCompat("2025-09-20", []string{"nodejs_compat"}, false, today)
	require.Nil(t, f)
	require.True(t, got["enable_nodejs_http_server_modules"], "implied by a flag that is implied")
}

func TestCompatTableNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range compatTable {
		for _, name := range []string{f.Name, f.Off} {
			require.False(t, name != "" && seen[name], name)
			seen[name] = true
		}
	}
}

func TestRealmsHearOfFlagsThatPolyfillsAskFor(t *testing.T) {
	require.Contains(t, scriptFlags(), "enable_ctx_exports")
	require.NotContains(t, scriptFlags(), "r2_list_honor_include")
	require.Equal(t, []string{"enable_ctx_exports"}, compat{"enable_ctx_exports": true, "r2_list_honor_include": true}.names())
}

func TestCompatCacheAnswersAsTheTable(t *testing.T) {
	var cache compatCache
	for range 2 {
		for _, flags := range [][]string{nil, {"nodejs_compat"}, {"no_such_flag"}, {`a" "b`}, {"a", "b"}} {
			want, wantFailure := resolveCompat("2026-01-01", flags, false, time.Now())
			got, f := cache.resolve("2026-01-01", flags, false)
			require.Equal(t, want, got)
			require.Equal(t, wantFailure, f)
		}
	}
	_, f := cache.resolve("2026-01-01", []string{"experimental"}, false)
	require.NotNil(t, f)
	_, f = cache.resolve("2026-01-01", []string{"experimental"}, true)
	require.Nil(t, f)
	for k := range 2 * maxCompatCache {
		_, f = cache.resolve(time.Date(2024, 1, k, 0, 0, 0, 0, time.UTC).Format("2006-01-02"), nil, false)
		require.Nil(t, f)
	}
	require.LessOrEqual(t, len(cache.known), maxCompatCache)
}
