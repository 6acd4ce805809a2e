// Memory that one isolate gives back is kept for the next one.
//
// Making and disposing an isolate costs V8 some sixty system calls that change mappings and 130 page faults. Each takes the
// address-space lock of the process, most interrupt the other cores, and what is given back fits what the next isolate asks
// for. So the linker routes V8's calls through here (see LDFLAGS in engine.go), and three things stay mapped:
//
//   - chunks of a heap: V8 closes them with mprotect and discards them; it does not expect them to be zero when it opens
//     them again (BoundedPageAllocator, kAllocatedPagesCanBeUninitialized),
//   - segments of pointer tables: decommitted and committed again; zeroed when they are,
//   - the reservations of such tables.
//
// V8 sees what the kernel would have shown it, but for one thing: what it has closed is still accessible. Whatever is not one
// of these goes to the kernel. How much is kept is bounded; trimPages gives all of it back.

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "realm.h"

extern "C" {
void* __real_mmap64(void* at, size_t length, int prot, int flags, int fd, off_t offset);
int __real_munmap(void* at, size_t length);
int __real_mprotect(void* at, size_t length, int prot);
int __real_madvise(void* at, size_t length, int advice);
}

namespace dynos {

namespace {

constexpr uintptr_t kChunk = 256 << 10;   // a page of V8's heaps
constexpr uintptr_t kSegment = 64 << 10;  // what V8's pointer tables grow by
// What is kept at most: about what a dozen isolates use, since that many are evicted at once.
constexpr size_t kMaxChunks = 64;
constexpr size_t kMaxSegments = 128;
constexpr size_t kMaxReservations = 64;
constexpr int kReadWrite = PROT_READ | PROT_WRITE;

void* pointer(uintptr_t at) { return reinterpret_cast<void*>(at); }
uintptr_t address(void* at) { return reinterpret_cast<uintptr_t>(at); }

int decommit(uintptr_t at, size_t length) {
  void* got =
      __real_mmap64(pointer(at), length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  return got == MAP_FAILED ? -1 : 0;
}

// Reserves a power of two, with room to align it to a segment: the reservation of a pointer table, whichever.
bool isTable(size_t length) {
  static const size_t slack = kSegment - static_cast<size_t>(sysconf(_SC_PAGESIZE));
  size_t size = length - slack;
  return size >= (64 << 20) && size <= (512 << 20) && (size & (size - 1)) == 0;
}

// Pointer tables: their reservations, and the segments within them that are or were committed.
class Tables {
 public:
  bool mayContain(uintptr_t at) const { return at >= lowest_ && at < highest_; }

  void* reserve(size_t length) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (size_t i = 0; i < free_.size(); i++) {
      uintptr_t start = free_[i];
      if (reservations_[start] != length) continue;
      free_.erase(free_.begin() + i);
      return pointer(start);
    }
    void* got = __real_mmap64(nullptr, length, PROT_NONE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (got == MAP_FAILED) return got;
    uintptr_t start = address(got);
    reservations_[start] = length;
    if (start < lowest_) lowest_ = start;
    if (start + length > highest_) highest_ = start + length;
    return got;
  }

  // True if there is nothing left for the kernel to unmap.
  bool unreserve(uintptr_t at, size_t length) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto r = find(at);
    if (r == reservations_.end()) return false;
    auto [start, size] = *r;
    if (length < kSegment) return true;  // aligning: the cuttings stay with the reservation
    if (length + kSegment > size && free_.size() < kMaxReservations && idle(start, start + size)) {
      free_.push_back(start);
      return true;
    }
    forget(start, start + size);
    reservations_.erase(r);
    return length + kSegment > size && __real_munmap(pointer(start), size) == 0;
  }

  // Does an mprotect within a reservation; false if it is not within one.
  bool protect(uintptr_t at, size_t length, int prot, int* result) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (find(at) == reservations_.end()) return false;
    if (length != kSegment) {
      forget(at, at + length);
      *result = __real_mprotect(pointer(at), length, prot);
      return true;
    }
    Segment& s = segments_[at];
    bool stale = s.kept && s.written;
    int now = s.prot;
    if (s.kept) kept_--;
    s = {prot, false, (s.written && !stale) || prot == kReadWrite};
    lock.unlock();  // from here on the segment is the caller's
    if (stale && now != kReadWrite) {
      __real_mprotect(pointer(at), kSegment, kReadWrite);
      now = kReadWrite;
    }
    if (stale) memset(pointer(at), 0, kSegment);
    *result = now == prot ? 0 : __real_mprotect(pointer(at), length, prot);
    return true;
  }

  // True if the segment is kept, so that the kernel has nothing to decommit.
  bool release(uintptr_t at) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto s = segments_.find(at);
    if (s == segments_.end()) return false;
    if (kept_ >= kMaxSegments) {
      segments_.erase(s);
      return false;
    }
    s->second.kept = true;
    kept_++;
    return true;
  }

  void trim() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto s = segments_.begin(); s != segments_.end();) {
      if (s->second.kept) decommit(s->first, kSegment);
      s = s->second.kept ? segments_.erase(s) : std::next(s);
    }
    kept_ = 0;
    for (uintptr_t start : free_) {
      __real_munmap(pointer(start), reservations_[start]);
      reservations_.erase(start);
    }
    free_.clear();
  }

 private:
  struct Segment {
    int prot = PROT_NONE;  // as the kernel has it
    bool kept = false;     // decommitted for V8
    bool written = false;  // perhaps not zero
  };

  std::map<uintptr_t, size_t>::iterator find(uintptr_t at) {
    auto r = reservations_.upper_bound(at);
    if (r == reservations_.begin()) return reservations_.end();
    --r;
    return at < r->first + r->second ? r : reservations_.end();
  }

  // Whether V8 uses nothing in the range.
  bool idle(uintptr_t from, uintptr_t to) {
    for (auto s = segments_.lower_bound(from); s != segments_.end() && s->first < to; ++s) {
      if (!s->second.kept) return false;
    }
    return true;
  }

  // Makes the range what V8 believes that it is.
  void forget(uintptr_t from, uintptr_t to) {
    auto s = segments_.lower_bound(from & ~(kSegment - 1));
    while (s != segments_.end() && s->first < to) {
      if (s->second.kept) {
        decommit(s->first, kSegment);
        kept_--;
      }
      s = segments_.erase(s);
    }
  }

  std::mutex mutex_;
  std::map<uintptr_t, size_t> reservations_;  // start and length
  std::map<uintptr_t, Segment> segments_;
  std::vector<uintptr_t> free_;  // reservations that V8 has given back
  size_t kept_ = 0;
  std::atomic<uintptr_t> lowest_{UINTPTR_MAX}, highest_{0};
};

// Chunks of heaps: where heaps are, and what V8 has closed there.
class Chunks {
 public:
  // Heaps are in the 4 GB around an object, and outside of the sandbox. The rest of the sandbox has buffers and Wasm memories,
  // which must be zero.
  void learn(uintptr_t object) {
    v8::VirtualAddressSpace* sandbox = v8::V8::GetSandboxAddressSpace();
    sandbox_ = sandbox->base();
    sandbox_end_ = sandbox->base() + sandbox->size();
    cage_ = object & ~UINT64_C(0xffffffff);
  }

  bool contain(uintptr_t at) const {
    uintptr_t cage = cage_;
    if (cage == 0) return false;
    return (at >= cage && at - cage < UINT64_C(1) << 32) || at < sandbox_ || at >= sandbox_end_;
  }

  int protect(uintptr_t at, size_t length, int prot) {
    std::lock_guard<std::mutex> lock(mutex_);
    bool chunk = length == kChunk && at % kChunk == 0;
    if (chunk && prot == PROT_NONE && open_.erase(at) > 0 && closed_.size() < kMaxChunks) {
      closed_.push_back(at);
      return 0;
    }
    std::erase_if(closed_, [&](uintptr_t c) { return c < at + length && at < c + kChunk; });
    int result = __real_mprotect(pointer(at), length, prot);
    if (chunk && prot == kReadWrite && result == 0) open_.insert(at);
    return result;
  }

  // True if the range is a closed chunk, which keeps its pages.
  bool keeps(uintptr_t at, size_t length) {
    if (length != kChunk) return false;
    std::lock_guard<std::mutex> lock(mutex_);
    return std::find(closed_.begin(), closed_.end(), at) != closed_.end();
  }

  void trim() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (uintptr_t at : closed_) {
      __real_mprotect(pointer(at), kChunk, PROT_NONE);
      __real_madvise(pointer(at), kChunk, MADV_DONTNEED);
    }
    closed_.clear();
  }

 private:
  std::mutex mutex_;
  std::unordered_set<uintptr_t> open_;  // chunks of data, not of code
  std::vector<uintptr_t> closed_;
  std::atomic<uintptr_t> cage_{0};
  uintptr_t sandbox_ = 0, sandbox_end_ = 0;
};

Tables& tables() {
  static Tables* t = new Tables;
  return *t;
}

Chunks& chunks() {
  static Chunks* c = new Chunks;
  return *c;
}

}  // namespace

void keepPages(v8::Local<v8::Value> object) {
  chunks().learn(v8::internal::ValueHelper::ValueAsAddress(*object));
}

void trimPages() {
  chunks().trim();
  tables().trim();
}

}  // namespace dynos

extern "C" {

void* __wrap_mmap64(void* at, size_t length, int prot, int flags, int fd, off_t offset) {
  if (prot == PROT_NONE && fd == -1) {
    if (at == nullptr && dynos::isTable(length)) return dynos::tables().reserve(length);
    uintptr_t a = dynos::address(at);
    if ((flags & MAP_FIXED) && length == dynos::kSegment && dynos::tables().mayContain(a) &&
        dynos::tables().release(a)) {
      return at;
    }
  }
  return __real_mmap64(at, length, prot, flags, fd, offset);
}

int __wrap_munmap(void* at, size_t length) {
  uintptr_t a = dynos::address(at);
  if (dynos::tables().mayContain(a) && dynos::tables().unreserve(a, length)) return 0;
  return __real_munmap(at, length);
}

int __wrap_mprotect(void* at, size_t length, int prot) {
  uintptr_t a = dynos::address(at);
  int result;
  if (dynos::tables().mayContain(a) && dynos::tables().protect(a, length, prot, &result)) {
    return result;
  }
  if (dynos::chunks().contain(a)) return dynos::chunks().protect(a, length, prot);
  return __real_mprotect(at, length, prot);
}

int __wrap_madvise(void* at, size_t length, int advice) {
  if (advice == MADV_DONTNEED && dynos::chunks().keeps(dynos::address(at), length)) return 0;
  return __real_madvise(at, length, advice);
}

}  // extern "C"
