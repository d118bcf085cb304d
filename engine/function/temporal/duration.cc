// duration() and the durations between two temporal values.
#include "function/temporal/between.h"
#include "function/temporal/families.h"
#include "value/temporal/duration_builder.h"
#include "value/temporal/temporal.h"

namespace nexus::function {
namespace {

using temporal::DurationBuilder, temporal::kNamedUnits, temporal::NamedUnit;

const NamedUnit* find_unit(std::string_view name) {
  for (const NamedUnit& unit : kNamedUnits) {
    if (name == unit.name) return &unit;
  }
  return nullptr;
}

Result<Value> build(const Map& map) {
  DurationBuilder builder;
  bool has_null = false;
  for (const auto& [key, value] : map) {
    const NamedUnit* unit = find_unit(key);
    if (unit == nullptr) return Error(ErrorCode::InvalidArgument, "duration() knows no field `" + key + "`");
    if (value.is(Type::Integer)) {
      builder.add(unit->unit, unit->multiplier, value.integer());
    } else if (value.is(Type::Float)) {
      builder.add_real(unit->unit, unit->multiplier, value.real());
    } else if (value.is_null()) {
      has_null = true;
    } else {
      std::string message = "duration(): `" + key + "` must be a number, not ";
      message += type_name(value.type());
      return Error(ErrorCode::InvalidArgumentType, std::move(message));
    }
  }
  if (map.empty()) return Error(ErrorCode::InvalidArgument, "duration() needs at least one field");
  if (has_null) return Value::null();
  NX_TRY(const Duration made, builder.build());
  return Value::duration(made);
}

Result<Value> duration(CallContext&, Arguments arguments) {
  const Value& input = arguments[0];
  if (input.is(Type::Map)) return build(input.map());
  if (input.is(Type::Duration)) return input;
  NX_TRY(const Duration made, parse_duration(input.string()));
  return Value::duration(made);
}

template <BetweenUnit kUnit>
Result<Value> between_in(CallContext&, Arguments arguments) {
  NX_TRY(const Duration made, between(arguments[0], arguments[1], kUnit));
  return Value::duration(made);
}

constexpr Parameter kOfDuration[] = {{"input", types(Type::String, Type::Map, Type::Duration)}};
constexpr Parameter kTwoInstants[] = {{"from", kInstant}, {"to", kInstant}};
constexpr Example kDurationExamples[] = {{"duration('P0.75M')", "'P22DT19H51M49.5S'"},
                                         {"duration({days: 1, milliseconds: -1})", "'P1DT-0.001S'"},
                                         {"duration(null)", "null"},
                                         {"duration('1 año')", "error InvalidArgument"},
                                         {"duration({seconds: 1.0e30})", "error NumericOverflow"}};
constexpr Example kBetweenExamples[] = {
    {"duration.between(date('1984-10-11'), date('2015-06-24'))", "'P30Y8M13D'"},
    {"duration.between(localtime('14:30'), date('2015-06-24'))", "'PT-14H-30M'"},
    {"duration.between(date('1984-10-11'), null)", "null"}};
constexpr Example kMonthsExamples[] = {{"duration.inMonths(date('2018-03-11'), date('2016-06-24'))", "'P-1Y-8M'"},
                                       {"duration.inMonths(date('2018-03-11'), localtime('12:00'))", "'PT0S'"},
                                       {"duration.inMonths(null, null)", "null"}};
constexpr Example kDaysExamples[] = {{"duration.inDays(date('1984-10-11'), date('2015-06-24'))", "'P11213D'"},
                                     {"duration.inDays(null, null)", "null"}};
constexpr Example kSecondsExamples[] = {
    {"duration.inSeconds(localtime('12:34:54.7'), localtime('12:34:54.3'))", "'PT-0.4S'"},
    {"duration.inSeconds(null, null)", "null"}};

constexpr ScalarFunction kFunctions[] = {
    {.name = "duration", .category = "temporal", .parameters = kOfDuration, .returns = types(Type::Duration),
     .summary = "Makes a duration from ISO 8601 text or a map of its units.", .examples = kDurationExamples,
     .call = duration},
    {.name = "duration.between", .category = "temporal", .parameters = kTwoInstants, .returns = types(Type::Duration),
     .summary = "Returns the months, days and seconds from `from` to `to`.", .examples = kBetweenExamples,
     .call = between_in<BetweenUnit::All>},
    {.name = "duration.inMonths", .category = "temporal", .parameters = kTwoInstants, .returns = types(Type::Duration),
     .summary = "Returns the whole months from `from` to `to`.", .examples = kMonthsExamples,
     .call = between_in<BetweenUnit::Months>},
    {.name = "duration.inDays", .category = "temporal", .parameters = kTwoInstants, .returns = types(Type::Duration),
     .summary = "Returns the whole days from `from` to `to`.", .examples = kDaysExamples,
     .call = between_in<BetweenUnit::Days>},
    {.name = "duration.inSeconds", .category = "temporal", .parameters = kTwoInstants,
     .returns = types(Type::Duration), .summary = "Returns the seconds from `from` to `to`.",
     .examples = kSecondsExamples, .call = between_in<BetweenUnit::Seconds>},
};

}  // namespace

std::span<const ScalarFunction> duration_functions() { return kFunctions; }

}  // namespace nexus::function
