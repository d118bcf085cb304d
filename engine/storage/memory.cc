#include "storage/memory.h"

namespace nexus::storage {
namespace {

constexpr std::uint64_t kChargeBytes = 16 * 1024;
constexpr std::uint64_t kSlackBytesMax = 64 * 1024;

std::uint64_t round_up(std::uint64_t bytes) { return (bytes + kChargeBytes - 1) / kChargeBytes * kChargeBytes; }

}  // namespace

Memory::~Memory() {
  NX_CHECK(used_bytes() == 0);
  if (budget_ != nullptr) budget_->release(charged_.load(std::memory_order_relaxed));
}

Result<> Memory::charge(std::uint64_t bytes) {
  const std::lock_guard<std::mutex> guard(mutex_);
  const std::uint64_t wanted = used_bytes() + bytes;
  const std::uint64_t charged = charged_.load(std::memory_order_relaxed);
  if (wanted <= charged) return Done{};
  const std::uint64_t more = round_up(wanted) - charged;
  if (budget_ != nullptr) NX_TRY_DO(budget_->charge(more));
  charged_.fetch_add(more, std::memory_order_relaxed);
  return Done{};
}

void Memory::trim() {
  if (charged_.load(std::memory_order_relaxed) < used_bytes() + kSlackBytesMax) return;
  const std::lock_guard<std::mutex> guard(mutex_);
  const std::uint64_t charged = charged_.load(std::memory_order_relaxed);
  const std::uint64_t kept = round_up(used_bytes());
  if (kept >= charged) return;
  charged_.store(kept, std::memory_order_relaxed);
  if (budget_ != nullptr) budget_->release(charged - kept);
}

}  // namespace nexus::storage
