// The binder: queries one after the other (NEXT), and one of several for each row (WHEN … THEN … ELSE).
//
//   before NEXT one query    the plan of `before` is where the query begins
//   before NEXT a UNION      Apply(Aggregate(collect all rows), Union(each arm unwinds them))
//   WHEN a THEN x ELSE y     Apply(Project(choice), Union(Apply(Filter(choice = 0), x), …))
#include <algorithm>

#include "plan/binder_internal.h"

namespace nexus::plan {
namespace {

// One row however many there were.
Aggregate one_row(PlanPtr input, Slot slot) {
  Aggregate made{std::move(input), {}, {}};
  made.aggregates.push_back({slot, function::find_aggregate("count"), {}, false});
  return made;
}

// The conditions as one number: which branch it is.
ExpressionPtr number_expression(std::size_t number, Position position) {
  return make_expression(Constant{Value::integer(static_cast<std::int64_t>(number))}, position);
}

}  // namespace

Result<BoundQuery> Binder::bind_next(const syntax::RegularQuery& query, const Scope& scope, QueryPlace place) {
  NX_TRY(BoundQuery before, bind_query(*query.before, scope, place));
  if (!before.returns && !before.writes && !may_write(place)) {
    return refuse(ErrorCode::InvalidClauseComposition, "a query before NEXT needs RETURN",
                  query.first.clauses.front().position);
  }
  Scope inner = scope;
  inner.imports_by_with = false;
  inner.importable.clear();
  inner.variables.clear();
  if (!query.unions.empty()) return bind_union_next(query, std::move(before), std::move(inner), place);
  if (!before.returns) before.plan = make_plan(one_row(std::move(before.plan), new_slot()));
  for (OutputColumn& column : before.columns) inner.declare({std::move(column.name), column.slot, column.type});
  return bind_single(query.first, inner, place, false, std::move(before.plan));
}

// Every arm begins with all rows, so they are kept; whatever made them has run once.
Result<BoundQuery> Binder::bind_union_next(const syntax::RegularQuery& query, BoundQuery before, Scope scope,
                                           QueryPlace place) {
  const Slot rows = new_slot();
  const Slot row = new_slot();
  Aggregate kept = one_row(std::move(before.plan), rows);
  if (before.returns) {
    ListOf values;
    for (const OutputColumn& column : before.columns) values.items.push_back(make_expression(SlotRef{column.slot}));
    kept.aggregates.front().function = function::find_aggregate("collect");
    kept.aggregates.front().arguments.push_back(make_expression(std::move(values)));
    for (OutputColumn& column : before.columns) {
      column.slot = new_slot(column.name);
      scope.declare({column.name, column.slot, column.type});
    }
  }
  const auto start = [&] {
    PlanPtr plan = make_plan(Argument{});
    if (!before.returns) return plan;
    Project values{make_plan(Unwind{std::move(plan), make_expression(SlotRef{rows}), row}), {}, {}};
    for (std::size_t index = 0; index < before.columns.size(); ++index) {
      values.items.push_back({before.columns[index].slot, make_expression(IndexOf{make_expression(SlotRef{row}),
                                                                                  number_expression(index, {})})});
    }
    return make_plan(std::move(values));
  };
  ++subquery_depth_;  // The arms' rows carry the kept ones.
  Result<BoundQuery> bound = bind_union(query, scope, place, start);
  --subquery_depth_;
  if (!bound) return bound;
  bound->plan = make_plan(Apply{make_plan(std::move(kept)), std::move(bound->plan), !bound->returns});
  return bound;
}

Result<> Binder::bind_conditional(const syntax::Conditional& conditional, Position position, QueryState& state) {
  CaseOf which{nullptr, {}, nullptr};
  for (std::size_t index = 0; index < conditional.branches.size(); ++index) {
    const syntax::ExpressionPtr& written = conditional.branches[index].condition;
    if (!written) {
      which.otherwise = number_expression(index, position);
      break;
    }
    NX_TRY(Typed condition, bind_boolean(*written, state.scope, "WHEN"));
    which.whens.push_back({std::move(condition.expression), number_expression(index, written->position)});
  }
  const Slot choice = new_slot();
  Project chosen{std::move(state.plan), {}, {}};
  if (which.whens.empty()) return refuse(ErrorCode::UnexpectedSyntax, "ELSE needs a WHEN before it", position);
  chosen.items.push_back({choice, make_expression(std::move(which), position)});
  bool writes = false;
  NX_TRY(PlanPtr branches, bind_branches(conditional, choice, state, writes));
  // As with CALL: what feeds the branches must not see what they write, what follows must see all of it.
  PlanPtr input = make_plan(std::move(chosen));
  if (writes) input = make_plan(Eager{std::move(input)});
  state.plan = make_plan(Apply{std::move(input), std::move(branches), !state.returns});
  if (writes) state.plan = make_plan(Eager{std::move(state.plan)});
  state.ended = true;
  return Done{};
}

Result<PlanPtr> Binder::bind_branches(const syntax::Conditional& conditional, Slot choice, QueryState& state,
                                      bool& writes) {
  Scope inner;
  inner.outer = state.scope.outer;
  inner.outer.insert(inner.outer.end(), state.scope.variables.begin(), state.scope.variables.end());
  Union made;
  for (std::size_t index = 0; index < conditional.branches.size(); ++index) {
    const syntax::RegularQuery& written = *conditional.branches[index].query;
    const Position position = syntax::first_query(written).first.clauses.front().position;
    NX_TRY(BoundQuery query,
           bind_query(written, inner, may_write(state.place) ? QueryPlace::Call : QueryPlace::ReadCall));
    writes = writes || query.writes;
    if (index == 0) {
      state.returns = query.returns;
      state.columns = query.columns;
      for (OutputColumn& column : state.columns) column.slot = new_slot(column.name);
    }
    bool same = query.returns == state.returns && query.columns.size() == state.columns.size();
    Project renamed{nullptr, {}, {}};
    for (OutputColumn& column : state.columns) {
      const auto own = std::find_if(query.columns.begin(), query.columns.end(),
                                    [&](const OutputColumn& other) { return other.name == column.name; });
      same = same && own != query.columns.end();
      if (!same) break;
      column.type = index == 0 ? own->type : either(column.type, own->type);
      renamed.items.push_back({column.slot, make_expression(SlotRef{own->slot}, position)});
    }
    if (!same) {
      return refuse(ErrorCode::DifferentColumnsInUnion, "all branches of WHEN must return the same columns", position);
    }
    ComparisonChain is_chosen{make_expression(SlotRef{choice}, position), {}};
    is_chosen.steps.push_back({BinaryOperator::Equal, number_expression(index, position)});
    PlanPtr mine = make_plan(Filter{make_plan(Argument{}), make_expression(std::move(is_chosen), position)});
    PlanPtr arm = make_plan(Apply{std::move(mine), std::move(query.plan), !query.returns});
    if (!renamed.items.empty()) {
      renamed.input = std::move(arm);
      arm = make_plan(std::move(renamed));
    }
    made.inputs.push_back(std::move(arm));
  }
  return make_plan(std::move(made));
}

}  // namespace nexus::plan
