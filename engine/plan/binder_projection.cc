// The binder: WITH and RETURN, with all that hangs on them: grouping, DISTINCT, ORDER BY,
// SKIP, LIMIT and the WHERE of WITH.
//
//   input ─ Project | Aggregate ─ Project ─ Distinct ─ Sort ─ Skip ─ Limit ─ Filter
//
// Why so many scopes: items see what was before; expressions around aggregates see grouping
// keys only; ORDER BY and WHERE see both sides, unless grouping or DISTINCT cut them off.
#include <algorithm>

#include "plan/binder_internal.h"

namespace nexus::plan {

class ProjectionBinder {
 public:
  ProjectionBinder(Binder& binder, const syntax::Projection& projection, Position position, QueryState& state)
      : binder_(binder), projection_(projection), position_(position), state_(state), before_(state.scope) {}

  // Binds items, DISTINCT, ordering and `where`; afterwards columns() is what comes out.
  Result<> run(const syntax::Expression* where, bool is_with);
  std::vector<OutputColumn> columns() const;

 private:
  struct Item {
    std::string name;
    const syntax::Expression* expression = nullptr;  // Null for what * stands for.
    bool has_alias = true;
    bool aggregates = false;
    bool is_variable = false;
    Slot slot = 0;
    StaticType type{};
  };

  Result<> gather(bool is_with);
  Result<> check_shadowing(const Item& item, bool is_with) const;
  Result<> check_names() const;
  Result<> bind_plain(Item& item, std::vector<ProjectionItem>& assignments);
  Result<> project(const syntax::Expression* where, bool is_with);
  Result<> aggregate();
  Scope grouped_scope(Aggregation& aggregation) const;
  // What ORDER BY and WHERE see.
  Scope later_scope(bool beside_aggregate) const;
  Result<> order(const Scope& plain, const Scope& beside_aggregate);
  bool cuts_off() const { return aggregated_ || projection_.distinct; }
  void forget_the_rest();
  std::vector<Slot> slots() const;

  Binder& binder_;
  const syntax::Projection& projection_;
  Position position_;
  QueryState& state_;
  Scope before_;
  std::vector<Item> items_;
  std::vector<Computed> computed_aggregates_;
  bool aggregated_ = false;
  bool cleared_ = false;
};

namespace {

bool mentions(const syntax::Expression& expression, std::string_view name) {
  if (const auto* variable = std::get_if<syntax::Variable>(&expression.node)) return variable->name == name;
  bool found = false;
  for_each_child(expression, [&](const syntax::Expression& child) { found = found || mentions(child, name); });
  return found;
}

}  // namespace

Result<> ProjectionBinder::gather(bool is_with) {
  if (projection_.star) {
    for (const Variable& variable : before_.variables) {
      if (!variable.hidden) items_.push_back({variable.name, nullptr, true, false, true, variable.slot, variable.type});
    }
    std::sort(items_.begin(), items_.end(), [](const Item& left, const Item& right) { return left.name < right.name; });
    const bool columns_matter = state_.place == QueryPlace::Statement || state_.place == QueryPlace::Call;
    if (items_.empty() && projection_.items.empty() && !is_with && columns_matter) {
      return refuse(ErrorCode::NoVariablesInScope, "RETURN * has nothing to return: no variable is in scope",
                    position_);
    }
  }
  for (const syntax::ProjectionItem& written : projection_.items) {
    Item item;
    item.expression = &written.expression;
    const auto* variable = std::get_if<syntax::Variable>(&written.expression.node);
    item.is_variable = variable != nullptr;
    item.has_alias = written.alias.has_value() || item.is_variable;
    item.name = written.alias ? *written.alias : variable != nullptr ? variable->name : written.text;
    if (!is_with && !item.has_alias && state_.place == QueryPlace::Call) {
      return refuse(ErrorCode::NoExpressionAlias, "an expression that a subquery returns needs a name: AS …",
                    written.expression.position);
    }
    NX_TRY_DO(check_shadowing(item, is_with));
    item.aggregates = contains_aggregate(written.expression);
    aggregated_ = aggregated_ || item.aggregates;
    items_.push_back(std::move(item));
  }
  return Done{};
}

// What a subquery sees of its surroundings keeps its meaning to the end of the subquery.
Result<> ProjectionBinder::check_shadowing(const Item& item, bool is_with) const {
  const auto* variable = std::get_if<syntax::Variable>(&item.expression->node);
  if (!is_with || (variable != nullptr && variable->name == item.name)) return Done{};
  for (const Variable& outer : before_.outer) {
    if (outer.name != item.name) continue;
    return refuse(ErrorCode::VariableAlreadyBound,
                  "`" + item.name + "` comes from outside the subquery and cannot be given another value in it",
                  item.expression->position);
  }
  return Done{};
}

Result<> ProjectionBinder::check_names() const {
  std::vector<const Item*> sorted;
  for (const Item& item : items_) sorted.push_back(&item);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Item* left, const Item* right) { return left->name < right->name; });
  for (std::size_t index = 1; index < sorted.size(); ++index) {
    if (sorted[index - 1]->name != sorted[index]->name) continue;
    const Position where = sorted[index]->expression != nullptr ? sorted[index]->expression->position : position_;
    return refuse(ErrorCode::ColumnNameConflict, "the column `" + sorted[index]->name + "` is there twice", where);
  }
  return Done{};
}

Result<> ProjectionBinder::bind_plain(Item& item, std::vector<ProjectionItem>& assignments) {
  if (item.expression == nullptr) return Done{};
  NX_TRY(Typed bound, binder_.bind_expression(*item.expression, before_));
  item.type = bound.type;
  if (item.is_variable) {  // A new name for the same slot: values never change inside a row.
    item.slot = std::get<SlotRef>(bound.expression->node).slot;
    return Done{};
  }
  item.slot = binder_.new_slot(item.name);
  assignments.push_back({item.slot, std::move(bound.expression)});
  return Done{};
}

Result<> ProjectionBinder::project(const syntax::Expression* where, bool is_with) {
  Project made{nullptr, {}, {}};
  for (Item& item : items_) NX_TRY_DO(bind_plain(item, made.items));
  // ORDER BY and WHERE may read what WITH drops, so then nothing is cleared before them.
  const bool read_later = !projection_.distinct && (!projection_.ordering.order_by.empty() || where != nullptr);
  if (is_with && binder_.subquery_depth_ == 0 && !read_later) {
    made.live = slots();
    cleared_ = true;
  }
  if (made.items.empty() && made.live.empty()) return Done{};
  made.input = std::move(state_.plan);
  state_.plan = make_plan(std::move(made));
  return Done{};
}

Scope ProjectionBinder::grouped_scope(Aggregation& aggregation) const {
  Scope scope = before_;
  for (Variable& variable : scope.variables) variable.hidden = variable.ambiguous = true;
  for (const Item& item : items_) {
    if (item.aggregates) continue;
    if (!item.is_variable) {
      scope.computed.push_back({item.expression, item.slot, item.type});
      continue;
    }
    for (Variable& variable : scope.variables) {
      if (variable.slot == item.slot) variable.hidden = variable.ambiguous = false;
    }
  }
  scope.aggregation = &aggregation;
  return scope;
}

Result<> ProjectionBinder::aggregate() {
  Aggregate made{nullptr, {}, {}};
  for (Item& item : items_) {
    if (item.aggregates) continue;
    NX_TRY_DO(bind_plain(item, made.grouping));
    if (!item.is_variable) continue;
    const bool known = std::any_of(made.grouping.begin(), made.grouping.end(),
                                   [&](const ProjectionItem& other) { return other.slot == item.slot; });
    if (!known) made.grouping.push_back({item.slot, make_expression(SlotRef{item.slot}, position_)});
  }
  Aggregation aggregation{&before_, {}, {}};
  Scope scope = grouped_scope(aggregation);
  std::vector<ProjectionItem> around;
  for (Item& item : items_) {
    if (!item.aggregates) continue;
    NX_TRY(Typed bound, binder_.bind_expression(*item.expression, scope));
    item.type = bound.type;
    if (const auto* slot = std::get_if<SlotRef>(&bound.expression->node)) {
      item.slot = slot->slot;
      binder_.name_slot(item.slot, item.name);
      continue;
    }
    item.slot = binder_.new_slot(item.name);
    around.push_back({item.slot, std::move(bound.expression)});
  }
  made.input = std::move(state_.plan);
  made.aggregates = std::move(aggregation.items);
  computed_aggregates_ = std::move(aggregation.computed);
  state_.plan = make_plan(std::move(made));
  if (!around.empty()) state_.plan = make_plan(Project{std::move(state_.plan), std::move(around), {}});
  return Done{};
}

std::vector<Slot> ProjectionBinder::slots() const {
  std::vector<Slot> slots;
  for (const Item& item : items_) slots.push_back(item.slot);
  std::sort(slots.begin(), slots.end());
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
  return slots;
}

Scope ProjectionBinder::later_scope(bool beside_aggregate) const {
  Scope scope = before_;
  if (cuts_off()) {
    for (Variable& variable : scope.variables) {
      variable.hidden = true;
      variable.ambiguous =
          aggregated_ && beside_aggregate && std::any_of(items_.begin(), items_.end(), [&](const Item& item) {
            return !item.aggregates && item.expression != nullptr && mentions(*item.expression, variable.name);
          });
    }
  }
  for (const Item& item : items_) {
    scope.declare({item.name, item.slot, item.type});
    if (item.expression != nullptr && !item.is_variable) {
      scope.computed.push_back({item.expression, item.slot, item.type});
    }
  }
  if (!projection_.distinct) {
    scope.computed.insert(scope.computed.end(), computed_aggregates_.begin(), computed_aggregates_.end());
  }
  return scope;
}

Result<> ProjectionBinder::order(const Scope& plain, const Scope& beside_aggregate) {
  Sort sort{nullptr, {}, nullptr};
  for (const syntax::SortItem& item : projection_.ordering.order_by) {
    Scope scope = contains_aggregate(item.expression) ? beside_aggregate : plain;
    NX_TRY(Typed key, binder_.bind_expression(item.expression, scope));
    sort.keys.push_back({std::move(key.expression), item.descending});
  }
  if (sort.keys.empty()) return Done{};
  sort.input = std::move(state_.plan);
  state_.plan = make_plan(std::move(sort));
  return Done{};
}

// Clears what WITH has dropped, so that rows hold nothing they cannot reach.
void ProjectionBinder::forget_the_rest() {
  if (cleared_ || aggregated_ || binder_.subquery_depth_ > 0) return;
  const std::vector<Slot> live = slots();
  const bool drops = std::any_of(before_.variables.begin(), before_.variables.end(), [&](const Variable& variable) {
    return !std::binary_search(live.begin(), live.end(), variable.slot);
  });
  if (drops) state_.plan = make_plan(Project{std::move(state_.plan), {}, live});
}

Result<> ProjectionBinder::run(const syntax::Expression* where, bool is_with) {
  NX_TRY_DO(gather(is_with));
  if (aggregated_) {
    NX_TRY_DO(aggregate());
  } else {
    NX_TRY_DO(project(where, is_with));
  }
  if (projection_.distinct) state_.plan = make_plan(Distinct{std::move(state_.plan), slots()});
  const Scope plain = later_scope(false);
  NX_TRY_DO(order(plain, later_scope(true)));
  NX_TRY_DO(check_names());
  for (const Item& item : items_) {
    if (!is_with || item.has_alias) continue;
    return refuse(ErrorCode::NoExpressionAlias, "the expression " + item.name + " in WITH needs a name (AS …)",
                  item.expression->position);
  }
  NX_TRY_DO(binder_.bind_row_limits(projection_.ordering, state_.plan));
  if (where != nullptr) {
    Scope scope = plain;
    NX_TRY(Typed predicate, binder_.bind_boolean(*where, scope, "WHERE"));
    state_.plan = make_plan(Filter{std::move(state_.plan), std::move(predicate.expression)});
  }
  if (is_with) forget_the_rest();
  return Done{};
}

std::vector<OutputColumn> ProjectionBinder::columns() const {
  std::vector<OutputColumn> columns;
  for (const Item& item : items_) columns.push_back({item.name, item.slot, item.type});
  return columns;
}

Result<> Binder::check_let(const syntax::With& with) const {
  if (!with.is_let) return Done{};
  for (const syntax::ProjectionItem& item : with.projection.items) {
    if (!contains_aggregate(item.expression)) continue;
    return refuse(ErrorCode::InvalidAggregation, "LET computes a value for each row: an aggregate needs WITH or RETURN",
                  item.expression.position);
  }
  return Done{};
}

Result<> Binder::bind_projection(const syntax::Projection& projection, const syntax::Expression* where, bool is_with,
                                 Position position, QueryState& state) {
  ProjectionBinder binder(*this, projection, position, state);
  NX_TRY_DO(binder.run(where, is_with));
  std::vector<OutputColumn> columns = binder.columns();
  state.scope.variables.clear();
  for (const OutputColumn& column : columns) state.scope.declare({column.name, column.slot, column.type});
  if (is_with) {
    state.wrote_since_with = false;
    return Done{};
  }
  state.columns = std::move(columns);
  state.returns = true;
  state.ended = true;
  return Done{};
}

Result<> Binder::bind_sort(const std::vector<syntax::SortItem>& items, Scope& scope, PlanPtr& plan) {
  Sort sort{nullptr, {}, nullptr};
  for (const syntax::SortItem& item : items) {
    NX_TRY(Typed key, bind_expression(item.expression, scope));
    sort.keys.push_back({std::move(key.expression), item.descending});
  }
  if (sort.keys.empty()) return Done{};
  sort.input = std::move(plan);
  plan = make_plan(std::move(sort));
  return Done{};
}

Result<> Binder::bind_row_limits(const syntax::Ordering& ordering, PlanPtr& plan) {
  if (ordering.skip) {
    NX_TRY(ExpressionPtr count, bind_row_count(*ordering.skip, "SKIP"));
    plan = make_plan(Skip{std::move(plan), std::move(count)});
  }
  if (ordering.limit) {
    NX_TRY(ExpressionPtr count, bind_row_count(*ordering.limit, "LIMIT"));
    plan = make_plan(Limit{std::move(plan), std::move(count)});
  }
  return Done{};
}

Result<ExpressionPtr> Binder::bind_row_count(const syntax::Expression& expression, std::string_view clause) {
  Scope nothing;  // One count for all rows: no variable can be meant.
  Result<Typed> bound = bind_expression(expression, nothing);
  const std::string name(clause);
  if (!bound) {
    if (bound.error().code != ErrorCode::UndefinedVariable) return std::move(bound.error());
    return refuse(ErrorCode::NonConstantExpression, name + " cannot depend on a variable", bound.error().position);
  }
  if (!bound->type.can_be(Type::Integer)) {
    return refuse(ErrorCode::InvalidArgumentTypeSyntax,
                  name + " needs an INTEGER, not " + types_text(bound->type.types), expression.position);
  }
  const auto* constant = std::get_if<Constant>(&bound->expression->node);
  if (constant != nullptr && constant->value.is(Type::Integer) && constant->value.integer() < 0) {
    return refuse(ErrorCode::NegativeIntegerArgument, name + " cannot be negative", expression.position);
  }
  return std::move(bound->expression);
}

}  // namespace nexus::plan
