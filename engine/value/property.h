// Which values a property of a node or relationship may hold.
#pragma once

#include <string_view>

#include "base/result.h"
#include "nexus/value.h"

namespace nexus {

// Boolean, Integer, Float, String, the temporal types, Duration, Point, and lists of one of
// these without nulls (Integers and Floats may mix). Null is no property value: to set a
// property to null is to remove it, which the caller does.
bool is_property_value(const Value& value);

// InvalidPropertyType naming the key and what is wrong with the value.
Result<> check_property_value(std::string_view key, const Value& value);

}  // namespace nexus
