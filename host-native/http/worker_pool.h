// WorkerPool: the threads that run statements.
//
// Usually `threads` of them. Once a task has waited from one relieve() to the next, which is as
// long as all threads were busy with something else, it gets a thread more, up to `threads_max`:
// statements that run for minutes must not keep a short one waiting, nor the one that ends them.
// What was added ends when it finds nothing to do.
// Invariant: every task posted runs; the destructor waits for them.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>

namespace nexus::host {

class WorkerPool {
 public:
  WorkerPool(std::size_t threads, std::size_t threads_max);
  ~WorkerPool();

  void post(std::function<void()> task);
  // Called at regular times, a second apart or so, from any thread.
  void relieve();
  // Waits for everything that was posted; nothing may be posted any more.
  void join();

  std::size_t threads() const;

 private:
  void start(std::size_t count);
  void work();

  const std::size_t usual_;
  const std::size_t threads_max_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::condition_variable ended_;
  std::deque<std::function<void()>> tasks_;
  std::uint64_t taken_ = 0;         // Tasks that were begun.
  std::uint64_t posted_before_ = 0;  // Tasks that had been posted at the last relieve().
  std::size_t threads_ = 0;
  std::size_t idle_ = 0;
  bool is_ending_ = false;
};

}  // namespace nexus::host
