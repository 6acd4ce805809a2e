// Process start: V8, the startup snapshot, the anchor isolate; and the life of isolates made from the snapshot.

#include <pthread.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "realm.h"
#include "slot.h"

namespace dynos {

Process& process() {
  static Process* p = new Process;
  return *p;
}

bool throwTypeError(v8::Isolate* isolate, const char* message) {
  isolate->ThrowException(v8::Exception::TypeError(str(isolate, message)));
  return false;
}

v8::Local<v8::Value> newBytes(v8::Isolate* isolate, const void* data, size_t length) {
  v8::Local<v8::ArrayBuffer> buffer;
  if (!v8::ArrayBuffer::MaybeNew(isolate, length,
                                 v8::BackingStoreInitializationMode::kUninitialized)
           .ToLocal(&buffer)) {
    return v8::Undefined(isolate);
  }
  if (length > 0) memcpy(buffer->Data(), data, length);
  return v8::Uint8Array::New(buffer, 0, length);
}

void Realm::adoptHooks(v8::Local<v8::Context> context, v8::Local<v8::Array> list) {
  for (uint32_t i = 0; i < kHookCount; i++) {
    v8::Local<v8::Value> item;
    if (!list->Get(context, i).ToLocal(&item)) continue;
    if (i == kHookHandlers && item->IsArray()) {
      v8::Local<v8::Array> table = item.As<v8::Array>();
      handlers.resize(table->Length());
      for (uint32_t k = 0; k < table->Length(); k++) {
        v8::Local<v8::Value> f;
        if (table->Get(context, k).ToLocal(&f) && f->IsFunction()) {
          handlers[k].Reset(isolate, f.As<v8::Function>());
        }
      }
    } else if (item->IsFunction()) {
      hooks[i].Reset(isolate, item.As<v8::Function>());
    }
  }
}

namespace {

// The text of a pending exception, for errors of start-up that only the authors of polyfills see.
std::string describe(v8::Isolate* isolate, v8::Local<v8::Context> context, v8::TryCatch& caught) {
  v8::Local<v8::Value> stack;
  if (caught.StackTrace(context).ToLocal(&stack) && stack->IsString()) {
    return *v8::String::Utf8Value(isolate, stack);
  }
  if (caught.HasCaught()) {
    std::string text = *v8::String::Utf8Value(isolate, caught.Exception());
    if (!caught.Message().IsEmpty()) {
      text +=
          " (" +
          std::string(*v8::String::Utf8Value(isolate, caught.Message()->GetScriptResourceName())) +
          ":" + std::to_string(caught.Message()->GetLineNumber(context).FromMaybe(0)) + ")";
    }
    return text;
  }
  return "terminated";
}

// Runs core/bootstrap in a new context; its result is the array of hooks.
bool bootstrap(v8::Isolate* isolate, v8::Local<v8::Context> context, v8::Local<v8::Array>* hooks,
               std::string* error) {
  v8::TryCatch caught(isolate);
  auto found = process().source_by_id.find("core/bootstrap");
  if (found == process().source_by_id.end()) {
    *error = "no polyfill core/bootstrap";
    return false;
  }
  v8::Local<v8::Function> run;
  v8::Local<v8::Value> result;
  v8::Local<v8::Object> module = v8::Object::New(isolate);
  v8::Local<v8::Object> exports = v8::Object::New(isolate);
  v8::Local<v8::Value> args[] = {exports, v8::Undefined(isolate), module, v8::Undefined(isolate),
                                 makeOps(isolate, context)};
  if (!compilePolyfill(isolate, context, found->second).ToLocal(&run) ||
      run->Call(context, v8::Undefined(isolate), 5, args).IsEmpty() ||
      !module->Get(context, symbol(isolate, "exports")).ToLocal(&result) || !result->IsArray()) {
    *error = describe(isolate, context, caught);
    return false;
  }
  *hooks = result.As<v8::Array>();
  return true;
}

std::string createSnapshot() {
  Process& p = process();
  std::string error;
  v8::Isolate* isolate = v8::Isolate::Allocate();
  v8::Isolate::CreateParams params;
  params.array_buffer_allocator = p.allocator.get();
  params.external_references = p.references.data();
  v8::SnapshotCreator creator(isolate, params);
  Realm realm(0);
  realm.isolate = isolate;
  isolate->SetData(0, &realm);
  isolate->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
  {
    v8::HandleScope handles(isolate);
    v8::Local<v8::Context> context = v8::Context::New(isolate);
    v8::Context::Scope scope(context);
    keepPages(context->Global());
    v8::Local<v8::Array> hooks;
    if (bootstrap(isolate, context, &hooks, &error)) {
      isolate->PerformMicrotaskCheckpoint();
      isolate->SetContinuationPreservedEmbedderData(v8::Undefined(isolate));
      creator.AddData(context, hooks);
    }
    realm.outbox.clear();
    realm.compiled.clear();
    realm.rejections.clear();
    realm.reported.clear();
    realm.handled.clear();
    creator.SetDefaultContext(context);
  }
  p.snapshot = creator.CreateBlob(v8::SnapshotCreator::FunctionCodeHandling::kKeep);
  if (error.empty() && p.snapshot.data == nullptr) error = "V8 made no snapshot";
  return error;
}

// The lowest address of this thread's stack, from the thread's own attributes.
uintptr_t stackBottom() {
  thread_local uintptr_t bottom = 0;
  if (bottom == 0) {
    pthread_attr_t attributes;
    void* address = nullptr;
    size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
      pthread_attr_getstack(&attributes, &address, &size);
      pthread_attr_destroy(&attributes);
    }
    bottom = reinterpret_cast<uintptr_t>(address);
  }
  return bottom;
}

// JavaScript may use this much stack below the entry, and leaves this much for C++ and Go below itself.
constexpr uintptr_t kStackBudget = 4 << 20;
constexpr uintptr_t kStackReserve = 512 << 10;

bool allowWasmCode(v8::Local<v8::Context> context, v8::Local<v8::String>) {
  return Realm::from(v8::Isolate::GetCurrent())->wasm_allowed;
}

// Asked where the context does not allow it; without this V8 would let eval() return what is no string.
v8::ModifyCodeGenerationFromStringsResult refuseCode(v8::Local<v8::Context>, v8::Local<v8::Value>,
                                                     bool) {
  return {false, {}};
}

void setUp(v8::Isolate* isolate) {
  isolate->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
  isolate->SetPromiseRejectCallback(onPromiseReject);
  isolate->SetPrepareStackTraceCallback(prepareStackTrace);
  isolate->SetHostImportModuleDynamicallyCallback(importDynamically);
  isolate->SetHostImportModuleWithPhaseDynamicallyCallback(importPhase);
  isolate->SetHostInitializeImportMetaObjectCallback(initializeMeta);
  isolate->SetModifyCodeGenerationFromStringsCallback(refuseCode);
  isolate->SetAllowWasmCodeGenerationCallback(allowWasmCode);
}

// The realm's global scope in what only exists outside the snapshot.
void removeShared(v8::Isolate* isolate, v8::Local<v8::Context> context) {
  v8::Local<v8::Value> atomics;
  if (context->Global()->Get(context, symbol(isolate, "Atomics")).ToLocal(&atomics) &&
      atomics->IsObject()) {
    atomics.As<v8::Object>()->Delete(context, symbol(isolate, "wait")).Check();
  }
}

Realm* newRealm(uint64_t tag, size_t max_heap_bytes, size_t max_external_bytes) {
  Process& p = process();
  Realm* realm = new Realm(tag);
  v8::Isolate::CreateParams params;
  params.snapshot_blob = &p.snapshot;
  params.array_buffer_allocator = p.allocator.get();
  params.external_references = p.references.data();
  if (max_heap_bytes > 0) params.constraints.ConfigureDefaultsFromHeapSize(0, max_heap_bytes);
  if (max_external_bytes > 0) {
    realm->max_external_bytes = max_external_bytes;
    params.array_buffer_allocator = nullptr;
    params.array_buffer_allocator_shared = countingAllocator(max_external_bytes);
  }
  v8::Isolate* isolate = v8::Isolate::Allocate();
  realm->isolate = isolate;
  isolate->SetData(0, realm);
  attachTasks(realm);
  v8::Isolate::Initialize(isolate, params);
  v8::Locker locker(isolate);
  v8::Isolate::Scope isolate_scope(isolate);
  if (max_heap_bytes > 0) isolate->AddNearHeapLimitCallback(nearHeapLimit, realm);
  isolate->AddGCPrologueCallback(beginCollection, realm);
  isolate->AddGCEpilogueCallback(endCollection, realm);
  installHandlers(isolate);
  v8::HandleScope handles(isolate);
  setUp(isolate);
  v8::Local<v8::Context> context = v8::Context::New(isolate);
  realm->context.Reset(isolate, context);
  v8::Context::Scope context_scope(context);
  v8::Local<v8::Array> hooks;
  if (context->GetDataFromSnapshotOnce<v8::Array>(0).ToLocal(&hooks)) {
    realm->adoptHooks(context, hooks);
  }
  removeShared(isolate, context);
  return realm;
}

}  // namespace

void limitStack(v8::Isolate* isolate) {
  uintptr_t here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  uintptr_t limit = here - kStackBudget;
  uintptr_t lowest = stackBottom() + kStackReserve;
  isolate->SetStackLimit(limit > lowest ? limit : lowest);
}

Realm::~Realm() {
  if (isolate == nullptr || tag == 0) return;
  {
    v8::Locker locker(isolate);
    v8::Isolate::Scope scope(isolate);
    if (!compiled.empty() && !isolate->IsExecutionTerminating()) {
      v8::HandleScope handles(isolate);
      v8::Context::Scope in_context(context.Get(isolate));
      saveCodeCaches(this);
    }
    rejections.clear();
    reported.clear();
    handled.clear();
    compiled.clear();
    module_by_hash.clear();
    modules.clear();
    extensions.clear();
    internals.clear();
    builtins.clear();
    handlers.clear();
    for (auto& h : hooks) h.Reset();
    context.Reset();
  }
  forgetTasks(isolate);
  isolate->Dispose();
}

// By default glibc gives nearly every thread a heap of its own, each of which keeps what was once freed in it.
static void boundArenas() {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, std::max(2, static_cast<int>(std::thread::hardware_concurrency())));
#endif
}

}  // namespace dynos

using dynos::Realm;

extern "C" {

char* dyn_init(const char* flags, const dyn_source* sources, size_t count) {
  dynos::boundArenas();
  dynos::Process& p = dynos::process();
  dynos::startPlatform(flags);
  dynos::installHandlers();
  p.allocator.reset(dynos::recyclingAllocator(v8::ArrayBuffer::Allocator::NewDefaultAllocator()));
  for (size_t i = 0; i < count; i++) {
    p.sources.push_back(std::make_unique<dynos::StaticSource>(sources[i]));
    dynos::StaticSource* source = p.sources.back().get();
    p.source_by_id[source->id] = source;
  }
  dynos::appendOpReferences(&p.references);
  for (auto& source : p.sources) {
    p.references.push_back(reinterpret_cast<intptr_t>(
        static_cast<v8::String::ExternalStringResourceBase*>(source.get())));
  }
  p.references.push_back(0);
  std::string error = dynos::createSnapshot();
  if (!error.empty()) return strdup(error.c_str());
  // The anchor: while one isolate lives, the others share its read-only heap.
  static v8::Isolate* anchor [[maybe_unused]];
  v8::Isolate::CreateParams params;
  params.snapshot_blob = &p.snapshot;
  params.array_buffer_allocator = p.allocator.get();
  params.external_references = p.references.data();
  anchor = v8::Isolate::New(params);
  return nullptr;
}

size_t dyn_snapshot_size(void) { return dynos::process().snapshot.raw_size; }

const char* dyn_v8_version(void) { return v8::V8::GetVersion(); }

dyn_isolate* dyn_isolate_new(uint64_t tag, size_t max_heap_bytes, size_t max_external_bytes) {
  return reinterpret_cast<dyn_isolate*>(dynos::newRealm(tag, max_heap_bytes, max_external_bytes));
}

void dyn_isolate_dispose(dyn_isolate* isolate) { delete reinterpret_cast<Realm*>(isolate); }

dyn_turn_result* dyn_isolate_result(dyn_isolate* isolate) {
  return &reinterpret_cast<Realm*>(isolate)->result;
}

void dyn_terminate(dyn_isolate* isolate) {
  dynos::stop(reinterpret_cast<Realm*>(isolate), dynos::kStopForced);
}

void dyn_heap_stats(dyn_isolate* isolate, dyn_heap* heap) {
  Realm* realm = reinterpret_cast<Realm*>(isolate);
  v8::Locker locker(realm->isolate);
  v8::HeapStatistics stats;
  realm->isolate->GetHeapStatistics(&stats);
  heap->used_heap_bytes = stats.used_heap_size();
  heap->total_heap_bytes = stats.total_heap_size();
  heap->external_bytes = stats.external_memory();
}

void dyn_trim(void) {
  dynos::trimPages();
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

void dyn_collect_garbage(dyn_isolate* isolate) {
  Realm* realm = reinterpret_cast<Realm*>(isolate);
  dynos::Scope scope(realm);
  realm->isolate->LowMemoryNotification();
}

}  // extern "C"
