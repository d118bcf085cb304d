// The binder: expressions without variables of their own.
#include "base/match.h"
#include "plan/binder_internal.h"
#include "plan/same_expression.h"
#include "plan/suggestion.h"

namespace nexus::plan {
namespace {

using function::types;
using function::TypeSet;

BinaryOperator binary(syntax::ArithmeticOperator op) {
  switch (op) {
    case syntax::ArithmeticOperator::Add: return BinaryOperator::Add;
    case syntax::ArithmeticOperator::Subtract: return BinaryOperator::Subtract;
    case syntax::ArithmeticOperator::Concatenate: return BinaryOperator::Concatenate;
    case syntax::ArithmeticOperator::Multiply: return BinaryOperator::Multiply;
    case syntax::ArithmeticOperator::Divide: return BinaryOperator::Divide;
    case syntax::ArithmeticOperator::Modulo: return BinaryOperator::Modulo;
    case syntax::ArithmeticOperator::Power: return BinaryOperator::Power;
  }
  return BinaryOperator::Add;
}

BinaryOperator binary(syntax::ComparisonOperator op) {
  switch (op) {
    case syntax::ComparisonOperator::Equal: return BinaryOperator::Equal;
    case syntax::ComparisonOperator::NotEqual: return BinaryOperator::NotEqual;
    case syntax::ComparisonOperator::Less: return BinaryOperator::Less;
    case syntax::ComparisonOperator::LessOrEqual: return BinaryOperator::LessOrEqual;
    case syntax::ComparisonOperator::Greater: return BinaryOperator::Greater;
    case syntax::ComparisonOperator::GreaterOrEqual: return BinaryOperator::GreaterOrEqual;
  }
  return BinaryOperator::Equal;
}

BinaryOperator binary(syntax::PredicateOperator op) {
  switch (op) {
    case syntax::PredicateOperator::StartsWith: return BinaryOperator::StartsWith;
    case syntax::PredicateOperator::EndsWith: return BinaryOperator::EndsWith;
    case syntax::PredicateOperator::Contains: return BinaryOperator::Contains;
    case syntax::PredicateOperator::Matches: return BinaryOperator::Matches;
    case syntax::PredicateOperator::In: return BinaryOperator::In;
  }
  return BinaryOperator::In;
}

// What an operand of the operator may be; kAny where it depends on the other one.
TypeSet operand_types(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::Modulo:
    case BinaryOperator::Power: return function::kNumber;
    case BinaryOperator::Multiply:
    case BinaryOperator::Divide: return function::kNumber | types(Type::Duration);
    case BinaryOperator::Subtract: return function::kNumber | kTemporal | types(Type::Duration);
    case BinaryOperator::Concatenate: return types(Type::String, Type::List);
    case BinaryOperator::Add:
    case BinaryOperator::Equal:
    case BinaryOperator::NotEqual:
    case BinaryOperator::Less:
    case BinaryOperator::LessOrEqual:
    case BinaryOperator::Greater:
    case BinaryOperator::GreaterOrEqual:
    case BinaryOperator::In:
    case BinaryOperator::StartsWith:
    case BinaryOperator::EndsWith:
    case BinaryOperator::Contains:
    case BinaryOperator::Matches: return function::kAny;
  }
  return function::kAny;
}

StaticType result_type(BinaryOperator op, StaticType left, StaticType right) {
  if (left.is_only(function::kNumber) && right.is_only(function::kNumber)) {
    if (op == BinaryOperator::Power) return one(Type::Float);
    const TypeSet integer = types(Type::Integer);
    return left.is_only(integer) && right.is_only(integer) ? one(Type::Integer) : StaticType{function::kNumber};
  }
  if (op == BinaryOperator::Add || op == BinaryOperator::Concatenate) {
    if (left.is_only(types(Type::List)) || right.is_only(types(Type::List))) return list_of(function::kAny);
    if (left.is_only(types(Type::String)) && right.is_only(types(Type::String))) return one(Type::String);
  }
  return {};
}

std::string_view logical_name(LogicalOperator op) {
  switch (op) {
    case LogicalOperator::And: return "AND";
    case LogicalOperator::Or: return "OR";
    case LogicalOperator::Xor: return "XOR";
  }
  return "AND";
}

Error undefined_variable(const std::string& name, Position position, const Scope& scope) {
  Suggestion suggestion(name);
  for (const auto* layer : {&scope.locals, &scope.variables, &scope.outer}) {
    for (const Variable& known : *layer) {
      if (!known.hidden) suggestion.consider(known.name);
    }
  }
  return refuse(ErrorCode::UndefinedVariable, "variable `" + name + "` is not defined" + suggestion.text(), position);
}

// Whether + can mean anything: numbers and times add up, strings and lists take all sorts.
bool can_add(StaticType left, StaticType right) {
  constexpr TypeSet kTakesAll = types(Type::String, Type::List);
  constexpr TypeSet kAddsUp = function::kNumber | kTemporal | types(Type::Duration);
  return left.can_be(kTakesAll) || right.can_be(kTakesAll) || (left.can_be(kAddsUp) && right.can_be(kAddsUp));
}

Typed constant(Value value, Position position) {
  const StaticType type = type_of(value);
  return {make_expression(Constant{std::move(value)}, position), type};
}

}  // namespace

Error refuse(ErrorCode code, std::string message, Position position) {
  Error error(code, std::move(message), position);
  error.compile_time = true;
  return error;
}

void Binder::use_parameter(const std::string& name) {
  for (const std::string& known : parameters_) {
    if (known == name) return;
  }
  parameters_.push_back(name);
}

Result<Typed> Binder::bind_expression(const syntax::Expression& expression, Scope& scope) {
  for (const Computed& computed : scope.computed) {
    if (!same_expression(*computed.expression, expression)) continue;
    note_reference(computed.slot);
    return Typed{make_expression(SlotRef{computed.slot}, expression.position), computed.type};
  }
  return bind_node(expression, scope);
}

Result<Typed> Binder::bind_node(const syntax::Expression& expression, Scope& scope) {
  const Position position = expression.position;
  using R = Result<Typed>;
  return std::visit(
      Match{
          [&](const syntax::NullLiteral&) -> R { return constant(Value(), position); },
          [&](const syntax::BooleanLiteral& node) -> R { return constant(Value::boolean(node.value), position); },
          [&](const syntax::IntegerLiteral& node) -> R { return constant(Value::integer(node.value), position); },
          [&](const syntax::FloatLiteral& node) -> R { return constant(Value::real(node.value), position); },
          [&](const syntax::StringLiteral& node) -> R { return constant(Value::string(node.value), position); },
          [&](const syntax::ListLiteral& node) -> R { return bind_list(node, position, scope); },
          [&](const syntax::MapLiteral& node) -> R { return bind_map(node, position, scope); },
          [&](const syntax::Parameter& node) -> R {
            use_parameter(node.name);
            return Typed{make_expression(ParameterRef{node.name}, position)};
          },
          [&](const syntax::Variable& node) -> R { return bind_variable(node.name, position, scope); },
          [&](const syntax::CaseSubject&) -> R {
            NX_CHECK(scope.case_value.has_value());
            note_reference(scope.case_value->slot);
            return Typed{make_expression(SlotRef{scope.case_value->slot}, position), scope.case_value->type};
          },
          [&](const syntax::PropertyAccess& node) -> R { return bind_property(node, position, scope); },
          [&](const syntax::IndexAccess& node) -> R { return bind_index(node, position, scope); },
          [&](const syntax::ListSlice& node) -> R { return bind_slice(node, position, scope); },
          [&](const syntax::HasLabels& node) -> R { return bind_has_labels(node, position, scope); },
          [&](const syntax::Not& node) -> R {
            NX_TRY(Typed operand, bind_boolean(*node.operand, scope, "NOT"));
            return Typed{make_expression(Unary{UnaryOperator::Not, std::move(operand.expression)}, position),
                         one(Type::Boolean)};
          },
          [&](const syntax::And& node) -> R {
            return bind_logical(LogicalOperator::And, node.operands, position, scope);
          },
          [&](const syntax::Or& node) -> R {
            return bind_logical(LogicalOperator::Or, node.operands, position, scope);
          },
          [&](const syntax::Xor& node) -> R {
            return bind_logical(LogicalOperator::Xor, node.operands, position, scope);
          },
          [&](const syntax::Comparison& node) -> R { return bind_comparison(node, position, scope); },
          [&](const syntax::Arithmetic& node) -> R { return bind_arithmetic(node, position, scope); },
          [&](const syntax::Sign& node) -> R { return bind_sign(node, position, scope); },
          [&](const syntax::Predicate& node) -> R { return bind_predicate_operator(node, position, scope); },
          [&](const syntax::IsNull& node) -> R {
            NX_TRY(Typed operand, bind_expression(*node.operand, scope));
            const UnaryOperator op = node.negated ? UnaryOperator::IsNotNull : UnaryOperator::IsNull;
            return Typed{make_expression(Unary{op, std::move(operand.expression)}, position), one(Type::Boolean)};
          },
          [&](const syntax::IsTyped& node) -> R { return bind_is_typed(node, position, scope); },
          [&](const syntax::IsNormalized& node) -> R { return bind_is_normalized(node, position, scope); },
          [&](const syntax::FunctionCall& node) -> R { return bind_function(node, expression, scope); },
          [&](const syntax::CountStar&) -> R { return bind_count_star(expression, scope); },
          [&](const syntax::CaseExpression& node) -> R { return bind_case(node, position, scope); },
          [&](const syntax::QuantifierExpression& node) -> R { return bind_quantifier(node, position, scope); },
          [&](const syntax::ListComprehension& node) -> R { return bind_list_comprehension(node, position, scope); },
          [&](const syntax::PatternComprehension& node) -> R {
            return bind_pattern_comprehension(node, position, scope);
          },
          [&](const syntax::Reduce& node) -> R { return bind_reduce(node, position, scope); },
          [&](const syntax::MapProjection& node) -> R { return bind_map_projection(node, position, scope); },
          [&](const syntax::PatternExpression& node) -> R {
            return bind_pattern_expression(*node.pattern, position, scope);
          },
          [&](const syntax::SubqueryExpression& node) -> R { return bind_subquery(node, position, scope); },
      },
      expression.node);
}

Result<Typed> Binder::bind_boolean(const syntax::Expression& expression, Scope& scope, std::string_view where) {
  NX_TRY(Typed bound, bind_expression(expression, scope));
  if (!bound.type.can_be(Type::Boolean)) {
    return refuse(ErrorCode::InvalidArgumentTypeSyntax,
                  std::string(where) + " needs a BOOLEAN, not " + types_text(bound.type.types), expression.position);
  }
  return bound;
}

Result<Typed> Binder::bind_variable(const std::string& name, Position position, const Scope& scope) {
  const Variable* variable = scope.find(name);
  if (variable == nullptr || variable->hidden) {
    // Inside an aggregate there are no grouping keys to be confused with.
    if (variable != nullptr && variable->ambiguous && !scope.inside_aggregate) {
      return refuse(ErrorCode::AmbiguousAggregationExpression,
                    "`" + name + "` stands beside an aggregate without being a grouping key of its own", position);
    }
    return undefined_variable(name, position, scope);
  }
  note_reference(variable->slot);
  return Typed{make_expression(SlotRef{variable->slot}, position), variable->type};
}

Result<Typed> Binder::bind_logical(LogicalOperator op, const std::vector<syntax::Expression>& operands,
                                   Position position, Scope& scope) {
  Logical logical{op, {}};
  logical.operands.reserve(operands.size());
  for (const syntax::Expression& operand : operands) {
    NX_TRY(Typed bound, bind_boolean(operand, scope, logical_name(op)));
    logical.operands.push_back(std::move(bound.expression));
  }
  return Typed{make_expression(std::move(logical), position), one(Type::Boolean)};
}

Result<Typed> Binder::bind_comparison(const syntax::Comparison& comparison, Position position, Scope& scope) {
  NX_TRY(Typed first, bind_expression(*comparison.first, scope));
  ComparisonChain chain{std::move(first.expression), {}};
  chain.steps.reserve(comparison.steps.size());
  for (const syntax::ComparisonStep& step : comparison.steps) {
    NX_TRY(Typed operand, bind_expression(step.operand, scope));
    chain.steps.push_back({binary(step.op), std::move(operand.expression)});
  }
  return Typed{make_expression(std::move(chain), position), one(Type::Boolean)};
}

Result<Typed> Binder::bind_arithmetic(const syntax::Arithmetic& arithmetic, Position position, Scope& scope) {
  NX_TRY(Typed first, bind_expression(*arithmetic.first, scope));
  const auto check = [](StaticType type, BinaryOperator op, Position where) -> Result<> {
    if (type.can_be(operand_types(op))) return Done{};
    return refuse(ErrorCode::InvalidArgumentTypeSyntax,
                  types_text(type.types) + " cannot be an operand here, expected " + types_text(operand_types(op)),
                  where);
  };
  StaticType type = first.type;
  BinaryChain chain{std::move(first.expression), {}};
  chain.steps.reserve(arithmetic.steps.size());
  Position left = arithmetic.first->position;
  for (const syntax::ArithmeticStep& step : arithmetic.steps) {
    NX_TRY(Typed operand, bind_expression(step.operand, scope));
    const BinaryOperator op = binary(step.op);
    NX_TRY_DO(check(type, op, left));
    NX_TRY_DO(check(operand.type, op, step.operand.position));
    if (op == BinaryOperator::Add && !can_add(type, operand.type)) {
      return refuse(ErrorCode::InvalidArgumentTypeSyntax,
                    "cannot add " + types_text(type.types) + " and " + types_text(operand.type.types),
                    step.operand.position);
    }
    type = result_type(op, type, operand.type);
    left = step.operand.position;
    chain.steps.push_back({op, std::move(operand.expression), step.operand.position});
  }
  return Typed{make_expression(std::move(chain), position), type};
}

Result<Typed> Binder::bind_predicate_operator(const syntax::Predicate& predicate, Position position, Scope& scope) {
  NX_TRY(Typed left, bind_expression(*predicate.left, scope));
  NX_TRY(Typed right, bind_expression(*predicate.right, scope));
  const BinaryOperator op = binary(predicate.op);
  if (op == BinaryOperator::In && !right.type.can_be(Type::List)) {
    return refuse(ErrorCode::InvalidArgumentTypeSyntax, "IN needs a LIST, not " + types_text(right.type.types),
                  predicate.right->position);
  }
  BinaryChain chain{std::move(left.expression), {}};
  chain.steps.push_back({op, std::move(right.expression), predicate.right->position});
  return Typed{make_expression(std::move(chain), position), one(Type::Boolean)};
}

Result<Typed> Binder::bind_property(const syntax::PropertyAccess& access, Position position, Scope& scope) {
  NX_TRY(Typed base, bind_expression(*access.base, scope));
  if (!base.type.can_be(kHasProperties)) {
    // A path is a graph object of the wrong kind, known by its syntax; everything else is a value of the wrong type.
    const ErrorCode code =
        base.type.is_only(types(Type::Path)) ? ErrorCode::InvalidArgumentTypeSyntax : ErrorCode::InvalidArgumentType;
    return refuse(code, types_text(base.type.types) + " has no property `" + access.key + "`", access.base->position);
  }
  return Typed{make_expression(PropertyOf{std::move(base.expression), access.key}, position)};
}

Result<Typed> Binder::bind_index(const syntax::IndexAccess& access, Position position, Scope& scope) {
  NX_TRY(Typed base, bind_expression(*access.base, scope));
  NX_TRY(Typed index, bind_expression(*access.index, scope));
  const StaticType type = base.type.is_only(types(Type::List)) ? StaticType{base.type.elements} : StaticType{};
  return Typed{make_expression(IndexOf{std::move(base.expression), std::move(index.expression)}, position), type};
}

Result<Typed> Binder::bind_slice(const syntax::ListSlice& slice, Position position, Scope& scope) {
  NX_TRY(Typed base, bind_expression(*slice.base, scope));
  SliceOf made{std::move(base.expression), nullptr, nullptr};
  if (slice.from) {
    NX_TRY(Typed from, bind_expression(*slice.from, scope));
    made.from = std::move(from.expression);
  }
  if (slice.to) {
    NX_TRY(Typed to, bind_expression(*slice.to, scope));
    made.to = std::move(to.expression);
  }
  return Typed{make_expression(std::move(made), position), list_of(base.type.elements)};
}

Result<Typed> Binder::bind_sign(const syntax::Sign& sign, Position position, Scope& scope) {
  NX_TRY(Typed operand, bind_expression(*sign.operand, scope));
  if (!operand.type.can_be(function::kNumber | types(Type::Duration))) {
    return refuse(ErrorCode::InvalidArgumentTypeSyntax, "a sign needs a number, not " + types_text(operand.type.types),
                  position);
  }
  const UnaryOperator op = sign.negative ? UnaryOperator::Negate : UnaryOperator::Plus;
  return Typed{make_expression(Unary{op, std::move(operand.expression)}, position), operand.type};
}

Result<Typed> Binder::bind_list(const syntax::ListLiteral& list, Position position, Scope& scope) {
  ListOf made;
  made.items.reserve(list.items.size());
  TypeSet elements = 0;
  for (const syntax::Expression& item : list.items) {
    NX_TRY(Typed bound, bind_expression(item, scope));
    elements |= bound.type.types;
    made.items.push_back(std::move(bound.expression));
  }
  return Typed{make_expression(std::move(made), position), list_of(elements == 0 ? function::kAny : elements)};
}

Result<Typed> Binder::bind_map(const syntax::MapLiteral& map, Position position, Scope& scope) {
  MapOf made;
  made.entries.reserve(map.entries.size());
  for (const syntax::MapEntry& entry : map.entries) {
    NX_TRY(Typed bound, bind_expression(entry.value, scope));
    made.entries.emplace_back(entry.key, std::move(bound.expression));
  }
  return Typed{make_expression(std::move(made), position), one(Type::Map)};
}

Result<Typed> Binder::bind_map_projection(const syntax::MapProjection& projection, Position position, Scope& scope) {
  NX_TRY(Typed subject, bind_variable(projection.variable, position, scope));
  if (!subject.type.can_be(function::kEntity | types(Type::Map))) {
    return refuse(ErrorCode::InvalidArgumentTypeSyntax,
                  "a map projection needs a node, a relationship or a map, not " + types_text(subject.type.types),
                  position);
  }
  MapProjection made;
  for (const syntax::MapProjectionItem& item : projection.items) {
    Typed value;
    switch (item.kind) {
      case syntax::MapProjectionItem::Kind::AllProperties: break;
      case syntax::MapProjectionItem::Kind::Property: {
        NX_TRY(Typed base, bind_variable(projection.variable, item.position, scope));
        value.expression = make_expression(PropertyOf{std::move(base.expression), item.name}, item.position);
        break;
      }
      case syntax::MapProjectionItem::Kind::Variable: {
        NX_TRY(value, bind_variable(item.name, item.position, scope));
        break;
      }
      case syntax::MapProjectionItem::Kind::Entry: {
        NX_TRY(value, bind_expression(*item.value, scope));
        break;
      }
    }
    const bool all = item.kind == syntax::MapProjectionItem::Kind::AllProperties;
    made.entries.push_back({all ? std::string() : item.name, std::move(value.expression)});
  }
  made.subject = std::move(subject.expression);
  return Typed{make_expression(std::move(made), position), one(Type::Map)};
}

}  // namespace nexus::plan
