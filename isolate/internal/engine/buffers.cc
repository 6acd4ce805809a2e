// Memory of small buffers, kept for the next ones.
//
// V8's allocator keeps what is free in trees under one lock for the process, and gives pages back to the system as soon as it can: a buffer costs
// some microseconds. Most are small and soon gone.

#include <atomic>
#include <bit>
#include <cstring>
#include <memory>
#include <mutex>
#include <vector>

#include "realm.h"

namespace dynos {

namespace {

constexpr size_t kSmallest = 128;
constexpr size_t kLargest = 64 << 10;
constexpr size_t kMostKept = 32 << 20;  // of free memory
// Sizes go up by quarters between powers of two.
constexpr int kSteps = 4;
constexpr int kKinds = (std::bit_width(kLargest) - std::bit_width(kSmallest)) * kSteps + 1;

struct Kind {
  int index;
  size_t size;
};

// The kind of block that holds `length` bytes, of at most kLargest.
Kind kindOf(size_t length) {
  if (length <= kSmallest) return {0, kSmallest};
  int power = std::bit_width(length - 1) - 1;  // 2^power < length <= 2^(power + 1)
  size_t step = (size_t{1} << power) / kSteps;
  size_t above = (length - (size_t{1} << power) + step - 1) / step;
  int index = (power - (std::bit_width(kSmallest) - 1)) * kSteps + static_cast<int>(above);
  return {index, (size_t{1} << power) + above * step};
}

// Blocks that it keeps are zeroed when they come back, mostly by V8's own threads, so that no worker finds what another has left.
class RecyclingAllocator : public v8::ArrayBuffer::Allocator {
 public:
  explicit RecyclingAllocator(v8::ArrayBuffer::Allocator* base) : base_(base) {}

  void* Allocate(size_t length) override {
    if (length > kLargest) return base_->Allocate(length);
    Kind kind = kindOf(length);
    void* block = take(kind);
    return block != nullptr ? block : base_->Allocate(kind.size);
  }

  void* AllocateUninitialized(size_t length) override {
    if (length > kLargest) return base_->AllocateUninitialized(length);
    Kind kind = kindOf(length);
    void* block = take(kind);
    return block != nullptr ? block : base_->AllocateUninitialized(kind.size);
  }

  void Free(void* data, size_t length) override {
    if (data == nullptr) return;
    if (length > kLargest) return base_->Free(data, length);
    Kind kind = kindOf(length);
    if (kept_.fetch_add(kind.size, std::memory_order_relaxed) + kind.size > kMostKept) {
      kept_.fetch_sub(kind.size, std::memory_order_relaxed);
      return base_->Free(data, kind.size);
    }
    memset(data, 0, kind.size);
    Shelf& shelf = shelves_[kind.index];
    std::lock_guard<std::mutex> lock(shelf.mutex);
    shelf.blocks.push_back(data);
  }

  v8::PageAllocator* GetPageAllocator() override { return base_->GetPageAllocator(); }

 private:
  struct Shelf {
    std::mutex mutex;
    std::vector<void*> blocks;
  };

  void* take(Kind kind) {
    Shelf& shelf = shelves_[kind.index];
    std::lock_guard<std::mutex> lock(shelf.mutex);
    if (shelf.blocks.empty()) return nullptr;
    void* block = shelf.blocks.back();
    shelf.blocks.pop_back();
    kept_.fetch_sub(kind.size, std::memory_order_relaxed);
    return block;
  }

  const std::unique_ptr<v8::ArrayBuffer::Allocator> base_;
  std::atomic<size_t> kept_{0};
  Shelf shelves_[kKinds];
};

}  // namespace

v8::ArrayBuffer::Allocator* recyclingAllocator(v8::ArrayBuffer::Allocator* base) {
  return new RecyclingAllocator(base);
}

}  // namespace dynos
