// The binder: whole queries, their clauses in order, UNION.
#include "plan/binder.h"

#include <algorithm>

#include "base/match.h"
#include "plan/binder_internal.h"

namespace nexus::plan {
namespace {

// The name of a clause as a message shows it.
std::string_view clause_name(const syntax::Clause& clause) {
  return std::visit(Match{
                        [](const syntax::Match&) { return "MATCH"; },
                        [](const syntax::Unwind&) { return "UNWIND"; },
                        [](const syntax::With&) { return "WITH"; },
                        [](const syntax::Return&) { return "RETURN"; },
                        [](const syntax::Create&) { return "CREATE"; },
                        [](const syntax::Merge&) { return "MERGE"; },
                        [](const syntax::Set&) { return "SET"; },
                        [](const syntax::Remove&) { return "REMOVE"; },
                        [](const syntax::Delete&) { return "DELETE"; },
                        [](const syntax::Foreach&) { return "FOREACH"; },
                        [](const syntax::CallProcedure&) { return "CALL"; },
                        [](const syntax::CallSubquery&) { return "CALL"; },
                        [](const syntax::LoadCsv&) { return "LOAD CSV"; },
                        [](const syntax::Use&) { return "USE"; },
                        [](const syntax::Finish&) { return "FINISH"; },
                        [](const syntax::Conditional&) { return "WHEN"; },
                        [](const syntax::ShowCommand&) { return "SHOW"; },
                        [](const syntax::TerminateTransactions&) { return "TERMINATE TRANSACTIONS"; },
                    },
                    clause.node);
}

bool is_reading(const syntax::Clause& clause) {
  return std::holds_alternative<syntax::Match>(clause.node) || std::holds_alternative<syntax::Unwind>(clause.node) ||
         std::holds_alternative<syntax::CallProcedure>(clause.node) ||
         std::holds_alternative<syntax::CallSubquery>(clause.node) ||
         std::holds_alternative<syntax::LoadCsv>(clause.node);
}

// WITH a, b or WITH * and nothing else: how a subquery without scope clause imports.
const syntax::With* importing_with(const syntax::SingleQuery& query) {
  const auto* with = std::get_if<syntax::With>(&query.clauses.front().node);
  if (with == nullptr || with->where || with->projection.distinct) return nullptr;
  const syntax::Ordering& ordering = with->projection.ordering;
  if (!ordering.order_by.empty() || ordering.skip || ordering.limit) return nullptr;
  for (const syntax::ProjectionItem& item : with->projection.items) {
    if (item.alias || !std::holds_alternative<syntax::Variable>(item.expression.node)) return nullptr;
  }
  return with;
}

}  // namespace

bool is_update(const syntax::Clause& clause) {
  return std::holds_alternative<syntax::Create>(clause.node) || std::holds_alternative<syntax::Merge>(clause.node) ||
         std::holds_alternative<syntax::Set>(clause.node) || std::holds_alternative<syntax::Remove>(clause.node) ||
         std::holds_alternative<syntax::Delete>(clause.node) || std::holds_alternative<syntax::Foreach>(clause.node);
}

bool may_write(QueryPlace place) { return place == QueryPlace::Statement || place == QueryPlace::Call; }

Result<Statement> Binder::statement(const syntax::RegularQuery& query) {
  NX_TRY(BoundQuery bound, bind_query(query, Scope{}, QueryPlace::Statement));
  Statement made;
  made.root = std::move(bound.plan);
  made.slot_names = std::move(slot_names_);
  made.frame_width = std::max<Slot>(next_slot_, 1);  // Why: a row without any slot would have no address.
  for (OutputColumn& column : bound.columns) made.columns.push_back({std::move(column.name), column.slot});
  if (in_transactions_ && writes_) {
    return refuse(ErrorCode::InvalidClauseComposition,
                  "beside CALL … IN TRANSACTIONS nothing else of the statement can change the graph", {});
  }
  made.in_transactions = in_transactions_;
  if (writes_ || writes_in_transactions_) made.type = bound.returns ? StatementType::ReadWrite : StatementType::Write;
  made.parameters = std::move(parameters_);
  made.uses = std::move(uses_);
  made.begins_with_use = std::holds_alternative<syntax::Use>(syntax::first_query(query).first.clauses.front().node);
  made.graph_access = graph_access_;
  made.has_index_hints = has_index_hints_;
  return made;
}

Result<BoundQuery> Binder::bind_query(const syntax::RegularQuery& query, const Scope& scope, QueryPlace place) {
  if (place != QueryPlace::Statement) ++subquery_depth_;
  const std::size_t uses = std::holds_alternative<syntax::Use>(query.first.clauses.front().node) ? 1 : 0;
  const bool alone = place == QueryPlace::Statement && query.unions.empty() && query.first.clauses.size() == uses + 1;
  const bool wrote_before = std::exchange(writes_, false);
  Result<BoundQuery> bound = query.before          ? bind_next(query, scope, place)
                             : query.unions.empty() ? bind_single(query.first, scope, place, alone)
                                                    : bind_union(query, scope, place);
  if (bound) bound->writes = writes_;
  writes_ = writes_ || wrote_before;
  if (place != QueryPlace::Statement) --subquery_depth_;
  return bound;
}

Result<BoundQuery> Binder::bind_union(const syntax::RegularQuery& query, const Scope& scope, QueryPlace place,
                                      const std::function<PlanPtr()>& start) {
  const bool all = query.unions.front().all;
  const auto begin = [&] { return start ? start() : nullptr; };
  NX_TRY(BoundQuery first, bind_single(query.first, scope, place, false, begin()));
  std::vector<OutputColumn> columns = first.columns;
  for (OutputColumn& column : columns) column.slot = new_slot(column.name);
  Union made;
  const auto add_arm = [&](BoundQuery arm) {
    Project project{std::move(arm.plan), {}, {}};
    for (OutputColumn& column : columns) {
      const auto same = [&](const OutputColumn& own) { return own.name == column.name; };
      const auto own = std::find_if(arm.columns.begin(), arm.columns.end(), same);
      column.type = either(column.type, own->type);
      project.items.push_back({column.slot, make_expression(SlotRef{own->slot})});
    }
    made.inputs.push_back(project.items.empty() ? std::move(project.input) : make_plan(std::move(project)));
  };
  const bool returns = first.returns;
  const auto no_batches = [&](Position position) -> Result<> {
    if (!in_transactions_) return Done{};
    return refuse(ErrorCode::InvalidClauseComposition, "CALL … IN TRANSACTIONS cannot stand in a UNION", position);
  };
  NX_TRY_DO(no_batches(query.unions.front().position));
  add_arm(std::move(first));
  for (const syntax::UnionPart& part : query.unions) {
    if (part.all != all) {
      return refuse(ErrorCode::InvalidClauseComposition, "UNION and UNION ALL cannot be mixed in one query",
                    part.position);
    }
    NX_TRY(BoundQuery arm, bind_single(part.query, scope, place, false, begin()));
    NX_TRY_DO(no_batches(part.position));
    bool same = arm.returns == returns && arm.columns.size() == columns.size();
    for (const OutputColumn& column : columns) {
      same = same && std::any_of(arm.columns.begin(), arm.columns.end(),
                                 [&](const OutputColumn& own) { return own.name == column.name; });
    }
    if (!same) {
      return refuse(ErrorCode::DifferentColumnsInUnion, "all parts of a UNION must return the same columns",
                    part.position);
    }
    add_arm(std::move(arm));
  }
  BoundQuery bound{make_plan(std::move(made)), std::move(columns), returns, false};
  if (all || !returns) return bound;
  std::vector<Slot> slots;
  for (const OutputColumn& column : bound.columns) slots.push_back(column.slot);
  bound.plan = make_plan(Distinct{std::move(bound.plan), std::move(slots)});
  return bound;
}

Result<BoundQuery> Binder::bind_single(const syntax::SingleQuery& query, const Scope& scope, QueryPlace place,
                                       bool alone, PlanPtr start) {
  QueryState state;
  state.plan = start || place == QueryPlace::Statement ? std::move(start) : make_plan(Argument{});
  state.scope = scope;
  state.place = place;
  state.alone = alone;
  std::size_t first = 0;
  if (scope.imports_by_with) {
    state.scope.importable.clear();
    if (const syntax::With* with = importing_with(query)) {
      NX_TRY_DO(import_by_with(*with, scope, state.scope));
      first = 1;
    }
    state.scope.imports_by_with = false;
  }
  if (first == query.clauses.size()) return bind_clauses(query, first, std::move(state));
  NX_TRY(std::optional<UseGraph> use, bind_use(query.clauses[first], state.scope));
  if (!use) return bind_clauses(query, first, std::move(state));
  use->input = std::exchange(state.plan, make_plan(Argument{}));
  ++use_depth_;
  const bool wrote_before = std::exchange(writes_, false);
  Result<BoundQuery> bound = bind_clauses(query, first + 1, std::move(state));
  use->writes = writes_;
  writes_ = writes_ || wrote_before;
  --use_depth_;
  if (!bound) return bound;
  use->inner = std::move(bound->plan);
  bound->plan = make_plan(std::move(*use));
  return bound;
}

Result<BoundQuery> Binder::bind_clauses(const syntax::SingleQuery& query, std::size_t first, QueryState state) {
  for (std::size_t index = first; index < query.clauses.size(); ++index) {
    NX_TRY_DO(check_order(query.clauses[index], state));
    NX_TRY_DO(bind_clause(query.clauses[index], state));
  }
  NX_TRY_DO(check_end(query, state));
  return BoundQuery{std::move(state.plan), std::move(state.columns), state.returns, false};
}

// The operator that changes the graph when the clause is a USE; its plans are still to come.
Result<std::optional<UseGraph>> Binder::bind_use(const syntax::Clause& clause, const Scope& scope) {
  const auto* use = std::get_if<syntax::Use>(&clause.node);
  if (use == nullptr) return std::optional<UseGraph>();
  UseGraph made;
  GraphUse known;
  known.position = clause.position;
  const syntax::GraphReference& graph = use->graph;
  if (graph.kind == syntax::GraphReference::Kind::Name) {
    known.name = graph.name.text();
    made.name = make_expression(Constant{Value::string(*known.name)}, clause.position);
  } else {
    known.is_element_id = graph.kind == syntax::GraphReference::Kind::ByElementId;
    Scope names = scope;
    NX_TRY(Typed name, bind_expression(*graph.argument, names));
    if (!name.type.can_be(Type::String)) {
      return refuse(ErrorCode::InvalidArgumentTypeSyntax, "USE needs the graph's name as a STRING",
                    graph.argument->position);
    }
    if (const auto* constant = std::get_if<Constant>(&name.expression->node)) {
      if (constant->value.is(Type::String)) known.name = constant->value.string();
    }
    if (const auto* parameter = std::get_if<ParameterRef>(&name.expression->node)) known.parameter = parameter->name;
    made.name = std::move(name.expression);
  }
  made.is_element_id = known.is_element_id;
  for (const auto& variable : scope.outer) made.imports.push_back(variable.slot);
  for (const auto& variable : scope.variables) made.imports.push_back(variable.slot);
  uses_.push_back(std::move(known));
  return std::optional<UseGraph>(std::move(made));
}

Result<> Binder::import_by_with(const syntax::With& with, const Scope& scope, Scope& into) {
  Scope known;
  known.variables = scope.importable;
  if (with.projection.star) into.variables = scope.importable;
  for (const syntax::ProjectionItem& item : with.projection.items) {
    const std::string& name = std::get<syntax::Variable>(item.expression.node).name;
    NX_TRY(Typed variable, bind_variable(name, item.expression.position, known));
    into.declare({name, std::get<SlotRef>(variable.expression->node).slot, variable.type});
  }
  return Done{};
}

Result<> Binder::check_order(const syntax::Clause& clause, const QueryState& state) const {
  const std::string name(clause_name(clause));
  if (state.ended) {
    return refuse(ErrorCode::InvalidClauseComposition, name + " cannot follow the end of the query", clause.position);
  }
  if (state.wrote_since_with && is_reading(clause)) {
    return refuse(ErrorCode::InvalidClauseComposition, "WITH must stand between a change of the graph and " + name,
                  clause.position);
  }
  if (is_update(clause) && !may_write(state.place)) {
    return refuse(ErrorCode::InvalidClauseComposition, name + " cannot change the graph inside an expression",
                  clause.position);
  }
  return Done{};
}

Result<> Binder::check_end(const syntax::SingleQuery& query, const QueryState& state) const {
  const syntax::Clause& last = query.clauses.back();
  const auto* call = std::get_if<syntax::CallProcedure>(&last.node);
  const auto* subquery = std::get_if<syntax::CallSubquery>(&last.node);
  switch (state.place) {
    case QueryPlace::Exists:
    case QueryPlace::Count: return Done{};
    case QueryPlace::Collect:
      if (state.returns) return Done{};
      return refuse(ErrorCode::InvalidClauseComposition, "COLLECT needs a query that ends with RETURN", last.position);
    case QueryPlace::Statement:
    case QueryPlace::Call:
    case QueryPlace::ReadCall: break;
  }
  const bool unit_call = subquery != nullptr && state.last_is_unit;
  if (state.ended || state.returns || is_update(last) || unit_call || (call != nullptr && !call->yield)) return Done{};
  return refuse(
      ErrorCode::InvalidClauseComposition,
      "a query cannot end with " + std::string(clause_name(last)) + ", it needs RETURN or a change of the graph",
      last.position);
}

Result<> Binder::bind_unwind(const syntax::Unwind& unwind, Position position, QueryState& state) {
  NX_TRY(Typed list, bind_expression(unwind.list, state.scope));
  if (state.scope.find(unwind.variable) != nullptr) {
    return refuse(ErrorCode::VariableAlreadyBound, "variable `" + unwind.variable + "` is bound already", position);
  }
  const Slot slot = new_slot(unwind.variable);
  const bool is_list = list.type.is_only(function::types(Type::List));
  state.scope.declare({unwind.variable, slot, is_list ? StaticType{list.type.elements} : StaticType{}});
  state.plan = make_plan(Unwind{std::move(state.plan), std::move(list.expression), slot});
  return Done{};
}

Result<> Binder::bind_load_csv(const syntax::LoadCsv& load, Position position, QueryState& state) {
  NX_TRY(Typed url, bind_expression(load.url, state.scope));
  if (!url.type.can_be(Type::String)) {
    return refuse(ErrorCode::InvalidArgumentTypeSyntax, "LOAD CSV needs a STRING after FROM", load.url.position);
  }
  if (state.scope.find(load.variable) != nullptr) {
    return refuse(ErrorCode::VariableAlreadyBound, "variable `" + load.variable + "` is bound already", position);
  }
  plan::LoadCsv made{std::move(state.plan), std::move(url.expression), new_slot(load.variable), new_slot(), new_slot(),
                     load.with_headers, ','};
  if (load.field_terminator) {
    if (load.field_terminator->size() != 1 || *load.field_terminator == "\"" || *load.field_terminator == "\n") {
      return refuse(ErrorCode::InvalidArgument, "FIELDTERMINATOR is one ASCII character", position);
    }
    made.delimiter = load.field_terminator->front();
  }
  state.scope.declare({load.variable, made.row,
                       load.with_headers ? one(Type::Map) : list_of(function::type_bit(Type::String))});
  state.scope.csv_line = made.line;
  state.scope.csv_file = made.file;
  state.plan = make_plan(std::move(made));
  return Done{};
}

Result<> Binder::bind_clause(const syntax::Clause& clause, QueryState& state) {
  const Position position = clause.position;
  using R = Result<>;
  if (is_update(clause)) {
    writes_ = state.wrote_since_with = true;
    note_graph_access(position);
  }
  state.returns = false;  // The rows of a SHOW that is not the last clause are not the result.
  state.columns.clear();
  return std::visit(
      Match{
          [&](const syntax::Match& node) -> R { return bind_match(node, position, state); },
          [&](const syntax::Unwind& node) -> R { return bind_unwind(node, position, state); },
          [&](const syntax::With& node) -> R {
            NX_TRY_DO(check_let(node));
            return bind_projection(node.projection, node.where.get(), true, position, state);
          },
          [&](const syntax::Return& node) -> R {
            return bind_projection(node.projection, nullptr, false, position, state);
          },
          [&](const syntax::Create& node) -> R { return bind_create(node, state); },
          [&](const syntax::Merge& node) -> R { return bind_merge(node, position, state); },
          [&](const syntax::Set& node) -> R { return bind_set(node, state); },
          [&](const syntax::Remove& node) -> R { return bind_remove(node, state); },
          [&](const syntax::Delete& node) -> R { return bind_delete(node, state); },
          [&](const syntax::Foreach& node) -> R { return bind_foreach(node, position, state); },
          [&](const syntax::CallProcedure& node) -> R { return bind_call(node, position, state); },
          [&](const syntax::CallSubquery& node) -> R { return bind_call_subquery(node, position, state); },
          [&](const syntax::LoadCsv& node) -> R { return bind_load_csv(node, position, state); },
          [&](const syntax::Use&) -> R {
            return refuse(ErrorCode::MisplacedUse,
                          "USE can only be the first clause of a query, a UNION arm or a subquery", position);
          },
          [&](const syntax::Finish&) -> R {
            state.ended = true;
            return Done{};
          },
          [&](const syntax::Conditional& node) -> R { return bind_conditional(node, position, state); },
          [&](const syntax::ShowCommand& node) -> R { return bind_show(node, position, state); },
          [&](const syntax::TerminateTransactions& node) -> R { return bind_terminate(node, position, state); },
      },
      clause.node);
}

std::string dotted(const std::vector<std::string>& parts) {
  std::string name;
  for (const std::string& part : parts) {
    if (!name.empty()) name += '.';
    name += part;
  }
  return name;
}

Result<Statement> bind(const syntax::RegularQuery& query, const BindOptions& options) {
  return Binder(options).statement(query);
}

}  // namespace nexus::plan
