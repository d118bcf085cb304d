// Values in TCK tables, brought to one canonical text so that they can be compared.
//
// Both sides go through it: the table's cell and the engine's canonical text. Labels and
// map keys are sorted (they are sets), floats printed one way, and, when `bag_lists`, the
// elements of every list sorted too.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "nexus/value.h"

namespace nexus::tck {

Result<std::string> canonical(std::string_view text, bool bag_lists);

// A parameter or a procedure's cell as a Value (no entities).
Result<Value> parse_value(std::string_view text);

}  // namespace nexus::tck
