#include "exec/evaluators/binary.h"

#include "exec/evaluators/evaluators.h"

namespace nexus::exec {

namespace {

Result<Value> is_in(Context& context, const Value& item, const Value& list) {
  if (list.is_null()) return Value::null();
  if (!list.is(Type::List)) return type_error("a LIST after IN", list);
  bool unknown = false;
  for (const Value& candidate : list.list()) {
    NX_TRY_DO(context.tick());
    const Ternary same = equals(item, candidate);
    if (same == Ternary::True) return Value::boolean(true);
    unknown |= same == Ternary::Unknown;
  }
  return unknown ? Value::null() : Value::boolean(false);
}

bool starts_with(std::string_view text, std::string_view part) { return text.substr(0, part.size()) == part; }
bool ends_with(std::string_view text, std::string_view part) {
  return text.size() >= part.size() && text.substr(text.size() - part.size()) == part;
}

// Of anything but two strings nothing is known.
Value text_test(plan::BinaryOperator op, const Value& left, const Value& right) {
  if (!left.is(Type::String) || !right.is(Type::String)) return Value::null();
  const std::string_view text = left.string(), part = right.string();
  if (op == plan::BinaryOperator::StartsWith) return Value::boolean(starts_with(text, part));
  if (op == plan::BinaryOperator::EndsWith) return Value::boolean(ends_with(text, part));
  return Value::boolean(text.find(part) != std::string_view::npos);
}

Result<Value> matches(Context& context, const Value& text, const Value& pattern) {
  if (!text.is(Type::String) || !pattern.is(Type::String)) return Value::null();
  NX_TRY(const function::Regex* regex, context.regexes.find(pattern.string()));
  return Value::boolean(regex->full_match(text.string()));
}

// What a string or list of these two would take must fit now: doubling a list sixty times
// is a short query.
Result<> check_sum(Context& context, const Value& left, const Value& right) {
  const std::uint64_t bytes = left.heap_bytes() + right.heap_bytes();
  if (bytes < 4096) return Done{};
  NX_TRY_DO(context.budget.charge(bytes));
  context.budget.release(bytes);
  return Done{};
}

bool can_grow(const Value& value) { return value.is(Type::List) || value.is(Type::String); }

Result<Value> concatenate(Context& context, const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return Value::null();
  if (left.type() != right.type() || !can_grow(left)) {
    return Error{ErrorCode::InvalidArgumentType, "|| joins two STRING or two LIST values, not " +
                                                     std::string(type_name(left.type())) + " and " +
                                                     std::string(type_name(right.type()))};
  }
  NX_TRY_DO(check_sum(context, left, right));
  return add(left, right);
}

Result<Value> sum(Context& context, const Value& left, const Value& right) {
  if (can_grow(left) || can_grow(right)) {
    NX_TRY_DO(check_sum(context, left, right));
    if (left.is(Type::List)) NX_TRY_DO(check_depth(right));
    if (right.is(Type::List)) NX_TRY_DO(check_depth(left));
  }
  return add(left, right);
}

}  // namespace

Ternary compare_values(plan::BinaryOperator op, const Value& left, const Value& right) {
  if (op == plan::BinaryOperator::Equal) return equals(left, right);
  if (op == plan::BinaryOperator::Less) return less(left, right);
  if (op == plan::BinaryOperator::LessOrEqual) return less_or_equal(left, right);
  if (op == plan::BinaryOperator::Greater) return less(right, left);
  if (op == plan::BinaryOperator::GreaterOrEqual) return less_or_equal(right, left);
  NX_CHECK(op == plan::BinaryOperator::NotEqual);
  const Ternary same = equals(left, right);
  if (same == Ternary::Unknown) return same;
  return same == Ternary::True ? Ternary::False : Ternary::True;
}

Result<Value> apply_binary(Context& context, plan::BinaryOperator op, const Value& left, const Value& right) {
  switch (op) {
    case plan::BinaryOperator::Add:
      return sum(context, left, right);
    case plan::BinaryOperator::Subtract:
      return subtract(left, right);
    case plan::BinaryOperator::Multiply:
      return multiply(left, right);
    case plan::BinaryOperator::Divide:
      return divide(left, right);
    case plan::BinaryOperator::Modulo:
      return modulo(left, right);
    case plan::BinaryOperator::Power:
      return power(left, right);
    case plan::BinaryOperator::Concatenate:
      return concatenate(context, left, right);
    case plan::BinaryOperator::In:
      return is_in(context, left, right);
    case plan::BinaryOperator::StartsWith:
    case plan::BinaryOperator::EndsWith:
    case plan::BinaryOperator::Contains:
      return text_test(op, left, right);
    case plan::BinaryOperator::Matches:
      return matches(context, left, right);
    case plan::BinaryOperator::Equal:
    case plan::BinaryOperator::NotEqual:
    case plan::BinaryOperator::Less:
    case plan::BinaryOperator::LessOrEqual:
    case plan::BinaryOperator::Greater:
    case plan::BinaryOperator::GreaterOrEqual:
      return ternary_value(compare_values(op, left, right));
  }
  return Value::null();
}

}  // namespace nexus::exec
