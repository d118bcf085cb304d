#include "value/temporal/time_zone.h"

#include "tests/support/catch.h"
#include "value/temporal/civil.h"

namespace nexus::temporal {
namespace {

std::int64_t seconds(CivilDate civil, std::int64_t hour, std::int64_t minute = 0) {
  return epoch_days_of(civil) * kSecondsPerDay + hour * 3600 + minute * 60;
}

TEST_CASE("zones are known by their exact names") {
  for (const char* name : {"Europe/Stockholm", "UTC", "Etc/GMT+5", "America/Argentina/Ushuaia", "Zulu"}) {
    CHECK(zone_exists(name));
  }
  for (const char* name : {"", "europe/stockholm", "Europe", "Europe/", "posix/UTC", "Factory", "ZZZ"}) {
    CHECK_FALSE(zone_exists(name));
    CHECK_FALSE(offset_at_instant(name, 0));
    CHECK_FALSE(offset_for_local(name, 0));
  }
}

TEST_CASE("history, present and the far future") {
  CHECK(offset_at_instant("Europe/Stockholm", seconds({1818, 7, 21}, 0)) == 3208);
  CHECK(offset_at_instant("Europe/London", seconds({1970, 1, 1}, 0)) == 3600);  // British Standard Time.
  CHECK(offset_at_instant("Pacific/Honolulu", seconds({1984, 10, 28}, 0)) == -36000);
  CHECK(offset_at_instant("Australia/Eucla", seconds({2015, 7, 21}, 0)) == 31500);
  CHECK(offset_at_instant("Asia/Kolkata", seconds({2024, 1, 1}, 0)) == 19800);
  CHECK(offset_at_instant("America/New_York", seconds({9999, 7, 1}, 0)) == -14400);
  CHECK(offset_at_instant("America/New_York", seconds({9999, 1, 1}, 0)) == -18000);
  // Summer south of the equator spans the new year; Dublin's winter is the exception, its summer the standard.
  CHECK(offset_at_instant("Australia/Sydney", seconds({3000, 1, 1}, 0)) == 39600);
  CHECK(offset_at_instant("Australia/Sydney", seconds({3000, 7, 1}, 0)) == 36000);
  CHECK(offset_at_instant("Europe/Dublin", seconds({3000, 1, 1}, 0)) == 0);
  CHECK(offset_at_instant("Europe/Dublin", seconds({3000, 7, 1}, 0)) == 3600);
  CHECK(offset_at_instant("Europe/Stockholm", seconds({-kYearMax, 1, 1}, 0)) == 3208);
  CHECK(offset_at_instant("Europe/Stockholm", seconds({kYearMax, 7, 1}, 0)) == 7200);
}

TEST_CASE("a change takes effect in its second") {
  const std::int64_t spring = seconds({2050, 3, 27}, 1);  // The last Sunday of March, 01:00 UTC.
  CHECK(offset_at_instant("Europe/Stockholm", spring - 1) == 3600);
  CHECK(offset_at_instant("Europe/Stockholm", spring) == 7200);
  const std::int64_t autumn = seconds({2050, 10, 30}, 1);
  CHECK(offset_at_instant("Europe/Stockholm", autumn - 1) == 7200);
  CHECK(offset_at_instant("Europe/Stockholm", autumn) == 3600);
}

TEST_CASE("skipped readings move forward, doubled ones come first unless told") {
  const std::int64_t gap = seconds({2017, 3, 26}, 2, 30);
  const auto moved = offset_for_local("Europe/Stockholm", gap);
  CHECK(moved->offset_seconds == 7200);
  CHECK(moved->epoch_seconds == seconds({2017, 3, 26}, 1, 30));
  const std::int64_t doubled = seconds({2017, 10, 29}, 2, 30);
  CHECK(offset_for_local("Europe/Stockholm", doubled)->offset_seconds == 7200);
  CHECK(offset_for_local("Europe/Stockholm", doubled, 3600)->offset_seconds == 3600);
  CHECK(offset_for_local("Europe/Stockholm", doubled, 0)->offset_seconds == 7200);
  // Samoa skipped a whole day.
  const auto samoa = offset_for_local("Pacific/Apia", seconds({2011, 12, 30}, 12));
  CHECK(samoa->epoch_seconds + samoa->offset_seconds == seconds({2011, 12, 31}, 12));
}

TEST_CASE("zones are read from offsets and names") {
  CHECK(parse_zone("Z")->offset_seconds == 0);
  CHECK(parse_zone("+02:05:59")->offset_seconds == 7559);
  CHECK(parse_zone("-0130")->offset_seconds == -5400);
  CHECK(parse_zone("America/Los Angeles")->name == "America/Los_Angeles");
  CHECK(parse_zone("+19:00").error().code == ErrorCode::NumberOutOfRange);
  CHECK(parse_zone("").error().code == ErrorCode::InvalidArgument);
  CHECK(parse_zone("Europe/Växjö").error().code == ErrorCode::InvalidArgument);
}

TEST_CASE("a zone that this build does not know keeps its offset") {
  const Zone unknown{5400, "Mars/Olympus"};
  const auto moment = at_local({0, 0}, unknown);
  CHECK(moment->epoch_seconds == -5400);
  CHECK(at_instant(0, 0, unknown)->offset_seconds == 5400);
}

TEST_CASE("instants beyond the calendar are refused") {
  CHECK(at_instant(INT64_MAX, 0, Zone{3600, {}}).error().code == ErrorCode::NumericOverflow);
  CHECK(at_instant(seconds({kYearMax, 12, 31}, 23), 0, Zone{7200, {}}).error().code == ErrorCode::NumericOverflow);
  CHECK(at_local({seconds({kYearMax, 12, 31}, 23), 0}, Zone{-7200, {}}).has_value());
}

}  // namespace
}  // namespace nexus::temporal
