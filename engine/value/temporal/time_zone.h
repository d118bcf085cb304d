// Time zones: what a wall clock shows where, from 1800 to any future year.
//
// The IANA rules are compiled in (scripts/make_time_zones.py), the same natively and in
// WebAssembly; years after the table follow the zone's last rule for ever. Zones that
// agree since 1970 share one history, as in the IANA "backward" links.
//
// Threads: all functions are pure.
// Cost: one look-up walks a zone's changes, some hundred bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "nexus/value.h"

namespace nexus::temporal {

using ZoneOffset = std::int32_t;  // Seconds east of UTC.
constexpr ZoneOffset kZoneOffsetMax = 18 * 3600;

bool zone_exists(std::string_view zone);
// nullopt when there is no such zone.
std::optional<ZoneOffset> offset_at_instant(std::string_view zone, std::int64_t epoch_seconds);

// A wall clock reading as an instant.
struct LocalInstant {
  std::int64_t epoch_seconds;
  ZoneOffset offset_seconds;
};
// A reading that occurs twice means `preferred` when that is one of its offsets, else the
// earlier instant; one that is skipped moves forward by the length of the gap.
std::optional<LocalInstant> offset_for_local(std::string_view zone, std::int64_t local_seconds,
                                             std::optional<ZoneOffset> preferred = std::nullopt);

// A named zone, or, with an empty name, a fixed offset.
struct Zone {
  ZoneOffset offset_seconds = 0;
  std::string name;
};
// "Z", "+01:00", "-0205", "+02:05:59", "Europe/Stockholm". Errors: InvalidArgument.
Result<Zone> parse_zone(std::string_view text);
Zone zone_of(const DateTime& date_time);

// Zones unknown to this build (a value stored by a newer one) keep their offset.
Result<DateTime> at_local(LocalDateTime local, const Zone& zone, std::optional<ZoneOffset> preferred = std::nullopt);
Result<DateTime> at_instant(std::int64_t epoch_seconds, std::uint32_t nanoseconds, const Zone& zone);

}  // namespace nexus::temporal
