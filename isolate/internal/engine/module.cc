// Modules of a worker: a flat map of names, resolved as paths, as the reference runtime's default registry does it.
//
// Everything is compiled when the worker is loaded, so a resolve callback is a look-up; only what is imported is
// evaluated. What V8 does not know (text, JSON, CommonJS, built-ins) are synthetic modules.

#include "ops_gen.h"
#include "realm.h"

namespace dynos {

namespace {

// Result of path resolution: the name, or nothing if it leaves the root.
bool resolvePath(std::string_view referrer, std::string_view specifier, std::string* name) {
  std::vector<std::string_view> parts;
  auto push = [&parts](std::string_view path) {
    size_t start = 0;
    while (start <= path.size()) {
      size_t slash = path.find('/', start);
      if (slash == std::string_view::npos) slash = path.size();
      std::string_view part = path.substr(start, slash - start);
      start = slash + 1;
      if (part.empty() || part == ".") continue;
      if (part == "..") {
        if (parts.empty()) return false;
        parts.pop_back();
      } else {
        parts.push_back(part);
      }
    }
    return true;
  };
  if (specifier.empty() || specifier[0] != '/') {
    size_t slash = referrer.rfind('/');
    if (slash != std::string_view::npos && !push(referrer.substr(0, slash))) return false;
  }
  if (!push(specifier)) return false;
  name->clear();
  for (std::string_view part : parts) {
    if (!name->empty()) *name += '/';
    *name += part;
  }
  return true;
}

std::string utf8(v8::Isolate* isolate, v8::Local<v8::Value> value) {
  v8::String::Utf8Value text(isolate, value);
  return *text == nullptr ? std::string() : std::string(*text, text.length());
}

void throwError(v8::Isolate* isolate, const std::string& message) {
  isolate->ThrowException(v8::Exception::Error(str(isolate, message)));
}

ModuleEntry* entryOf(Realm* realm, v8::Local<v8::Module> module) {
  auto range = realm->module_by_hash.equal_range(module->GetIdentityHash());
  for (auto it = range.first; it != range.second; ++it) {
    if (it->second->module == module) return it->second;
  }
  return nullptr;
}

void adopt(Realm* realm, ModuleEntry* entry, v8::Local<v8::Module> module) {
  entry->module.Reset(realm->isolate, module);
  realm->module_by_hash.emplace(module->GetIdentityHash(), entry);
}

// Runs a CommonJS module and leaves its module.exports in entry->exports. The functions are made by JavaScript: only
// it knows what `require` gives.
bool evaluateCommonJS(Realm* realm, v8::Local<v8::Context> context, ModuleEntry* entry,
                      v8::Local<v8::Value>* result) {
  v8::Isolate* isolate = realm->isolate;
  v8::Local<v8::String> key = symbol(isolate, "exports");
  v8::Local<v8::Value> value;
  if (!entry->exports
           .IsEmpty()) {  // evaluated, or being evaluated in a cycle: what there is so far
    return entry->exports.Get(isolate)->Get(context, key).ToLocal(result);
  }
  v8::Local<v8::Object> module = v8::Object::New(isolate);
  v8::Local<v8::Object> exports = v8::Object::New(isolate);
  if (module->Set(context, key, exports).IsNothing()) return false;
  entry->exports.Reset(isolate, module);
  v8::Local<v8::Value> name[] = {str(isolate, entry->name)};
  v8::Local<v8::Value> require;
  if (!realm->hook(kHookRequire)
           ->Call(context, v8::Undefined(isolate), 1, name)
           .ToLocal(&require)) {
    return false;
  }
  v8::Local<v8::Function> run = entry->value.Get(isolate).As<v8::Function>();
  std::string file = "/" + entry->name;
  v8::Local<v8::Value> args[] = {
      exports, require, module, str(isolate, file),
      str(isolate, file.substr(0, std::max<size_t>(1, file.rfind('/'))))};
  if (run->Call(context, context->Global(), 5, args).IsEmpty()) {
    entry->exports.Reset();
    return false;
  }
  return module->Get(context, key).ToLocal(result);
}

// Evaluation steps of every synthetic module: sets the exports.
v8::MaybeLocal<v8::Value> evaluateSynthetic(v8::Local<v8::Context> context,
                                            v8::Local<v8::Module> module) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  Realm* realm = Realm::from(isolate);
  ModuleEntry* entry = entryOf(realm, module);
  v8::Local<v8::String> key = symbol(isolate, "default");
  if (entry->kind == kBuiltin) {
    v8::Local<v8::Object> exports = entry->exports.Get(isolate);
    v8::Local<v8::Array> names;
    if (!exports->GetOwnPropertyNames(context).ToLocal(&names)) return {};
    for (uint32_t i = 0; i < names->Length(); i++) {
      v8::Local<v8::Value> name, value;
      if (!names->Get(context, i).ToLocal(&name) || !exports->Get(context, name).ToLocal(&value) ||
          module->SetSyntheticModuleExport(isolate, name.As<v8::String>(), value).IsNothing()) {
        return {};
      }
    }
  } else {
    v8::Local<v8::Value> value;
    switch (entry->kind) {
      case kText:
        value = str(isolate, entry->source);
        break;
      case kData: {
        v8::Local<v8::Value> bytes = newBytes(isolate, entry->source.data(), entry->source.size());
        value = bytes.As<v8::Uint8Array>()->Buffer();
        break;
      }
      case kCommonJS:
        if (!evaluateCommonJS(realm, context, entry, &value)) return {};
        break;
      default:
        value = entry->value.Get(isolate);
    }
    if (module->SetSyntheticModuleExport(isolate, key, value).IsNothing()) return {};
  }
  v8::Local<v8::Promise::Resolver> done;
  if (!v8::Promise::Resolver::New(context).ToLocal(&done) ||
      done->Resolve(context, v8::Undefined(isolate)).IsNothing()) {
    return {};
  }
  return done->GetPromise();
}

v8::Local<v8::Module> makeSynthetic(Realm* realm, ModuleEntry* entry,
                                    v8::LocalVector<v8::String>& names) {
  v8::Local<v8::Module> module = v8::Module::CreateSyntheticModule(
      realm->isolate, str(realm->isolate, entry->name),
      v8::MemorySpan<const v8::Local<v8::String>>(names.data(), names.size()), evaluateSynthetic);
  adopt(realm, entry, module);
  return module;
}

v8::ScriptOrigin originOf(v8::Isolate* isolate, const std::string& name, bool module) {
  return v8::ScriptOrigin(str(isolate, name), 0, 0, false, -1, v8::Local<v8::Value>(), false, false,
                          module);
}

bool compileFunction(Realm* realm, v8::Local<v8::Context> context, ModuleEntry* entry) {
  v8::Isolate* isolate = realm->isolate;
  v8::ScriptCompiler::Source source(str(isolate, entry->source),
                                    originOf(isolate, entry->name, false));
  v8::Local<v8::String> names[] = {symbol(isolate, "exports"), symbol(isolate, "require"),
                                   symbol(isolate, "module"), symbol(isolate, "__filename"),
                                   symbol(isolate, "__dirname")};
  v8::Local<v8::Function> function;
  if (!v8::ScriptCompiler::CompileFunction(context, &source, 5, names).ToLocal(&function)) {
    return false;
  }
  entry->value.Reset(isolate, function);
  return true;
}

// Parses the source, whatever its kind. False with a pending exception.
bool compile(Realm* realm, v8::Local<v8::Context> context, ModuleEntry* entry) {
  v8::Isolate* isolate = realm->isolate;
  switch (entry->kind) {
    case kES: {
      v8::ScriptCompiler::Source source(str(isolate, entry->source),
                                        originOf(isolate, entry->name, true));
      v8::Local<v8::Module> module;
      if (!v8::ScriptCompiler::CompileModule(isolate, &source).ToLocal(&module)) return false;
      adopt(realm, entry, module);
      std::string().swap(entry->source);
      return true;
    }
    case kCommonJS:
      if (!compileFunction(realm, context, entry)) return false;
      std::string().swap(entry->source);
      break;
    case kJSON: {
      v8::Local<v8::Value> value;
      if (!v8::JSON::Parse(context, str(isolate, entry->source)).ToLocal(&value)) return false;
      entry->value.Reset(isolate, value);
      break;
    }
    case kWasm: {
      v8::Local<v8::WasmModuleObject> module;
      v8::MemorySpan<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(entry->source.data()),
                                          entry->source.size());
      if (!v8::WasmModuleObject::Compile(isolate, bytes).ToLocal(&module)) return false;
      entry->value.Reset(isolate, module);
      std::string().swap(entry->source);
      break;
    }
    case kText:
    case kData:
    case kBuiltin:
      break;
  }
  v8::LocalVector<v8::String> names(isolate);
  names.push_back(symbol(isolate, "default"));
  makeSynthetic(realm, entry, names);
  return true;
}

// A built-in by its specifier; nullptr if there is none, or, with *thrown, if its file has thrown.
ModuleEntry* findBuiltin(Realm* realm, v8::Local<v8::Context> context, const std::string& name,
                         bool* thrown) {
  v8::Isolate* isolate = realm->isolate;
  std::string key = "builtin:" + name;
  auto found = realm->modules.find(key);
  if (found != realm->modules.end()) return found->second.get();
  v8::Local<v8::Value> args[] = {str(isolate, name)};
  v8::Local<v8::Value> exports;
  if (!realm->hook(kHookBuiltin)
           ->Call(context, v8::Undefined(isolate), 1, args)
           .ToLocal(&exports)) {
    *thrown = true;
    return nullptr;
  }
  if (!exports->IsObject()) return nullptr;
  auto entry = std::make_unique<ModuleEntry>();
  entry->name = name;
  entry->kind = kBuiltin;
  entry->exports.Reset(isolate, exports.As<v8::Object>());
  v8::Local<v8::Array> keys;
  if (!exports.As<v8::Object>()->GetOwnPropertyNames(context).ToLocal(&keys)) return nullptr;
  v8::LocalVector<v8::String> names(isolate);
  for (uint32_t i = 0; i < keys->Length(); i++) {
    v8::Local<v8::Value> k;
    if (!keys->Get(context, i).ToLocal(&k)) return nullptr;
    names.push_back(k.As<v8::String>());
  }
  makeSynthetic(realm, entry.get(), names);
  return realm->modules.emplace(std::move(key), std::move(entry)).first->second.get();
}

// The module that `specifier` names for `referrer`; nullptr with a pending exception.
ModuleEntry* resolve(Realm* realm, v8::Local<v8::Context> context, const std::string& referrer,
                     const std::string& specifier, bool dynamic) {
  v8::Isolate* isolate = realm->isolate;
  auto exact = realm->modules.find(specifier);
  bool builtin_name = specifier.find(':') != std::string::npos;
  if (builtin_name && exact != realm->modules.end()) return exact->second.get();
  std::string name;
  if (!resolvePath(referrer, specifier, &name)) {
    isolate->ThrowException(
        v8::Exception::TypeError(str(isolate, "Invalid module specifier \"" + specifier +
                                                  "\".\n  imported from \"" + referrer + "\".")));
    return nullptr;
  }
  auto found = realm->modules.find(name);
  if (found != realm->modules.end()) return found->second.get();
  bool thrown = false;
  ModuleEntry* builtin = findBuiltin(realm, context, specifier, &thrown);
  if (builtin != nullptr || thrown) return builtin;
  std::string message = "No such module \"" + (builtin_name ? specifier : name) + "\".";
  if (!dynamic) message += "\n  imported from \"" + referrer + "\"";
  throwError(isolate, message);
  return nullptr;
}

v8::MaybeLocal<v8::Module> resolveImport(v8::Local<v8::Context> context,
                                         v8::Local<v8::String> specifier,
                                         v8::Local<v8::FixedArray> attributes,
                                         v8::Local<v8::Module> referrer) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  Realm* realm = Realm::from(isolate);
  if (attributes->Length() > 0) {
    throwError(isolate, "Unrecognized import attributes specified");
    return {};
  }
  ModuleEntry* from = entryOf(realm, referrer);
  ModuleEntry* entry =
      resolve(realm, context, from ? from->name : "", utf8(isolate, specifier), false);
  if (entry == nullptr) return {};
  return entry->module.Get(isolate);
}

// Instantiates and evaluates; the promise of the evaluation.
v8::MaybeLocal<v8::Promise> evaluate(Realm* realm, v8::Local<v8::Context> context,
                                     v8::Local<v8::Module> module) {
  if (module->GetStatus() == v8::Module::kUninstantiated &&
      !module->InstantiateModule(context, resolveImport).FromMaybe(false)) {
    return {};
  }
  v8::Local<v8::Value> result;
  if (!module->Evaluate(context).ToLocal(&result)) return {};
  return result.As<v8::Promise>();
}

// `  at main.js:1:7 in f`, one line a frame; the message's own place (its column counts from 0) if there is no stack.
std::string frames(Realm* realm, v8::Local<v8::Context> context, v8::Local<v8::Value> exception,
                   v8::Local<v8::Message> message) {
  v8::Isolate* isolate = realm->isolate;
  std::string out;
  v8::Local<v8::StackTrace> trace;
  if (exception->IsNativeError()) trace = v8::Exception::GetStackTrace(exception);
  if (!trace.IsEmpty()) {
    for (int i = 0; i < trace->GetFrameCount(); i++) {
      v8::Local<v8::StackFrame> frame = trace->GetFrame(isolate, i);
      std::string file = utf8(isolate, frame->GetScriptName());
      if (file.starts_with("dynos:")) continue;
      out += "\n  at " + file + ":" + std::to_string(frame->GetLineNumber()) + ":" +
             std::to_string(frame->GetColumn());
      std::string function = utf8(isolate, frame->GetFunctionName());
      if (!frame->GetFunctionName().IsEmpty() && !function.empty()) out += " in " + function;
    }
  }
  int line = message.IsEmpty() ? 0 : message->GetLineNumber(context).FromMaybe(0);
  if (out.empty() && line > 0 && exception->IsNativeError()) {
    out = "\n  at " + utf8(isolate, message->GetScriptResourceName()) + ":" + std::to_string(line) +
          ":" + std::to_string(message->GetStartColumn(context).FromMaybe(0));
  }
  return out;
}

// `Uncaught TypeError: boom`, as V8 words it for a value that nobody caught.
std::string describe(v8::Isolate* isolate, v8::Local<v8::Value> exception) {
  v8::TryCatch ignore(isolate);
  v8::Local<v8::Message> message = v8::Exception::CreateMessage(isolate, exception);
  std::string text = utf8(isolate, message->Get());
  if (exception->IsNativeError()) return text;
  const std::string prefix = "Uncaught ";
  if (text.starts_with(prefix)) text = text.substr(prefix.size());
  return "Uncaught Error: " + text;
}

void answer(Realm* realm, const std::string& failure) {
  size_t start = realm->outbox.begin(DYN_OP_LOAD_FAILED, 1);
  realm->outbox.text(failure.data(), failure.size());
  realm->outbox.end(start);
}

void fail(Realm* realm, v8::Local<v8::Context> context, v8::Local<v8::Value> exception,
          v8::Local<v8::Message> message) {
  std::string text = describe(realm->isolate, exception);
  answer(realm, text + frames(realm, context, exception, message));
}

// Reads [name, kind, source, ...] into the map.
void readModules(Realm* realm, Reader& args) {
  uint32_t count = args.array();
  for (uint32_t i = 0; i + 2 < count; i += 3) {
    auto entry = std::make_unique<ModuleEntry>();
    Slice name = args.slice();
    entry->name.assign(name.data, name.length);
    entry->kind = static_cast<ModuleKind>(args.integer());
    Slice source = args.slice();
    entry->source.assign(source.data, source.length);
    std::string_view key = entry->name;
    if (key.starts_with("./")) key.remove_prefix(2);
    realm->modules[std::string(key)] = std::move(entry);
  }
}

bool compileAll(Realm* realm, v8::Local<v8::Context> context) {
  std::vector<ModuleEntry*> list;
  for (auto& [name, entry] : realm->modules) list.push_back(entry.get());
  for (ModuleEntry* entry : list) {
    if (!compile(realm, context, entry)) return false;
  }
  return true;
}

void start(Realm* realm, v8::Local<v8::Context> context, const std::string& main) {
  v8::Isolate* isolate = realm->isolate;
  v8::TryCatch caught(isolate);
  if (!compileAll(realm, context)) {
    if (!caught.HasTerminated()) fail(realm, context, caught.Exception(), caught.Message());
    return;
  }
  auto found = realm->modules.find(main);
  if (found == realm->modules.end())
    return answer(realm, "Uncaught Error: No such module: " + main);
  if (found->second->kind != kES) {
    return answer(realm, "Uncaught TypeError: Main module must be an ES module.");
  }
  v8::Local<v8::Module> module = found->second->module.Get(isolate);
  v8::Local<v8::Promise> done;
  if (!evaluate(realm, context, module).ToLocal(&done)) {
    if (!caught.HasTerminated()) fail(realm, context, caught.Exception(), caught.Message());
    return;
  }
  isolate->PerformMicrotaskCheckpoint();
  if (isolate->IsExecutionTerminating()) return;
  if (done->State() == v8::Promise::kRejected) {
    done->MarkAsHandled();
    v8::Local<v8::Value> reason = done->Result();
    v8::Local<v8::Message> message = v8::Exception::CreateMessage(isolate, reason);
    std::erase_if(realm->rejections, [&](auto& r) { return r.first == done; });
    return fail(realm, context, reason, message);
  }
  if (done->State() == v8::Promise::kPending) {
    return answer(realm, "Uncaught Error: Top-level await in module is unsettled.");
  }
  v8::Local<v8::Value> args[] = {module->GetModuleNamespace()};
  if (realm->hook(kHookLoaded)->Call(context, v8::Undefined(isolate), 1, args).IsEmpty() &&
      !caught.HasTerminated()) {
    fail(realm, context, caught.Exception(), caught.Message());
  }
}

void importFulfilled(const v8::FunctionCallbackInfo<v8::Value>& info) {
  info.GetReturnValue().Set(info.Data());
}

}  // namespace

void loadWorker(Realm* realm, v8::Local<v8::Context> context, Reader& args) {
  Slice main = args.slice();
  std::string name(main.data, main.length);
  if (name.starts_with("./")) name.erase(0, 2);
  readModules(realm, args);
  bool allow_eval = args.boolean();
  context->AllowCodeGenerationFromStrings(allow_eval);
  realm->starting = true;
  t_clock_stopped = true;
  start(realm, context, name);
  t_clock_stopped = false;
  realm->starting = false;
  context->AllowCodeGenerationFromStrings(false);
}

v8::MaybeLocal<v8::Promise> importDynamically(v8::Local<v8::Context> context, v8::Local<v8::Data>,
                                              v8::Local<v8::Value> resource_name,
                                              v8::Local<v8::String> specifier,
                                              v8::Local<v8::FixedArray> attributes) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  Realm* realm = Realm::from(isolate);
  v8::Local<v8::Promise::Resolver> resolver;
  if (!v8::Promise::Resolver::New(context).ToLocal(&resolver)) return {};
  v8::TryCatch caught(isolate);
  v8::Local<v8::Promise> done;
  ModuleEntry* entry = nullptr;
  if (attributes->Length() > 0) {
    throwError(isolate, "Unrecognized import attributes specified");
  } else {
    entry = resolve(realm, context, utf8(isolate, resource_name), utf8(isolate, specifier), true);
  }
  if (entry == nullptr || !evaluate(realm, context, entry->module.Get(isolate)).ToLocal(&done)) {
    if (caught.HasTerminated() || !caught.CanContinue()) return {};
    resolver->Reject(context, caught.Exception()).FromMaybe(false);
    return resolver->GetPromise();
  }
  v8::Local<v8::Function> give;
  if (!v8::Function::New(context, importFulfilled, entry->module.Get(isolate)->GetModuleNamespace())
           .ToLocal(&give)) {
    return {};
  }
  return done->Then(context, give);
}

}  // namespace dynos

// CommonJS and built-in access for core/modules: require() by name of the requiring module.
namespace dynos {

void op_require(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Isolate* isolate = info.GetIsolate();
  Realm* realm = Realm::from(isolate);
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  std::string referrer = utf8(isolate, info[0]), specifier = utf8(isolate, info[1]);
  ModuleEntry* entry = resolve(realm, context, referrer, specifier, true);
  if (entry == nullptr) return;
  v8::Local<v8::Value> value;
  if (entry->kind == kCommonJS) {
    if (evaluateCommonJS(realm, context, entry, &value)) info.GetReturnValue().Set(value);
    return;
  }
  v8::Local<v8::Module> module = entry->module.Get(isolate);
  v8::Local<v8::Promise> done;
  if (!evaluate(realm, context, module).ToLocal(&done)) return;
  if (done->State() == v8::Promise::kRejected) {
    done->MarkAsHandled();
    isolate->ThrowException(done->Result());
    return;
  }
  v8::Local<v8::Object> exports = module->GetModuleNamespace().As<v8::Object>();
  // Text, JSON, data and Wasm give their value; ES modules and built-ins say in info[2] whether `default` is meant.
  bool want_default = entry->kind != kES || info[2]->IsTrue();
  if (!want_default) {
    info.GetReturnValue().Set(exports);
    return;
  }
  v8::Local<v8::String> key = symbol(isolate, "default");
  if (exports->Has(context, key).FromMaybe(false) && exports->Get(context, key).ToLocal(&value)) {
    info.GetReturnValue().Set(value);
  } else {
    info.GetReturnValue().Set(exports);
  }
}

}  // namespace dynos
