// The exact order of integers and floats, with NaN left to the caller.
#pragma once

#include <cmath>
#include <cstdint>

#include "nexus/value.h"

namespace nexus {

// Negative, zero, positive. Requires: `right` is not NaN.
inline int compare_exactly(std::int64_t left, double right) {
  if (right >= 9223372036854775808.0) return -1;
  if (right < -9223372036854775808.0) return 1;
  const double whole = std::trunc(right);
  const auto right_integer = static_cast<std::int64_t>(whole);
  if (left != right_integer) return left < right_integer ? -1 : 1;
  return right > whole ? -1 : right < whole ? 1 : 0;
}

inline bool is_nan(const Value& value) { return value.is(Type::Float) && std::isnan(value.real()); }

// Requires: both are numbers, neither is NaN.
inline int compare_numbers(const Value& left, const Value& right) {
  if (left.is(Type::Integer)) {
    if (right.is(Type::Float)) return compare_exactly(left.integer(), right.real());
    return left.integer() < right.integer() ? -1 : left.integer() > right.integer() ? 1 : 0;
  }
  if (right.is(Type::Integer)) return -compare_exactly(right.integer(), left.real());
  return left.real() < right.real() ? -1 : left.real() > right.real() ? 1 : 0;
}

}  // namespace nexus
