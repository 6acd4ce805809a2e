package isolate

import (
	"github.com/dynos-run/dynos/isolate/internal/engine"
)

// A Source is the text of one polyfill.
type Source = engine.Source

// Start brings V8 up with the polyfills and makes the startup snapshot, once per process (15 to 40 ms). Later calls return
// the first result, whatever their argument.
func Start(sources []Source) error { return engine.Init(sources) }

// V8Version returns the version of the engine, for example "13.6.233.10".
func V8Version() string { return engine.Version() }

// SnapshotSize returns the size of the startup snapshot in bytes.
func SnapshotSize() int { return engine.SnapshotSize() }

// Trim gives the operating system the memory of closed isolates that is kept for the next ones, some 20 MB at most, and what the C heap has free. It is for a
// process that will make none for a while.
func Trim() { engine.Trim() }
