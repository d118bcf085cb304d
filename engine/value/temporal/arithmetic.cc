#include <string>

#include "value/temporal/civil.h"
#include "value/temporal/duration_builder.h"
#include "value/temporal/temporal.h"
#include "value/temporal/time_zone.h"

namespace nexus {
namespace {

using temporal::at_instant, temporal::at_local, temporal::date_of, temporal::DurationBuilder,
    temporal::DurationUnit, temporal::floor_modulo, temporal::join, temporal::kNanosecondsPerDay,
    temporal::kNanosecondsPerSecond, temporal::kSecondsPerDay, temporal::local_of, temporal::plus_days,
    temporal::plus_months, temporal::plus_seconds, temporal::time_of, temporal::Zone, temporal::zone_of;

// Whole days in the time part, towards zero: a date moves by them and ignores the rest.
std::int64_t whole_days(const Duration& duration) {
  const bool borrow = duration.seconds < 0 && duration.nanoseconds > 0;
  return (duration.seconds + (borrow ? 1 : 0)) / kSecondsPerDay;
}

Result<Date> plus(Date date, const Duration& duration) {
  NX_TRY(const Date moved, plus_months(date, duration.months));
  NX_TRY(const Date day, plus_days(moved, duration.days));
  return plus_days(day, whole_days(duration));
}

// The clock turns: months, days and whole days change nothing.
std::int64_t turn_clock(std::int64_t nanoseconds, const Duration& duration) {
  const std::int64_t seconds = floor_modulo(duration.seconds, kSecondsPerDay);
  return floor_modulo(nanoseconds + seconds * kNanosecondsPerSecond + duration.nanoseconds, kNanosecondsPerDay);
}

Result<LocalDateTime> plus_date_part(LocalDateTime local, const Duration& duration) {
  NX_TRY(const Date moved, plus_months(date_of(local), duration.months));
  NX_TRY(const Date day, plus_days(moved, duration.days));
  return join(day, time_of(local));
}

// Months and days move the wall clock, seconds move the instant: a day may last 23 hours.
Result<DateTime> plus(const DateTime& date_time, const Duration& duration) {
  const Zone zone = zone_of(date_time);
  DateTime moved = date_time;
  if (duration.months != 0 || duration.days != 0) {
    NX_TRY(const LocalDateTime local, plus_date_part(local_of(date_time), duration));
    NX_TRY(moved, at_local(local, zone, date_time.offset_seconds));
  }
  NX_TRY(const LocalDateTime instant,
         plus_seconds({moved.epoch_seconds, moved.nanoseconds}, duration.seconds, duration.nanoseconds));
  return at_instant(instant.epoch_seconds, instant.nanoseconds, zone);
}

// Requires: `value` is temporal or a Duration.
Result<Value> plus(const Value& value, const Duration& duration) {
  if (value.is(Type::Date)) {
    NX_TRY(const Date date, plus(value.date(), duration));
    return Value::date(date);
  }
  if (value.is(Type::LocalTime)) return Value::local_time({turn_clock(value.local_time().nanoseconds, duration)});
  if (value.is(Type::Time)) {
    const Time time = value.time();
    return Value::time({turn_clock(time.nanoseconds, duration), time.offset_seconds});
  }
  if (value.is(Type::LocalDateTime)) {
    NX_TRY(LocalDateTime local, plus_date_part(value.local_date_time(), duration));
    NX_TRY(local, plus_seconds(local, duration.seconds, duration.nanoseconds));
    return Value::local_date_time(local);
  }
  if (value.is(Type::DateTime)) {
    NX_TRY(DateTime date_time, plus(value.date_time(), duration));
    return Value::date_time(std::move(date_time));
  }
  NX_TRY(const Duration sum, add_durations(value.duration(), duration));
  return Value::duration(sum);
}

bool takes_duration(const Value& value) { return value.is_temporal() || value.is(Type::Duration); }

Error cannot(const char* verb, const Value& left, const char* preposition, const Value& right) {
  std::string text = "cannot ";
  text.append(verb).append(type_name(right.type())).append(preposition).append(type_name(left.type()));
  return Error(ErrorCode::InvalidArgumentType, std::move(text));
}

}  // namespace

Result<Duration> add_durations(const Duration& left, const Duration& right) {
  DurationBuilder builder;
  for (const Duration* part : {&left, &right}) {
    builder.add(DurationUnit::Month, 1, part->months);
    builder.add(DurationUnit::Day, 1, part->days);
    builder.add(DurationUnit::Second, 1, part->seconds);
    builder.add(DurationUnit::Nanosecond, 1, part->nanoseconds);
  }
  return builder.build();
}

Result<Duration> subtract_durations(const Duration& left, const Duration& right) {
  NX_TRY(const Duration negative, negate_duration(right));
  return add_durations(left, negative);
}

Result<Duration> negate_duration(const Duration& duration) { return multiply_duration(duration, -1); }

Result<Duration> multiply_duration(const Duration& duration, double factor) {
  DurationBuilder builder;
  const auto add = [&](DurationUnit unit, std::int64_t amount) {
    // An integral factor multiplies exactly, whatever the size of the amount.
    constexpr double kExactMax = 9007199254740992.0;
    if (factor > -kExactMax && factor < kExactMax && static_cast<double>(static_cast<std::int64_t>(factor)) == factor) {
      builder.add(unit, static_cast<std::int64_t>(factor), amount);
    } else {
      builder.add_real(unit, 1, static_cast<double>(amount) * factor);
    }
  };
  add(DurationUnit::Month, duration.months);
  add(DurationUnit::Day, duration.days);
  add(DurationUnit::Second, duration.seconds);
  add(DurationUnit::Nanosecond, duration.nanoseconds);
  return builder.build();
}

Result<Duration> divide_duration(const Duration& duration, double divisor) {
  if (divisor == 0) return Error(ErrorCode::DivisionByZero, "a duration cannot be divided by zero");
  DurationBuilder builder;
  builder.add_quotient(DurationUnit::Month, duration.months, divisor);
  builder.add_quotient(DurationUnit::Day, duration.days, divisor);
  builder.add_quotient(DurationUnit::Second, duration.seconds, divisor);
  builder.add_quotient(DurationUnit::Nanosecond, duration.nanoseconds, divisor);
  return builder.build();
}

Result<Value> add_temporal(const Value& left, const Value& right) {
  if (right.is(Type::Duration) && takes_duration(left)) return plus(left, right.duration());
  if (left.is(Type::Duration) && takes_duration(right)) return plus(right, left.duration());
  return cannot("add ", left, " to ", right);
}

Result<Value> subtract_temporal(const Value& left, const Value& right) {
  if (!right.is(Type::Duration) || !takes_duration(left)) return cannot("subtract ", left, " from ", right);
  NX_TRY(const Duration negative, negate_duration(right.duration()));
  return plus(left, negative);
}

}  // namespace nexus
