// WriterSlot: who may write, first come, first served.
//
// Threads: acquire() blocks the calling thread, unless the host has only one: then a held slot
// is an error, because waiting would be for ever.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>

#include "base/components.h"
#include "base/result.h"
#include "storage/store.h"

namespace nexus::storage {

class WriterSlot {
 public:
  WriterSlot(Clock* clock, bool single_threaded) : clock_(clock), single_threaded_(single_threaded) {}

  // TransactionTimedOut, TransactionTerminated; TransactionConflict on a single thread.
  Result<> acquire(const WaitLimits& limits);
  void release();

 private:
  Clock* clock_;
  bool single_threaded_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::uint64_t> waiting_;  // Tickets, the next one to be served first.
  std::uint64_t last_ticket_ = 0;
  bool is_held_ = false;
};

}  // namespace nexus::storage
