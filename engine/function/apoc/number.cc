// apoc.number.*, apoc.math.* and apoc.convert.*: numbers read, written, bounded and converted.
#include <cmath>
#include <limits>
#include <unordered_set>

#include "base/number.h"
#include "function/apoc/families.h"
#include "function/conversion/convert.h"
#include "value/compare.h"

namespace nexus::function {
namespace {

// 1,234.5 as people write it.
std::string without_commas(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (c != ',') made += c;
  }
  return made;
}
Result<Value> parse_int(CallContext&, Arguments arguments) {
  const auto real = parse_double(without_commas(arguments[0].string()));
  if (!real || !(std::fabs(*real) < 9.2e18)) return Value::null();
  if (const auto integer = parse_integer(without_commas(arguments[0].string()))) return Value::integer(*integer);
  return Value::integer(static_cast<std::int64_t>(*real));
}
Result<Value> parse_float(CallContext&, Arguments arguments) {
  const auto real = parse_double(without_commas(arguments[0].string()));
  return real ? Value::real(*real) : Value::null();
}

struct Roman {
  std::int64_t value;
  std::string_view text;
};
constexpr Roman kRoman[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
                            {40, "XL"},  {10, "X"},   {9, "IX"},  {5, "V"},    {4, "IV"},  {1, "I"}};

Result<Value> arabic_to_roman(CallContext&, Arguments arguments) {
  std::int64_t left = arguments[0].integer();
  if (left < 1 || left > 3999) return Error{ErrorCode::NumberOutOfRange, "apoc.number.arabicToRoman() expects 1 to 3999"};
  std::string made;
  for (const Roman& roman : kRoman) {
    for (; left >= roman.value; left -= roman.value) made += roman.text;
  }
  return Value::string(made);
}
Result<Value> roman_to_arabic(CallContext&, Arguments arguments) {
  std::string_view left = arguments[0].string();
  std::int64_t sum = 0;
  for (const Roman& roman : kRoman) {
    for (; left.substr(0, roman.text.size()) == roman.text; left.remove_prefix(roman.text.size())) sum += roman.value;
  }
  if (!left.empty() || sum == 0) {
    return Error{ErrorCode::InvalidArgument, "apoc.number.romanToArabic() expects a roman number"};
  }
  return Value::integer(sum);
}

template <double (*function)(double)>
Result<Value> real(CallContext&, Arguments arguments) {
  return Value::real(function(arguments[0].number()));
}
double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double sigmoid_prime(double x) { return sigmoid(x) * (1 - sigmoid(x)); }
double hyperbolic_secant(double x) { return 1 / std::cosh(x); }
double hyperbolic_cosecant(double x) { return 1 / std::sinh(x); }

template <std::int64_t value>
Result<Value> bound(CallContext&, Arguments) {
  return Value::integer(value);
}
Result<Value> max_double(CallContext&, Arguments) { return Value::real(std::numeric_limits<double>::max()); }
Result<Value> min_double(CallContext&, Arguments) { return Value::real(std::numeric_limits<double>::denorm_min()); }

template <TypeSet accepted, Result<Value> (*convert)(const Value&)>
Result<Value> converted(CallContext&, Arguments arguments) {
  if ((type_bit(arguments[0].type()) & accepted) == 0) return Value::null();
  Result<Value> made = convert(arguments[0]);
  if (!made) return Value::null();
  return made;
}
Result<Value> to_boolean(CallContext&, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.is_number()) return Value::boolean(value.number() != 0);
  if (value.is(Type::Boolean)) return value;
  if (!value.is(Type::String)) return Value::boolean(true);
  const std::string_view text = value.string();
  return Value::boolean(!(text.empty() || text == "0" || text == "false" || text == "FALSE" || text == "no"));
}

Result<Value> to_list(CallContext&, Arguments arguments) {
  if (arguments[0].is(Type::List)) return arguments[0];
  if (arguments[0].depth() >= Value::kDepthMax) return Error{ErrorCode::LimitExceeded, "the list would nest too deep"};
  return Value::list({arguments[0]});
}
Result<Value> to_set(CallContext& context, Arguments arguments) {
  const List& list = arguments[0].list();
  NX_TRY_DO(check_room(context, list.size() * 4 * sizeof(Value)));
  std::unordered_set<Value, ValueHash, ValueEquivalent> seen;
  List made;
  for (const Value& item : list) {
    if (seen.insert(item).second) made.push_back(item);
  }
  return Value::list(std::move(made));
}
Result<Value> to_map(CallContext& context, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.is(Type::Map)) return value;
  auto properties = value.is(Type::Node) ? context.graph.node_properties(value.entity_id())
                                         : context.graph.relationship_properties(value.entity_id());
  if (!properties) return std::move(properties.error());
  return Value::map(std::move(*properties));
}

constexpr TypeSet kString = types(Type::String);
constexpr TypeSet kInteger = types(Type::Integer);
constexpr TypeSet kFloat = types(Type::Float);
constexpr TypeSet kList = types(Type::List);
constexpr Parameter kText[] = {{"text", kString}};
constexpr Parameter kInt[] = {{"number", kInteger}};
constexpr Parameter kNumberParameter[] = {{"number", kNumber}};
constexpr Parameter kAnyValue[] = {{"value"}};
constexpr Parameter kListParameter[] = {{"list", kList}};
constexpr Parameter kMapLike[] = {{"value", kEntity | types(Type::Map)}};

constexpr Example kParseInt[] = {{"apoc.number.parseInt('1,234')", "1234"}, {"apoc.number.parseInt('x')", "null"}, {"apoc.number.parseInt(null)", "null"}};
constexpr Example kParseFloat[] = {{"apoc.number.parseFloat('1,234.5')", "1234.5"}, {"apoc.number.parseFloat('x')", "null"}, {"apoc.number.parseFloat(null)", "null"}};
constexpr Example kToRoman[] = {{"apoc.number.arabicToRoman(1994)", "'MCMXCIV'"}, {"apoc.number.arabicToRoman(0)", "error NumberOutOfRange"},
                                {"apoc.number.arabicToRoman(null)", "null"}};
constexpr Example kFromRoman[] = {{"apoc.number.romanToArabic('MCMXCIV')", "1994"}, {"apoc.number.romanToArabic('Q')", "error InvalidArgument"},
                                  {"apoc.number.romanToArabic(null)", "null"}};
constexpr Example kSigmoid[] = {{"apoc.math.sigmoid(0)", "0.5"}, {"apoc.math.sigmoid(null)", "null"}};
constexpr Example kSigmoidPrime[] = {{"apoc.math.sigmoidPrime(0)", "0.25"}, {"apoc.math.sigmoidPrime(null)", "null"}};
constexpr Example kSech[] = {{"apoc.math.sech(0)", "1.0"}, {"apoc.math.sech(null)", "null"}};
constexpr Example kCsch[] = {{"apoc.math.csch(0)", "Infinity"}, {"apoc.math.csch(null)", "null"}};
constexpr Example kMaxLong[] = {{"apoc.math.maxLong()", "9223372036854775807"}};
constexpr Example kMinLong[] = {{"apoc.math.minLong()", "-9223372036854775808"}};
constexpr Example kMaxInt[] = {{"apoc.math.maxInt()", "2147483647"}};
constexpr Example kMinInt[] = {{"apoc.math.minInt()", "-2147483648"}};
constexpr Example kMaxByte[] = {{"apoc.math.maxByte()", "127"}};
constexpr Example kMinByte[] = {{"apoc.math.minByte()", "-128"}};
constexpr Example kMaxDouble[] = {{"apoc.math.maxDouble()", "1.7976931348623157E308"}};
constexpr Example kMinDouble[] = {{"apoc.math.minDouble()", "5.0E-324"}};
constexpr Example kToInteger[] = {{"apoc.convert.toInteger('12')", "12"}, {"apoc.convert.toInteger([1])", "null"}, {"apoc.convert.toInteger(null)", "null"}};
constexpr Example kToFloat[] = {{"apoc.convert.toFloat('1.5')", "1.5"}, {"apoc.convert.toFloat([1])", "null"}, {"apoc.convert.toFloat(null)", "null"}};
constexpr Example kToString[] = {{"apoc.convert.toString(1.5)", "'1.5'"}, {"apoc.convert.toString([1])", "null"}, {"apoc.convert.toString(null)", "null"}};
constexpr Example kToBoolean[] = {{"apoc.convert.toBoolean('no')", "false"}, {"apoc.convert.toBoolean(1)", "true"}, {"apoc.convert.toBoolean(null)", "null"}};
constexpr Example kToList[] = {{"apoc.convert.toList(1)", "[1]"}, {"apoc.convert.toList([1])", "[1]"}, {"apoc.convert.toList(null)", "null"}};
constexpr Example kToSet[] = {{"apoc.convert.toSet([1, 1.0, 2])", "[1, 2]"}, {"apoc.convert.toSet(null)", "null"}};
constexpr Example kToMap[] = {{"apoc.convert.toMap({a: 1})", "{a: 1}"}, {"apoc.convert.toMap(null)", "null"}};

constexpr ScalarFunction kNumbers[] = {
    {"apoc.number.parseInt", "apoc", kText, kInteger, "Returns the INTEGER of a text that may have commas; null when it is none.", kParseInt, parse_int},
    {"apoc.number.parseFloat", "apoc", kText, kFloat, "Returns the FLOAT of a text that may have commas; null when it is none.", kParseFloat, parse_float},
    {"apoc.number.arabicToRoman", "apoc", kInt, kString, "Returns a number in roman digits.", kToRoman, arabic_to_roman},
    {"apoc.number.romanToArabic", "apoc", kText, kInteger, "Returns the number of roman digits.", kFromRoman, roman_to_arabic},
    {"apoc.math.sigmoid", "apoc", kNumberParameter, kFloat, "Returns 1 / (1 + e^-x).", kSigmoid, real<sigmoid>},
    {"apoc.math.sigmoidPrime", "apoc", kNumberParameter, kFloat, "Returns the slope of the sigmoid.", kSigmoidPrime, real<sigmoid_prime>},
    {"apoc.math.sech", "apoc", kNumberParameter, kFloat, "Returns the hyperbolic secant.", kSech, real<hyperbolic_secant>},
    {"apoc.math.csch", "apoc", kNumberParameter, kFloat, "Returns the hyperbolic cosecant.", kCsch, real<hyperbolic_cosecant>},
    {"apoc.math.maxLong", "apoc", {}, kInteger, "Returns the largest INTEGER.", kMaxLong, bound<std::numeric_limits<std::int64_t>::max()>},
    {"apoc.math.minLong", "apoc", {}, kInteger, "Returns the smallest INTEGER.", kMinLong, bound<std::numeric_limits<std::int64_t>::min()>},
    {"apoc.math.maxInt", "apoc", {}, kInteger, "Returns the largest number of 32 bits.", kMaxInt, bound<2147483647>},
    {"apoc.math.minInt", "apoc", {}, kInteger, "Returns the smallest number of 32 bits.", kMinInt, bound<-2147483648LL>},
    {"apoc.math.maxByte", "apoc", {}, kInteger, "Returns the largest number of 8 bits.", kMaxByte, bound<127>},
    {"apoc.math.minByte", "apoc", {}, kInteger, "Returns the smallest number of 8 bits.", kMinByte, bound<-128>},
    {"apoc.math.maxDouble", "apoc", {}, kFloat, "Returns the largest FLOAT.", kMaxDouble, max_double},
    {"apoc.math.minDouble", "apoc", {}, kFloat, "Returns the smallest FLOAT above 0.", kMinDouble, min_double},
};

constexpr ScalarFunction kConversions[] = {
    {"apoc.convert.toInteger", "apoc", kAnyValue, kInteger,
     "Returns a value as INTEGER, null when it cannot be.", kToInteger, converted<kToIntegerTypes, convert_to_integer>},
    {"apoc.convert.toFloat", "apoc", kAnyValue, kFloat, "Returns a value as FLOAT, null when it cannot be.", kToFloat, converted<kToFloatTypes, convert_to_float>},
    {"apoc.convert.toString", "apoc", kAnyValue, kString,
     "Returns a value as STRING, null when it cannot be.", kToString, converted<kToStringTypes, convert_to_string>},
    {"apoc.convert.toBoolean", "apoc", kAnyValue, types(Type::Boolean), "Returns false for 0, '', '0', 'false' and 'no', else true.", kToBoolean, to_boolean},
    {"apoc.convert.toList", "apoc", kAnyValue, kList, "Returns a list as it is and any other value as its only element.", kToList, to_list},
    {"apoc.convert.toSet", "apoc", kListParameter, kList, "Returns every different element once.", kToSet, to_set},
    {"apoc.convert.toMap", "apoc", kMapLike, types(Type::Map), "Returns the properties of a node or relationship, or the map itself.", kToMap, to_map},
};

}  // namespace

std::span<const ScalarFunction> apoc_number_functions() { return kNumbers; }
std::span<const ScalarFunction> apoc_convert_functions() { return kConversions; }

}  // namespace nexus::function
