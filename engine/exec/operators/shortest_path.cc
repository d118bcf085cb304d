// ShortestPath: the shortest walks between two bound nodes.
//
// Two searches, both breadth first. Between different nodes the first arrival at each node is
// enough (its predecessors give all shortest paths). A walk back to its start, a minimum
// length or more than one length wanted need every trail: those are kept as a tree.
#include <limits>
#include <unordered_map>

#include "exec/operators/flat_map.h"
#include "exec/operators/operators.h"
#include "exec/operators/pattern_step.h"

namespace nexus::exec {

namespace {

using Trail = std::vector<std::uint64_t>;  // Relationships, first to last.

class ShortestPath final : public FlatMap {
 public:
  ShortestPath(OperatorPtr input, std::size_t width, const plan::ShortestPath& path, EvaluatorPtr predicate,
               PathTest test)
      : FlatMap(std::move(input), width),
        path_(path),
        rules_{path.direction,
               TypeFilter(path.types),
               path.min,
               path.max.value_or(std::numeric_limits<std::uint64_t>::max()),
               path.step_relationship,
               path.step_node,
               std::move(predicate),
               {},
               false},
        test_(std::move(test)) {}
  std::string describe() const override { return "ShortestPath"; }

 private:
  Result<> open(Context& context, Value* row) override {
    found_.clear();
    lengths_ = 0;
    at_ = 0;
    const Value &from = row[path_.from], &to = row[path_.to];
    if (!from.is(Type::Node) || !to.is(Type::Node) || rules_.min > rules_.max) return Done{};
    if (!context.graph.is_node(from.entity_id()) || !context.graph.is_node(to.entity_id())) return Done{};
    const bool possible = rules_.types.resolve(context.transaction);
    if (from.entity_id() == to.entity_id() && rules_.min == 0) NX_TRY_DO(consider(context, row, {}));
    if (!possible || is_enough()) return Done{};
    if (rules_.min > 1 || path_.count > 1 || from.entity_id() == to.entity_id()) return search_trails(context, row);
    NX_TRY_DO(search_nodes(context, row));
    // The shortest of all may fail the test where a longer one passes.
    if (test_.predicate && found_.empty()) return search_trails(context, row);
    return Done{};
  }

  // Keeps a trail that passes the test.
  Result<> consider(Context& context, Value* row, Trail trail) {
    if (test_.predicate) {
      row[path_.relationships] = as_list(trail);
      for (const Assignment& path : test_.paths) {
        NX_TRY(row[path.slot], path.value->evaluate(context, row));
      }
      NX_TRY(const Value passes, test_.predicate->evaluate(context, row));
      if (!passes.is(Type::Boolean) || !passes.boolean()) return Done{};
    }
    add_found(std::move(trail));
    return Done{};
  }
  static Value as_list(const Trail& trail) {
    List list;
    for (const auto relationship : trail) list.push_back(Value::relationship(relationship));
    return Value::list(std::move(list));
  }

  bool is_enough() const { return path_.all ? lengths_ >= path_.count : found_.size() >= path_.count; }
  void add_found(Trail trail) {
    if (found_.empty() || found_.back().size() != trail.size()) ++lengths_;
    found_.push_back(std::move(trail));
  }

  Result<bool> step(Context&, Value* row, Batch& batch) override {
    if (at_ == found_.size()) return false;
    batch.append(row)[path_.relationships] = as_list(found_[at_++]);
    return true;
  }

  Result<> neighbors(Context& context, std::uint64_t node) {
    neighbors_.clear();
    context.transaction.expand(node, storage_direction(path_.direction), rules_.types.ids(), neighbors_);
    context.graph.count_reads(1 + neighbors_.size());
    return context.tick();
  }

  // How a node was first reached: all ways of the same length.
  struct Arrival {
    std::uint64_t depth = 0;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ways;  // Previous node, relationship.
  };
  using Arrivals = std::unordered_map<std::uint64_t, Arrival>;

  Result<> search_nodes(Context& context, Value* row) {
    const std::uint64_t from = row[path_.from].entity_id(), to = row[path_.to].entity_id();
    Charge charge(context.budget);
    Arrivals arrivals;
    arrivals[from];
    std::vector<std::uint64_t> frontier{from}, next;
    for (std::uint64_t depth = 1; depth <= rules_.max && !frontier.empty(); ++depth) {
      next.clear();
      for (const auto node : frontier) {
        NX_TRY_DO(neighbors(context, node));
        for (const auto& neighbor : neighbors_) {
          NX_TRY_DO(context.tick());
          const auto seen = arrivals.find(neighbor.node);
          if (seen != arrivals.end() && (seen->second.depth != depth || !path_.all)) continue;
          NX_TRY(const bool allowed, rules_.allows(context, row, neighbor));
          if (!allowed) continue;
          NX_TRY_DO(charge.add(kArrivalBytes));
          if (seen == arrivals.end()) next.push_back(neighbor.node);
          Arrival& arrival = arrivals[neighbor.node];
          arrival.depth = depth;
          arrival.ways.emplace_back(node, neighbor.relationship);
          if (neighbor.node == to && !path_.all) return trace(context, row, arrivals);
        }
      }
      if (arrivals.count(to) != 0) return trace(context, row, arrivals);
      std::swap(frontier, next);
    }
    return Done{};
  }

  // Every way back from `to`; the depth of the walk is the length of the path.
  Result<> trace(Context& context, Value* row, const Arrivals& arrivals) {
    const std::uint64_t from = row[path_.from].entity_id(), to = row[path_.to].entity_id();
    struct Level {
      const Arrival* arrival;
      std::size_t at;
    };
    std::vector<Level> levels{{&arrivals.at(to), 0}};
    Trail backwards;
    while (!levels.empty()) {
      NX_TRY_DO(context.tick());
      Level& level = levels.back();
      if (level.at == level.arrival->ways.size()) {
        levels.pop_back();
        if (!backwards.empty()) backwards.pop_back();
        continue;
      }
      const auto& way = level.arrival->ways[level.at++];
      backwards.push_back(way.second);
      if (way.first == from) {
        NX_TRY_DO(consider(context, row, Trail(backwards.rbegin(), backwards.rend())));
        if (!path_.all) return Done{};
        backwards.pop_back();
      } else {
        levels.push_back({&arrivals.at(way.first), 0});
      }
    }
    return Done{};
  }

  struct TreeNode {
    std::size_t parent;
    std::uint64_t relationship;
    std::uint64_t node;
  };

  static Trail trail_to(const std::vector<TreeNode>& tree, std::size_t leaf) {
    Trail trail;
    for (std::size_t i = leaf; i != 0; i = tree[i].parent) trail.push_back(tree[i].relationship);
    return Trail(trail.rbegin(), trail.rend());
  }
  static bool contains(const std::vector<TreeNode>& tree, std::size_t leaf, std::uint64_t relationship) {
    for (std::size_t i = leaf; i != 0; i = tree[i].parent) {
      if (tree[i].relationship == relationship) return true;
    }
    return false;
  }

  Result<> search_trails(Context& context, Value* row) {
    const std::uint64_t to = row[path_.to].entity_id();
    Charge charge(context.budget);
    std::vector<TreeNode> tree{{0, 0, row[path_.from].entity_id()}};
    std::size_t level_begin = 0;
    for (std::uint64_t depth = 1; depth <= rules_.max && level_begin != tree.size(); ++depth) {
      const std::size_t level_end = tree.size();
      for (std::size_t i = level_begin; i < level_end; ++i) {
        NX_TRY_DO(neighbors(context, tree[i].node));
        for (const auto& neighbor : neighbors_) {
          NX_TRY_DO(context.tick());
          if (contains(tree, i, neighbor.relationship)) continue;
          NX_TRY(const bool allowed, rules_.allows(context, row, neighbor));
          if (!allowed) continue;
          NX_TRY_DO(charge.add(2 * sizeof(TreeNode)));
          tree.push_back({i, neighbor.relationship, neighbor.node});
          if (neighbor.node != to || depth < rules_.min) continue;
          NX_TRY_DO(consider(context, row, trail_to(tree, tree.size() - 1)));
          if (!path_.all && is_enough()) return Done{};
        }
      }
      if (is_enough()) return Done{};
      level_begin = level_end;
    }
    return Done{};
  }

  // A hash node, a vector and one way.
  static constexpr std::uint64_t kArrivalBytes = 112;

  const plan::ShortestPath& path_;
  WalkRules rules_;
  PathTest test_;
  std::vector<Trail> found_;  // From short to long.
  std::uint64_t lengths_ = 0;  // How many different ones.
  std::size_t at_ = 0;
  std::vector<storage::Neighbor> neighbors_;
};

}  // namespace

OperatorPtr make_shortest_path(OperatorPtr input, std::size_t width, const plan::ShortestPath& path,
                               EvaluatorPtr step_predicate, PathTest test) {
  return std::make_unique<ShortestPath>(std::move(input), width, path, std::move(step_predicate), std::move(test));
}

}  // namespace nexus::exec
