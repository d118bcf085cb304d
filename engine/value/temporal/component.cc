#include <limits>

#include "value/temporal/civil.h"
#include "value/temporal/temporal.h"

namespace nexus {
namespace {

using temporal::civil_of, temporal::CivilDate, temporal::clock_of, temporal::ClockTime, temporal::date_of,
    temporal::day_of_quarter, temporal::day_of_week, temporal::day_of_year, temporal::kNanosecondsPerSecond,
    temporal::local_of, temporal::time_of, temporal::week_date_of, temporal::Wide;
using Component = std::optional<Value>;

Component integer(Wide number) {
  if (number < std::numeric_limits<std::int64_t>::min() || number > std::numeric_limits<std::int64_t>::max()) {
    return std::nullopt;
  }
  return Value::integer(static_cast<std::int64_t>(number));
}

Component date_component(Date date, std::string_view key) {
  const CivilDate civil = civil_of(date);
  if (key == "year") return integer(civil.year);
  if (key == "quarter") return integer((civil.month - 1) / 3 + 1);
  if (key == "month") return integer(civil.month);
  if (key == "week") return integer(week_date_of(date).week);
  if (key == "weekYear") return integer(week_date_of(date).year);
  if (key == "day") return integer(civil.day);
  if (key == "ordinalDay") return integer(day_of_year(date));
  if (key == "weekDay" || key == "dayOfWeek") return integer(day_of_week(date));
  if (key == "dayOfQuarter") return integer(day_of_quarter(date));
  return std::nullopt;
}

Component time_component(LocalTime time, std::string_view key) {
  const ClockTime clock = clock_of(time);
  if (key == "hour") return integer(clock.hour);
  if (key == "minute") return integer(clock.minute);
  if (key == "second") return integer(clock.second);
  if (key == "millisecond") return integer(clock.nanosecond / 1'000'000);
  if (key == "microsecond") return integer(clock.nanosecond / 1'000);
  if (key == "nanosecond") return integer(clock.nanosecond);
  return std::nullopt;
}

Component offset_component(std::int32_t offset_seconds, std::string_view zone, std::string_view key) {
  if (key == "timezone") return Value::string(zone.empty() ? format_offset(offset_seconds) : std::string(zone));
  if (key == "offset") return Value::string(format_offset(offset_seconds));
  if (key == "offsetMinutes") return integer(offset_seconds / 60);
  if (key == "offsetSeconds") return integer(offset_seconds);
  return std::nullopt;
}

Component local_component(LocalDateTime local, std::string_view key) {
  if (auto found = date_component(date_of(local), key)) return found;
  return time_component(time_of(local), key);
}

Component date_time_component(const DateTime& date_time, std::string_view key) {
  if (key == "epochSeconds") return integer(date_time.epoch_seconds);
  if (key == "epochMillis") return integer(Wide{date_time.epoch_seconds} * 1000 + date_time.nanoseconds / 1'000'000);
  if (auto found = offset_component(date_time.offset_seconds, date_time.zone, key)) return found;
  return local_component(local_of(date_time), key);
}

Component duration_date_component(const Duration& duration, std::string_view key) {
  if (key == "years") return integer(duration.months / 12);
  if (key == "quarters") return integer(duration.months / 3);
  if (key == "months") return integer(duration.months);
  if (key == "weeks") return integer(duration.days / 7);
  if (key == "days") return integer(duration.days);
  if (key == "quartersOfYear") return integer(duration.months / 3 % 4);
  if (key == "monthsOfQuarter") return integer(duration.months % 3);
  if (key == "monthsOfYear") return integer(duration.months % 12);
  if (key == "daysOfWeek") return integer(duration.days % 7);
  return std::nullopt;
}

Component duration_time_component(const Duration& duration, std::string_view key) {
  const Wide seconds = duration.seconds;
  if (key == "hours") return integer(seconds / 3600);
  if (key == "minutes") return integer(seconds / 60);
  if (key == "seconds") return integer(seconds);
  if (key == "milliseconds") return integer(seconds * 1'000 + duration.nanoseconds / 1'000'000);
  if (key == "microseconds") return integer(seconds * 1'000'000 + duration.nanoseconds / 1'000);
  if (key == "nanoseconds") return integer(seconds * kNanosecondsPerSecond + duration.nanoseconds);
  if (key == "minutesOfHour") return integer(seconds / 60 % 60);
  if (key == "secondsOfMinute") return integer(seconds % 60);
  if (key == "millisecondsOfSecond") return integer(duration.nanoseconds / 1'000'000);
  if (key == "microsecondsOfSecond") return integer(duration.nanoseconds / 1'000);
  if (key == "nanosecondsOfSecond") return integer(duration.nanoseconds);
  return std::nullopt;
}

}  // namespace

std::optional<Value> temporal_component(const Value& value, std::string_view key) {
  if (value.is(Type::Date)) return date_component(value.date(), key);
  if (value.is(Type::LocalTime)) return time_component(value.local_time(), key);
  if (value.is(Type::Time)) {
    const Time time = value.time();
    if (auto found = offset_component(time.offset_seconds, {}, key)) return found;
    return time_component(time_of(time), key);
  }
  if (value.is(Type::LocalDateTime)) return local_component(value.local_date_time(), key);
  if (value.is(Type::DateTime)) return date_time_component(value.date_time(), key);
  if (!value.is(Type::Duration)) return std::nullopt;
  if (auto found = duration_date_component(value.duration(), key)) return found;
  return duration_time_component(value.duration(), key);
}

}  // namespace nexus
