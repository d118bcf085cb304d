// The binder: MATCH and every other place where a pattern is searched for.
#include <algorithm>

#include "base/match.h"
#include "plan/binder_internal.h"

namespace nexus::plan {

// One MATCH: first the names of all its paths, then what is asked of them, because a
// property may mention a node that stands further right.
class PatternBinder {
 public:
  PatternBinder(Binder& binder, Scope& scope, PatternUse use, std::size_t path_count = 1)
      : binder_(binder), scope_(scope), use_(use), path_count_(path_count) {}

  Result<> add_path(const syntax::PatternPath& path);
  Result<> add_predicates();
  Result<> add_where(const syntax::Expression& where);
  void begin_where() { is_after_selection_ = graph_.selection.has_value(); }
  PatternGraph take() { return std::move(graph_); }
  void allow_repetition() { graph_.unique_relationships = false; }

 private:
  Result<> add_elements(const std::vector<syntax::PatternElement>& elements, std::vector<Slot>& walk);
  Result<> name_path(const std::optional<std::string>& name, const std::vector<Slot>& walk, Position position);
  Result<Slot> add_node(const syntax::NodePattern& node);
  Result<> add_relationship(const syntax::RelationshipPattern& written, Slot left, Slot right);
  Result<> name_relationship(const syntax::RelationshipPattern& written, PatternRelationship& made);
  Result<> add_group(const syntax::GroupPattern& written, Slot left, Slot right);
  Result<> name_group_variables(const syntax::GroupPattern& written, const Scope& inner, std::size_t known,
                                PatternGroup& group);
  // The last thing written before a node: what leads to it.
  Result<> add_step(const syntax::PatternElement& pending, Slot left, Slot right);
  Slot anonymous_node();
  Result<> apply_selector(const syntax::PathSelector& selector, const syntax::PatternPath& path,
                          const std::vector<Slot>& walk, std::size_t relationships_before);
  Result<> select_whole_paths(const syntax::PathSelector& selector, const syntax::PatternPath& path,
                              const std::vector<Slot>& walk);
  Result<> add_properties(const syntax::ExpressionPtr& properties, Slot slot, PatternRelationship* step);
  Result<> add_labels(const syntax::LabelExpression& labels, Slot slot);
  Result<> add_types(const syntax::LabelExpression& types, std::size_t index);
  Result<> add_step_where(const syntax::RelationshipPattern& written, std::size_t index);
  // Runs `bind` and keeps its expression as a predicate, of a step when there is one.
  template <class Bind>
  Result<> keep(Bind bind, PatternRelationship* step);
  bool is_introduced(Slot slot) const {
    return std::find(graph_.introduced.begin(), graph_.introduced.end(), slot) != graph_.introduced.end();
  }
  Slot introduce(const std::optional<std::string>& name, StaticType type);

  Binder& binder_;
  Scope& scope_;
  PatternUse use_;
  std::size_t path_count_;
  PatternGraph graph_;
  std::vector<std::pair<const syntax::NodePattern*, Slot>> written_nodes_;
  std::vector<const syntax::RelationshipPattern*> written_relationships_;  // Beside graph_.relationships.
  std::vector<const syntax::Expression*> group_wheres_;
  bool is_after_selection_ = false;  // What is said now is asked of the selected paths.
};

namespace {

Direction direction_of(syntax::Direction direction) {
  switch (direction) {
    case syntax::Direction::Left: return Direction::Incoming;
    case syntax::Direction::Right: return Direction::Outgoing;
    case syntax::Direction::Both: return Direction::Both;
  }
  return Direction::Both;
}

// The alternatives A|B|C; empty when the expression is anything else.
std::vector<std::string> plain_types(const syntax::LabelExpression& labels) {
  if (const auto* name = std::get_if<syntax::LabelName>(&labels.node)) {
    if (name->dynamic) return {};
    return {name->name};
  }
  const auto* either = std::get_if<syntax::LabelOr>(&labels.node);
  if (either == nullptr) return {};
  std::vector<std::string> names;
  for (const syntax::LabelExpression& operand : either->operands) {
    const auto* name = std::get_if<syntax::LabelName>(&operand.node);
    if (name == nullptr || name->dynamic) return {};
    if (std::find(names.begin(), names.end(), name->name) == names.end()) names.push_back(name->name);
  }
  return names;
}

Error type_conflict(const std::string& name, StaticType known, std::string_view wanted, Position position) {
  return refuse(ErrorCode::VariableTypeConflict,
                "variable `" + name + "` is a " + types_text(known.types) + " and cannot be a " + std::string(wanted),
                position);
}

ExpressionPtr slot_ref(Slot slot, Position position) { return make_expression(SlotRef{slot}, position); }

}  // namespace

Slot PatternBinder::introduce(const std::optional<std::string>& name, StaticType type) {
  const Slot slot = binder_.new_slot_for(name);
  graph_.introduced.push_back(slot);
  if (name) scope_.declare({*name, slot, type});
  return slot;
}

Result<> PatternBinder::add_path(const syntax::PatternPath& path) {
  std::vector<Slot> walk;
  const std::size_t relationships_before = graph_.relationships.size();
  const std::vector<syntax::PatternElement>* elements = &path.elements;
  const syntax::GroupPattern* parentheses = nullptr;  // Mere ones around the whole path.
  if (elements->size() == 1) parentheses = std::get_if<syntax::GroupPattern>(&elements->front().node);
  if (parentheses != nullptr && parentheses->quantifier) parentheses = nullptr;
  if (parentheses != nullptr) {
    elements = &parentheses->elements;
    if (parentheses->where) group_wheres_.push_back(parentheses->where.get());
  }
  NX_TRY_DO(add_elements(*elements, walk));
  NX_TRY_DO(apply_selector(path.selector, path, walk, relationships_before));
  NX_TRY_DO(name_path(path.variable, walk, path.position));
  if (parentheses != nullptr) NX_TRY_DO(name_path(parentheses->variable, walk, parentheses->position));
  graph_.walks.push_back(std::move(walk));
  return Done{};
}

Result<> PatternBinder::name_path(const std::optional<std::string>& name, const std::vector<Slot>& walk,
                                  Position position) {
  if (!name) return Done{};
  if (scope_.find(*name) != nullptr) {
    return refuse(ErrorCode::VariableAlreadyBound, "variable `" + *name + "` is bound already", position);
  }
  if (use_ == PatternUse::Predicate) {
    return refuse(ErrorCode::UndefinedVariable, "a pattern predicate cannot name its path", position);
  }
  graph_.paths.push_back({introduce(name, one(Type::Path)), walk});
  return Done{};
}

Slot PatternBinder::anonymous_node() {
  const Slot slot = introduce(std::nullopt, one(Type::Node));
  graph_.nodes.push_back({slot});
  return slot;
}

Result<> PatternBinder::add_step(const syntax::PatternElement& pending, Slot left, Slot right) {
  if (const auto* group = std::get_if<syntax::GroupPattern>(&pending.node)) return add_group(*group, left, right);
  return add_relationship(std::get<syntax::RelationshipPattern>(pending.node), left, right);
}

Result<> PatternBinder::add_elements(const std::vector<syntax::PatternElement>& elements, std::vector<Slot>& walk) {
  const syntax::PatternElement* pending = nullptr;
  const auto arrive = [&](Slot right) -> Result<> {
    if (pending != nullptr) {
      NX_TRY_DO(add_step(*std::exchange(pending, nullptr), walk.back(), right));
      walk.push_back(graph_.relationships.back().slot);
    }
    walk.push_back(right);
    return Done{};
  };
  for (const syntax::PatternElement& element : elements) {
    if (!std::holds_alternative<syntax::NodePattern>(element.node)) {
      if (pending != nullptr || walk.empty()) NX_TRY_DO(arrive(anonymous_node()));
      pending = &element;
      continue;
    }
    const auto& node = std::get<syntax::NodePattern>(element.node);
    NX_TRY(const Slot right, add_node(node));
    if (elements.size() == 1 && !is_introduced(right)) {
      // Nothing else would refuse the null of an OPTIONAL MATCH.
      graph_.predicates.push_back(
          {make_expression(Unary{UnaryOperator::IsNotNull, slot_ref(right, node.position)}, node.position), {}});
    }
    NX_TRY_DO(arrive(right));
  }
  if (pending != nullptr) NX_TRY_DO(arrive(anonymous_node()));
  return Done{};
}

Result<Slot> PatternBinder::add_node(const syntax::NodePattern& node) {
  const Variable* known = node.variable ? scope_.find(*node.variable) : nullptr;
  Slot slot = 0;
  if (known == nullptr) {
    if (node.variable && use_ == PatternUse::Predicate) {
      return refuse(ErrorCode::UndefinedVariable, "variable `" + *node.variable + "` is not defined", node.position);
    }
    slot = introduce(node.variable, one(Type::Node));
    graph_.nodes.push_back({slot});
  } else {
    if (!known->type.can_be(Type::Node)) return type_conflict(known->name, known->type, "NODE", node.position);
    slot = known->slot;
    binder_.note_reference(slot);
    scope_.refine(slot, one(Type::Node));
  }
  written_nodes_.emplace_back(&node, slot);
  return slot;
}

Result<> PatternBinder::name_relationship(const syntax::RelationshipPattern& written, PatternRelationship& made) {
  const Variable* known = written.variable ? scope_.find(*written.variable) : nullptr;
  const StaticType type =
      made.variable_length ? list_of(function::type_bit(Type::Relationship)) : one(Type::Relationship);
  if (known == nullptr) {
    if (written.variable && use_ == PatternUse::Predicate) {
      return refuse(ErrorCode::UndefinedVariable, "variable `" + *written.variable + "` is not defined",
                    written.position);
    }
    made.slot = introduce(written.variable, type);
    return Done{};
  }
  const bool fits = made.variable_length ? known->type.can_be(Type::List) && (known->type.elements & type.elements) != 0
                                         : known->type.can_be(Type::Relationship);
  if (!fits)
    return type_conflict(known->name, known->type, made.variable_length ? "list of RELATIONSHIP" : "RELATIONSHIP",
                         written.position);
  for (const PatternRelationship& other : graph_.relationships) {
    if (other.slot != known->slot) continue;
    return refuse(ErrorCode::RelationshipUniquenessViolation,
                  "relationship `" + known->name + "` stands twice in one pattern", written.position);
  }
  made.slot = known->slot;
  made.bound = true;
  binder_.note_reference(made.slot);
  scope_.refine(made.slot, type);
  return Done{};
}

Result<> PatternBinder::add_relationship(const syntax::RelationshipPattern& written, Slot left, Slot right) {
  PatternRelationship made;
  made.left = left;
  made.right = right;
  made.direction = direction_of(written.direction);
  made.variable_length = written.length.has_value() || written.quantifier.has_value();
  if (written.length) {
    made.min = static_cast<std::uint64_t>(written.length->min.value_or(1));
    if (written.length->max) made.max = static_cast<std::uint64_t>(*written.length->max);
  }
  if (written.quantifier) {
    made.min = static_cast<std::uint64_t>(written.quantifier->min);
    if (written.quantifier->max) made.max = static_cast<std::uint64_t>(*written.quantifier->max);
  }
  if (made.variable_length) {
    made.step_relationship = binder_.new_slot();
    made.step_node = binder_.new_slot();
  }
  NX_TRY_DO(name_relationship(written, made));
  if (written.types) made.types = plain_types(*written.types);
  graph_.relationships.push_back(std::move(made));
  written_relationships_.push_back(&written);
  return Done{};
}

// The pattern inside is bound like a MATCH of its own; its names are single values inside and lists outside.
Result<> PatternBinder::add_group(const syntax::GroupPattern& written, Slot left, Slot right) {
  if (!written.quantifier) {
    return refuse(ErrorCode::UnexpectedSyntax, "parentheses inside a longer pattern need a quantifier",
                  written.position);
  }
  for (const syntax::PatternElement& element : written.elements) {
    const auto* relationship = std::get_if<syntax::RelationshipPattern>(&element.node);
    const bool nested = relationship != nullptr ? relationship->quantifier || relationship->length
                                                : std::holds_alternative<syntax::GroupPattern>(element.node);
    if (nested) return refuse(ErrorCode::UnexpectedSyntax, "a quantifier cannot stand inside another", written.position);
  }
  if (written.elements.size() < 3) {
    return refuse(ErrorCode::UnexpectedSyntax, "a quantified group needs a relationship", written.position);
  }
  Scope inner_scope = scope_;
  const std::size_t known = inner_scope.variables.size();
  PatternBinder inner(binder_, inner_scope, use_);
  PatternGroup group;
  std::vector<Slot> walk;
  NX_TRY_DO(inner.add_elements(written.elements, walk));
  NX_TRY_DO(inner.name_path(written.variable, walk, written.position));
  std::vector<Slot> used;
  std::vector<Slot>* surrounding = std::exchange(binder_.references_, &used);
  Result<> bound = inner.add_predicates();
  if (bound && written.where) bound = inner.add_where(*written.where);
  binder_.references_ = surrounding;
  NX_TRY_DO(std::move(bound));
  if (surrounding != nullptr) surrounding->insert(surrounding->end(), used.begin(), used.end());
  group.left = walk.front();
  group.right = walk.back();
  for (std::size_t i = 1; i < walk.size(); i += 2) group.steps.push_back(walk[i]);
  NX_TRY_DO(name_group_variables(written, inner_scope, known, group));
  PatternRelationship made;
  made.left = left;
  made.right = right;
  made.variable_length = true;
  made.min = static_cast<std::uint64_t>(written.quantifier->min);
  if (written.quantifier->max) made.max = static_cast<std::uint64_t>(*written.quantifier->max);
  made.slot = introduce(std::nullopt, list_of(function::type_bit(Type::Relationship)));
  for (const Slot slot : used) {
    if (is_introduced(slot)) made.step_needs.push_back(slot);
  }
  inner.graph_.unique_relationships = graph_.unique_relationships;
  group.graph = std::make_unique<PatternGraph>(inner.take());
  made.group = std::move(group);
  graph_.relationships.push_back(std::move(made));
  written_relationships_.push_back(nullptr);
  return Done{};
}

Result<> PatternBinder::name_group_variables(const syntax::GroupPattern& written, const Scope& inner,
                                             std::size_t known, PatternGroup& group) {
  for (const syntax::PatternElement& element : written.elements) {
    std::optional<std::string> name;
    if (const auto* node = std::get_if<syntax::NodePattern>(&element.node)) name = node->variable;
    if (const auto* step = std::get_if<syntax::RelationshipPattern>(&element.node)) name = step->variable;
    if (name && scope_.find(*name) != nullptr) {
      return refuse(ErrorCode::VariableAlreadyBound,
                    "variable `" + *name + "` is bound already and cannot be a variable of a quantified group",
                    written.position);
    }
  }
  for (std::size_t i = known; i < inner.variables.size(); ++i) {
    const Variable& variable = inner.variables[i];
    group.variables.push_back({variable.slot, introduce(variable.name, list_of(variable.type.types))});
  }
  return Done{};
}

// Over one variable-length part the search itself keeps to the shortest; everything else is
// found first and chosen from then.
Result<> PatternBinder::apply_selector(const syntax::PathSelector& selector, const syntax::PatternPath& path,
                                       const std::vector<Slot>& walk, std::size_t relationships_before) {
  using Kind = syntax::PathSelectorKind;
  if (selector.kind == Kind::None || selector.kind == Kind::AllPaths) return Done{};
  const bool call = selector.kind == Kind::ShortestPath || selector.kind == Kind::AllShortestPaths;
  const bool several = graph_.relationships.size() != relationships_before + 1;
  if (call && several)
    return refuse(ErrorCode::UnexpectedSyntax, "a shortest path needs exactly one relationship", path.position);
  std::uint64_t count = 1;
  if (const auto* literal = selector.count ? std::get_if<syntax::IntegerLiteral>(&selector.count->node) : nullptr) {
    if (literal->value < 1) {
      return refuse(ErrorCode::NegativeIntegerArgument, "the SHORTEST count must be at least 1", path.position);
    }
    count = static_cast<std::uint64_t>(literal->value);
  }
  const bool counted_later = selector.count && std::holds_alternative<syntax::Parameter>(selector.count->node);
  const bool simple = !several && !counted_later && group_wheres_.empty() && graph_.unique_relationships;
  if (!call && (!simple || !graph_.relationships.back().variable_length)) {
    return select_whole_paths(selector, path, walk);
  }
  PatternRelationship& made = graph_.relationships.back();
  if (made.group && call)
    return refuse(ErrorCode::UnexpectedSyntax, "a shortest path needs exactly one relationship", path.position);
  if (!made.variable_length) {
    made.max = 1;
    made.step_relationship = binder_.new_slot();
    made.step_node = binder_.new_slot();
  }
  made.shortest = true;
  made.shortest_tested = call;
  made.all_shortest = selector.kind == Kind::AllShortestPaths || selector.kind == Kind::AllShortest ||
                      selector.kind == Kind::ShortestPathGroups;
  made.shortest_count = count;
  return Done{};
}

Result<> PatternBinder::select_whole_paths(const syntax::PathSelector& selector, const syntax::PatternPath& path,
                                           const std::vector<Slot>& walk) {
  if (graph_.selection || path_count_ != 1) {
    return refuse(ErrorCode::UnexpectedSyntax, "a path selector needs a MATCH with a single path", path.position);
  }
  PathSelection selection{walk.front(), walk.back(), {}, false, nullptr};
  for (std::size_t i = 1; i < walk.size(); i += 2) selection.relationships.push_back(walk[i]);
  selection.groups = selector.kind == syntax::PathSelectorKind::AllShortest ||
                     selector.kind == syntax::PathSelectorKind::ShortestPathGroups;
  if (selector.count) {
    NX_TRY(Typed count, binder_.bind_expression(*selector.count, scope_));
    selection.count = std::move(count.expression);
  }
  graph_.selection = std::move(selection);
  return Done{};
}

template <class Bind>
Result<> PatternBinder::keep(Bind bind, PatternRelationship* step) {
  std::vector<Slot> used;
  std::vector<Slot>* surrounding = std::exchange(binder_.references_, &used);
  Result<ExpressionPtr> bound = bind();
  binder_.references_ = surrounding;
  if (!bound) return std::move(bound.error());
  if (surrounding != nullptr) surrounding->insert(surrounding->end(), used.begin(), used.end());
  std::vector<Slot> needs;
  for (const Slot slot : used) {
    if (is_introduced(slot)) needs.push_back(slot);
  }
  if (step == nullptr) {
    const bool early = !is_after_selection_ || std::all_of(needs.begin(), needs.end(), [&](Slot slot) {
      return slot == graph_.selection->start || slot == graph_.selection->end;
    });
    (early ? graph_.predicates : graph_.after_selection).push_back({std::move(*bound), std::move(needs)});
    return Done{};
  }
  step->step_needs.insert(step->step_needs.end(), needs.begin(), needs.end());
  if (!step->step_predicate) {
    step->step_predicate = std::move(*bound);
    return Done{};
  }
  Logical both{LogicalOperator::And, {}};
  both.operands.push_back(std::move(step->step_predicate));
  both.operands.push_back(std::move(*bound));
  step->step_predicate = make_expression(std::move(both));
  return Done{};
}

Result<> PatternBinder::add_properties(const syntax::ExpressionPtr& properties, Slot slot, PatternRelationship* step) {
  if (!properties) return Done{};
  const auto* map = std::get_if<syntax::MapLiteral>(&properties->node);
  if (map == nullptr) {
    return refuse(ErrorCode::InvalidParameterUse, "a parameter cannot stand for the properties of a pattern to search",
                  properties->position);
  }
  for (const syntax::MapEntry& entry : map->entries) {
    const Position position = entry.value.position;
    NX_TRY_DO(keep(
        [&]() -> Result<ExpressionPtr> {
          NX_TRY(Typed value, binder_.bind_expression(entry.value, scope_));
          binder_.note_reference(slot);
          ComparisonChain equal{make_expression(PropertyOf{slot_ref(slot, position), entry.key}, position), {}};
          equal.steps.push_back({BinaryOperator::Equal, std::move(value.expression)});
          return make_expression(std::move(equal), position);
        },
        step));
  }
  return Done{};
}

Result<> PatternBinder::add_labels(const syntax::LabelExpression& labels, Slot slot) {
  if (const auto* all = std::get_if<syntax::LabelAnd>(&labels.node)) {
    for (const syntax::LabelExpression& operand : all->operands) NX_TRY_DO(add_labels(operand, slot));
    return Done{};
  }
  return keep(
      [&]() -> Result<ExpressionPtr> {
        NX_TRY(LabelTestPtr test, binder_.bind_labels(labels, scope_));
        binder_.note_reference(slot);
        return make_expression(HasLabels{slot_ref(slot, labels.position), std::move(test)}, labels.position);
      },
      nullptr);
}

Result<> PatternBinder::add_types(const syntax::LabelExpression& types, std::size_t index) {
  PatternRelationship& relationship = graph_.relationships[index];
  if (!relationship.types.empty()) return Done{};
  const bool step = relationship.variable_length || relationship.shortest;
  if (!step) return add_labels(types, relationship.slot);
  return keep(
      [&]() -> Result<ExpressionPtr> {
        NX_TRY(LabelTestPtr test, binder_.bind_labels(types, scope_));
        return make_expression(HasLabels{slot_ref(relationship.step_relationship, types.position), std::move(test)},
                               types.position);
      },
      &relationship);
}

// Inside its own brackets the variable of a variable-length pattern is the single relationship.
Result<> PatternBinder::add_step_where(const syntax::RelationshipPattern& written, std::size_t index) {
  PatternRelationship& relationship = graph_.relationships[index];
  if (written.variable) {
    scope_.locals.push_back({*written.variable, relationship.step_relationship, one(Type::Relationship)});
  }
  Result<> kept = keep(
      [&]() -> Result<ExpressionPtr> {
        NX_TRY(Typed where, binder_.bind_boolean(*written.where, scope_, "WHERE"));
        return std::move(where.expression);
      },
      &relationship);
  if (written.variable) scope_.locals.pop_back();
  return kept;
}

Result<> PatternBinder::add_predicates() {
  for (const auto& [node, slot] : written_nodes_) {
    if (node->labels) NX_TRY_DO(add_labels(*node->labels, slot));
    NX_TRY_DO(add_properties(node->properties, slot, nullptr));
    if (node->where) NX_TRY_DO(add_where(*node->where));
  }
  for (std::size_t index = 0; index < written_relationships_.size(); ++index) {
    if (written_relationships_[index] == nullptr) continue;  // A group: bound already.
    const syntax::RelationshipPattern& written = *written_relationships_[index];
    PatternRelationship& relationship = graph_.relationships[index];
    const bool step = relationship.variable_length || relationship.shortest;
    if (written.types) NX_TRY_DO(add_types(*written.types, index));
    NX_TRY_DO(add_properties(written.properties, step ? relationship.step_relationship : relationship.slot,
                             step ? &relationship : nullptr));
    if (written.where) NX_TRY_DO(step ? add_step_where(written, index) : add_where(*written.where));
  }
  for (const syntax::Expression* where : group_wheres_) NX_TRY_DO(add_where(*where));
  return Done{};
}

Result<> PatternBinder::add_where(const syntax::Expression& where) {
  if (const auto* all = std::get_if<syntax::And>(&where.node)) {
    for (const syntax::Expression& operand : all->operands) NX_TRY_DO(add_where(operand));
    return Done{};
  }
  return keep(
      [&]() -> Result<ExpressionPtr> {
        NX_TRY(Typed predicate, binder_.bind_boolean(where, scope_, "WHERE"));
        return std::move(predicate.expression);
      },
      nullptr);
}

Result<PatternGraph> Binder::bind_pattern(const std::vector<const syntax::PatternPath*>& paths,
                                          const syntax::Expression* where, Scope& scope, PatternUse use,
                                          bool repeatable) {
  note_graph_access({});
  PatternBinder binder(*this, scope, use, paths.size());
  if (repeatable) binder.allow_repetition();
  for (const syntax::PatternPath* path : paths) NX_TRY_DO(binder.add_path(*path));
  NX_TRY_DO(binder.add_predicates());
  binder.begin_where();
  if (where != nullptr) NX_TRY_DO(binder.add_where(*where));
  PatternGraph graph = binder.take();
  graph.indexes = options_.indexes;
  return graph;
}

Result<> Binder::bind_match(const syntax::Match& match, Position position, QueryState& state) {
  note_graph_access(position);
  const bool repeatable = match.mode == syntax::MatchMode::RepeatableElements;
  std::vector<const syntax::PatternPath*> paths;
  for (const syntax::PatternPath& path : match.patterns) paths.push_back(&path);
  NX_TRY(PatternGraph graph, bind_pattern(paths, match.where.get(), state.scope, PatternUse::Match, repeatable));
  for (const PatternRelationship& relationship : graph.relationships) {
    if (repeatable && relationship.variable_length && !relationship.max) {
      return refuse(ErrorCode::UnexpectedSyntax, "with REPEATABLE ELEMENTS every quantifier needs an upper bound",
                    position);
    }
  }
  NX_TRY(std::vector<IndexHint> hints, bind_hints(match.hints, state.scope, graph));
  graph.hints = &hints;
  std::vector<Slot> introduced = graph.introduced;
  PlanPtr inner = plan_pattern(std::move(graph), match.optional ? make_plan(Argument{}) : std::move(state.plan));
  if (!hints.empty()) {
    const IndexHint& hint = hints.front();
    return refuse(ErrorCode::IndexNotFound,
                  "the hint cannot be followed: no index on :" + hint.label + " with these properties finds the "
                  "variable by a predicate of this MATCH",
                  hint.position);
  }
  if (!match.optional) {
    state.plan = std::move(inner);
    return Done{};
  }
  state.plan = make_plan(OptionalApply{std::move(state.plan), std::move(inner), std::move(introduced)});
  return Done{};
}

// A pattern where a truth value is asked for; a shortest path stands for the path itself.
Result<Typed> Binder::bind_pattern_expression(const syntax::PatternPath& pattern, Position position,
                                              const Scope& scope) {
  Scope inner = subquery_scope(scope);
  NX_TRY(PatternGraph graph, bind_pattern({&pattern}, nullptr, inner, PatternUse::Predicate));
  if (pattern.selector.kind == syntax::PathSelectorKind::None) {
    PlanPtr plan = plan_pattern(std::move(graph), make_plan(Argument{}));
    return Typed{make_expression(Subquery{SubqueryKind::Exists, std::move(plan), nullptr}, position),
                 one(Type::Boolean)};
  }
  ExpressionPtr path = make_expression(PathOf{graph.walks.front()}, position);
  const bool all = graph.relationships.back().all_shortest;
  PlanPtr plan = plan_pattern(std::move(graph), make_plan(Argument{}));
  ExpressionPtr paths = make_expression(Subquery{SubqueryKind::Collect, std::move(plan), std::move(path)}, position);
  if (all) return Typed{std::move(paths), list_of(function::type_bit(Type::Path))};
  ExpressionPtr first = make_expression(Constant{Value::integer(0)}, position);
  return Typed{make_expression(IndexOf{std::move(paths), std::move(first)}, position), one(Type::Path)};
}

Result<Typed> Binder::bind_pattern_comprehension(const syntax::PatternComprehension& comprehension, Position position,
                                                 const Scope& scope) {
  Scope inner = subquery_scope(scope);
  NX_TRY(PatternGraph graph,
         bind_pattern({comprehension.pattern.get()}, comprehension.where.get(), inner, PatternUse::Match));
  PlanPtr plan = plan_pattern(std::move(graph), make_plan(Argument{}));
  NX_TRY(Typed result, bind_expression(*comprehension.projection, inner));
  return Typed{
      make_expression(Subquery{SubqueryKind::Collect, std::move(plan), std::move(result.expression)}, position),
      list_of(result.type.types)};
}

}  // namespace nexus::plan
