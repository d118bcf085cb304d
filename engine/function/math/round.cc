// round(): to a number of decimals, in one of seven ways.
#include <cmath>
#include <optional>

#include "base/number.h"
#include "function/families.h"

namespace nexus::function {
namespace {

enum class Mode { Up, Down, Ceiling, Floor, HalfUp, HalfDown, HalfEven };

std::optional<Mode> read_mode(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
  }
  if (upper == "UP") return Mode::Up;
  if (upper == "DOWN") return Mode::Down;
  if (upper == "CEILING") return Mode::Ceiling;
  if (upper == "FLOOR") return Mode::Floor;
  if (upper == "HALF_UP") return Mode::HalfUp;
  if (upper == "HALF_DOWN") return Mode::HalfDown;
  if (upper == "HALF_EVEN") return Mode::HalfEven;
  return std::nullopt;
}

// `rest` is what was cut off: below (-1), exactly (0) or above (1) a half; never zero.
bool rounds_away_from_zero(Mode mode, bool negative, int rest_to_half, bool odd) {
  switch (mode) {
    case Mode::Up: return true;
    case Mode::Down: return false;
    case Mode::Ceiling: return !negative;
    case Mode::Floor: return negative;
    case Mode::HalfUp: return rest_to_half >= 0;
    case Mode::HalfDown: return rest_to_half > 0;
    case Mode::HalfEven: return rest_to_half > 0 || (rest_to_half == 0 && odd);
  }
  return false;
}

// Rounds the shortest decimal that stands for `value`, as a reader of the number expects:
// 1.005 to two decimals is 1.01 although the double lies below.
double round_decimal(double value, std::int64_t decimals, Mode mode) {
  if (!std::isfinite(value) || value == 0) return value;
  const bool negative = std::signbit(value);
  const ShortestDecimal exact = shortest_decimal(std::fabs(value));
  const std::int64_t cut = -decimals - exact.exponent;
  if (cut <= 0) return value;
  std::uint64_t kept = 0;
  int rest_to_half = -1;
  if (cut <= 19) {
    std::uint64_t unit = 1;
    for (std::int64_t i = 0; i < cut; ++i) unit *= 10;
    kept = exact.digits / unit;
    const std::uint64_t rest = exact.digits % unit;
    rest_to_half = rest < unit / 2 ? -1 : rest == unit / 2 ? 0 : 1;
  }
  if (rounds_away_from_zero(mode, negative, rest_to_half, (kept & 1) != 0)) ++kept;
  const double rounded = *parse_double(std::to_string(kept) + "E" + std::to_string(-decimals));
  return negative ? -rounded : rounded;
}

Result<Value> round(CallContext&, Arguments arguments) {
  const double value = arguments[0].number();
  const std::int64_t decimals = arguments.size() > 1 ? arguments[1].integer() : 0;
  if (decimals < 0) return Error{ErrorCode::NumberOutOfRange, "the precision of round() is negative"};
  Mode mode = Mode::HalfUp;
  if (arguments.size() > 2) {
    const std::optional<Mode> named = read_mode(arguments[2].string());
    if (!named) {
      return Error{ErrorCode::InvalidArgument, "round() knows no mode '" + std::string(arguments[2].string()) + "'"};
    }
    mode = *named;
  } else if (decimals == 0) {
    // Ties go up, towards positive infinity, unless a mode is given.
    const double below = std::floor(value);
    return Value::real(value - below >= 0.5 ? below + 1 : below);
  }
  // No double has more than 1074 decimals.
  return Value::real(decimals > 1100 ? value : round_decimal(value, decimals, mode));
}

constexpr Parameter kParameters[] = {
    {"input", kNumber}, {"precision", types(Type::Integer), true}, {"mode", types(Type::String), true}};
constexpr Example kExamples[] = {
    {"round(3.141592)", "3.0"},
    {"round(-1.5)", "-1.0"},
    {"round(2.5)", "3.0"},
    {"round(7)", "7.0"},
    {"round(1.005, 2)", "1.01"},
    {"round(-1.55, 1)", "-1.6"},
    {"round(1.249, 1, 'UP')", "1.3"},
    {"round(-1.251, 1, 'CEILING')", "-1.2"},
    {"round(2.5, 0, 'HALF_EVEN')", "2.0"},
    {"round(0.0 / 0.0)", "NaN"},
    {"round(null)", "null"},
    {"round(1.5, -1)", "error NumberOutOfRange"},
    {"round(1.5, 0, 'ÜP')", "error InvalidArgument"},
};
constexpr ScalarFunction kFunctions[] = {
    {"round", "numeric", kParameters, types(Type::Float),
     "Rounds a number to `precision` decimals; `mode` is UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN or HALF_EVEN.",
     kExamples, round},
};

}  // namespace

std::span<const ScalarFunction> round_functions() { return kFunctions; }

}  // namespace nexus::function
