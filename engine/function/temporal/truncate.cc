// date.truncate() and its siblings: the start of the unit a moment lies in, and fields set on top.
#include <algorithm>

#include "function/temporal/families.h"
#include "function/temporal/fields.h"
#include "value/temporal/civil.h"

namespace nexus::function {
namespace {

using temporal::at_local, temporal::civil_of, temporal::CivilDate, temporal::day_of_week, temporal::floor_divide,
    temporal::join, temporal::kNanosecondsPerSecond, temporal::make_date, temporal::make_week_date,
    temporal::plus_days, temporal::week_date_of, temporal::Zone, temporal::ZoneOffset;

// From the coarsest to the finest.
enum class Unit : std::uint8_t {
  Millennium, Century, Decade, Year, WeekYear, Quarter, Month, Week, Day,
  Hour, Minute, Second, Millisecond, Microsecond,
};
constexpr std::string_view kUnitNames[] = {
    "millennium", "century", "decade", "year", "weekyear", "quarter", "month", "week", "day",
    "hour", "minute", "second", "millisecond", "microsecond"};

std::optional<Unit> find_unit(std::string_view text) {
  std::string name(text);
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const auto* found = std::find(std::begin(kUnitNames), std::end(kUnitNames), name);
  if (found == std::end(kUnitNames)) return std::nullopt;
  return static_cast<Unit>(found - std::begin(kUnitNames));
}

Result<Date> truncate_date(Date date, Unit unit) {
  const CivilDate civil = civil_of(date);
  switch (unit) {
    case Unit::Millennium: return make_date({floor_divide(civil.year, 1000) * 1000, 1, 1});
    case Unit::Century: return make_date({floor_divide(civil.year, 100) * 100, 1, 1});
    case Unit::Decade: return make_date({floor_divide(civil.year, 10) * 10, 1, 1});
    case Unit::Year: return make_date({civil.year, 1, 1});
    case Unit::WeekYear: return make_week_date({week_date_of(date).year, 1, 1});
    case Unit::Quarter: return make_date({civil.year, (civil.month - 1) / 3 * 3 + 1, 1});
    case Unit::Month: return make_date({civil.year, civil.month, 1});
    case Unit::Week: return plus_days(date, 1 - day_of_week(date));
    case Unit::Day: case Unit::Hour: case Unit::Minute: case Unit::Second: case Unit::Millisecond:
    case Unit::Microsecond: break;
  }
  return date;
}

LocalTime truncate_time(LocalTime time, Unit unit) {
  constexpr std::int64_t kNanoseconds[] = {3600 * kNanosecondsPerSecond, 60 * kNanosecondsPerSecond,
                                           kNanosecondsPerSecond, 1'000'000, 1'000};
  if (unit <= Unit::Day) return {};
  return {time.nanoseconds - time.nanoseconds % kNanoseconds[static_cast<int>(unit) - static_cast<int>(Unit::Hour)]};
}

// Finer fields are added to the fraction that the unit left, where others replace it.
void keep_fraction(Fields& fields, Unit unit, LocalTime time) {
  const bool is_finer = fields[Field::Nanosecond] || (unit == Unit::Millisecond && fields[Field::Microsecond]);
  if (!is_finer || unit < Unit::Millisecond) return;
  const std::int64_t fraction = time.nanoseconds % kNanosecondsPerSecond;
  if (!fields[Field::Millisecond]) fields[Field::Millisecond] = fraction / 1'000'000;
  if (unit == Unit::Microsecond && !fields[Field::Microsecond]) fields[Field::Microsecond] = fraction / 1'000 % 1'000;
}

struct Request {
  Type type;
  Unit unit;
  Value input;
  Fields fields;
};

Error refused(Type type, std::string_view reason, std::string_view what) {
  std::string message(constructor_name(type));
  message.append(".truncate() ").append(reason).append(what);
  return Error(ErrorCode::InvalidArgument, std::move(message));
}

Result<Request> read_request(CallContext& context, Type type, Arguments arguments) {
  const auto unit = find_unit(arguments[0].string());
  if (!unit) return refused(type, "knows no unit ", arguments[0].string());
  const bool is_clock = type == Type::LocalTime || type == Type::Time;
  if ((type == Type::Date && *unit > Unit::Day) || (is_clock && *unit < Unit::Day)) {
    return refused(type, "cannot truncate to a ", arguments[0].string());
  }
  Request request{type, *unit, {}, {}};
  if (arguments.size() > 1) {
    request.input = arguments[1];
  } else {
    NX_TRY(DateTime current, now(context, ClockSource::Statement, {}));
    request.input = Value::date_time(std::move(current));
  }
  if (arguments.size() > 2 && !arguments[2].map().empty()) {
    NX_TRY(request.fields, read_fields(arguments[2].map(), std::string(constructor_name(type)) + ".truncate"));
  }
  const Fields& fields = request.fields;
  if (fields.has_base() || fields.has_any(Field::EpochSeconds, Field::EpochMillis)) {
    return refused(type, "takes only single fields to set", "");
  }
  if (is_clock && fields.has_any(Field::Year, Field::DayOfQuarter)) return refused(type, "has no date to set", "");
  if (type == Type::Date && fields.has_any(Field::Hour, Field::Nanosecond)) {
    return refused(type, "has no time of day to set", "");
  }
  if (fields.zone && type != Type::Time && type != Type::DateTime) return refused(type, "has no time zone to set", "");
  return request;
}

// A zone to set keeps the wall clock: what is truncated is the local reading.
Result<Value> truncate(CallContext& context, Type type, Arguments arguments) {
  NX_TRY(Request request, read_request(context, type, arguments));
  if (request.fields.has_null) return Value::null();
  const auto zone = request.fields.zone ? request.fields.zone : zone_part(request.input);

  const LocalTime truncated_time = truncate_time(time_part(request.input).value_or(LocalTime{}), request.unit);
  keep_fraction(request.fields, request.unit, truncated_time);
  NX_TRY(const LocalTime time, build_time(request.fields, truncated_time));
  if (type == Type::LocalTime) return Value::local_time(time);
  if (type == Type::Time) return Value::time({time.nanoseconds, zone ? offset_now(context, *zone) : 0});

  const auto input_date = date_part(request.input);
  if (!input_date) return refused(type, "needs a value that has a date, not a ", type_name(request.input.type()));
  NX_TRY(const Date truncated_date, truncate_date(*input_date, request.unit));
  NX_TRY(const Date date, build_date(request.fields, truncated_date));
  if (type == Type::Date) return Value::date(date);
  const LocalDateTime local = join(date, time);
  if (type == Type::LocalDateTime) return Value::local_date_time(local);
  std::optional<ZoneOffset> preferred;
  if (request.input.is(Type::DateTime) && !request.fields.zone) preferred = request.input.date_time().offset_seconds;
  NX_TRY(DateTime made, at_local(local, zone.value_or(Zone{}), preferred));
  return Value::date_time(std::move(made));
}

template <Type kType>
Result<Value> truncate_to(CallContext& context, Arguments arguments) {
  return truncate(context, kType, arguments);
}

constexpr Parameter kDateParameters[] = {
    {"unit", types(Type::String)}, {"input", kWithDate, true}, {"fields", types(Type::Map), true}};
constexpr Parameter kTimeParameters[] = {
    {"unit", types(Type::String)}, {"input", kWithTime, true}, {"fields", types(Type::Map), true}};
constexpr Example kDateExamples[] = {{"date.truncate('weekYear', date('1984-01-01'))", "'1983-01-03'"},
                                     {"date.truncate('century', date('1984-10-11'), {day: 2})", "'1900-01-02'"},
                                     {"date.truncate('day', null)", "null"},
                                     {"date.truncate('hour', date('1984-10-11'))", "error InvalidArgument"},
                                     {"date.truncate('Ära', date('1984-10-11'))", "error InvalidArgument"}};
constexpr Example kLocalTimeExamples[] = {
    {"localtime.truncate('minute', localtime('12:31:14.645876'))", "'12:31'"},
    {"localtime.truncate('millisecond', localtime('12:31:14.645876'), {nanosecond: 2})", "'12:31:14.645000002'"},
    {"localtime.truncate('day', null)", "null"},
    {"localtime.truncate('week', localtime('12:31'))", "error InvalidArgument"}};
constexpr Example kTimeExamples[] = {
    {"time.truncate('hour', localtime('12:31'), {timezone: '+01:00'})", "'12:00+01:00'"},
    {"time.truncate('day', null)", "null"},
    {"time.truncate('hour', time('12:31'), {year: 1})", "error InvalidArgument"}};
constexpr Example kLocalDateTimeExamples[] = {
    {"localdatetime.truncate('month', date('1984-10-11'))", "'1984-10-01T00:00'"},
    {"localdatetime.truncate('day', null)", "null"},
    {"localdatetime.truncate('month', date('1984-10-11'), {day: 32})", "error NumberOutOfRange"}};
constexpr Example kDateTimeExamples[] = {
    {"datetime.truncate('week', date('1984-10-11'), {dayOfWeek: 2})", "'1984-10-09T00:00Z'"},
    {"datetime.truncate('day', null)", "null"},
    {"datetime.truncate('month', date('1984-10-11'), {timezone: 'Nowhere'})", "error InvalidArgument"}};
constexpr std::string_view kSummary =
    "Returns the beginning of the `unit` (millennium to microsecond) that `input` lies in, with `fields` set.";

constexpr ScalarFunction kFunctions[] = {
    {.name = "date.truncate", .category = "temporal", .parameters = kDateParameters, .returns = types(Type::Date),
     .summary = kSummary, .examples = kDateExamples, .call = truncate_to<Type::Date>},
    {.name = "localtime.truncate", .category = "temporal", .parameters = kTimeParameters,
     .returns = types(Type::LocalTime), .summary = kSummary, .examples = kLocalTimeExamples,
     .call = truncate_to<Type::LocalTime>},
    {.name = "time.truncate", .category = "temporal", .parameters = kTimeParameters, .returns = types(Type::Time),
     .summary = kSummary, .examples = kTimeExamples, .call = truncate_to<Type::Time>},
    {.name = "localdatetime.truncate", .category = "temporal", .parameters = kDateParameters,
     .returns = types(Type::LocalDateTime), .summary = kSummary, .examples = kLocalDateTimeExamples,
     .call = truncate_to<Type::LocalDateTime>},
    {.name = "datetime.truncate", .category = "temporal", .parameters = kDateParameters,
     .returns = types(Type::DateTime), .summary = kSummary, .examples = kDateTimeExamples,
     .call = truncate_to<Type::DateTime>},
};

}  // namespace

std::span<const ScalarFunction> truncate_functions() { return kFunctions; }

}  // namespace nexus::function
