// abs(), ceil(), floor(), sign(), sqrt(), exp(), log(), log10(), isNaN(), e(), pi().
#include <cmath>
#include <limits>

#include "function/families.h"

namespace nexus::function {
namespace {

Result<Value> abs(CallContext&, Arguments arguments) {
  if (arguments[0].is(Type::Float)) return Value::real(std::fabs(arguments[0].real()));
  const std::int64_t value = arguments[0].integer();
  if (value == std::numeric_limits<std::int64_t>::min()) {
    return Error{ErrorCode::NumericOverflow, "abs(" + std::to_string(value) + ") is beyond the 64-bit integers"};
  }
  return Value::integer(value < 0 ? -value : value);
}

Result<Value> sign(CallContext&, Arguments arguments) {
  const double value = arguments[0].number();
  return Value::integer(value > 0 ? 1 : value < 0 ? -1 : 0);
}

Result<Value> is_nan(CallContext&, Arguments arguments) { return Value::boolean(std::isnan(arguments[0].number())); }

template <double (*function)(double)>
Result<Value> real(CallContext&, Arguments arguments) {
  return Value::real(function(arguments[0].number()));
}

constexpr double kE = 2.718281828459045;
constexpr double kPi = 3.141592653589793;

Result<Value> e(CallContext&, Arguments) { return Value::real(kE); }
Result<Value> pi(CallContext&, Arguments) { return Value::real(kPi); }

constexpr Parameter kParameters[] = {{"input", kNumber}};

constexpr Example kAbsExamples[] = {
    {"abs(-5)", "5"},
    {"abs(-2.5)", "2.5"},
    {"abs(null)", "null"},
    {"abs(-9223372036854775808)", "error NumericOverflow"},
};
constexpr Example kCeilExamples[] = {
    {"ceil(0.1)", "1.0"}, {"ceil(-0.5)", "-0.0"}, {"ceil(3)", "3.0"}, {"ceil(null)", "null"}};
constexpr Example kCeilingExamples[] = {{"ceiling(0.1)", "1.0"}, {"ceiling(null)", "null"}};
constexpr Example kLnExamples[] = {{"ln(1)", "0.0"}, {"ln(null)", "null"}};
constexpr Example kFloorExamples[] = {{"floor(0.9)", "0.0"}, {"floor(-0.1)", "-1.0"}, {"floor(null)", "null"}};
constexpr Example kSignExamples[] = {{"sign(-17)", "-1"}, {"sign(0.1)", "1"}, {"sign(0)", "0"}, {"sign(null)", "null"}};
constexpr Example kSqrtExamples[] = {{"sqrt(256)", "16.0"}, {"sqrt(-1)", "NaN"}, {"sqrt(null)", "null"}};
constexpr Example kExpExamples[] = {{"exp(0)", "1.0"}, {"exp(1000)", "Infinity"}, {"exp(null)", "null"}};
constexpr Example kLogExamples[] = {
    {"log(1)", "0.0"}, {"log(0)", "-Infinity"}, {"log(-1)", "NaN"}, {"log(null)", "null"}};
constexpr Example kLog10Examples[] = {{"log10(1000)", "3.0"}, {"log10(0)", "-Infinity"}, {"log10(null)", "null"}};
constexpr Example kIsNanExamples[] = {{"isNaN(0.0 / 0.0)", "true"}, {"isNaN(1)", "false"}, {"isNaN(null)", "null"}};
constexpr Example kEExamples[] = {{"e()", "2.718281828459045"}};
constexpr Example kPiExamples[] = {{"pi()", "3.141592653589793"}};

constexpr TypeSet kFloat = types(Type::Float);
constexpr ScalarFunction kFunctions[] = {
    {"abs", "numeric", kParameters, kNumber, "Returns the absolute value of a number.", kAbsExamples, abs},
    {"ceil", "numeric", kParameters, kFloat, "Returns the smallest whole float not below a number.", kCeilExamples,
     real<std::ceil>},
    {"ceiling", "numeric", kParameters, kFloat, "The same as ceil().", kCeilingExamples, real<std::ceil>},
    {"floor", "numeric", kParameters, kFloat, "Returns the largest whole float not above a number.", kFloorExamples,
     real<std::floor>},
    {"sign", "numeric", kParameters, types(Type::Integer),
     "Returns -1, 0 or 1 as a number is negative, zero or positive.",
     kSignExamples, sign},
    {"sqrt", "numeric", kParameters, kFloat, "Returns the square root of a number.", kSqrtExamples, real<std::sqrt>},
    {"exp", "numeric", kParameters, kFloat, "Returns e to the power of a number.", kExpExamples, real<std::exp>},
    {"log", "numeric", kParameters, kFloat, "Returns the natural logarithm of a number.", kLogExamples, real<std::log>},
    {"ln", "numeric", kParameters, kFloat, "The same as log().", kLnExamples, real<std::log>},
    {"log10", "numeric", kParameters, kFloat, "Returns the decimal logarithm of a number.", kLog10Examples,
     real<std::log10>},
    {"isNaN", "numeric", kParameters, types(Type::Boolean), "Returns whether a number is the float NaN.",
     kIsNanExamples, is_nan},
    {"e", "numeric", {}, kFloat, "Returns the base of the natural logarithm.", kEExamples, e},
    {"pi", "numeric", {}, kFloat, "Returns the ratio of a circle's circumference to its diameter.", kPiExamples, pi},
};

}  // namespace

std::span<const ScalarFunction> numeric_functions() { return kFunctions; }

}  // namespace nexus::function
