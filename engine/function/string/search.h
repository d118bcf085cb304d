// The operators STARTS WITH, ENDS WITH and CONTAINS: null unless both sides are strings.
#pragma once

#include "nexus/value.h"

namespace nexus::function {

inline bool both_strings(const Value& left, const Value& right) {
  return left.is(Type::String) && right.is(Type::String);
}

inline Value starts_with(const Value& text, const Value& prefix) {
  return both_strings(text, prefix) ? Value::boolean(text.string().starts_with(prefix.string())) : Value::null();
}

inline Value ends_with(const Value& text, const Value& suffix) {
  return both_strings(text, suffix) ? Value::boolean(text.string().ends_with(suffix.string())) : Value::null();
}

inline Value contains(const Value& text, const Value& part) {
  return both_strings(text, part) ? Value::boolean(text.string().find(part.string()) != std::string_view::npos)
                                  : Value::null();
}

}  // namespace nexus::function
