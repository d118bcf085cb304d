// Label sets: every combination of labels that a node has had, once, at a stable address.
//
// A node's row points to its set, so labels(n) is a view and equal sets are equal pointers.
// They live as long as the store: there are few, and each is charged.
// Threads: intern() takes a lock, reading a set takes none.
#pragma once

#include <mutex>
#include <span>
#include <unordered_map>

#include "storage/ids.h"
#include "storage/memory.h"

namespace nexus::storage {

// Followed in memory by `count` label ids, sorted, unique.
struct LabelSet {
  std::uint32_t count;

  std::span<const TokenId> labels() const { return {reinterpret_cast<const TokenId*>(this + 1), count}; }
  bool has(TokenId label) const {
    for (const TokenId own : labels()) {
      if (own >= label) return own == label;
    }
    return false;
  }
};

class LabelSets {
 public:
  explicit LabelSets(Memory& memory) : memory_(memory) {}
  ~LabelSets();
  LabelSets(const LabelSets&) = delete;
  LabelSets& operator=(const LabelSets&) = delete;

  // Requires: sorted, unique. MemoryLimit; LimitExceeded beyond kLabelsMax.
  Result<const LabelSet*> intern(std::span<const TokenId> labels);

  static constexpr std::size_t kLabelsMax = 1024;

 private:
  Memory& memory_;
  std::mutex mutex_;
  std::unordered_multimap<std::uint64_t, LabelSet*> sets_;  // By hash.
};

}  // namespace nexus::storage
