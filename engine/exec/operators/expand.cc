// Expand: from a bound node over its relationships to their other ends.
//
// Invariant: relationships in `distinct_from` are never met again, so within one MATCH no
// relationship is used twice.
#include "exec/operators/flat_map.h"
#include "exec/operators/operators.h"
#include "exec/operators/pattern_step.h"

namespace nexus::exec {

namespace {

class Expand final : public FlatMap {
 public:
  Expand(OperatorPtr input, std::size_t width, const plan::Expand& expand)
      : FlatMap(std::move(input), width), expand_(expand), types_(expand.types) {}
  std::string describe() const override { return expand_.to_bound ? "ExpandInto" : "Expand"; }

 private:
  Result<> open(Context& context, Value* row) override {
    neighbors_.clear();
    at_ = 0;
    const Value& from = row[expand_.from];
    if (from.is_null()) return Done{};
    if (!from.is(Type::Node)) return type_error("a NODE in a pattern", from);
    if (context.graph.is_hidden(from.entity_id())) return Done{};
    const bool has_other = expand_.to_bound;
    if (has_other && !row[expand_.to].is(Type::Node)) return Done{};
    if (expand_.relationship_bound) return open_bound(context, row);
    if (!types_.resolve(context.transaction)) return Done{};
    const auto direction = storage_direction(expand_.direction);
    if (has_other) {
      context.transaction.expand_into(from.entity_id(), direction, types_.ids(), row[expand_.to].entity_id(), neighbors_);
    } else {
      context.transaction.expand(from.entity_id(), direction, types_.ids(), neighbors_);
    }
    context.graph.count_reads(1 + neighbors_.size());
    return Done{};
  }

  // The relationship is given: the only question is whether it fits.
  Result<> open_bound(Context& context, Value* row) {
    const Value& relationship = row[expand_.relationship];
    if (relationship.is_null()) return Done{};
    if (!relationship.is(Type::Relationship)) return type_error("a RELATIONSHIP in a pattern", relationship);
    const auto record = context.transaction.relationship(relationship.entity_id());
    (void)types_.resolve(context.transaction);
    if (!record || !types_.allows(record->type)) return Done{};
    const auto end = other_end(*record, row[expand_.from].entity_id(), expand_.direction);
    if (!end || (expand_.to_bound && row[expand_.to].entity_id() != *end)) return Done{};
    neighbors_.push_back({relationship.entity_id(), *end, record->type});
    return Done{};
  }

  Result<bool> step(Context& context, Value* row, Batch& batch) override {
    while (at_ < neighbors_.size()) {
      const storage::Neighbor& neighbor = neighbors_[at_++];
      if (!expand_.distinct_from.empty() && is_used(row, expand_.distinct_from, neighbor.relationship)) continue;
      if (context.graph.is_hidden(neighbor.node)) continue;
      Value* target = batch.append(row);
      target[expand_.relationship] = Value::relationship(neighbor.relationship);
      target[expand_.to] = Value::node(neighbor.node);
      return true;
    }
    return false;
  }

  const plan::Expand& expand_;
  TypeFilter types_;
  std::vector<storage::Neighbor> neighbors_;
  std::size_t at_ = 0;
};

}  // namespace

OperatorPtr make_expand(OperatorPtr input, std::size_t width, const plan::Expand& expand) {
  return std::make_unique<Expand>(std::move(input), width, expand);
}

}  // namespace nexus::exec
