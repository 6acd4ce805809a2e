// How a worker starts: its modules are installed, the main one is evaluated and handed to JavaScript; and the words for what goes wrong.

#include <algorithm>

#include "module.h"
#include "ops_gen.h"

namespace dynos {

namespace {

// Classes by whose names an exception may begin; any other is shown as an Error.
constexpr std::string_view kClasses[] = {
    "Error",     "TypeError",    "RangeError",     "ReferenceError",  "SyntaxError",
    "URIError",  "EvalError",    "AggregateError", "SuppressedError", "CompileError",
    "LinkError", "RuntimeError", "DOMException"};

// `DOMException(AbortError): text`, or empty if the value is none.
std::string describeDOMException(Realm* realm, v8::Local<v8::Context> context,
                                 v8::Local<v8::Value> exception) {
  v8::Isolate* isolate = realm->isolate;
  v8::Local<v8::Value> args[] = {exception};
  v8::Local<v8::Value> text;
  if (!realm->hook(kHookDescribeDOM)
           ->Call(context, v8::Undefined(isolate), 1, args)
           .ToLocal(&text) ||
      !text->IsString()) {
    return {};
  }
  return utf8(isolate, text);
}

// `Uncaught TypeError: boom`.
std::string describe(Realm* realm, v8::Local<v8::Context> context, v8::Local<v8::Value> exception) {
  v8::Isolate* isolate = realm->isolate;
  v8::TryCatch ignored(isolate);
  std::string text = describeDOMException(realm, context, exception);
  if (!text.empty()) return "Uncaught " + text;
  text = utf8(isolate, v8::Exception::CreateMessage(isolate, exception)->Get());
  constexpr std::string_view kUncaught = "Uncaught ";
  if (text.starts_with(kUncaught)) text.erase(0, kUncaught.size());
  if (exception->IsObject()) {
    for (std::string_view name : kClasses) {
      if (text.starts_with(name)) return "Uncaught " + text;
    }
  }
  return "Uncaught Error: " + text;
}

bool isOurs(std::string_view file) { return file.starts_with("dynos:"); }

std::string frame(v8::Isolate* isolate, v8::Local<v8::StackFrame> at) {
  std::string file = utf8(isolate, at->GetScriptName());
  if (isOurs(file)) return {};
  std::string line = "\n  at " + (file.empty() ? "worker.js" : file) + ":" +
                     std::to_string(at->GetLineNumber()) + ":" + std::to_string(at->GetColumn());
  std::string function = utf8(isolate, at->GetFunctionName());
  return function.empty() ? line : line + " in " + function;
}

// Where the message says that it happened; what has no column (0) stands for the whole line.
std::string place(v8::Isolate* isolate, v8::Local<v8::Context> context,
                  v8::Local<v8::Message> message) {
  int line = message->GetLineNumber(context).FromMaybe(0);
  int column = message->GetStartColumn(context).FromMaybe(0);
  v8::Local<v8::Value> name = message->GetScriptResourceName();
  std::string file = !name.IsEmpty() && name->IsString() ? utf8(isolate, name) : "";
  if (line <= 0 || isOurs(file)) return {};
  std::string text = (file.empty() ? "\n" : "\n  at " + file) + ":" + std::to_string(line);
  return column > 0 ? text + ":" + std::to_string(column) : text;
}

// `  at main.js:1:7 in f`, one line a frame; the place of the message if there is no stack.
std::string frames(Realm* realm, v8::Local<v8::Context> context, v8::Local<v8::Value> exception,
                   v8::Local<v8::Message> message) {
  v8::Isolate* isolate = realm->isolate;
  std::string lines;
  v8::Local<v8::StackTrace> trace;
  // V8 would also find the stack of an error that the object inherits from.
  bool own = exception->IsObject() && exception.As<v8::Object>()
                                          ->HasRealNamedProperty(context, symbol(isolate, "stack"))
                                          .FromMaybe(false);
  if (own || exception->IsNativeError()) trace = v8::Exception::GetStackTrace(exception);
  for (int i = 0; !trace.IsEmpty() && i < trace->GetFrameCount(); i++) {
    lines += frame(isolate, trace->GetFrame(isolate, i));
  }
  if (lines.empty() && !message.IsEmpty() && exception->IsNativeError()) {
    return place(isolate, context, message);
  }
  return lines;
}

void answer(Realm* realm, const std::string& failure) {
  size_t start = realm->outbox.begin(DYN_OP_LOAD_FAILED, 1);
  realm->outbox.text(failure.data(), failure.size());
  realm->outbox.end(start);
}

std::string textOf(Realm* realm, v8::Local<v8::Context> context, v8::Local<v8::Value> exception,
                   v8::Local<v8::Message> message) {
  return describe(realm, context, exception) + frames(realm, context, exception, message);
}

// Says of a module's kind that it belongs to an extension, as isolate/ops/message.go does.
constexpr int kExtension = 1 << 8;
constexpr int kInternalExtension = 1 << 9;

// Reads what CommonJS modules export by name. False with a pending exception.
bool readNamedExports(Realm* realm, v8::Local<v8::Context> context, Reader& args) {
  for (uint32_t count = args.array(); count > 1; count -= 2) {
    Slice name = args.slice();
    Slice exported = args.slice();
    std::string key, given(exported.data, exported.length);
    if (!moduleKey(realm, context, std::string(name.data, name.length), &key)) return false;
    auto found = realm->modules.find(key);
    if (found == realm->modules.end() || found->second->kind != kCommonJS) continue;
    std::vector<std::string>& named = found->second->named;
    if (given != "default" && std::find(named.begin(), named.end(), given) == named.end()) {
      named.push_back(given);
    }
  }
  return true;
}

// Gives the modules their keys, in the order in which they were given; a script in the place of the main module has none. False if
// one cannot have its name, with the reason in *refused, or with a pending exception.
bool install(Realm* realm, v8::Local<v8::Context> context, const std::string& main, Reader& args,
             std::vector<ModuleEntry*>* list, std::unique_ptr<ModuleEntry>* script,
             std::string* refused) {
  uint32_t count = args.array();
  for (uint32_t i = 0; i + 2 < count; i += 3) {
    auto entry = std::make_unique<ModuleEntry>();
    Slice name = args.slice();
    int kind = args.integer();
    entry->kind = static_cast<ModuleKind>(kind & 0xff);
    Slice source = args.slice();
    entry->source = std::make_shared<const std::string>(source.data, source.length);
    std::string given(name.data, name.length);
    if (entry->kind == kScript) {
      entry->name = given;
      *script = std::move(entry);
      continue;
    }
    if (kind & (kExtension | kInternalExtension)) {
      entry->name = given;
      (kind & kExtension ? realm->extensions : realm->internals)[given] = std::move(entry);
      continue;
    }
    entry->main = given == main;
    if (!moduleKey(realm, context, given, &entry->name)) return false;
    std::string key = entry->name;
    for (std::string_view scheme : {"cloudflare:", "data:"}) {
      if (!realm->url_registry || !key.starts_with(scheme)) continue;
      *refused = "The " + std::string(scheme) + " protocol cannot be used in module bundles";
      return false;
    }
    auto [at, added] = realm->modules.emplace(key, std::move(entry));
    if (!added) {
      std::string text = "Module \"" + key + "\" already added to bundle";
      *refused = realm->url_registry
                     ? text + "\nNo event handlers were registered. This script does nothing."
                     : "Uncaught Error: " + text;
      return false;
    }
    list->push_back(at->second.get());
  }
  return true;
}

// The main module, compiled; nullptr if there is none, with the reason in *refused or a pending exception.
ModuleEntry* findMain(Realm* realm, v8::Local<v8::Context> context, const std::string& name,
                      std::string* refused) {
  if (!moduleKey(realm, context, name, &realm->main)) return nullptr;
  ModuleEntry* entry = nullptr;
  if (realm->url_registry) {
    // Of a module's own name the query is no part, but this is an import.
    realm->main += name.substr(std::min(name.find_first_of("?#"), name.size()));
    entry = findByURL(realm, realm->main);
    if (entry == nullptr)
      *refused = "Uncaught TypeError: Main module name is not present in bundle.";
  } else {
    auto found = realm->modules.find(realm->main);
    if (found != realm->modules.end()) entry = found->second.get();
    std::string shown = realm->main.empty() ? "." : realm->main;
    if (entry == nullptr) *refused = "Uncaught Error: No such module: " + shown;
  }
  if (entry == nullptr) return nullptr;
  if (entry->kind != kES) {
    *refused = "Uncaught TypeError: Main module must be an ES module.";
    return nullptr;
  }
  return compile(realm, context, entry) ? entry : nullptr;
}

std::string unsettled(const Realm* realm) {
  if (!realm->url_registry) return "Uncaught Error: Top-level await in module is unsettled.";
  return "Uncaught Error: Use of top-level await in a synchronously required module is restricted "
         "to promises that are "
         "resolved synchronously. This includes any top-level awaits in the entrypoint module for "
         "a worker. Specifier: \"" +
         realm->main + "\".";
}

// Runs the classic script of a worker in the service-worker format: sloppy, its declarations are globals.
bool runScript(Realm* realm, v8::Local<v8::Context> context, const ModuleEntry* entry) {
  v8::Isolate* isolate = realm->isolate;
  v8::ScriptCompiler::Source source(str(isolate, *entry->source),
                                    v8::ScriptOrigin(str(isolate, entry->name)));
  v8::Local<v8::Script> script;
  if (!v8::ScriptCompiler::Compile(context, &source).ToLocal(&script) ||
      script->Run(context).IsEmpty()) {
    return false;
  }
  isolate->PerformMicrotaskCheckpoint();
  return !isolate->IsExecutionTerminating();
}

// Tells JavaScript what the worker exports.
bool reportLoaded(Realm* realm, v8::Local<v8::Context> context, v8::Local<v8::Value> exports) {
  return !realm->hook(kHookLoaded)
              ->Call(context, v8::Undefined(realm->isolate), 1, &exports)
              .IsEmpty();
}

// Installs and evaluates. False if the worker has not started, with the reason in *refused or a pending exception.
bool run(Realm* realm, v8::Local<v8::Context> context, const std::string& main, Reader& args,
         std::string* refused) {
  v8::Isolate* isolate = realm->isolate;
  std::vector<ModuleEntry*> list;
  std::unique_ptr<ModuleEntry> script;
  if (!install(realm, context, main, args, &list, &script, refused) ||
      !readNamedExports(realm, context, args)) {
    return false;
  }
  if (!realm->url_registry) {
    for (ModuleEntry* entry : list) {
      if (!compile(realm, context, entry)) return false;
    }
  }
  if (realm->hook(kHookInstalled)->Call(context, v8::Undefined(isolate), 0, nullptr).IsEmpty()) {
    return false;
  }
  if (script != nullptr) {
    return runScript(realm, context, script.get()) &&
           reportLoaded(realm, context, v8::Object::New(isolate));
  }
  ModuleEntry* entry = findMain(realm, context, main, refused);
  if (entry == nullptr) return false;
  v8::Local<v8::Module> module = entry->module.Get(isolate);
  v8::Local<v8::Promise> done;
  if (!evaluate(realm, context, module).ToLocal(&done)) return false;
  isolate->PerformMicrotaskCheckpoint();
  if (isolate->IsExecutionTerminating()) return false;
  if (done->State() == v8::Promise::kRejected) {
    done->MarkAsHandled();
    std::erase_if(realm->rejections, [&](auto& r) { return r.first == done; });
    v8::Local<v8::Value> reason = done->Result();
    *refused = textOf(realm, context, reason, v8::Exception::CreateMessage(isolate, reason));
    return false;
  }
  if (done->State() == v8::Promise::kPending) {
    *refused = unsettled(realm);
    return false;
  }
  return reportLoaded(realm, context, module->GetModuleNamespace());
}

}  // namespace

void loadWorker(Realm* realm, v8::Local<v8::Context> context, Reader& args) {
  Slice main = args.slice();
  bool allow_eval = args.boolean();
  bool keep_eval = args.boolean();
  realm->url_registry = args.boolean();
  v8::TryCatch caught(realm->isolate);
  std::string refused;
  context->AllowCodeGenerationFromStrings(allow_eval || keep_eval);
  realm->wasm_allowed = true;
  t_clock_stopped = true;
  // What frames() reads. It makes every error dearer, so handlers do without.
  realm->isolate->SetCaptureStackTraceForUncaughtExceptions(true, 10);
  bool started = run(realm, context, std::string(main.data, main.length), args, &refused);
  t_clock_stopped = false;
  realm->wasm_allowed = false;
  context->AllowCodeGenerationFromStrings(keep_eval);
  realm->isolate->SetCaptureStackTraceForUncaughtExceptions(false);
  if (started || caught.HasTerminated()) return;
  if (refused.empty()) {
    refused = caught.HasCaught() ? textOf(realm, context, caught.Exception(), caught.Message())
                                 : "Uncaught Error: A module could not be compiled.";
  }
  answer(realm, refused);
}

}  // namespace dynos
