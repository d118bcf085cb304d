// Cancellation: how a running statement is told to stop, and by when it must.
//
// Threads: request() may be called from any thread; check() by the thread that runs the statement.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/components.h"
#include "base/result.h"

namespace nexus::exec {

class Cancellation {
 public:
  // On Clock::monotonic_nanoseconds(); 0 is never.
  explicit Cancellation(std::int64_t deadline_nanoseconds = 0) : deadline_nanoseconds_(deadline_nanoseconds) {}
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;

  void request() { requested_.store(true, std::memory_order_relaxed); }
  // For waits that watch a flag (storage::WaitLimits).
  const std::atomic<bool>& requested() const { return requested_; }
  std::int64_t deadline_nanoseconds() const { return deadline_nanoseconds_; }

  // TransactionTerminated after request(), TransactionTimedOut past the deadline.
  Result<> check(Clock& clock) const {
    if (requested_.load(std::memory_order_relaxed)) {
      return Error{ErrorCode::TransactionTerminated, "the statement was terminated"};
    }
    if (deadline_nanoseconds_ != 0 && clock.monotonic_nanoseconds() >= deadline_nanoseconds_) {
      return Error{ErrorCode::TransactionTimedOut, "the statement ran longer than its time limit"};
    }
    return Done{};
  }

 private:
  std::atomic<bool> requested_{false};
  std::int64_t deadline_nanoseconds_;
};

}  // namespace nexus::exec
