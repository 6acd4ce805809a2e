// The V8 platform of the process: V8's own for worker threads, ours for tasks that must run on an isolate's thread.
//
// An isolate has no thread of its own, so a foreground task waits in its queue until the next turn; if the isolate is
// idle, Go is asked for one. Delayed tasks (V8's idle-time housekeeping) run with the first turn after their time.

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>

#include <sys/random.h>

#include "libplatform/libplatform.h"
#include "realm.h"

#if !__has_include("v8.h")
#error "V8 headers not linked: run make once"
#endif

namespace dynos {

thread_local bool t_clock_stopped = false;

double wallClockMillis() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count() / 1000.0;
}

static double monotonicSeconds() {
  using namespace std::chrono;
  return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count() / 1e9;
}

class ForegroundTasks : public v8::TaskRunner {
 public:
  bool IdleTasksEnabled() override { return false; }
  bool NonNestableTasksEnabled() const override { return true; }
  bool NonNestableDelayedTasksEnabled() const override { return true; }

  // From now on tasks may be posted for `tag`; before and after they are queued silently.
  void attach(uint64_t tag) { tag_.store(tag); }

  // Runs what is due. Tasks posted meanwhile run too, up to a bound, so that a turn ends.
  bool run() {
    if (count_.load(std::memory_order_relaxed) == 0) return false;
    bool ran = false;
    for (int rounds = 0; rounds < 64; rounds++) {
      std::unique_ptr<v8::Task> task = next();
      if (!task) break;
      task->Run();
      ran = true;
    }
    return ran;
  }

  void enterTurn() { in_turn_.store(true, std::memory_order_relaxed); }
  void leaveTurn() { in_turn_.store(false, std::memory_order_relaxed); }

  void close() {
    attach(0);
    std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    tasks_.clear();
    count_.store(0);
  }

 protected:
  void PostTaskImpl(std::unique_ptr<v8::Task> task, const v8::SourceLocation&) override {
    post(std::move(task), 0);
  }
  void PostNonNestableTaskImpl(std::unique_ptr<v8::Task> task, const v8::SourceLocation&) override {
    post(std::move(task), 0);
  }
  void PostDelayedTaskImpl(std::unique_ptr<v8::Task> task, double delay,
                           const v8::SourceLocation&) override {
    post(std::move(task), monotonicSeconds() + delay);
  }
  void PostNonNestableDelayedTaskImpl(std::unique_ptr<v8::Task> task, double delay,
                                      const v8::SourceLocation&) override {
    post(std::move(task), monotonicSeconds() + delay);
  }

 private:
  struct Entry {
    std::unique_ptr<v8::Task> task;
    double due;
  };

  void post(std::unique_ptr<v8::Task> task, double due) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (closed_) return;
      tasks_.push_back({std::move(task), due});
      count_.store(tasks_.size());
    }
    uint64_t tag = tag_.load();
    if (due == 0 && tag != 0 && !in_turn_.load()) dyn_go_wake(tag);
  }

  std::unique_ptr<v8::Task> next() {
    std::lock_guard<std::mutex> lock(mutex_);
    double now = monotonicSeconds();
    for (size_t i = 0; i < tasks_.size(); i++) {
      if (tasks_[i].due > now) continue;
      std::unique_ptr<v8::Task> task = std::move(tasks_[i].task);
      tasks_.erase(tasks_.begin() + i);
      count_.store(tasks_.size());
      return task;
    }
    return nullptr;
  }

  std::mutex mutex_;
  std::vector<Entry> tasks_;
  std::atomic<size_t> count_{0};
  std::atomic<uint64_t> tag_{0};
  std::atomic<bool> in_turn_{false};
  bool closed_ = false;
};

namespace {

class Platform : public v8::Platform {
 public:
  Platform() : base_(v8::platform::NewDefaultPlatform(1)) {}

  v8::PageAllocator* GetPageAllocator() override { return base_->GetPageAllocator(); }
  v8::ThreadIsolatedAllocator* GetThreadIsolatedAllocator() override {
    return base_->GetThreadIsolatedAllocator();
  }
  int NumberOfWorkerThreads() override { return base_->NumberOfWorkerThreads(); }
  std::shared_ptr<v8::TaskRunner> GetForegroundTaskRunner(v8::Isolate* isolate,
                                                          v8::TaskPriority) override {
    return tasksOf(isolate);
  }
  double MonotonicallyIncreasingTime() override { return monotonicSeconds(); }
  double CurrentClockTimeMillis() override {
    return t_clock_stopped ? 0 : static_cast<double>(static_cast<int64_t>(wallClockMillis()));
  }
  v8::TracingController* GetTracingController() override { return base_->GetTracingController(); }

 protected:
  std::unique_ptr<v8::JobHandle> CreateJobImpl(v8::TaskPriority priority,
                                               std::unique_ptr<v8::JobTask> task,
                                               const v8::SourceLocation& where) override {
    return v8::platform::NewDefaultJobHandle(this, priority, std::move(task),
                                             NumberOfWorkerThreads());
  }
  void PostTaskOnWorkerThreadImpl(v8::TaskPriority priority, std::unique_ptr<v8::Task> task,
                                  const v8::SourceLocation& where) override {
    base_->PostTaskOnWorkerThread(priority, std::move(task), where);
  }
  void PostDelayedTaskOnWorkerThreadImpl(v8::TaskPriority priority, std::unique_ptr<v8::Task> task,
                                         double delay, const v8::SourceLocation& where) override {
    base_->PostDelayedTaskOnWorkerThread(priority, std::move(task), delay, where);
  }

 private:
  std::unique_ptr<v8::Platform> base_;
};

std::mutex g_tasks_mutex;
std::unordered_map<v8::Isolate*, std::shared_ptr<ForegroundTasks>> g_tasks;

// Seeds isolates (hashes, Math.random) from the kernel's generator, fetched a page at a time and wiped as it is used.
bool entropy(unsigned char* buffer, size_t length) {
  thread_local unsigned char pool[4096];
  thread_local size_t left = 0;
  if (length > sizeof pool) return getrandom(buffer, length, 0) == static_cast<ssize_t>(length);
  if (left < length) {
    if (getrandom(pool, sizeof pool, 0) != sizeof pool) return false;
    left = sizeof pool;
  }
  unsigned char* from = pool + sizeof pool - left;
  memcpy(buffer, from, length);
  memset(from, 0, length);
  left -= length;
  return true;
}

}  // namespace

bool fillRandom(void* data, size_t length) {
  unsigned char* p = static_cast<unsigned char*>(data);
  while (length > 0) {
    size_t n = length < 256 ? length : 256;
    if (!entropy(p, n)) return false;
    p += n;
    length -= n;
  }
  return true;
}

std::shared_ptr<ForegroundTasks> tasksOf(v8::Isolate* isolate) {
  std::lock_guard<std::mutex> lock(g_tasks_mutex);
  std::shared_ptr<ForegroundTasks>& tasks = g_tasks[isolate];
  if (!tasks) tasks = std::make_shared<ForegroundTasks>();
  return tasks;
}

void forgetTasks(v8::Isolate* isolate) {
  std::shared_ptr<ForegroundTasks> tasks;
  {
    std::lock_guard<std::mutex> lock(g_tasks_mutex);
    auto it = g_tasks.find(isolate);
    if (it == g_tasks.end()) return;
    tasks = std::move(it->second);
    g_tasks.erase(it);
  }
  tasks->close();
}

void attachTasks(Realm* realm) {
  realm->tasks = tasksOf(realm->isolate);
  realm->tasks->attach(realm->tag);
}

void enterTurn(Realm* realm) { realm->tasks->enterTurn(); }
void leaveTurn(Realm* realm) { realm->tasks->leaveTurn(); }
bool runTasks(Realm* realm) { return realm->tasks->run(); }

void startPlatform(const char* flags) {
  v8::V8::SetFlagsFromString(flags);
  v8::V8::SetEntropySource(entropy);
  static Platform* platform = new Platform;
  v8::V8::InitializePlatform(platform);
  v8::V8::Initialize();
}

}  // namespace dynos
