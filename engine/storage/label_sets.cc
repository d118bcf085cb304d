#include "storage/label_sets.h"

#include <algorithm>
#include <new>

#include "base/hash.h"

namespace nexus::storage {
namespace {

constexpr std::size_t kTableBytes = 48;  // What the hash table takes per set, about.

std::size_t set_bytes(std::size_t count) { return sizeof(LabelSet) + count * sizeof(TokenId); }

}  // namespace

LabelSets::~LabelSets() {
  for (const auto& entry : sets_) {
    memory_.subtract(kTableBytes);
    memory_.free(entry.second, set_bytes(entry.second->count));
  }
}

Result<const LabelSet*> LabelSets::intern(std::span<const TokenId> labels) {
  if (labels.size() > kLabelsMax) {
    return Error{ErrorCode::LimitExceeded, "a node cannot have more than " + std::to_string(kLabelsMax) + " labels"};
  }
  std::uint64_t hash = labels.size();
  for (const TokenId label : labels) hash = hash_combine(hash, label);
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto range = sets_.equal_range(hash);
  for (auto at = range.first; at != range.second; ++at) {
    const auto have = at->second->labels();
    if (std::equal(have.begin(), have.end(), labels.begin(), labels.end())) return at->second;
  }
  NX_TRY_DO(memory_.reserve(set_bytes(labels.size()) + kTableBytes));
  auto* set = new (memory_.allocate(set_bytes(labels.size()))) LabelSet{static_cast<std::uint32_t>(labels.size())};
  std::copy(labels.begin(), labels.end(), reinterpret_cast<TokenId*>(set + 1));
  memory_.add(kTableBytes);
  sets_.emplace(hash, set);
  return static_cast<const LabelSet*>(set);
}

}  // namespace nexus::storage
