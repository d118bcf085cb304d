// The binder: the clauses that change the graph.
#include <algorithm>

#include "base/match.h"
#include "plan/binder_internal.h"

namespace nexus::plan {

using CreateItem = std::variant<CreateNode, CreateRelationship>;

// What CREATE and MERGE make of a pattern: one item per node and relationship that has no value yet.
class CreationBinder {
 public:
  CreationBinder(Binder& binder, Scope& scope, std::string_view clause)
      : binder_(binder), scope_(scope), clause_(clause) {}

  Result<> check(const syntax::PatternPath& path) const;
  // CREATE: names and items in one go.
  Result<> create(const syntax::PatternPath& path);
  // MERGE: slots and names are those of the search; `introduced` are to be created.
  Result<> recreate(const syntax::PatternPath& path, const std::vector<Slot>& walk,
                    const std::vector<Slot>& introduced);
  std::vector<CreateItem> take_items() { return std::move(items_); }
  std::vector<NamedPath> take_paths() { return std::move(paths_); }

 private:
  Result<> check_relationship(const syntax::RelationshipPattern& relationship) const;
  Result<Slot> create_node(const syntax::NodePattern& node, bool alone);
  Result<> add_node(const syntax::NodePattern& node, Slot slot);
  Result<> add_relationship(const syntax::RelationshipPattern& relationship, Slot slot, Slot left, Slot right);
  Result<ExpressionPtr> properties(const syntax::ExpressionPtr& written);
  Result<> add_labels(const syntax::LabelExpression& labels, std::vector<LabelSource>& into);

  Binder& binder_;
  Scope& scope_;
  std::string_view clause_;
  std::vector<CreateItem> items_;
  std::vector<NamedPath> paths_;
};

namespace {

const syntax::LabelName* single_type(const syntax::RelationshipPattern& relationship) {
  return relationship.types ? std::get_if<syntax::LabelName>(&relationship.types->node) : nullptr;
}

}  // namespace

Result<> CreationBinder::check(const syntax::PatternPath& path) const {
  if (path.selector.kind != syntax::PathSelectorKind::None) {
    return refuse(ErrorCode::UnexpectedSyntax, std::string(clause_) + " cannot make a shortest path", path.position);
  }
  for (const syntax::PatternElement& element : path.elements) {
    if (std::holds_alternative<syntax::GroupPattern>(element.node)) {
      return refuse(ErrorCode::CreatingVarLength, std::string(clause_) + " needs a pattern of fixed length",
                    path.position);
    }
    if (const auto* node = std::get_if<syntax::NodePattern>(&element.node)) {
      if (!node->where) continue;
      return refuse(ErrorCode::UnexpectedSyntax, std::string(clause_) + " cannot have WHERE in a pattern",
                    node->position);
    }
    NX_TRY_DO(check_relationship(std::get<syntax::RelationshipPattern>(element.node)));
  }
  return Done{};
}

Result<> CreationBinder::check_relationship(const syntax::RelationshipPattern& relationship) const {
  const std::string clause(clause_);
  if (relationship.length || relationship.quantifier) {
    return refuse(ErrorCode::CreatingVarLength, clause + " needs relationships of fixed length", relationship.position);
  }
  if (relationship.where) {
    return refuse(ErrorCode::UnexpectedSyntax, clause + " cannot have WHERE in a pattern", relationship.position);
  }
  if (relationship.variable && scope_.find(*relationship.variable) != nullptr) {
    return refuse(ErrorCode::VariableAlreadyBound,
                  "relationship `" + *relationship.variable + "` exists already and cannot be created again",
                  relationship.position);
  }
  if (single_type(relationship) == nullptr) {
    return refuse(ErrorCode::NoSingleRelationshipType, clause + " needs exactly one type for each relationship",
                  relationship.position);
  }
  if (relationship.direction == syntax::Direction::Both && clause_ == "CREATE") {
    return refuse(ErrorCode::RequiresDirectedRelationship, "CREATE needs a direction for each relationship",
                  relationship.position);
  }
  return Done{};
}

Result<ExpressionPtr> CreationBinder::properties(const syntax::ExpressionPtr& written) {
  if (!written) return ExpressionPtr();
  NX_TRY(Typed bound, binder_.bind_expression(*written, scope_));
  return std::move(bound.expression);
}

Result<> CreationBinder::add_labels(const syntax::LabelExpression& labels, std::vector<LabelSource>& into) {
  if (const auto* name = std::get_if<syntax::LabelName>(&labels.node)) {
    if (name->any) return refuse(ErrorCode::UnexpectedSyntax, "$any(…) cannot be created", name->position);
    LabelSource source{name->name, nullptr};
    if (name->dynamic) {
      NX_TRY(Typed dynamic, binder_.bind_expression(*name->dynamic, scope_));
      source.expression = std::move(dynamic.expression);
    }
    into.push_back(std::move(source));
    return Done{};
  }
  if (const auto* all = std::get_if<syntax::LabelAnd>(&labels.node)) {
    for (const syntax::LabelExpression& operand : all->operands) NX_TRY_DO(add_labels(operand, into));
    return Done{};
  }
  return refuse(ErrorCode::UnexpectedSyntax, std::string(clause_) + " needs plain labels", labels.position);
}

Result<> CreationBinder::add_node(const syntax::NodePattern& node, Slot slot) {
  CreateNode made{slot, {}, nullptr};
  if (node.labels) NX_TRY_DO(add_labels(*node.labels, made.labels));
  NX_TRY(made.properties, properties(node.properties));
  items_.push_back(std::move(made));
  return Done{};
}

Result<> CreationBinder::add_relationship(const syntax::RelationshipPattern& relationship, Slot slot, Slot left,
                                          Slot right) {
  const bool leftwards = relationship.direction == syntax::Direction::Left;
  CreateRelationship made{slot, leftwards ? right : left, leftwards ? left : right, {}, nullptr};
  std::vector<LabelSource> types;
  NX_TRY_DO(add_labels(*relationship.types, types));
  made.type = std::move(types.front());
  NX_TRY(made.properties, properties(relationship.properties));
  items_.push_back(std::move(made));
  return Done{};
}

Result<Slot> CreationBinder::create_node(const syntax::NodePattern& node, bool alone) {
  const Variable* known = node.variable ? scope_.find(*node.variable) : nullptr;
  if (known == nullptr) {
    const Slot slot = binder_.new_slot_for(node.variable);
    NX_TRY_DO(add_node(node, slot));
    if (node.variable) scope_.declare({*node.variable, slot, one(Type::Node)});
    return slot;
  }
  if (alone || node.labels || node.properties) {
    return refuse(ErrorCode::VariableAlreadyBound,
                  "node `" + known->name + "` exists already and cannot be created again", node.position);
  }
  if (!known->type.can_be(Type::Node)) {
    return refuse(ErrorCode::VariableTypeConflict,
                  "variable `" + known->name + "` is a " + types_text(known->type.types) + " and cannot be a NODE",
                  node.position);
  }
  binder_.note_reference(known->slot);
  return known->slot;
}

Result<> CreationBinder::create(const syntax::PatternPath& path) {
  NX_TRY_DO(check(path));
  std::vector<Slot> walk;
  const syntax::RelationshipPattern* pending = nullptr;
  for (const syntax::PatternElement& element : path.elements) {
    if (const auto* relationship = std::get_if<syntax::RelationshipPattern>(&element.node)) {
      pending = relationship;
      continue;
    }
    NX_TRY(const Slot right, create_node(std::get<syntax::NodePattern>(element.node), path.elements.size() == 1));
    if (pending != nullptr) {
      NX_TRY_DO(check_relationship(*pending));  // Again: this pattern may have named it.
      const Slot slot = binder_.new_slot_for(pending->variable);
      NX_TRY_DO(add_relationship(*pending, slot, walk.back(), right));
      if (pending->variable) scope_.declare({*pending->variable, slot, one(Type::Relationship)});
      walk.push_back(slot);
    }
    walk.push_back(right);
  }
  if (!path.variable) return Done{};
  if (scope_.find(*path.variable) != nullptr) {
    return refuse(ErrorCode::VariableAlreadyBound, "variable `" + *path.variable + "` is bound already", path.position);
  }
  const Slot slot = binder_.new_slot(*path.variable);
  scope_.declare({*path.variable, slot, one(Type::Path)});
  paths_.push_back({slot, std::move(walk)});
  return Done{};
}

Result<> CreationBinder::recreate(const syntax::PatternPath& path, const std::vector<Slot>& walk,
                                  const std::vector<Slot>& introduced) {
  std::vector<Slot> made;
  const auto is_new = [&](Slot slot) {
    const bool is_introduced = std::find(introduced.begin(), introduced.end(), slot) != introduced.end();
    return is_introduced && std::find(made.begin(), made.end(), slot) == made.end();
  };
  for (std::size_t index = 0; index < path.elements.size(); index += 2) {
    if (!is_new(walk[index])) continue;
    NX_TRY_DO(add_node(std::get<syntax::NodePattern>(path.elements[index].node), walk[index]));
    made.push_back(walk[index]);
  }
  for (std::size_t index = 1; index < path.elements.size(); index += 2) {
    NX_TRY_DO(add_relationship(std::get<syntax::RelationshipPattern>(path.elements[index].node), walk[index],
                               walk[index - 1], walk[index + 1]));
  }
  return Done{};
}

Result<> Binder::bind_create(const syntax::Create& create, QueryState& state) {
  CreationBinder binder(*this, state.scope, "CREATE");
  for (const syntax::PatternPath& path : create.patterns) NX_TRY_DO(binder.create(path));
  state.plan = make_plan(Create{std::move(state.plan), binder.take_items()});
  Project paths{nullptr, {}, {}};
  for (NamedPath& path : binder.take_paths()) {
    paths.items.push_back({path.slot, make_expression(PathOf{std::move(path.slots)})});
  }
  if (paths.items.empty()) return Done{};
  paths.input = std::move(state.plan);
  state.plan = make_plan(std::move(paths));
  return Done{};
}

// A node that is there already may be an end of the pattern, but nothing can be asked of it.
Result<> Binder::check_merge(const syntax::PatternPath& path, const Scope& scope) const {
  std::vector<std::string_view> seen;
  for (const syntax::PatternElement& element : path.elements) {
    const auto* node = std::get_if<syntax::NodePattern>(&element.node);
    if (node == nullptr || !node->variable) continue;
    const bool again = std::find(seen.begin(), seen.end(), *node->variable) != seen.end();
    const bool known = again || scope.find(*node->variable) != nullptr;
    seen.push_back(*node->variable);
    if (!known || (path.elements.size() > 1 && !node->labels && !node->properties)) continue;
    return refuse(ErrorCode::VariableAlreadyBound, "node `" + *node->variable + "` exists already and cannot be merged",
                  node->position);
  }
  return Done{};
}

Result<> Binder::bind_merge(const syntax::Merge& merge, Position, QueryState& state) {
  CreationBinder creation(*this, state.scope, "MERGE");
  NX_TRY_DO(creation.check(merge.pattern));
  NX_TRY_DO(check_merge(merge.pattern, state.scope));
  NX_TRY(PatternGraph graph, bind_pattern({&merge.pattern}, nullptr, state.scope, PatternUse::Match));
  Project path{nullptr, {}, {}};
  for (NamedPath& named : graph.paths) {
    path.items.push_back({named.slot, make_expression(PathOf{std::move(named.slots)})});
    graph.introduced.erase(std::find(graph.introduced.begin(), graph.introduced.end(), named.slot));
  }
  graph.paths.clear();
  NX_TRY_DO(creation.recreate(merge.pattern, graph.walks.front(), graph.introduced));
  Merge made{std::move(state.plan), nullptr, creation.take_items(), {}, {}};
  made.match = plan_pattern(std::move(graph), make_plan(Argument{}));
  for (const syntax::MergeAction& action : merge.actions) {
    NX_TRY(std::vector<UpdateItem> items, bind_set_items(action.items, state.scope));
    std::vector<UpdateItem>& into = action.on_create ? made.on_create : made.on_match;
    std::move(items.begin(), items.end(), std::back_inserter(into));
  }
  state.plan = make_plan(std::move(made));
  if (path.items.empty()) return Done{};
  path.input = std::move(state.plan);
  state.plan = make_plan(std::move(path));
  return Done{};
}

Result<Slot> Binder::bind_entity(const std::string& name, Position position, const Scope& scope) {
  NX_TRY(Typed bound, bind_variable(name, position, scope));
  if (!bound.type.can_be(function::kEntity)) {
    return refuse(
        ErrorCode::InvalidArgumentTypeSyntax,
        "`" + name + "` is a " + types_text(bound.type.types) + ", only a node or relationship can be changed",
        position);
  }
  return std::get<SlotRef>(bound.expression->node).slot;
}

Result<std::vector<LabelSource>> Binder::bind_label_sources(const std::vector<syntax::LabelName>& labels,
                                                            Scope& scope) {
  std::vector<LabelSource> sources;
  for (const syntax::LabelName& label : labels) {
    LabelSource source{label.name, nullptr};
    if (label.dynamic) {
      NX_TRY(Typed dynamic, bind_expression(*label.dynamic, scope));
      source.expression = std::move(dynamic.expression);
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

Result<Binder::PropertyTarget> Binder::bind_property_target(const syntax::Expression& target, Scope& scope) {
  PropertyTarget made;
  const syntax::Expression* base = nullptr;
  if (const auto* access = std::get_if<syntax::PropertyAccess>(&target.node)) {
    base = access->base.get();
    made.key = access->key;
  } else {
    const auto& index = std::get<syntax::IndexAccess>(target.node);
    base = index.base.get();
    NX_TRY(Typed key, bind_expression(*index.index, scope));
    made.dynamic_key = std::move(key.expression);
  }
  NX_TRY(Typed subject, bind_expression(*base, scope));
  if (!subject.type.can_be(function::kEntity)) {
    return refuse(ErrorCode::InvalidArgumentTypeSyntax,
                  "only nodes and relationships have properties to change, not " + types_text(subject.type.types),
                  target.position);
  }
  made.subject = std::move(subject.expression);
  return made;
}

Result<std::vector<UpdateItem>> Binder::bind_set_items(const std::vector<syntax::SetItem>& items, Scope& scope) {
  std::vector<UpdateItem> bound;
  for (const syntax::SetItem& item : items) {
    if (const auto* property = std::get_if<syntax::SetProperty>(&item.node)) {
      NX_TRY(PropertyTarget target, bind_property_target(property->target, scope));
      NX_TRY(Typed value, bind_expression(property->value, scope));
      bound.push_back(SetProperty{std::move(target.subject), std::move(target.key), std::move(target.dynamic_key),
                                  std::move(value.expression)});
    } else if (const auto* all = std::get_if<syntax::SetAll>(&item.node)) {
      NX_TRY(const Slot subject, bind_entity(all->variable, item.position, scope));
      NX_TRY(Typed value, bind_expression(all->value, scope));
      if (!value.type.can_be(function::kEntity | function::types(Type::Map))) {
        return refuse(ErrorCode::InvalidArgumentTypeSyntax,
                      "properties come from a map, a node or a relationship, not from " + types_text(value.type.types),
                      all->value.position);
      }
      bound.push_back(SetProperties{subject, std::move(value.expression), all->add});
    } else {
      const auto& labels = std::get<syntax::SetLabels>(item.node);
      NX_TRY(const Slot subject, bind_entity(labels.variable, item.position, scope));
      NX_TRY(std::vector<LabelSource> sources, bind_label_sources(labels.labels, scope));
      bound.push_back(SetLabels{subject, std::move(sources)});
    }
  }
  return bound;
}

Result<> Binder::bind_set(const syntax::Set& set, QueryState& state) {
  NX_TRY(std::vector<UpdateItem> items, bind_set_items(set.items, state.scope));
  state.plan = make_plan(Update{std::move(state.plan), std::move(items)});
  return Done{};
}

Result<> Binder::bind_remove(const syntax::Remove& remove, QueryState& state) {
  Update update{nullptr, {}};
  for (const syntax::RemoveItem& item : remove.items) {
    if (const auto* property = std::get_if<syntax::RemoveProperty>(&item.node)) {
      NX_TRY(PropertyTarget target, bind_property_target(property->target, state.scope));
      update.items.push_back(
          RemoveProperty{std::move(target.subject), std::move(target.key), std::move(target.dynamic_key)});
      continue;
    }
    const auto& labels = std::get<syntax::RemoveLabels>(item.node);
    NX_TRY(const Slot subject, bind_entity(labels.variable, item.position, state.scope));
    NX_TRY(std::vector<LabelSource> sources, bind_label_sources(labels.labels, state.scope));
    update.items.push_back(RemoveLabels{subject, std::move(sources)});
  }
  update.input = std::move(state.plan);
  state.plan = make_plan(std::move(update));
  return Done{};
}

Result<> Binder::bind_delete(const syntax::Delete& deletion, QueryState& state) {
  Delete made{nullptr, {}, deletion.detach};
  for (const syntax::Expression& target : deletion.targets) {
    if (std::holds_alternative<syntax::HasLabels>(target.node)) {
      return refuse(ErrorCode::InvalidDelete, "DELETE takes entities, not labels; REMOVE takes labels away",
                    target.position);
    }
    NX_TRY(Typed bound, bind_expression(target, state.scope));
    if (!bound.type.can_be(function::kEntity | function::types(Type::Path))) {
      return refuse(ErrorCode::InvalidArgumentTypeSyntax,
                    "DELETE needs a node, a relationship or a path, not " + types_text(bound.type.types),
                    target.position);
    }
    made.targets.push_back(std::move(bound.expression));
  }
  made.input = std::move(state.plan);
  state.plan = make_plan(std::move(made));
  return Done{};
}

Result<> Binder::bind_foreach(const syntax::Foreach& foreach, Position position, QueryState& state) {
  NX_TRY(Typed list, bind_list_operand(foreach.list, "FOREACH", state.scope));
  if (state.scope.find(foreach.variable) != nullptr) {
    return refuse(ErrorCode::VariableAlreadyBound, "variable `" + foreach.variable + "` is bound already", position);
  }
  const Slot slot = new_slot(foreach.variable);
  QueryState inner;
  inner.plan = make_plan(Argument{});
  inner.scope = state.scope;
  inner.place = state.place;
  inner.scope.declare({foreach.variable, slot, StaticType{list.type.elements}});
  for (const syntax::Clause& clause : foreach.body) {
    if (!is_update(clause)) {
      return refuse(ErrorCode::InvalidClauseComposition, "FOREACH takes clauses that change the graph only",
                    clause.position);
    }
    NX_TRY_DO(bind_clause(clause, inner));
  }
  state.plan = make_plan(Foreach{std::move(state.plan), slot, std::move(list.expression), std::move(inner.plan)});
  return Done{};
}

}  // namespace nexus::plan
