package main

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"github.com/dynos-run/dynos/loader"
)

// newLog returns what prints the records of workers: text as it is, warnings and errors to the error stream; or one JSON object
// a line with time, worker, level and text.
func newLog(s streams, format string) func(loader.Record) {
	var mu sync.Mutex
	return func(r loader.Record) {
		var to io.Writer = s.out
		if r.Level == loader.LevelWarn || r.Level == loader.LevelError {
			to = s.err
		}
		var line []byte
		if format == "json" {
			line, _ = json.Marshal(map[string]any{"time": time.Now().UTC(), "worker": r.Worker, "level": r.Level, "text": r.Text})
		} else {
			line = []byte(r.Text)
		}
		mu.Lock()
		defer mu.Unlock()
		_, _ = to.Write(append(line, '\n'))
	}
}
