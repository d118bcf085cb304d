// Numbers and text, the same to the last digit natively and in WebAssembly.
//
// Why not <charconv>: libc++ of our oldest emscripten lacks the floating overloads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nexus {

// The shortest text that reads back as the same double, as Cypher prints it:
// 1.0, 0.1, from 1e7 on and below 1e-3 in the form 1.0E10; NaN, Infinity, -Infinity.
std::string format_double(double value);
void append_double(std::string& out, double value);

// The same shortest digits as a number: digits * 10^exponent, digits not a multiple of ten.
struct ShortestDecimal {
  std::uint64_t digits;
  int exponent;
};
// Requires: `value` is positive and finite.
ShortestDecimal shortest_decimal(double value);

// The double whose shortest text is the shortest one that reads back as the same float. Requires: finite.
double shortest_of_float(float value);

// Correctly rounded; the whole of `text` must be a number (optional sign, digits, point, exponent).
// A value beyond the range is an infinity.
std::optional<double> parse_double(std::string_view text);
// Decimal with optional sign; nullopt when malformed or out of range.
std::optional<std::int64_t> parse_integer(std::string_view text);

// Sixteen lower-case digits.
std::string hex_digits(std::uint64_t word);

}  // namespace nexus
