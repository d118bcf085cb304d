#include "exec/operators/trail_walk.h"

#include <algorithm>

namespace nexus::exec {

void TrailWalk::start(std::uint64_t node) {
  start_ = node;
  is_started_ = false;
  path_.clear();
  deep_.clear();
  open_levels_ = 0;
}

bool TrailWalk::is_on_path(std::uint64_t relationship) const {
  const std::size_t linear = std::min(path_.size(), kLinearDepth);
  for (std::size_t i = 0; i < linear; ++i) {
    if (path_[i].relationship == relationship) return true;
  }
  return !deep_.empty() && deep_.count(relationship) != 0;
}

Result<> TrailWalk::open_level(Context& context, const WalkRules& rules, std::uint64_t node) {
  if (open_levels_ == levels_.size()) levels_.emplace_back();
  Level& level = levels_[open_levels_++];
  level.at = 0;
  level.neighbors.clear();
  if (path_.size() == rules.max) return Done{};
  const std::size_t bytes_before = level.neighbors.capacity() * sizeof(storage::Neighbor);
  context.transaction.expand(node, storage_direction(rules.direction), rules.types.ids(), level.neighbors);
  context.graph.count_reads(1 + level.neighbors.size());
  return charge_.add(level.neighbors.capacity() * sizeof(storage::Neighbor) - bytes_before);
}

void TrailWalk::close_level() {
  --open_levels_;
  if (path_.empty()) return;
  if (path_.size() > kLinearDepth) deep_.erase(path_.back().relationship);
  path_.pop_back();
}

Result<bool> TrailWalk::next(Context& context, Value* row, WalkRules& rules) {
  if (!is_started_) {
    is_started_ = true;
    NX_TRY_DO(open_level(context, rules, start_));
    if (rules.min == 0) return true;
  }
  while (open_levels_ != 0) {
    NX_TRY_DO(context.tick());
    Level& level = levels_[open_levels_ - 1];
    if (level.at == level.neighbors.size()) {
      close_level();
      continue;
    }
    const storage::Neighbor neighbor = level.neighbors[level.at++];
    if (!rules.repeatable && is_on_path(neighbor.relationship)) continue;
    NX_TRY(const bool allowed, rules.allows(context, row, neighbor));
    if (!allowed) continue;
    path_.push_back(neighbor);
    if (path_.size() > kLinearDepth && !rules.repeatable) deep_.insert(neighbor.relationship);
    NX_TRY_DO(open_level(context, rules, neighbor.node));
    if (path_.size() >= rules.min) return true;
  }
  return false;
}

}  // namespace nexus::exec
