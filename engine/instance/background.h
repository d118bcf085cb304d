// Background: tasks for the host's scheduler that may not outlive the instance.
//
// Invariant: after close() no task runs and none will: one that the host starts later finds
// the gate shut and does nothing.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include "base/components.h"

namespace nexus::instance {

class Background {
 public:
  explicit Background(Scheduler& scheduler) : scheduler_(scheduler), gate_(std::make_shared<Gate>()) {}
  ~Background() { close(); }

  void submit(std::function<void()> task) {
    scheduler_.submit([gate = gate_, work = std::move(task)] {
      if (!gate->enter()) return;
      work();
      gate->leave();
    });
  }
  // Waits for the tasks that run.
  void close() { gate_->close(); }

 private:
  struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t running = 0;
    bool is_open = true;

    bool enter() {
      const std::lock_guard guard(mutex);
      running += is_open ? 1 : 0;
      return is_open;
    }
    void leave() {
      const std::lock_guard guard(mutex);
      --running;
      changed.notify_all();
    }
    void close() {
      std::unique_lock lock(mutex);
      is_open = false;
      changed.wait(lock, [this] { return running == 0; });
    }
  };

  Scheduler& scheduler_;
  std::shared_ptr<Gate> gate_;
};

}  // namespace nexus::instance
