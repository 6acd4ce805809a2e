// Limits on what JavaScript may use: processor time, memory outside the heap.
//
// Processor time is watched by one ticker thread. A thread in a turn only says in its slot which message it runs; the ticker
// reads the processor clock of threads whose message lasts, asks Go what that context may still use, and stops it.

#include <pthread.h>
#include <time.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "realm.h"
#include "slot.h"

namespace dynos {

namespace {

constexpr uint64_t kTick = 4'000'000;  // ns between two looks
constexpr uint64_t kCharge =
    100'000;  // short messages are charged to one of them when they add up to this
constexpr uint64_t kMemoryCheck =
    2'000'000;  // memory outside the heap is looked at after this much time in turns
constexpr int kIdleTicks = 50;  // then the ticker sleeps until somebody enters
constexpr uint64_t kGrace =
    1'000'000'000;  // ns that a stopped message may still use before its thread is parked, garbage
                    // collection aside
constexpr uint64_t kMemoryGrace =
    8'000'000'000;  // the same with garbage collection, and for one that has too much memory, which
                    // a parked thread would keep
constexpr size_t kHeapSlack =
    512 << 20;  // what V8 may use to get out; with less, one large allocation more is fatal

uint64_t now() { return readClock(CLOCK_MONOTONIC); }

// The ticker and the threads that it looks at.
struct Watch {
  std::mutex mutex;  // guards slots and started
  std::vector<Slot*> slots;
  bool started = false;
  std::condition_variable wake;
  std::atomic<bool> asleep{false};
};

Watch& watch() {
  static Watch* w = new Watch;
  return *w;
}

void interrupt(v8::Isolate* isolate, void*) { checkMemory(Realm::from(isolate)); }

void stopMessage(Slot* slot, uint64_t message, StopReason reason) {
  std::lock_guard<std::mutex> lock(slot->mutex);
  if (slot->message.load() != message) return;
  stop(slot->realm.load(), reason);
}

void requestMemoryCheck(Slot* slot, uint64_t message) {
  std::lock_guard<std::mutex> lock(slot->mutex);
  if (slot->message.load() == message) {
    slot->realm.load()->isolate->RequestInterrupt(interrupt, nullptr);
  }
}

// Tells Go once that a thread is parked, which will not be seen again. False: it needs no more looks.
bool lose(Slot* slot) {
  if (!slot->lost) {
    dyn_go_parked(slot->tag.load(), slot->request.load(),
                  static_cast<uint32_t>(slot->parked.load()));
  }
  slot->lost = true;
  return false;
}

// Whether the message has been told to stop. If it goes on all the same, as some built-in functions do, its thread is parked.
bool endure(Slot* slot, uint64_t message, uint64_t used) {
  std::lock_guard<std::mutex> lock(slot->mutex);
  if (slot->message.load() != message || !slot->realm.load()->terminated.load()) return false;
  if (slot->stopped == 0) {
    slot->stopped = slot->endured = used;
    slot->collected = 0;
  }
  Realm* realm = slot->realm.load();
  if (realm->collecting.load()) slot->collected += used - slot->endured;
  slot->endured = used;
  if (slot->in_go.load()) dyn_go_stopped(slot->tag.load());
  int reason = realm->stop_reason.load();
  uint64_t since = used - slot->stopped;
  if (since > kMemoryGrace || (reason != kStopHeap && since - slot->collected > kGrace)) {
    signalPark(slot, reason);
  }
  return true;
}

// True if the thread runs a message.
bool look(Slot* slot) {
  uint64_t message = slot->message.load();
  if ((message & 1) == 0) return false;
  if (slot->parked.load() != DYN_STOP_NOT) return lose(slot);
  if (slot->watched.load() != message) {
    slot->seen_used = now() - slot->started.load();
    slot->seen_at = readClock(slot->clock);
    slot->budget = -1;
    slot->interrupted = 0;
    slot->stopped = 0;
    slot->watched.store(message);
    return true;
  }
  uint64_t used = slot->used();
  if (used < kLong) return true;
  if (endure(slot, message, used)) return true;
  if (slot->budget < 0) askBudget(slot);
  if (slot->message.load() != message) return true;  // asked for another's
  if (used >= static_cast<uint64_t>(slot->budget)) {
    stopMessage(slot, message, kStopCPU);
  } else if (used - slot->interrupted > 8 * kLong) {
    slot->interrupted = used;
    requestMemoryCheck(slot, message);
  }
  return true;
}

bool lookAtAll(Watch& w) {
  bool busy = false;
  for (Slot* slot : w.slots) busy = look(slot) || busy;
  share(w.slots);
  return busy;
}

void tick() {
  Watch& w = watch();
  timespec pause = {0, static_cast<long>(kTick)};
  for (int idle = 0;;) {
    clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, nullptr);
    std::unique_lock<std::mutex> lock(w.mutex);
    idle = lookAtAll(w) ? 0 : idle + 1;
    if (idle < kIdleTicks) continue;
    w.asleep.store(true);
    if (lookAtAll(w)) w.asleep.store(false);  // who entered before that does not wake
    w.wake.wait(lock, [&] { return !w.asleep.load(); });
    idle = 0;
  }
}

Slot& slotOfThread() {
  thread_local Slot slot;
  t_slot = &slot;
  return slot;
}

}  // namespace

void askBudget(Slot* slot) { slot->budget = dyn_go_budget(slot->tag.load(), slot->request.load()); }

Slot::Slot() : thread(pthread_self()) {
  if (pthread_getcpuclockid(pthread_self(), &clock) != 0) clock = CLOCK_MONOTONIC;
  Watch& w = watch();
  std::lock_guard<std::mutex> lock(w.mutex);
  w.slots.push_back(this);
  if (!w.started) std::thread(tick).detach();
  w.started = true;
}

Slot::~Slot() {
  t_slot = nullptr;
  Watch& w = watch();
  std::lock_guard<std::mutex> lock(w.mutex);
  w.slots.erase(std::find(w.slots.begin(), w.slots.end(), this));
}

Meter::Meter(Realm* realm) : realm_(realm), slot_(slotOfThread()), since_(now()) {
  slot_.realm.store(realm, std::memory_order_relaxed);
  slot_.tag.store(realm->tag, std::memory_order_relaxed);
  realm->spent.clear();
  realm->result.busy_ns = 0;
}

void Meter::begin(uint32_t request) {
  request_ = request;
  slot_.request.store(request, std::memory_order_relaxed);
  slot_.started.store(since_, std::memory_order_relaxed);
  slot_.message.fetch_add(1);
  Watch& w = watch();
  if (w.asleep.load()) {
    std::lock_guard<std::mutex> lock(w.mutex);
    w.asleep.store(false);
    w.wake.notify_one();
  }
}

void Meter::end() {
  uint64_t message = slot_.message.fetch_add(1);
  uint64_t at = now();
  uint64_t used = at - since_;
  since_ = at;
  realm_->result.busy_ns += used;
  if (slot_.watched.load() == message) {
    std::lock_guard<std::mutex> wait(slot_.mutex);  // the ticker may be stopping it
    slot_.why.store(DYN_STOP_NOT);
    used = std::min(used, slot_.used());
  }
  if (used < kLong / 2 && realm_->heavy.load()) realm_->heavy.store(false);
  if (realm_->terminated.load() && realm_->result.stopped_request == 0) {
    realm_->result.stopped_request = request_;
  }
  realm_->uncharged += used;
  if (realm_->uncharged >= kCharge) {
    realm_->spent.push_back({realm_->uncharged, request_, 0});
    realm_->unchecked += realm_->uncharged;
    realm_->uncharged = 0;
  }
  if (realm_->unchecked >= kMemoryCheck) {
    realm_->unchecked = 0;
    checkMemory(realm_);
  }
}

void stop(Realm* realm, StopReason reason) {
  int none = kStopNot;
  realm->stop_reason.compare_exchange_strong(none, reason);
  realm->terminated.store(true);
  realm->isolate->TerminateExecution();
  wakePaused();
}

void beginCollection(v8::Isolate*, v8::GCType, v8::GCCallbackFlags, void* realm) {
  static_cast<Realm*>(realm)->collecting.store(true);
}

void endCollection(v8::Isolate*, v8::GCType, v8::GCCallbackFlags, void* realm) {
  static_cast<Realm*>(realm)->collecting.store(false);
}

size_t nearHeapLimit(void* realm, size_t current, size_t initial) {
  stop(static_cast<Realm*>(realm), kStopHeap);
  return std::max(current, initial + kHeapSlack);
}

void checkMemory(Realm* realm) {
  if (realm->max_external_bytes == 0) return;
  v8::HeapStatistics stats;
  realm->isolate->GetHeapStatistics(&stats);
  if (stats.external_memory() > realm->max_external_bytes) stop(realm, kStopMemory);
}

// Counts what buffers of one isolate hold. V8 keeps it until the last of them is freed.
class CountingAllocator : public v8::ArrayBuffer::Allocator {
 public:
  explicit CountingAllocator(size_t limit) : limit_(limit), base_(process().allocator.get()) {}

  void* Allocate(size_t length) override {
    return take(length, [&] { return base_->Allocate(length); });
  }
  void* AllocateUninitialized(size_t length) override {
    return take(length, [&] { return base_->AllocateUninitialized(length); });
  }
  void Free(void* data, size_t length) override {
    base_->Free(data, length);
    held_.fetch_sub(length, std::memory_order_relaxed);
  }
  v8::PageAllocator* GetPageAllocator() override { return base_->GetPageAllocator(); }

 private:
  template <typename F>
  void* take(size_t length, F allocate) {
    size_t before = held_.fetch_add(length, std::memory_order_relaxed);
    void* data = before + length > limit_ || before + length < before ? nullptr : allocate();
    if (data == nullptr) held_.fetch_sub(length, std::memory_order_relaxed);
    return data;
  }

  const size_t limit_;
  v8::ArrayBuffer::Allocator* const base_;
  std::atomic<size_t> held_{0};
};

std::shared_ptr<v8::ArrayBuffer::Allocator> countingAllocator(size_t limit) {
  return std::make_shared<CountingAllocator>(limit);
}

}  // namespace dynos
