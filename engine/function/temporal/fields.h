// Fields: the map a temporal value is made from, {year: 1984, week: 10, timezone: 'Z'}.
//
// A date is given by one of four forms (month and day; week and dayOfWeek; quarter and
// dayOfQuarter; ordinalDay); `date`, `time` and `datetime` lend a base that the other
// fields override. Mixed forms and gaps (a minute without an hour) are errors.
#pragma once

#include <array>
#include <optional>

#include "function/temporal/parts.h"

namespace nexus::function {

enum class Field : std::uint8_t {
  Year, Quarter, Month, Week, Day, OrdinalDay, DayOfWeek, DayOfQuarter,
  Hour, Minute, Second, Millisecond, Microsecond, Nanosecond,
  EpochSeconds, EpochMillis,
};
constexpr std::size_t kFieldCount = 16;

struct Fields {
  std::array<std::optional<std::int64_t>, kFieldCount> numbers;
  std::optional<Value> date, time, datetime;
  std::optional<temporal::Zone> zone;
  bool has_null = false;  // Some field is null: so is the result.

  std::optional<std::int64_t>& operator[](Field field) { return numbers[static_cast<std::size_t>(field)]; }
  const std::optional<std::int64_t>& operator[](Field field) const { return numbers[static_cast<std::size_t>(field)]; }
  bool has_any(Field first, Field last) const;
  bool has_base() const { return date || time || datetime; }
  // Nothing but, perhaps, a zone.
  bool is_zone_only() const { return !has_base() && !has_any(Field::Year, Field::EpochMillis); }
};

// Errors name `function`: InvalidArgument for an unknown field, InvalidArgumentType for a value of the wrong type.
Result<Fields> read_fields(const Map& map, std::string_view function);

Result<Date> build_date(const Fields& fields, std::optional<Date> base);
// Without a base or any field of the clock: midnight.
Result<LocalTime> build_time(const Fields& fields, std::optional<LocalTime> base);

}  // namespace nexus::function
