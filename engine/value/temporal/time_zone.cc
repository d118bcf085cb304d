#include "value/temporal/time_zone.h"

#include <algorithm>
#include <iterator>

#include "value/temporal/civil.h"
#include "value/temporal/scanner.h"
#include "value/temporal/temporal.h"

namespace nexus::temporal {
namespace {

struct ZoneName {
  std::string_view name;
  std::uint32_t start;
};

// kZoneNames, sorted, and kZoneBytes, whose layout scripts/make_time_zones.py describes.
#include "time_zones.inc"

// Walks the table's bytes. They are compiled in, so they need no checks.
class TableReader {
 public:
  explicit TableReader(std::uint32_t start) : at_(kZoneBytes + start) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const unsigned char byte = *at_++;
      value |= std::uint64_t{byte & 127u} << shift;
      if (byte < 128) return value;
    }
  }
  static std::int64_t unfold(std::uint64_t zigzag) {
    return static_cast<std::int64_t>(zigzag >> 1) ^ -static_cast<std::int64_t>(zigzag & 1);
  }
  std::int64_t signed_number() { return unfold(number()); }
  ZoneOffset offset() { return static_cast<ZoneOffset>(signed_number()); }
  // Seconds since the previous change.
  std::int64_t delta() {
    const std::uint64_t raw = number();
    return unfold(raw >> 1) * (raw & 1 ? 1 : 60);
  }
  unsigned char byte() { return *at_++; }

 private:
  const unsigned char* at_;
};

// "The last Sunday of March at 02:00", on the wall clock.
struct YearlyRule {
  std::int64_t month, week, weekday, second;  // weekday 0 is Sunday, week 5 the last.

  explicit YearlyRule(TableReader& table)
      : month(table.byte()), week(table.byte()), weekday(table.byte()), second(table.signed_number()) {}

  std::int64_t local_seconds(std::int64_t year) const {
    const Date first{epoch_days_of({year, month, 1})};
    std::int64_t day = 1 + floor_modulo(weekday - day_of_week(first), 7) + (week - 1) * 7;
    if (day > days_in_month(year, month)) day -= 7;
    return (first.epoch_days + day - 1) * kSecondsPerDay + second;
  }
};

ZoneOffset offset_by_rule(TableReader& table, std::int64_t epoch_seconds) {
  const ZoneOffset standard = table.offset();
  const ZoneOffset summer = table.offset();
  const YearlyRule start_rule(table);
  const YearlyRule end_rule(table);
  const std::int64_t year = civil_of(date_of(LocalDateTime{epoch_seconds + standard, 0})).year;
  const std::int64_t start = start_rule.local_seconds(year) - standard;
  const std::int64_t end = end_rule.local_seconds(year) - summer;
  // South of the equator summer spans the new year.
  const bool is_summer = start < end ? epoch_seconds >= start && epoch_seconds < end
                                     : epoch_seconds >= start || epoch_seconds < end;
  return is_summer ? summer : standard;
}

ZoneOffset table_offset(std::uint32_t start, std::int64_t epoch_seconds) {
  TableReader table(start);
  constexpr std::size_t kOffsetsMax = 256;  // Changes name them by one byte.
  ZoneOffset offsets[kOffsetsMax];
  const std::size_t offset_count = table.number();
  for (std::size_t i = 0; i < offset_count; ++i) offsets[i] = table.offset();
  ZoneOffset offset = offsets[0];
  std::int64_t instant = 0;
  for (std::uint64_t left = table.number(); left > 0; --left) {
    instant += table.delta();
    if (epoch_seconds < instant) return offset;
    offset = offsets[table.byte()];
  }
  return table.byte() == 0 ? offset : offset_by_rule(table, epoch_seconds);
}

const ZoneName* find_zone(std::string_view zone) {
  const auto* found = std::lower_bound(std::begin(kZoneNames), std::end(kZoneNames), zone,
                                       [](const ZoneName& row, std::string_view name) { return row.name < name; });
  return found != std::end(kZoneNames) && found->name == zone ? found : nullptr;
}

}  // namespace

bool zone_exists(std::string_view zone) { return find_zone(zone) != nullptr; }

std::optional<ZoneOffset> offset_at_instant(std::string_view zone, std::int64_t epoch_seconds) {
  const ZoneName* row = find_zone(zone);
  if (row == nullptr) return std::nullopt;
  return table_offset(row->start, epoch_seconds);
}

std::optional<LocalInstant> offset_for_local(std::string_view zone, std::int64_t local_seconds,
                                             std::optional<ZoneOffset> preferred) {
  const ZoneName* row = find_zone(zone);
  if (row == nullptr) return std::nullopt;
  const auto is_valid = [&](ZoneOffset offset) {
    return table_offset(row->start, local_seconds - offset) == offset;
  };
  if (preferred && is_valid(*preferred)) return LocalInstant{local_seconds - *preferred, *preferred};
  // No zone changes twice within two days and none is a day off UTC.
  const ZoneOffset before = table_offset(row->start, local_seconds - kSecondsPerDay);
  const ZoneOffset after = table_offset(row->start, local_seconds + kSecondsPerDay);
  if (is_valid(before)) return LocalInstant{local_seconds - before, before};
  if (is_valid(after)) return LocalInstant{local_seconds - after, after};
  const std::int64_t instant = local_seconds - before;
  return LocalInstant{instant, table_offset(row->start, instant)};
}

Result<Zone> parse_zone(std::string_view text) {
  Scanner scanner(text);
  ZoneOffset offset = 0;
  if (scanner.offset(offset) && scanner.at_end()) {
    NX_TRY_DO(check_range("the offset of the time zone", offset, -kZoneOffsetMax, kZoneOffsetMax));
    return Zone{offset, {}};
  }
  std::string name(text);
  std::replace(name.begin(), name.end(), ' ', '_');
  if (zone_exists(name)) return Zone{0, std::move(name)};
  return Error(ErrorCode::InvalidArgument, "there is no time zone '" + name + "'");
}

Zone zone_of(const DateTime& date_time) { return {date_time.offset_seconds, date_time.zone}; }

Result<DateTime> at_local(LocalDateTime local, const Zone& zone, std::optional<ZoneOffset> preferred) {
  LocalInstant instant{local.epoch_seconds - zone.offset_seconds, zone.offset_seconds};
  if (!zone.name.empty()) {
    if (const auto found = offset_for_local(zone.name, local.epoch_seconds, preferred)) instant = *found;
  }
  NX_TRY_DO(check_local_date_time({instant.epoch_seconds + instant.offset_seconds, local.nanoseconds}));
  return DateTime{instant.epoch_seconds, local.nanoseconds, instant.offset_seconds, zone.name};
}

Result<DateTime> at_instant(std::int64_t epoch_seconds, std::uint32_t nanoseconds, const Zone& zone) {
  // Before the offset is added: it must not wrap.
  NX_TRY_DO(check_local_date_time({epoch_seconds, nanoseconds}));
  const ZoneOffset offset = offset_at_instant(zone.name, epoch_seconds).value_or(zone.offset_seconds);
  NX_TRY_DO(check_local_date_time({epoch_seconds + offset, nanoseconds}));
  return DateTime{epoch_seconds, nanoseconds, offset, zone.name};
}

}  // namespace nexus::temporal
