#include "function/temporal/fields.h"

#include <algorithm>

#include "value/temporal/civil.h"

namespace nexus::function {
namespace {

using temporal::check_range, temporal::civil_of, temporal::CivilDate, temporal::clock_of, temporal::ClockTime,
    temporal::days_in_month, temporal::kYearMax, temporal::make_date, temporal::make_ordinal_date,
    temporal::make_quarter_date, temporal::make_time, temporal::make_week_date, temporal::parse_zone,
    temporal::week_date_of, temporal::WeekDate;

constexpr std::string_view kFieldNames[kFieldCount] = {
    "year", "quarter", "month", "week", "day", "ordinalDay", "dayOfWeek", "dayOfQuarter",
    "hour", "minute", "second", "millisecond", "microsecond", "nanosecond",
    "epochSeconds", "epochMillis"};

std::string name_of(Field field) { return std::string(kFieldNames[static_cast<std::size_t>(field)]); }

Error wrong_type(std::string_view function, std::string_view field, const Value& value, const char* wanted) {
  std::string message(function);
  message.append("(): `").append(field).append("` must be ").append(wanted).append(", not ");
  message.append(type_name(value.type()));
  return Error(ErrorCode::InvalidArgumentType, std::move(message));
}

Result<> read_base(std::optional<Value>& base, const MapEntry& entry, TypeSet accepted, std::string_view function) {
  if (!has_type(accepted, entry.second)) return wrong_type(function, entry.first, entry.second, "a value that has one");
  base = entry.second;
  return Done{};
}

Result<> read_field(Fields& fields, const MapEntry& entry, std::string_view function) {
  const auto& [key, value] = entry;
  if (key == "date") return read_base(fields.date, entry, kWithDate, function);
  if (key == "time") return read_base(fields.time, entry, kWithTime, function);
  if (key == "datetime") return read_base(fields.datetime, entry, kWithDate & kWithTime, function);
  if (key == "timezone") {
    if (!value.is(Type::String)) return wrong_type(function, key, value, "a STRING");
    NX_TRY(fields.zone, parse_zone(value.string()));
    return Done{};
  }
  const auto* name = std::find(std::begin(kFieldNames), std::end(kFieldNames), key);
  if (name == std::end(kFieldNames)) {
    return Error(ErrorCode::InvalidArgument, std::string(function) + "() knows no field `" + key + "`");
  }
  if (!value.is(Type::Integer)) return wrong_type(function, key, value, "an INTEGER");
  fields.numbers[static_cast<std::size_t>(name - std::begin(kFieldNames))] = value.integer();
  return Done{};
}

Error missing(Field field) {
  return Error(ErrorCode::InvalidArgument, "the field `" + name_of(field) + "` is missing");
}

// The year that the fields or the base name.
Result<std::int64_t> year_or(const Fields& fields, std::optional<std::int64_t> base) {
  if (const auto& year = fields[Field::Year]) return *year;
  if (base) return *base;
  return missing(Field::Year);
}

Result<Date> build_calendar_date(const Fields& fields, std::optional<Date> base) {
  const auto& month = fields[Field::Month];
  const auto& day = fields[Field::Day];
  CivilDate civil;
  if (base) civil = civil_of(*base);
  NX_TRY(civil.year, year_or(fields, base ? std::optional(civil.year) : std::nullopt));
  if (day && !month && !base) return missing(Field::Month);
  civil.month = month.value_or(base ? civil.month : 1);
  if (day) {
    civil.day = *day;
  } else if (!base) {
    civil.day = 1;
  } else if (civil.month >= 1 && civil.month <= 12) {
    civil.day = std::min(civil.day, days_in_month(civil.year, civil.month));  // Only a day asked for may be refused.
  }
  return make_date(civil);
}

Result<Date> build_week_date(const Fields& fields, std::optional<Date> base) {
  std::optional<WeekDate> from;
  if (base) from = week_date_of(*base);
  const auto& week = fields[Field::Week];
  if (!week && !from) return missing(Field::Week);
  WeekDate made = from.value_or(WeekDate{});
  NX_TRY(made.year, year_or(fields, from ? std::optional(from->year) : std::nullopt));
  if (week) made.week = *week;
  if (const auto& day = fields[Field::DayOfWeek]) made.day_of_week = *day;
  return make_week_date(made);
}

Result<Date> build_quarter_date(const Fields& fields, std::optional<Date> base) {
  CivilDate civil;
  if (base) civil = civil_of(*base);
  const auto& quarter = fields[Field::Quarter];
  if (!quarter && !base) return missing(Field::Quarter);
  NX_TRY(const std::int64_t year, year_or(fields, base ? std::optional(civil.year) : std::nullopt));
  const std::int64_t target = quarter.value_or((civil.month - 1) / 3 + 1);
  if (const auto& day = fields[Field::DayOfQuarter]) return make_quarter_date({year, target, *day});
  if (!base) return make_quarter_date({year, target, 1});
  NX_TRY_DO(check_range("quarter", target, 1, 4));
  NX_TRY_DO(check_range("year", year, -kYearMax, kYearMax));
  // The same day of the same month within the quarter.
  const std::int64_t month = (target - 1) * 3 + (civil.month - 1) % 3 + 1;
  return make_date({year, month, std::min(civil.day, days_in_month(year, month))});
}

Result<Date> build_ordinal_date(const Fields& fields, std::optional<Date> base) {
  NX_TRY(const std::int64_t year, year_or(fields, base ? std::optional(civil_of(*base).year) : std::nullopt));
  return make_ordinal_date(year, *fields[Field::OrdinalDay]);
}

// Milli-, micro- and nanoseconds add up, each within what the coarser ones leave.
Result<std::int64_t> build_fraction(const Fields& fields) {
  const auto& milli = fields[Field::Millisecond];
  const auto& micro = fields[Field::Microsecond];
  const auto& nano = fields[Field::Nanosecond];
  NX_TRY_DO(check_range("millisecond", milli.value_or(0), 0, 999));
  NX_TRY_DO(check_range("microsecond", micro.value_or(0), 0, milli ? 999 : 999'999));
  NX_TRY_DO(check_range("nanosecond", nano.value_or(0), 0, micro ? 999 : (milli ? 999'999 : 999'999'999)));
  return milli.value_or(0) * 1'000'000 + micro.value_or(0) * 1'000 + nano.value_or(0);
}

}  // namespace

bool Fields::has_any(Field first, Field last) const {
  const auto begin = numbers.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = numbers.begin() + static_cast<std::ptrdiff_t>(last) + 1;
  return std::any_of(begin, end, [](const auto& number) { return number.has_value(); });
}

Result<Fields> read_fields(const Map& map, std::string_view function) {
  Fields fields;
  for (const MapEntry& entry : map) {
    if (entry.second.is_null()) {
      fields.has_null = true;
      continue;
    }
    NX_TRY_DO(read_field(fields, entry, function));
  }
  if (fields.datetime && (fields.date || fields.time)) {
    return Error(ErrorCode::InvalidArgument, std::string(function) + "(): `datetime` excludes `date` and `time`");
  }
  if (map.empty()) return Error(ErrorCode::InvalidArgument, std::string(function) + "() needs at least one field");
  return fields;
}

Result<Date> build_date(const Fields& fields, std::optional<Date> base) {
  const bool calendar = fields[Field::Month] || fields[Field::Day];
  const bool week = fields[Field::Week] || fields[Field::DayOfWeek];
  const bool quarter = fields[Field::Quarter] || fields[Field::DayOfQuarter];
  const bool ordinal = fields[Field::OrdinalDay].has_value();
  if (calendar + week + quarter + ordinal > 1) {
    return Error(ErrorCode::InvalidArgument,
                 "a date takes a month and day, a week, a quarter or an ordinal day, not several of them");
  }
  if (week) return build_week_date(fields, base);
  if (quarter) return build_quarter_date(fields, base);
  if (ordinal) return build_ordinal_date(fields, base);
  return build_calendar_date(fields, base);
}

Result<LocalTime> build_time(const Fields& fields, std::optional<LocalTime> base) {
  const auto& hour = fields[Field::Hour];
  const auto& minute = fields[Field::Minute];
  const auto& second = fields[Field::Second];
  const bool has_fraction = fields.has_any(Field::Millisecond, Field::Nanosecond);
  if (!base) {
    if (has_fraction && !second) return missing(Field::Second);
    if (second && !minute) return missing(Field::Minute);
    if (minute && !hour) return missing(Field::Hour);
  }
  ClockTime clock = clock_of(base.value_or(LocalTime{}));
  clock.hour = hour.value_or(clock.hour);
  clock.minute = minute.value_or(clock.minute);
  clock.second = second.value_or(clock.second);
  if (has_fraction) {
    NX_TRY(clock.nanosecond, build_fraction(fields));
  }
  return make_time(clock);
}

}  // namespace nexus::function
