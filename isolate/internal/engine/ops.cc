// The op object: every op of the table as a function, and the ones that are the engine's own machinery.

#include "ops_gen.h"
#include "realm.h"

#include <cstdlib>
#include <mutex>

namespace dynos {

using Info = v8::FunctionCallbackInfo<v8::Value>;

#define NATIVE(name, id) void name(const Info& info);
#define IGNORE(name, id)
DYN_OPS(NATIVE, IGNORE, IGNORE)
#undef NATIVE
#undef IGNORE

namespace {

// Ops that ride the outbox: encode the arguments; the answer, if any, is a later message.
void sendOp(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  Realm* realm = Realm::from(isolate);
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  int argc = info.Length();
  size_t start = realm->outbox.begin(static_cast<uint16_t>(info.Data().As<v8::Int32>()->Value()),
                                     static_cast<uint16_t>(argc));
  for (int i = 0; i < argc; i++) {
    if (!realm->outbox.value(isolate, context, info[i], false)) {
      realm->outbox.cancel(start);
      return;
    }
  }
  realm->outbox.end(start);
}

// Ops that Go answers while JavaScript waits.
void callOp(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  Realm* realm = Realm::from(isolate);
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  Writer args;
  for (int i = 0; i < info.Length(); i++) {
    if (!args.value(isolate, context, info[i], true)) return;
  }
  uint8_t inline_answer[512];
  size_t length = 0;
  uint8_t* answer =
      dyn_go_call(realm->tag, static_cast<uint32_t>(info.Data().As<v8::Int32>()->Value()),
                  args.data(), args.size(), inline_answer, sizeof inline_answer, &length);
  Reader reader(answer, length);
  if (reader.boolean()) {
    info.GetReturnValue().Set(reader.value(isolate));
  } else {
    v8::Local<v8::Value> parts[] = {reader.value(isolate), reader.value(isolate)};
    v8::Local<v8::Value> error;
    if (realm->hook(kHookMakeError)
            ->Call(context, v8::Undefined(isolate), 2, parts)
            .ToLocal(&error)) {
      isolate->ThrowException(error);
    }
  }
  if (answer != inline_answer) free(answer);
}

struct Op {
  const char* name;
  v8::FunctionCallback callback;
  int id;
};

const Op kOps[] = {
#define NATIVE(name, id) {#name, name, id},
#define CALL(name, id) {#name, callOp, id},
#define SEND(name, id) {#name, sendOp, id},
    DYN_OPS(NATIVE, CALL, SEND)
#undef NATIVE
#undef CALL
#undef SEND
};

// Code caches of lazy polyfills, shared by all isolates. A cache holds the functions that had run when it was made, so the
// first realms that use a file make it again after more turns, and when they end. Old versions stay, since others may be reading
// them.
struct CodeCache {
  std::vector<std::unique_ptr<v8::ScriptCompiler::CachedData>> versions;
  int attempts = 0;
  bool final() const { return attempts >= 12; }
};
struct CodeCaches {
  std::mutex mutex;
  std::unordered_map<StaticSource*, CodeCache> by_source;
};
CodeCaches& caches() {
  static CodeCaches* c = new CodeCaches;
  return *c;
}

// Whether a realm that has done so many turns can improve the cache of a file.
bool wanted(StaticSource* source, uint32_t turns) {
  CodeCaches& c = caches();
  std::lock_guard<std::mutex> lock(c.mutex);
  const CodeCache& cache = c.by_source[source];
  return cache.versions.empty() || (turns >= 4 && !cache.final());
}

// The newest cache of a file, for V8 to read but not to own; *final says that it will not get better.
v8::ScriptCompiler::CachedData* borrowCache(StaticSource* source, bool* final) {
  CodeCaches& c = caches();
  std::lock_guard<std::mutex> lock(c.mutex);
  CodeCache& cache = c.by_source[source];
  *final = cache.final();
  if (cache.versions.empty()) return nullptr;
  const v8::ScriptCompiler::CachedData& newest = *cache.versions.back();
  return new v8::ScriptCompiler::CachedData(newest.data, newest.length,
                                            v8::ScriptCompiler::CachedData::BufferNotOwned);
}

}  // namespace

v8::Local<v8::Object> makeOps(v8::Isolate* isolate, v8::Local<v8::Context> context) {
  v8::Local<v8::Object> ops = v8::Object::New(isolate, v8::Null(isolate), nullptr, nullptr, 0);
  for (const Op& op : kOps) {
    v8::Local<v8::Function> function;
    v8::Local<v8::FunctionTemplate> blueprint =
        v8::FunctionTemplate::New(isolate, op.callback, v8::Integer::New(isolate, op.id),
                                  v8::Local<v8::Signature>(), 0, v8::ConstructorBehavior::kThrow);
    v8::Local<v8::String> name = symbol(isolate, op.name);
    if (!blueprint->GetFunction(context).ToLocal(&function)) continue;
    function->SetName(name);
    ops->Set(context, name, function).Check();
  }
  return ops;
}

void appendOpReferences(std::vector<intptr_t>* references) {
  references->push_back(reinterpret_cast<intptr_t>(sendOp));
  references->push_back(reinterpret_cast<intptr_t>(callOp));
  for (const Op& op : kOps) {
    if (op.callback != sendOp && op.callback != callOp) {
      references->push_back(reinterpret_cast<intptr_t>(op.callback));
    }
  }
}

v8::MaybeLocal<v8::Function> compilePolyfill(v8::Isolate* isolate, v8::Local<v8::Context> context,
                                             StaticSource* source) {
  v8::Local<v8::String> text;
  if (!v8::String::NewExternalOneByte(isolate, source).ToLocal(&text)) return {};
  v8::ScriptOrigin origin(str(isolate, "dynos:" + source->id));
  bool final = false;
  v8::ScriptCompiler::CachedData* cache = borrowCache(source, &final);
  v8::ScriptCompiler::Source unit(text, origin, cache);
  v8::Local<v8::String> names[] = {symbol(isolate, "exports"), symbol(isolate, "require"),
                                   symbol(isolate, "module"), symbol(isolate, "primordials"),
                                   symbol(isolate, "ops")};
  v8::Local<v8::Function> function;
  if (!v8::ScriptCompiler::CompileFunction(
           context, &unit, 5, names, 0, nullptr,
           cache ? v8::ScriptCompiler::kConsumeCodeCache : v8::ScriptCompiler::kNoCompileOptions)
           .ToLocal(&function)) {
    return {};
  }
  Realm* realm = Realm::from(isolate);
  if (realm->tag != 0 && !final) {
    realm->compiled.emplace_back(source, v8::Global<v8::Function>(isolate, function));
  }
  return function;
}

void saveCodeCaches(Realm* realm) {
  v8::HandleScope handles(realm->isolate);
  for (auto& [source, function] : realm->compiled) {
    if (!wanted(source, realm->turns)) continue;
    std::unique_ptr<v8::ScriptCompiler::CachedData> data(
        v8::ScriptCompiler::CreateCodeCacheForFunction(function.Get(realm->isolate)));
    if (!data) continue;
    CodeCaches& c = caches();
    std::lock_guard<std::mutex> lock(c.mutex);
    CodeCache& cache = c.by_source[source];
    if (cache.final()) continue;
    cache.attempts++;
    if (cache.versions.empty() || data->length > cache.versions.back()->length) {
      cache.versions.push_back(std::move(data));
    }
  }
}

void op_compile_polyfill(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  v8::String::Utf8Value id(isolate, info[0]);
  auto found = process().source_by_id.find(std::string_view(*id, id.length()));
  if (found == process().source_by_id.end()) return;
  v8::Local<v8::Function> function;
  if (compilePolyfill(isolate, isolate->GetCurrentContext(), found->second).ToLocal(&function)) {
    info.GetReturnValue().Set(function);
  }
}

void op_turn(const Info& info) {
  info.GetReturnValue().Set(static_cast<double>(Realm::from(info.GetIsolate())->turns));
}

void op_now(const Info& info) {
  info.GetReturnValue().Set(t_clock_stopped ? 0.0 : wallClockMillis());
}

void op_enqueue_microtask(const Info& info) {
  if (info[0]->IsFunction()) info.GetIsolate()->EnqueueMicrotask(info[0].As<v8::Function>());
}

void op_get_frame(const Info& info) {
  info.GetReturnValue().Set(info.GetIsolate()->GetContinuationPreservedEmbedderData());
}

void op_set_frame(const Info& info) {
  info.GetIsolate()->SetContinuationPreservedEmbedderData(info[0]);
}

void op_stop(const Info& info) {
  Realm::from(info.GetIsolate())->stopped = true;
  info.GetIsolate()->TerminateExecution();
}

void op_report_uncaught(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  reportUncaught(Realm::from(isolate), isolate->GetCurrentContext(), info[0]);
}

}  // namespace dynos
