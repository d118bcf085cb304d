// MemoryBudget: a limit that is charged before memory is taken.
//
// Budgets form a tree (process, database, statement): a charge must fit in every
// ancestor. Threads: charge and release may be called concurrently.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/result.h"

namespace nexus {

class MemoryBudget {
 public:
  // bytes_max == 0 means no limit of its own. `parent` must outlive this.
  explicit MemoryBudget(std::uint64_t bytes_max, MemoryBudget* parent = nullptr)
      : parent_(parent), bytes_max_(bytes_max) {}
  // Gives back to the ancestors whatever is still charged here.
  ~MemoryBudget();
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  // MemoryLimit when this or an ancestor would go over; then nothing is charged.
  Result<> charge(std::uint64_t bytes);
  void release(std::uint64_t bytes);
  std::uint64_t used_bytes() const { return used_bytes_.load(std::memory_order_relaxed); }
  std::uint64_t bytes_max() const { return bytes_max_.load(std::memory_order_relaxed); }
  void set_bytes_max(std::uint64_t bytes) { bytes_max_.store(bytes, std::memory_order_relaxed); }

 private:
  MemoryBudget* parent_;
  std::atomic<std::uint64_t> bytes_max_;
  std::atomic<std::uint64_t> used_bytes_{0};
};

}  // namespace nexus
