#include "host-native/http/worker_pool.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace nexus::host {

WorkerPool::WorkerPool(std::size_t threads, std::size_t threads_max)
    : usual_(std::max<std::size_t>(1, threads)), threads_max_(std::max(usual_, threads_max)) {
  const std::lock_guard lock(mutex_);
  start(usual_);
}

WorkerPool::~WorkerPool() { join(); }

void WorkerPool::post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  ready_.notify_one();
}

void WorkerPool::relieve() {
  const std::lock_guard lock(mutex_);
  const std::uint64_t waiting = posted_before_ > taken_ ? posted_before_ - taken_ : 0;
  posted_before_ = taken_ + tasks_.size();
  if (idle_ == 0 && !is_ending_) start(std::min<std::size_t>(waiting, threads_max_ - threads_));
}

void WorkerPool::join() {
  std::unique_lock lock(mutex_);
  is_ending_ = true;
  ready_.notify_all();
  ended_.wait(lock, [this] { return threads_ == 0; });
}

std::size_t WorkerPool::threads() const {
  const std::lock_guard lock(mutex_);
  return threads_;
}

// Requires: mutex_ held. Why detached: one that ends by itself has nobody to join it; join() waits for their number.
void WorkerPool::start(std::size_t count) {
  for (; count > 0; --count) {
    ++threads_;
    std::thread([this] { work(); }).detach();
  }
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (tasks_.empty()) {
      if (is_ending_ || threads_ > usual_) break;
      ++idle_;
      ready_.wait(lock);
      --idle_;
      continue;
    }
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
    ++taken_;
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
  --threads_;
  if (threads_ == 0) ended_.notify_all();  // Under the lock: whoever waits destroys this next.
}

}  // namespace nexus::host
