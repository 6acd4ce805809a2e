package engine

// #include <stdint.h>
// #include <stdlib.h>
import "C"

import (
	"math"
	"unsafe"
)

// dyn_go_call answers a call op. The answer goes to the caller's buffer if it fits, else to memory that C++ frees.
//
//export dyn_go_call
func dyn_go_call(tag C.uint64_t, op C.uint32_t, args *C.uint8_t, argsLen C.size_t, out *C.uint8_t, capacity C.size_t, outLen *C.size_t) *C.uint8_t {
	space := unsafe.Slice((*byte)(out), int(capacity))
	var answer []byte
	if callbacks, ok := live.Load(uint64(tag)); ok {
		// SAFETY: both buffers are C++'s, alive for the duration of this call.
		answer = callbacks.(Callbacks).Call(uint32(op), unsafe.Slice((*byte)(args), int(argsLen)), space[:0])
	}
	*outLen = C.size_t(len(answer))
	if len(answer) == 0 || unsafe.SliceData(answer) == unsafe.SliceData(space) {
		return out
	}
	return (*C.uint8_t)(C.CBytes(answer))
}

// dyn_go_wake asks for a turn.
//
//export dyn_go_wake
func dyn_go_wake(tag C.uint64_t) {
	if callbacks, ok := live.Load(uint64(tag)); ok {
		callbacks.(Callbacks).Wake()
	}
}

// dyn_go_budget says what a request may still use.
//
//export dyn_go_budget
func dyn_go_budget(tag C.uint64_t, request C.uint32_t) C.int64_t {
	if callbacks, ok := live.Load(uint64(tag)); ok {
		return C.int64_t(max(callbacks.(Callbacks).Budget(uint32(request)), 0))
	}
	return math.MaxInt64
}

// dyn_go_stopped says that what runs has been told to stop while Go works for it.
//
//export dyn_go_stopped
func dyn_go_stopped(tag C.uint64_t) {
	if callbacks, ok := live.Load(uint64(tag)); ok {
		callbacks.(Callbacks).Stopped()
	}
}

// dyn_go_parked says that a turn never ends.
//
//export dyn_go_parked
func dyn_go_parked(tag C.uint64_t, request, reason C.uint32_t) {
	if callbacks, ok := live.Load(uint64(tag)); ok {
		callbacks.(Callbacks).Parked(uint32(request), StopReason(reason))
	}
}
