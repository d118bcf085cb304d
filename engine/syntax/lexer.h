// The lexer: text to tokens, all at once, with brackets already paired.
//
// Tokens say where they are and what shape they have; what a number or string means is
// decoded when the parser uses it, so that an unused error does not hide an earlier one.
// Invariant: the list ends with exactly one End or Error token.
// Cost: O(bytes), 32 bytes of memory for each token.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace nexus::syntax {

enum class TokenKind : std::uint8_t {
  End,
  Error,       // Nothing sensible starts here; Tokens::error says why.
  Word,        // Identifier or keyword: only its place decides which.
  QuotedName,  // `name`
  String,      // 'text' or "text"
  Number,      // Whatever starts like a number, malformed ones included.
  Parameter,   // $name, $0, $`name`
  LeftParenthesis, RightParenthesis, LeftBracket, RightBracket, LeftBrace, RightBrace,
  Comma, Dot, DotDot, Colon, ColonColon, Semicolon, Bar, BarBar, Ampersand, Exclamation, Percent, Dollar,
  Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Matches, Plus, PlusEqual, Minus, Star, Slash, Caret, Question,
};

struct Token {
  TokenKind kind = TokenKind::End;
  std::uint32_t begin = 0;    // Bytes.
  std::uint32_t end = 0;      // Bytes, one past the last.
  std::uint32_t partner = 0;  // Index of the closing bracket for an opening one; 0 when there is none.
  Position position;
};

struct Tokens {
  std::vector<Token> list;
  std::optional<nexus::Error> error;  // Present when the last token is Error.
};

// Requires: text.size() fits 32 bits.
Tokens tokenize(std::string_view text);

// The value of a String token with its quotes; escapes are resolved.
Result<std::string> decode_string(std::string_view token, Position position);
// The name inside backticks; doubled ones become single.
std::string decode_quoted_name(std::string_view token);

// Moves a position over text. Continuation bytes count nothing.
void advance(Position& position, std::string_view text);
// Past white space and comments that begin at `at`; an unclosed comment is not skipped.
std::size_t skip_blank(std::string_view text, std::size_t at);
// One past the end of the string or quoted name that begins at `at`; npos when it is not closed.
std::size_t skip_quoted(std::string_view text, std::size_t at);

// ASCII letters alone: keywords have no others. Requires: `upper` is upper case.
inline bool equals_word(std::string_view text, std::string_view upper) {
  if (text.size() != upper.size()) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char byte = text[at];
    if ((byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 32) : byte) != upper[at]) return false;
  }
  return true;
}

}  // namespace nexus::syntax
