// The parser's tokens, limits and entry points.
#include "syntax/parser.h"

#include "base/check.h"
#include "base/number.h"
#include "base/utf8.h"
#include "syntax/parser_state.h"

namespace nexus::syntax {
namespace {

Error compile_error(ErrorCode code, std::string message, Position position) {
  Error error(code, std::move(message), position);
  error.compile_time = true;
  return error;
}

std::optional<Error> check_text(std::string_view text, const ParseLimits& limits) {
  if (text.size() > limits.text_bytes_max) {
    return compile_error(ErrorCode::QueryTooLong,
                         "The statement has " + std::to_string(text.size()) + " bytes, more than the limit of " +
                             std::to_string(limits.text_bytes_max),
                         {1, 1, 0});
  }
  if (is_utf8(text)) return std::nullopt;
  std::size_t at = 0;
  while (true) {
    const CodePoint point = first_code_point(text.substr(at));
    if (!is_utf8(text.substr(at, point.bytes))) break;
    at += point.bytes;
  }
  Position position{1, 1, 0};
  advance(position, text.substr(0, at));
  return compile_error(ErrorCode::InvalidUnicodeCharacter, "The statement is not valid UTF-8", position);
}

constexpr std::string_view kSpaces = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

// The client command `:use name`. Why here: names need no backticks in it, so tokens do not fit.
std::optional<Result<Statement>> client_command(std::string_view text) {
  const std::size_t begin = skip_blank(text, 0);
  if (begin >= text.size() || text[begin] != ':') return std::nullopt;
  Position position{1, 1, 0};
  advance(position, text.substr(0, begin));
  std::string_view rest = trimmed(text.substr(begin + 1));
  while (!rest.empty() && rest.back() == ';') rest = trimmed(rest.substr(0, rest.size() - 1));
  const std::string_view word = rest.substr(0, rest.find_first_of(kSpaces));
  if (!equals_word(word, "USE")) {
    return compile_error(ErrorCode::UnexpectedSyntax, "There is no command ':" + std::string(word) + "'", position);
  }
  SessionUse use;
  std::string_view name = trimmed(rest.substr(word.size()));
  if (!name.empty()) {
    const bool is_quoted = name[0] == '`' && skip_quoted(name, 0) == name.size() && name.size() > 2;
    if (!is_quoted && name.find_first_of(" \t\r\n`;") != std::string_view::npos) {
      return compile_error(ErrorCode::UnexpectedSyntax, "Expected one name after ':use'", position);
    }
    GraphReference graph;
    graph.name.parts.push_back(is_quoted ? decode_quoted_name(name) : std::string(name));
    graph.name.position = position;
    use.graph = std::move(graph);
  }
  Statement statement;
  statement.position = position;
  statement.node = std::move(use);
  return Result<Statement>(std::move(statement));
}

}  // namespace

Parser::Parser(std::string_view text, const ParseLimits& limits)
    : text_(text), limits_(limits), tokens_(tokenize(text)) {}

Parser::Nesting::Nesting(Parser& parser) : parser_(parser), height_(parser.height_), bar_ends_(parser.bar_ends_) {
  parser_.height_ = 0;
  parser_.bar_ends_ = false;
  if (++parser_.depth_ > parser_.limits_.nesting_max) {
    parser_.fail(ErrorCode::NestingTooDeep,
                 "The statement nests deeper than " + std::to_string(parser_.limits_.nesting_max) + " levels",
                 parser_.peek().position);
  }
}

Parser::Nesting::~Nesting() {
  parser_.deepen();
  parser_.height_ = std::max(parser_.height_, height_);
  parser_.bar_ends_ = bar_ends_;
  --parser_.depth_;
}

void Parser::deepen() {
  if (++height_ <= limits_.nesting_max) return;
  fail(ErrorCode::NestingTooDeep,
       "The expression nests deeper than " + std::to_string(limits_.nesting_max) + " levels", peek().position);
}

const Token& Parser::peek(std::size_t ahead) const { return token_at(at_ + ahead); }

const Token& Parser::token_at(std::size_t index) const {
  return tokens_.list[std::min(index, tokens_.list.size() - 1)];
}

std::string_view Parser::text_of(const Token& token) const {
  return text_.substr(token.begin, token.end - token.begin);
}

bool Parser::at_word(std::string_view upper, std::size_t ahead) const {
  const Token& token = peek(ahead);
  return token.kind == Kind::Word && equals_word(text_of(token), upper);
}

bool Parser::at_words(std::initializer_list<std::string_view> words, std::size_t ahead) const {
  for (const std::string_view word : words) {
    if (!at_word(word, ahead++)) return false;
  }
  return true;
}

bool Parser::at_any_word(std::initializer_list<std::string_view> words, std::size_t ahead) const {
  if (!at(Kind::Word, ahead)) return false;
  for (const std::string_view word : words) {
    if (at_word(word, ahead)) return true;
  }
  return false;
}

void Parser::take(std::size_t count) { at_ = std::min(at_ + count, tokens_.list.size() - 1); }

bool Parser::accept(Kind kind) {
  if (!at(kind) || error_) return false;
  take();
  return true;
}

bool Parser::accept_word(std::string_view upper) {
  if (!at_word(upper)) return false;
  take();
  return true;
}

bool Parser::accept_words(std::initializer_list<std::string_view> words) {
  if (!at_words(words)) return false;
  take(words.size());
  return true;
}

bool Parser::accept_any_word(std::initializer_list<std::string_view> words) {
  if (!at_any_word(words)) return false;
  take();
  return true;
}

void Parser::expect(Kind kind, std::string_view sign) {
  if (!accept(kind)) fail_expected("'" + std::string(sign) + "'");
}

void Parser::expect_word(std::string_view upper) {
  if (!accept_word(upper)) fail_expected(upper);
}

void Parser::expect_words(std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) expect_word(word);
}

void Parser::fail(ErrorCode code, std::string message, Position position) {
  if (!error_) error_ = compile_error(code, std::move(message), position);
  at_ = tokens_.list.size() - 1;
  tokens_.list.back().kind = Kind::End;
}

void Parser::fail_expected(std::string_view what) {
  const Token& token = peek();
  if (token.kind == Kind::Error) {
    return fail(tokens_.error->code, tokens_.error->message, tokens_.error->position);
  }
  std::string message = "Expected " + std::string(what) + ", found ";
  if (token.kind == Kind::End) {
    message += "the end of the statement";
  } else {
    constexpr std::size_t kShownMax = 40;
    std::string shown(text_of(token));
    if (count_code_points(shown) > kShownMax) shown = shown.substr(0, code_point_offset(shown, kShownMax)) + "…";
    for (char& byte : shown) {
      if (byte == '\n' || byte == '\r') byte = ' ';
    }
    message += "'" + shown + "'";
  }
  fail(ErrorCode::UnexpectedSyntax, std::move(message), token.position);
}

std::string Parser::name_text(const Token& token) const {
  const std::string_view text = text_of(token);
  return token.kind == Kind::QuotedName ? decode_quoted_name(text) : std::string(text);
}

std::string Parser::name(std::string_view what) {
  if (!at_name()) return fail_expected(what), std::string();
  std::string text = name_text(peek());
  take();
  return text;
}

std::string Parser::take_parameter() {
  if (!at(Kind::Parameter)) return fail_expected("a parameter"), std::string();
  const std::string_view text = text_of(peek()).substr(1);
  take();
  return text[0] == '`' ? decode_quoted_name(text) : std::string(text);
}

std::int64_t Parser::take_integer(std::string_view what) {
  const auto value = at(Kind::Number) ? parse_integer(text_of(peek())) : std::nullopt;
  if (!value) return fail_expected(what), 0;
  take();
  return *value;
}

std::string Parser::source(std::uint32_t begin) const {
  if (error_ || at_ == 0) return {};
  const std::uint32_t end = tokens_.list[at_ - 1].end;
  return std::string(text_.substr(begin, end - begin));
}

// [EXPLAIN | PROFILE | CYPHER version {option = value}]… [USE graph] statement [;]
Statement Parser::statement() {
  Statement statement;
  statement.position = peek().position;
  while (true) {
    const bool has_mode = statement.mode != ExecutionMode::Run;  // A second one is no statement.
    if (!has_mode && accept_word("EXPLAIN")) {
      statement.mode = ExecutionMode::Explain;
    } else if (!has_mode && accept_word("PROFILE")) {
      statement.mode = ExecutionMode::Profile;
    } else if (at_word("CYPHER")) {
      if (at(Kind::Number, 1)) statement.version = language();
      else take();
      while (at_name() && at(Kind::Equal, 1)) take(3);  // Planner options of other products mean nothing here.
    } else {
      break;
    }
  }
  if (at_word("USE")) {
    take();
    const bool is_memgraph = at_word("DATABASE") && at_name(1);
    if (is_memgraph) take();
    statement.use = graph_reference();
    if (at_end() && !error_) {
      statement.node = SessionUse{std::move(statement.use)};
      statement.use.reset();
    } else if (is_memgraph) {
      fail_expected("the end of the statement");
    }
  }
  if (!std::holds_alternative<SessionUse>(statement.node)) {
    if (auto node = command()) statement.node = std::move(*node);
    else statement.node = regular_query();
  }
  while (accept(Kind::Semicolon)) {
  }
  if (!at(Kind::End)) fail_expected("a clause or the end of the statement");
  if (!stray_patterns_.empty()) {
    fail(ErrorCode::UnexpectedSyntax, "A path pattern may only stand where a truth value is asked for",
         stray_patterns_.front());
  }
  return statement;
}

ExpressionPtr Parser::lone_expression() {
  ExpressionPtr result = expression();
  if (!at(Kind::End)) fail_expected("the end of the expression");
  return result;
}

Result<Statement> parse(std::string_view text, const ParseLimits& limits) {
  if (auto error = check_text(text, limits)) return std::move(*error);
  if (auto command = client_command(text)) {
    if (!*command) command->error().compile_time = true;
    return std::move(*command);
  }
  Parser parser(text, limits);
  Statement statement = parser.statement();
  if (parser.error()) return *parser.error();
  return statement;
}

Result<ExpressionPtr> parse_expression(std::string_view text, const ParseLimits& limits) {
  if (auto error = check_text(text, limits)) return std::move(*error);
  Parser parser(text, limits);
  ExpressionPtr expression = parser.lone_expression();
  if (parser.error()) return *parser.error();
  return expression;
}

std::vector<StatementText> split_statements(std::string_view script) {
  std::vector<StatementText> statements;
  Position position{1, 1, 0};
  std::size_t counted = 0;
  for (std::size_t at = skip_blank(script, 0); at < script.size(); at = skip_blank(script, at)) {
    const std::size_t begin = at;
    std::size_t end = begin;  // One past the last byte that is not blank.
    while (at < script.size() && script[at] != ';') {
      const char byte = script[at];
      if (script.substr(at, 2) == "/*") {  // Unclosed, or it would have been skipped.
        at = end = script.size();
        break;
      }
      const bool is_quote = byte == '\'' || byte == '"' || byte == '`';
      at = is_quote ? std::min(skip_quoted(script, at), script.size()) : at + 1;
      end = at;
      at = skip_blank(script, at);
    }
    if (at < script.size()) ++at;
    if (end == begin) continue;
    advance(position, script.substr(counted, begin - counted));
    counted = begin;
    statements.push_back({script.substr(begin, end - begin), position});
  }
  return statements;
}

}  // namespace nexus::syntax
