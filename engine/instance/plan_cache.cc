#include "instance/plan_cache.h"

namespace nexus::instance {

PlanVariants::PlanPtr PlanVariants::find(std::uint64_t fingerprint) const {
  const std::lock_guard guard(mutex_);
  for (const auto& [known, plan] : variants_) {
    if (known == fingerprint) return plan;
  }
  return nullptr;
}

void PlanVariants::add(std::uint64_t fingerprint, PlanPtr plan) {
  const std::lock_guard guard(mutex_);
  if (variants_.size() == kVariantsMax) variants_.erase(variants_.begin());
  variants_.emplace_back(fingerprint, std::move(plan));
}

std::shared_ptr<const Prepared> PlanCache::find(std::string_view text) {
  const std::lock_guard guard(mutex_);
  const auto found = by_text_.find(text);
  if (found == by_text_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->prepared;
}

void PlanCache::add(std::string_view text, std::shared_ptr<const Prepared> prepared) {
  if (text.size() > kTextBytesMax || entries_max_ == 0) return;
  const std::lock_guard guard(mutex_);
  if (by_text_.count(text) != 0) return;
  if (entries_.size() == entries_max_) {
    by_text_.erase(entries_.back().text);
    entries_.pop_back();
  }
  entries_.push_front({std::string(text), std::move(prepared)});
  by_text_.emplace(entries_.front().text, entries_.begin());
}

std::size_t PlanCache::size() const {
  const std::lock_guard guard(mutex_);
  return entries_.size();
}

}  // namespace nexus::instance
