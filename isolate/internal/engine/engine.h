// The C ABI of the engine: plain structs, pointer and length. Only .cc files see V8.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dyn_isolate dyn_isolate;

// One polyfill. The memory must live as long as the process: isolates read the text in place.
typedef struct {
  const char* id;
  size_t id_len;
  const char* text;
  size_t text_len;
} dyn_source;

enum {
  DYN_OK = 0,          // the turn ran to its end
  DYN_TERMINATED = 1,  // dyn_terminate stopped it; the isolate must be disposed
};

// Why it was stopped.
enum {
  DYN_STOP_NOT = 0,
  DYN_STOP_FORCED = 1,  // dyn_terminate
  DYN_STOP_CPU = 2,     // the budget of its request was used up
  DYN_STOP_MEMORY = 3,  // buffers and Wasm memory
  DYN_STOP_HEAP = 4,    // the JavaScript heap
  DYN_STOP_CRASH = 5,   // V8 could not go on
};

// Processor time that a turn has used, in nanoseconds. Many short messages are charged to one of them.
typedef struct {
  uint64_t ns;
  uint32_t request;
  uint32_t reserved;
} dyn_spent;

// What a turn left. `out` is the isolate's and valid until its next turn or its disposal.
typedef struct {
  const uint8_t* out;
  size_t out_len;
  const dyn_spent* spent;
  size_t spent_len;
  uint64_t busy_ns;  // wall time in messages
  uint32_t status;
  uint32_t stop;             // DYN_STOP_...
  uint32_t stopped_request;  // whose message ran then
} dyn_turn_result;

typedef struct {
  uint64_t used_heap_bytes;
  uint64_t total_heap_bytes;
  uint64_t external_bytes;
} dyn_heap;

// Starts V8 for the process: sets flags, builds the snapshot from the sources, keeps an anchor isolate.
// Returns NULL, or a message that the caller frees with free(). Call once.
char* dyn_init(const char* flags, const dyn_source* sources, size_t count);

// Size in bytes of the startup snapshot.
size_t dyn_snapshot_size(void);

// A static string such as "13.6.233.10".
const char* dyn_v8_version(void);

// Makes an isolate with its realm. `tag` names it in calls back to Go. max_heap_bytes limits the heap, max_external_bytes buffers
// and Wasm memory; 0 means V8's default, and no limit.
dyn_isolate* dyn_isolate_new(uint64_t tag, size_t max_heap_bytes, size_t max_external_bytes);

// Frees it. No turn may be running.
void dyn_isolate_dispose(dyn_isolate* isolate);

// The struct that dyn_turn fills; it lives as long as the isolate.
dyn_turn_result* dyn_isolate_result(dyn_isolate* isolate);

// One turn: delivers the messages, runs microtasks to their end after each, collects outgoing ops.
// At most one thread at a time; any thread.
void dyn_turn(dyn_isolate* isolate, const uint8_t* in, size_t in_len);

// Stops the JavaScript that runs, from any thread. While idle it stops the next turn.
void dyn_terminate(dyn_isolate* isolate);

// Figures of the heap. Between turns only.
void dyn_heap_stats(dyn_isolate* isolate, dyn_heap* heap);

// Asks V8 to collect garbage. Between turns only.
void dyn_collect_garbage(dyn_isolate* isolate);

// Gives the kernel the memory of disposed isolates that is kept for the next ones. Any thread.
void dyn_trim(void);

#ifdef __cplusplus
}
#endif
