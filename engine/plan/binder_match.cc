// The binder: MATCH and every other place where a pattern is searched for.
#include <algorithm>

#include "base/match.h"
#include "plan/binder_internal.h"

namespace nexus::plan {

// One MATCH: first the names of all its paths, then what is asked of them, because a
// property may mention a node that stands further right.
class PatternBinder {
 public:
  PatternBinder(Binder& binder, Scope& scope, PatternUse use) : binder_(binder), scope_(scope), use_(use) {}

  Result<> add_path(const syntax::PatternPath& path);
  Result<> add_predicates();
  Result<> add_where(const syntax::Expression& where);
  PatternGraph take() { return std::move(graph_); }

 private:
  Result<> add_elements(const std::vector<syntax::PatternElement>& elements, const syntax::PatternPath& path,
                        std::vector<Slot>& walk);
  Result<Slot> add_node(const syntax::NodePattern& node);
  Result<> add_relationship(const syntax::RelationshipPattern& written, Slot left, Slot right);
  Result<> name_relationship(const syntax::RelationshipPattern& written, PatternRelationship& made);
  Result<> apply_selector(const syntax::PathSelector& selector, const syntax::PatternPath& path, bool several);
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
  PatternGraph graph_;
  std::vector<std::pair<const syntax::NodePattern*, Slot>> written_nodes_;
  std::vector<const syntax::RelationshipPattern*> written_relationships_;  // Beside graph_.relationships.
  std::vector<const syntax::Expression*> group_wheres_;
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
  const Slot slot = binder_.new_slot();
  graph_.introduced.push_back(slot);
  if (name) scope_.declare({*name, slot, type});
  return slot;
}

Result<> PatternBinder::add_path(const syntax::PatternPath& path) {
  std::vector<Slot> walk;
  const std::size_t relationships_before = graph_.relationships.size();
  const std::vector<syntax::PatternElement>* elements = &path.elements;
  if (elements->size() == 1) {
    if (const auto* group = std::get_if<syntax::GroupPattern>(&elements->front().node)) {
      if (!group->quantifier && !group->variable) {  // Mere parentheses around the whole path.
        elements = &group->elements;
        if (group->where) group_wheres_.push_back(group->where.get());
      }
    }
  }
  NX_TRY_DO(add_elements(*elements, path, walk));
  NX_TRY_DO(apply_selector(path.selector, path, graph_.relationships.size() != relationships_before + 1));
  if (path.variable) {
    if (scope_.find(*path.variable) != nullptr) {
      return refuse(ErrorCode::VariableAlreadyBound, "variable `" + *path.variable + "` is bound already",
                    path.position);
    }
    if (use_ == PatternUse::Predicate) {
      return refuse(ErrorCode::UndefinedVariable, "a pattern predicate cannot name its path", path.position);
    }
    graph_.paths.push_back({introduce(path.variable, one(Type::Path)), walk});
  }
  graph_.walks.push_back(std::move(walk));
  return Done{};
}

Result<> PatternBinder::add_elements(const std::vector<syntax::PatternElement>& elements,
                                     const syntax::PatternPath& path, std::vector<Slot>& walk) {
  const syntax::RelationshipPattern* pending = nullptr;
  for (const syntax::PatternElement& element : elements) {
    if (std::holds_alternative<syntax::GroupPattern>(element.node)) {
      return refuse(ErrorCode::NotImplemented, "quantified path patterns are not supported yet", path.position);
    }
    if (const auto* relationship = std::get_if<syntax::RelationshipPattern>(&element.node)) {
      pending = relationship;
      continue;
    }
    const auto& node = std::get<syntax::NodePattern>(element.node);
    NX_TRY(const Slot right, add_node(node));
    if (pending != nullptr) {
      NX_TRY_DO(add_relationship(*pending, walk.back(), right));
      walk.push_back(graph_.relationships.back().slot);
      pending = nullptr;
    } else if (elements.size() == 1 && !is_introduced(right)) {
      // Nothing else would refuse the null of an OPTIONAL MATCH.
      graph_.predicates.push_back(
          {make_expression(Unary{UnaryOperator::IsNotNull, slot_ref(right, node.position)}, node.position), {}});
    }
    walk.push_back(right);
  }
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

Result<> PatternBinder::apply_selector(const syntax::PathSelector& selector, const syntax::PatternPath& path,
                                       bool several) {
  using Kind = syntax::PathSelectorKind;
  bool all = false;
  std::uint64_t count = 1;
  switch (selector.kind) {
    case Kind::None:
    case Kind::AllPaths: return Done{};
    case Kind::ShortestPathGroups:
      return refuse(ErrorCode::NotImplemented, "SHORTEST … GROUPS is not supported yet", path.position);
    case Kind::AllShortestPaths:
    case Kind::AllShortest: all = true; break;
    case Kind::ShortestPath:
    case Kind::Any:
    case Kind::ShortestPaths: break;
  }
  if (several) {
    const bool call = selector.kind == Kind::ShortestPath || selector.kind == Kind::AllShortestPaths;
    if (call)
      return refuse(ErrorCode::UnexpectedSyntax, "a shortest path needs exactly one relationship", path.position);
    return refuse(ErrorCode::NotImplemented, "SHORTEST over several relationships is not supported yet", path.position);
  }
  if (selector.count) {
    const auto* literal = std::get_if<syntax::IntegerLiteral>(&selector.count->node);
    if (literal == nullptr) {
      return refuse(ErrorCode::NotImplemented, "a parameter as SHORTEST count is not supported yet", path.position);
    }
    if (literal->value < 1) {
      return refuse(ErrorCode::NegativeIntegerArgument, "the SHORTEST count must be at least 1", path.position);
    }
    count = static_cast<std::uint64_t>(literal->value);
  }
  PatternRelationship& made = graph_.relationships.back();
  if (!made.variable_length) {
    made.max = 1;
    made.step_relationship = binder_.new_slot();
    made.step_node = binder_.new_slot();
  }
  made.shortest = true;
  made.all_shortest = all;
  made.shortest_count = count;
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
    graph_.predicates.push_back({std::move(*bound), std::move(needs)});
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
                                          const syntax::Expression* where, Scope& scope, PatternUse use) {
  note_graph_access({});
  PatternBinder binder(*this, scope, use);
  for (const syntax::PatternPath* path : paths) NX_TRY_DO(binder.add_path(*path));
  NX_TRY_DO(binder.add_predicates());
  if (where != nullptr) NX_TRY_DO(binder.add_where(*where));
  return binder.take();
}

Result<> Binder::bind_match(const syntax::Match& match, Position position, QueryState& state) {
  if (match.mode == syntax::MatchMode::RepeatableElements) {
    return refuse(ErrorCode::NotImplemented, "MATCH REPEATABLE ELEMENTS is not supported yet", position);
  }
  note_graph_access(position);
  std::vector<const syntax::PatternPath*> paths;
  for (const syntax::PatternPath& path : match.patterns) paths.push_back(&path);
  NX_TRY(PatternGraph graph, bind_pattern(paths, match.where.get(), state.scope, PatternUse::Match));
  if (!match.optional) {
    state.plan = plan_pattern(std::move(graph), std::move(state.plan));
    return Done{};
  }
  std::vector<Slot> introduced = graph.introduced;
  PlanPtr inner = plan_pattern(std::move(graph), make_plan(Argument{}));
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
