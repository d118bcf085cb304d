// What range() means, for the function and for UNWIND, which needs no list of it.
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "function/function.h"

namespace nexus::function {

struct IntegerRange {
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::uint64_t count = 0;

  std::int64_t at(std::uint64_t index) const {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(start) + index * static_cast<std::uint64_t>(step));
  }
};

// Of the arguments of range(), two or three, none null. ArgumentTypeMismatch; NumberOutOfRange for the step 0.
Result<IntegerRange> integer_range(std::span<const Value> arguments);
bool is_range(const ScalarFunction& function);

}  // namespace nexus::function
