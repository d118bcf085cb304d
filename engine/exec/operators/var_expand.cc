// VarExpand: from a bound node over min to max relationships, none of them twice.
//
// Invariant: the list of relationships is in the order of the pattern, whichever end the
// walk began at.
#include <algorithm>
#include <limits>

#include "exec/operators/flat_map.h"
#include "exec/operators/operators.h"
#include "exec/operators/trail_walk.h"

namespace nexus::exec {

namespace {

class VarExpand final : public FlatMap {
 public:
  VarExpand(OperatorPtr input, std::size_t width, const plan::VarExpand& expand, EvaluatorPtr predicate)
      : FlatMap(std::move(input), width),
        expand_(expand),
        rules_{expand.direction,
               TypeFilter(expand.types),
               expand.min,
               expand.max.value_or(std::numeric_limits<std::uint64_t>::max()),
               expand.step_relationship,
               expand.step_node,
               std::move(predicate),
               expand.distinct_from,
               expand.repeatable} {}
  std::string describe() const override { return "VarExpand"; }

 private:
  Result<> open(Context& context, Value* row) override {
    const Value& from = row[expand_.from];
    state_ = State::Ended;
    if (from.is_null() || rules_.min > rules_.max) return Done{};
    if (!from.is(Type::Node)) return type_error("a NODE in a pattern", from);
    if (context.graph.is_hidden(from.entity_id())) return Done{};
    if (expand_.to_bound && !row[expand_.to].is(Type::Node)) return Done{};
    // Even without a known type the walk of no steps remains.
    const bool possible = rules_.types.resolve(context.transaction);
    if (!possible && rules_.min > 0) return Done{};
    if (expand_.relationships_bound) {
      state_ = State::Bound;
      return Done{};
    }
    state_ = possible ? State::Walking : State::OnlyZero;
    if (!walk_) walk_.emplace(context.budget);
    walk_->start(from.entity_id());
    return Done{};
  }

  Result<bool> step(Context& context, Value* row, Batch& batch) override {
    if (state_ == State::Ended) return false;
    if (state_ == State::Bound) return step_bound(context, row, batch);
    if (state_ == State::OnlyZero) {
      state_ = State::Ended;
      return emit(row, row[expand_.from].entity_id(), Value::list({}), batch);
    }
    for (;;) {
      NX_TRY(const bool found, walk_->next(context, row, rules_));
      if (!found) return false;
      if (expand_.to_bound && row[expand_.to].entity_id() != walk_->end()) continue;
      return emit(row, walk_->end(), relationships(), batch);
    }
  }

  bool emit(Value* row, std::uint64_t end, Value list, Batch& batch) {
    if (expand_.to_bound && row[expand_.to].entity_id() != end) return false;
    Value* target = batch.append(row);
    target[expand_.relationships] = std::move(list);
    target[expand_.to] = Value::node(end);
    return true;
  }

  Value relationships() const {
    List list;
    list.reserve(walk_->path().size());
    for (const auto& neighbor : walk_->path()) list.push_back(Value::relationship(neighbor.relationship));
    if (expand_.reversed) std::reverse(list.begin(), list.end());
    return Value::list(std::move(list));
  }

  // The list is given: it is walked once, and either fits or does not.
  Result<bool> step_bound(Context& context, Value* row, Batch& batch) {
    state_ = State::Ended;
    const Value given = row[expand_.relationships];
    if (!given.is(Type::List)) return false;
    List list = given.list();
    if (list.size() < rules_.min || list.size() > rules_.max) return false;
    if (expand_.reversed) std::reverse(list.begin(), list.end());
    std::uint64_t at = row[expand_.from].entity_id();
    std::unordered_set<std::uint64_t> used;
    for (const Value& item : list) {
      if (!item.is(Type::Relationship) || (!used.insert(item.entity_id()).second && !rules_.repeatable)) {
        return false;
      }
      const auto record = context.transaction.relationship(item.entity_id());
      if (!record || !rules_.types.allows(record->type)) return false;
      const auto end = other_end(*record, at, expand_.direction);
      if (!end) return false;
      NX_TRY(const bool allowed, rules_.allows(context, row, {item.entity_id(), *end, record->type}));
      if (!allowed) return false;
      at = *end;
    }
    return emit(row, at, given, batch);
  }

  enum class State : std::uint8_t { Ended, Walking, OnlyZero, Bound };

  const plan::VarExpand& expand_;
  WalkRules rules_;
  State state_ = State::Ended;
  std::optional<TrailWalk> walk_;
};

}  // namespace

OperatorPtr make_var_expand(OperatorPtr input, std::size_t width, const plan::VarExpand& expand,
                            EvaluatorPtr predicate) {
  return std::make_unique<VarExpand>(std::move(input), width, expand, std::move(predicate));
}

}  // namespace nexus::exec
