#include "exec/operators/repeat_walk.h"

#include <algorithm>

namespace nexus::exec {

void RepeatWalk::start(Value* row) {
  row_ = row;
  start_ = row[expand_.from].entity_id();
  is_started_ = false;
  walk_.clear();
  levels_.clear();
  taken_.clear();
  tree_.clear();
  arrivals_.clear();
  found_.clear();
  found_at_ = 0;
  lengths_ = 0;
  held_bytes_ = 0;
}

Result<> RepeatWalk::hold(std::uint64_t bytes) {
  held_bytes_ += bytes;
  if (held_bytes_ <= charged_bytes_) return Done{};
  NX_TRY_DO(charge_.add(held_bytes_ - charged_bytes_));
  charged_bytes_ = held_bytes_;
  return Done{};
}

bool RepeatWalk::may_use(const std::unordered_set<std::uint64_t>& taken, const Iteration& iteration) const {
  return std::none_of(iteration.relationships.begin(), iteration.relationships.end(), [&](std::uint64_t used) {
    if (!expand_.distinct_from.empty() && is_used(row_, expand_.distinct_from, used)) return true;
    return !expand_.repeatable && taken.count(used) != 0;
  });
}

Result<> RepeatWalk::iterate(Context& context, std::uint64_t node, const std::unordered_set<std::uint64_t>& taken,
                             Level& level) {
  row_[expand_.inner_from] = Value::node(node);
  inner_.outer->row = row_;
  inner_.root->rewind();
  for (;;) {
    batch_.clear();
    batch_.set_rows_max(context.batch_rows());
    NX_TRY_DO(inner_.root->next(context, batch_));
    if (batch_.rows() == 0) return Done{};
    for (std::size_t i = 0; i < batch_.rows(); ++i) {
      const Value* found = batch_.row(i);
      Iteration made{found[expand_.inner_to].entity_id(), {}, {}};
      for (const plan::Slot step : expand_.steps) made.relationships.push_back(found[step].entity_id());
      if (!may_use(taken, made)) continue;
      std::uint64_t bytes = sizeof(TreeNode) + made.relationships.size() * (sizeof(std::uint64_t) + 48);
      made.values.reserve(expand_.variables.size());
      for (const auto& variable : expand_.variables) {
        made.values.push_back(found[variable.inner]);
        bytes += sizeof(Value) + made.values.back().heap_bytes();
      }
      NX_TRY_DO(hold(bytes));
      level.bytes += bytes;
      level.iterations.push_back(std::move(made));
    }
  }
}

Result<> RepeatWalk::open_level(Context& context) {
  levels_.emplace_back();
  if (walk_.size() == max()) return Done{};
  // Not inside levels_ while the inner plan runs: it may hold walks of its own, and fail.
  Level level;
  NX_TRY_DO(iterate(context, end(), taken_, level));
  levels_.back() = std::move(level);
  return Done{};
}

void RepeatWalk::close_level() {
  held_bytes_ -= levels_.back().bytes;
  levels_.pop_back();
  if (walk_.empty()) return;
  for (const std::uint64_t used : walk_.back()->relationships) taken_.erase(used);
  walk_.pop_back();
}

void RepeatWalk::take(const Iteration& iteration) {
  walk_.push_back(&iteration);
  if (!expand_.repeatable) taken_.insert(iteration.relationships.begin(), iteration.relationships.end());
}

Result<bool> RepeatWalk::next(Context& context) {
  if (!is_started_) {
    is_started_ = true;
    NX_TRY_DO(open_level(context));
    if (expand_.min == 0) return true;
  }
  while (!levels_.empty()) {
    NX_TRY_DO(context.tick());
    Level& level = levels_.back();
    if (level.at == level.iterations.size()) {
      close_level();
      continue;
    }
    take(level.iterations[level.at++]);
    NX_TRY_DO(open_level(context));
    if (walk_.size() >= expand_.min) return true;
  }
  return false;
}

bool RepeatWalk::is_enough() const {
  return (expand_.shortest == plan::RepeatExpand::Shortest::Groups ? lengths_ : found_.size()) >= expand_.count;
}

// Over single relationships the first way to a node is a shortest one, and none is used twice.
bool RepeatWalk::only_first_arrivals(std::uint64_t to) const {
  return expand_.steps.size() == 1 && expand_.count == 1 && expand_.min <= 1 && start_ != to;
}

std::unordered_set<std::uint64_t> RepeatWalk::taken_until(std::size_t leaf) const {
  std::unordered_set<std::uint64_t> taken;
  for (std::size_t i = leaf; i != 0; i = tree_[i].parent) {
    taken.insert(tree_[i].iteration.relationships.begin(), tree_[i].iteration.relationships.end());
  }
  return taken;
}

void RepeatWalk::add_found(std::size_t leaf, std::uint64_t depth) {
  if (found_.empty() || depth != last_length_) ++lengths_;
  last_length_ = depth;
  found_.push_back(leaf);
}

Result<> RepeatWalk::grow(Context& context, std::size_t parent, std::uint64_t to, std::uint64_t depth) {
  const bool once = only_first_arrivals(to);
  const bool all = expand_.shortest == plan::RepeatExpand::Shortest::Groups;
  Level level;
  NX_TRY_DO(iterate(context, tree_[parent].iteration.node,
                    once ? std::unordered_set<std::uint64_t>() : taken_until(parent), level));
  for (Iteration& iteration : level.iterations) {
    NX_TRY_DO(context.tick());
    if (once) {
      const auto [at, is_new] = arrivals_.emplace(iteration.node, depth);
      if (!is_new && (!all || at->second != depth)) continue;
    }
    const bool arrived = iteration.node == to && depth >= expand_.min;
    tree_.push_back({parent, std::move(iteration)});
    if (!arrived) continue;
    add_found(tree_.size() - 1, depth);
    if (!all && is_enough()) return Done{};
  }
  return Done{};
}

Result<> RepeatWalk::search(Context& context, std::uint64_t to) {
  tree_.push_back({0, {start_, {}, {}}});
  arrivals_.emplace(start_, 0);
  if (start_ == to && expand_.min == 0) add_found(0, 0);
  std::size_t level_begin = 0;
  for (std::uint64_t depth = 1; depth <= max() && level_begin != tree_.size() && !is_enough(); ++depth) {
    const std::size_t level_end = tree_.size();
    for (std::size_t parent = level_begin; parent < level_end; ++parent) {
      NX_TRY_DO(grow(context, parent, to, depth));
      if (expand_.shortest == plan::RepeatExpand::Shortest::Some && is_enough()) return Done{};
    }
    level_begin = level_end;
  }
  return Done{};
}

Result<bool> RepeatWalk::next_shortest(Context& context, std::uint64_t to) {
  if (!is_started_) {
    is_started_ = true;
    NX_TRY_DO(search(context, to));
  }
  if (found_at_ == found_.size()) return false;
  walk_.clear();
  for (std::size_t i = found_[found_at_++]; i != 0; i = tree_[i].parent) walk_.push_back(&tree_[i].iteration);
  std::reverse(walk_.begin(), walk_.end());
  return true;
}

void RepeatWalk::fill(Value* row) const {
  std::vector<const Iteration*> ordered = walk_;
  if (expand_.reversed) std::reverse(ordered.begin(), ordered.end());
  List relationships;
  std::vector<List> lists(expand_.variables.size());
  for (const Iteration* iteration : ordered) {
    for (const std::uint64_t used : iteration->relationships) relationships.push_back(Value::relationship(used));
    for (std::size_t i = 0; i < lists.size(); ++i) lists[i].push_back(iteration->values[i]);
  }
  row[expand_.relationships] = Value::list(std::move(relationships));
  for (std::size_t i = 0; i < lists.size(); ++i) row[expand_.variables[i].list] = Value::list(std::move(lists[i]));
}

}  // namespace nexus::exec
