// Code from strings, for bindings that may do what a worker may not.

#include "module.h"
#include "ops_gen.h"

namespace dynos {

using Info = v8::FunctionCallbackInfo<v8::Value>;

namespace {

// While it lives, text and bytes may become code.
class CodeAllowed {
 public:
  CodeAllowed(Realm* realm, v8::Local<v8::Context> context)
      : realm_(realm),
        context_(context),
        strings_(context->IsCodeGenerationFromStringsAllowed()),
        wasm_(realm->wasm_allowed) {
    context->AllowCodeGenerationFromStrings(true);
    realm->wasm_allowed = true;
  }
  ~CodeAllowed() {
    context_->AllowCodeGenerationFromStrings(strings_);
    realm_->wasm_allowed = wasm_;
  }

 private:
  Realm* realm_;
  v8::Local<v8::Context> context_;
  bool strings_, wasm_;
};

}  // namespace

void op_eval(const Info& info) {
  if (!info[0]->IsString() || !info[1]->IsString()) return;
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  CodeAllowed allowed(Realm::from(isolate), context);
  v8::ScriptCompiler::Source source(info[0].As<v8::String>(), v8::ScriptOrigin(info[1]));
  v8::Local<v8::Script> script;
  v8::Local<v8::Value> result;
  if (v8::ScriptCompiler::Compile(context, &source).ToLocal(&script) &&
      script->Run(context).ToLocal(&result)) {
    info.GetReturnValue().Set(result);
  }
}

void op_eval_function(const Info& info) {
  if (!info[0]->IsString() || !info[1]->IsString() || !info[2]->IsArray()) return;
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::Local<v8::Array> list = info[2].As<v8::Array>();
  v8::LocalVector<v8::String> names(isolate);
  for (uint32_t i = 0; i < list->Length(); i++) {
    v8::Local<v8::Value> name;
    if (!list->Get(context, i).ToLocal(&name) || !name->IsString()) return;
    names.push_back(name.As<v8::String>());
  }
  CodeAllowed allowed(Realm::from(isolate), context);
  v8::ScriptCompiler::Source source(info[0].As<v8::String>(), v8::ScriptOrigin(info[1]));
  v8::Local<v8::Function> function;
  if (!v8::ScriptCompiler::CompileFunction(context, &source, names.size(), names.data())
           .ToLocal(&function)) {
    return;
  }
  function->SetName(info[1].As<v8::String>());
  info.GetReturnValue().Set(function);
}

void op_eval_wasm(const Info& info) {
  if (!info[0]->IsUint8Array()) return;
  v8::Isolate* isolate = info.GetIsolate();
  CodeAllowed allowed(Realm::from(isolate), isolate->GetCurrentContext());
  v8::Local<v8::Uint8Array> view = info[0].As<v8::Uint8Array>();
  std::string bytes(view->ByteLength(), '\0');
  view->CopyContents(bytes.data(), bytes.size());
  v8::Local<v8::WasmModuleObject> module;
  if (v8::WasmModuleObject::Compile(
          isolate, v8::MemorySpan<const uint8_t>(reinterpret_cast<const uint8_t*>(bytes.data()),
                                                 bytes.size()))
          .ToLocal(&module)) {
    info.GetReturnValue().Set(module);
  }
}

}  // namespace dynos
