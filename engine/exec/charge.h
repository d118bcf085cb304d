// Charge: the bytes one operator holds, kept in the statement's budget until it dies.
#pragma once

#include <cstdint>

#include "base/memory_budget.h"

namespace nexus::exec {

class Charge {
 public:
  explicit Charge(MemoryBudget& budget) : budget_(&budget) {}
  ~Charge() { release(); }
  Charge(const Charge&) = delete;
  Charge& operator=(const Charge&) = delete;

  // MemoryLimit; then nothing more is held. The budget is asked in large steps only.
  Result<> add(std::uint64_t bytes) {
    used_bytes_ += bytes;
    if (used_bytes_ <= charged_bytes_) return Done{};
    const std::uint64_t step = used_bytes_ - charged_bytes_ + kStepBytes;
    if (auto charged = budget_->charge(step); !charged) {
      used_bytes_ -= bytes;
      return std::move(charged.error());
    }
    charged_bytes_ += step;
    return Done{};
  }
  void release() {
    if (charged_bytes_ != 0) budget_->release(charged_bytes_);
    used_bytes_ = charged_bytes_ = 0;
  }

 private:
  static constexpr std::uint64_t kStepBytes = 16 * 1024;

  MemoryBudget* budget_;
  std::uint64_t used_bytes_ = 0;
  std::uint64_t charged_bytes_ = 0;
};

}  // namespace nexus::exec
