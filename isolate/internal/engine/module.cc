// What the modules of a worker are made of: compiling and evaluating each kind. What V8 does not know (text, JSON, CommonJS, built-ins)
// are synthetic modules.
//
// With path names everything is compiled when the worker is loaded, with URL names when it is first resolved; either way only
// what is imported is evaluated.

#include "module.h"

namespace dynos {

namespace {

void adopt(Realm* realm, ModuleEntry* entry, v8::Local<v8::Module> module) {
  entry->module.Reset(realm->isolate, module);
  realm->module_by_hash.emplace(module->GetIdentityHash(), entry);
}

// The part of a frame (core/context.js) that holds in module scope too: its values, without its request.
v8::Local<v8::Value> frameOfModules(v8::Isolate* isolate, v8::Local<v8::Value> frame) {
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::Local<v8::Name> names[] = {symbol(isolate, "context"), symbol(isolate, "store"),
                                 symbol(isolate, "scope")};
  v8::Local<v8::Value> values[] = {v8::Undefined(isolate), {}, {}};
  if (!frame->IsObject() || !frame.As<v8::Object>()->Get(context, names[1]).ToLocal(&values[1]) ||
      !frame.As<v8::Object>()->Get(context, names[2]).ToLocal(&values[2]) ||
      (values[1]->IsUndefined() && values[2]->IsUndefined())) {
    return v8::Undefined(isolate);
  }
  return v8::Object::New(isolate, v8::Null(isolate), names, values, 3);
}

// While it lives, code runs as module scope does: in no request, without a clock.
class ModuleScope {
 public:
  explicit ModuleScope(v8::Isolate* isolate)
      : isolate_(isolate),
        frame_(isolate->GetContinuationPreservedEmbedderData()),
        stopped_(t_clock_stopped) {
    isolate->SetContinuationPreservedEmbedderData(frameOfModules(isolate, frame_));
    t_clock_stopped = true;
  }
  ~ModuleScope() {
    t_clock_stopped = stopped_;
    isolate_->SetContinuationPreservedEmbedderData(frame_);
  }

 private:
  v8::Isolate* isolate_;
  v8::Local<v8::Value> frame_;
  bool stopped_;
};

// The value of a module that exports nothing but `default`.
bool defaultOf(Realm* realm, v8::Local<v8::Context> context, ModuleEntry* entry,
               v8::Local<v8::Value>* value) {
  v8::Isolate* isolate = realm->isolate;
  switch (entry->kind) {
    case kText:
      *value = str(isolate, *entry->source);
      return true;
    case kData: {
      v8::Local<v8::Value> bytes = newBytes(isolate, entry->source->data(), entry->source->size());
      if (!bytes->IsUint8Array()) return throwTypeError(isolate, "The module is too large.");
      *value = bytes.As<v8::Uint8Array>()->Buffer();
      return true;
    }
    case kCommonJS:
      return evaluateCommonJS(realm, context, entry, value);
    default:
      *value = entry->value.Get(isolate);
      return true;
  }
}

bool setBuiltinExports(v8::Isolate* isolate, v8::Local<v8::Context> context,
                       v8::Local<v8::Module> module, v8::Local<v8::Object> exports) {
  v8::Local<v8::Array> names;
  if (!exports->GetOwnPropertyNames(context).ToLocal(&names)) return false;
  for (uint32_t i = 0; i < names->Length(); i++) {
    v8::Local<v8::Value> name, value;
    if (!names->Get(context, i).ToLocal(&name) || !exports->Get(context, name).ToLocal(&value) ||
        module->SetSyntheticModuleExport(isolate, name.As<v8::String>(), value).IsNothing()) {
      return false;
    }
  }
  return true;
}

// Sets what a CommonJS module is said to export; what it does not have is undefined.
bool setNamedExports(v8::Isolate* isolate, v8::Local<v8::Context> context,
                     v8::Local<v8::Module> module, const ModuleEntry* entry,
                     v8::Local<v8::Value> exports) {
  for (const std::string& name : entry->named) {
    v8::Local<v8::Value> value = v8::Undefined(isolate);
    v8::Local<v8::String> key = str(isolate, name);
    if (exports->IsObject() && !exports.As<v8::Object>()->Get(context, key).ToLocal(&value)) {
      return false;
    }
    if (module->SetSyntheticModuleExport(isolate, key, value).IsNothing()) return false;
  }
  return true;
}

// Evaluation steps of every synthetic module: sets the exports.
v8::MaybeLocal<v8::Value> evaluateSynthetic(v8::Local<v8::Context> context,
                                            v8::Local<v8::Module> module) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  Realm* realm = Realm::from(isolate);
  ModuleEntry* entry = entryOf(realm, module);
  v8::Local<v8::Value> value;
  if (entry->kind == kBuiltin) {
    if (!setBuiltinExports(isolate, context, module, entry->exports.Get(isolate))) return {};
  } else if (!defaultOf(realm, context, entry, &value) ||
             module->SetSyntheticModuleExport(isolate, symbol(isolate, "default"), value)
                 .IsNothing() ||
             !setNamedExports(isolate, context, module, entry, value)) {
    return {};
  }
  v8::Local<v8::Promise::Resolver> done;
  if (!v8::Promise::Resolver::New(context).ToLocal(&done) ||
      done->Resolve(context, v8::Undefined(isolate)).IsNothing()) {
    return {};
  }
  return done->GetPromise();
}

v8::ScriptOrigin originOf(v8::Isolate* isolate, const std::string& name, bool module) {
  return v8::ScriptOrigin(str(isolate, name), 0, 0, false, -1, v8::Local<v8::Value>(), false, false,
                          module);
}

bool compileES(Realm* realm, ModuleEntry* entry) {
  v8::Isolate* isolate = realm->isolate;
  std::shared_ptr<CodeCache> cache = cacheOfModule(kES, *entry->source);
  CachedSource source(str(isolate, *entry->source), originOf(isolate, entry->name, true),
                      cache.get());
  v8::Local<v8::Module> module;
  if (!v8::ScriptCompiler::CompileModule(isolate, source.get(), source.options())
           .ToLocal(&module)) {
    return false;
  }
  realm->share(cache, module);
  adopt(realm, entry, module);
  return true;
}

bool compileCommonJS(Realm* realm, v8::Local<v8::Context> context, ModuleEntry* entry) {
  v8::Isolate* isolate = realm->isolate;
  std::shared_ptr<CodeCache> cache = cacheOfModule(kCommonJS, *entry->source);
  CachedSource source(str(isolate, *entry->source), originOf(isolate, entry->name, false),
                      cache.get());
  v8::Local<v8::String> names[] = {symbol(isolate, "exports"), symbol(isolate, "require"),
                                   symbol(isolate, "module"), symbol(isolate, "__filename"),
                                   symbol(isolate, "__dirname")};
  v8::Local<v8::Function> function;
  if (!v8::ScriptCompiler::CompileFunction(context, source.get(), 5, names, 0, nullptr,
                                           source.options())
           .ToLocal(&function)) {
    return false;
  }
  realm->share(cache, function);
  entry->value.Reset(isolate, function);
  return true;
}

bool compileWasm(Realm* realm, ModuleEntry* entry) {
  v8::Isolate* isolate = realm->isolate;
  v8::Local<v8::WasmModuleObject> module;
  v8::MemorySpan<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(entry->source->data()),
                                      entry->source->size());
  bool allowed = realm->wasm_allowed;
  realm->wasm_allowed = true;
  bool compiled = v8::WasmModuleObject::Compile(isolate, bytes).ToLocal(&module);
  realm->wasm_allowed = allowed;
  if (compiled) entry->value.Reset(isolate, module);
  return compiled;
}

// Makes what the module's source describes: a function, a value, compiled WebAssembly.
bool compileSource(Realm* realm, v8::Local<v8::Context> context, ModuleEntry* entry) {
  v8::Isolate* isolate = realm->isolate;
  switch (entry->kind) {
    case kES:
      return compileES(realm, entry);
    case kCommonJS:
      return compileCommonJS(realm, context, entry);
    case kJSON: {
      v8::Local<v8::Value> value;
      if (!v8::JSON::Parse(context, str(isolate, *entry->source)).ToLocal(&value)) return false;
      entry->value.Reset(isolate, value);
      return true;
    }
    case kWasm:
      return compileWasm(realm, entry);
    case kText:
    case kData:
    case kScript:
    case kBuiltin:
      break;
  }
  return true;
}

}  // namespace

bool evaluateCommonJS(Realm* realm, v8::Local<v8::Context> context, ModuleEntry* entry,
                      v8::Local<v8::Value>* result) {
  v8::Isolate* isolate = realm->isolate;
  v8::Local<v8::String> key = symbol(isolate, "exports");
  // Evaluated, or being evaluated in a cycle: what there is so far.
  if (!entry->exports.IsEmpty())
    return entry->exports.Get(isolate)->Get(context, key).ToLocal(result);
  std::string file = requireName(realm, entry->name);
  v8::Local<v8::Value> names[] = {str(isolate, entry->name),
                                  str(isolate, realm->url_registry ? entry->name : file)};
  v8::Local<v8::Value> made, module, require, exports;
  if (!realm->hook(kHookCommonJS)->Call(context, v8::Undefined(isolate), 2, names).ToLocal(&made) ||
      !made->IsArray() || !made.As<v8::Array>()->Get(context, 0).ToLocal(&module) ||
      !made.As<v8::Array>()->Get(context, 1).ToLocal(&require) || !module->IsObject() ||
      !module.As<v8::Object>()->Get(context, key).ToLocal(&exports)) {
    return false;
  }
  entry->exports.Reset(isolate, module.As<v8::Object>());
  v8::Local<v8::Value> args[] = {exports, require, module, str(isolate, file),
                                 str(isolate, directoryOf(file))};
  v8::Local<v8::Function> run = entry->value.Get(isolate).As<v8::Function>();
  entry->running = true;
  bool ran = !run->Call(context, context->Global(), 5, args).IsEmpty();
  entry->running = false;
  if (!ran) {
    entry->exports.Reset();
    return false;
  }
  return module.As<v8::Object>()->Get(context, key).ToLocal(result);
}

ModuleEntry* entryOf(Realm* realm, v8::Local<v8::Module> module) {
  auto range = realm->module_by_hash.equal_range(module->GetIdentityHash());
  for (auto it = range.first; it != range.second; ++it) {
    if (it->second->module == module) return it->second;
  }
  return nullptr;
}

v8::Local<v8::Module> makeSynthetic(Realm* realm, ModuleEntry* entry,
                                    v8::LocalVector<v8::String>& names) {
  v8::Local<v8::Module> module = v8::Module::CreateSyntheticModule(
      realm->isolate, str(realm->isolate, entry->name),
      v8::MemorySpan<const v8::Local<v8::String>>(names.data(), names.size()), evaluateSynthetic);
  adopt(realm, entry, module);
  return module;
}

bool compile(Realm* realm, v8::Local<v8::Context> context, ModuleEntry* entry) {
  if (!entry->module.IsEmpty()) return true;
  if (!compileSource(realm, context, entry)) return false;
  // A URL with a query is another instance of the same source.
  bool done = entry->kind == kES || entry->kind == kCommonJS || entry->kind == kWasm;
  if (done && !realm->url_registry) entry->source.reset();
  if (entry->kind == kES) return true;
  v8::LocalVector<v8::String> names(realm->isolate);
  names.push_back(symbol(realm->isolate, "default"));
  for (const std::string& name : entry->named) names.push_back(str(realm->isolate, name));
  makeSynthetic(realm, entry, names);
  return true;
}

bool instantiate(v8::Local<v8::Context> context, v8::Local<v8::Module> module) {
  return module->GetStatus() != v8::Module::kUninstantiated ||
         module->InstantiateModule(context, resolveImport, resolveSource).FromMaybe(false);
}

v8::MaybeLocal<v8::Promise> evaluate(Realm* realm, v8::Local<v8::Context> context,
                                     v8::Local<v8::Module> module) {
  if (!instantiate(context, module)) return {};
  ModuleScope scope(realm->isolate);
  v8::Local<v8::Value> result;
  if (!module->Evaluate(context).ToLocal(&result)) return {};
  return result.As<v8::Promise>();
}

}  // namespace dynos
