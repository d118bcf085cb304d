// Temporal values: their text, their order, their components and their arithmetic.
//
// The calendar is proleptic ISO 8601 (year 0 exists, no leap seconds).
//
// Invariant: every value made here lies in years -999,999,999..999,999,999; a result
// outside is an Error (NumberOutOfRange, NumericOverflow), never a wrapped number.
// Invariant: parse_x(format_x(value)) is the value again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "nexus/value.h"

namespace nexus {

// Text in the shortest form: seconds only when not zero, the fraction in 3, 6 or 9 digits.
std::string format_date(Date date);                     // 1984-10-11, +12345-01-01, -0044-03-15
std::string format_local_time(LocalTime time);          // 12:31, 12:31:14.645876
std::string format_time(Time time);                     // 12:31Z, 12:31:14+02:05:59
std::string format_local_date_time(LocalDateTime local);
std::string format_date_time(const DateTime& date_time);  // 2017-08-08T12:31+02:00[Europe/Stockholm]
std::string format_duration(const Duration& duration);    // P12Y5M-14DT16H13M10.000000001S, PT0S
std::string format_offset(std::int32_t offset_seconds);   // Z, +01:00, -02:05:07
// Any of the six types. Requires: is_temporal() or a Duration.
std::string format_temporal(const Value& value);

// Readers of ISO 8601 text, basic and extended: calendar, week, quarter and ordinal dates.
// Errors: InvalidArgument for malformed text, NumberOutOfRange for a 13th month.
Result<Date> parse_date(std::string_view text);
Result<LocalTime> parse_local_time(std::string_view text);
// `default_offset` applies where the text names no offset.
Result<Time> parse_time(std::string_view text, std::int32_t default_offset_seconds = 0);
Result<LocalDateTime> parse_local_date_time(std::string_view text);
// `default_zone` as in parse_zone(), empty is UTC; it applies where the text names neither offset nor zone.
Result<DateTime> parse_date_time(std::string_view text, std::string_view default_zone = {});
Result<Duration> parse_duration(std::string_view text);  // P1Y2M3DT4H5M6.7S, P2012-02-02T14:37:21.545

// Orderability, negative, zero or positive; zero only for values that are ==. Zoned values
// go by instant, then offset, then zone name; durations by average length, then components.
int order_date(Date left, Date right);
int order_local_time(LocalTime left, LocalTime right);
int order_time(Time left, Time right);
int order_local_date_time(LocalDateTime left, LocalDateTime right);
int order_date_time(const DateTime& left, const DateTime& right);
int order_duration(const Duration& left, const Duration& right);

// The property `key` of a temporal value or Duration: year, weekYear, offsetMinutes, epochMillis,
// monthsOfYear, … nullopt when the type has no such component, or it is too large for an Integer.
std::optional<Value> temporal_component(const Value& value, std::string_view key);

// temporal ± duration, duration + temporal, duration ± duration. Neither side is null.
// Errors: InvalidArgumentType for any other pair of types.
Result<Value> add_temporal(const Value& left, const Value& right);
Result<Value> subtract_temporal(const Value& left, const Value& right);

Result<Duration> add_durations(const Duration& left, const Duration& right);
Result<Duration> subtract_durations(const Duration& left, const Duration& right);
Result<Duration> negate_duration(const Duration& duration);
// Fractions of a month and of a day are carried into the smaller components.
Result<Duration> multiply_duration(const Duration& duration, double factor);
Result<Duration> divide_duration(const Duration& duration, double divisor);  // DivisionByZero

}  // namespace nexus
