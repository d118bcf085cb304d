// Memory: counts every byte a store holds, and charges it to the database's budget.
//
// A writer reserves before it allocates: reserve() may fail, allocate() never does. The charge
// runs ahead of the use by at most a few kilobytes per concurrent writer.
// Invariant: when the store is gone, everything is given back.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "base/memory_budget.h"

namespace nexus::storage {

class Memory {
 public:
  explicit Memory(MemoryBudget* budget) : budget_(budget) {}
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  // MemoryLimit unless `bytes` more may be allocated now.
  Result<> reserve(std::uint64_t bytes) {
    if (used_.load(std::memory_order_relaxed) + bytes <= charged_.load(std::memory_order_relaxed)) return Done{};
    return charge(bytes);
  }
  void* allocate(std::size_t bytes) {
    add(bytes);
    return ::operator new(bytes);
  }
  void free(void* block, std::size_t bytes) {
    ::operator delete(block);
    subtract(bytes);
  }
  // For memory that is held but not allocated here, such as the heap part of a Value.
  void add(std::uint64_t bytes) { used_.fetch_add(bytes, std::memory_order_relaxed); }
  void subtract(std::uint64_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }
  // Gives back to the budget what is charged far beyond the use.
  void trim();

  std::uint64_t used_bytes() const { return used_.load(std::memory_order_relaxed); }

 private:
  Result<> charge(std::uint64_t bytes);

  MemoryBudget* budget_;
  std::atomic<std::uint64_t> used_{0};
  std::atomic<std::uint64_t> charged_{0};
  std::mutex mutex_;  // Guards changes of charged_.
};

}  // namespace nexus::storage
