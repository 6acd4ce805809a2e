// Sharing the processors between messages that take long and all others.
//
// Threads that compute would get as much from the kernel as those that answer quickly, and with a few of the first the second wait. So, while there are short
// messages, the long ones leave one processor alone: they take turns, and whose turn it is not waits where V8 looks for interrupts.

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "slot.h"

namespace dynos {

namespace {

constexpr int kSlice = 5;        // ticks of a turn
constexpr int kQuietTicks = 50;  // without short messages, after which the long ones need not share

struct Gate {
  std::mutex mutex;
  std::condition_variable open;
};

Gate& gate() {
  static Gate* g = new Gate;
  return *g;
}

void waitForTurn(v8::Isolate* isolate, void*) {
  Slot* slot = t_slot;
  Realm* realm = Realm::from(isolate);
  std::unique_lock<std::mutex> lock(gate().mutex);
  gate().open.wait(lock, [&] { return !slot->paused.load() || realm->terminated.load(); });
}

void pauseMessage(Slot* slot) {
  std::lock_guard<std::mutex> lock(slot->mutex);
  uint64_t message = slot->message.load();
  if (message != slot->watched.load()) return;
  slot->paused.store(true);
  slot->realm.load()->isolate->RequestInterrupt(waitForTurn, nullptr);
}

// Whether a message takes long, or is of a realm whose last ones did.
bool isLong(Slot* slot, uint64_t message) {
  if ((message & 1) == 0 || slot->watched.load() != message || slot->parked.load() != DYN_STOP_NOT)
    return false;
  std::lock_guard<std::mutex> lock(slot->mutex);
  if (slot->message.load() != message) return false;
  std::atomic<bool>& heavy = slot->realm.load()->heavy;
  if (heavy.load()) return true;
  if (slot->used() < kLong) return false;
  heavy.store(true);
  return true;
}

// The long messages; `others` says whether there have been short ones since the tick before.
std::vector<Slot*> longOnes(const std::vector<Slot*>& slots, bool* others) {
  std::vector<Slot*> list;
  for (Slot* slot : slots) {
    uint64_t message = slot->message.load();
    if (isLong(slot, message)) {
      list.push_back(slot);
    } else {
      *others = *others || message != slot->shared;
      slot->place = 0;
      slot->slice = 0;
      slot->paused.store(false);
    }
    slot->shared = message;
  }
  return list;
}

size_t processors() {
  static size_t n = std::max(1u, std::thread::hardware_concurrency());
  return n;
}

}  // namespace

void share(const std::vector<Slot*>& slots) {
  static int quiet = 0;
  static uint64_t places = 0;
  bool others = false;
  std::vector<Slot*> list = longOnes(slots, &others);
  quiet = others ? 0 : quiet + 1;
  size_t room = std::max<size_t>(1, processors() - 1);
  if (quiet > kQuietTicks) room = list.size();
  for (Slot* slot : list) {
    if (slot->place == 0 || slot->slice >= kSlice) {  // to the end of the queue
      slot->place = ++places;
      slot->slice = 0;
    }
  }
  std::sort(list.begin(), list.end(), [](Slot* a, Slot* b) { return a->place < b->place; });
  bool woken = false;
  for (size_t i = 0; i < list.size(); i++) {
    if (i < room) {
      woken = list[i]->paused.exchange(false) || woken;
      list[i]->slice++;
    } else if (!list[i]->paused.load()) {
      pauseMessage(list[i]);
      if (list[i]->budget < 0) askBudget(list[i]);
    }
  }
  if (woken) wakePaused();
}

void wakePaused() {
  std::lock_guard<std::mutex> lock(gate().mutex);
  gate().open.notify_all();
}

}  // namespace dynos
