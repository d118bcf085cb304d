// The calendar as arithmetic on 64-bit day numbers; nothing here looks at a clock or a zone.
//
// Proleptic Gregorian years -999,999,999..999,999,999, weeks after ISO 8601 (Monday is 1,
// week 1 holds the first Thursday).
#pragma once

#include <cstdint>

#include "base/result.h"
#include "nexus/value.h"

namespace nexus::temporal {

constexpr std::int64_t kYearMax = 999'999'999;
constexpr std::int64_t kEpochDaysMin = -365'243'219'162;  // -999999999-01-01
constexpr std::int64_t kEpochDaysMax = 365'241'780'471;   // 999999999-12-31
constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::int64_t kNanosecondsPerDay = kSecondsPerDay * kNanosecondsPerSecond;
// 400 Gregorian years hold 146,097 days, so a month has 30.436875 days on average.
constexpr std::int64_t kSecondsPerMonth = 2'629'746;

// Why: average lengths and scaled durations need more than 64 bits before they are checked.
__extension__ typedef __int128 Wide;

// Rounding towards minus infinity. Requires: divisor > 0.
constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}
constexpr std::int64_t floor_modulo(std::int64_t value, std::int64_t divisor) {
  return value - floor_divide(value, divisor) * divisor;
}

struct CivilDate {
  std::int64_t year = 1970;
  std::int64_t month = 1;  // 1..12
  std::int64_t day = 1;    // 1..31
};
struct WeekDate {
  std::int64_t year = 1970;     // The week-based year.
  std::int64_t week = 1;        // 1..53
  std::int64_t day_of_week = 1;  // 1..7
};
struct ClockTime {
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;
  std::int64_t nanosecond = 0;
};

bool is_leap_year(std::int64_t year);
std::int64_t days_in_month(std::int64_t year, std::int64_t month);
std::int64_t weeks_in_year(std::int64_t week_year);

// Requires: month 1..12; the day may be any number and simply counts on.
std::int64_t epoch_days_of(CivilDate civil);
CivilDate civil_of(Date date);
WeekDate week_date_of(Date date);
std::int64_t day_of_week(Date date);
std::int64_t day_of_year(Date date);
std::int64_t day_of_quarter(Date date);
ClockTime clock_of(LocalTime time);
// Requires: every field in its range.
LocalTime time_of(ClockTime clock);

// Checked makers. Errors: NumberOutOfRange naming the field.
Result<Date> make_date(CivilDate civil);
Result<Date> make_week_date(WeekDate week);
Result<Date> make_ordinal_date(std::int64_t year, std::int64_t day_of_year);
struct QuarterDate {
  std::int64_t year = 1970;
  std::int64_t quarter = 1;
  std::int64_t day_of_quarter = 1;
};
Result<Date> make_quarter_date(QuarterDate quarter);
Result<LocalTime> make_time(ClockTime clock);
// NumberOutOfRange unless low <= value <= high.
Result<> check_range(const char* field, std::int64_t value, std::int64_t low, std::int64_t high);
Result<Date> check_date(Date date);
Result<LocalDateTime> check_local_date_time(LocalDateTime local);

LocalDateTime join(Date date, LocalTime time);
Date date_of(LocalDateTime local);
LocalTime time_of(LocalDateTime local);
LocalTime time_of(Time time);
// The wall clock of a zoned value.
LocalDateTime local_of(const DateTime& date_time);

// A day that the target month lacks becomes its last day.
Result<Date> plus_months(Date date, std::int64_t months);
Result<Date> plus_days(Date date, std::int64_t days);
Result<LocalDateTime> plus_seconds(LocalDateTime local, std::int64_t seconds, std::int64_t nanoseconds);

}  // namespace nexus::temporal
