#include "host-native/shell/statements.h"

#include <algorithm>

#include "base/utf8.h"
#include "host-native/http/validate.h"
#include "host-native/shell/printer.h"
#include "syntax/lexer.h"

namespace nexus::host {
namespace {

// Behind the quoted text that begins at `at`, or npos when it does not end.
std::size_t skip_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\' && quote != '`') ++i;
    else if (text[i] == quote) return i + 1;
  }
  return std::string_view::npos;
}

std::size_t skip_comment(std::string_view text, std::size_t at) {
  const bool block = text[at + 1] == '*';
  const std::size_t end = text.find(block ? std::string_view("*/") : std::string_view("\n"), at + 2);
  if (end == std::string_view::npos) return block ? end : text.size();
  return end + (block ? 2 : 1);
}

struct Excerpt {
  std::string text;
  std::size_t index = 0;  // Of the code point that the caret is for.
};

// A line that is too long to be read is shown around the code point with this index.
Excerpt excerpt_around(std::string_view line, std::size_t index) {
  constexpr std::size_t kWhole = 160;
  constexpr std::size_t kAround = 60;
  if (count_code_points(line) <= kWhole) return {std::string(line), index};
  const std::size_t first = index > kAround ? index - kAround : 0;
  const std::size_t from = code_point_offset(line, first);
  const std::size_t to = code_point_offset(line, index + kAround);
  std::string text = (from > 0 ? "…" : "") + std::string(line.substr(from, to - from)) + (to < line.size() ? "…" : "");
  return {std::move(text), index - first + (from > 0 ? 1 : 0)};
}

bool is_comment(std::string_view text, std::size_t at) {
  return text[at] == '/' && at + 1 < text.size() && (text[at + 1] == '/' || text[at + 1] == '*');
}

// Where a statement's first real character is; blanks and comments come before it.
std::size_t first_solid(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r' || text[at] == ';') ++at;
    else if (is_comment(text, at)) at = skip_comment(text, at);
    else return at;
  }
  return std::string_view::npos;
}

// A backslash is no part of Cypher outside quotes.
bool is_vertical_end(std::string_view text, std::size_t at) { return text.substr(at, 2) == "\\G"; }

// Where the ';' or the \G is that ends the statement, or npos.
std::size_t find_end(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (text[at] == ';' || is_vertical_end(text, at)) return at;
    if (text[at] == '\'' || text[at] == '"' || text[at] == '`') at = skip_quoted(text, at);
    else if (is_comment(text, at)) at = skip_comment(text, at);
    else ++at;
  }
  return std::string_view::npos;
}

std::string trimmed(std::string_view text) {
  const auto last = text.find_last_not_of(" \t\r\n");
  return std::string(text.substr(0, last == std::string_view::npos ? 0 : last + 1));
}

}  // namespace

void StatementReader::add_line(std::string_view line) {
  pending_ += line;
  pending_ += '\n';
}

std::optional<ShellInput> StatementReader::next() {
  const std::size_t start = first_solid(pending_);
  if (start == std::string::npos) return std::nullopt;
  const bool is_command = pending_[start] == ':';
  const std::size_t end = is_command ? pending_.find('\n', start) : find_end(pending_, start);
  if (end == std::string::npos) return std::nullopt;
  const auto lines_in = [this](std::size_t from, std::size_t to) {
    const auto begin = pending_.begin();
    return static_cast<std::size_t>(std::count(begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(to), '\n'));
  };
  ShellInput input{trimmed(std::string_view(pending_).substr(start, end - start)), is_command, line_ + lines_in(0, start),
                   !is_command && is_vertical_end(pending_, end)};
  if (is_command && input.text.ends_with(';')) input.text = trimmed(std::string_view(input.text).substr(0, input.text.size() - 1));
  const std::size_t behind = end + (input.is_vertical ? 2 : 1);
  line_ += lines_in(0, behind);
  pending_.erase(0, behind);
  return input;
}

std::optional<ShellInput> StatementReader::rest() {
  const std::size_t start = first_solid(pending_);
  if (start == std::string::npos) return std::nullopt;
  const auto lines = std::count(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(start), '\n');
  ShellInput input{trimmed(std::string_view(pending_).substr(start)), false, line_ + static_cast<std::size_t>(lines), false};
  clear();
  return input;
}

bool StatementReader::is_pending() const { return first_solid(pending_) != std::string::npos; }

void StatementReader::clear() {
  line_ += static_cast<std::size_t>(std::count(pending_.begin(), pending_.end(), '\n'));
  pending_.clear();
}

std::string caret_lines(std::string_view statement, std::size_t line, std::size_t column) {
  if (line == 0 || column == 0) return "";
  for (; line > 1; --line) {
    const auto end = statement.find('\n');
    if (end == std::string_view::npos) return "";
    statement.remove_prefix(end + 1);
  }
  const Excerpt excerpt = excerpt_around(statement.substr(0, statement.find('\n')), column - 1);
  const std::string_view text = excerpt.text;
  std::string before;
  // Tabs stay tabs, so that the caret stands where the terminal puts the character.
  for (std::size_t at = 0, end = code_point_offset(text, excerpt.index); at < end;) {
    const auto bytes = first_code_point(text.substr(at)).bytes;
    before += text[at] == '\t' ? "\t" : std::string(display_width(text.substr(at, bytes)), ' ');
    at += bytes;
  }
  return std::string(text) + "\n" + before + "^\n";
}

std::string one_line(std::string_view statement) {
  std::string line;
  std::size_t end = 0;
  const auto tokens = syntax::tokenize(statement);
  for (const auto& token : tokens.list) {
    const bool is_last = token.kind == syntax::TokenKind::End || token.kind == syntax::TokenKind::Error;
    if (token.begin > end && !line.empty() && token.kind != syntax::TokenKind::End) line += ' ';
    // What is no Cypher stays as it was typed.
    const auto size = is_last ? statement.size() - token.begin : token.end - token.begin;
    for (const char c : statement.substr(token.begin, size)) {
      if (c != '\n') line += c;
      else line += token.kind == syntax::TokenKind::String ? "\\n" : " ";
    }
    end = token.end;
  }
  return line;
}

bool holds_secret(std::string_view statement) {
  constexpr std::string_view kWord = "password";
  for (std::size_t at = 0; at + kWord.size() <= statement.size(); ++at) {
    if (equal_ignoring_case(statement.substr(at, kWord.size()), kWord)) return true;
  }
  return false;
}

}  // namespace nexus::host
