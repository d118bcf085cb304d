#include "function/temporal/parts.h"

#include "value/temporal/civil.h"

namespace nexus::function {

using temporal::at_instant, temporal::at_local, temporal::date_of, temporal::floor_divide, temporal::floor_modulo,
    temporal::join, temporal::kNanosecondsPerSecond, temporal::local_of, temporal::offset_at_instant,
    temporal::time_of, temporal::Zone, temporal::zone_of;

std::optional<Date> date_part(const Value& value) {
  if (value.is(Type::Date)) return value.date();
  if (value.is(Type::LocalDateTime)) return date_of(value.local_date_time());
  if (value.is(Type::DateTime)) return date_of(local_of(value.date_time()));
  return std::nullopt;
}

std::optional<LocalTime> time_part(const Value& value) {
  if (value.is(Type::LocalTime)) return value.local_time();
  if (value.is(Type::Time)) return time_of(value.time());
  if (value.is(Type::LocalDateTime)) return time_of(value.local_date_time());
  if (value.is(Type::DateTime)) return time_of(local_of(value.date_time()));
  return std::nullopt;
}

std::optional<Zone> zone_part(const Value& value) {
  if (value.is(Type::Time)) return Zone{value.time().offset_seconds, {}};
  if (value.is(Type::DateTime)) return zone_of(value.date_time());
  return std::nullopt;
}

Result<DateTime> now(CallContext& context, ClockSource source, const Zone& zone) {
  std::int64_t nanoseconds = context.statement_nanoseconds;
  if (source == ClockSource::Transaction) nanoseconds = context.transaction_nanoseconds;
  if (source == ClockSource::Realtime) nanoseconds = context.clock.wall_nanoseconds();
  return at_instant(floor_divide(nanoseconds, kNanosecondsPerSecond),
                    static_cast<std::uint32_t>(floor_modulo(nanoseconds, kNanosecondsPerSecond)), zone);
}

std::int32_t offset_now(CallContext& context, const Zone& zone) {
  const std::int64_t seconds = floor_divide(context.statement_nanoseconds, kNanosecondsPerSecond);
  return offset_at_instant(zone.name, seconds).value_or(zone.offset_seconds);
}

std::string_view constructor_name(Type type) {
  switch (type) {
    case Type::Date: return "date";
    case Type::LocalTime: return "localtime";
    case Type::Time: return "time";
    case Type::LocalDateTime: return "localdatetime";
    case Type::DateTime: return "datetime";
    case Type::Duration: return "duration";
    case Type::Null: case Type::Boolean: case Type::Integer: case Type::Float: case Type::String: case Type::List:
    case Type::Map: case Type::Node: case Type::Relationship: case Type::Path: case Type::Point:
    case Type::Vector: break;
  }
  NX_CHECK(false);
  return {};
}

Result<Value> project(const Value& value, Type type) {
  if (value.is(type)) return value;
  const auto date = date_part(value);
  const auto time = time_part(value);
  const bool needs_date = type == Type::Date || type == Type::LocalDateTime || type == Type::DateTime;
  const bool needs_time = type == Type::LocalTime || type == Type::Time;
  if ((needs_date && !date) || (needs_time && !time)) {
    std::string message(constructor_name(type));
    message.append("() cannot be made from a ").append(type_name(value.type()));
    return Error(ErrorCode::InvalidArgumentType, std::move(message));
  }
  if (type == Type::Date) return Value::date(*date);
  if (type == Type::LocalTime) return Value::local_time(*time);
  if (type == Type::Time) {
    return Value::time({time->nanoseconds, zone_part(value).value_or(Zone{}).offset_seconds});
  }
  const LocalDateTime local = join(*date, time.value_or(LocalTime{}));
  if (type == Type::LocalDateTime) return Value::local_date_time(local);
  NX_TRY(DateTime made, at_local(local, Zone{}));
  return Value::date_time(std::move(made));
}

}  // namespace nexus::function
