// The pure functions of the apoc library that queries reach for first, one list per family.
#pragma once

#include "function/families.h"

namespace nexus::function {

std::span<const ScalarFunction> apoc_set_functions();       // apoc.coll.*: lists as sets and bags
std::span<const ScalarFunction> apoc_sequence_functions();  // apoc.coll.*: lists in their order
std::span<const ScalarFunction> apoc_any_functions();
std::span<const ScalarFunction> apoc_map_functions();
std::span<const ScalarFunction> apoc_text_functions();      // apoc.text.*: shape and case
std::span<const ScalarFunction> apoc_distance_functions();  // apoc.text.*: how alike, and encodings
std::span<const ScalarFunction> apoc_convert_functions();
std::span<const ScalarFunction> apoc_number_functions();    // apoc.number.* and apoc.math.*
std::span<const ScalarFunction> apoc_date_functions();

}  // namespace nexus::function
