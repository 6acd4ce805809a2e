package loader

import (
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
	"github.com/dynos-run/dynos/polyfills"
)

// NewestCompatibilityDate is the newest compatibility date that this version knows.
const NewestCompatibilityDate = "2026-11-24"

// A compatFlag is one row of compatTable.
type compatFlag struct {
	// Name switches the flag on, Off switches it off; Off may be empty.
	Name, Off string
	// From is the date from which it is on by default; empty for never.
	From string
	// With names the flag that must be on for From to apply; empty for none.
	With string
	// Experimental flags need the caller's consent.
	Experimental bool
}

var (
	compatByName = indexCompat(func(f *compatFlag) string { return f.Name })
	compatByOff  = indexCompat(func(f *compatFlag) string { return f.Off })
	compatDate   = regexp.MustCompile(`^2\d{3}-(\d\d)-(\d\d)$`)
)

func indexCompat(key func(*compatFlag) string) map[string]*compatFlag {
	index := make(map[string]*compatFlag, len(compatTable))
	for i := range compatTable {
		if k := key(&compatTable[i]); k != "" {
			index[k] = &compatTable[i]
		}
	}
	return index
}

// compat is the set of flags that are on, by enable name.
type compat map[string]bool

// resolveCompat checks date and flags and returns what they switch on, those implied included. The errors are the platform's, and so is
// which of several comes first.
func resolveCompat(date string, flags []string, experimental bool, today time.Time) (compat, *failure) {
	seen := make(map[string]bool, len(flags))
	for _, name := range flags {
		if seen[name] {
			return nil, hostError("Compatibility flag specified multiple times: %s", name)
		}
		seen[name] = true
	}
	if f := checkDate(date, today); f != nil {
		return nil, f
	}
	said, f := readFlags(flags, experimental)
	if f != nil {
		return nil, f
	}
	return compatOn(date, said), nil
}

// HasCompatibilityFlag says whether a date and flags, given as those of a [Worker], switch a flag on, by themselves or because another
// flag does. It is false for a date or flags that New would refuse.
func HasCompatibilityFlag(date string, flags []string, name string) bool {
	on, f := resolveCompat(date, flags, true, time.Now())
	return f == nil && on[name]
}

// readFlags gives what is said of each flag: enable name → on or off.
func readFlags(flags []string, experimental bool) (map[string]bool, *failure) {
	said := make(map[string]bool, len(flags))
	var unknown, contradictory *failure
	for _, name := range flags {
		flag, on := compatByName[name], true
		if flag == nil {
			flag, on = compatByOff[name], false
		}
		if flag == nil {
			if unknown == nil {
				unknown = hostError("No such compatibility flag: %s", name)
			}
			continue
		}
		if on && flag.Experimental && !experimental {
			return nil, hostError("The compatibility flag %s is experimental and may break or be removed in a future version of workerd. "+
				"To use this flag, you must pass --experimental on the command line.", name)
		}
		if _, both := said[flag.Name]; both && contradictory == nil {
			contradictory = hostError("Compatibility flags are mutually contradictory: %s vs %s", flag.Name, flag.Off)
		}
		said[flag.Name] = on
	}
	if contradictory != nil {
		return nil, contradictory
	}
	return said, unknown
}

// compatOn computes the flags that are on; a flag may depend on one that stands later in the table, so it goes on until nothing changes.
func compatOn(date string, said map[string]bool) compat {
	on := compat{}
	for changed := true; changed; {
		changed = false
		for i := range compatTable {
			f := &compatTable[i]
			given, ok := said[f.Name]
			want := given || !ok && f.From != "" && f.From <= date && (f.With == "" || on[f.With])
			if f.Name == "nodejs_compat_v2" && !ok && on["nodejs_compat"] && date >= "2024-09-23" {
				want = true
			}
			if want && !on[f.Name] {
				on[f.Name] = true
				changed = true
			}
		}
	}
	return on
}

// scriptFlags are the flags that polyfills ask for.
var scriptFlags = sync.OnceValue(func() []string {
	words, _ := polyfills.FlagsRead()
	return slices.DeleteFunc(words, func(word string) bool { return compatByName[word] == nil })
})

// names returns those of the flags that polyfills ask for, sorted: a realm is told of these only, since each costs it a string.
func (c compat) names() []string {
	list := []string{}
	for _, name := range scriptFlags() {
		if c[name] {
			list = append(list, name)
		}
	}
	return list
}

// encode appends every flag, in the order of the table, and whether it is on.
func (c compat) encode(b *ops.Batch) {
	b.Array(2 * len(compatTable))
	for i := range compatTable {
		b.String(compatTable[i].Name)
		b.Bool(c[compatTable[i].Name])
	}
}

// compatFlags answers op_compat_flags.
func (i *instance) compatFlags(answer *ops.Batch) {
	isolate.CallResult(answer)
	i.def.flags.encode(answer)
}

// A compatCache remembers what date and flags switch on: dynamic workers come with the same ones again and again.
type compatCache struct {
	mu    sync.Mutex // guards known
	known map[string]compat
}

const maxCompatCache = 64

// resolve is [resolveCompat] at the time of the call.
func (c *compatCache) resolve(date string, flags []string, experimental bool) (compat, *failure) {
	key := strconv.AppendBool(strconv.AppendQuote(nil, date), experimental)
	for _, flag := range flags {
		key = strconv.AppendQuote(key, flag)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if on, ok := c.known[string(key)]; ok {
		return on, nil
	}
	on, f := resolveCompat(date, flags, experimental, time.Now())
	if f != nil {
		return nil, f
	}
	if c.known == nil || len(c.known) >= maxCompatCache {
		c.known = make(map[string]compat)
	}
	c.known[string(key)] = on
	return on, nil
}

func checkDate(date string, today time.Time) *failure {
	m := compatDate.FindStringSubmatch(date)
	if m == nil {
		return hostError("Invalid compatibility date: %s", date)
	}
	month, _ := strconv.Atoi(m[1])
	day, _ := strconv.Atoi(m[2])
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return hostError("Invalid compatibility date: %s", date)
	}
	now := today.UTC().Format("2006-01-02")
	switch {
	case date > NewestCompatibilityDate:
		return hostError("This Worker requires compatibility date %q, but the newest date supported by this server binary is %q.", date, NewestCompatibilityDate)
	case date > now:
		return hostError("Can't set compatibility date in the future: %q. Today's date (UTC) is %q.", date, now)
	}
	return nil
}
