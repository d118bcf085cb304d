// toBoolean(), toInteger(), toFloat(), toString() and their OrNull forms.
#include "function/conversion/convert.h"
#include "function/families.h"

namespace nexus::function {
namespace {

using Convert = Result<Value> (*)(const Value&);

template <Convert convert>
Result<Value> strict(CallContext&, Arguments arguments) {
  return convert(arguments[0]);
}

// What cannot be converted, whatever its type, is null.
template <Convert convert, TypeSet convertible>
Result<Value> or_null(CallContext&, Arguments arguments) {
  if ((convertible & type_bit(arguments[0].type())) == 0) return Value::null();
  Result<Value> converted = convert(arguments[0]);
  if (!converted) return Value::null();
  return converted;
}

constexpr Parameter kBooleanParameter[] = {{"input", kToBooleanTypes}};
constexpr Parameter kIntegerParameter[] = {{"input", kToIntegerTypes}};
constexpr Parameter kFloatParameter[] = {{"input", kToFloatTypes}};
constexpr Parameter kStringParameter[] = {{"input", kToStringTypes}};
constexpr Parameter kAnyParameter[] = {{"input"}};

constexpr Example kBooleanExamples[] = {
    {"toBoolean('TRUE')", "true"}, {"toBoolean(' false ')", "false"}, {"toBoolean('währ')", "null"},
    {"toBoolean(0)", "false"},     {"toBoolean(null)", "null"},
    {"toBoolean(head([1.0, 1]))", "error InvalidArgumentValue"},
};
constexpr Example kBooleanOrNullExamples[] = {
    {"toBooleanOrNull('true')", "true"}, {"toBooleanOrNull(1.5)", "null"}, {"toBooleanOrNull(null)", "null"}};
constexpr Example kIntegerExamples[] = {
    {"toInteger('42')", "42"},    {"toInteger(82.9)", "82"},     {"toInteger('-1.7')", "-1"},
    {"toInteger('é')", "null"},   {"toInteger(true)", "1"},      {"toInteger(null)", "null"},
    {"toInteger('9223372036854775807')", "9223372036854775807"}, {"toInteger(1e19)", "error NumericOverflow"},
};
constexpr Example kIntegerOrNullExamples[] = {
    {"toIntegerOrNull('42')", "42"}, {"toIntegerOrNull([])", "null"}, {"toIntegerOrNull(1e19)", "null"},
    {"toIntegerOrNull(null)", "null"}};
constexpr Example kFloatExamples[] = {
    {"toFloat('11.5')", "11.5"}, {"toFloat(3)", "3.0"},     {"toFloat('1e3')", "1000.0"},
    {"toFloat('¼')", "null"},    {"toFloat(null)", "null"}, {"toFloat('1e999')", "Infinity"},
};
constexpr Example kFloatOrNullExamples[] = {
    {"toFloatOrNull('1.5')", "1.5"}, {"toFloatOrNull(true)", "null"}, {"toFloatOrNull(null)", "null"}};
constexpr Example kStringExamples[] = {
    {"toString(11.5)", "'11.5'"}, {"toString(true)", "'true'"}, {"toString('ß')", "'ß'"},
    {"toString(1e7)", "'1.0E7'"}, {"toString(null)", "null"},   {"toString(date('2020-02-29'))", "'2020-02-29'"},
};
constexpr Example kStringOrNullExamples[] = {
    {"toStringOrNull(1)", "'1'"}, {"toStringOrNull([])", "null"}, {"toStringOrNull(null)", "null"}};

constexpr ScalarFunction kFunctions[] = {
    {"toBoolean", "conversion", kBooleanParameter, types(Type::Boolean),
     "Converts a string or integer to a boolean; null for any other text.", kBooleanExamples,
     strict<convert_to_boolean>},
    {"toBooleanOrNull", "conversion", kAnyParameter, types(Type::Boolean),
     "Converts to a boolean; null for what cannot be converted.", kBooleanOrNullExamples,
     or_null<convert_to_boolean, kToBooleanTypes>},
    {"toInteger", "conversion", kIntegerParameter, types(Type::Integer),
     "Converts a string, boolean or float to an integer, cutting off fractions; null for any other text.",
     kIntegerExamples, strict<convert_to_integer>},
    {"toIntegerOrNull", "conversion", kAnyParameter, types(Type::Integer),
     "Converts to an integer; null for what cannot be converted.", kIntegerOrNullExamples,
     or_null<convert_to_integer, kToIntegerTypes>},
    {"toFloat", "conversion", kFloatParameter, types(Type::Float),
     "Converts a string or integer to a float; null for any other text.", kFloatExamples, strict<convert_to_float>},
    {"toFloatOrNull", "conversion", kAnyParameter, types(Type::Float),
     "Converts to a float; null for what cannot be converted.", kFloatOrNullExamples,
     or_null<convert_to_float, kToFloatTypes>},
    {"toString", "conversion", kStringParameter, types(Type::String), "Converts a scalar value to its text.",
     kStringExamples, strict<convert_to_string>},
    {"toStringOrNull", "conversion", kAnyParameter, types(Type::String),
     "Converts to a string; null for what cannot be converted.", kStringOrNullExamples,
     or_null<convert_to_string, kToStringTypes>},
};

}  // namespace

std::span<const ScalarFunction> scalar_conversions() { return kFunctions; }

}  // namespace nexus::function
