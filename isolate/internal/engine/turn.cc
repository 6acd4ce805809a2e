// The turn: the only way into a realm. One call delivers a batch of messages and collects the ops they caused.

#include "ops_gen.h"
#include "realm.h"

namespace dynos {

namespace {

// Message kinds that the engine itself reads; the others are calls of core/dispatch. See isolate/ops/message.go.
constexpr uint16_t kMessageLoad = 0;
constexpr size_t kMaxArgs = 16;

void call(Realm* realm, v8::Local<v8::Context> context, uint16_t kind, uint32_t request,
          uint16_t argc, Reader& args) {
  v8::Isolate* isolate = realm->isolate;
  if (kind >= realm->handlers.size() || realm->handlers[kind].IsEmpty() || argc > kMaxArgs) return;
  v8::Local<v8::Value> values[kMaxArgs + 1];
  values[0] = v8::Integer::NewFromUnsigned(isolate, request);
  for (uint16_t i = 0; i < argc; i++) values[i + 1] = args.value(isolate);
  v8::TryCatch caught(isolate);
  if (realm->handlers[kind]
          .Get(isolate)
          ->Call(context, v8::Undefined(isolate), argc + 1, values)
          .IsEmpty() &&
      caught.HasCaught() && !caught.HasTerminated()) {
    reportUncaught(realm, context, caught.Exception());
  }
}

// Tells the realm about one rejection; *heard says whether it wants to know when it gets a handler. False if JavaScript was stopped.
bool reportRejection(Realm* realm, v8::Local<v8::Context> context, const Rejection& rejection,
                     bool handled, bool* heard) {
  v8::Isolate* isolate = realm->isolate;
  v8::TryCatch caught(isolate);
  v8::Local<v8::Value> args[] = {rejection.first.Get(isolate), rejection.second.Get(isolate),
                                 v8::Boolean::New(isolate, handled)};
  v8::Local<v8::Value> answer;
  if (realm->hook(kHookUnhandled)
          ->Call(context, v8::Undefined(isolate), 3, args)
          .ToLocal(&answer)) {
    *heard = answer->IsTrue();
    return true;
  }
  return !realm->stopped && !caught.HasTerminated();
}

// Remembers, without keeping it alive, that a rejection has been reported.
void noteReported(Realm* realm, const v8::Global<v8::Promise>& promise) {
  std::erase_if(realm->reported, [](auto& p) { return p.IsEmpty(); });
  realm->reported.emplace_back(realm->isolate, promise);
  realm->reported.back().SetWeak();
}

// Tells the realm about rejections that are still without a handler, and about those that were and have one now.
void reportRejections(Realm* realm, v8::Local<v8::Context> context) {
  while (!realm->rejections.empty() || !realm->handled.empty()) {
    auto list = std::move(realm->rejections);
    auto handled = std::move(realm->handled);
    realm->rejections.clear();
    realm->handled.clear();
    bool heard = false;
    for (auto& rejection : list) {
      noteReported(realm, rejection.first);
      if (!reportRejection(realm, context, rejection, false, &heard)) return;
      if (!heard) std::erase_if(realm->reported, [&](auto& p) { return p == rejection.first; });
    }
    for (auto& rejection : handled) {
      if (!reportRejection(realm, context, rejection, true, &heard)) return;
    }
    realm->isolate->PerformMicrotaskCheckpoint();
  }
}

}  // namespace

void onPromiseReject(v8::PromiseRejectMessage message) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  Realm* realm = Realm::from(isolate);
  v8::Local<v8::Promise> promise = message.GetPromise();
  switch (message.GetEvent()) {
    case v8::kPromiseRejectWithNoHandler:
      realm->rejections.emplace_back(v8::Global<v8::Promise>(isolate, promise),
                                     v8::Global<v8::Value>(isolate, message.GetValue()));
      break;
    case v8::kPromiseHandlerAddedAfterReject:
      for (size_t i = 0; i < realm->rejections.size(); i++) {
        if (realm->rejections[i].first == promise) {
          realm->rejections.erase(realm->rejections.begin() + i);
          return;
        }
      }
      if (std::erase_if(realm->reported, [&](auto& p) { return p == promise; }) > 0) {
        realm->handled.emplace_back(v8::Global<v8::Promise>(isolate, promise),
                                    v8::Global<v8::Value>(isolate, promise->Result()));
      }
      break;
    default:
      break;
  }
}

void reportUncaught(Realm* realm, v8::Local<v8::Context> context, v8::Local<v8::Value> error) {
  v8::Isolate* isolate = realm->isolate;
  if (realm->hooks[kHookUncaught].IsEmpty()) return;
  v8::TryCatch caught(isolate);
  v8::Local<v8::Value> args[] = {error};
  ignore(realm->hook(kHookUncaught)->Call(context, v8::Undefined(isolate), 1, args));
}

v8::MaybeLocal<v8::Value> prepareStackTrace(v8::Local<v8::Context> context,
                                            v8::Local<v8::Value> error,
                                            v8::Local<v8::Array> sites) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  Realm* realm = Realm::from(isolate);
  v8::Local<v8::Value> args[] = {error, sites};
  return realm->hook(kHookPrepareStack)->Call(context, v8::Undefined(isolate), 2, args);
}

void checkpoint(Realm* realm, v8::Local<v8::Context> context) {
  realm->isolate->PerformMicrotaskCheckpoint();
  bool waiting = !realm->rejections.empty() || !realm->handled.empty();
  if (waiting && !realm->stopped && !realm->isolate->IsExecutionTerminating()) {
    reportRejections(realm, context);
  }
}

namespace {

// Goes on after op_stop. V8 empties the microtask queue when it is stopped within it; jobs that were queued before go the same
// way, since they are of the code that wanted to end. A dyn_terminate that came meanwhile is not lost: it sets its flag first.
void resume(Realm* realm) {
  v8::Isolate* isolate = realm->isolate;
  realm->stopped = false;
  isolate->TerminateExecution();
  isolate->PerformMicrotaskCheckpoint();
  realm->rejections.clear();
  realm->handled.clear();
  isolate->CancelTerminateExecution();
  if (realm->terminated.load()) isolate->TerminateExecution();
}

// Whether the JavaScript has been stopped by force. V8 forgets with the last frame, the flag does not.
bool isTerminated(Realm* realm) {
  return realm->terminated.load() || realm->isolate->IsExecutionTerminating();
}

void turn(Realm* realm, const uint8_t* in, size_t in_len) {
  v8::Isolate* isolate = realm->isolate;
  Scope scope(realm);
  limitStack(isolate);
  enterTurn(realm);
  realm->outbox.clear();
  Reader batch(in, in_len);
  Meter meter(realm);
  while (batch.more() && !isTerminated(realm)) {
    v8::HandleScope handles(isolate);
    uint32_t size = batch.u32();
    uint16_t kind = batch.u16();
    uint16_t argc = batch.u16();
    uint32_t request = batch.u32();
    Reader args(batch.take(size - 12), size - 12);
    meter.begin(request);
    if (kind == kMessageLoad) {
      loadWorker(realm, scope.context, args);
    } else {
      call(realm, scope.context, kind, request, argc, args);
    }
    isolate->SetContinuationPreservedEmbedderData(v8::Undefined(isolate));
    if (!realm->stopped) checkpoint(realm, scope.context);
    if (realm->stopped) resume(realm);
    meter.end();
  }
  meter.begin(0);
  if (!isTerminated(realm) && runTasks(realm) && !realm->stopped) {
    checkpoint(realm, scope.context);
  }
  if (realm->stopped) resume(realm);
  meter.end();
  // After the first turn, so that others can share what there is, and again when more of what a worker does has been done.
  realm->turns++;
  if (!isTerminated(realm) && !realm->compiled.empty() && (realm->turns & (realm->turns - 1)) == 0)
    saveCodeCaches(realm);
  leaveTurn(realm);
  realm->result.status = isTerminated(realm) ? DYN_TERMINATED : DYN_OK;
  realm->result.stop = static_cast<uint32_t>(realm->stop_reason.load());
  realm->result.spent = realm->spent.data();
  realm->result.spent_len = realm->spent.size();
  realm->result.out = realm->outbox.data();
  realm->result.out_len = realm->outbox.size();
}

}  // namespace

}  // namespace dynos

extern "C" void dyn_turn(dyn_isolate* isolate, const uint8_t* in, size_t in_len) {
  dynos::turn(reinterpret_cast<dynos::Realm*>(isolate), in, in_len);
}
