#include "service/plan_tree.h"

#include <vector>

namespace nexus::service {
namespace {

// Operators deeper than that are left out: clients limit how deep a value may be nested.
constexpr std::size_t kDepthMax = 100;

Value count(std::uint64_t number) { return Value::integer(static_cast<std::int64_t>(number)); }

Value value_of(const PlanTree& tree, std::size_t depth) {
  List children;
  if (depth < kDepthMax) {
    for (const PlanTree& child : tree.children) children.push_back(value_of(child, depth + 1));
  }
  Map arguments;
  if (!tree.details.empty()) arguments.emplace_back("Details", Value::string(tree.details));
  Map plan{{"operatorType", Value::string(tree.operator_type)},
           {"args", Value::map(std::move(arguments))},
           {"identifiers", Value::list({})},
           {"children", Value::list(std::move(children))}};
  if (tree.rows) plan.emplace_back("rows", count(*tree.rows));
  if (tree.db_hits) plan.emplace_back("dbHits", count(*tree.db_hits));
  if (tree.time_ns) plan.emplace_back("time", count(*tree.time_ns));
  return Value::map(make_map(std::move(plan)));
}

}  // namespace

Value plan_value(const PlanTree& tree) { return value_of(tree, 0); }

}  // namespace nexus::service
