// sin(), cos(), … haversin(), degrees(), radians(): angles in radians.
#include <cmath>
#include <limits>

#include "function/families.h"

namespace nexus::function {
namespace {

constexpr double kPi = 3.141592653589793;

double cotangent(double angle) { return 1.0 / std::tan(angle); }
double hyperbolic_cotangent(double angle) {
  return angle == 0.0 ? std::numeric_limits<double>::quiet_NaN() : 1.0 / std::tanh(angle);
}
double haversine(double angle) { return (1.0 - std::cos(angle)) / 2.0; }
double to_degrees(double angle) { return angle * (180.0 / kPi); }
double to_radians(double angle) { return angle * (kPi / 180.0); }

template <double (*function)(double)>
Result<Value> real(CallContext&, Arguments arguments) {
  return Value::real(function(arguments[0].number()));
}

Result<Value> atan2(CallContext&, Arguments arguments) {
  return Value::real(std::atan2(arguments[0].number(), arguments[1].number()));
}

constexpr Parameter kAngle[] = {{"input", kNumber}};
constexpr Parameter kCoordinates[] = {{"y", kNumber}, {"x", kNumber}};

constexpr Example kSin[] = {{"sin(0)", "0.0"}, {"sin(null)", "null"}};
constexpr Example kCos[] = {{"cos(0)", "1.0"}, {"cos(null)", "null"}};
constexpr Example kTan[] = {{"tan(0)", "0.0"}, {"tan(null)", "null"}};
constexpr Example kCot[] = {{"cot(0)", "Infinity"}, {"cot(null)", "null"}};
constexpr Example kAsin[] = {{"asin(0)", "0.0"}, {"asin(2)", "NaN"}, {"asin(null)", "null"}};
constexpr Example kAcos[] = {{"acos(1)", "0.0"}, {"acos(2)", "NaN"}, {"acos(null)", "null"}};
constexpr Example kAtan[] = {{"atan(0)", "0.0"}, {"atan(null)", "null"}};
constexpr Example kAtan2[] = {{"atan2(0, 1)", "0.0"}, {"atan2(0, -1) = pi()", "true"}, {"atan2(null, 1)", "null"}};
constexpr Example kSinh[] = {{"sinh(0)", "0.0"}, {"sinh(null)", "null"}};
constexpr Example kCosh[] = {{"cosh(0)", "1.0"}, {"cosh(null)", "null"}};
constexpr Example kTanh[] = {{"tanh(0)", "0.0"}, {"tanh(null)", "null"}};
constexpr Example kCoth[] = {{"coth(0)", "NaN"}, {"coth(null)", "null"}};
constexpr Example kHaversin[] = {{"haversin(0)", "0.0"}, {"haversin(pi())", "1.0"}, {"haversin(null)", "null"}};
constexpr Example kDegrees[] = {{"degrees(pi())", "180.0"}, {"degrees(0)", "0.0"}, {"degrees(null)", "null"}};
constexpr Example kRadians[] = {{"radians(180) = pi()", "true"}, {"radians(0)", "0.0"}, {"radians(null)", "null"}};

constexpr TypeSet kFloat = types(Type::Float);
constexpr ScalarFunction kFunctions[] = {
    {"sin", "trigonometric", kAngle, kFloat, "Returns the sine of an angle.", kSin, real<std::sin>},
    {"cos", "trigonometric", kAngle, kFloat, "Returns the cosine of an angle.", kCos, real<std::cos>},
    {"tan", "trigonometric", kAngle, kFloat, "Returns the tangent of an angle.", kTan, real<std::tan>},
    {"cot", "trigonometric", kAngle, kFloat, "Returns the cotangent of an angle.", kCot, real<cotangent>},
    {"asin", "trigonometric", kAngle, kFloat, "Returns the angle with this sine.", kAsin, real<std::asin>},
    {"acos", "trigonometric", kAngle, kFloat, "Returns the angle with this cosine.", kAcos, real<std::acos>},
    {"atan", "trigonometric", kAngle, kFloat, "Returns the angle with this tangent.", kAtan, real<std::atan>},
    {"atan2", "trigonometric", kCoordinates, kFloat, "Returns the angle of the point (x, y) seen from the origin.",
     kAtan2, atan2},
    {"sinh", "trigonometric", kAngle, kFloat, "Returns the hyperbolic sine of a number.", kSinh, real<std::sinh>},
    {"cosh", "trigonometric", kAngle, kFloat, "Returns the hyperbolic cosine of a number.", kCosh, real<std::cosh>},
    {"tanh", "trigonometric", kAngle, kFloat, "Returns the hyperbolic tangent of a number.", kTanh, real<std::tanh>},
    {"coth", "trigonometric", kAngle, kFloat, "Returns the hyperbolic cotangent of a number.", kCoth,
     real<hyperbolic_cotangent>},
    {"haversin", "trigonometric", kAngle, kFloat, "Returns half the versine of an angle.", kHaversin, real<haversine>},
    {"degrees", "trigonometric", kAngle, kFloat, "Converts radians to degrees.", kDegrees, real<to_degrees>},
    {"radians", "trigonometric", kAngle, kFloat, "Converts degrees to radians.", kRadians, real<to_radians>},
};

}  // namespace

std::span<const ScalarFunction> trigonometric_functions() { return kFunctions; }

}  // namespace nexus::function
