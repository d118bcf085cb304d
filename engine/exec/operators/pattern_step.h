// What the operators that walk relationships have in common.
#pragma once

#include <vector>

#include "exec/context.h"
#include "exec/evaluator.h"
#include "exec/token.h"
#include "plan/plan.h"

namespace nexus::exec {

inline storage::Direction storage_direction(plan::Direction direction) {
  switch (direction) {
    case plan::Direction::Outgoing:
      return storage::Direction::Outgoing;
    case plan::Direction::Incoming:
      return storage::Direction::Incoming;
    case plan::Direction::Both:
      break;
  }
  return storage::Direction::Both;
}

// Whether one of the slots (single relationships or lists) holds the relationship.
inline bool is_used(const Value* row, const std::vector<plan::Slot>& slots, std::uint64_t relationship) {
  for (const auto slot : slots) {
    const Value& value = row[slot];
    if (value.is(Type::Relationship)) {
      if (value.entity_id() == relationship) return true;
    } else if (value.is(Type::List)) {
      for (const Value& item : value.list()) {
        if (item.is(Type::Relationship) && item.entity_id() == relationship) return true;
      }
    }
  }
  return false;
}

// One step from `node` over `record` in the direction asked for; nullopt when it does not lead on.
inline std::optional<std::uint64_t> other_end(const storage::RelationshipRecord& record, std::uint64_t node,
                                              plan::Direction direction) {
  if (direction != plan::Direction::Incoming && record.start == node) return record.end;
  if (direction != plan::Direction::Outgoing && record.end == node) return record.start;
  return std::nullopt;
}

// The rules of one variable-length part of a pattern.
struct WalkRules {
  plan::Direction direction;
  TypeFilter types;
  std::uint64_t min;
  std::uint64_t max;
  plan::Slot step_relationship;
  plan::Slot step_node;
  EvaluatorPtr step_predicate;  // May be null.
  std::vector<plan::Slot> distinct_from;
  bool repeatable = false;  // A walk: relationships may come back.

  // Whether the pattern may take this step. Requires: the type is allowed.
  Result<bool> allows(Context& context, Value* row, const storage::Neighbor& neighbor) {
    if (context.graph.is_hidden(neighbor.node)) return false;
    if (!distinct_from.empty() && is_used(row, distinct_from, neighbor.relationship)) return false;
    if (!step_predicate) return true;
    row[step_relationship] = Value::relationship(neighbor.relationship);
    row[step_node] = Value::node(neighbor.node);
    return passes(*step_predicate, context, row);
  }
};

}  // namespace nexus::exec
