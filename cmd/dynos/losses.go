package main

import (
	"fmt"
	"time"

	"github.com/dynos-run/dynos/loader"
)

const (
	// maxLost is how many isolates an engine may lose. Each keeps its memory, which may be hundreds of megabytes.
	maxLost = 3
	// lossInterval is how often an engine looks.
	lossInterval = 500 * time.Millisecond
)

// watchLosses has the engine replaced when it has lost some isolates.
func (e *engine) watchLosses() {
	for loader.Lost() < maxLost {
		<-time.After(lossInterval)
	}
	e.retire(fmt.Sprintf("it has lost %d isolates in which V8 could not go on", loader.Lost()))
}
