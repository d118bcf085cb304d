// UTF-8: strings are bytes in memory and code points in the language.
//
// Strings inside the engine should be valid UTF-8, but nothing here depends on it: a byte
// that begins no well-formed sequence counts as one code point, U+FFFD, of length 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nexus {

struct CodePoint {
  char32_t value;
  std::uint32_t bytes;
};

constexpr char32_t kReplacementCharacter = 0xFFFD;

// The code point that starts at text[0]. Requires: !text.empty().
CodePoint first_code_point(std::string_view text);
// The code point that ends the text. Requires: !text.empty().
CodePoint last_code_point(std::string_view text);
// Well-formed throughout: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);
// Cost: O(bytes).
std::size_t count_code_points(std::string_view text);
// Where the code point with this 0-based index begins, or text.size() when there are fewer.
std::size_t code_point_offset(std::string_view text, std::size_t index);
void append_code_point(std::string& out, char32_t value);

}  // namespace nexus
