// RepeatWalk: all ways to string iterations of an inner plan together, depth first or breadth first.
//
// Invariant: no relationship comes twice within one walk, unless the plan says it may.
// Cost: memory for the iterations along one walk (depth first) or of all walks (breadth first), charged.
#pragma once

#include <limits>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "exec/charge.h"
#include "exec/operators/operators.h"
#include "exec/operators/pattern_step.h"

namespace nexus::exec {

// One run through the group: where it ended, what it used and what its variables were.
struct Iteration {
  std::uint64_t node;
  std::vector<std::uint64_t> relationships;
  List values;
};

class RepeatWalk {
 public:
  RepeatWalk(std::size_t width, const plan::RepeatExpand& expand, InnerPlan inner, MemoryBudget& budget)
      : expand_(expand), inner_(std::move(inner)), batch_(width, kBatchRowsMax), charge_(budget) {}

  // `row` stays put until the next start(); its inner slots are scratch. Requires: from is a node.
  void start(Value* row);
  // Moves on to the next walk of min to max iterations; false when there is none.
  Result<bool> next(Context& context);
  // The same for the shortest walks to `to` only, from short to long.
  Result<bool> next_shortest(Context& context, std::uint64_t to);

  std::uint64_t end() const { return walk_.empty() ? start_ : walk_.back()->node; }
  // Fills the list slots of an output row, in the order of the pattern.
  void fill(Value* row) const;

 private:
  struct Level {
    std::vector<Iteration> iterations;
    std::size_t at = 0;
    std::uint64_t bytes = 0;
  };
  struct TreeNode {
    std::size_t parent;
    Iteration iteration;
  };

  std::uint64_t max() const { return expand_.max.value_or(std::numeric_limits<std::uint64_t>::max()); }
  // Every iteration from `node` that uses nothing of `taken`.
  Result<> iterate(Context& context, std::uint64_t node, const std::unordered_set<std::uint64_t>& taken, Level& level);
  bool may_use(const std::unordered_set<std::uint64_t>& taken, const Iteration& iteration) const;
  Result<> hold(std::uint64_t bytes);
  Result<> open_level(Context& context);
  void close_level();
  void take(const Iteration& iteration);
  Result<> search(Context& context, std::uint64_t to);
  Result<> grow(Context& context, std::size_t parent, std::uint64_t to, std::uint64_t depth);
  bool is_enough() const;
  bool only_first_arrivals(std::uint64_t to) const;
  std::unordered_set<std::uint64_t> taken_until(std::size_t leaf) const;
  void add_found(std::size_t leaf, std::uint64_t depth);

  const plan::RepeatExpand& expand_;
  InnerPlan inner_;
  Batch batch_;
  Charge charge_;
  std::uint64_t held_bytes_ = 0;
  std::uint64_t charged_bytes_ = 0;

  Value* row_ = nullptr;
  std::uint64_t start_ = 0;
  bool is_started_ = false;
  std::vector<const Iteration*> walk_;

  std::vector<Level> levels_;
  std::unordered_set<std::uint64_t> taken_;

  std::vector<TreeNode> tree_;
  std::unordered_map<std::uint64_t, std::uint64_t> arrivals_;  // Node to the depth it was first reached at.
  std::vector<std::size_t> found_;
  std::size_t found_at_ = 0;
  std::uint64_t lengths_ = 0;
  std::uint64_t last_length_ = 0;
};

}  // namespace nexus::exec
