// The op object: every op of the table as a function, and the ones that are the engine's own machinery.

#include "ops_gen.h"
#include "realm.h"
#include "slot.h"

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

// How much one turn may have to say. A turn that goes on and on, asking for things, would fill the memory otherwise.
constexpr size_t kMaxOutbox = 256 << 20;

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
  if (realm->outbox.size() > kMaxOutbox) stop(realm, kStopMemory);
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
  if (t_slot != nullptr) t_slot->in_go.store(true);
  uint8_t* answer =
      dyn_go_call(realm->tag, static_cast<uint32_t>(info.Data().As<v8::Int32>()->Value()),
                  args.data(), args.size(), inline_answer, sizeof inline_answer, &length);
  if (t_slot != nullptr) t_slot->in_go.store(false);
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
  CachedSource unit(text, v8::ScriptOrigin(str(isolate, "dynos:" + source->id)),
                    source->cache.get());
  v8::Local<v8::String> names[] = {symbol(isolate, "exports"), symbol(isolate, "require"),
                                   symbol(isolate, "module"), symbol(isolate, "primordials"),
                                   symbol(isolate, "ops")};
  v8::Local<v8::Function> function;
  if (!v8::ScriptCompiler::CompileFunction(context, unit.get(), 5, names, 0, nullptr,
                                           unit.options())
           .ToLocal(&function)) {
    return {};
  }
  Realm* realm = Realm::from(isolate);
  if (realm->tag != 0) realm->share(source->cache, function);
  return function;
}

void Realm::share(const std::shared_ptr<CodeCache>& cache, v8::Local<v8::Function> function) {
  if (cache != nullptr && !cache->final()) {
    compiled.push_back({cache, v8::Global<v8::Function>(isolate, function), {}});
  }
}

void Realm::share(const std::shared_ptr<CodeCache>& cache, v8::Local<v8::Module> module) {
  if (cache != nullptr && !cache->final()) {
    compiled.push_back({cache, {}, v8::Global<v8::Module>(isolate, module)});
  }
}

void saveCodeCaches(Realm* realm) {
  v8::Isolate* isolate = realm->isolate;
  v8::HandleScope handles(isolate);
  for (auto& [cache, function, module] : realm->compiled) {
    if (!cache->wanted(realm->turns)) continue;
    v8::ScriptCompiler::CachedData* data =
        module.IsEmpty()
            ? v8::ScriptCompiler::CreateCodeCacheForFunction(function.Get(isolate))
            : v8::ScriptCompiler::CreateCodeCache(module.Get(isolate)->GetUnboundModuleScript());
    cache->offer(std::unique_ptr<v8::ScriptCompiler::CachedData>(data));
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

void op_collect_garbage(const Info& info) { info.GetIsolate()->LowMemoryNotification(); }

void op_report_uncaught(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  reportUncaught(Realm::from(isolate), isolate->GetCurrentContext(), info[0]);
}

}  // namespace dynos
