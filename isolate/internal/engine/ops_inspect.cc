// Native ops that look into values without running user code, for util.inspect and util.types.

#include "ops_gen.h"
#include "realm.h"

namespace dynos {

using Info = v8::FunctionCallbackInfo<v8::Value>;

namespace {

const char* kindOf(v8::Local<v8::Value> v) {
  if (v->IsProxy()) return "Proxy";
  if (v->IsAsyncFunction())
    return v->IsGeneratorFunction() ? "AsyncGeneratorFunction" : "AsyncFunction";
  if (v->IsGeneratorFunction()) return "GeneratorFunction";
  if (v->IsFunction()) return nullptr;
  if (v->IsArgumentsObject()) return "Arguments";
  if (v->IsSharedArrayBuffer()) return "SharedArrayBuffer";
  if (v->IsArrayBuffer()) return "ArrayBuffer";
  if (v->IsDataView()) return "DataView";
  if (v->IsTypedArray()) return "TypedArray";
  if (v->IsDate()) return "Date";
  if (v->IsRegExp()) return "RegExp";
  if (v->IsMap()) return "Map";
  if (v->IsSet()) return "Set";
  if (v->IsMapIterator()) return "MapIterator";
  if (v->IsSetIterator()) return "SetIterator";
  if (v->IsWeakMap()) return "WeakMap";
  if (v->IsWeakSet()) return "WeakSet";
  if (v->IsWeakRef()) return "WeakRef";
  if (v->IsPromise()) return "Promise";
  if (v->IsNativeError()) return "NativeError";
  if (v->IsGeneratorObject()) return "Generator";
  if (v->IsModuleNamespaceObject()) return "ModuleNamespace";
  if (v->IsBigIntObject()) return "BigIntObject";
  if (v->IsBooleanObject()) return "BooleanObject";
  if (v->IsNumberObject()) return "NumberObject";
  if (v->IsStringObject()) return "StringObject";
  if (v->IsSymbolObject()) return "SymbolObject";
  if (v->IsWasmModuleObject()) return "WasmModule";
  if (v->IsWasmMemoryObject()) return "WasmMemory";
  if (v->IsExternal()) return "External";
  return nullptr;
}

void givePair(const Info& info, v8::Local<v8::Value> a, v8::Local<v8::Value> b) {
  v8::Local<v8::Value> pair[] = {a, b};
  info.GetReturnValue().Set(v8::Array::New(info.GetIsolate(), pair, 2));
}

}  // namespace

void op_value_kind(const Info& info) {
  if (!info[0]->IsObject()) return;
  const char* kind = kindOf(info[0]);
  if (kind != nullptr) info.GetReturnValue().Set(symbol(info.GetIsolate(), kind));
}

void op_promise_details(const Info& info) {
  if (!info[0]->IsPromise()) return;
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::Promise> promise = info[0].As<v8::Promise>();
  int state = promise->State();
  givePair(
      info, v8::Integer::New(isolate, state),
      state == v8::Promise::kPending ? v8::Undefined(isolate).As<v8::Value>() : promise->Result());
}

void op_proxy_details(const Info& info) {
  if (!info[0]->IsProxy()) return;
  v8::Local<v8::Proxy> proxy = info[0].As<v8::Proxy>();
  givePair(info, proxy->GetTarget(), proxy->GetHandler());
}

void op_preview_entries(const Info& info) {
  if (!info[0]->IsObject()) return;
  bool pairs = false;
  v8::Local<v8::Array> entries;
  if (!info[0].As<v8::Object>()->PreviewEntries(&pairs).ToLocal(&entries)) return;
  givePair(info, entries, v8::Boolean::New(info.GetIsolate(), pairs));
}

void op_own_non_index_properties(const Info& info) {
  if (!info[0]->IsObject()) return;
  v8::Local<v8::Array> names;
  v8::PropertyFilter filter = info[1]->IsTrue() ? v8::ONLY_ENUMERABLE : v8::ALL_PROPERTIES;
  if (info[0]
          .As<v8::Object>()
          ->GetPropertyNames(info.GetIsolate()->GetCurrentContext(),
                             v8::KeyCollectionMode::kOwnOnly, filter, v8::IndexFilter::kSkipIndices)
          .ToLocal(&names)) {
    info.GetReturnValue().Set(names);
  }
}

void op_constructor_name(const Info& info) {
  if (info[0]->IsObject())
    info.GetReturnValue().Set(info[0].As<v8::Object>()->GetConstructorName());
}

}  // namespace dynos
