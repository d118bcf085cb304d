// What all.cc puts together: the temporal functions, one list per file.
#pragma once

#include "function/families.h"

namespace nexus::function {

std::span<const ScalarFunction> instant_functions();   // date(), datetime.fromepoch(), …
std::span<const ScalarFunction> truncate_functions();  // date.truncate(), …
std::span<const ScalarFunction> duration_functions();  // duration(), duration.between(), …

}  // namespace nexus::function
