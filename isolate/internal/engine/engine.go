// Package engine is the only cgo of the tree: V8 behind a handful of C functions.
//
// Everything above it speaks bytes (package ops). An [Isolate] is used by one goroutine at a time, on any thread.
package engine

// #cgo CXXFLAGS: -std=c++20 -O2 -fno-rtti -fno-exceptions -fPIC -Wall -I${SRCDIR}/v8include
// #cgo CXXFLAGS: -DV8_COMPRESS_POINTERS -DV8_31BIT_SMIS_ON_64BIT_ARCH -DV8_ENABLE_SANDBOX
// #cgo CXXFLAGS: -DV8_DEPRECATION_WARNINGS -DV8_IMMINENT_DEPRECATION_WARNINGS
// #cgo CFLAGS: -O2 -Wall
// #cgo LDFLAGS: -Wl,--wrap=mmap64 -Wl,--wrap=munmap -Wl,--wrap=mprotect -Wl,--wrap=madvise
// #cgo noescape dyn_turn
// #include <stdlib.h>
// #include <string.h>
// #include "engine.h"
import "C"

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	_ "rogchap.com/v8go" // brings the V8 library and its link flags
)

// A Source is the text of one polyfill: ASCII, and never changed.
type Source struct {
	// ID is its path below polyfills without ".js".
	ID string
	// Text is the function body.
	Text string
}

// Flags that V8 is started with; v8go is never initialised, so these are all. The two of tiers keep a worker that has answered once
// from compiling what ran some times in that one request. V8 would end the process, without asking, when collections near the heap
// limit free little; the limit answers that. This V8 loses the checks for termination of some loops that it unrolls.
const flags = "--no-memory-protection-keys --rehash-snapshot --js-explicit-resource-management --js-float16array --js-base-64 " +
	"--js-source-phase-imports --enable-experimental-regexp-engine-on-excessive-backtracks --wasm-max-mem-pages=2048 " +
	"--baseline-batch-compilation-threshold=32768 --regexp-tier-up-ticks=10 " +
	"--no-detect-ineffective-gcs-near-heap-limit --no-turboshaft-loop-unrolling"

var (
	initOnce sync.Once
	initErr  error
)

// Init starts V8 with the polyfills, once per process; later calls return the first result.
// The sources are copied.
func Init(sources []Source) error {
	initOnce.Do(func() { initErr = start(sources) })
	return initErr
}

func start(sources []Source) error {
	list := (*C.dyn_source)(C.calloc(C.size_t(len(sources)+1), C.sizeof_dyn_source))
	defer C.free(unsafe.Pointer(list))
	for i, s := range unsafe.Slice(list, len(sources)) {
		_ = s
		entry := &unsafe.Slice(list, len(sources))[i]
		entry.id, entry.id_len = C.CString(sources[i].ID), C.size_t(len(sources[i].ID))
		entry.text, entry.text_len = C.CString(sources[i].Text), C.size_t(len(sources[i].Text))
	}
	options := C.CString(flags)
	defer C.free(unsafe.Pointer(options))
	if message := C.dyn_init(options, list, C.size_t(len(sources))); message != nil {
		defer C.free(unsafe.Pointer(message))
		return errors.New(C.GoString(message))
	}
	return nil
}

// Version returns V8's version.
func Version() string { return C.GoString(C.dyn_v8_version()) }

// SnapshotSize returns the size of the startup snapshot in bytes.
func SnapshotSize() int { return int(C.dyn_snapshot_size()) }

// Callbacks is what an isolate asks of Go.
type Callbacks interface {
	// Call answers a call op while JavaScript waits, on the turn's thread: it appends encoded values to answer, a
	// boolean and the result, or false, class and message. The arguments are valid during the call.
	Call(op uint32, args, answer []byte) []byte
	// Budget is the processor time that a request may still use, for one that has run a while. Any thread; it must not block.
	Budget(request uint32) time.Duration
	// Stopped says that a Call goes on although its JavaScript has been told to stop, until it ends. Any thread; it must not block.
	Stopped()
	// Parked says that a turn never ends: V8 could not go on, or did not stop when it was told to. The isolate must not be disposed.
	// Any thread; it must not block.
	Parked(request uint32, reason StopReason)
	// Wake says that V8 has work for the isolate, which should get a turn. Any thread; it must not block.
	Wake()
}

// live maps tags to callbacks; C knows tags only.
var (
	live    sync.Map // uint64 → Callbacks
	lastTag atomic.Uint64
)

// An Isolate is one V8 isolate with its realm.
type Isolate struct {
	handle *C.dyn_isolate
	result *C.dyn_turn_result
	tag    uint64
}

// Memory limits an isolate, in bytes.
type Memory struct {
	// Heap is the JavaScript heap; 0 is V8's default, and then an isolate that needs more loses its thread.
	Heap int
	// External is memory of buffers and of Wasm; 0 is no limit.
	External int
}

// New makes an isolate from the snapshot.
func New(callbacks Callbacks, limits Memory) *Isolate {
	tag := lastTag.Add(1)
	live.Store(tag, callbacks)
	handle := C.dyn_isolate_new(C.uint64_t(tag), C.size_t(limits.Heap), C.size_t(limits.External))
	return &Isolate{handle: handle, result: C.dyn_isolate_result(handle), tag: tag}
}

// Turn delivers messages and returns the ops they caused, and whether the isolate is still usable. The
// result is valid until the next Turn or Dispose.
func (i *Isolate) Turn(in []byte) (out []byte, ok bool) {
	C.dyn_turn(i.handle, (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(in))), C.size_t(len(in)))
	return unsafe.Slice((*byte)(i.result.out), int(i.result.out_len)), i.result.status == C.DYN_OK
}

// A StopReason says why an isolate's JavaScript was stopped by force.
type StopReason uint8

// Reasons of a stop.
const (
	// StopForced: Terminate was called.
	StopForced StopReason = C.DYN_STOP_FORCED
	// StopCPU: the budget of a request was used up.
	StopCPU StopReason = C.DYN_STOP_CPU
	// StopMemory: the isolate has more than its Memory.External.
	StopMemory StopReason = C.DYN_STOP_MEMORY
	// StopHeap: the isolate has more than its Memory.Heap.
	StopHeap StopReason = C.DYN_STOP_HEAP
	// StopCrash: V8 could not go on.
	StopCrash StopReason = C.DYN_STOP_CRASH
)

// Stop says why the last turn was stopped, and during which request's message; 0 if that was none's.
func (i *Isolate) Stop() (reason StopReason, request uint32) {
	reason = StopReason(i.result.stop)
	if reason == C.DYN_STOP_NOT {
		reason = StopForced
	}
	return reason, uint32(i.result.stopped_request)
}

// BusyTime is how long the messages of the last turn took.
func (i *Isolate) BusyTime() time.Duration { return time.Duration(i.result.busy_ns) }

// Spent calls f with the processor time that the last turn has used for each request. Requests with little may be missing, and
// others have it instead, so that over many turns the sums are right.
func (i *Isolate) Spent(f func(request uint32, used time.Duration)) {
	if i.result.spent_len == 0 {
		return
	}
	for _, s := range unsafe.Slice(i.result.spent, int(i.result.spent_len)) {
		f(uint32(s.request), time.Duration(s.ns))
	}
}

// Terminate stops the JavaScript that runs, or else the next turn. Any thread, until Dispose.
func (i *Isolate) Terminate() { C.dyn_terminate(i.handle) }

// Heap is a reading of an isolate's memory, in bytes.
type Heap struct {
	// Used and Total are the JavaScript heap; External is memory outside that it keeps alive.
	Used, Total, External uint64
}

// Heap reads the isolate's memory figures. Between turns.
func (i *Isolate) Heap() Heap {
	var h C.dyn_heap
	C.dyn_heap_stats(i.handle, &h)
	return Heap{uint64(h.used_heap_bytes), uint64(h.total_heap_bytes), uint64(h.external_bytes)}
}

// CollectGarbage asks V8 for a full collection. Between turns.
func (i *Isolate) CollectGarbage() { C.dyn_collect_garbage(i.handle) }

// Trim gives the kernel the memory of disposed isolates that is kept for the next ones. Any thread.
func Trim() { C.dyn_trim() }

// Dispose frees the isolate. No turn may be running; nothing may be called afterwards.
func (i *Isolate) Dispose() {
	live.Delete(i.tag)
	C.dyn_isolate_dispose(i.handle)
	i.handle, i.result = nil, nil
}
