#include "function/conversion/convert.h"

#include <cmath>

#include "base/number.h"
#include "value/point.h"
#include "value/temporal/temporal.h"
#include "value/text.h"

namespace nexus::function {
namespace {

std::string_view trim_ascii(std::string_view text) {
  const auto is_space = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Why not to_text(): the names of the systems are what people read, their numbers what files keep.
std::string point_text(const Point& point) {
  const auto coordinate = [](double number) { return to_text(Value::real(number)); };
  return "point({x: " + coordinate(point.x) + ", y: " + coordinate(point.y) +
         (point.has_z() ? ", z: " + coordinate(point.z) : "") + ", crs: '" +
         std::string(crs_name(point.srid).value_or("unknown")) + "'})";
}

// Requires: `word` is lower case.
bool equals_ignoring_case(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + ('a' - 'A')) : text[i];
    if (c != word[i]) return false;
  }
  return true;
}

Result<Value> truncate(double value) {
  if (value >= -9223372036854775808.0 && value < 9223372036854775808.0) {
    return Value::integer(static_cast<std::int64_t>(value));
  }
  return Error{ErrorCode::NumericOverflow, format_double(value) + " is beyond the 64-bit integers"};
}

std::optional<double> read_float(std::string_view text) {
  if (text == "NaN") return std::nan("");
  if (text == "Infinity" || text == "+Infinity") return INFINITY;
  if (text == "-Infinity") return -INFINITY;
  return parse_double(text);
}

}  // namespace

Result<Value> convert_to_boolean(const Value& value) {
  if (value.is(Type::Boolean)) return value;
  if (value.is(Type::Integer)) return Value::boolean(value.integer() != 0);
  const std::string_view text = trim_ascii(value.string());
  if (equals_ignoring_case(text, "true")) return Value::boolean(true);
  if (equals_ignoring_case(text, "false")) return Value::boolean(false);
  return Value::null();
}

Result<Value> convert_to_integer(const Value& value) {
  if (value.is(Type::Integer)) return value;
  if (value.is(Type::Boolean)) return Value::integer(value.boolean() ? 1 : 0);
  if (value.is(Type::Float)) return truncate(value.real());
  const std::string_view text = trim_ascii(value.string());
  if (const auto exact = parse_integer(text)) return Value::integer(*exact);
  const std::optional<double> real = parse_double(text);
  return real ? truncate(*real) : Value::null();
}

Result<Value> convert_to_float(const Value& value) {
  if (value.is(Type::Float)) return value;
  if (value.is(Type::Integer)) return Value::real(static_cast<double>(value.integer()));
  const std::optional<double> real = read_float(trim_ascii(value.string()));
  return real ? Value::real(*real) : Value::null();
}

Result<Value> convert_to_string(const Value& value) {
  if (value.is(Type::String)) return value;
  if (value.is_temporal() || value.is(Type::Duration)) return Value::string(format_temporal(value));
  if (value.is(Type::Point)) return Value::string(point_text(value.point()));
  return Value::string(to_text(value));
}

}  // namespace nexus::function
