// apoc.date.*: time stamps as numbers since 1970-01-01T00:00Z in a unit: ms, s, m, h or d.
#include "function/apoc/families.h"
#include "value/temporal/civil.h"
#include "value/temporal/temporal.h"

namespace nexus::function {
namespace {

using temporal::Wide;

struct Unit {
  std::string_view name;
  std::string_view long_name;
  std::int64_t milliseconds;
};
constexpr Unit kUnits[] = {{"ms", "milliseconds", 1},
                           {"s", "seconds", 1'000},
                           {"m", "minutes", 60'000},
                           {"h", "hours", 3'600'000},
                           {"d", "days", 86'400'000}};

Result<std::int64_t> unit_of(std::string_view function, std::string_view name) {
  for (const Unit& unit : kUnits) {
    if (name == unit.name || name == unit.long_name) return unit.milliseconds;
  }
  return Error{ErrorCode::InvalidArgument,
               "apoc.date." + std::string(function) + "() knows the units ms, s, m, h and d, not " + std::string(name)};
}

Result<std::int64_t> narrow(Wide value) {
  if (value > INT64_MAX || value < INT64_MIN) return Error{ErrorCode::NumericOverflow, "a time stamp beyond 64 bits"};
  return static_cast<std::int64_t>(value);
}

Result<Value> convert(CallContext&, Arguments arguments) {
  NX_TRY(const std::int64_t from, unit_of("convert", arguments[1].string()));
  NX_TRY(const std::int64_t to, unit_of("convert", arguments[2].string()));
  NX_TRY(const std::int64_t made, narrow(static_cast<Wide>(arguments[0].integer()) * from / to));
  return Value::integer(made);
}

Result<Value> add(CallContext&, Arguments arguments) {
  NX_TRY(const std::int64_t unit, unit_of("add", arguments[1].string()));
  NX_TRY(const std::int64_t added_unit, unit_of("add", arguments[3].string()));
  const Wide added = static_cast<Wide>(arguments[2].integer()) * added_unit / unit;
  NX_TRY(const std::int64_t made, narrow(arguments[0].integer() + added));
  return Value::integer(made);
}

Result<Value> from_iso(CallContext&, Arguments arguments) {
  NX_TRY(const DateTime moment, parse_date_time(arguments[0].string()));
  NX_TRY(const std::int64_t made, narrow(static_cast<Wide>(moment.epoch_seconds) * 1'000 + moment.nanoseconds / 1'000'000));
  return Value::integer(made);
}

Result<DateTime> moment_of(std::string_view function, const Value& stamp, std::string_view unit_name) {
  NX_TRY(const std::int64_t unit, unit_of(function, unit_name));
  NX_TRY(const std::int64_t ms, narrow(static_cast<Wide>(stamp.integer()) * unit));
  DateTime moment;
  moment.epoch_seconds = temporal::floor_divide(ms, 1'000);
  moment.nanoseconds = static_cast<std::uint32_t>(temporal::floor_modulo(ms, 1'000)) * 1'000'000;
  NX_TRY_DO(temporal::check_local_date_time({moment.epoch_seconds, moment.nanoseconds}));
  return moment;
}

Result<Value> to_iso(CallContext&, Arguments arguments) {
  const std::string_view unit = arguments.size() > 1 ? arguments[1].string() : std::string_view("ms");
  NX_TRY(const DateTime moment, moment_of("toISO8601", arguments[0], unit));
  return Value::string(format_date_time(moment));
}

Result<Value> field(CallContext&, Arguments arguments) {
  const std::string_view name = arguments.size() > 1 ? arguments[1].string() : std::string_view("d");
  NX_TRY(const DateTime moment, moment_of("field", arguments[0], "ms"));
  constexpr std::pair<std::string_view, std::string_view> kShort[] = {
      {"years", "year"}, {"months", "month"},   {"month", "month"},   {"w", "dayOfWeek"},  {"weekday", "dayOfWeek"},
      {"d", "day"},      {"day", "day"},        {"days", "day"},      {"h", "hour"},       {"hour", "hour"},
      {"hours", "hour"}, {"m", "minute"},       {"minute", "minute"}, {"minutes", "minute"}, {"s", "second"},
      {"second", "second"}, {"seconds", "second"}, {"ms", "millisecond"}, {"year", "year"}};
  for (const auto& [known, component] : kShort) {
    if (known != name) continue;
    if (auto value = temporal_component(Value::date_time(moment), component)) return *value;
  }
  return Error{ErrorCode::InvalidArgument, "apoc.date.field() knows no unit " + std::string(name)};
}

// Of a time stamp in milliseconds, by years of 365.2425 days.
Result<Value> to_years(CallContext&, Arguments arguments) {
  constexpr double kYearMilliseconds = 365.2425 * 86'400'000;
  return Value::real(1970 + static_cast<double>(arguments[0].integer()) / kYearMilliseconds);
}

Result<Value> current_timestamp(CallContext& context, Arguments) {
  return Value::integer(context.clock.wall_nanoseconds() / 1'000'000);
}

constexpr TypeSet kString = types(Type::String);
constexpr TypeSet kInteger = types(Type::Integer);
constexpr Parameter kConvert[] = {{"time", kInteger}, {"unit", kString}, {"toUnit", kString}};
constexpr Parameter kAdd[] = {{"time", kInteger}, {"unit", kString}, {"addValue", kInteger}, {"addUnit", kString}};
constexpr Parameter kText[] = {{"text", kString}};
constexpr Parameter kTimeUnit[] = {{"time", kInteger}, {"unit", kString, true}};
constexpr Parameter kTime[] = {{"time", kInteger}};

constexpr Example kConvertExamples[] = {{"apoc.date.convert(7200, 's', 'h')", "2"}, {"apoc.date.convert(1, 's', 'y')", "error InvalidArgument"},
                                        {"apoc.date.convert(null, 's', 'h')", "null"}};
constexpr Example kAddExamples[] = {{"apoc.date.add(0, 's', 1, 'd')", "86400"}, {"apoc.date.add(null, 's', 1, 'd')", "null"}};
constexpr Example kFromIso[] = {{"apoc.date.fromISO8601('1970-01-02T00:00:00.5Z')", "86400500"}, {"apoc.date.fromISO8601(null)", "null"}};
constexpr Example kToIso[] = {{"apoc.date.toISO8601(86400500)", "'1970-01-02T00:00:00.500Z'"}, {"apoc.date.toISO8601(1, 'd')", "'1970-01-02T00:00Z'"},
                              {"apoc.date.toISO8601(null)", "null"}};
constexpr Example kField[] = {{"apoc.date.field(86400000)", "2"}, {"apoc.date.field(0, 'years')", "1970"}, {"apoc.date.field(0, 'x')", "error InvalidArgument"},
                              {"apoc.date.field(null)", "null"}};
constexpr Example kYears[] = {{"apoc.date.toYears(0)", "1970.0"}, {"apoc.date.toYears(null)", "null"}};
constexpr Example kCurrent[] = {{"apoc.date.currentTimestamp() > 0", "true"}};

constexpr ScalarFunction kFunctions[] = {
    {"apoc.date.convert", "apoc", kConvert, kInteger, "Returns a time stamp in another unit.", kConvertExamples, convert},
    {"apoc.date.add", "apoc", kAdd, kInteger, "Returns a time stamp moved by a number of units.", kAddExamples, add},
    {"apoc.date.fromISO8601", "apoc", kText, kInteger, "Returns the time stamp in milliseconds of a text.", kFromIso, from_iso},
    {"apoc.date.toISO8601", "apoc", kTimeUnit, kString, "Returns a time stamp as a text.", kToIso, to_iso},
    {"apoc.date.field", "apoc", kTimeUnit, kInteger, "Returns one component of a time stamp in milliseconds.", kField, field},
    {"apoc.date.toYears", "apoc", kTime, types(Type::Float), "Returns a time stamp in milliseconds as a year with its fraction.", kYears, to_years},
    {.name = "apoc.date.currentTimestamp", .category = "apoc", .parameters = {}, .returns = kInteger,
     .summary = "Returns the time in milliseconds, at this moment.", .examples = kCurrent, .call = current_timestamp,
     .deterministic = false},
};

}  // namespace

std::span<const ScalarFunction> apoc_date_functions() { return kFunctions; }

}  // namespace nexus::function
