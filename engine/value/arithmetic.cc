#include "value/arithmetic.h"

#include <cmath>
#include <limits>

#include "base/number.h"
#include "value/temporal/temporal.h"

namespace nexus {
namespace {

constexpr std::int64_t kSmallest = std::numeric_limits<std::int64_t>::min();

Error type_error(std::string_view verb, const Value& left, std::string_view joint, const Value& right) {
  std::string message = "cannot ";
  message += verb;
  message += ' ';
  message += type_name(left.type());
  message += joint;
  message += type_name(right.type());
  return Error{ErrorCode::InvalidArgumentType, std::move(message)};
}

Error overflow(std::int64_t left, std::string_view sign, std::int64_t right) {
  return Error{ErrorCode::NumericOverflow, std::to_string(left) + " " + std::string(sign) + " " +
                                               std::to_string(right) + " is beyond the 64-bit integers"};
}

Error division_by_zero(std::int64_t left, std::string_view sign) {
  return Error{ErrorCode::DivisionByZero, std::to_string(left) + " " + std::string(sign) + " 0 divides by zero"};
}

bool both_integers(const Value& left, const Value& right) {
  return left.is(Type::Integer) && right.is(Type::Integer);
}
bool both_numbers(const Value& left, const Value& right) { return left.is_number() && right.is_number(); }
bool is_moment(const Value& value) { return value.is_temporal() || value.is(Type::Duration); }

Result<Value> duration_value(Result<Duration> duration) {
  if (!duration) return std::move(duration.error());
  return Value::duration(*duration);
}

Result<Value> checked_list(List items) {
  Value made = Value::list(std::move(items));
  if (made.depth() > Value::kDepthMax) {
    return Error{ErrorCode::LimitExceeded, "a list nests deeper than " + std::to_string(Value::kDepthMax) + " levels"};
  }
  return made;
}

Result<Value> add_lists(const Value& left, const Value& right) {
  List items;
  const auto append = [&items](const Value& part) {
    if (part.is(Type::List)) {
      items.insert(items.end(), part.list().begin(), part.list().end());
    } else {
      items.push_back(part);
    }
  };
  const auto size = [](const Value& part) { return part.is(Type::List) ? part.list().size() : 1; };
  items.reserve(size(left) + size(right));
  append(left);
  append(right);
  return checked_list(std::move(items));
}

// What + may glue to a string: numbers and booleans, not temporal values or points.
bool append_operand(std::string& out, const Value& value) {
  if (value.is(Type::String)) return out += value.string(), true;
  if (value.is(Type::Integer)) return out += std::to_string(value.integer()), true;
  if (value.is(Type::Float)) return append_double(out, value.real()), true;
  if (value.is(Type::Boolean)) return out += value.boolean() ? "true" : "false", true;
  return false;
}

}  // namespace

Result<Value> add(const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return Value::null();
  if (both_integers(left, right)) {
    std::int64_t sum;
    if (__builtin_add_overflow(left.integer(), right.integer(), &sum)) {
      return overflow(left.integer(), "+", right.integer());
    }
    return Value::integer(sum);
  }
  if (both_numbers(left, right)) return Value::real(left.number() + right.number());
  if (left.is(Type::List) || right.is(Type::List)) return add_lists(left, right);
  if (left.is(Type::String) || right.is(Type::String)) {
    std::string text;
    if (append_operand(text, left) && append_operand(text, right)) return Value::string(text);
  } else if (is_moment(left) && is_moment(right)) {
    return add_temporal(left, right);
  }
  return type_error("add", left, " and ", right);
}

Result<Value> subtract(const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return Value::null();
  if (both_integers(left, right)) {
    std::int64_t difference;
    if (__builtin_sub_overflow(left.integer(), right.integer(), &difference)) {
      return overflow(left.integer(), "-", right.integer());
    }
    return Value::integer(difference);
  }
  if (both_numbers(left, right)) return Value::real(left.number() - right.number());
  if (is_moment(left) && right.is(Type::Duration)) return subtract_temporal(left, right);
  return type_error("subtract", right, " from ", left);
}

Result<Value> multiply(const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return Value::null();
  if (both_integers(left, right)) {
    std::int64_t product;
    if (__builtin_mul_overflow(left.integer(), right.integer(), &product)) {
      return overflow(left.integer(), "*", right.integer());
    }
    return Value::integer(product);
  }
  if (both_numbers(left, right)) return Value::real(left.number() * right.number());
  if (left.is(Type::Duration) && right.is_number()) {
    return duration_value(multiply_duration(left.duration(), right.number()));
  }
  if (right.is(Type::Duration) && left.is_number()) {
    return duration_value(multiply_duration(right.duration(), left.number()));
  }
  return type_error("multiply", left, " and ", right);
}

Result<Value> divide(const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return Value::null();
  if (both_integers(left, right)) {
    if (right.integer() == 0) return division_by_zero(left.integer(), "/");
    if (left.integer() == kSmallest && right.integer() == -1) return overflow(kSmallest, "/", -1);
    return Value::integer(left.integer() / right.integer());
  }
  if (both_numbers(left, right)) return Value::real(left.number() / right.number());
  if (left.is(Type::Duration) && right.is_number()) {
    return duration_value(divide_duration(left.duration(), right.number()));
  }
  return type_error("divide", left, " by ", right);
}

Result<Value> modulo(const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return Value::null();
  if (both_integers(left, right)) {
    if (right.integer() == 0) return division_by_zero(left.integer(), "%");
    // The smallest integer % -1 traps on some machines although the answer is 0.
    return Value::integer(right.integer() == -1 ? 0 : left.integer() % right.integer());
  }
  if (both_numbers(left, right)) return Value::real(std::fmod(left.number(), right.number()));
  return type_error("divide", left, " by ", right);
}

Result<Value> power(const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return Value::null();
  if (both_numbers(left, right)) return Value::real(std::pow(left.number(), right.number()));
  return type_error("raise", left, " to the power of ", right);
}

Result<Value> negate(const Value& operand) {
  switch (operand.type()) {
    case Type::Null: return Value::null();
    case Type::Integer:
      if (operand.integer() == kSmallest) return overflow(0, "-", kSmallest);
      return Value::integer(-operand.integer());
    case Type::Float: return Value::real(-operand.real());
    case Type::Duration: return duration_value(negate_duration(operand.duration()));
    case Type::Boolean:
    case Type::String:
    case Type::List:
    case Type::Map:
    case Type::Node:
    case Type::Relationship:
    case Type::Path:
    case Type::Date:
    case Type::LocalTime:
    case Type::Time:
    case Type::LocalDateTime:
    case Type::DateTime:
    case Type::Point:
    case Type::Vector: break;
  }
  return Error{ErrorCode::InvalidArgumentType, "cannot negate " + std::string(type_name(operand.type()))};
}

}  // namespace nexus
