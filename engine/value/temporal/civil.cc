#include "value/temporal/civil.h"

#include <algorithm>
#include <string>

namespace nexus::temporal {
namespace {

constexpr std::int64_t kDaysPerEra = 146'097;  // 400 years.

Error overflow(const char* what) {
  return Error(ErrorCode::NumericOverflow, std::string(what) + " leaves the years -999999999 to 999999999");
}

// The Monday of week 1.
std::int64_t first_monday(std::int64_t week_year) {
  const std::int64_t fourth = epoch_days_of({week_year, 1, 4});
  return fourth - (day_of_week(Date{fourth}) - 1);
}

}  // namespace

bool is_leap_year(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
  constexpr std::int64_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : kDays[month - 1];
}

std::int64_t weeks_in_year(std::int64_t week_year) {
  return (first_monday(week_year + 1) - first_monday(week_year)) / 7;
}

// Years are counted from March, so that the leap day is a year's last: then the months
// before month m hold (153 m + 2) / 5 days.
std::int64_t epoch_days_of(CivilDate civil) {
  const std::int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
  const std::int64_t month = civil.month > 2 ? civil.month - 3 : civil.month + 9;
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + (153 * month + 2) / 5;
  return era * kDaysPerEra + day_of_era + civil.day - 1 - 719'468;  // 0000-03-01 to 1970-01-01.
}

CivilDate civil_of(Date date) {
  const std::int64_t days = date.epoch_days + 719'468;
  const std::int64_t era = floor_divide(days, kDaysPerEra);
  const std::int64_t day_of_era = days - era * kDaysPerEra;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;
  return {era * 400 + year_of_era + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9,
          day_of_year - (153 * month + 2) / 5 + 1};
}

WeekDate week_date_of(Date date) {
  const std::int64_t weekday = day_of_week(date);
  const std::int64_t year = civil_of(Date{date.epoch_days + 4 - weekday}).year;  // Thursday decides.
  return {year, (date.epoch_days - first_monday(year)) / 7 + 1, weekday};
}

std::int64_t day_of_week(Date date) { return floor_modulo(date.epoch_days + 3, 7) + 1; }

std::int64_t day_of_year(Date date) { return date.epoch_days - epoch_days_of({civil_of(date).year, 1, 1}) + 1; }

std::int64_t day_of_quarter(Date date) {
  const CivilDate civil = civil_of(date);
  return date.epoch_days - epoch_days_of({civil.year, (civil.month - 1) / 3 * 3 + 1, 1}) + 1;
}

ClockTime clock_of(LocalTime time) {
  const std::int64_t seconds = time.nanoseconds / kNanosecondsPerSecond;
  return {seconds / 3600, seconds / 60 % 60, seconds % 60, time.nanoseconds % kNanosecondsPerSecond};
}

LocalTime time_of(ClockTime clock) {
  return {((clock.hour * 60 + clock.minute) * 60 + clock.second) * kNanosecondsPerSecond + clock.nanosecond};
}

Result<> check_range(const char* field, std::int64_t value, std::int64_t low, std::int64_t high) {
  if (value >= low && value <= high) return Done{};
  return Error(ErrorCode::NumberOutOfRange, std::string(field) + " must lie between " + std::to_string(low) + " and " +
                                                std::to_string(high) + ", but is " + std::to_string(value));
}

Result<Date> make_date(CivilDate civil) {
  NX_TRY_DO(check_range("year", civil.year, -kYearMax, kYearMax));
  NX_TRY_DO(check_range("month", civil.month, 1, 12));
  NX_TRY_DO(check_range("day", civil.day, 1, days_in_month(civil.year, civil.month)));
  return Date{epoch_days_of(civil)};
}

Result<Date> make_week_date(WeekDate week) {
  NX_TRY_DO(check_range("year", week.year, -kYearMax, kYearMax));
  NX_TRY_DO(check_range("week", week.week, 1, weeks_in_year(week.year)));
  NX_TRY_DO(check_range("dayOfWeek", week.day_of_week, 1, 7));
  return check_date(Date{first_monday(week.year) + (week.week - 1) * 7 + week.day_of_week - 1});
}

Result<Date> make_ordinal_date(std::int64_t year, std::int64_t day_of_year) {
  NX_TRY_DO(check_range("year", year, -kYearMax, kYearMax));
  NX_TRY_DO(check_range("ordinalDay", day_of_year, 1, is_leap_year(year) ? 366 : 365));
  return Date{epoch_days_of({year, 1, day_of_year})};
}

Result<Date> make_quarter_date(QuarterDate quarter) {
  NX_TRY_DO(check_range("year", quarter.year, -kYearMax, kYearMax));
  NX_TRY_DO(check_range("quarter", quarter.quarter, 1, 4));
  const std::int64_t first = epoch_days_of({quarter.year, quarter.quarter * 3 - 2, 1});
  const std::int64_t last_month = quarter.quarter * 3;
  const std::int64_t last = epoch_days_of({quarter.year, last_month, days_in_month(quarter.year, last_month)});
  NX_TRY_DO(check_range("dayOfQuarter", quarter.day_of_quarter, 1, last - first + 1));
  return Date{first + quarter.day_of_quarter - 1};
}

Result<LocalTime> make_time(ClockTime clock) {
  NX_TRY_DO(check_range("hour", clock.hour, 0, 23));
  NX_TRY_DO(check_range("minute", clock.minute, 0, 59));
  NX_TRY_DO(check_range("second", clock.second, 0, 59));
  NX_TRY_DO(check_range("nanosecond", clock.nanosecond, 0, kNanosecondsPerSecond - 1));
  return time_of(clock);
}

Result<Date> check_date(Date date) {
  if (date.epoch_days < kEpochDaysMin || date.epoch_days > kEpochDaysMax) return overflow("the date");
  return date;
}

Result<LocalDateTime> check_local_date_time(LocalDateTime local) {
  NX_TRY_DO(check_date(date_of(local)));
  return local;
}

LocalDateTime join(Date date, LocalTime time) {
  return {date.epoch_days * kSecondsPerDay + time.nanoseconds / kNanosecondsPerSecond,
          static_cast<std::uint32_t>(time.nanoseconds % kNanosecondsPerSecond)};
}

Date date_of(LocalDateTime local) { return {floor_divide(local.epoch_seconds, kSecondsPerDay)}; }

LocalTime time_of(LocalDateTime local) {
  return {floor_modulo(local.epoch_seconds, kSecondsPerDay) * kNanosecondsPerSecond + local.nanoseconds};
}

LocalTime time_of(Time time) { return {time.nanoseconds}; }

LocalDateTime local_of(const DateTime& date_time) {
  return {date_time.epoch_seconds + date_time.offset_seconds, date_time.nanoseconds};
}

Result<Date> plus_months(Date date, std::int64_t months) {
  if (months == 0) return date;
  const CivilDate civil = civil_of(date);
  std::int64_t total = 0;
  if (__builtin_add_overflow(civil.year * 12 + civil.month - 1, months, &total)) return overflow("the date");
  const std::int64_t year = floor_divide(total, 12);
  const std::int64_t month = floor_modulo(total, 12) + 1;
  if (year < -kYearMax || year > kYearMax) return overflow("the date");
  return Date{epoch_days_of({year, month, std::min(civil.day, days_in_month(year, month))})};
}

Result<Date> plus_days(Date date, std::int64_t days) {
  std::int64_t total = 0;
  if (__builtin_add_overflow(date.epoch_days, days, &total)) return overflow("the date");
  return check_date(Date{total});
}

Result<LocalDateTime> plus_seconds(LocalDateTime local, std::int64_t seconds, std::int64_t nanoseconds) {
  const std::int64_t nano_sum = local.nanoseconds + nanoseconds % kNanosecondsPerSecond;
  std::int64_t total = 0;
  if (__builtin_add_overflow(seconds, nanoseconds / kNanosecondsPerSecond, &total) ||
      __builtin_add_overflow(total, floor_divide(nano_sum, kNanosecondsPerSecond), &total) ||
      __builtin_add_overflow(total, local.epoch_seconds, &total)) {
    return overflow("the time");
  }
  return check_local_date_time({total, static_cast<std::uint32_t>(floor_modulo(nano_sum, kNanosecondsPerSecond))});
}

}  // namespace nexus::temporal
