#include "value/temporal/civil.h"
#include "value/temporal/temporal.h"

namespace nexus {
namespace {

using temporal::civil_of, temporal::CivilDate, temporal::clock_of, temporal::ClockTime, temporal::date_of,
    temporal::kNanosecondsPerSecond, temporal::local_of, temporal::time_of;

void append_padded(std::string& out, std::uint64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

// ".645", ".645876" or ".645876123".
void append_fraction(std::string& out, std::int64_t nanoseconds) {
  if (nanoseconds == 0) return;
  out += '.';
  if (nanoseconds % 1'000'000 == 0) {
    append_padded(out, static_cast<std::uint64_t>(nanoseconds / 1'000'000), 3);
  } else if (nanoseconds % 1'000 == 0) {
    append_padded(out, static_cast<std::uint64_t>(nanoseconds / 1'000), 6);
  } else {
    append_padded(out, static_cast<std::uint64_t>(nanoseconds), 9);
  }
}

void append_date(std::string& out, Date date) {
  const CivilDate civil = civil_of(date);
  if (civil.year < 0) out += '-';
  if (civil.year > 9999) out += '+';
  append_padded(out, static_cast<std::uint64_t>(civil.year < 0 ? -civil.year : civil.year), 4);
  out += '-';
  append_padded(out, static_cast<std::uint64_t>(civil.month), 2);
  out += '-';
  append_padded(out, static_cast<std::uint64_t>(civil.day), 2);
}

void append_time(std::string& out, LocalTime time) {
  const ClockTime clock = clock_of(time);
  append_padded(out, static_cast<std::uint64_t>(clock.hour), 2);
  out += ':';
  append_padded(out, static_cast<std::uint64_t>(clock.minute), 2);
  if (clock.second == 0 && clock.nanosecond == 0) return;
  out += ':';
  append_padded(out, static_cast<std::uint64_t>(clock.second), 2);
  append_fraction(out, clock.nanosecond);
}

void append_part(std::string& out, std::int64_t number, char unit) {
  if (number == 0) return;
  out += std::to_string(number);
  out += unit;
}

// A duration's seconds with their fraction, trailing zeros cut: "-0.001S".
void append_seconds(std::string& out, bool negative, std::int64_t seconds, std::int64_t nanoseconds) {
  if (seconds == 0 && nanoseconds == 0) return;
  if (negative) out += '-';
  out += std::to_string(seconds < 0 ? -seconds : seconds);
  if (nanoseconds != 0) {
    out += '.';
    append_padded(out, static_cast<std::uint64_t>(nanoseconds), 9);
    out.erase(out.find_last_not_of('0') + 1);
  }
  out += 'S';
}

}  // namespace

std::string format_date(Date date) {
  std::string out;
  append_date(out, date);
  return out;
}

std::string format_local_time(LocalTime time) {
  std::string out;
  append_time(out, time);
  return out;
}

std::string format_offset(std::int32_t offset_seconds) {
  if (offset_seconds == 0) return "Z";
  const auto size = static_cast<std::uint64_t>(offset_seconds < 0 ? -std::int64_t{offset_seconds} : offset_seconds);
  std::string out(1, offset_seconds < 0 ? '-' : '+');
  append_padded(out, size / 3600, 2);
  out += ':';
  append_padded(out, size / 60 % 60, 2);
  if (size % 60 != 0) {
    out += ':';
    append_padded(out, size % 60, 2);
  }
  return out;
}

std::string format_time(Time time) { return format_local_time(time_of(time)) + format_offset(time.offset_seconds); }

std::string format_local_date_time(LocalDateTime local) {
  std::string out;
  append_date(out, date_of(local));
  out += 'T';
  append_time(out, time_of(local));
  return out;
}

std::string format_date_time(const DateTime& date_time) {
  std::string out = format_local_date_time(local_of(date_time)) + format_offset(date_time.offset_seconds);
  if (!date_time.zone.empty()) out += "[" + date_time.zone + "]";
  return out;
}

std::string format_duration(const Duration& duration) {
  std::string out = "P";
  append_part(out, duration.months / 12, 'Y');
  append_part(out, duration.months % 12, 'M');
  append_part(out, duration.days, 'D');
  // Stored as floor and remainder, written as sign and size.
  const bool negative = duration.seconds < 0;
  const bool borrow = negative && duration.nanoseconds != 0;
  const std::int64_t seconds = duration.seconds + (borrow ? 1 : 0);
  const std::int64_t nanoseconds = borrow ? kNanosecondsPerSecond - duration.nanoseconds : duration.nanoseconds;
  if (seconds != 0 || nanoseconds != 0) {
    out += 'T';
    append_part(out, seconds / 3600, 'H');
    append_part(out, seconds / 60 % 60, 'M');
    append_seconds(out, negative, seconds % 60, nanoseconds);
  }
  return out.size() == 1 ? "PT0S" : out;
}

std::string format_temporal(const Value& value) {
  if (value.is(Type::Date)) return format_date(value.date());
  if (value.is(Type::LocalTime)) return format_local_time(value.local_time());
  if (value.is(Type::Time)) return format_time(value.time());
  if (value.is(Type::LocalDateTime)) return format_local_date_time(value.local_date_time());
  if (value.is(Type::DateTime)) return format_date_time(value.date_time());
  NX_CHECK(value.is(Type::Duration));
  return format_duration(value.duration());
}

}  // namespace nexus
