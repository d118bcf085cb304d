// A MATCH as a graph, between the text and the operators: nodes and relationships are slots,
// everything said about them is a list of predicates. The planner may solve it in any order.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/index_shape.h"
#include "plan/plan.h"

namespace nexus::plan {

struct PatternGraph;

struct PatternNode {
  Slot slot;
};

// One iteration of a quantified group, a pattern of its own between two of its nodes.
struct PatternGroup {
  std::unique_ptr<PatternGraph> graph;
  Slot left;
  Slot right;
  std::vector<Slot> steps;
  std::vector<RepeatExpand::Variable> variables;
};

struct PatternRelationship {
  Slot slot;
  Slot left;
  Slot right;
  Direction direction = Direction::Both;  // From left to right.
  std::vector<std::string> types;         // Empty: any.
  bool bound = false;                     // The slot has a value before this MATCH.
  bool variable_length = false;
  std::uint64_t min = 1;
  std::optional<std::uint64_t> max;
  Slot step_relationship = 0;
  Slot step_node = 0;
  ExpressionPtr step_predicate;
  std::vector<Slot> step_needs;  // Slots of this MATCH that step_predicate reads.
  bool shortest = false;         // shortestPath and its kin: both ends come first.
  bool all_shortest = false;
  std::uint64_t shortest_count = 1;
  bool shortest_tested = false;  // The predicates on the path are part of the search.
  std::optional<PatternGroup> group;  // A quantified group: `slot` is the flat list of its relationships.
};

// A path selector that looks at whole paths.
struct PathSelection {
  Slot start;
  Slot end;
  std::vector<Slot> relationships;
  bool groups = false;
  ExpressionPtr count;
};

struct PatternPredicate {
  ExpressionPtr expression;
  std::vector<Slot> needs;  // Slots of this MATCH that it reads, once per reading.
};

struct NamedPath {
  Slot slot;
  std::vector<Slot> slots;
};

// USING INDEX: this slot is found by that index and by nothing else.
struct IndexHint {
  Slot slot;
  std::string label;
  std::vector<std::string> keys;
  Position position;
};

struct PatternGraph {
  std::vector<PatternNode> nodes;
  std::vector<PatternRelationship> relationships;
  std::vector<PatternPredicate> predicates;  // In the order of the text.
  std::vector<NamedPath> paths;
  std::vector<Slot> introduced;  // Slots that get their value here; all others have one already.
  const std::vector<catalog::IndexShape>* indexes = nullptr;  // Null: nobody knows.
  std::vector<IndexHint>* hints = nullptr;  // Those that were obeyed are taken out.
  std::vector<Slot> scan_hints;             // Not to be found by an index.
  bool unique_relationships = true;
  std::optional<PathSelection> selection;
  std::vector<PatternPredicate> after_selection;
  std::vector<std::vector<Slot>> walks;  // Per path of the text: node, relationship, node, …
};

// Appends to `input` what finds every match of the graph.
PlanPtr plan_pattern(PatternGraph graph, PlanPtr input);

}  // namespace nexus::plan
