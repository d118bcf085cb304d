// The pattern planner: in which order the nodes and relationships of a MATCH are found.
//
// Expand from what is known; where nothing is, start at the cheapest place; test every
// predicate as soon as its slots have values.
#include <algorithm>

#include "plan/index_choice.h"
#include "plan/pattern_graph.h"

namespace nexus::plan {
namespace {

ExpressionPtr slot_ref(Slot slot) { return make_expression(SlotRef{slot}); }

Direction flipped(Direction direction) {
  switch (direction) {
    case Direction::Outgoing: return Direction::Incoming;
    case Direction::Incoming: return Direction::Outgoing;
    case Direction::Both: return Direction::Both;
  }
  return Direction::Both;
}

bool is_slot(const Expression& expression, Slot slot) {
  const auto* reference = std::get_if<SlotRef>(&expression.node);
  return reference != nullptr && reference->slot == slot;
}

// The label when the predicate is exactly node:Label.
const std::string* label_of(const Expression& predicate, Slot node) {
  const auto* labels = std::get_if<HasLabels>(&predicate.node);
  if (labels == nullptr || labels->test->kind != LabelTest::Kind::Label || !is_slot(*labels->subject, node)) {
    return nullptr;
  }
  return &labels->test->name;
}

bool is_property_equality(const Expression& predicate, Slot node) {
  const auto* chain = std::get_if<ComparisonChain>(&predicate.node);
  if (chain == nullptr || chain->steps.size() != 1 || chain->steps[0].op != BinaryOperator::Equal) return false;
  const auto* property = std::get_if<PropertyOf>(&chain->first->node);
  return property != nullptr && is_slot(*property->subject, node);
}

struct IdTest {
  ExpressionPtr* ids = nullptr;  // Inside the predicate.
  bool element_ids = false;
};

bool is_id_of(const Expression& expression, Slot entity, bool& element_ids) {
  const auto* call = std::get_if<ScalarCall>(&expression.node);
  if (call == nullptr || call->arguments.size() != 1 || !is_slot(*call->arguments[0], entity)) return false;
  element_ids = call->function->name == "elementId";
  return element_ids || call->function->name == "id";
}

// id(entity) = ids, ids = id(entity), id(entity) IN ids, where `ids` does not read the entity itself.
IdTest id_test(PatternPredicate& candidate, Slot entity) {
  IdTest test;
  if (std::count(candidate.needs.begin(), candidate.needs.end(), entity) != 1) return test;
  Expression& predicate = *candidate.expression;
  if (auto* chain = std::get_if<ComparisonChain>(&predicate.node)) {
    if (chain->steps.size() != 1 || chain->steps[0].op != BinaryOperator::Equal) return test;
    if (is_id_of(*chain->first, entity, test.element_ids)) {
      test.ids = &chain->steps[0].operand;
    } else if (is_id_of(*chain->steps[0].operand, entity, test.element_ids)) {
      test.ids = &chain->first;
    }
  } else if (auto* in = std::get_if<BinaryChain>(&predicate.node)) {
    if (in->steps.size() != 1 || in->steps[0].op != BinaryOperator::In) return test;
    if (is_id_of(*in->first, entity, test.element_ids)) test.ids = &in->steps[0].operand;
  }
  return test;
}

bool may_be_the_same(const PatternRelationship& left, const PatternRelationship& right) {
  if (left.types.empty() || right.types.empty()) return true;
  return std::any_of(left.types.begin(), left.types.end(), [&](const std::string& type) {
    return std::find(right.types.begin(), right.types.end(), type) != right.types.end();
  });
}

class PatternPlanner {
 public:
  PatternPlanner(PatternGraph graph, PlanPtr input) : graph_(std::move(graph)), plan_(std::move(input)) {
    planned_.resize(graph_.relationships.size());
  }

  PlanPtr run() {
    attach();
    while (true) {
      if (follow_hint()) {
        attach();
        continue;
      }
      if (const std::size_t next = next_relationship(); next < planned_.size()) {
        expand(next);
      } else if (!start()) {
        break;
      }
      attach();
    }
    return std::move(plan_);
  }

 private:
  enum class Rank : std::uint8_t {
    IdSeek, BoundRelationship, RelationshipIdSeek, IndexEquality, RelationshipIndexEquality, IndexRange,
    RelationshipIndexRange, LabelAndProperty, IndexExists, Label, TypeScan, AllNodes, None
  };
  struct Start {
    Rank rank = Rank::None;
    std::size_t index = 0;  // Of the node, or of the relationship for BoundRelationship and TypeScan.
  };

  bool solved(Slot slot) const {
    return std::find(graph_.introduced.begin(), graph_.introduced.end(), slot) == graph_.introduced.end();
  }
  void solve(Slot slot) {
    graph_.introduced.erase(std::remove(graph_.introduced.begin(), graph_.introduced.end(), slot),
                            graph_.introduced.end());
  }
  bool all_solved(const std::vector<Slot>& slots, Slot except) const {
    return std::all_of(slots.begin(), slots.end(), [&](Slot slot) { return slot == except || solved(slot); });
  }
  bool all_solved(const std::vector<Slot>& slots) const {
    return std::all_of(slots.begin(), slots.end(), [&](Slot slot) { return solved(slot); });
  }

  void attach();
  void filter();
  std::size_t next_relationship() const;
  void expand(std::size_t index);
  void expand_group(std::size_t index, Slot from, Slot to, bool reversed);
  void take_path_predicates(Slot relationships, ShortestPath& made);
  std::vector<Slot> distinct_from(std::size_t index) const;
  bool start();
  Start best_start();
  Rank rank_of(const PatternNode& node);
  bool is_unlabelled(Slot node);
  void start_at_node(Rank rank, Slot node);
  void start_at_bound(const PatternRelationship& relationship);
  void seek_relationship(PatternRelationship& relationship);
  void scan_type(std::size_t index);
  // index seeks
  bool follow_hint();
  IndexChoice node_index(Slot node, const IndexHint* hint = nullptr);
  IndexChoice relationship_index(const PatternRelationship& relationship, const IndexHint* hint = nullptr);
  void seek_node(Slot node, IndexSeek seek);
  void seek_relationship_index(PatternRelationship& relationship, IndexSeek seek);
  // A predicate id(entity) = …, whose other side can be evaluated now.
  std::vector<PatternPredicate>::iterator id_predicate(Slot entity);

  PatternGraph graph_;
  PlanPtr plan_;
  std::vector<bool> planned_;
};

void PatternPlanner::attach() {
  filter();
  bool found = false;
  for (const NamedPath& path : graph_.paths) {
    if (solved(path.slot) || !all_solved(path.slots)) continue;
    Project project{std::move(plan_), {}, {}};
    project.items.push_back({path.slot, make_expression(PathOf{path.slots})});
    plan_ = make_plan(std::move(project));
    solve(path.slot);
    found = true;
  }
  if (found) filter();
}

void PatternPlanner::filter() {
  Logical all{LogicalOperator::And, {}};
  std::vector<PatternPredicate> later;
  for (PatternPredicate& predicate : graph_.predicates) {
    if (all_solved(predicate.needs)) {
      all.operands.push_back(std::move(predicate.expression));
    } else {
      later.push_back(std::move(predicate));
    }
  }
  graph_.predicates = std::move(later);
  if (all.operands.empty()) return;
  ExpressionPtr test = all.operands.size() == 1 ? std::move(all.operands.front()) : make_expression(std::move(all));
  plan_ = make_plan(Filter{std::move(plan_), std::move(test)});
}

std::size_t PatternPlanner::next_relationship() const {
  std::size_t best = planned_.size();
  int best_rank = 4;
  for (std::size_t index = 0; index < planned_.size(); ++index) {
    const PatternRelationship& relationship = graph_.relationships[index];
    const bool left = solved(relationship.left);
    const bool right = solved(relationship.right);
    if (planned_[index] || (!left && !right) || !all_solved(relationship.step_needs)) continue;
    if (relationship.shortest && !(left && right)) continue;
    const int rank = (left && right ? 0 : 2) + (relationship.variable_length ? 1 : 0);
    if (rank >= best_rank) continue;
    best = index;
    best_rank = rank;
  }
  return best;
}

std::vector<Slot> PatternPlanner::distinct_from(std::size_t index) const {
  std::vector<Slot> others;
  if (!graph_.unique_relationships) return others;
  for (std::size_t other = 0; other < planned_.size(); ++other) {
    if (!planned_[other] || graph_.relationships[other].shortest) continue;
    if (may_be_the_same(graph_.relationships[other], graph_.relationships[index])) {
      others.push_back(graph_.relationships[other].slot);
    }
  }
  return others;
}

void PatternPlanner::expand(std::size_t index) {
  PatternRelationship& r = graph_.relationships[index];
  const bool reversed = !solved(r.left);
  const Slot from = reversed ? r.right : r.left;
  const Slot to = reversed ? r.left : r.right;
  const Direction direction = reversed ? flipped(r.direction) : r.direction;
  const bool to_bound = solved(to);
  if (r.group) {
    expand_group(index, from, to, reversed);
  } else if (r.shortest) {
    ShortestPath made{std::move(plan_), from, r.slot, to, direction, r.types, r.min, r.max, r.all_shortest,
                      r.shortest_count, r.step_relationship, r.step_node, std::move(r.step_predicate), {}, nullptr};
    if (r.shortest_tested) take_path_predicates(r.slot, made);
    plan_ = make_plan(std::move(made));
  } else if (r.variable_length) {
    plan_ = make_plan(VarExpand{std::move(plan_), from, r.slot, to, direction, r.types, r.min, r.max, to_bound, r.bound,
                                reversed, r.step_relationship, r.step_node, std::move(r.step_predicate),
                                distinct_from(index), !graph_.unique_relationships});
  } else {
    plan_ = make_plan(
        Expand{std::move(plan_), from, r.slot, to, direction, r.types, to_bound, r.bound, distinct_from(index)});
  }
  planned_[index] = true;
  solve(r.slot);
  solve(to);
}

// Those that wait for this path alone.
void PatternPlanner::take_path_predicates(Slot relationships, ShortestPath& made) {
  std::vector<Slot> known{relationships};
  for (const NamedPath& path : graph_.paths) {
    if (solved(path.slot) || !all_solved(path.slots, relationships)) continue;
    made.paths.push_back({path.slot, make_expression(PathOf{path.slots})});
    known.push_back(path.slot);
  }
  Logical all{LogicalOperator::And, {}};
  std::vector<PatternPredicate> later;
  for (PatternPredicate& predicate : graph_.predicates) {
    const bool now = std::all_of(predicate.needs.begin(), predicate.needs.end(), [&](Slot slot) {
      return solved(slot) || std::find(known.begin(), known.end(), slot) != known.end();
    });
    if (now) all.operands.push_back(std::move(predicate.expression));
    else later.push_back(std::move(predicate));
  }
  graph_.predicates = std::move(later);
  if (all.operands.empty()) made.paths.clear();
  else made.predicate = make_expression(std::move(all));
}

void PatternPlanner::expand_group(std::size_t index, Slot from, Slot to, bool reversed) {
  PatternRelationship& r = graph_.relationships[index];
  PatternGroup& group = *r.group;
  RepeatExpand made;
  made.from = from;
  made.to = to;
  made.inner_from = reversed ? group.right : group.left;
  made.inner_to = reversed ? group.left : group.right;
  auto& introduced = group.graph->introduced;
  introduced.erase(std::remove(introduced.begin(), introduced.end(), made.inner_from), introduced.end());
  made.inner = plan_pattern(std::move(*group.graph), make_plan(Argument{}));
  made.steps = std::move(group.steps);
  made.relationships = r.slot;
  made.variables = std::move(group.variables);
  made.min = r.min;
  made.max = r.max;
  made.to_bound = solved(to);
  made.reversed = reversed;
  made.repeatable = !graph_.unique_relationships;
  if (r.shortest) made.shortest = r.all_shortest ? RepeatExpand::Shortest::Groups : RepeatExpand::Shortest::Some;
  made.count = r.shortest_count;
  made.distinct_from = distinct_from(index);
  made.input = std::move(plan_);
  for (const RepeatExpand::Variable& variable : made.variables) solve(variable.list);
  plan_ = make_plan(std::move(made));
}

bool PatternPlanner::is_unlabelled(Slot node) {
  return std::none_of(graph_.predicates.begin(), graph_.predicates.end(), [&](const PatternPredicate& predicate) {
    return label_of(*predicate.expression, node) != nullptr;
  });
}

PatternPlanner::Rank PatternPlanner::rank_of(const PatternNode& node) {
  bool label = false;
  bool property = false;
  for (PatternPredicate& predicate : graph_.predicates) {
    if (!all_solved(predicate.needs, node.slot)) continue;
    if (id_test(predicate, node.slot).ids != nullptr) return Rank::IdSeek;
    label = label || label_of(*predicate.expression, node.slot) != nullptr;
    property = property || is_property_equality(*predicate.expression, node.slot);
  }
  if (label) {
    const int score = node_index(node.slot).score;
    if (score >= kEqualityScore / 2) return Rank::IndexEquality;
    if (score >= kRangeScore) return Rank::IndexRange;
    if (property) return Rank::LabelAndProperty;
    return score > 0 ? Rank::IndexExists : Rank::Label;
  }
  return Rank::AllNodes;
}

PatternPlanner::Start PatternPlanner::best_start() {
  Start best;
  const auto consider = [&](Rank rank, std::size_t index) {
    if (rank < best.rank) best = {rank, index};
  };
  for (std::size_t index = 0; index < graph_.nodes.size(); ++index) {
    if (!solved(graph_.nodes[index].slot)) consider(rank_of(graph_.nodes[index]), index);
  }
  for (std::size_t index = 0; index < planned_.size(); ++index) {
    const PatternRelationship& r = graph_.relationships[index];
    if (planned_[index] || r.variable_length || r.shortest || solved(r.left) || solved(r.right)) continue;
    if (r.bound) {
      consider(Rank::BoundRelationship, index);
      continue;
    }
    if (id_predicate(r.slot) != graph_.predicates.end()) consider(Rank::RelationshipIdSeek, index);
    if (const int score = relationship_index(r).score; score >= kRangeScore) {
      consider(score >= kEqualityScore / 2 ? Rank::RelationshipIndexEquality : Rank::RelationshipIndexRange, index);
    }
    // A scan cannot leave out relationships that are taken, so nothing may be taken yet.
    const bool free =
        r.left != r.right && is_unlabelled(r.left) && is_unlabelled(r.right) && distinct_from(index).empty();
    if (!r.types.empty() && free) consider(Rank::TypeScan, index);
  }
  return best;
}

bool PatternPlanner::start() {
  const Start best = best_start();
  switch (best.rank) {
    case Rank::None: return false;
    case Rank::BoundRelationship: start_at_bound(graph_.relationships[best.index]); return true;
    case Rank::RelationshipIdSeek:
      seek_relationship(graph_.relationships[best.index]);
      return true;
    case Rank::TypeScan: scan_type(best.index); return true;
    case Rank::IndexEquality:
    case Rank::IndexRange:
    case Rank::IndexExists: {
      const Slot node = graph_.nodes[best.index].slot;
      seek_node(node, std::move(node_index(node).seek));
      return true;
    }
    case Rank::RelationshipIndexEquality:
    case Rank::RelationshipIndexRange: {
      PatternRelationship& relationship = graph_.relationships[best.index];
      seek_relationship_index(relationship, std::move(relationship_index(relationship).seek));
      return true;
    }
    case Rank::IdSeek:
    case Rank::LabelAndProperty:
    case Rank::Label:
    case Rank::AllNodes: start_at_node(best.rank, graph_.nodes[best.index].slot); return true;
  }
  return false;
}

void PatternPlanner::start_at_node(Rank rank, Slot node) {
  auto used = graph_.predicates.end();
  if (rank == Rank::AllNodes) { plan_ = make_plan(AllNodesScan{std::move(plan_), node}); }
  for (auto at = graph_.predicates.begin(); at != graph_.predicates.end() && used == graph_.predicates.end(); ++at) {
    if (!all_solved(at->needs, node)) continue;
    if (rank == Rank::IdSeek) {
      const IdTest test = id_test(*at, node);
      if (test.ids == nullptr) continue;
      plan_ = make_plan(NodeByIdSeek{std::move(plan_), node, std::move(*test.ids), test.element_ids});
      used = at;
    } else if (rank != Rank::AllNodes) {
      const std::string* label = label_of(*at->expression, node);
      if (label == nullptr) continue;
      plan_ = make_plan(LabelScan{std::move(plan_), node, *label});
      used = at;
    }
  }
  if (used != graph_.predicates.end()) graph_.predicates.erase(used);
  solve(node);
}

// The relationship is known, its ends are not: start at its start node, or, where the
// direction is open, at either end (at one only when they are the same).
void PatternPlanner::start_at_bound(const PatternRelationship& r) {
  const auto end = [&](std::string_view function) {
    ScalarCall call{function::find_scalar(function), {}};
    call.arguments.push_back(slot_ref(r.slot));
    return make_expression(std::move(call));
  };
  if (r.direction != Direction::Both) {
    Project project{std::move(plan_), {}, {}};
    project.items.push_back({r.left, end(r.direction == Direction::Outgoing ? "startNode" : "endNode")});
    plan_ = make_plan(std::move(project));
    solve(r.left);
    return;
  }
  ComparisonChain loop{end("startNode"), {}};
  loop.steps.push_back({BinaryOperator::Equal, end("endNode")});
  ListOf once;
  once.items.push_back(end("startNode"));
  ListOf both;
  both.items.push_back(end("startNode"));
  both.items.push_back(end("endNode"));
  CaseOf choice;
  choice.whens.push_back({make_expression(std::move(loop)), make_expression(std::move(once))});
  choice.otherwise = make_expression(std::move(both));
  plan_ = make_plan(Unwind{std::move(plan_), make_expression(std::move(choice)), r.left});
  solve(r.left);
}

std::vector<PatternPredicate>::iterator PatternPlanner::id_predicate(Slot entity) {
  return std::find_if(graph_.predicates.begin(), graph_.predicates.end(), [&](PatternPredicate& predicate) {
    return all_solved(predicate.needs, entity) && id_test(predicate, entity).ids != nullptr;
  });
}

void PatternPlanner::seek_relationship(PatternRelationship& r) {
  const auto used = id_predicate(r.slot);
  const IdTest test = id_test(*used, r.slot);
  plan_ = make_plan(RelationshipByIdSeek{std::move(plan_), r.slot, std::move(*test.ids), test.element_ids});
  graph_.predicates.erase(used);
  solve(r.slot);
  r.bound = true;
  start_at_bound(r);
}

IndexChoice PatternPlanner::node_index(Slot node, const IndexHint* hint) {
  IndexChoice best;
  const auto& scans = graph_.scan_hints;
  if (graph_.indexes == nullptr || std::find(scans.begin(), scans.end(), node) != scans.end()) return best;
  const auto is_usable = [&](const PatternPredicate& predicate) { return all_solved(predicate.needs, node); };
  for (const PatternPredicate& predicate : graph_.predicates) {
    const std::string* label = label_of(*predicate.expression, node);
    if (label == nullptr) continue;
    IndexChoice choice = choose_index(graph_, storage::EntityKind::Node, node, *label, is_usable, hint);
    if (choice.score > best.score) best = std::move(choice);
  }
  return best;
}

IndexChoice PatternPlanner::relationship_index(const PatternRelationship& r, const IndexHint* hint) {
  if (graph_.indexes == nullptr || r.types.size() != 1) return {};
  const auto is_usable = [&](const PatternPredicate& predicate) { return all_solved(predicate.needs, r.slot); };
  return choose_index(graph_, storage::EntityKind::Relationship, r.slot, r.types.front(), is_usable, hint);
}

void PatternPlanner::seek_node(Slot node, IndexSeek seek) {
  const auto used = std::find_if(graph_.predicates.begin(), graph_.predicates.end(), [&](const auto& predicate) {
    const std::string* label = label_of(*predicate.expression, node);
    return label != nullptr && *label == seek.label;
  });
  graph_.predicates.erase(used);
  plan_ = make_plan(NodeIndexSeek{std::move(plan_), node, std::move(seek)});
  solve(node);
}

void PatternPlanner::seek_relationship_index(PatternRelationship& r, IndexSeek seek) {
  plan_ = make_plan(RelationshipIndexSeek{std::move(plan_), r.slot, std::move(seek)});
  solve(r.slot);
  r.bound = true;
  start_at_bound(r);
}

// Before anything else is found: an expand might come to the hinted place first.
bool PatternPlanner::follow_hint() {
  if (graph_.hints == nullptr) return false;
  for (auto hint = graph_.hints->begin(); hint != graph_.hints->end(); ++hint) {
    if (solved(hint->slot)) continue;
    const auto relationship =
        std::find_if(graph_.relationships.begin(), graph_.relationships.end(), [&](const PatternRelationship& r) {
          return r.slot == hint->slot && !r.variable_length && !r.shortest && !solved(r.left) && !solved(r.right);
        });
    const bool is_relationship = relationship != graph_.relationships.end();
    IndexChoice choice = is_relationship ? relationship_index(*relationship, &*hint) : node_index(hint->slot, &*hint);
    if (choice.score == 0) continue;
    if (is_relationship) {
      seek_relationship_index(*relationship, std::move(choice.seek));
    } else {
      seek_node(hint->slot, std::move(choice.seek));
    }
    graph_.hints->erase(hint);
    return true;
  }
  return false;
}

void PatternPlanner::scan_type(std::size_t index) {
  const PatternRelationship& r = graph_.relationships[index];
  const bool incoming = r.direction == Direction::Incoming;
  const Slot from = incoming ? r.right : r.left;
  const Slot to = incoming ? r.left : r.right;
  const Direction direction = incoming ? Direction::Outgoing : r.direction;
  plan_ = make_plan(RelationshipScan{std::move(plan_), from, r.slot, to, direction, r.types});
  planned_[index] = true;
  solve(r.left);
  solve(r.right);
  solve(r.slot);
}

}  // namespace

PlanPtr plan_pattern(PatternGraph graph, PlanPtr input) {
  if (!graph.selection) return PatternPlanner(std::move(graph), std::move(input)).run();
  PathSelection selection = std::move(*graph.selection);
  std::vector<PatternPredicate> after = std::move(graph.after_selection);
  // Why an apply: paths are compared with those of the same input row only.
  SelectPaths select{PatternPlanner(std::move(graph), make_plan(Argument{})).run(), selection.start, selection.end,
                     std::move(selection.relationships), selection.groups, std::move(selection.count)};
  PlanPtr plan = make_plan(Apply{std::move(input), make_plan(std::move(select))});
  for (PatternPredicate& predicate : after) plan = make_plan(Filter{std::move(plan), std::move(predicate.expression)});
  return plan;
}

}  // namespace nexus::plan
