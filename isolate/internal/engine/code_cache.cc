#include "code_cache.h"

#include <functional>
#include <list>
#include <unordered_map>
#include <vector>

namespace dynos {

namespace {

constexpr int kMaxAttempts = 12;

// Texts of modules, and a guess of what their bytecode takes, may be so large in all.
constexpr size_t kMaxModuleBytes = 64 << 20;
constexpr size_t kBytesPerCharacter = 4;
constexpr size_t kBytesPerModule = 4 << 10;
// How many texts that were seen once are remembered, by hash.
constexpr size_t kSeen = 4096;

class ModuleCaches {
 public:
  std::shared_ptr<CodeCache> of(int kind, const std::string& text) {
    size_t hash = std::hash<std::string_view>()(text) * 31 + static_cast<size_t>(kind);
    std::lock_guard<std::mutex> lock(mutex_);
    auto found = by_hash_.find(hash);
    if (found != by_hash_.end()) {
      auto module = found->second;
      if (module->kind != kind || module->text != text) return nullptr;
      recent_.splice(recent_.begin(), recent_, module);
      return module->cache;
    }
    size_t& seen = seen_[hash % kSeen];
    if (seen != hash) {
      seen = hash;
      return nullptr;
    }
    if (cost(text) > kMaxModuleBytes / 4) return nullptr;
    return add(hash, kind, text);
  }

 private:
  struct Module {
    size_t hash;
    int kind;
    std::string text;
    std::shared_ptr<CodeCache> cache;
  };

  static size_t cost(const std::string& text) {
    return text.size() * kBytesPerCharacter + kBytesPerModule;
  }

  std::shared_ptr<CodeCache> add(size_t hash, int kind, const std::string& text) {
    recent_.push_front({hash, kind, text, std::make_shared<CodeCache>()});
    by_hash_[hash] = recent_.begin();
    for (bytes_ += cost(text); bytes_ > kMaxModuleBytes; recent_.pop_back()) {
      bytes_ -= cost(recent_.back().text);
      by_hash_.erase(recent_.back().hash);
    }
    return recent_.front().cache;
  }

  std::mutex mutex_;
  std::vector<size_t> seen_ = std::vector<size_t>(kSeen);
  std::list<Module> recent_;  // the most recently used first
  std::unordered_map<size_t, std::list<Module>::iterator> by_hash_;
  size_t bytes_ = 0;
};

// V8 owns this object, and not what it points to.
CodeCache::Data* borrow(const CodeCache::Data* data) {
  if (data == nullptr) return nullptr;
  return new CodeCache::Data(data->data, data->length, CodeCache::Data::BufferNotOwned);
}

}  // namespace

std::shared_ptr<const CodeCache::Data> CodeCache::newest() {
  std::lock_guard<std::mutex> lock(mutex_);
  return data_;
}

bool CodeCache::final() {
  std::lock_guard<std::mutex> lock(mutex_);
  return attempts_ >= kMaxAttempts;
}

bool CodeCache::wanted(uint32_t turns) {
  std::lock_guard<std::mutex> lock(mutex_);
  return data_ == nullptr || (turns >= 4 && attempts_ < kMaxAttempts);
}

void CodeCache::offer(std::unique_ptr<Data> data) {
  if (data == nullptr) return;
  std::lock_guard<std::mutex> lock(mutex_);
  if (attempts_ >= kMaxAttempts) return;
  attempts_++;
  if (data_ == nullptr || data->length > data_->length) data_ = std::move(data);
}

CachedSource::CachedSource(v8::Local<v8::String> text, const v8::ScriptOrigin& origin,
                           CodeCache* cache)
    : data_(cache == nullptr ? nullptr : cache->newest()),
      source_(text, origin, borrow(data_.get())) {}

v8::ScriptCompiler::CompileOptions CachedSource::options() const {
  return data_ == nullptr ? v8::ScriptCompiler::kNoCompileOptions
                          : v8::ScriptCompiler::kConsumeCodeCache;
}

std::shared_ptr<CodeCache> cacheOfModule(int kind, const std::string& text) {
  static ModuleCaches* caches = new ModuleCaches;
  return caches->of(kind, text);
}

}  // namespace dynos
