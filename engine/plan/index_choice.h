// Which index finds a node or a relationship, and what it is asked.
#pragma once

#include <functional>

#include "plan/pattern_graph.h"

namespace nexus::plan {

struct IndexChoice {
  const catalog::IndexShape* index = nullptr;  // Null: none fits.
  int score = 0;  // More is better.
  IndexSeek seek;
};

// The predicates stay where they are: a seek answers candidates. `is_usable` says which can be
// evaluated before `entity` is found; `label` is what the entity is known to have.
// With `hint` only that index counts.
IndexChoice choose_index(const PatternGraph& graph, storage::EntityKind kind, Slot entity, const std::string& label,
                         const std::function<bool(const PatternPredicate&)>& is_usable, const IndexHint* hint);

// Scores from here on find few entities: all keys of a unique index, or an equality.
constexpr int kEqualityScore = 100;
constexpr int kRangeScore = 10;

}  // namespace nexus::plan
