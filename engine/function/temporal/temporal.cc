// date(), localtime(), time(), localdatetime(), datetime(), their clocks and epochs.
#include "value/temporal/temporal.h"

#include "function/temporal/construct.h"
#include "function/temporal/families.h"
#include "value/temporal/civil.h"

namespace nexus::function {
namespace {

Result<Value> parse(Type type, std::string_view text) {
  if (type == Type::Date) {
    NX_TRY(const Date date, parse_date(text));
    return Value::date(date);
  }
  if (type == Type::LocalTime) {
    NX_TRY(const LocalTime time, parse_local_time(text));
    return Value::local_time(time);
  }
  if (type == Type::Time) {
    NX_TRY(const Time time, parse_time(text));
    return Value::time(time);
  }
  if (type == Type::LocalDateTime) {
    NX_TRY(const LocalDateTime local, parse_local_date_time(text));
    return Value::local_date_time(local);
  }
  NX_TRY(DateTime date_time, parse_date_time(text));
  return Value::date_time(std::move(date_time));
}

template <Type kType, ClockSource kSource>
Result<Value> current(CallContext& context, Arguments arguments) {
  temporal::Zone zone;
  if (!arguments.empty()) {
    NX_TRY(zone, temporal::parse_zone(arguments[0].string()));
  }
  NX_TRY(DateTime instant, now(context, kSource, zone));
  return project(Value::date_time(std::move(instant)), kType);
}

template <Type kType>
Result<Value> construct(CallContext& context, Arguments arguments) {
  if (arguments.empty()) return current<kType, ClockSource::Statement>(context, {});
  const Value& input = arguments[0];
  if (input.is(Type::String)) return parse(kType, input.string());
  if (input.is(Type::Map)) return build_temporal(context, kType, input.map());
  return project(input, kType);
}

Result<Value> from_epoch(CallContext&, Arguments arguments) {
  const std::int64_t nanoseconds = arguments.size() > 1 ? arguments[1].integer() : 0;
  NX_TRY(const LocalDateTime instant, temporal::plus_seconds({}, arguments[0].integer(), nanoseconds));
  return Value::date_time({instant.epoch_seconds, instant.nanoseconds, 0, {}});
}

Result<Value> from_epoch_millis(CallContext&, Arguments arguments) {
  const std::int64_t millis = arguments[0].integer();
  const auto rest = static_cast<std::uint32_t>(temporal::floor_modulo(millis, 1000));
  NX_TRY(DateTime made, temporal::at_instant(temporal::floor_divide(millis, 1000), rest * 1'000'000, {}));
  return Value::date_time(std::move(made));
}

constexpr TypeSet kText = types(Type::String, Type::Map);
constexpr Parameter kOfDate[] = {{"input", kText | kWithDate, true}};
constexpr Parameter kOfTime[] = {{"input", kText | kWithTime, true}};
constexpr Parameter kTimezone[] = {{"timezone", types(Type::String), true}};
constexpr Parameter kEpoch[] = {{"seconds", types(Type::Integer)}, {"nanoseconds", types(Type::Integer), true}};
constexpr Parameter kEpochMillis[] = {{"milliseconds", types(Type::Integer)}};

constexpr Example kDateExamples[] = {{"date('2015-W30-2')", "'2015-07-21'"},
                                     {"date({year: 1984, quarter: 3, dayOfQuarter: 45})", "'1984-08-14'"},
                                     {"date({date: date('1984-11-11'), week: 1})", "'1984-01-08'"},
                                     {"date(null)", "null"},
                                     {"date('2015-02-29')", "error NumberOutOfRange"},
                                     {"date('soon')", "error InvalidArgument"}};
constexpr Example kLocalTimeExamples[] = {{"localtime('214032.142')", "'21:40:32.142'"},
                                          {"localtime({hour: 12, minute: 31})", "'12:31'"},
                                          {"localtime(null)", "null"},
                                          {"localtime('25:00')", "error NumberOutOfRange"}};
constexpr Example kTimeExamples[] = {{"time('21:40-01:30')", "'21:40-01:30'"},
                                     {"time({hour: 12, timezone: '+02:05:59'})", "'12:00+02:05:59'"},
                                     {"time(null)", "null"},
                                     {"time('12:00+19:00')", "error NumberOutOfRange"}};
constexpr Example kLocalDateTimeExamples[] = {
    {"localdatetime('2015202T21')", "'2015-07-21T21:00'"},
    {"localdatetime({year: 1984, ordinalDay: 202, hour: 12})", "'1984-07-20T12:00'"},
    {"localdatetime(null)", "null"},
    {"localdatetime({year: 1984, second: 1})", "error InvalidArgument"}};
constexpr Example kDateTimeExamples[] = {
    {"datetime('2015-07-21T21:40[Europe/London]')", "'2015-07-21T21:40+01:00[Europe/London]'"},
    {"datetime({year: 1984, month: 10, timezone: 'Europe/Stockholm'})", "'1984-10-01T00:00+01:00[Europe/Stockholm]'"},
    {"datetime({epochMillis: 1500})", "'1970-01-01T00:00:01.500Z'"},
    {"datetime(null)", "null"},
    {"datetime('2015-07-21T21:40[Europe/Växjö]')", "error InvalidArgument"}};
constexpr Example kEpochExamples[] = {
    {"datetime.fromepoch(416779, 999999999)", "'1970-01-05T19:46:19.999999999Z'"},
    {"datetime.fromepoch(-1)", "'1969-12-31T23:59:59Z'"},
    {"datetime.fromepoch(null)", "null"},
    {"datetime.fromepoch(9223372036854775807)", "error NumericOverflow"}};
constexpr Example kEpochMillisExamples[] = {{"datetime.fromepochmillis(237821673987)", "'1977-07-15T13:34:33.987Z'"},
                                            {"datetime.fromepochmillis(null)", "null"}};
constexpr Example kClockExamples[][2] = {
    {{"date.statement() = date()", "true"}, {"date.realtime(null)", "null"}},
    {{"localtime.statement() = localtime()", "true"}, {"localtime.transaction(null)", "null"}},
    {{"time.statement() = time()", "true"}, {"time.realtime(null)", "null"}},
    {{"localdatetime.statement() = localdatetime()", "true"}, {"localdatetime.statement(null)", "null"}},
    {{"datetime.statement() = datetime()", "true"}, {"datetime.realtime(null)", "null"}}};

constexpr std::string_view kClockSummaries[] = {
    "Returns the moment at which the statement began, in `timezone` or UTC.",
    "Returns the moment at which the transaction began, in `timezone` or UTC.",
    "Returns the moment at which it is evaluated, in `timezone` or UTC."};

template <Type kType, ClockSource kSource>
constexpr ScalarFunction clock_function(std::string_view name) {
  return {.name = name, .category = "temporal", .parameters = kTimezone, .returns = types(kType),
          .summary = kClockSummaries[static_cast<int>(kSource)],
          .examples = kClockExamples[static_cast<int>(kType) - static_cast<int>(Type::Date)],
          .call = current<kType, kSource>, .deterministic = kSource != ClockSource::Realtime};
}

constexpr ScalarFunction kFunctions[] = {
    {.name = "date", .category = "temporal", .parameters = kOfDate, .returns = types(Type::Date),
     .summary = "Makes a date from text, a map or a value that has one; without an argument, the current date in UTC.",
     .examples = kDateExamples, .call = construct<Type::Date>},
    clock_function<Type::Date, ClockSource::Statement>("date.statement"),
    clock_function<Type::Date, ClockSource::Transaction>("date.transaction"),
    clock_function<Type::Date, ClockSource::Realtime>("date.realtime"),
    {.name = "localtime", .category = "temporal", .parameters = kOfTime, .returns = types(Type::LocalTime),
     .summary = "Makes a time of day without a zone from text, a map or a value that has one.",
     .examples = kLocalTimeExamples, .call = construct<Type::LocalTime>},
    clock_function<Type::LocalTime, ClockSource::Statement>("localtime.statement"),
    clock_function<Type::LocalTime, ClockSource::Transaction>("localtime.transaction"),
    clock_function<Type::LocalTime, ClockSource::Realtime>("localtime.realtime"),
    {.name = "time", .category = "temporal", .parameters = kOfTime, .returns = types(Type::Time),
     .summary = "Makes a time of day with an offset from text, a map or a value that has one.",
     .examples = kTimeExamples, .call = construct<Type::Time>},
    clock_function<Type::Time, ClockSource::Statement>("time.statement"),
    clock_function<Type::Time, ClockSource::Transaction>("time.transaction"),
    clock_function<Type::Time, ClockSource::Realtime>("time.realtime"),
    {.name = "localdatetime", .category = "temporal", .parameters = kOfDate, .returns = types(Type::LocalDateTime),
     .summary = "Makes a date and time without a zone from text, a map or a value that has one.",
     .examples = kLocalDateTimeExamples, .call = construct<Type::LocalDateTime>},
    clock_function<Type::LocalDateTime, ClockSource::Statement>("localdatetime.statement"),
    clock_function<Type::LocalDateTime, ClockSource::Transaction>("localdatetime.transaction"),
    clock_function<Type::LocalDateTime, ClockSource::Realtime>("localdatetime.realtime"),
    {.name = "datetime", .category = "temporal", .parameters = kOfDate, .returns = types(Type::DateTime),
     .summary = "Makes a date and time in a zone from text, a map or a value that has one.",
     .examples = kDateTimeExamples, .call = construct<Type::DateTime>},
    clock_function<Type::DateTime, ClockSource::Statement>("datetime.statement"),
    clock_function<Type::DateTime, ClockSource::Transaction>("datetime.transaction"),
    clock_function<Type::DateTime, ClockSource::Realtime>("datetime.realtime"),
    {.name = "datetime.fromepoch", .category = "temporal", .parameters = kEpoch, .returns = types(Type::DateTime),
     .summary = "Makes a datetime in UTC from the seconds, and nanoseconds, since 1970-01-01T00:00Z.",
     .examples = kEpochExamples, .call = from_epoch},
    {.name = "datetime.fromepochmillis", .category = "temporal", .parameters = kEpochMillis,
     .returns = types(Type::DateTime),
     .summary = "Makes a datetime in UTC from the milliseconds since 1970-01-01T00:00Z.",
     .examples = kEpochMillisExamples, .call = from_epoch_millis},
};

}  // namespace

std::span<const ScalarFunction> instant_functions() { return kFunctions; }

}  // namespace nexus::function
