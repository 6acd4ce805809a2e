// Parking: what would end the process ends one thread instead.
//
// V8 calls its embedder before it gives up: a failed check, an allocation that it cannot refuse. A handler that never returns leaves
// everything but this thread as it is. Some built-in functions never end and cannot be stopped; a signal parks their threads. What a
// parked thread has stays as it is, its stack, its isolate and the lock of that, so nobody may wait for it.

#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <cstring>

#include "slot.h"

extern "C" char __executable_start, etext;

namespace dynos {

namespace {

constexpr int kEmbedded =
    50;  // signals that only park within V8's own code, where nobody holds a lock of the C library
constexpr int kText = 100;  // then those that park within this program

uintptr_t g_code_begin, g_code_end;

int parkSignal() { return SIGRTMAX - 2; }

bool inMessage(const Slot* slot) { return slot != nullptr && (slot->message.load() & 1) != 0; }

[[noreturn]] void park(Slot* slot, int reason) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  slot->parked.store(reason);
  for (;;) pause();
}

void say(const char* text) {
  if (text != nullptr && write(STDERR_FILENO, text, strlen(text)) < 0) return;
}

// Parks the thread if it runs JavaScript. Any other is V8's own or makes an isolate, and the process cannot go on without it.
void giveUp(const char* where, const char* what, int reason) {
  say("V8 cannot go on: ");
  say(what);
  say(where == nullptr || *where == 0 ? "" : " in ");
  say(where);
  say("\n");
  if (inMessage(t_slot)) park(t_slot, reason);
}

void onFatal(const char*, int, const char* message) { giveUp(nullptr, message, kStopCrash); }

void onIsolateFatal(const char* where, const char* message) { giveUp(where, message, kStopCrash); }

void onOutOfMemory(const char* where, const v8::OOMDetails& details) {
  giveUp(where, "out of memory", details.is_heap_oom ? kStopHeap : kStopCrash);
}

bool isWithin(uintptr_t place, uintptr_t begin, uintptr_t end) {
  return place >= begin && place < end;
}

void onParkSignal(int, siginfo_t*, void* context) {
  Slot* slot = t_slot;
  if (!inMessage(slot) || slot->why.load() == DYN_STOP_NOT || slot->in_go.load()) return;
  int tries = slot->tries.fetch_add(1);
#if defined(__x86_64__)
  auto place =
      static_cast<uintptr_t>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  auto place = static_cast<uintptr_t>(static_cast<ucontext_t*>(context)->uc_mcontext.pc);
#else
  uintptr_t place = 0;
  (void)context;
#endif
  bool text = isWithin(place, reinterpret_cast<uintptr_t>(&__executable_start),
                       reinterpret_cast<uintptr_t>(&etext));
  if (isWithin(place, g_code_begin, g_code_end) || (tries > kEmbedded && text) || tries > kText)
    park(slot, slot->why.load());
}

}  // namespace

void installHandlers() {
  v8::V8::SetFatalErrorHandler(onFatal);
  struct sigaction action = {};
  action.sa_sigaction = onParkSignal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  sigfillset(&action.sa_mask);
  sigaction(parkSignal(), &action, nullptr);
}

void installHandlers(v8::Isolate* isolate) {
  isolate->SetFatalErrorHandler(onIsolateFatal);
  isolate->SetOOMErrorHandler(onOutOfMemory);
  if (g_code_end != 0) return;
  void* begin = nullptr;
  size_t size = 0;
  isolate->GetEmbeddedCodeRange(const_cast<const void**>(&begin), &size);
  g_code_begin = reinterpret_cast<uintptr_t>(begin);
  g_code_end = g_code_begin + size;
}

void signalPark(Slot* slot, int reason) {
  if (slot->why.load() == DYN_STOP_NOT) {
    slot->tries.store(0);
    slot->why.store(reason);
  }
  pthread_kill(slot->thread, parkSignal());
}

}  // namespace dynos
