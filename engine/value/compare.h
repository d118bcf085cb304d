// The four relations between Cypher values, kept apart on purpose (openCypher 9, CIP2016-06-14).
//
//   equality       ternary: null with anything is unknown, also inside lists and maps
//   comparability  ternary <: unknown for values of different kinds, and for NaN false
//   orderability   total, for ORDER BY, min() and max(): see order()
//   equivalence    for DISTINCT and grouping: null is null, NaN is NaN
//
// Integers and floats are compared exactly, never by rounding the integer.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nexus/value.h"

namespace nexus {

enum class Ternary : std::uint8_t { False, True, Unknown };

Ternary equals(const Value& left, const Value& right);
Ternary less(const Value& left, const Value& right);            // left < right
Ternary less_or_equal(const Value& left, const Value& right);   // left <= right

// Negative, zero or positive. MAP < NODE < RELATIONSHIP < LIST < PATH < VECTOR < ZONED DATETIME
// < LOCAL DATETIME < DATE < ZONED TIME < LOCAL TIME < DURATION < POINT < STRING < BOOLEAN < NUMBER (NaN last) < NULL.
int order(const Value& left, const Value& right);

bool equivalent(const Value& left, const Value& right);
// Equal for equivalent values (1 and 1.0 are equivalent).
std::size_t hash(const Value& value);

inline Value ternary_value(Ternary ternary) {
  return ternary == Ternary::Unknown ? Value::null() : Value::boolean(ternary == Ternary::True);
}

struct ValueHash {
  std::size_t operator()(const Value& value) const { return hash(value); }
};
struct ValueEquivalent {
  bool operator()(const Value& left, const Value& right) const { return equivalent(left, right); }
};

}  // namespace nexus
