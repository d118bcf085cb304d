// What all.cc puts together: one list per family of functions, each in a file of its own.
#pragma once

#include <span>

#include "function/function.h"

namespace nexus::function {

using Arguments = std::span<const Value>;

std::span<const ScalarFunction> entity_functions();
std::span<const ScalarFunction> path_functions();
std::span<const ScalarFunction> list_functions();
std::span<const ScalarFunction> range_functions();
std::span<const ScalarFunction> collection_functions();
std::span<const ScalarFunction> null_functions();
std::span<const ScalarFunction> value_type_functions();
std::span<const ScalarFunction> random_functions();
std::span<const ScalarFunction> scalar_conversions();
std::span<const ScalarFunction> list_conversions();
std::span<const ScalarFunction> numeric_functions();
std::span<const ScalarFunction> round_functions();
std::span<const ScalarFunction> trigonometric_functions();
std::span<const ScalarFunction> trim_functions();
std::span<const ScalarFunction> case_functions();
std::span<const ScalarFunction> substring_functions();
std::span<const ScalarFunction> replace_functions();
std::span<const ScalarFunction> normalize_functions();
std::span<const ScalarFunction> point_functions();
std::span<const ScalarFunction> vector_functions();
std::span<const ScalarFunction* const> temporal_functions();  // function/temporal/all.cc

std::span<const AggregateFunction> count_aggregates();
std::span<const AggregateFunction> sum_aggregates();
std::span<const AggregateFunction> deviation_aggregates();
std::span<const AggregateFunction> percentile_aggregates();

// MemoryLimit when `bytes` more would not fit now; takes nothing, because what a function
// returns belongs to whoever keeps it. Cheap for small results.
Result<> check_room(CallContext& context, std::uint64_t bytes);

}  // namespace nexus::function
