// + - * / % ^ on Cypher values: numbers, strings, lists, temporal values and durations.
//
// Null with anything is null. Errors: InvalidArgumentType naming both types, NumericOverflow
// (integers never wrap), DivisionByZero (integers only; floats follow IEEE 754).
#pragma once

#include "base/result.h"
#include "nexus/value.h"

namespace nexus {

Result<Value> add(const Value& left, const Value& right);
Result<Value> subtract(const Value& left, const Value& right);
Result<Value> multiply(const Value& left, const Value& right);
Result<Value> divide(const Value& left, const Value& right);
Result<Value> modulo(const Value& left, const Value& right);
Result<Value> power(const Value& left, const Value& right);  // Always a Float.
Result<Value> negate(const Value& operand);

}  // namespace nexus
