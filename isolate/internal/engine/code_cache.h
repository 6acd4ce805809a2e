// Bytecode that isolates share: of the lazy polyfills, and of modules that several workers have.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "v8.h"

namespace dynos {

// What V8 has compiled of one text. It holds the functions that had run when it was made, so the first realms that use the text
// make it again after more turns, and when they end. Any thread.
class CodeCache {
 public:
  using Data = v8::ScriptCompiler::CachedData;

  // The newest, or null. Whoever lets V8 read it holds it.
  std::shared_ptr<const Data> newest();
  // Whether it gets no better.
  bool final();
  // Whether a realm that has done so many turns can improve it.
  bool wanted(uint32_t turns);
  void offer(std::unique_ptr<Data> data);

 private:
  std::mutex mutex_;
  std::shared_ptr<const Data> data_;
  int attempts_ = 0;
};

// A source to compile, with what is cached of it.
class CachedSource {
 public:
  // `cache` may be null.
  CachedSource(v8::Local<v8::String> text, const v8::ScriptOrigin& origin, CodeCache* cache);
  v8::ScriptCompiler::Source* get() { return &source_; }
  v8::ScriptCompiler::CompileOptions options() const;

 private:
  std::shared_ptr<const CodeCache::Data> data_;
  v8::ScriptCompiler::Source source_;
};

// The cache of a worker's module, or null if the text has not been seen before: most are used once, and pay nothing. `kind` keeps
// apart what is compiled in different ways. What is kept is bounded, the least recently used goes first.
std::shared_ptr<CodeCache> cacheOfModule(int kind, const std::string& text);

}  // namespace dynos
