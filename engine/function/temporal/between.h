// The time that lies between two temporal values, in calendar units or on the clock.
#pragma once

#include "function/temporal/parts.h"

namespace nexus::function {

enum class BetweenUnit : std::uint8_t { All, Months, Days, Seconds };

// Each side lends the other what it lacks, date or zone; a date alone is its midnight. Without
// a date on both sides there are no months and days. Requires: two values that are temporal.
Result<Duration> between(const Value& from, const Value& to, BetweenUnit unit);

}  // namespace nexus::function
