// The modules of a worker: what the files module*.cc share.
#pragma once

#include "realm.h"

namespace dynos {

// How a module is asked for; errors are worded accordingly.
enum class Import { kStatic, kDynamic, kRequire };

// module.cc

// Links a module with what it imports, unless that is done. False with a pending exception.
bool instantiate(v8::Local<v8::Context> context, v8::Local<v8::Module> module);

ModuleEntry* entryOf(Realm* realm, v8::Local<v8::Module> module);
// Parses a module, whatever its kind, if it is not yet. False with a pending exception.
bool compile(Realm* realm, v8::Local<v8::Context> context, ModuleEntry* entry);
v8::Local<v8::Module> makeSynthetic(Realm* realm, ModuleEntry* entry,
                                    v8::LocalVector<v8::String>& names);
// Instantiates and evaluates, outside of any request; the promise of the evaluation. Preconditions: it is not being evaluated.
v8::MaybeLocal<v8::Promise> evaluate(Realm* realm, v8::Local<v8::Context> context,
                                     v8::Local<v8::Module> module);
// Runs a CommonJS module, if it has not run, and gives its module.exports. The objects that it gets are made by JavaScript: only it
// knows what `require` gives.
bool evaluateCommonJS(Realm* realm, v8::Local<v8::Context> context, ModuleEntry* entry,
                      v8::Local<v8::Value>* result);

// module_import.cc: V8's questions while it instantiates a module

v8::MaybeLocal<v8::Module> resolveImport(v8::Local<v8::Context> context,
                                         v8::Local<v8::String> specifier,
                                         v8::Local<v8::FixedArray> attributes,
                                         v8::Local<v8::Module> referrer);
v8::MaybeLocal<v8::Object> resolveSource(v8::Local<v8::Context> context,
                                         v8::Local<v8::String> specifier,
                                         v8::Local<v8::FixedArray> attributes,
                                         v8::Local<v8::Module> referrer);

// module_resolve.cc

// The key under which a worker's module of this name is kept. False with a pending exception if it can have none.
bool moduleKey(Realm* realm, v8::Local<v8::Context> context, const std::string& name,
               std::string* key);
// The URL of `specifier` in the URL registry. False with a pending exception.
bool resolveURL(Realm* realm, v8::Local<v8::Context> context, const std::string& base,
                const std::string& specifier, std::string* url);
// The module that `specifier` means for `referrer`; nullptr with a pending exception. It may not be compiled yet.
ModuleEntry* resolve(Realm* realm, v8::Local<v8::Context> context, const std::string& referrer,
                     const std::string& specifier, Import how);
// The module of an extension, or the internal built-in, of this name; nullptr with a pending exception.
ModuleEntry* resolveInternal(Realm* realm, v8::Local<v8::Context> context,
                             const std::string& specifier);
// The module of a URL, or nullptr. Query and fragment make an instance of its own.
ModuleEntry* findByURL(Realm* realm, const std::string& url);
// The file name of a module, as CommonJS and import.meta show it; empty for a URL that is no file.
std::string fileName(const Realm* realm, const std::string& key);
// What __filename says in a CommonJS module: that of a URL which is no file is its path.
std::string requireName(const Realm* realm, const std::string& key);
std::string directoryOf(const std::string& file);

// small helpers

inline std::string utf8(v8::Isolate* isolate, v8::Local<v8::Value> value) {
  v8::String::Utf8Value text(isolate, value);
  return *text == nullptr ? std::string() : std::string(*text, text.length());
}
inline bool throwError(v8::Isolate* isolate, const std::string& message) {
  isolate->ThrowException(v8::Exception::Error(str(isolate, message)));
  return false;
}
inline bool throwTypeError(v8::Isolate* isolate, const std::string& message) {
  return throwTypeError(isolate, message.c_str());
}

}  // namespace dynos
