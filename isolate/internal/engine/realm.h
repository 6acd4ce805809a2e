// One isolate with its one realm: what all .cc files of the engine share.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "code_cache.h"
#include "codec.h"
#include "engine.h"
#include "v8.h"

// Implemented in Go: a call op, while JavaScript waits. The answer is encoded values: a boolean, then the result, or
// class and message of the error. It is written to `out` if it fits, else to memory from malloc that C++ frees.
extern "C" uint8_t* dyn_go_call(uint64_t tag, uint32_t op, const uint8_t* args, size_t args_len,
                                uint8_t* out, size_t out_capacity, size_t* out_len);
// Implemented in Go: V8 has a task for an isolate that is idle; a turn must come.
extern "C" void dyn_go_wake(uint64_t tag);
// Implemented in Go: nanoseconds of processor time that a request may still use. Called by the ticker.
extern "C" int64_t dyn_go_budget(uint64_t tag, uint32_t request);
// Implemented in Go: what runs has been told to stop, but a call op goes on in Go. Called by the ticker, again and again.
extern "C" void dyn_go_stopped(uint64_t tag);
// Implemented in Go: the thread that ran a turn will never go on. Called by the ticker.
extern "C" void dyn_go_parked(uint64_t tag, uint32_t request, uint32_t reason);

namespace dynos {

class ForegroundTasks;

// The text of one polyfill, shared by all isolates. Never freed: V8 keeps pointers to it.
class StaticSource : public v8::String::ExternalOneByteStringResource {
 public:
  StaticSource(const dyn_source& source)
      : id(source.id, source.id_len), text_(source.text), length_(source.text_len) {}
  const char* data() const override { return text_; }
  size_t length() const override { return length_; }
  const std::string id;
  const std::shared_ptr<CodeCache> cache = std::make_shared<CodeCache>();

 protected:
  void Dispose() override {}

 private:
  const char* text_;
  size_t length_;
};

// What is one per process: sources, snapshot, code caches. Made by dyn_init, never freed.
struct Process {
  std::vector<std::unique_ptr<StaticSource>> sources;
  std::unordered_map<std::string_view, StaticSource*> source_by_id;
  std::vector<intptr_t> references;
  v8::StartupData snapshot = {nullptr, 0};
  std::unique_ptr<v8::ArrayBuffer::Allocator> allocator;
};
Process& process();

enum ModuleKind : uint8_t { kES, kCommonJS, kText, kData, kJSON, kWasm, kScript, kBuiltin };

// One module of a worker, or a built-in that it imports.
struct ModuleEntry {
  std::string name;  // its key: a path or a URL, or the specifier of a built-in
  ModuleKind kind;
  // Text, or bytes. Null once it is compiled, if nobody else may want it; URLs with different queries share one.
  std::shared_ptr<const std::string> source;
  v8::Global<v8::Module> module;  // empty until it is compiled
  // kBuiltin: its exports. kCommonJS: `module`, empty until it is run.
  v8::Global<v8::Object> exports;
  // kWasm and kJSON: the value. kCommonJS: the function. Made when the module is compiled.
  v8::Global<v8::Value> value;
  bool running = false;            // kCommonJS: its function has not returned
  bool main = false;               // it has the very name that the worker gives for its main module
  std::vector<std::string> named;  // kCommonJS: what it exports beside `default`
};

// The functions that core/bootstrap hands to the engine, by position.
enum Hook {
  kHookHandlers,  // array: one function per message kind
  kHookBuiltin,   // (full specifier) -> exports object | undefined
  kHookLoaded,    // (namespace, promise state of top-level await)
  // (promise, reason, whether it has got a handler since) -> whether anybody listens: a rejection that nobody handled
  kHookUnhandled,
  kHookUncaught,      // (error)
  kHookIsHostObject,  // core/clone
  kHookWriteHostObject,
  kHookReadHostObject,
  kHookThrowDataClone,
  kHookMakeError,     // (class name, message) -> error
  kHookCommonJS,      // (key of a CommonJS module, its path) -> [module, require]
  kHookPrepareStack,  // (error, call sites) -> what error.stack is
  kHookBareBuiltin,   // (specifier) -> the full one of a built-in | undefined
  kHookModuleURL,     // (specifier, base) -> URL | undefined
  kHookDescribeDOM,   // (exception) -> how a DOMException is shown | undefined
  kHookInstalled,     // (): the modules are there, none has run
  kHookCount
};

// A promise and the reason of its rejection.
using Rejection = std::pair<v8::Global<v8::Promise>, v8::Global<v8::Value>>;

// An isolate and its realm. Used by one thread at a time, inside a Scope.
class Realm {
 public:
  static Realm* from(v8::Isolate* isolate) { return static_cast<Realm*>(isolate->GetData(0)); }

  Realm(uint64_t tag) : tag(tag) {}
  ~Realm();

  v8::Local<v8::Function> hook(Hook h) { return hooks[h].Get(isolate); }
  void adoptHooks(v8::Local<v8::Context> context, v8::Local<v8::Array> list);
  // Lets others use what this realm compiles of a text. `cache` may be null.
  void share(const std::shared_ptr<CodeCache>& cache, v8::Local<v8::Function> function);
  void share(const std::shared_ptr<CodeCache>& cache, v8::Local<v8::Module> module);

  const uint64_t tag;
  v8::Isolate* isolate = nullptr;
  v8::Global<v8::Context> context;
  v8::Global<v8::Function> hooks[kHookCount];
  std::vector<v8::Global<v8::Function>> handlers;
  Writer outbox;
  dyn_turn_result result = {};
  std::shared_ptr<ForegroundTasks> tasks;

  // module*.cc
  std::unordered_map<std::string, std::unique_ptr<ModuleEntry>> modules;   // by key
  std::unordered_map<std::string, std::unique_ptr<ModuleEntry>> builtins;  // by full specifier
  // Modules of extensions, by specifier: those that a worker can import, and those that only they and the host can.
  std::unordered_map<std::string, std::unique_ptr<ModuleEntry>> extensions, internals;
  std::unordered_multimap<int, ModuleEntry*> module_by_hash;
  std::string main;           // key of the main module
  bool url_registry = false;  // keys are URLs, else paths
  // WebAssembly may be compiled: at module scope, and modules of the worker.
  bool wasm_allowed = false;

  // turn.cc: op_stop was called during this message; dyn_terminate was called, by any thread.
  bool stopped = false;
  std::atomic<bool> terminated{false};

  // limits.cc
  std::atomic<int> stop_reason{DYN_STOP_NOT};
  size_t max_external_bytes = 0;
  std::vector<dyn_spent> spent;
  std::atomic<bool> heavy{false};       // its last message took long
  std::atomic<bool> collecting{false};  // V8 collects garbage in it
  uint64_t uncharged = 0;               // ns that no request has been charged with yet
  uint64_t unchecked = 0;               // ns since memory was last looked at

  // turn.cc: rejections without a handler since the last checkpoint
  std::vector<Rejection> rejections;
  // Those that JavaScript was told of and listens for, held weakly, and those of them that have got a handler.
  std::vector<v8::Global<v8::Promise>> reported;
  std::vector<Rejection> handled;

  // ops.cc: what this realm has compiled, if its code cache may gain from what the realm runs
  struct Compiled {
    std::shared_ptr<CodeCache> cache;
    v8::Global<v8::Function> function;  // a polyfill or a CommonJS module,
    v8::Global<v8::Module> module;      // or an ES module
  };
  std::vector<Compiled> compiled;
  uint32_t turns = 0;
};

// Enters an isolate for the current thread; a type, so that order and end are fixed.
class Scope {
 public:
  explicit Scope(Realm* realm)
      : locker_(realm->isolate),
        isolate_(realm->isolate),
        handles_(realm->isolate),
        context(realm->context.Get(realm->isolate)),
        context_(context) {}

 private:
  v8::Locker locker_;
  v8::Isolate::Scope isolate_;
  v8::HandleScope handles_;

 public:
  const v8::Local<v8::Context> context;

 private:
  v8::Context::Scope context_;
};

// limits.cc
enum StopReason {
  kStopNot = DYN_STOP_NOT,
  kStopForced = DYN_STOP_FORCED,
  kStopCPU = DYN_STOP_CPU,
  kStopMemory = DYN_STOP_MEMORY,
  kStopHeap = DYN_STOP_HEAP,
  kStopCrash = DYN_STOP_CRASH,
};
struct Slot;
// Measures the messages of one turn and shows them to the ticker.
class Meter {
 public:
  explicit Meter(Realm* realm);
  void begin(uint32_t request);
  void end();

 private:
  Realm* realm_;
  Slot& slot_;
  uint64_t since_;
  uint32_t request_ = 0;
};
// Stops the JavaScript of a realm for good. The first reason counts.
void stop(Realm* realm, StopReason reason);
// V8 asks what a heap may have that is full: the realm is stopped, and gets room to end in.
size_t nearHeapLimit(void* realm, size_t current, size_t initial);
void beginCollection(v8::Isolate* isolate, v8::GCType type, v8::GCCallbackFlags flags, void* realm);
void endCollection(v8::Isolate* isolate, v8::GCType type, v8::GCCallbackFlags flags, void* realm);
// Stops the realm if it holds too much outside its heap. On its thread.
void checkMemory(Realm* realm);
std::shared_ptr<v8::ArrayBuffer::Allocator> countingAllocator(size_t limit);

// buffers.cc
// An allocator that keeps small blocks of another, which it owns, for the next buffers.
v8::ArrayBuffer::Allocator* recyclingAllocator(v8::ArrayBuffer::Allocator* base);

// platform.cc
void startPlatform(const char* flags);
std::shared_ptr<ForegroundTasks> tasksOf(v8::Isolate* isolate);
void forgetTasks(v8::Isolate* isolate);
// Runs what V8 has queued for the isolate; true if anything ran.
bool runTasks(Realm* realm);
void enterTurn(Realm* realm);
void leaveTurn(Realm* realm);
void attachTasks(Realm* realm);
bool fillRandom(void* data, size_t length);
// While true on this thread, Date.now() is 0: module scope has no clock.
extern thread_local bool t_clock_stopped;
double wallClockMillis();

// pages.cc
// From here on, what heaps give back is kept; any object tells where heaps are.
void keepPages(v8::Local<v8::Value> object);
// Gives the kernel what is kept.
void trimPages();

// module_start.cc
void loadWorker(Realm* realm, v8::Local<v8::Context> context, Reader& args);

// module_import.cc: V8's callbacks for import(), import.source() and import.meta
v8::MaybeLocal<v8::Promise> importDynamically(v8::Local<v8::Context> context,
                                              v8::Local<v8::Data> host_defined_options,
                                              v8::Local<v8::Value> resource_name,
                                              v8::Local<v8::String> specifier,
                                              v8::Local<v8::FixedArray> attributes);
v8::MaybeLocal<v8::Promise> importPhase(v8::Local<v8::Context> context,
                                        v8::Local<v8::Data> host_defined_options,
                                        v8::Local<v8::Value> resource_name,
                                        v8::Local<v8::String> specifier,
                                        v8::ModuleImportPhase phase,
                                        v8::Local<v8::FixedArray> attributes);
void initializeMeta(v8::Local<v8::Context> context, v8::Local<v8::Module> module,
                    v8::Local<v8::Object> meta);

// turn.cc
void onPromiseReject(v8::PromiseRejectMessage message);
v8::MaybeLocal<v8::Value> prepareStackTrace(v8::Local<v8::Context> context,
                                            v8::Local<v8::Value> error, v8::Local<v8::Array> sites);
void checkpoint(Realm* realm, v8::Local<v8::Context> context);
void limitStack(v8::Isolate* isolate);
void reportUncaught(Realm* realm, v8::Local<v8::Context> context, v8::Local<v8::Value> error);

// ops.cc
v8::Local<v8::Object> makeOps(v8::Isolate* isolate, v8::Local<v8::Context> context);
void appendOpReferences(std::vector<intptr_t>* references);
void saveCodeCaches(Realm* realm);
v8::MaybeLocal<v8::Function> compilePolyfill(v8::Isolate* isolate, v8::Local<v8::Context> context,
                                             StaticSource* source);

// small helpers
// The outcome does not matter: a failure leaves a pending exception, which the caller's TryCatch holds.
inline void ignore(const v8::MaybeLocal<v8::Value>&) {}
bool throwTypeError(v8::Isolate* isolate, const char* message);
v8::Local<v8::Value> newBytes(v8::Isolate* isolate, const void* data, size_t length);

// ops_text.cc
// The length of a string in UTF-8, in which lone surrogates are U+FFFD.
size_t utf8Length(v8::Isolate* isolate, v8::Local<v8::String> text);
// Writes that; length is what utf8Length has given.
void writeUtf8(v8::Isolate* isolate, v8::Local<v8::String> text, size_t length, char* out);
bool bufferBytes(v8::Local<v8::Value> value, uint8_t** data, size_t* length);
inline v8::Local<v8::String> str(v8::Isolate* isolate, std::string_view text) {
  return v8::String::NewFromUtf8(isolate, text.data(), v8::NewStringType::kNormal,
                                 static_cast<int>(text.size()))
      .FromMaybe(v8::String::Empty(isolate));
}
inline v8::Local<v8::String> symbol(v8::Isolate* isolate, std::string_view ascii) {
  return v8::String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t*>(ascii.data()),
                                    v8::NewStringType::kInternalized,
                                    static_cast<int>(ascii.size()))
      .FromMaybe(v8::String::Empty(isolate));
}

}  // namespace dynos
