// What one thread runs, for those who look at it from outside: the ticker of limits.cc, the handlers of park.cc.

#ifndef DYNOS_SLOT_H_
#define DYNOS_SLOT_H_

#include <pthread.h>
#include <time.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "realm.h"

namespace dynos {

// Nanoseconds; 0 if the clock's thread is gone.
inline uint64_t readClock(clockid_t clock) {
  timespec t;
  if (clock_gettime(clock, &t) != 0) return 0;
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(t.tv_nsec);
}

// The thread writes; the ticker reads, and believes it only while `message` is what it was.
struct Slot {
  std::atomic<uint64_t> message{0};  // odd while one runs; each has its own number
  std::atomic<uint64_t> watched{0};  // the last one that the ticker has seen run
  std::atomic<uint64_t> started{0};
  std::atomic<uint64_t> tag{0};
  std::atomic<uint32_t> request{0};
  std::atomic<Realm*> realm{nullptr};
  std::atomic<int> parked{DYN_STOP_NOT};  // why the thread will never go on
  std::atomic<int> why{DYN_STOP_NOT};     // why a signal is to park it
  std::atomic<int> tries{0};              // how often the signal came at a bad moment
  std::atomic<bool> in_go{false};         // Go code runs, which must not be parked
  std::mutex mutex;                       // held by the ticker while it touches the realm
  const pthread_t thread;
  clockid_t clock;
  // Written by the ticker before `watched`.
  uint64_t seen_used = 0, seen_at = 0;
  // The ticker's own.
  int64_t budget = -1;
  uint64_t interrupted = 0;
  uint64_t stopped = 0;    // used when it was told to stop
  uint64_t endured = 0;    // used when it was last seen to go on
  uint64_t collected = 0;  // of what it has used since, by garbage collection
  bool lost = false;       // Go knows that it is parked
  // share.cc
  std::atomic<bool> paused{false};  // it waits for its turn among the long ones, or will
  uint64_t shared = 0;              // the message that the ticker saw last
  uint64_t place = 0;               // in the order of turns; 0 for none
  int slice = 0;                    // ticks of its turn so far

  Slot();
  ~Slot();
  // Processor time of the message so far. Before the ticker saw it, it may have waited for a processor: at most a tick.
  uint64_t used() const { return seen_used + (readClock(clock) - seen_at); }
};

// This thread's, once it has run a turn. Handlers of signals may read it.
inline thread_local Slot* t_slot = nullptr;

constexpr uint64_t kLong = 8'000'000;  // a message that has used less is nobody's business

// limits.cc
// Asks Go what the message may still use, by which Go learns that it takes long. By the ticker.
void askBudget(Slot* slot);

// share.cc
// Lets long messages take turns, so that short ones find a processor. By the ticker, at every tick.
void share(const std::vector<Slot*>& slots);
// Wakes paused threads that have been told to stop.
void wakePaused();

// park.cc
// Has V8 park a thread rather than end the process when it cannot go on. Once, before the first isolate.
void installHandlers();
// The same for what V8 reports by isolate.
void installHandlers(v8::Isolate* isolate);
// Parks the thread of a slot as soon as it is where that hurts nobody.
void signalPark(Slot* slot, int reason);

}  // namespace dynos

#endif  // DYNOS_SLOT_H_
