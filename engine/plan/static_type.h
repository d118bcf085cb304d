// What the binder knows of a value before anything runs.
//
// Invariant: the sets are upper bounds. A type outside of `types` cannot occur; every type
// is possible where nothing is known. Null is always possible on top.
#pragma once

#include "function/function.h"
#include "nexus/value.h"

namespace nexus::plan {

constexpr function::TypeSet kTemporal = function::types(Type::Date, Type::LocalTime, Type::Time, Type::LocalDateTime,
                                                        Type::DateTime);
// What a property access may start from.
constexpr function::TypeSet kHasProperties =
    function::kEntity | kTemporal | function::types(Type::Map, Type::Duration, Type::Point);

struct StaticType {
  function::TypeSet types = function::kAny;
  function::TypeSet elements = function::kAny;  // Of the items, when it is a list.

  bool can_be(function::TypeSet wanted) const { return (types & wanted) != 0; }
  bool can_be(Type wanted) const { return can_be(function::type_bit(wanted)); }
  // Surely of one of these, or null.
  bool is_only(function::TypeSet wanted) const { return types != 0 && (types & ~wanted) == 0; }
};

inline StaticType one(Type type) { return {function::type_bit(type), function::kAny}; }
inline StaticType list_of(function::TypeSet elements) { return {function::type_bit(Type::List), elements}; }
// The type of something that may be either.
inline StaticType either(StaticType left, StaticType right) {
  return {left.types | right.types, left.elements | right.elements};
}
StaticType type_of(const Value& constant);

// "INTEGER or FLOAT", for messages.
std::string types_text(function::TypeSet types);

}  // namespace nexus::plan
