#include "base/utf8.h"

#include "tests/support/catch.h"

namespace nexus {
namespace {

TEST_CASE("code points are counted and found") {
  const std::string text = "a\u00EF\u4E2D\U0001F600z";
  CHECK(is_utf8(text));
  CHECK(count_code_points(text) == 5);
  CHECK(code_point_offset(text, 0) == 0);
  CHECK(code_point_offset(text, 2) == 3);
  CHECK(code_point_offset(text, 4) == 10);
  CHECK(code_point_offset(text, 9) == text.size());
  CHECK(first_code_point("\u4E2Dx").value == 0x4E2D);
  CHECK(last_code_point("x\U0001F600").value == 0x1F600);
  CHECK(last_code_point("x\U0001F600").bytes == 4);
}

TEST_CASE("every code point survives a round trip") {
  int wrong = 0;
  for (char32_t value = 0; value <= 0x10FFFF; value += value < 0x3000 ? 1 : 61) {
    if (value >= 0xD800 && value <= 0xDFFF) continue;
    std::string text;
    append_code_point(text, value);
    if (!is_utf8(text) || first_code_point(text).value != value || last_code_point(text).bytes != text.size()) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("malformed bytes count one each") {
  for (const char* bad : {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"}) {
    CHECK_FALSE(is_utf8(bad));
    CHECK(first_code_point(bad).value == kReplacementCharacter);
    CHECK(first_code_point(bad).bytes == 1);
    CHECK(count_code_points(bad) == std::string_view(bad).size());
  }
  std::string surrogate;
  append_code_point(surrogate, 0xD800);
  CHECK(surrogate == "\uFFFD");
}

}  // namespace
}  // namespace nexus
