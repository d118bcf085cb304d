// The parts of temporal values: what one may lend to another, and what time it is now.
#pragma once

#include <optional>

#include "function/families.h"
#include "value/temporal/time_zone.h"

namespace nexus::function {

constexpr TypeSet kWithDate = types(Type::Date, Type::LocalDateTime, Type::DateTime);
constexpr TypeSet kWithTime = types(Type::LocalTime, Type::Time, Type::LocalDateTime, Type::DateTime);
constexpr TypeSet kInstant = kWithDate | kWithTime;

inline bool has_type(TypeSet set, const Value& value) { return (set & type_bit(value.type())) != 0; }

// nullopt when the value has no such part.
std::optional<Date> date_part(const Value& value);
std::optional<LocalTime> time_part(const Value& value);
std::optional<temporal::Zone> zone_part(const Value& value);

enum class ClockSource : std::uint8_t { Statement, Transaction, Realtime };
Result<DateTime> now(CallContext& context, ClockSource source, const temporal::Zone& zone);

// A time of day has no date to look a named zone up at, so the statement's instant decides.
std::int32_t offset_now(CallContext& context, const temporal::Zone& zone);

// "date", "localtime", …: the constructor's name. Requires: a temporal type.
std::string_view constructor_name(Type type);

// The value as another temporal type: parts are dropped, a missing time is midnight, a missing
// zone UTC. InvalidArgumentType when the date or the time itself would have to be made up.
Result<Value> project(const Value& value, Type type);

}  // namespace nexus::function
