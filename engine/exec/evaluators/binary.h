// What one binary operator does to two values.
#pragma once

#include "exec/context.h"
#include "plan/expression.h"
#include "value/arithmetic.h"
#include "value/compare.h"

namespace nexus::exec {

// Any operator. Comparison operators answer as compare_values().
Result<Value> apply_binary(Context& context, plan::BinaryOperator op, const Value& left, const Value& right);
// Requires: Equal, NotEqual, Less, LessOrEqual, Greater or GreaterOrEqual.
Ternary compare_values(plan::BinaryOperator op, const Value& left, const Value& right);

}  // namespace nexus::exec
