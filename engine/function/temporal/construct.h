// date(), localtime(), time(), localdatetime(), datetime() of a map.
#pragma once

#include "function/temporal/fields.h"

namespace nexus::function {

// Null when a field is null; a zone alone means now.
Result<Value> build_temporal(CallContext& context, Type type, const Map& map);

}  // namespace nexus::function
