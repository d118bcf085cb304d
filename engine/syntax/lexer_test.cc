#include "syntax/lexer.h"

#include "tests/support/catch.h"

namespace nexus::syntax {
namespace {

using Kind = TokenKind;

std::vector<Kind> kinds(std::string_view text) {
  std::vector<Kind> result;
  for (const Token& token : tokenize(text).list) result.push_back(token.kind);
  return result;
}

TEST_CASE("signs are as long as they can be, except arrows") {
  CHECK(kinds("a<=b<>c") ==
        std::vector<Kind>{Kind::Word, Kind::LessOrEqual, Kind::Word, Kind::NotEqual, Kind::Word, Kind::End});
  CHECK(kinds("a<-1") == std::vector<Kind>{Kind::Word, Kind::Less, Kind::Minus, Kind::Number, Kind::End});
  CHECK(kinds("1..3") == std::vector<Kind>{Kind::Number, Kind::DotDot, Kind::Number, Kind::End});
  CHECK(kinds(".5") == std::vector<Kind>{Kind::Number, Kind::End});
  CHECK(kinds("a.b5") == std::vector<Kind>{Kind::Word, Kind::Dot, Kind::Word, Kind::End});
  CHECK(kinds("$a $`b c` $0 $(") ==
        std::vector<Kind>{Kind::Parameter, Kind::Parameter, Kind::Parameter, Kind::Dollar, Kind::LeftParenthesis,
                          Kind::End});
}

TEST_CASE("positions count code points and lines") {
  const Tokens tokens = tokenize("'ä😀' x\r\n /* ö\n */ y // z\n`q`");
  REQUIRE(tokens.list.size() == 5);
  CHECK(tokens.list[1].position.column == 6);
  CHECK(tokens.list[1].position.offset == 5);
  CHECK(tokens.list[2].position.line == 3);
  CHECK(tokens.list[2].position.column == 5);
  CHECK(tokens.list[3].position.line == 4);
  CHECK(tokens.list[4].kind == Kind::End);
}

TEST_CASE("brackets know their partner, unbalanced ones have none") {
  const Tokens tokens = tokenize("([{}]) ( ]");
  CHECK(tokens.list[0].partner == 5);
  CHECK(tokens.list[1].partner == 4);
  CHECK(tokens.list[2].partner == 3);
  CHECK(tokens.list[6].partner == 0);
}

TEST_CASE("white space of every script separates, letters of every script name") {
  CHECK(kinds("\uFEFFa\u00A0b\u3000c\u2028d").size() == 5);
  CHECK(kinds("größe 名前 имя ñ_1").size() == 5);
  CHECK(tokenize("a → b").error->code == ErrorCode::InvalidUnicodeCharacter);
  CHECK(tokenize("a # b").error->code == ErrorCode::UnexpectedSyntax);
}

TEST_CASE("strings resolve their escapes") {
  CHECK(*decode_string("'a\\n\\t\\b\\f\\r\\\\\\'\\\"\\`'", {}) == "a\n\t\b\f\r\\'\"`");
  CHECK(*decode_string("\"\\u00e9\\uD83D\\uDE00\\U0001F600'\"", {}) == "é😀😀'");
  for (const char* bad : {"'\\uH'", "'\\u12'", "'\\uD83D'", "'\\uDE00'", "'\\uD83D\\u0041'", "'\\U00110000'"}) {
    const auto value = decode_string(bad, {3, 4, 5});
    REQUIRE(!value);
    CHECK(value.error().code == ErrorCode::InvalidUnicodeLiteral);
    CHECK(value.error().position.line == 3);
  }
  CHECK(decode_string("'\\q'", {}).error().code == ErrorCode::UnexpectedSyntax);
  CHECK(decode_quoted_name("`a``b`") == "a`b");
}

}  // namespace
}  // namespace nexus::syntax
