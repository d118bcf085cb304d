#include "function/temporal/between.h"

#include "value/temporal/civil.h"
#include "value/temporal/temporal.h"

namespace nexus::function {
namespace {

using temporal::at_instant, temporal::at_local, temporal::civil_of, temporal::CivilDate, temporal::date_of,
    temporal::floor_modulo, temporal::join, temporal::kNanosecondsPerDay, temporal::kNanosecondsPerSecond,
    temporal::local_of, temporal::time_of, temporal::Zone, temporal::zone_of;

// `value` as a datetime, with the date and zone of `lender` where it has none itself.
Result<DateTime> complete(const Value& value, const Value& lender) {
  if (value.is(Type::DateTime)) return value.date_time();
  auto date = date_part(value);
  if (!date) date = date_part(lender);
  auto zone = zone_part(value);
  if (!zone) zone = zone_part(lender);
  const LocalTime time = time_part(value).value_or(LocalTime{});
  return at_local(join(date.value_or(Date{}), time), zone.value_or(Zone{}));
}

// Whole months and days, towards zero; the clock decides whether the last one is whole.
std::int64_t months_until(LocalDateTime from, LocalDateTime to) {
  const CivilDate first = civil_of(date_of(from));
  const CivilDate last = civil_of(date_of(to));
  // Months, and what is left of one as nanoseconds that never reach 32 days.
  const std::int64_t months = (last.year - first.year) * 12 + last.month - first.month;
  const std::int64_t clock = time_of(to).nanoseconds - time_of(from).nanoseconds;
  const std::int64_t rest = (last.day - first.day) * kNanosecondsPerDay + clock;
  if (months > 0 && rest < 0) return months - 1;
  if (months < 0 && rest > 0) return months + 1;
  return months;
}

std::int64_t days_until(LocalDateTime from, LocalDateTime to) {
  const std::int64_t days = date_of(to).epoch_days - date_of(from).epoch_days;
  const std::int64_t rest = time_of(to).nanoseconds - time_of(from).nanoseconds;
  if (days > 0 && rest < 0) return days - 1;
  if (days < 0 && rest > 0) return days + 1;
  return days;
}

Duration seconds_until(const DateTime& from, const DateTime& to) {
  const std::int64_t nanoseconds = std::int64_t{to.nanoseconds} - from.nanoseconds;
  return {0, 0, to.epoch_seconds - from.epoch_seconds - (nanoseconds < 0 ? 1 : 0),
          static_cast<std::int32_t>(floor_modulo(nanoseconds, kNanosecondsPerSecond))};
}

}  // namespace

Result<Duration> between(const Value& from, const Value& to, BetweenUnit unit) {
  NX_TRY(DateTime start, complete(from, to));
  NX_TRY(const DateTime end, complete(to, from));
  if (unit == BetweenUnit::Seconds) return seconds_until(start, end);
  const bool has_dates = date_part(from) && date_part(to);
  if (!has_dates) return unit == BetweenUnit::All ? seconds_until(start, end) : Duration{};

  // The calendar of the first value's zone counts.
  NX_TRY(const DateTime local_end, at_instant(end.epoch_seconds, end.nanoseconds, zone_of(start)));
  const LocalDateTime last = local_of(local_end);
  if (unit == BetweenUnit::Days) return Duration{0, days_until(local_of(start), last), 0, 0};
  const std::int64_t months = months_until(local_of(start), last);
  if (unit == BetweenUnit::Months) return Duration{months, 0, 0, 0};
  NX_TRY(const Value after_months, add_temporal(Value::date_time(start), Value::duration({months, 0, 0, 0})));
  const std::int64_t days = days_until(local_of(after_months.date_time()), last);
  NX_TRY(const Value after_days, add_temporal(after_months, Value::duration({0, days, 0, 0})));
  const Duration rest = seconds_until(after_days.date_time(), end);
  return Duration{months, days, rest.seconds, rest.nanoseconds};
}

}  // namespace nexus::function
