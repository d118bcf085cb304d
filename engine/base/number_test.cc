#include "base/number.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>

#include "tests/support/catch.h"

namespace nexus {
namespace {

double from_bits(std::uint64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// The digits and the decimal exponent of a printed number, free of its layout.
std::string significant(std::string_view text) {
  std::string digits;
  int exponent = 0;
  bool seen_point = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '-') continue;
    if (text[i] == '.') {
      seen_point = true;
    } else if (text[i] == 'e' || text[i] == 'E') {
      exponent += std::atoi(text.data() + i + 1);
      break;
    } else {
      if (digits.empty() && text[i] == '0') {
        if (seen_point) --exponent;
        continue;
      }
      digits += text[i];
      if (seen_point) --exponent;
    }
  }
  while (!digits.empty() && digits.back() == '0') {
    digits.pop_back();
    ++exponent;
  }
  return digits + "e" + std::to_string(exponent);
}

bool agrees_with_library(double value) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer - 1, value, std::chars_format::scientific).ptr;
  *end = '\0';
  const std::string ours = format_double(value);
  const std::optional<double> back = parse_double(ours);
  return significant(ours) == significant({buffer, static_cast<std::size_t>(end - buffer)}) && back && *back == value;
}

TEST_CASE("a double prints as Cypher writes it") {
  CHECK(format_double(0.0) == "0.0");
  CHECK(format_double(-0.0) == "-0.0");
  CHECK(format_double(1.0) == "1.0");
  CHECK(format_double(-2.5) == "-2.5");
  CHECK(format_double(0.1) == "0.1");
  CHECK(format_double(100.0) == "100.0");
  CHECK(format_double(9999999.0) == "9999999.0");
  CHECK(format_double(1e7) == "1.0E7");
  CHECK(format_double(123456789.25) == "1.2345678925E8");
  CHECK(format_double(0.001) == "0.001");
  CHECK(format_double(0.00099) == "9.9E-4");
  CHECK(format_double(5e-324) == "5.0E-324");
  CHECK(format_double(std::numeric_limits<double>::max()) == "1.7976931348623157E308");
  CHECK(format_double(5.684341886080802e-14) == "5.684341886080802E-14");
  CHECK(format_double(9007199254740993.0) == "9.007199254740992E15");
  CHECK(format_double(std::nan("")) == "NaN");
  CHECK(format_double(INFINITY) == "Infinity");
  CHECK(format_double(-INFINITY) == "-Infinity");
}

TEST_CASE("the shortest digits are those of the standard library") {
  std::mt19937_64 random(7);
  int wrong = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double any = from_bits(random());
    if (std::isfinite(any) && !agrees_with_library(any)) ++wrong;
    const double decimal = static_cast<double>(random() % 1'000'000'000) / 1000.0;
    if (!agrees_with_library(decimal)) ++wrong;
  }
  for (std::uint64_t exponent = 0; exponent < 2047; ++exponent) {
    for (std::uint64_t fraction : {std::uint64_t{0}, std::uint64_t{1}, (std::uint64_t{1} << 52) - 1}) {
      const std::uint64_t bits = (exponent << 52) | fraction;
      if (bits != 0 && !agrees_with_library(from_bits(bits))) ++wrong;
    }
  }
  for (std::uint64_t bits = 1; bits < 5000; ++bits) {
    if (!agrees_with_library(from_bits(bits))) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("a float has the text that is shortest among floats") {
  const std::pair<float, const char*> cases[] = {
      {0.1F, "0.1"},           {1.05F, "1.05"},         {-0.3F, "-0.3"},         {0.0F, "0.0"},
      {-0.0F, "-0.0"},         {16777216.0F, "1.6777216E7"}, {3.4028235e38F, "3.4028235E38"},
      {1.1754944e-38F, "1.1754944E-38"}, {1e-45F, "1.0E-45"}, {8388608.5F, "8388608.0"}, {1e10F, "1.0E10"}};
  for (const auto& [value, text] : cases) CHECK(format_double(shortest_of_float(value)) == text);
  std::mt19937 random(3);
  int wrong = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::uint32_t bits = random();
    float value;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    const double shortest = shortest_of_float(value);
    wrong += static_cast<float>(shortest) != value || format_double(shortest).size() > 15 ? 1 : 0;
  }
  CHECK(wrong == 0);
}

TEST_CASE("reading a double is correctly rounded") {
  std::mt19937_64 random(11);
  int wrong = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text = std::to_string(random()) + "." + std::to_string(random()) + "e" +
                       std::to_string(static_cast<int>(random() % 640) - 330);
    const std::optional<double> ours = parse_double(text);
    if (!ours || *ours != std::strtod(text.c_str(), nullptr)) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(parse_double("+1.5") == 1.5);
  CHECK(parse_double(".5") == 0.5);
  CHECK(parse_double("-1e3") == -1000.0);
  CHECK(std::isinf(*parse_double("1e400")));
  CHECK(*parse_double("-1e400") < 0);
  CHECK(parse_double("1e-400") == 0.0);
  for (const char* bad : {"", "+", ".", "e1", "1e", "1e+", "1x", " 1", "1 ", "nan", "inf", "+-1", "0x10", "1.2.3"}) {
    CHECK_FALSE(parse_double(bad));
  }
}

TEST_CASE("reading an integer keeps to 64 bits") {
  CHECK(parse_integer("0") == 0);
  CHECK(parse_integer("-0") == 0);
  CHECK(parse_integer("+12") == 12);
  CHECK(parse_integer("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  CHECK(parse_integer("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  for (const char* bad : {"", "-", "9223372036854775808", "-9223372036854775809", "1.0", " 1", "1_0", "--1"}) {
    CHECK_FALSE(parse_integer(bad));
  }
}

}  // namespace
}  // namespace nexus
