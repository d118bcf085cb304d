// The binder: function calls, aggregates and the subquery expressions.
#include <algorithm>

#include "base/match.h"
#include "plan/binder_internal.h"
#include "plan/same_expression.h"
#include "plan/suggestion.h"

namespace nexus::plan {
namespace {

Error unknown_function(const std::string& name, Position position) {
  Suggestion suggestion(name);
  for (const function::ScalarFunction* scalar : function::scalar_functions()) suggestion.consider(scalar->name);
  for (const function::AggregateFunction* known : function::aggregate_functions()) suggestion.consider(known->name);
  return refuse(ErrorCode::UnknownFunction, "function `" + name + "` is not known" + suggestion.text(), position);
}

StaticType aggregate_type(const function::AggregateFunction& function, const std::vector<StaticType>& arguments) {
  if (arguments.empty()) return {function.returns};
  if (function.name == "collect") return list_of(arguments[0].types);
  if (function.name == "min" || function.name == "max") return arguments[0];
  return {function.returns};
}

}  // namespace

bool contains_aggregate(const syntax::Expression& expression) {
  if (std::holds_alternative<syntax::CountStar>(expression.node)) return true;
  if (const auto* call = std::get_if<syntax::FunctionCall>(&expression.node)) {
    if (function::find_aggregate(dotted(call->name)) != nullptr) return true;
  }
  bool found = false;
  for_each_child(expression, [&](const syntax::Expression& child) { found = found || contains_aggregate(child); });
  return found;
}

Result<Typed> Binder::bind_function(const syntax::FunctionCall& call, const syntax::Expression& expression,
                                    Scope& scope) {
  const Position position = expression.position;
  const std::string name = dotted(call.name);
  if (const function::AggregateFunction* aggregate = function::find_aggregate(name)) {
    return bind_aggregate(*aggregate, expression, call.arguments, call.distinct, scope);
  }
  if (call.distinct) {
    return refuse(ErrorCode::InvalidAggregation, "DISTINCT has a meaning in aggregates only, not in " + name + "()",
                  position);
  }
  if (lower(name) == "exists" && call.arguments.size() == 1) {
    NX_TRY(Typed operand, bind_expression(call.arguments[0], scope));
    if (std::holds_alternative<syntax::PatternExpression>(call.arguments[0].node)) return operand;
    return Typed{make_expression(Unary{UnaryOperator::IsNotNull, std::move(operand.expression)}, position),
                 one(Type::Boolean)};
  }
  if (lower(name) == "graph.byname" || lower(name) == "graph.byelementid") {
    return refuse(ErrorCode::GraphFunctionOutsideUse, name + "() can only be the whole argument of USE", position);
  }
  if (call.arguments.empty() && (lower(name) == "linenumber" || lower(name) == "file")) {
    const bool is_line = lower(name) == "linenumber";
    const std::optional<Slot> slot = is_line ? scope.csv_line : scope.csv_file;
    if (!slot) return Typed{make_expression(Constant{Value::null()}, position), {}};
    note_reference(*slot);
    return Typed{make_expression(SlotRef{*slot}, position), one(is_line ? Type::Integer : Type::String)};
  }
  const function::ScalarFunction* scalar = function::find_scalar(name);
  if (scalar == nullptr) return unknown_function(name, position);
  if (scope.inside_aggregate && !scalar->deterministic) {
    return refuse(ErrorCode::NonConstantExpression, name + "() cannot be used inside an aggregate", position);
  }
  NX_TRY(Arguments arguments,
         bind_arguments(scalar->name, call.arguments, scalar->parameters, scalar->variadic, position, scope));
  return Typed{make_expression(ScalarCall{scalar, std::move(arguments.expressions)}, position), {scalar->returns}};
}

Result<Binder::Arguments> Binder::bind_arguments(std::string_view name,
                                                 const std::vector<syntax::Expression>& arguments,
                                                 std::span<const function::Parameter> parameters, bool variadic,
                                                 Position position, Scope& scope) {
  const std::size_t required = static_cast<std::size_t>(
      std::count_if(parameters.begin(), parameters.end(), [](const auto& parameter) { return !parameter.optional; }));
  if (arguments.size() < required || (arguments.size() > parameters.size() && !variadic)) {
    return refuse(ErrorCode::InvalidNumberOfArguments,
                  std::string(name) + "() does not take " + std::to_string(arguments.size()) + " arguments", position);
  }
  Arguments bound;
  for (std::size_t index = 0; index < arguments.size(); ++index) {
    NX_TRY(Typed argument, bind_expression(arguments[index], scope));
    const function::Parameter& parameter = parameters[std::min(index, parameters.size() - 1)];
    if (!argument.type.can_be(parameter.types)) {
      return refuse(ErrorCode::InvalidArgumentTypeSyntax,
                    std::string(name) + "() needs " + types_text(parameter.types) + " as " +
                        std::string(parameter.name) + ", not " + types_text(argument.type.types),
                    arguments[index].position);
    }
    bound.expressions.push_back(std::move(argument.expression));
    bound.types.push_back(argument.type);
  }
  return bound;
}

Result<Typed> Binder::bind_count_star(const syntax::Expression& expression, Scope& scope) {
  const function::AggregateFunction* count = function::find_aggregate("count");
  NX_CHECK(count != nullptr);
  return bind_aggregate(*count, expression, {}, false, scope);
}

Result<Typed> Binder::bind_aggregate(const function::AggregateFunction& function, const syntax::Expression& expression,
                                     const std::vector<syntax::Expression>& arguments, bool distinct, Scope& scope) {
  const std::string name(function.name);
  if (scope.inside_aggregate) {
    return refuse(ErrorCode::NestedAggregation, name + "() cannot stand inside another aggregate", expression.position);
  }
  Scope input = scope.aggregation != nullptr ? *scope.aggregation->input : scope;
  input.inside_aggregate = true;
  input.aggregation = nullptr;
  Arguments bound;
  if (!std::holds_alternative<syntax::CountStar>(expression.node)) {
    NX_TRY(bound, bind_arguments(name, arguments, function.parameters, false, expression.position, input));
  }
  if (scope.aggregation == nullptr) {
    return refuse(ErrorCode::InvalidAggregation, "the aggregate " + name + "() has no place here", expression.position);
  }
  Aggregation& aggregation = *scope.aggregation;
  for (const Computed& computed : aggregation.computed) {
    if (!same_expression(*computed.expression, expression)) continue;
    return Typed{make_expression(SlotRef{computed.slot}, expression.position), computed.type};
  }
  const Slot slot = new_slot();
  const StaticType type = aggregate_type(function, bound.types);
  aggregation.items.push_back({slot, &function, std::move(bound.expressions), distinct});
  aggregation.computed.push_back({&expression, slot, type});
  return Typed{make_expression(SlotRef{slot}, expression.position), type};
}

Result<Typed> Binder::bind_subquery(const syntax::SubqueryExpression& subquery, Position position, const Scope& scope) {
  QueryPlace place = QueryPlace::Exists;
  Subquery made{SubqueryKind::Exists, nullptr, nullptr};
  StaticType type = one(Type::Boolean);
  switch (subquery.kind) {
    case syntax::SubqueryKind::Exists: break;
    case syntax::SubqueryKind::Count:
      place = QueryPlace::Count;
      made.kind = SubqueryKind::Count;
      type = one(Type::Integer);
      break;
    case syntax::SubqueryKind::Collect:
      place = QueryPlace::Collect;
      made.kind = SubqueryKind::Collect;
      type = list_of(function::kAny);
      break;
  }
  NX_TRY(BoundQuery query, bind_query(*subquery.query, subquery_scope(scope), place));
  made.plan = std::move(query.plan);
  if (place == QueryPlace::Collect) {
    if (query.columns.size() != 1) {
      return refuse(ErrorCode::InvalidClauseComposition, "COLLECT needs a RETURN with exactly one column", position);
    }
    type = list_of(query.columns[0].type.types);
    made.result = make_expression(SlotRef{query.columns[0].slot}, position);
  }
  return Typed{make_expression(std::move(made), position), type};
}

void for_each_child(const syntax::Expression& expression, const std::function<void(const syntax::Expression&)>& visit) {
  const auto maybe = [&](const syntax::ExpressionPtr& child) {
    if (child) visit(*child);
  };
  const auto all = [&](const std::vector<syntax::Expression>& children) {
    for (const syntax::Expression& child : children) visit(child);
  };
  std::visit(
      Match{
          [](const syntax::NullLiteral&) {},
          [](const syntax::BooleanLiteral&) {},
          [](const syntax::IntegerLiteral&) {},
          [](const syntax::FloatLiteral&) {},
          [](const syntax::StringLiteral&) {},
          [](const syntax::Parameter&) {},
          [](const syntax::Variable&) {},
          [](const syntax::CaseSubject&) {},
          [](const syntax::CountStar&) {},
          [](const syntax::PatternComprehension&) {},
          [](const syntax::PatternExpression&) {},
          [](const syntax::SubqueryExpression&) {},
          [&](const syntax::ListLiteral& node) { all(node.items); },
          [&](const syntax::MapLiteral& node) {
            for (const syntax::MapEntry& entry : node.entries) visit(entry.value);
          },
          [&](const syntax::PropertyAccess& node) { visit(*node.base); },
          [&](const syntax::IndexAccess& node) { visit(*node.base), visit(*node.index); },
          [&](const syntax::ListSlice& node) { visit(*node.base), maybe(node.from), maybe(node.to); },
          [&](const syntax::HasLabels& node) { visit(*node.base); },
          [&](const syntax::Not& node) { visit(*node.operand); },
          [&](const syntax::And& node) { all(node.operands); },
          [&](const syntax::Or& node) { all(node.operands); },
          [&](const syntax::Xor& node) { all(node.operands); },
          [&](const syntax::Comparison& node) {
            visit(*node.first);
            for (const syntax::ComparisonStep& step : node.steps) visit(step.operand);
          },
          [&](const syntax::Arithmetic& node) {
            visit(*node.first);
            for (const syntax::ArithmeticStep& step : node.steps) visit(step.operand);
          },
          [&](const syntax::Sign& node) { visit(*node.operand); },
          [&](const syntax::Predicate& node) { visit(*node.left), visit(*node.right); },
          [&](const syntax::IsNull& node) { visit(*node.operand); },
          [&](const syntax::IsTyped& node) { visit(*node.operand); },
          [&](const syntax::IsNormalized& node) { visit(*node.operand); },
          [&](const syntax::FunctionCall& node) { all(node.arguments); },
          [&](const syntax::CaseExpression& node) {
            maybe(node.subject);
            for (const syntax::CaseBranch& branch : node.branches) visit(branch.condition), visit(branch.result);
            maybe(node.otherwise);
          },
          [&](const syntax::QuantifierExpression& node) { visit(*node.list), visit(*node.where); },
          [&](const syntax::ListComprehension& node) { visit(*node.list), maybe(node.where), maybe(node.projection); },
          [&](const syntax::Reduce& node) { visit(*node.initial), visit(*node.list), visit(*node.step); },
          [&](const syntax::MapProjection& node) {
            for (const syntax::MapProjectionItem& item : node.items) maybe(item.value);
          },
      },
      expression.node);
}

}  // namespace nexus::plan
