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
// "1.0", "0.1", "1.0E10" style is not used below 1e7; see number.cc. NaN, Infinity, -Infinity.
std::string format_double(double value);
void append_double(std::string& out, double value);
// Correctly rounded; the whole of `text` must be a number (optional sign, digits, point, exponent).
// A value beyond the range is an infinity.
std::optional<double> parse_double(std::string_view text);
// Decimal with optional sign; nullopt when malformed or out of range.
std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace nexus
