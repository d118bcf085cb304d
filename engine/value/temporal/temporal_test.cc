#include "value/temporal/temporal.h"

#include <limits>

#include "tests/support/catch.h"
#include "value/temporal/civil.h"
#include "value/temporal/time_zone.h"

namespace nexus {
namespace {

using namespace temporal;

// The text of a result, or "error <Code>".
template <class T, class Format>
std::string shown(const Result<T>& result, Format format) {
  return result ? format(*result) : "error " + std::string(error_name(result.error().code));
}
std::string date(std::string_view text) { return shown(parse_date(text), format_date); }
std::string local_time(std::string_view text) { return shown(parse_local_time(text), format_local_time); }
std::string time(std::string_view text) { return shown(parse_time(text), format_time); }
std::string local_date_time(std::string_view text) {
  return shown(parse_local_date_time(text), format_local_date_time);
}
std::string date_time(std::string_view text) { return shown(parse_date_time(text), format_date_time); }
std::string duration(std::string_view text) { return shown(parse_duration(text), format_duration); }
std::string value(const Result<Value>& result) { return shown(result, format_temporal); }

Value date_value(std::string_view text) { return Value::date(*parse_date(text)); }
Value date_time_value(std::string_view text) { return Value::date_time(*parse_date_time(text)); }
Value duration_value(std::string_view text) { return Value::duration(*parse_duration(text)); }

// xorshift: the same numbers on every machine.
struct Dice {
  std::uint64_t state = 88172645463325252u;
  std::uint64_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
  }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
  }
};

TEST_CASE("days and civil dates agree over the whole calendar") {
  CHECK(epoch_days_of({1970, 1, 1}) == 0);
  CHECK(epoch_days_of({-kYearMax, 1, 1}) == kEpochDaysMin);
  CHECK(epoch_days_of({kYearMax, 12, 31}) == kEpochDaysMax);
  Dice dice;
  for (int i = 0; i < 2000; ++i) {
    const Date day{dice.between(kEpochDaysMin, kEpochDaysMax)};
    const CivilDate civil = civil_of(day);
    REQUIRE(epoch_days_of(civil) == day.epoch_days);
    REQUIRE((civil.day >= 1 && civil.day <= days_in_month(civil.year, civil.month)));
    const WeekDate week = week_date_of(day);
    if (std::abs(week.year) < kYearMax) REQUIRE(make_week_date(week)->epoch_days == day.epoch_days);
    REQUIRE(make_ordinal_date(civil.year, day_of_year(day))->epoch_days == day.epoch_days);
    REQUIRE(make_quarter_date({civil.year, (civil.month + 2) / 3, day_of_quarter(day)})->epoch_days == day.epoch_days);
    REQUIRE(*parse_date(format_date(day)) == day);
  }
}

TEST_CASE("dates are read in every ISO form") {
  for (const char* text : {"2015-07-21", "20150721", "2015-W30-2", "2015W302", "2015-202", "2015202", "2015-Q3-21",
                           "2015Q321", "+2015-07-21", "2015-w30-2"}) {
    CHECK(date(text) == "2015-07-21");
  }
  CHECK(date("2015") == "2015-01-01");
  CHECK(date("2015-W01") == "2014-12-29");
  CHECK(date("2015-Q4") == "2015-10-01");
  CHECK(date("-0044-03-15") == "-0044-03-15");
  CHECK(date("+999999999-12-31") == "+999999999-12-31");
  CHECK(date("0000-02-29") == "0000-02-29");
}

TEST_CASE("what is not a date is refused with a reason") {
  for (const char* text : {"", "-", "+", "2", "201", "2015-", "2015-7", "2015-07-", "2015-07-2", "2015-07-211", "20150",
                           "2015W", "2015-W3", "2015-W30-", "2015Q", "2015-Q3-1", "2015-07-21T", " 2015", "2015 ",
                           "12345-01-01", "+1234567890-01-01", "2015-07-21T12:00", "２０１５"}) {
    CHECK(std::string(text) + ": " + date(text) == std::string(text) + ": error InvalidArgument");
  }
  for (const char* text : {"2015-13", "2015-00-01", "2015-02-29", "2015-366", "2015-000", "2015-W54", "2015-W53-8",
                           "2014-W53", "2015-Q5", "2015-Q1-91"}) {
    CHECK(std::string(text) + ": " + date(text) == std::string(text) + ": error NumberOutOfRange");
  }
}

TEST_CASE("times are read and printed") {
  CHECK(local_time("21") == "21:00");
  CHECK(local_time("2140") == "21:40");
  CHECK(local_time("214032.142") == "21:40:32.142");
  CHECK(local_time("T21:40:32,5") == "21:40:32.500");
  CHECK(local_time("00:00:00.000000001") == "00:00:00.000000001");
  CHECK(time("214032Z") == "21:40:32Z");
  CHECK(time("21:40z") == "21:40Z");
  CHECK(time("2140-02") == "21:40-02:00");
  CHECK(time("22+18:00") == "22:00+18:00");
  CHECK(time("22+020559") == "22:00+02:05:59");
  CHECK(time("22") == "22:00Z");
  CHECK(time("22:00+18:01") == "error NumberOutOfRange");
  CHECK(local_time("24:00") == "error NumberOutOfRange");
  CHECK(local_time("23:60") == "error NumberOutOfRange");
  for (const char* text : {"", "1", "123", "12345", "1234567", "12:", "12:3", "12:30:", "12:30:1", "12:30.5",
                           "12:30:10.", "12:30:10.1234567890", "1230:10", "12:3010", "12:30Z"}) {
    CHECK(std::string(text) + ": " + local_time(text) == std::string(text) + ": error InvalidArgument");
  }
  for (const char* text : {"12:30+", "12:30+1", "12:30+01:", "12:30+01:60", "12:30+01:0", "12:30ZZ", "12:30[UTC]"}) {
    CHECK(std::string(text) + ": " + time(text) == std::string(text) + ": error InvalidArgument");
  }
}

TEST_CASE("datetimes take their zone from the text") {
  CHECK(local_date_time("2015T214032") == "2015-01-01T21:40:32");
  CHECK(local_date_time("2015-07-21") == "2015-07-21T00:00");
  CHECK(date_time("2015-07-21T21:40") == "2015-07-21T21:40Z");
  CHECK(date_time("2015-W30T2140-02") == "2015-07-20T21:40-02:00");
  CHECK(date_time("2015-07-21T21:40[Europe/London]") == "2015-07-21T21:40+01:00[Europe/London]");
  CHECK(date_time("2015-07-21T21:40+0845[Australia/Eucla]") == "2015-07-21T21:40+08:45[Australia/Eucla]");
  CHECK(date_time("1818-07-21T21:40:32.142[Europe/Stockholm]") ==
        "1818-07-21T21:40:32.142+00:53:28[Europe/Stockholm]");
  CHECK(date_time("2015-07-21T21:40+03:00[Europe/London]") == "error InvalidArgument");
  CHECK(date_time("2015-07-21T21:40[Mars/Olympus]") == "error InvalidArgument");
  CHECK(date_time("2015-07-21T21:40[Europe/London") == "error InvalidArgument");
  CHECK(date_time("2015-07-21T21:40[]") == "error InvalidArgument");
  // An hour that occurs twice: the offset says which.
  CHECK(date_time("2017-10-29T02:30+02:00[Europe/Stockholm]") == "2017-10-29T02:30+02:00[Europe/Stockholm]");
  CHECK(date_time("2017-10-29T02:30+01:00[Europe/Stockholm]") == "2017-10-29T02:30+01:00[Europe/Stockholm]");
}

TEST_CASE("random moments survive their text") {
  Dice dice;
  const char* zones[] = {"Europe/Stockholm", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", ""};
  for (int i = 0; i < 1000; ++i) {
    const auto nanoseconds = static_cast<std::uint32_t>(dice.between(0, 999'999'999));
    const std::int64_t seconds = dice.between(-100'000'000'000, 100'000'000'000);
    const LocalDateTime local{seconds, nanoseconds};
    REQUIRE(*parse_local_date_time(format_local_date_time(local)) == local);
    const Zone zone{static_cast<ZoneOffset>(dice.between(-64'800, 64'800)), zones[i % 5]};
    const DateTime moment = *at_instant(seconds, nanoseconds, zone);
    REQUIRE(*parse_date_time(format_date_time(moment)) == moment);
    const Time clock{dice.between(0, kNanosecondsPerDay - 1), zone.offset_seconds};
    REQUIRE(*parse_time(format_time(clock)) == clock);
    const Duration length{dice.between(-100'000, 100'000), dice.between(-100'000, 100'000),
                          dice.between(-10'000'000'000, 10'000'000'000), static_cast<std::int32_t>(nanoseconds)};
    REQUIRE(*parse_duration(format_duration(length)) == length);
  }
}

TEST_CASE("durations are read and printed") {
  CHECK(duration("P0.75M") == "P22DT19H51M49.5S");
  CHECK(duration("P2.5W") == "P17DT12H");
  CHECK(duration("P12Y5M14DT16H12M70S") == "P12Y5M14DT16H13M10S");
  CHECK(duration("P2012-02-02T14:37:21.545") == "P2012Y2M2DT14H37M21.545S");
  CHECK(duration("P20120202T1437") == "P2012Y2M2DT14H37M");
  CHECK(duration("PT0.000000001S") == "PT0.000000001S");
  CHECK(duration("PT-0.001S") == "PT-0.001S");
  CHECK(duration("-P1DT1.5S") == "P-1DT-1.5S");
  CHECK(duration("P-1Y+2M") == "P-10M");
  CHECK(duration("PT1,5H") == "PT1H30M");
  CHECK(duration("P0D") == "PT0S");
  CHECK(duration("P1Q") == "P3M");
  for (const char* text : {"", "P", "PT", "P1", "1D", "P1DT", "PT1D", "P1H", "PD", "P1.D", "P.5D", "P1D2", "P1D1D",
                           "P1M1Y", "P1S", "PT1S1H", "P--1D", "P1DT1H ", "P12345678901234567890D", "Pé"}) {
    CHECK(std::string(text) + ": " + duration(text) == std::string(text) + ": error InvalidArgument");
  }
  CHECK(duration("P999999999999999999Y") == "error NumericOverflow");
  CHECK(duration("PT999999999999999999H") == "error NumericOverflow");
}

TEST_CASE("hostile text is refused, never misread") {
  Dice dice;
  constexpr std::string_view kAlphabet = "0123456789-+:.,TWQPZYMDHS[]/ aé";
  for (int i = 0; i < 20'000; ++i) {
    std::string text = i % 2 == 0 ? "2015-" : "P1";
    for (std::int64_t left = dice.between(0, 12); left > 0; --left) text += kAlphabet[dice.next() % kAlphabet.size()];
    if (const auto read = parse_date(text)) REQUIRE(*parse_date(format_date(*read)) == *read);
    if (const auto read = parse_date_time(text)) REQUIRE(*parse_date_time(format_date_time(*read)) == *read);
    if (const auto read = parse_time(text)) REQUIRE(*parse_time(format_time(*read)) == *read);
    if (const auto read = parse_duration(text)) REQUIRE(*parse_duration(format_duration(*read)) == *read);
  }
}

TEST_CASE("order is by instant, then by offset and zone") {
  CHECK(order_time(*parse_time("10:00+01:00"), *parse_time("09:35Z")) < 0);
  CHECK(order_time(*parse_time("10:00+01:00"), *parse_time("09:00Z")) > 0);
  CHECK(order_date_time(*parse_date_time("2020-01-01T00:00+01:00"), *parse_date_time("2019-12-31T23:30Z")) < 0);
  const DateTime named = *parse_date_time("2020-01-01T00:00[Europe/Stockholm]");
  const DateTime fixed = *parse_date_time("2020-01-01T00:00+01:00");
  CHECK(order_date_time(fixed, named) < 0);
  CHECK(order_date_time(named, named) == 0);
  CHECK(order_duration(*parse_duration("P1M"), *parse_duration("P30D")) > 0);
  CHECK(order_duration(*parse_duration("P1M"), *parse_duration("P31D")) < 0);
  CHECK(order_duration(*parse_duration("P1D"), *parse_duration("PT24H")) != 0);
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  CHECK(order_duration({kMost, kMost, kMost, 0}, {-kMost, 0, 0, 0}) > 0);
}

TEST_CASE("months end early, days follow the wall clock, seconds the instant") {
  CHECK(value(add_temporal(date_value("2015-01-31"), duration_value("P1M"))) == "2015-02-28");
  CHECK(value(add_temporal(duration_value("P-1M"), date_value("2016-03-31"))) == "2016-02-29");
  CHECK(value(subtract_temporal(date_value("1984-10-11"), duration_value("PT23H59M59.9S"))) == "1984-10-11");
  CHECK(value(subtract_temporal(date_value("1984-10-11"), duration_value("PT24H"))) == "1984-10-10");
  const Value before = date_time_value("2017-10-28T12:00[Europe/Stockholm]");
  CHECK(value(add_temporal(before, duration_value("P1D"))) == "2017-10-29T12:00+01:00[Europe/Stockholm]");
  CHECK(value(add_temporal(before, duration_value("PT24H"))) == "2017-10-29T11:00+01:00[Europe/Stockholm]");
  const Value spring = date_time_value("2017-03-25T02:30[Europe/Stockholm]");
  CHECK(value(add_temporal(spring, duration_value("P1D"))) == "2017-03-26T03:30+02:00[Europe/Stockholm]");
  const Value clock = Value::local_time(*parse_local_time("23:00"));
  CHECK(value(add_temporal(clock, duration_value("P5DT2H"))) == "01:00");
}

TEST_CASE("arithmetic that leaves the calendar is an error") {
  CHECK(value(add_temporal(date_value("+999999999-12-31"), duration_value("P1D"))) == "error NumericOverflow");
  CHECK(value(subtract_temporal(date_value("-999999999-01-01"), duration_value("P1M"))) == "error NumericOverflow");
  const Value far = duration_value("PT999999999999999H");
  CHECK(value(add_temporal(date_time_value("+999999999-12-31T00:00Z"), far)) == "error NumericOverflow");
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  for (const Duration huge : {Duration{kMost, 0, 0, 0}, Duration{0, kMost, 0, 0}, Duration{0, 0, kMost, 0}}) {
    CHECK(value(add_temporal(date_time_value("2000-01-01T00:00Z"), Value::duration(huge))) == "error NumericOverflow");
    CHECK(shown(add_durations(huge, huge), format_duration) == "error NumericOverflow");
    CHECK(shown(multiply_duration(huge, 1.5), format_duration) == "error NumericOverflow");
  }
  CHECK(shown(negate_duration({kLeast, 0, 0, 0}), format_duration) == "error NumericOverflow");
  CHECK(shown(divide_duration({kLeast, 0, 0, 0}, -1), format_duration) == "error NumericOverflow");
  CHECK(format_duration({0, 0, kLeast, 1}).substr(0, 3) == "PT-");
  CHECK(value(add_temporal(date_value("2000-01-01"), date_value("2000-01-01"))) == "error InvalidArgumentType");
  CHECK(value(subtract_temporal(duration_value("P1D"), date_value("2000-01-01"))) == "error InvalidArgumentType");
  CHECK(value(add_temporal(Value::integer(1), duration_value("P1D"))) == "error InvalidArgumentType");
}

TEST_CASE("scaled durations spill into smaller units") {
  const Duration length = *parse_duration("P12Y5M14DT16H13M10.000000001S");
  CHECK(shown(multiply_duration(length, 2), format_duration) == "P24Y10M28DT32H26M20.000000002S");
  CHECK(shown(multiply_duration(length, 0.5), format_duration) == "P6Y2M22DT13H21M8S");
  CHECK(shown(divide_duration(length, 0.5), format_duration) == "P24Y10M28DT32H26M20.000000002S");
  CHECK(shown(divide_duration(length, 2), format_duration) == "P6Y2M22DT13H21M8S");
  CHECK(shown(divide_duration(*parse_duration("P7D"), 2), format_duration) == "P3DT12H");
  CHECK(shown(multiply_duration(length, 0), format_duration) == "PT0S");
  CHECK(shown(divide_duration(length, 0), format_duration) == "error DivisionByZero");
  CHECK(shown(multiply_duration(length, std::numeric_limits<double>::quiet_NaN()), format_duration) ==
        "error NumericOverflow");
  CHECK(shown(divide_duration(length, std::numeric_limits<double>::infinity()), format_duration) == "PT0S");
}

TEST_CASE("components") {
  const auto number = [](const Value& of, std::string_view key) { return temporal_component(of, key)->integer(); };
  const Value newyear = date_value("1984-01-01");
  CHECK(number(newyear, "weekYear") == 1983);
  CHECK(number(newyear, "week") == 52);
  CHECK(number(newyear, "weekDay") == 7);
  CHECK(number(date_value("1984-11-11"), "dayOfQuarter") == 42);
  CHECK(number(date_value("-0001-12-31"), "ordinalDay") == 365);
  const Value moment = date_time_value("1984-11-11T12:31:14.645876123[Europe/Stockholm]");
  CHECK(number(moment, "epochMillis") == 469020674645);
  CHECK(number(moment, "offsetMinutes") == 60);
  CHECK(temporal_component(moment, "timezone")->string() == "Europe/Stockholm");
  CHECK(temporal_component(moment, "offset")->string() == "+01:00");
  const Value length = duration_value("P1Y4M10DT1H1M1.111111111S");
  CHECK(number(length, "quarters") == 5);
  CHECK(number(length, "monthsOfYear") == 4);
  CHECK(number(length, "nanoseconds") == 3661111111111);
  CHECK_FALSE(temporal_component(newyear, "hour"));
  CHECK_FALSE(temporal_component(length, "hour"));
  CHECK_FALSE(temporal_component(Value::integer(1), "year"));
  CHECK_FALSE(temporal_component(duration_value("PT9999999999999H"), "nanoseconds"));
}

}  // namespace
}  // namespace nexus
