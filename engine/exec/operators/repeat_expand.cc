// RepeatExpand: a quantified group from a bound node, one row for every way through it.
#include "exec/operators/flat_map.h"
#include "exec/operators/repeat_walk.h"

namespace nexus::exec {

namespace {

class RepeatExpand final : public FlatMap {
 public:
  RepeatExpand(OperatorPtr input, std::size_t width, const plan::RepeatExpand& expand, InnerPlan inner,
               MemoryBudget& budget)
      : FlatMap(std::move(input), width), expand_(expand), walk_(width, expand, std::move(inner), budget) {}
  std::string describe() const override { return "RepeatExpand"; }

 private:
  Result<> open(Context& context, Value* row) override {
    const Value& from = row[expand_.from];
    is_possible_ = false;
    if (from.is_null() || (expand_.max && expand_.min > *expand_.max)) return Done{};
    if (!from.is(Type::Node)) return type_error("a NODE in a pattern", from);
    if (context.graph.is_hidden(from.entity_id())) return Done{};
    if (expand_.to_bound && !row[expand_.to].is(Type::Node)) return Done{};
    is_possible_ = true;
    walk_.start(row);
    return Done{};
  }

  Result<bool> step(Context& context, Value* row, Batch& batch) override {
    if (!is_possible_) return false;
    const bool shortest = expand_.shortest != plan::RepeatExpand::Shortest::No;
    for (;;) {
      NX_TRY(const bool found,
             shortest ? walk_.next_shortest(context, row[expand_.to].entity_id()) : walk_.next(context));
      if (!found) return false;
      if (expand_.to_bound && row[expand_.to].entity_id() != walk_.end()) continue;
      Value* target = batch.append(row);
      target[expand_.to] = Value::node(walk_.end());
      walk_.fill(target);
      return true;
    }
  }

  const plan::RepeatExpand& expand_;
  RepeatWalk walk_;
  bool is_possible_ = false;
};

}  // namespace

OperatorPtr make_repeat_expand(OperatorPtr input, std::size_t width, const plan::RepeatExpand& expand, InnerPlan inner,
                               MemoryBudget& budget) {
  return std::make_unique<RepeatExpand>(std::move(input), width, expand, std::move(inner), budget);
}

}  // namespace nexus::exec
