#include "function/temporal/construct.h"

#include "value/temporal/civil.h"

namespace nexus::function {
namespace {

using temporal::at_instant, temporal::at_local, temporal::floor_divide, temporal::floor_modulo, temporal::join,
    temporal::kNanosecondsPerDay, temporal::kNanosecondsPerSecond, temporal::Zone;

Error refused(Type type, const char* reason) {
  return Error(ErrorCode::InvalidArgument, std::string(constructor_name(type)) + "() " + reason);
}

// The value that lends the date, and the one that lends the time and the zone.
const std::optional<Value>& date_base(const Fields& fields) { return fields.datetime ? fields.datetime : fields.date; }
const std::optional<Value>& time_base(const Fields& fields) { return fields.datetime ? fields.datetime : fields.time; }

Result<Date> date_of_fields(const Fields& fields) {
  const auto& base = date_base(fields);
  return build_date(fields, base ? date_part(*base) : std::nullopt);
}

Result<LocalTime> time_of_fields(const Fields& fields) {
  const auto& base = time_base(fields);
  return build_time(fields, base ? time_part(*base) : std::nullopt);
}

// A zone in the map converts a time that has a zone and labels one that has none.
Result<Value> build_zoned_time(CallContext& context, const Fields& fields) {
  NX_TRY(const LocalTime time, time_of_fields(fields));
  const auto source = time_base(fields) ? zone_part(*time_base(fields)) : std::nullopt;
  const std::int32_t wanted =
      fields.zone ? offset_now(context, *fields.zone) : source.value_or(Zone{}).offset_seconds;
  if (!source) return Value::time({time.nanoseconds, wanted});
  const std::int64_t turned = time.nanoseconds + (wanted - source->offset_seconds) * kNanosecondsPerSecond;
  return Value::time({floor_modulo(turned, kNanosecondsPerDay), wanted});
}

Result<DateTime> build_date_time(const Fields& fields) {
  NX_TRY(const Date date, date_of_fields(fields));
  NX_TRY(const LocalTime time, time_of_fields(fields));
  const LocalDateTime local = join(date, time);
  const auto source = time_base(fields) ? zone_part(*time_base(fields)) : std::nullopt;
  if (!source) return at_local(local, fields.zone.value_or(Zone{}));
  NX_TRY(DateTime made, at_local(local, *source, source->offset_seconds));
  if (!fields.zone) return made;
  return at_instant(made.epoch_seconds, made.nanoseconds, *fields.zone);
}

Result<DateTime> build_from_epoch(const Fields& fields) {
  const auto& seconds = fields[Field::EpochSeconds];
  const auto& millis = fields[Field::EpochMillis];
  const bool has_more = fields.has_base() || fields.has_any(Field::Year, Field::Second) || (seconds && millis) ||
                        (millis && fields[Field::Millisecond]);
  if (has_more) return refused(Type::DateTime, "takes no other date or time beside an epoch");
  Fields fraction;
  for (const Field field : {Field::Millisecond, Field::Microsecond, Field::Nanosecond}) fraction[field] = fields[field];
  if (millis) fraction[Field::Millisecond] = floor_modulo(*millis, 1000);
  NX_TRY(const LocalTime part, build_time(fraction, LocalTime{}));
  return at_instant(seconds ? *seconds : floor_divide(*millis, 1000), static_cast<std::uint32_t>(part.nanoseconds),
                    fields.zone.value_or(Zone{}));
}

Result<> check_fields(const Fields& fields, Type type) {
  const bool with_date = type == Type::Date || type == Type::LocalDateTime || type == Type::DateTime;
  const bool with_time = type != Type::Date;
  const bool with_zone = type == Type::Time || type == Type::DateTime;
  const bool is_epoch = fields.has_any(Field::EpochSeconds, Field::EpochMillis);
  if (!with_date && (fields.date || fields.has_any(Field::Year, Field::DayOfQuarter))) {
    return refused(type, "has no date");
  }
  if (!with_time && (fields.time || fields.has_any(Field::Hour, Field::Nanosecond))) {
    return refused(type, "has no time of day");
  }
  if (!with_zone && fields.zone) return refused(type, "has no time zone");
  if (is_epoch && type != Type::DateTime) return refused(type, "cannot be made from an epoch");
  if (!with_date && !time_base(fields) && !fields[Field::Hour]) return refused(type, "needs the field `hour`");
  return Done{};
}

}  // namespace

Result<Value> build_temporal(CallContext& context, Type type, const Map& map) {
  NX_TRY(const Fields fields, read_fields(map, constructor_name(type)));
  if (fields.has_null) return Value::null();
  if (fields.is_zone_only()) {
    NX_TRY(DateTime current, now(context, ClockSource::Statement, *fields.zone));
    return project(Value::date_time(std::move(current)), type);
  }
  NX_TRY_DO(check_fields(fields, type));
  if (type == Type::Date) {
    NX_TRY(const Date date, date_of_fields(fields));
    return Value::date(date);
  }
  if (type == Type::LocalTime) {
    NX_TRY(const LocalTime time, time_of_fields(fields));
    return Value::local_time(time);
  }
  if (type == Type::Time) return build_zoned_time(context, fields);
  if (type == Type::LocalDateTime) {
    NX_TRY(const Date date, date_of_fields(fields));
    NX_TRY(const LocalTime time, time_of_fields(fields));
    return Value::local_date_time(join(date, time));
  }
  const bool is_epoch = fields.has_any(Field::EpochSeconds, Field::EpochMillis);
  NX_TRY(DateTime made, is_epoch ? build_from_epoch(fields) : build_date_time(fields));
  return Value::date_time(std::move(made));
}

}  // namespace nexus::function
