// DurationBuilder: sums amounts of any unit, whole or broken, into a Duration.
//
// A broken month spills into days and seconds (at 30.436875 days a month), a broken day
// into seconds; whole amounts stay where they are: 90 days are never 3 months.
#pragma once

#include "base/result.h"
#include "nexus/value.h"
#include "value/temporal/civil.h"

namespace nexus::temporal {

enum class DurationUnit : std::uint8_t { Month, Day, Second, Nanosecond };

class DurationBuilder {
 public:
  // (whole + fraction) × multiplier units. Requires: |fraction| < 1, |multiplier| < 2^53.
  void add(DurationUnit unit, std::int64_t multiplier, std::int64_t whole, double fraction = 0);
  // amount × multiplier units; anything that is no number makes build() fail.
  void add_real(DurationUnit unit, std::int64_t multiplier, double amount);
  // amount ÷ divisor units. Requires: divisor is not 0.
  void add_quotient(DurationUnit unit, std::int64_t amount, double divisor);

  // Rounds to the nanosecond, halves to even. Errors: NumericOverflow.
  Result<Duration> build() const;

 private:
  void add_wide(DurationUnit unit, Wide whole, double fraction);
  void spill_seconds(double seconds);

  Wide months_ = 0, days_ = 0, seconds_ = 0, nanoseconds_ = 0;
  double fraction_ = 0;  // Of nanoseconds, not yet rounded.
  bool overflow_ = false;
};

// Named units of a map or an ISO text: "years" is 12 Months.
struct NamedUnit {
  const char* name;
  DurationUnit unit;
  std::int64_t multiplier;
};
constexpr NamedUnit kNamedUnits[] = {
    {"years", DurationUnit::Month, 12},
    {"quarters", DurationUnit::Month, 3},
    {"months", DurationUnit::Month, 1},
    {"weeks", DurationUnit::Day, 7},
    {"days", DurationUnit::Day, 1},
    {"hours", DurationUnit::Second, 3600},
    {"minutes", DurationUnit::Second, 60},
    {"seconds", DurationUnit::Second, 1},
    {"milliseconds", DurationUnit::Nanosecond, 1'000'000},
    {"microseconds", DurationUnit::Nanosecond, 1'000},
    {"nanoseconds", DurationUnit::Nanosecond, 1},
};

}  // namespace nexus::temporal
