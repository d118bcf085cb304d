// TrailWalk: all walks from a node, depth first, that use no relationship twice unless the rules allow it.
//
// Invariant: there is one level of open neighbours more than there are steps in the path.
// Cost: memory for the neighbours along one path, charged.
#pragma once

#include <unordered_set>
#include <vector>

#include "exec/charge.h"
#include "exec/operators/pattern_step.h"

namespace nexus::exec {

class TrailWalk {
 public:
  explicit TrailWalk(MemoryBudget& budget) : charge_(budget) {}

  void start(std::uint64_t node);
  // Moves on to the next walk of rules.min to rules.max steps; false when there is none.
  Result<bool> next(Context& context, Value* row, WalkRules& rules);

  std::uint64_t end() const { return path_.empty() ? start_ : path_.back().node; }
  const std::vector<storage::Neighbor>& path() const { return path_; }

 private:
  struct Level {
    std::vector<storage::Neighbor> neighbors;
    std::size_t at = 0;
  };

  Result<> open_level(Context& context, const WalkRules& rules, std::uint64_t node);
  void close_level();
  bool is_on_path(std::uint64_t relationship) const;

  // Beyond this depth a set answers whether a relationship is on the path.
  static constexpr std::size_t kLinearDepth = 32;

  std::uint64_t start_ = 0;
  bool is_started_ = false;
  std::vector<storage::Neighbor> path_;
  std::vector<Level> levels_;
  std::size_t open_levels_ = 0;
  std::unordered_set<std::uint64_t> deep_;
  Charge charge_;
};

}  // namespace nexus::exec
