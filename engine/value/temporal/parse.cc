#include <string>

#include "value/temporal/civil.h"
#include "value/temporal/scanner.h"
#include "value/temporal/temporal.h"
#include "value/temporal/time_zone.h"

namespace nexus {
namespace temporal {

bool Scanner::offset(std::int32_t& seconds) {
  seconds = 0;
  if (take('Z')) return true;
  const std::size_t start = at_;
  const bool negative = take('-');
  if (!negative && !take('+')) return false;
  std::int64_t hour = 0, minute = 0, second = 0;
  bool valid = digits(2, hour);
  if (valid && take(':')) {
    valid = digits(2, minute) && (!take(':') || digits(2, second));
  } else if (valid && digits_ahead() != 0) {
    valid = digits(2, minute) && (digits_ahead() == 0 || digits(2, second));
  }
  if (!valid || minute > 59 || second > 59) return reset(start), false;
  seconds = static_cast<std::int32_t>((hour * 60 + minute) * 60 + second);
  if (negative) seconds = -seconds;
  return true;
}

}  // namespace temporal

namespace {

using temporal::at_local, temporal::check_range, temporal::ClockTime, temporal::join, temporal::kZoneOffsetMax,
    temporal::make_date, temporal::make_ordinal_date, temporal::make_quarter_date, temporal::make_time,
    temporal::make_week_date, temporal::parse_zone, temporal::QuarterDate, temporal::Scanner, temporal::WeekDate,
    temporal::Zone;

Error malformed(std::string_view text, const char* wanted) {
  constexpr std::size_t kShownBytesMax = 100;
  return Error(ErrorCode::InvalidArgument, "'" + std::string(text.substr(0, kShownBytesMax)) + "' is not " + wanted);
}

// Four digits, or a sign and one to nine.
bool scan_year(Scanner& scanner, std::int64_t& year) {
  const bool negative = scanner.take('-');
  if (!negative && !scanner.take('+')) return scanner.digits(4, year);
  const std::size_t width = scanner.digits_ahead();
  if (width > 9 || !scanner.digits(width, year)) return false;
  if (negative) year = -year;
  return true;
}

std::optional<Result<Date>> scan_week(Scanner& scanner, std::int64_t year, bool extended) {
  WeekDate week{year, 1, 1};
  if (!scanner.digits(2, week.week)) return std::nullopt;
  if (extended) {
    if (scanner.take('-') && !scanner.digits(1, week.day_of_week)) return std::nullopt;
  } else if (scanner.digits_ahead() > 0) {
    scanner.digits(1, week.day_of_week);
  }
  return make_week_date(week);
}

std::optional<Result<Date>> scan_quarter(Scanner& scanner, std::int64_t year, bool extended) {
  QuarterDate quarter{year, 1, 1};
  if (!scanner.digits(1, quarter.quarter)) return std::nullopt;
  if (extended) {
    if (scanner.take('-') && !scanner.digits(2, quarter.day_of_quarter)) return std::nullopt;
  } else if (scanner.digits_ahead() > 0 && !scanner.digits(2, quarter.day_of_quarter)) {
    return std::nullopt;
  }
  return make_quarter_date(quarter);
}

// The longest date at the cursor; nullopt when there is none.
std::optional<Result<Date>> scan_date(Scanner& scanner) {
  std::int64_t year = 0;
  if (!scan_year(scanner, year)) return std::nullopt;
  const bool extended = scanner.take('-');
  if (scanner.take('W')) return scan_week(scanner, year, extended);
  if (scanner.take('Q')) return scan_quarter(scanner, year, extended);
  const std::size_t width = scanner.digits_ahead();
  if (width == 0) {
    if (extended) return std::nullopt;
    return make_date({year, 1, 1});
  }
  std::int64_t month = 1, day = 1;
  if (width == 3 && scanner.digits(3, day)) return make_ordinal_date(year, day);
  if (extended) {
    if (width != 2 || !scanner.digits(2, month)) return std::nullopt;
    if (scanner.take('-') && !scanner.digits(2, day)) return std::nullopt;
  } else {
    if (width != 2 && width != 4) return std::nullopt;
    scanner.digits(2, month);
    if (width == 4) scanner.digits(2, day);
  }
  return make_date({year, month, day});
}

// Nothing, or a point or comma and one to nine digits.
bool scan_fraction(Scanner& scanner, std::int64_t& nanoseconds) {
  if (!scanner.take('.') && !scanner.take(',')) return true;
  const std::size_t width = scanner.digits_ahead();
  if (width > 9 || !scanner.digits(width, nanoseconds)) return false;
  for (std::size_t i = width; i < 9; ++i) nanoseconds *= 10;
  return true;
}

std::optional<Result<LocalTime>> scan_time(Scanner& scanner) {
  ClockTime clock;
  const std::size_t width = scanner.digits_ahead();
  if (width != 2 && width != 4 && width != 6) return std::nullopt;
  scanner.digits(2, clock.hour);
  bool has_seconds = false;
  if (width == 2 && scanner.take(':')) {
    if (!scanner.digits(2, clock.minute)) return std::nullopt;
    has_seconds = scanner.take(':');
    if (has_seconds && !scanner.digits(2, clock.second)) return std::nullopt;
  } else if (width >= 4) {
    scanner.digits(2, clock.minute);
    has_seconds = width == 6 && scanner.digits(2, clock.second);
  }
  if (has_seconds && !scan_fraction(scanner, clock.nanosecond)) return std::nullopt;
  return make_time(clock);
}

// A date and, after a T, a time.
std::optional<Result<LocalDateTime>> scan_local_date_time(Scanner& scanner) {
  auto date = scan_date(scanner);
  if (!date) return std::nullopt;
  if (!*date) return Result<LocalDateTime>(std::move(date->error()));
  if (!scanner.take('T')) return Result<LocalDateTime>(join(**date, LocalTime{}));
  auto time = scan_time(scanner);
  if (!time) return std::nullopt;
  if (!*time) return Result<LocalDateTime>(std::move(time->error()));
  return Result<LocalDateTime>(join(**date, **time));
}

}  // namespace

Result<Date> parse_date(std::string_view text) {
  Scanner scanner(text);
  auto date = scan_date(scanner);
  if (!date || !scanner.at_end()) return malformed(text, "a date");
  return std::move(*date);
}

Result<LocalTime> parse_local_time(std::string_view text) {
  Scanner scanner(text);
  scanner.take('T');
  auto time = scan_time(scanner);
  if (!time || !scanner.at_end()) return malformed(text, "a local time");
  return std::move(*time);
}

Result<Time> parse_time(std::string_view text, std::int32_t default_offset_seconds) {
  Scanner scanner(text);
  scanner.take('T');
  auto time = scan_time(scanner);
  std::int32_t offset = default_offset_seconds;
  if (!time || (!scanner.at_end() && !(scanner.offset(offset) && scanner.at_end()))) return malformed(text, "a time");
  NX_TRY(const LocalTime local, std::move(*time));
  NX_TRY_DO(check_range("the offset of the time zone", offset, -kZoneOffsetMax, kZoneOffsetMax));
  return Time{local.nanoseconds, offset};
}

Result<LocalDateTime> parse_local_date_time(std::string_view text) {
  Scanner scanner(text);
  auto local = scan_local_date_time(scanner);
  if (!local || !scanner.at_end()) return malformed(text, "a local datetime");
  return std::move(*local);
}

Result<DateTime> parse_date_time(std::string_view text, std::string_view default_zone) {
  Scanner scanner(text);
  auto scanned = scan_local_date_time(scanner);
  if (!scanned) return malformed(text, "a datetime");
  NX_TRY(const LocalDateTime local, std::move(*scanned));
  if (scanner.at_end()) {
    NX_TRY(const Zone zone, parse_zone(default_zone.empty() ? "Z" : default_zone));
    return at_local(local, zone);
  }
  std::int32_t offset = 0;
  const bool has_offset = scanner.offset(offset);
  if (has_offset && scanner.at_end()) {
    NX_TRY_DO(check_range("the offset of the time zone", offset, -kZoneOffsetMax, kZoneOffsetMax));
    return at_local(local, Zone{offset, {}});
  }
  std::string_view name = scanner.rest();
  if (name.size() < 3 || name.front() != '[' || name.back() != ']') return malformed(text, "a datetime");
  name = name.substr(1, name.size() - 2);
  NX_TRY(const Zone zone, parse_zone(name));
  if (!has_offset) return at_local(local, zone);
  NX_TRY(DateTime made, at_local(local, zone, offset));
  if (made.offset_seconds != offset) {
    return Error(ErrorCode::InvalidArgument, "the offset " + format_offset(offset) + " is not in force at " +
                                                 format_local_date_time(local) + " in " + std::string(name));
  }
  return made;
}

}  // namespace nexus
