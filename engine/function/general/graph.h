// The functions about the graphs of a composite database.
#pragma once

#include "function/function.h"

namespace nexus::function {

inline constexpr std::string_view kGraphFunctions = "graph";  // Their category.
std::span<const ScalarFunction> graph_functions();

}  // namespace nexus::function
