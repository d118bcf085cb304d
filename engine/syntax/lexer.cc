#include "syntax/lexer.h"

#include "base/check.h"
#include "base/utf8.h"

namespace nexus::syntax {
namespace {

constexpr bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }
constexpr bool is_ascii_word(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' || is_digit(byte);
}
constexpr bool is_ascii(char byte) { return (static_cast<unsigned char>(byte) & 0x80) == 0; }

bool is_wide_space(char32_t point) {
  return point == 0xA0 || point == 0x1680 || point == 0x180E || (point >= 0x2000 && point <= 0x200A) ||
         point == 0x2028 || point == 0x2029 || point == 0x202F || point == 0x205F || point == 0x3000 || point == 0xFEFF;
}

// Why: full Unicode tables would weigh more than the parser. Everything beyond ASCII is a
// letter except the blocks that hold none: punctuation, symbols, surrogates, private use.
bool is_wide_letter(char32_t point) {
  struct Range {
    char32_t first, last;
  };
  static constexpr Range kOthers[] = {
      {0x80, 0xA9},     {0xAB, 0xB4},     {0xB6, 0xB6},     {0xB8, 0xB9},     {0xBB, 0xBF},     {0xD7, 0xD7},
      {0xF7, 0xF7},     {0x1680, 0x1680}, {0x180E, 0x180E}, {0x2000, 0x203E}, {0x2041, 0x2053}, {0x2055, 0x2070},
      {0x207A, 0x207E}, {0x208A, 0x208F}, {0x2190, 0x2BFF}, {0x2E00, 0x2E7F}, {0x3000, 0x3004}, {0x3008, 0x3020},
      {0xD800, 0xF8FF}, {0xFE10, 0xFE1F}, {0xFE30, 0xFE32}, {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFF}, {0x1F000, 0x1FAFF},
      {0xE0000, 0x10FFFF}};
  if (point < 0x80) return false;
  for (const Range& range : kOthers) {
    if (point >= range.first && point <= range.last) return false;
  }
  return true;
}

TokenKind pair_kind(char first, char second) {
  switch (second) {
    case '.': return first == '.' ? TokenKind::DotDot : TokenKind::End;
    case ':': return first == ':' ? TokenKind::ColonColon : TokenKind::End;
    case '|': return first == '|' ? TokenKind::BarBar : TokenKind::End;
    case '>': return first == '<' ? TokenKind::NotEqual : TokenKind::End;
    case '~': return first == '=' ? TokenKind::Matches : TokenKind::End;
    case '=':
      if (first == '<') return TokenKind::LessOrEqual;
      if (first == '>') return TokenKind::GreaterOrEqual;
      if (first == '!') return TokenKind::NotEqual;
      return first == '+' ? TokenKind::PlusEqual : TokenKind::End;
    default: return TokenKind::End;
  }
}

TokenKind sign_kind(char sign) {
  switch (sign) {
    case '(': return TokenKind::LeftParenthesis;
    case ')': return TokenKind::RightParenthesis;
    case '[': return TokenKind::LeftBracket;
    case ']': return TokenKind::RightBracket;
    case '{': return TokenKind::LeftBrace;
    case '}': return TokenKind::RightBrace;
    case ',': return TokenKind::Comma;
    case '.': return TokenKind::Dot;
    case ':': return TokenKind::Colon;
    case ';': return TokenKind::Semicolon;
    case '|': return TokenKind::Bar;
    case '&': return TokenKind::Ampersand;
    case '!': return TokenKind::Exclamation;
    case '%': return TokenKind::Percent;
    case '=': return TokenKind::Equal;
    case '<': return TokenKind::Less;
    case '>': return TokenKind::Greater;
    case '+': return TokenKind::Plus;
    case '-': return TokenKind::Minus;
    case '*': return TokenKind::Star;
    case '/': return TokenKind::Slash;
    case '^': return TokenKind::Caret;
    case '?': return TokenKind::Question;
    default: return TokenKind::End;
  }
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Tokens run() {
    tokens_.list.reserve(text_.size() / 4 + 2);
    while (step()) {
    }
    return std::move(tokens_);
  }

 private:
  bool step() {
    move_to(skip_blank(text_, at_));
    if (at_ >= text_.size()) return add(TokenKind::End, 0), false;
    const char byte = text_[at_];
    if (byte == '/' && next() == '*') return fail(ErrorCode::UnexpectedSyntax, "The comment is never closed");
    if (is_digit(byte) || (byte == '.' && is_digit(next()))) return add(TokenKind::Number, number_bytes());
    if (byte == '\'' || byte == '"') return quoted(TokenKind::String, "The string is never closed");
    if (byte == '`') return quoted(TokenKind::QuotedName, kUnclosedName);
    if (byte == '$') return parameter();
    if (const std::size_t bytes = word_bytes(at_)) return add(TokenKind::Word, bytes);
    return punctuation();
  }

  char next(std::size_t ahead = 1) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void move_to(std::size_t end) {
    advance(position_, text_.substr(at_, end - at_));
    at_ = end;
  }

  bool add(TokenKind kind, std::size_t bytes) {
    pair_bracket(kind);
    const std::size_t end = at_ + bytes;
    tokens_.list.push_back({kind, static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end), 0, position_});
    move_to(end);
    return true;
  }

  bool fail(ErrorCode code, std::string message) {
    tokens_.error.emplace(code, std::move(message), position_);
    add(TokenKind::Error, 0);
    return false;
  }

  void pair_bracket(TokenKind kind) {
    using Kind = TokenKind;
    const auto index = static_cast<std::uint32_t>(tokens_.list.size());
    if (kind == Kind::LeftParenthesis || kind == Kind::LeftBracket || kind == Kind::LeftBrace) open_.push_back(index);
    if (kind != Kind::RightParenthesis && kind != Kind::RightBracket && kind != Kind::RightBrace) return;
    const TokenKind opening = kind == Kind::RightParenthesis ? Kind::LeftParenthesis
                              : kind == Kind::RightBracket   ? Kind::LeftBracket
                                                             : Kind::LeftBrace;
    if (open_.empty() || tokens_.list[open_.back()].kind != opening) return;
    tokens_.list[open_.back()].partner = index;
    open_.pop_back();
  }

  std::size_t word_bytes(std::size_t from) const {
    std::size_t at = from;
    while (at < text_.size()) {
      if (is_ascii(text_[at])) {
        if (!is_ascii_word(text_[at])) break;
        ++at;
        continue;
      }
      const CodePoint point = first_code_point(text_.substr(at));
      if (!is_wide_letter(point.value)) break;
      at += point.bytes;
    }
    return at - from;
  }

  // Digits, point, exponent, and any letters stuck to them: 0x1F, 1e-3, 12abc.
  std::size_t number_bytes() const {
    std::size_t at = at_;
    const bool prefixed = text_[at] == '0' && (next() == 'x' || next() == 'X' || next() == 'o' || next() == 'O');
    const auto digits = [this, &at] {
      while (at < text_.size() && (is_digit(text_[at]) || text_[at] == '_')) ++at;
    };
    if (!prefixed) {
      digits();
      if (at + 1 < text_.size() && text_[at] == '.' && is_digit(text_[at + 1])) {
        ++at;
        digits();
      }
      if (at < text_.size() && (text_[at] == 'e' || text_[at] == 'E')) {
        const bool is_signed = at + 1 < text_.size() && (text_[at + 1] == '+' || text_[at + 1] == '-');
        const std::size_t first = at + (is_signed ? 2 : 1);
        if (first < text_.size() && is_digit(text_[first])) {
          at = first;
          digits();
        }
      }
    }
    return at + word_bytes(at) - at_;
  }

  bool quoted(TokenKind kind, const char* unclosed) {
    const std::size_t end = skip_quoted(text_, at_);
    if (end == std::string_view::npos) return fail(ErrorCode::UnexpectedSyntax, unclosed);
    return add(kind, end - at_);
  }

  bool parameter() {
    if (next() == '`') {
      const std::size_t end = skip_quoted(text_, at_ + 1);
      if (end == std::string_view::npos) return fail(ErrorCode::UnexpectedSyntax, kUnclosedName);
      return add(TokenKind::Parameter, end - at_);
    }
    const std::size_t bytes = word_bytes(at_ + 1);
    return add(bytes == 0 ? TokenKind::Dollar : TokenKind::Parameter, bytes + 1);
  }

  bool punctuation() {
    if (const TokenKind kind = pair_kind(text_[at_], next()); kind != TokenKind::End) return add(kind, 2);
    if (const TokenKind kind = sign_kind(text_[at_]); kind != TokenKind::End) return add(kind, 1);
    const std::string_view rest = text_.substr(at_);
    const CodePoint point = first_code_point(rest);
    const std::string shown = "The character '" + std::string(rest.substr(0, point.bytes)) + "' has no meaning here";
    return fail(is_ascii(rest[0]) ? ErrorCode::UnexpectedSyntax : ErrorCode::InvalidUnicodeCharacter, shown);
  }

  static constexpr const char* kUnclosedName = "The name in backticks is never closed";

  std::string_view text_;
  std::size_t at_ = 0;
  Position position_{1, 1, 0};
  std::vector<std::uint32_t> open_;
  Tokens tokens_;
};

std::optional<std::uint32_t> hex_value(std::string_view digits, std::size_t count) {
  if (digits.size() < count) return std::nullopt;
  std::uint32_t value = 0;
  for (const char digit : digits.substr(0, count)) {
    const char lower = static_cast<char>(digit | 0x20);
    if (is_digit(digit)) value = value * 16 + static_cast<std::uint32_t>(digit - '0');
    else if (lower >= 'a' && lower <= 'f') value = value * 16 + static_cast<std::uint32_t>(lower - 'a') + 10;
    else return std::nullopt;
  }
  return value;
}

// Reads the digits after \u or \U, a second \u for a surrogate pair included; `at` moves past them.
std::optional<char32_t> unicode_escape(std::string_view body, std::size_t& at, std::size_t count) {
  const auto first = hex_value(body.substr(at), count);
  if (!first) return std::nullopt;
  at += count;
  if (*first >= 0xD800 && *first < 0xDC00) {
    if (body.substr(at, 2) != "\\u") return std::nullopt;
    const auto second = hex_value(body.substr(at + 2), 4);
    if (!second || *second < 0xDC00 || *second > 0xDFFF) return std::nullopt;
    at += 6;
    return 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00);
  }
  if (*first > 0x10FFFF || (*first >= 0xDC00 && *first <= 0xDFFF)) return std::nullopt;
  return *first;
}

}  // namespace

Tokens tokenize(std::string_view text) {
  NX_CHECK(text.size() < UINT32_MAX);
  return Lexer(text).run();
}

Result<std::string> decode_string(std::string_view token, Position position) {
  NX_CHECK(token.size() >= 2);
  const std::string_view body = token.substr(1, token.size() - 2);
  std::string value;
  value.reserve(body.size());
  for (std::size_t at = 0; at < body.size();) {
    const char byte = body[at++];
    if (byte != '\\') {
      value += byte;
      continue;
    }
    const char escape = body[at++];  // There is one: the token would not have ended here.
    static constexpr std::string_view kEscapes = "\\'\"`bfnrt";
    static constexpr std::string_view kMeanings = "\\'\"`\b\f\n\r\t";
    if (const auto index = kEscapes.find(escape); index != std::string_view::npos) {
      value += kMeanings[index];
    } else if (escape == 'u' || escape == 'U') {
      const std::size_t start = at;
      const auto point = unicode_escape(body, at, escape == 'u' ? 4 : 8);
      if (!point) {
        const std::string shown(body.substr(start - 2, escape == 'u' ? 6 : 10));
        return Error(ErrorCode::InvalidUnicodeLiteral, "'" + shown + "' is not a Unicode escape", position);
      }
      append_code_point(value, *point);
    } else {
      const std::string shown = std::string("'\\") + escape + "'";
      return Error(ErrorCode::UnexpectedSyntax, shown + " is not an escape of strings", position);
    }
  }
  return value;
}

std::string decode_quoted_name(std::string_view token) {
  std::string name;
  for (std::size_t at = 1; at + 1 < token.size(); ++at) {
    name += token[at];
    if (token[at] == '`') ++at;
  }
  return name;
}

void advance(Position& position, std::string_view text) {
  for (const char byte : text) {
    if ((static_cast<unsigned char>(byte) & 0xC0) == 0x80) continue;
    ++position.offset;
    ++position.column;
    if (byte == '\n') {
      ++position.line;
      position.column = 1;
    }
  }
}

std::size_t skip_blank(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const char byte = text[at];
    if (byte == ' ' || (byte >= '\t' && byte <= '\r') || (byte >= 0x1C && byte <= 0x1F)) {
      ++at;
    } else if (byte == '/' && text.substr(at, 2) == "//") {
      at = std::min(text.find('\n', at), text.size());
    } else if (byte == '/' && text.substr(at, 2) == "/*") {
      const std::size_t close = text.find("*/", at + 2);
      if (close == std::string_view::npos) return at;
      at = close + 2;
    } else if (!is_ascii(byte)) {
      const CodePoint point = first_code_point(text.substr(at));
      if (!is_wide_space(point.value)) return at;
      at += point.bytes;
    } else {
      return at;
    }
  }
  return at;
}

std::size_t skip_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at++];
  for (; at < text.size(); ++at) {
    if (text[at] == '\\' && quote != '`') {
      ++at;
    } else if (text[at] == quote) {
      if (at + 1 >= text.size() || text[at + 1] != quote || quote != '`') return at + 1;
      ++at;
    }
  }
  return std::string_view::npos;
}

}  // namespace nexus::syntax
