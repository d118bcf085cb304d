// Shortest doubles by the Schubfach method (R. Giulietti, "The Schubfach way to render
// doubles", 2021), with powers of ten rebuilt from a table of every 27th.
//
// The printed form follows Java's Double.toString, which Cypher clients expect: plain
// digits for 1e-3 <= |x| < 1e7, otherwise one digit before the point and E.
#include "base/number.h"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include <fast_float/fast_float.h>

#include "base/check.h"

namespace nexus {
namespace {

__extension__ typedef unsigned __int128 Wide;

constexpr int kPowerStep = 27;  // 5^26 fits 64 bits.
constexpr int kFirstPower = -13;

// The leading 192 bits of 10^(27 i), truncated. Why 192: after the multiplication by
// 5^(0..26) the leading 128 bits are still exact for every exponent used (checked for all
// of -342..324 with big integers).
constexpr std::uint64_t kPowers[][3] = {
    {0x8049a4ac0c5811ae, 0x205b896d777d6278, 0xac261e9f5141430b},  // 1e-351
    {0xcf42894a5dce35ea, 0x52064cac828675b9, 0x475f2b7d7df1ad7a},
    {0xa76c582338ed2621, 0xaf2af2b80af6f24e, 0x657c8f4d43323a36},  // 1e-297
    {0x873e4f75e2224e68, 0x5a7744a6e804a291, 0xcc35eddfcf0996d7},
    {0xda7f5bf590966848, 0xaf39a475506a899e, 0xa30294cc2934e662},
    {0xb080392cc4349dec, 0xbd8d794d96aacfb3, 0xfe13a5c86af64418},
    {0x8e938662882af53e, 0x547eb47b7282ee9c, 0x41b0230e1421487d},
    {0xe65829b3046b0afa, 0x0cb4a5a3112a5112, 0xa3b561b1cb208396},
    {0xba121a4650e4ddeb, 0x92f34d62616ce413, 0x21a0183e10583cd3},
    {0x964e858c91ba2655, 0x3a6a07f8d510f86f, 0xe9082f25e9c5e9ec},
    {0xf2d56790ab41c2a2, 0xfae27299423fb9c3, 0x3695dad7e8858901},
    {0xc428d05aa4751e4c, 0xaa97e14c3c26b886, 0x96842dc95323f5a8},
    {0x9e74d1b791e07e48, 0x775ea264cf55347d, 0xca49f1c05120c9c7},
    {0x8000000000000000, 0x0000000000000000, 0x0000000000000000},  // 1e0
    {0xcecb8f27f4200f3a, 0x0000000000000000, 0x0000000000000000},
    {0xa70c3c40a64e6c51, 0x999090b65f67d924, 0x0000000000000000},
    {0x86f0ac99b4e8dafd, 0x69a028bb3ded71a3, 0xdf9f915627c04e28},
    {0xda01ee641a708de9, 0xe80e6f4820cc9495, 0xd74baad03bc1d8d3},
    {0xb01ae745b101e9e4, 0x5ec05dcff72e7f8f, 0xc04c79ffe324301f},
    {0x8e41ade9fbebc27d, 0x14588f13be847307, 0x23bd6a2059c002f5},
    {0xe5d3ef282a242e81, 0x8f1668c8a86da5fa, 0xf0b5ccf5176ecc7c},
    {0xb9a74a0637ce2ee1, 0x6d953e2bd7173692, 0x88efb0037ac08bde},
    {0x95f83d0a1fb69cd9, 0x4abdaf101564f98e, 0x0d5a4af7b3a98e47},
    {0xf24a01a73cf2dccf, 0xbc633b39673c8cec, 0x3d9c44cd2f36917c},
    {0xc3b8358109e84f07, 0x0a862f80ec4700c8, 0x02606ea01029dc37},
    {0x9e19db92b4e31ba9, 0x6c07a2c26a8346d1, 0x4944d9f52cd0dec2},  // 1e324
};

constexpr std::array<std::uint64_t, kPowerStep> kFives = [] {
  std::array<std::uint64_t, kPowerStep> powers{};
  std::uint64_t power = 1;
  for (std::uint64_t& slot : powers) {
    slot = power;
    power *= 5;
  }
  return powers;
}();

struct Power {
  std::uint64_t high;
  std::uint64_t low;
};

// floor(10^exponent * 2^s), scaled by s so that the result has its top bit set.
Power power_below(int exponent) {
  int index = exponent / kPowerStep;
  int rest = exponent % kPowerStep;
  if (rest < 0) {
    rest += kPowerStep;
    --index;
  }
  const std::uint64_t* base = kPowers[index - kFirstPower];
  const std::uint64_t five = kFives[static_cast<std::size_t>(rest)];
  const Wide low = Wide{base[2]} * five;
  const Wide middle = Wide{base[1]} * five + static_cast<std::uint64_t>(low >> 64);
  const Wide top = Wide{base[0]} * five + static_cast<std::uint64_t>(middle >> 64);
  const std::uint64_t words[4] = {static_cast<std::uint64_t>(top >> 64), static_cast<std::uint64_t>(top),
                                  static_cast<std::uint64_t>(middle), static_cast<std::uint64_t>(low)};
  // The product has 192 to 253 bits, so its leading bit is in word 0 or on top of word 1.
  const int shift = words[0] == 0 ? 64 : __builtin_clzll(words[0]);
  Power power{words[1], words[2]};
  if (shift < 64) {
    power.high = (words[0] << shift) | (shift == 0 ? 0 : words[1] >> (64 - shift));
    power.low = (words[1] << shift) | (shift == 0 ? 0 : words[2] >> (64 - shift));
  }
  return power;
}

// The same + 1.
Power power_of_ten(int exponent) {
  Power power = power_below(exponent);
  if (++power.low == 0) ++power.high;
  return power;
}

}  // namespace
}  // namespace nexus

// Reading doubles needs the same powers. Why not fast_float's own table of them: it is 10 KB that cannot be compressed, to be
// downloaded with every page; this makes its entries, which are 5^q scaled, and rounded up where 1 / 5^-q fits 64 bits.
template <>
inline fast_float::value128 fast_float::compute_product_approximation<fast_float::binary_format<double>::mantissa_explicit_bits() + 3>(
    int64_t q, uint64_t w) {
  const bool rounded_up = q < 0 && q >= -27;
  const nexus::Power power = rounded_up ? nexus::power_of_ten(static_cast<int>(q)) : nexus::power_below(static_cast<int>(q));
  const nexus::Wide low = nexus::Wide{power.low} * w;
  const nexus::Wide product = nexus::Wide{power.high} * w + static_cast<std::uint64_t>(low >> 64);
  return {static_cast<std::uint64_t>(product), static_cast<std::uint64_t>(product >> 64)};
}

namespace nexus {
namespace {

// The upper 64 bits of power * value / 2^64, with a sticky lowest bit.
std::uint64_t multiply_to_odd(Power power, std::uint64_t value) {
  const Wide low = Wide{power.low} * value;
  const Wide high = Wide{power.high} * value + static_cast<std::uint64_t>(low >> 64);
  return static_cast<std::uint64_t>(high >> 64) | (static_cast<std::uint64_t>(high) > 1 ? 1u : 0u);
}

// Possibly with zeros at the end. Requires: finite, positive.
ShortestDecimal shortest(std::uint64_t bits) {
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
  const int biased = static_cast<int>(bits >> 52);
  const std::uint64_t c = biased == 0 ? fraction : fraction | (std::uint64_t{1} << 52);
  const int q = (biased == 0 ? 1 : biased) - 1075;
  if (q <= 0 && q > -53 && (c & ((std::uint64_t{1} << -q) - 1)) == 0) return {c >> -q, 0};  // A small integer.

  const bool even = (c & 1) == 0;
  const bool narrow_below = fraction == 0 && biased > 1;  // The neighbour below is half as far.
  // floor(log10(2^q)), or of 3/4 * 2^q.
  const int k = (q * 1262611 - (narrow_below ? 524031 : 0)) >> 22;
  const int h = q + ((-k * 1741647) >> 19) + 1;
  const Power power = power_of_ten(-k);
  const std::uint64_t below = multiply_to_odd(power, (4 * c - (narrow_below ? 1 : 2)) << h);
  const std::uint64_t exact = multiply_to_odd(power, (4 * c) << h);
  const std::uint64_t above = multiply_to_odd(power, (4 * c + 2) << h);
  const std::uint64_t lower = below + (even ? 0 : 1);
  const std::uint64_t upper = above - (even ? 0 : 1);

  const std::uint64_t s = exact / 4;
  if (s >= 10) {
    const std::uint64_t tens = s / 10;
    const bool down_fits = lower <= 40 * tens;
    const bool up_fits = 40 * tens + 40 <= upper;
    if (down_fits != up_fits) return {tens + (up_fits ? 1 : 0), k + 1};
  }
  const bool down_fits = lower <= 4 * s;
  const bool up_fits = 4 * s + 4 <= upper;
  if (down_fits != up_fits) return {s + (up_fits ? 1 : 0), k};
  const std::uint64_t middle = 4 * s + 2;
  const bool round_up = exact > middle || (exact == middle && (s & 1) != 0);
  return {s + (round_up ? 1 : 0), k};
}

ShortestDecimal without_trailing_zeros(ShortestDecimal decimal) {
  while (decimal.digits % 10 == 0) {
    decimal.digits /= 10;
    ++decimal.exponent;
  }
  return decimal;
}

void append_decimal(std::string& out, ShortestDecimal decimal) {
  const std::string digits = std::to_string(decimal.digits);
  const int count = static_cast<int>(digits.size());
  const int point = count + decimal.exponent;  // The value is 0.digits * 10^point.
  if (point > 7 || point < -2) {
    out += digits[0];
    out += '.';
    if (count == 1) out += '0';
    out.append(digits, 1);
    out += 'E';
    out += std::to_string(point - 1);
  } else if (point <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-point), '0');
    out += digits;
  } else if (point >= count) {
    out += digits;
    out.append(static_cast<std::size_t>(point - count), '0');
    out += ".0";
  } else {
    out.append(digits, 0, static_cast<std::size_t>(point));
    out += '.';
    out.append(digits, static_cast<std::size_t>(point));
  }
}

bool is_number_text(std::string_view text) {
  std::size_t at = 0;
  std::size_t digits = 0;
  const auto skip_digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - start;
  };
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  digits += skip_digits();
  if (at < text.size() && text[at] == '.') {
    ++at;
    digits += skip_digits();
  }
  if (digits == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (skip_digits() == 0) return false;
  }
  return at == text.size();
}

}  // namespace

void append_double(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  if (bits >> 63) {
    out += '-';
    bits &= ~(std::uint64_t{1} << 63);
  }
  if (bits == 0) {
    out += "0.0";
  } else if (bits >> 52 == 0x7FF) {
    out += "Infinity";
  } else {
    append_decimal(out, without_trailing_zeros(shortest(bits)));
  }
}

std::string format_double(double value) {
  std::string out;
  append_double(out, value);
  return out;
}

ShortestDecimal shortest_decimal(double value) {
  NX_CHECK(value > 0 && std::isfinite(value));
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return without_trailing_zeros(shortest(bits));
}

double shortest_of_float(float value) {
  const auto exact = static_cast<double>(value);
  if (exact == 0) return exact;
  const ShortestDecimal whole = shortest_decimal(std::fabs(exact));
  // Nine digits tell any two floats apart.
  std::uint64_t unit = 1;
  while (whole.digits / unit >= 1'000'000'000) unit *= 10;
  double best = exact;
  for (;; unit *= 10) {
    const std::uint64_t digits = (whole.digits + unit / 2) / unit * unit;
    std::string text = std::to_string(digits) + "e";
    text += std::to_string(whole.exponent);
    const double shorter = std::copysign(*parse_double(text), exact);
    if (digits == 0 || static_cast<float>(shorter) != value) return best;
    best = shorter;
  }
}

std::optional<double> parse_double(std::string_view text) {
  if (!is_number_text(text)) return std::nullopt;
  if (text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto parsed = fast_float::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::int64_t value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    // Counts downwards because the smallest integer has no positive twin.
    if (__builtin_mul_overflow(value, 10, &value)) return std::nullopt;
    if (__builtin_sub_overflow(value, digit - '0', &value)) return std::nullopt;
  }
  if (negative) return value;
  if (value == std::numeric_limits<std::int64_t>::min()) return std::nullopt;
  return -value;
}

std::string hex_digits(std::uint64_t word) {
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[word >> shift & 15];
  return text;
}

}  // namespace nexus
