// What the aggregates share: the check of an argument's type.
#pragma once

#include <string>

#include "function/families.h"

namespace nexus::function {

inline Error wrong_aggregate_type(std::string_view function, std::string_view expected, const Value& value) {
  return Error{ErrorCode::InvalidArgumentValue, std::string(function) + "() expects " + std::string(expected) +
                                                    ", not " + std::string(type_name(value.type()))};
}

template <class Kind>
std::unique_ptr<Accumulator> make_accumulator() {
  return std::make_unique<Kind>();
}

}  // namespace nexus::function
