// The binder: CALL of procedures and subqueries, and the SHOW commands.
#include <algorithm>
#include <iterator>

#include "plan/binder_internal.h"
#include "plan/suggestion.h"

namespace nexus::plan {
namespace {

std::string_view show_words(syntax::ShowKind kind) {
  switch (kind) {
    case syntax::ShowKind::Databases: return "SHOW DATABASES";
    case syntax::ShowKind::DefaultDatabase: return "SHOW DEFAULT DATABASE";
    case syntax::ShowKind::HomeDatabase: return "SHOW HOME DATABASE";
    case syntax::ShowKind::Aliases: return "SHOW ALIASES";
    case syntax::ShowKind::Users: return "SHOW USERS";
    case syntax::ShowKind::CurrentUser: return "SHOW CURRENT USER";
    case syntax::ShowKind::Roles: return "SHOW ROLES";
    case syntax::ShowKind::PopulatedRoles: return "SHOW POPULATED ROLES";
    case syntax::ShowKind::Privileges: return "SHOW PRIVILEGES";
    case syntax::ShowKind::SupportedPrivileges: return "SHOW SUPPORTED PRIVILEGES";
    case syntax::ShowKind::Servers: return "SHOW SERVERS";
    case syntax::ShowKind::Transactions: return "SHOW TRANSACTIONS";
    case syntax::ShowKind::Functions: return "SHOW FUNCTIONS";
    case syntax::ShowKind::Procedures: return "SHOW PROCEDURES";
    case syntax::ShowKind::Indexes: return "SHOW INDEXES";
    case syntax::ShowKind::Constraints: return "SHOW CONSTRAINTS";
    case syntax::ShowKind::Settings: return "SHOW SETTINGS";
  }
  return "SHOW";
}

// Each form with columns of its own is a procedure of its own.
std::string show_name(const syntax::ShowCommand& show) {
  std::string name(show_words(show.kind));
  if (show.kind == syntax::ShowKind::Privileges) {
    if (show.privileges_of) name = *show.privileges_of == syntax::ShowKind::Users ? "SHOW USER PRIVILEGES" : "SHOW ROLE PRIVILEGES";
    if (!show.filter.empty()) name += " " + show.filter;
  } else if (show.with_auth) {
    const bool is_users = show.kind == syntax::ShowKind::Users || show.kind == syntax::ShowKind::CurrentUser;
    name += is_users ? " WITH AUTH" : " WITH USERS";
  }
  return name;
}

std::optional<std::uint32_t> output_index(const ProcedureSignature& signature, const std::string& name) {
  for (std::size_t index = 0; index < signature.outputs.size(); ++index) {
    if (signature.outputs[index].name == name) return static_cast<std::uint32_t>(index);
  }
  return std::nullopt;
}

}  // namespace

Result<> Binder::bind_procedure_arguments(const syntax::CallProcedure& call, const ProcedureSignature& signature,
                                          Position position, QueryState& state, ProcedureCall& made) {
  const std::vector<ProcedureSignature::Field>& inputs = signature.inputs;
  if (!call.arguments) {
    if (!state.alone && !inputs.empty()) {
      return refuse(ErrorCode::InvalidArgumentPassingMode,
                    "inside a query the arguments of " + signature.name + "() must be written out", position);
    }
    for (const ProcedureSignature::Field& input : inputs) {
      use_parameter(input.name);
      made.arguments.push_back(make_expression(ParameterRef{input.name}, position));
    }
    return Done{};
  }
  const std::size_t required = inputs.size() - std::min(inputs.size(), signature.defaults.size());
  if (call.arguments->size() < required || call.arguments->size() > inputs.size()) {
    return refuse(ErrorCode::InvalidNumberOfArguments,
                  signature.name + "() does not take " + std::to_string(call.arguments->size()) + " arguments",
                  position);
  }
  for (std::size_t index = 0; index < inputs.size(); ++index) {
    if (index >= call.arguments->size()) {
      made.arguments.push_back(make_expression(Constant{signature.defaults[index - required]}, position));
      continue;
    }
    const syntax::Expression& written = (*call.arguments)[index];
    NX_TRY(Typed argument, bind_expression(written, state.scope));
    const bool widens = argument.type.can_be(Type::Integer) && (inputs[index].types & function::type_bit(Type::Float));
    if (!argument.type.can_be(inputs[index].types) && !widens) {
      return refuse(ErrorCode::InvalidArgumentTypeSyntax,
                    signature.name + "() needs " + types_text(inputs[index].types) + " as " + inputs[index].name +
                        ", not " + types_text(argument.type.types),
                    written.position);
    }
    made.arguments.push_back(std::move(argument.expression));
  }
  return Done{};
}

Result<std::vector<OutputColumn>> Binder::bind_yield_items(const syntax::Yield& yield,
                                                           const ProcedureSignature& signature, Scope& scope,
                                                           ProcedureCall& made) {
  std::vector<OutputColumn> columns;
  for (const syntax::YieldItem& item : yield.items) {
    const std::optional<std::uint32_t> column = output_index(signature, item.name);
    if (!column) {
      Suggestion suggestion(item.name);
      for (const ProcedureSignature::Field& output : signature.outputs) suggestion.consider(output.name);
      return refuse(ErrorCode::UnknownColumn,
                    signature.name + " has no column `" + item.name + "`" + suggestion.text(), item.position);
    }
    const std::string& name = item.alias ? *item.alias : item.name;
    if (scope.find(name) != nullptr) {
      return refuse(ErrorCode::VariableAlreadyBound, "variable `" + name + "` is bound already", item.position);
    }
    const Slot slot = new_slot(name);
    const StaticType type{signature.outputs[*column].types};
    made.yields.push_back({*column, slot});
    columns.push_back({name, slot, type});
    scope.declare({name, slot, type});
  }
  return columns;
}

std::vector<OutputColumn> Binder::yield_named(const std::vector<std::string>& names,
                                              const ProcedureSignature& signature, Scope& scope, ProcedureCall& made) {
  std::vector<OutputColumn> columns;
  for (std::size_t index = 0; index < signature.outputs.size(); ++index) {
    const ProcedureSignature::Field& output = signature.outputs[index];
    if (!names.empty() && std::find(names.begin(), names.end(), output.name) == names.end()) continue;
    const Slot slot = new_slot(output.name);
    made.yields.push_back({static_cast<std::uint32_t>(index), slot});
    columns.push_back({output.name, slot, StaticType{output.types}});
    scope.declare({output.name, slot, StaticType{output.types}});
  }
  return columns;
}

Result<> Binder::bind_call(const syntax::CallProcedure& call, Position position, QueryState& state) {
  const std::string name = dotted(call.name);
  const ProcedureSignature* signature = options_.procedures == nullptr ? nullptr : options_.procedures->find(name);
  if (signature == nullptr) {
    Suggestion suggestion(name);
    if (options_.procedures != nullptr) {
      for (const std::string& known : options_.procedures->names()) suggestion.consider(known);
    }
    return refuse(ErrorCode::ProcedureNotFound, "procedure `" + name + "` is not known" + suggestion.text(), position);
  }
  if (signature->writes && !may_write(state.place)) {
    return refuse(ErrorCode::InvalidClauseComposition, "a procedure that writes has no place in an expression",
                  position);
  }
  if (!signature->is_system_allowed) note_graph_access(position);
  ProcedureCall made{nullptr, signature->name, {}, {}};
  NX_TRY_DO(bind_procedure_arguments(call, *signature, position, state, made));
  std::vector<OutputColumn> columns;
  if (call.yield && !call.yield->star) {
    NX_TRY(columns, bind_yield_items(*call.yield, *signature, state.scope, made));
  } else if (state.alone) {
    columns = yield_named({}, *signature, state.scope, made);
  } else if (call.yield) {
    return refuse(ErrorCode::UnexpectedSyntax, "inside a query YIELD must name its columns", position);
  }
  if (signature->writes) {
    writes_ = true;
    state.plan = make_plan(Eager{std::move(state.plan)});
  }
  std::vector<Slot> slots;
  for (const ProcedureYield& yield : made.yields) slots.push_back(yield.slot);
  made.input = call.optional ? make_plan(Argument{}) : std::move(state.plan);
  PlanPtr procedure = make_plan(std::move(made));
  if (call.yield && call.yield->where) {
    NX_TRY(Typed where, bind_boolean(*call.yield->where, state.scope, "WHERE"));
    procedure = make_plan(Filter{std::move(procedure), std::move(where.expression)});
  }
  state.plan = call.optional ? make_plan(OptionalApply{std::move(state.plan), std::move(procedure), std::move(slots)})
                             : std::move(procedure);
  if (signature->writes) state.plan = make_plan(Eager{std::move(state.plan)});
  if (!state.alone) return Done{};
  state.ended = true;
  state.returns = !columns.empty();
  state.columns = std::move(columns);
  return Done{};
}

// What the subquery may name at once, and what its leading WITH may import.
Result<Scope> Binder::subquery_imports(const syntax::CallSubquery& call, Position position, const Scope& scope) {
  Scope inner;
  if (!call.scope) {
    inner.importable = scope.outer;
    inner.importable.insert(inner.importable.end(), scope.variables.begin(), scope.variables.end());
    inner.imports_by_with = true;
    return inner;
  }
  if (call.scope->star) {
    inner.outer = scope.outer;
    inner.outer.insert(inner.outer.end(), scope.variables.begin(), scope.variables.end());
    return inner;
  }
  for (const std::string& name : call.scope->variables) {
    NX_TRY(Typed known, bind_variable(name, position, scope));
    inner.outer.push_back({name, std::get<SlotRef>(known.expression->node).slot, known.type});
  }
  return inner;
}

Result<> Binder::bind_call_subquery(const syntax::CallSubquery& call, Position position, QueryState& state) {
  if (call.in_transactions && (state.place != QueryPlace::Statement || writes_)) {
    return refuse(ErrorCode::InvalidClauseComposition,
                  "CALL … IN TRANSACTIONS cannot stand inside a subquery or after a change of the graph", position);
  }
  NX_TRY(Scope inner, subquery_imports(call, position, state.scope));
  const Slot first_own_slot = next_slot_;
  NX_TRY(BoundQuery query,
         bind_query(*call.query, inner, may_write(state.place) ? QueryPlace::Call : QueryPlace::ReadCall));
  Project own{nullptr, {}, {}};
  std::vector<Slot> slots;
  for (OutputColumn& column : query.columns) {
    if (state.scope.find(column.name) != nullptr) {
      return refuse(ErrorCode::VariableAlreadyBound,
                    "the subquery returns `" + column.name + "`, which is bound outside already", position);
    }
    if (column.slot < first_own_slot) {  // A new name for an outer variable; OPTIONAL must not clear the old one.
      const Slot copy = new_slot(column.name);
      own.items.push_back({copy, make_expression(SlotRef{column.slot}, position)});
      column.slot = copy;
    }
    slots.push_back(column.slot);
    state.scope.declare({column.name, column.slot, column.type});
  }
  if (!own.items.empty()) {
    own.input = std::move(query.plan);
    query.plan = make_plan(std::move(own));
  }
  if (call.in_transactions) {
    return bind_in_transactions(call, std::move(query), std::move(slots), position, state);
  }
  // The subquery writes row by row: what feeds it must not see that, what follows must see all of it.
  state.last_is_unit = !query.returns;
  if (query.writes) state.plan = make_plan(Eager{std::move(state.plan)});
  if (call.optional && query.returns) {
    state.plan = make_plan(OptionalApply{std::move(state.plan), std::move(query.plan), std::move(slots)});
  } else {
    state.plan = make_plan(Apply{std::move(state.plan), std::move(query.plan), !query.returns});
  }
  if (query.writes) state.plan = make_plan(Eager{std::move(state.plan)});
  return Done{};
}

Result<> Binder::bind_in_transactions(const syntax::CallSubquery& call, BoundQuery query, std::vector<Slot> slots,
                                      Position position, QueryState& state) {
  using OnError = syntax::InTransactions::OnError;
  const syntax::InTransactions& written = *call.in_transactions;
  TransactionalApply made{std::move(state.plan), std::move(query.plan), !query.returns, nullptr,
                          TransactionalApply::OnError::Fail, std::move(slots), std::nullopt};
  made.retries = written.on_error == OnError::Retry;
  const OnError on_error = made.retries ? written.after_retry : written.on_error;
  if (on_error == OnError::Continue) made.on_error = TransactionalApply::OnError::Continue;
  if (on_error == OnError::Break) made.on_error = TransactionalApply::OnError::Break;
  if (call.optional) {
    return refuse(ErrorCode::InvalidClauseComposition, "OPTIONAL CALL cannot run IN TRANSACTIONS", position);
  }
  if (written.rows) {
    NX_TRY(made.rows, bind_row_count(*written.rows, "OF … ROWS"));
  }
  if (written.concurrency) NX_TRY_DO(bind_row_count(*written.concurrency, "CONCURRENT"));
  if (written.retry_seconds) {  // A number or a parameter: so says the grammar.
    Scope nothing;
    NX_TRY(Typed seconds, bind_expression(*written.retry_seconds, nothing));
    made.seconds = std::move(seconds.expression);
  }
  if (written.report_status) {
    if (made.on_error == TransactionalApply::OnError::Fail) {
      return refuse(ErrorCode::InvalidClauseComposition,
                    "REPORT STATUS needs ON ERROR CONTINUE or BREAK: a failure ends the statement otherwise", position);
    }
    if (state.scope.find(*written.report_status) != nullptr) {
      return refuse(ErrorCode::VariableAlreadyBound, "variable `" + *written.report_status + "` is bound already",
                    position);
    }
    made.status = new_slot(*written.report_status);
    state.scope.declare({*written.report_status, *made.status, one(Type::Map)});
  }
  state.last_is_unit = !query.returns;
  in_transactions_ = true;
  writes_in_transactions_ = writes_in_transactions_ || query.writes;
  writes_ = false;  // There was none before; those of the batches are counted apart.
  state.plan = make_plan(std::move(made));
  return Done{};
}

Result<> Binder::bind_show(const syntax::ShowCommand& show, Position position, QueryState& state) {
  ProcedureCall made{nullptr, show_name(show), {}, {}};
  const bool is_privileges = show.kind == syntax::ShowKind::Privileges;
  ListOf names;
  for (const syntax::SymbolicName& named : show.names) {
    if (named.parameter) use_parameter(*named.parameter);
    names.items.push_back(named.parameter ? make_expression(ParameterRef{*named.parameter}, named.position)
                                          : make_expression(Constant{Value::string(named.text())}, named.position));
  }
  if (is_privileges && show.privileges_of) made.arguments.push_back(make_expression(std::move(names), position));
  else std::move(names.items.begin(), names.items.end(), std::back_inserter(made.arguments));
  NX_TRY_DO(bind_ids(show.ids, position, state, made));
  if (!is_privileges && made.arguments.empty() && !show.filter.empty()) {
    made.arguments.push_back(make_expression(Constant{Value::string(show.filter)}, position));
  }
  return bind_show_rows(std::move(made), show.yield ? &*show.yield : nullptr, show.where.get(), position, state);
}

Result<> Binder::bind_terminate(const syntax::TerminateTransactions& terminate, Position position, QueryState& state) {
  ProcedureCall made{nullptr, "TERMINATE TRANSACTIONS", {}, {}};
  NX_TRY_DO(bind_ids(terminate.ids, position, state, made));
  return bind_show_rows(std::move(made), terminate.yield ? &*terminate.yield : nullptr, nullptr, position, state);
}

// Several ids become one list argument; a single expression may be a list already.
Result<> Binder::bind_ids(const std::vector<syntax::Expression>& ids, Position position, QueryState& state,
                          ProcedureCall& made) {
  ListOf list;
  for (const syntax::Expression& id : ids) {
    NX_TRY(Typed bound, bind_expression(id, state.scope));
    list.items.push_back(std::move(bound.expression));
  }
  if (list.items.size() == 1) {
    made.arguments.push_back(std::move(list.items.front()));
  } else if (!list.items.empty()) {
    made.arguments.push_back(make_expression(std::move(list), position));
  }
  return Done{};
}

Result<> Binder::bind_show_rows(ProcedureCall made, const syntax::Yield* yield, const syntax::Expression* where,
                                Position position, QueryState& state) {
  const ProcedureSignature* signature = options_.procedures == nullptr ? nullptr : options_.procedures->find(made.name);
  if (signature == nullptr) { return refuse(ErrorCode::NotImplemented, made.name + " is not supported yet", position); }
  if (made.arguments.size() > signature->inputs.size()) {
    return refuse(ErrorCode::NotImplemented, made.name + " does not take a name or filter yet", position);
  }
  const std::size_t required =
      signature->inputs.size() - std::min(signature->inputs.size(), signature->defaults.size());
  while (made.arguments.size() < signature->inputs.size()) {
    const std::size_t index = made.arguments.size();
    const Value value = index >= required ? signature->defaults[index - required] : Value();
    made.arguments.push_back(make_expression(Constant{value}, position));
  }
  std::vector<OutputColumn> columns;
  if (yield != nullptr && !yield->star) {
    NX_TRY(columns, bind_yield_items(*yield, *signature, state.scope, made));
  } else if (yield == nullptr && where == nullptr) {
    columns = yield_named(signature->default_outputs, *signature, state.scope, made);
  } else {  // WHERE may test a column that is not shown.
    columns = yield_named({}, *signature, state.scope, made);
    const std::vector<std::string>& shown = signature->default_outputs;
    if (yield == nullptr && !shown.empty()) {
      columns.erase(std::remove_if(columns.begin(), columns.end(),
                                   [&](const OutputColumn& column) {
                                     return std::find(shown.begin(), shown.end(), column.name) == shown.end();
                                   }),
                    columns.end());
    }
  }
  made.input = std::move(state.plan);
  state.plan = make_plan(std::move(made));
  if (yield != nullptr) NX_TRY_DO(bind_sort(yield->ordering.order_by, state.scope, state.plan));
  if (yield != nullptr) NX_TRY_DO(bind_row_limits(yield->ordering, state.plan));
  if (yield != nullptr && yield->where) where = yield->where.get();
  if (where != nullptr) {
    NX_TRY(Typed test, bind_boolean(*where, state.scope, "WHERE"));
    state.plan = make_plan(Filter{std::move(state.plan), std::move(test.expression)});
  }
  state.columns = std::move(columns);
  state.returns = true;
  return Done{};
}

}  // namespace nexus::plan
