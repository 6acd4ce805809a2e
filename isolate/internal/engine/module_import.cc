// Imports: what V8 asks while it instantiates a module or runs import(), import.meta, and require() of CommonJS.

#include "module.h"
#include "ops_gen.h"

namespace dynos {

namespace {

bool throwNoSource(v8::Isolate* isolate, const std::string& name) {
  isolate->ThrowException(v8::Exception::SyntaxError(
      str(isolate, "Source phase import not available for module: " + name)));
  return false;
}

// What the `with` of an import says: which kind the module must be. Only modules with URL names can be asked so.
class Attributes {
 public:
  // Reads a list of keys and values, in static imports with offsets between. False with a pending exception.
  bool read(Realm* realm, v8::Local<v8::Context> context, v8::Local<v8::FixedArray> list,
            Import how) {
    v8::Isolate* isolate = realm->isolate;
    if (list->Length() == 0) return true;
    if (!realm->url_registry) {
      return throwError(isolate, "Unrecognized import attributes specified");
    }
    for (int i = 0; i + 1 < list->Length(); i += how == Import::kStatic ? 3 : 2) {
      std::string key = utf8(isolate, list->Get(context, i).As<v8::Value>());
      type_ = utf8(isolate, list->Get(context, i + 1).As<v8::Value>());
      if (key != "type") {
        return throwTypeError(isolate, "Unsupported import attribute: \"" + key + "\"");
      }
      if (type_ != "json" && type_ != "text" && type_ != "bytes") {
        return throwTypeError(isolate, "Unsupported import attribute type: \"" + type_ + "\"");
      }
    }
    return true;
  }

  // Whether a module may be imported so. False with a pending exception.
  bool allow(v8::Isolate* isolate, const ModuleEntry* entry, const std::string& specifier) const {
    if (type_.empty() || (type_ == "json" && entry->kind == kJSON)) return true;
    if (type_ == "json") {
      return throwTypeError(isolate, "Module \"" + specifier + "\" is not of type \"json\"");
    }
    return throwTypeError(isolate, "Import attribute type \"" + type_ + "\" is not yet supported");
  }

 private:
  std::string type_;
};

// The module of an import, compiled. nullptr with a pending exception.
ModuleEntry* find(Realm* realm, v8::Local<v8::Context> context, const std::string& referrer,
                  const std::string& specifier, v8::Local<v8::FixedArray> attributes, Import how) {
  Attributes wanted;
  if (!wanted.read(realm, context, attributes, how)) return nullptr;
  ModuleEntry* entry = resolve(realm, context, referrer, specifier, how);
  if (entry == nullptr || !wanted.allow(realm->isolate, entry, specifier) ||
      !compile(realm, context, entry)) {
    return nullptr;
  }
  return entry;
}

bool isEvaluating(v8::Local<v8::Module> module) {
  return module->GetStatus() == v8::Module::kEvaluating ||
         module->GetStatus() == v8::Module::kInstantiating;
}

void giveData(const v8::FunctionCallbackInfo<v8::Value>& info) {
  info.GetReturnValue().Set(info.Data());
}

// A promise of the namespace of a module.
v8::MaybeLocal<v8::Promise> importEntry(Realm* realm, v8::Local<v8::Context> context,
                                        ModuleEntry* entry) {
  v8::Local<v8::Module> module = entry->module.Get(realm->isolate);
  v8::Local<v8::Promise> done;
  v8::Local<v8::Function> give;
  if (!evaluate(realm, context, module).ToLocal(&done) ||
      !v8::Function::New(context, giveData, module->GetModuleNamespace()).ToLocal(&give)) {
    return {};
  }
  return done->Then(context, give);
}

void importLater(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Isolate* isolate = info.GetIsolate();
  auto* entry = static_cast<ModuleEntry*>(info.Data().As<v8::External>()->Value());
  v8::Local<v8::Promise> done;
  if (importEntry(Realm::from(isolate), isolate->GetCurrentContext(), entry).ToLocal(&done)) {
    info.GetReturnValue().Set(done);
  }
}

// As importEntry, once the code that runs has ended: V8 cannot be asked about a module that is being evaluated.
v8::MaybeLocal<v8::Promise> importAfterwards(Realm* realm, v8::Local<v8::Context> context,
                                             ModuleEntry* entry) {
  v8::Isolate* isolate = realm->isolate;
  v8::Local<v8::Promise::Resolver> now;
  v8::Local<v8::Function> later;
  if (!v8::Promise::Resolver::New(context).ToLocal(&now) ||
      now->Resolve(context, v8::Undefined(isolate)).IsNothing() ||
      !v8::Function::New(context, importLater, v8::External::New(isolate, entry)).ToLocal(&later)) {
    return {};
  }
  return now->GetPromise()->Then(context, later);
}

v8::MaybeLocal<v8::Promise> settled(v8::Local<v8::Context> context, v8::Local<v8::Value> value) {
  v8::Local<v8::Promise::Resolver> resolver;
  if (!v8::Promise::Resolver::New(context).ToLocal(&resolver) ||
      resolver->Resolve(context, value).IsNothing()) {
    return {};
  }
  return resolver->GetPromise();
}

v8::MaybeLocal<v8::Promise> importSource(Realm* realm, v8::Local<v8::Context> context,
                                         ModuleEntry* entry) {
  if (!realm->url_registry) {
    throwError(realm->isolate, "Not supported");
    return {};
  }
  if (entry->kind != kWasm) {
    throwNoSource(realm->isolate, entry->name);
    return {};
  }
  return settled(context, entry->value.Get(realm->isolate));
}

// A promise that is rejected with what was caught.
v8::MaybeLocal<v8::Promise> rejected(v8::Local<v8::Context> context, v8::TryCatch& caught) {
  if (caught.HasTerminated() || (caught.HasCaught() && !caught.CanContinue())) return {};
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  v8::Local<v8::Value> reason =
      caught.HasCaught() ? caught.Exception()
                         : v8::Exception::Error(str(isolate, "The module could not be loaded."));
  v8::Local<v8::Promise::Resolver> resolver;
  if (!v8::Promise::Resolver::New(context).ToLocal(&resolver) ||
      resolver->Reject(context, reason).IsNothing()) {
    return {};
  }
  return resolver->GetPromise();
}

void setMeta(v8::Isolate* isolate, v8::Local<v8::Context> context, v8::Local<v8::Object> meta,
             const char* name, v8::Local<v8::Value> value) {
  meta->CreateDataProperty(context, symbol(isolate, name), value).FromMaybe(false);
}

// import.meta.resolve(specifier)
void metaResolve(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  if (info.Length() == 0) {
    throwTypeError(isolate, "import.meta.resolve requires a specifier argument");
    return;
  }
  v8::Local<v8::String> specifier;
  std::string url;
  if (info[0]->ToString(context).ToLocal(&specifier) &&
      resolveURL(Realm::from(isolate), context, utf8(isolate, info.Data()),
                 utf8(isolate, specifier), &url)) {
    info.GetReturnValue().Set(str(isolate, url));
  }
}

// What require() gives of a module that has been evaluated.
bool requiredValue(Realm* realm, v8::Local<v8::Context> context, ModuleEntry* entry,
                   v8::Local<v8::Object> exports, v8::Local<v8::Value>* value) {
  v8::Isolate* isolate = realm->isolate;
  // https://nodejs.org/api/modules.html#loading-ecmascript-modules-using-require
  v8::Local<v8::String> whole = symbol(isolate, "module.exports");
  v8::Local<v8::String> key = symbol(isolate, "default");
  bool has = false;
  if (entry->kind == kES && exports->Has(context, whole).To(&has) && has) {
    return exports->Get(context, whole).ToLocal(value);
  }
  *value = exports;
  if (realm->url_registry && (entry->kind == kES || !exports->Has(context, key).To(&has) || !has)) {
    return true;
  }
  return exports->Get(context, key).ToLocal(value);
}

// Evaluates what is required; V8 cannot be asked while it does so already. False with a pending exception.
bool evaluateNow(Realm* realm, v8::Local<v8::Context> context, ModuleEntry* entry) {
  v8::Isolate* isolate = realm->isolate;
  v8::Local<v8::Module> module = entry->module.Get(isolate);
  if (isEvaluating(module)) {
    if (!realm->url_registry) return true;
    return throwError(isolate, "Circular dependency when resolving module: " + entry->name);
  }
  std::string refused =
      realm->url_registry
          ? "Top-level await is not supported in this context for module: " + entry->name
          : "Top-level await in module is not permitted at this time.";
  if (!instantiate(context, module)) return false;
  if (realm->url_registry && module->IsGraphAsync()) return throwError(isolate, refused);
  v8::Local<v8::Promise> done;
  if (!evaluate(realm, context, module).ToLocal(&done)) return false;
  if (done->State() == v8::Promise::kFulfilled) return true;
  if (done->State() == v8::Promise::kRejected) {
    done->MarkAsHandled();
    isolate->ThrowException(done->Result());
    return false;
  }
  return throwError(isolate, refused);
}

}  // namespace

v8::MaybeLocal<v8::Module> resolveImport(v8::Local<v8::Context> context,
                                         v8::Local<v8::String> specifier,
                                         v8::Local<v8::FixedArray> attributes,
                                         v8::Local<v8::Module> referrer) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  Realm* realm = Realm::from(isolate);
  ModuleEntry* from = entryOf(realm, referrer);
  std::string name = utf8(isolate, specifier);
  ModuleEntry* entry =
      find(realm, context, from ? from->name : "", name, attributes, Import::kStatic);
  if (entry == nullptr) return {};
  if (entry->running) {
    throwError(isolate, "Circular dependency when resolving module: " + name);
    return {};
  }
  return entry->module.Get(isolate);
}

// `import source x from "./x.wasm"`, https://tc39.es/proposal-source-phase-imports/
v8::MaybeLocal<v8::Object> resolveSource(v8::Local<v8::Context> context,
                                         v8::Local<v8::String> specifier,
                                         v8::Local<v8::FixedArray> attributes,
                                         v8::Local<v8::Module> referrer) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  Realm* realm = Realm::from(isolate);
  ModuleEntry* from = entryOf(realm, referrer);
  std::string importer = from ? from->name : "", name = utf8(isolate, specifier);
  ModuleEntry* entry = find(realm, context, importer, name, attributes, Import::kStatic);
  if (entry == nullptr) return {};
  if (entry->kind == kWasm) return entry->value.Get(isolate).As<v8::Object>();
  throwNoSource(isolate, realm->url_registry
                             ? name
                             : entry->name + ".\n  imported from \"" + importer + "\"");
  return {};
}

v8::MaybeLocal<v8::Promise> importPhase(v8::Local<v8::Context> context, v8::Local<v8::Data>,
                                        v8::Local<v8::Value> resource_name,
                                        v8::Local<v8::String> specifier,
                                        v8::ModuleImportPhase phase,
                                        v8::Local<v8::FixedArray> attributes) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  Realm* realm = Realm::from(isolate);
  v8::TryCatch caught(isolate);
  v8::MaybeLocal<v8::Promise> promise;
  ModuleEntry* entry = find(realm, context, utf8(isolate, resource_name), utf8(isolate, specifier),
                            attributes, Import::kDynamic);
  if (entry != nullptr && phase == v8::ModuleImportPhase::kSource) {
    promise = importSource(realm, context, entry);
  } else if (entry != nullptr && isEvaluating(entry->module.Get(isolate))) {
    promise = importAfterwards(realm, context, entry);
  } else if (entry != nullptr) {
    promise = importEntry(realm, context, entry);
  }
  return promise.IsEmpty() ? rejected(context, caught) : promise;
}

v8::MaybeLocal<v8::Promise> importDynamically(v8::Local<v8::Context> context,
                                              v8::Local<v8::Data> options,
                                              v8::Local<v8::Value> resource_name,
                                              v8::Local<v8::String> specifier,
                                              v8::Local<v8::FixedArray> attributes) {
  return importPhase(context, options, resource_name, specifier, v8::ModuleImportPhase::kEvaluation,
                     attributes);
}

void initializeMeta(v8::Local<v8::Context> context, v8::Local<v8::Module> module,
                    v8::Local<v8::Object> meta) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  Realm* realm = Realm::from(isolate);
  ModuleEntry* entry = entryOf(realm, module);
  if (!realm->url_registry || entry == nullptr) return;
  v8::TryCatch ignored(isolate);
  v8::Local<v8::String> url = str(isolate, entry->name);
  setMeta(isolate, context, meta, "main", v8::Boolean::New(isolate, entry->main));
  setMeta(isolate, context, meta, "url", url);
  std::string file = fileName(realm, entry->name);
  if (!file.empty()) {
    setMeta(isolate, context, meta, "filename", str(isolate, file));
    setMeta(isolate, context, meta, "dirname", str(isolate, directoryOf(file)));
  }
  v8::Local<v8::Function> resolver;
  if (v8::Function::New(context, metaResolve, url, 0, v8::ConstructorBehavior::kThrow)
          .ToLocal(&resolver)) {
    setMeta(isolate, context, meta, "resolve", resolver);
  }
}

void op_require(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Isolate* isolate = info.GetIsolate();
  Realm* realm = Realm::from(isolate);
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  ModuleEntry* entry =
      resolve(realm, context, utf8(isolate, info[0]), utf8(isolate, info[1]), Import::kRequire);
  if (entry == nullptr || !compile(realm, context, entry)) return;
  v8::Local<v8::Value> value;
  if (entry->kind == kCommonJS) {
    if (evaluateCommonJS(realm, context, entry, &value)) info.GetReturnValue().Set(value);
    return;
  }
  if (!evaluateNow(realm, context, entry)) return;
  v8::Local<v8::Object> exports = entry->module.Get(isolate)->GetModuleNamespace().As<v8::Object>();
  if (requiredValue(realm, context, entry, exports, &value)) info.GetReturnValue().Set(value);
}

void op_import_internal(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Isolate* isolate = info.GetIsolate();
  Realm* realm = Realm::from(isolate);
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  ModuleEntry* entry = resolveInternal(realm, context, utf8(isolate, info[0]));
  if (entry == nullptr || !compile(realm, context, entry) || !evaluateNow(realm, context, entry)) {
    return;
  }
  info.GetReturnValue().Set(entry->module.Get(isolate)->GetModuleNamespace());
}

// The bytes from which a WebAssembly.Module was compiled; V8 itself shares the code of equal bytes.
void op_wasm_bytes(const v8::FunctionCallbackInfo<v8::Value>& info) {
  if (!info[0]->IsWasmModuleObject()) return;
  v8::CompiledWasmModule module = info[0].As<v8::WasmModuleObject>()->GetCompiledModule();
  v8::MemorySpan<const uint8_t> bytes = module.GetWireBytesRef();
  info.GetReturnValue().Set(newBytes(info.GetIsolate(), bytes.data(), bytes.size()));
}

}  // namespace dynos
