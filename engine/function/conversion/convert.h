// One value to another type: nullopt when it cannot be, as toXOrNull() answers.
#pragma once

#include <optional>

#include "function/function.h"

namespace nexus::function {

constexpr TypeSet kToBooleanTypes = types(Type::Boolean, Type::String, Type::Integer);
constexpr TypeSet kToIntegerTypes = types(Type::Boolean, Type::String, Type::Integer, Type::Float);
constexpr TypeSet kToFloatTypes = types(Type::String, Type::Integer, Type::Float);
constexpr TypeSet kToStringTypes =
    types(Type::Boolean, Type::String, Type::Integer, Type::Float, Type::Date, Type::LocalTime, Type::Time,
          Type::LocalDateTime, Type::DateTime, Type::Duration, Type::Point);

// Null for a text that is no such value; NumericOverflow for an integer beyond 64 bits.
// Requires: the type is in the set above.
Result<Value> convert_to_boolean(const Value& value);
Result<Value> convert_to_integer(const Value& value);
Result<Value> convert_to_float(const Value& value);
Result<Value> convert_to_string(const Value& value);

}  // namespace nexus::function
