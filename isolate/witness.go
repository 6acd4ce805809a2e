package isolate

import (
	"sync"
	"sync/atomic"
	"unicode/utf8"
	"unsafe"
)

// A Witness notes in memory that outlives the process which isolates are in a turn, and of which worker. Whoever has the memory
// reads it with [Inside] when the process has died. One turn costs two stores.
type Witness struct {
	entries []entry

	mu   sync.Mutex // guards free
	free []*entry
}

// An entry is one isolate. Its layout is what [Inside] reads.
type entry struct {
	inside atomic.Uint32 // 1 during a turn
	length uint32
	name   [MaxWitnessName]byte
}

const (
	// MaxWitnessName is how many bytes of a name are kept; longer ones are cut at the beginning of a character.
	MaxWitnessName = 120
	entrySize      = int(unsafe.Sizeof(entry{}))
)

// WitnessSize is the memory in bytes for a number of isolates. Those beyond the number go unseen.
func WitnessSize(isolates int) int { return isolates * entrySize }

// NewWitness uses zeroed memory, which must be aligned to four bytes and stay for the life of all isolates.
func NewWitness(memory []byte) *Witness {
	w := &Witness{entries: entriesOf(memory)}
	for k := len(w.entries) - 1; k >= 0; k-- {
		w.free = append(w.free, &w.entries[k])
	}
	return w
}

func entriesOf(memory []byte) []entry {
	n := len(memory) / entrySize
	if n == 0 {
		return nil
	}
	// SAFETY: entry has no pointers, and the caller answers for size, alignment and life of the memory.
	return unsafe.Slice((*entry)(unsafe.Pointer(unsafe.SliceData(memory))), n)
}

// Inside gives the names of the isolates that were in a turn when the memory of a Witness was last written, each once.
func Inside(memory []byte) (names []string) {
	seen := make(map[string]bool)
	entries := entriesOf(memory)
	for k := range entries {
		e := &entries[k]
		if e.inside.Load() != 1 {
			continue
		}
		if name := string(e.name[:min(int(e.length), MaxWitnessName)]); !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// WitnessName is a name as a Witness keeps it.
func WitnessName(name string) string {
	if len(name) <= MaxWitnessName {
		return name
	}
	end := MaxWitnessName
	for end > 0 && !utf8.RuneStart(name[end]) {
		end--
	}
	return name[:end]
}

// Watch has the witness note the turns of an isolate from now on, under a name. It is called before the first message, once.
// A nil witness sees nothing.
func (w *Witness) Watch(i *Isolate, name string) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	n := len(w.free)
	if n == 0 {
		return
	}
	e := w.free[n-1]
	w.free = w.free[:n-1]
	e.length = uint32(copy(e.name[:], WitnessName(name)))
	i.inside, i.unwatch = &e.inside, func() { w.forget(e) }
}

func (w *Witness) forget(e *entry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e.inside.Store(0)
	w.free = append(w.free, e)
}
