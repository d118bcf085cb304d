#include "storage/writer_slot.h"

#include <algorithm>
#include <chrono>

namespace nexus::storage {
namespace {

// How late a deadline or a cancellation may be noticed.
constexpr std::chrono::milliseconds kPatience{5};

}  // namespace

Result<> WriterSlot::acquire(const WaitLimits& limits) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!is_held_ && waiting_.empty()) {
    is_held_ = true;
    return Done{};
  }
  if (single_threaded_) {
    return Error{ErrorCode::TransactionConflict, "another transaction is writing to this database"};
  }
  const bool has_deadline = clock_ != nullptr && limits.deadline_nanoseconds != 0;
  const bool polls = has_deadline || limits.cancelled != nullptr;
  const std::uint64_t ticket = ++last_ticket_;
  waiting_.push_back(ticket);
  const auto give_up = [&](ErrorCode code, const char* message) {
    waiting_.erase(std::find(waiting_.begin(), waiting_.end(), ticket));
    changed_.notify_all();
    return Error{code, message};
  };
  while (is_held_ || waiting_.front() != ticket) {
    if (!polls) {
      changed_.wait(lock);
      continue;
    }
    if (limits.cancelled != nullptr && limits.cancelled->load(std::memory_order_relaxed)) {
      return give_up(ErrorCode::TransactionTerminated, "the transaction was terminated while it waited to write");
    }
    if (has_deadline && clock_->monotonic_nanoseconds() >= limits.deadline_nanoseconds) {
      return give_up(ErrorCode::TransactionTimedOut, "the transaction timed out while it waited to write");
    }
    changed_.wait_for(lock, kPatience);
  }
  waiting_.pop_front();
  is_held_ = true;
  return Done{};
}

void WriterSlot::release() {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    NX_CHECK(is_held_);
    is_held_ = false;
  }
  changed_.notify_all();
}

}  // namespace nexus::storage
