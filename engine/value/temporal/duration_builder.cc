#include "value/temporal/duration_builder.h"

#include <cmath>
#include <limits>

namespace nexus::temporal {
namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;

bool fits(Wide value) {
  return value >= std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max();
}

Wide floor_divide_wide(Wide value, Wide divisor) { return value / divisor - (value % divisor < 0 ? 1 : 0); }

bool is_small_integer(double value) { return std::fabs(value) < 9007199254740992.0 && std::trunc(value) == value; }

}  // namespace

void DurationBuilder::add(DurationUnit unit, std::int64_t multiplier, std::int64_t whole, double fraction) {
  const double scaled = fraction * static_cast<double>(multiplier);
  const double scaled_whole = std::trunc(scaled);
  add_wide(unit, Wide{whole} * multiplier + static_cast<std::int64_t>(scaled_whole), scaled - scaled_whole);
}

void DurationBuilder::add_real(DurationUnit unit, std::int64_t multiplier, double amount) {
  const double scaled = amount * static_cast<double>(multiplier);
  if (!(std::fabs(scaled) < kTwoTo63)) {
    overflow_ = true;
    return;
  }
  const double whole = std::trunc(scaled);
  add_wide(unit, static_cast<std::int64_t>(whole), scaled - whole);
}

void DurationBuilder::add_quotient(DurationUnit unit, std::int64_t amount, double divisor) {
  if (is_small_integer(divisor)) {
    const Wide whole_divisor = static_cast<std::int64_t>(divisor);
    const auto rest = static_cast<std::int64_t>(Wide{amount} % whole_divisor);
    add_wide(unit, Wide{amount} / whole_divisor, static_cast<double>(rest) / divisor);
  } else {
    add_real(unit, 1, static_cast<double>(amount) / divisor);
  }
}

void DurationBuilder::add_wide(DurationUnit unit, Wide whole, double fraction) {
  switch (unit) {
    case DurationUnit::Month:
      months_ += whole;
      spill_seconds(fraction * static_cast<double>(kSecondsPerMonth));
      break;
    case DurationUnit::Day:
      days_ += whole;
      spill_seconds(fraction * static_cast<double>(kSecondsPerDay));
      break;
    case DurationUnit::Second:
      seconds_ += whole;
      fraction_ += fraction * static_cast<double>(kNanosecondsPerSecond);
      break;
    case DurationUnit::Nanosecond:
      nanoseconds_ += whole;
      fraction_ += fraction;
      break;
  }
}

void DurationBuilder::spill_seconds(double seconds) {
  const double days = std::trunc(seconds / static_cast<double>(kSecondsPerDay));
  const double rest = seconds - days * static_cast<double>(kSecondsPerDay);
  const double whole = std::trunc(rest);
  days_ += static_cast<std::int64_t>(days);
  seconds_ += static_cast<std::int64_t>(whole);
  fraction_ += (rest - whole) * static_cast<double>(kNanosecondsPerSecond);
}

Result<Duration> DurationBuilder::build() const {
  const Wide nanoseconds = nanoseconds_ + static_cast<std::int64_t>(std::nearbyint(fraction_));
  const Wide carry = floor_divide_wide(nanoseconds, kNanosecondsPerSecond);
  const Wide seconds = seconds_ + carry;
  if (overflow_ || !fits(months_) || !fits(days_) || !fits(seconds)) {
    return Error(ErrorCode::NumericOverflow, "a component of the duration is too large");
  }
  return Duration{static_cast<std::int64_t>(months_), static_cast<std::int64_t>(days_),
                  static_cast<std::int64_t>(seconds),
                  static_cast<std::int32_t>(nanoseconds - carry * kNanosecondsPerSecond)};
}

}  // namespace nexus::temporal
