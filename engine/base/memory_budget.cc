#include "base/memory_budget.h"

namespace nexus {

MemoryBudget::~MemoryBudget() {
  const std::uint64_t left = used_bytes();
  if (parent_ != nullptr && left != 0) parent_->release(left);
}

Result<> MemoryBudget::charge(std::uint64_t bytes) {
  if (bytes == 0) return Done{};
  const std::uint64_t limit = bytes_max();
  const std::uint64_t before = used_bytes_.fetch_add(bytes, std::memory_order_relaxed);
  if (limit != 0 && (bytes > limit || before > limit - bytes)) {
    used_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
    return Error{ErrorCode::MemoryLimit,
                 "the memory limit of " + std::to_string(limit) + " bytes would be exceeded by " +
                     std::to_string(bytes) + " more"};
  }
  if (parent_ == nullptr) return Done{};
  if (auto done = parent_->charge(bytes); !done) {
    used_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
    return std::move(done.error());
  }
  return Done{};
}

void MemoryBudget::release(std::uint64_t bytes) {
  const std::uint64_t before = used_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  NX_CHECK(before >= bytes);
  if (parent_ != nullptr) parent_->release(bytes);
}

}  // namespace nexus
