#include "host-native/shell/completion_context.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "syntax/lexer.h"

namespace nexus::host {
namespace {

using syntax::Token;
using syntax::TokenKind;

// What may follow a keyword or more; the longer one comes first.
struct Following {
  std::string_view behind;
  std::array<std::string_view, 14> words;
};

constexpr Following kFollowing[] = {
    {"CREATE OR REPLACE", {"DATABASE", "ALIAS", "COMPOSITE DATABASE", "TEMPORARY DATABASE"}},
    {"ON CREATE", {"SET"}},
    {"ON MATCH", {"SET"}},
    {"CREATE", {"DATABASE", "ALIAS", "COMPOSITE DATABASE", "TEMPORARY DATABASE", "OR REPLACE", "INDEX", "RANGE INDEX",
                "TEXT INDEX", "POINT INDEX", "FULLTEXT INDEX", "VECTOR INDEX", "LOOKUP INDEX", "CONSTRAINT"}},
    {"DROP", {"DATABASE", "ALIAS", "COMPOSITE DATABASE", "INDEX", "CONSTRAINT"}},
    {"ALTER", {"DATABASE", "ALIAS"}},
    {"UNDROP", {"DATABASE"}},
    {"STOP", {"DATABASE"}},
    {"START", {"DATABASE"}},
    {"SHOW", {"DATABASES", "DATABASE", "DEFAULT DATABASE", "HOME DATABASE", "ALIASES FOR DATABASE", "INDEXES",
              "CONSTRAINTS", "FUNCTIONS", "PROCEDURES", "SETTINGS", "TRANSACTIONS"}},
    {"TERMINATE", {"TRANSACTIONS"}},
    {"OPTIONAL", {"MATCH", "CALL"}},
    {"DETACH", {"DELETE"}},
    {"NODETACH", {"DELETE"}},
    {"ORDER", {"BY"}},
    {"STARTS", {"WITH"}},
    {"ENDS", {"WITH"}},
    {"IS NOT", {"NULL", "NORMALIZED"}},
    {"IS", {"NULL", "NOT NULL", "UNIQUE", "NORMALIZED", "NODE KEY", "RELATIONSHIP KEY"}},
    {"ON", {"CREATE SET", "MATCH SET"}},
    {"UNION", {"ALL", "MATCH", "RETURN", "WITH", "UNWIND", "CALL"}},
    {"LOAD", {"CSV FROM", "CSV WITH HEADERS FROM"}},
    {"IF", {"EXISTS", "NOT EXISTS"}},
};

// Behind these a value comes.
constexpr std::string_view kBeforeExpression[] = {
    "RETURN", "WITH", "WHERE", "AND", "OR", "XOR", "NOT", "IN", "CONTAINS", "BY", "SKIP", "LIMIT", "OFFSET", "WHEN",
    "THEN", "ELSE", "CASE", "DISTINCT", "UNWIND", "DELETE", "FROM", "LET", "FILTER"};
// Behind these one of the statement's variables comes.
constexpr std::string_view kBeforeVariable[] = {"SET", "REMOVE"};
// A pattern or a new name comes.
constexpr std::string_view kBeforeNew[] = {"MATCH", "MERGE", "AS", "FOREACH", "INDEX", "CONSTRAINT", "ALIAS", "FOR"};
// Words that open braces of a subquery.
constexpr std::string_view kSubqueries[] = {"CALL", "EXISTS", "COUNT", "COLLECT"};

class ContextFinder {
 public:
  explicit ContextFinder(std::string_view text) : text_(text), tokens_(syntax::tokenize(text).list) {
    tokens_.pop_back();  // End, or Error, which the caller has looked at.
  }

  Context find();

 private:
  bool take_typed();
  bool ends_in_comment() const;
  void pair_brackets();
  void collect_variables();
  Expected expected_behind_word();
  Expected expected_behind_symbol();
  std::optional<Expected> expected_in_label_expression() const;
  bool is_map_of_pattern() const;
  bool is_subquery(std::size_t brace) const;
  void take_qualifier();

  std::string_view word(std::size_t index) const {
    const Token& token = tokens_[index];
    return text_.substr(token.begin, token.end - token.begin);
  }
  bool is_word(std::size_t index, std::string_view upper) const {
    return index < tokens_.size() && tokens_[index].kind == TokenKind::Word && syntax::equals_word(word(index), upper);
  }
  bool is_one_of(std::size_t index, std::span<const std::string_view> words) const {
    return std::any_of(words.begin(), words.end(), [&](std::string_view upper) { return is_word(index, upper); });
  }
  // The words before the cursor are these, one blank between them.
  bool ends_with(std::string_view words) const;
  bool is_kind(std::size_t index, TokenKind kind) const { return index < tokens_.size() && tokens_[index].kind == kind; }

  std::string_view text_;
  std::vector<Token> tokens_;         // Without what is being typed.
  std::vector<std::size_t> open_;     // Brackets that are open, by index.
  std::vector<std::size_t> inside_;   // For each token: the bracket it is in, kOutside for none.
  Context context_;
};

constexpr std::size_t kOutside = static_cast<std::size_t>(-1);

bool ContextFinder::ends_with(std::string_view words) const {
  std::size_t at = tokens_.size();
  while (!words.empty()) {
    const auto blank = words.rfind(' ');
    const std::string_view last = blank == std::string_view::npos ? words : words.substr(blank + 1);
    words = blank == std::string_view::npos ? std::string_view() : words.substr(0, blank);
    if (at == 0 || !is_word(--at, last)) return false;
  }
  return true;
}

bool ContextFinder::ends_in_comment() const {
  std::size_t at = tokens_.empty() ? 0 : tokens_.back().end;
  while (at < text_.size()) {
    const std::string_view rest = text_.substr(at);
    if (rest.starts_with("//")) {
      const auto line_end = text_.find('\n', at);
      if (line_end == std::string_view::npos) return true;
      at = line_end;
    } else if (rest.starts_with("/*")) {
      at = text_.find("*/", at) + 1;
    }
    ++at;
  }
  return false;
}

// False: nothing can be completed where the text ends.
bool ContextFinder::take_typed() {
  context_.begin = text_.size();
  if (ends_in_comment()) return false;
  if (tokens_.empty() || tokens_.back().end != text_.size()) return true;
  const Token last = tokens_.back();
  const bool is_parameter = last.kind == TokenKind::Parameter || last.kind == TokenKind::Dollar;
  if (last.kind == TokenKind::QuotedName || last.kind == TokenKind::String || last.kind == TokenKind::Number) return false;
  if (last.kind != TokenKind::Word && !is_parameter) return true;
  context_.begin = last.begin;
  context_.typed = text_.substr(last.begin + (is_parameter ? 1 : 0));
  if (is_parameter) {
    ++context_.begin;
    context_.expected = Expected::Parameter;
  }
  tokens_.pop_back();
  return true;
}

void ContextFinder::pair_brackets() {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const TokenKind kind = tokens_[i].kind;
    const bool closes = kind == TokenKind::RightParenthesis || kind == TokenKind::RightBracket || kind == TokenKind::RightBrace;
    if (closes && !open_.empty()) open_.pop_back();
    inside_.push_back(open_.empty() ? kOutside : open_.back());
    const bool opens = kind == TokenKind::LeftParenthesis || kind == TokenKind::LeftBracket || kind == TokenKind::LeftBrace;
    if (opens) open_.push_back(i);
  }
}

// What patterns, AS, list comprehensions and paths call something.
void ContextFinder::collect_variables() {
  for (std::size_t i = 1; i < tokens_.size(); ++i) {
    if (tokens_[i].kind != TokenKind::Word) continue;
    const Token& before = tokens_[i - 1];
    const bool is_call = i >= 2 && tokens_[i - 2].kind == TokenKind::Word && tokens_[i - 2].end == before.begin;
    const bool in_pattern = (before.kind == TokenKind::LeftParenthesis && !is_call) || before.kind == TokenKind::LeftBracket;
    const bool is_path = is_kind(i + 1, TokenKind::Equal) && is_kind(i + 2, TokenKind::LeftParenthesis) &&
                         before.kind != TokenKind::Dot;
    if (in_pattern || is_path || is_word(i - 1, "AS")) context_.variables.emplace_back(word(i));
  }
}

// Labels or types behind ':' and the operators of label expressions; nothing when this is another colon.
std::optional<Expected> ContextFinder::expected_in_label_expression() const {
  const auto joins = [&](std::size_t i) {
    const TokenKind kind = tokens_[i].kind;
    return kind == TokenKind::Ampersand || kind == TokenKind::Bar || kind == TokenKind::Exclamation;
  };
  std::size_t at = tokens_.size() - 1;
  const bool is_bar = tokens_[at].kind == TokenKind::Bar;
  if (!joins(at) && tokens_[at].kind != TokenKind::Colon && tokens_[at].kind != TokenKind::LeftParenthesis) return std::nullopt;
  while (tokens_[at].kind != TokenKind::Colon) {
    const TokenKind kind = tokens_[at].kind;
    const bool is_part = joins(at) || kind == TokenKind::Word || kind == TokenKind::QuotedName || kind == TokenKind::Percent ||
                         kind == TokenKind::LeftParenthesis || kind == TokenKind::RightParenthesis;
    if (!is_part || at == 0) return std::nullopt;
    // A parenthesis of a label expression stands behind a colon or an operator of it.
    if (kind == TokenKind::LeftParenthesis && !joins(at - 1) && tokens_[at - 1].kind != TokenKind::Colon) return std::nullopt;
    --at;
  }
  const std::size_t bracket = inside_[at];
  if (bracket == kOutside || tokens_[bracket].kind == TokenKind::LeftParenthesis) return Expected::Label;
  if (tokens_[bracket].kind == TokenKind::LeftBrace) {
    return is_subquery(bracket) ? std::optional(Expected::Label) : std::nullopt;
  }
  for (std::size_t i = bracket; i < at; ++i) {
    if (!is_word(i, "IN")) continue;
    if (is_bar) return std::nullopt;  // [x IN xs WHERE x:A | …
    return Expected::Label;
  }
  return Expected::RelationshipType;
}

bool ContextFinder::is_subquery(std::size_t brace) const {
  if (brace == 0) return false;
  if (is_one_of(brace - 1, kSubqueries)) return true;
  // CALL (x) {
  if (tokens_[brace - 1].kind != TokenKind::RightParenthesis) return false;
  std::size_t at = brace - 1;
  while (at > 0 && !(tokens_[at].kind == TokenKind::LeftParenthesis && inside_[at] == inside_[brace])) --at;
  return at > 0 && is_word(at - 1, "CALL");
}

bool ContextFinder::is_map_of_pattern() const {
  if (open_.empty() || tokens_[open_.back()].kind != TokenKind::LeftBrace) return false;
  const std::size_t brace = open_.back();
  const TokenKind last = tokens_.back().kind;
  if ((last != TokenKind::LeftBrace && last != TokenKind::Comma) || is_subquery(brace) || brace == 0) return false;
  const TokenKind before = tokens_[brace - 1].kind;
  if (before == TokenKind::Equal || before == TokenKind::PlusEqual) return true;
  const std::size_t around = inside_[brace];
  return around != kOutside && tokens_[around].kind != TokenKind::LeftBrace && before != TokenKind::Comma;
}

// "apoc.coll." before the cursor: words with dots, nothing between them.
void ContextFinder::take_qualifier() {
  std::size_t begin = context_.begin;
  while (tokens_.size() >= 2 && tokens_.back().kind == TokenKind::Dot && tokens_.back().end == begin &&
         tokens_[tokens_.size() - 2].kind == TokenKind::Word && tokens_[tokens_.size() - 2].end == tokens_.back().begin) {
    begin = tokens_[tokens_.size() - 2].begin;
    tokens_.resize(tokens_.size() - 2);
  }
  context_.qualifier = text_.substr(begin, context_.begin - begin);
}

Expected ContextFinder::expected_behind_word() {
  const std::size_t last = tokens_.size() - 1;
  if (is_word(last, "CALL")) return Expected::Procedure;
  if (is_word(last, "USE") || is_word(last, "DATABASE") || ends_with("COPY OF")) return Expected::Database;
  if (ends_with("EXPLAIN") || ends_with("PROFILE")) return tokens_.size() == 1 ? Expected::Statement : Expected::Operator;
  for (const Following& following : kFollowing) {
    if (!ends_with(following.behind)) continue;
    for (const auto& word : following.words) {
      if (!word.empty()) context_.words.push_back(word);
    }
    return Expected::Words;
  }
  // STARTS WITH, not WITH.
  if (is_one_of(last, kBeforeExpression)) return Expected::Expression;
  if (is_one_of(last, kBeforeVariable)) return Expected::Variable;
  if (is_one_of(last, kBeforeNew)) return Expected::Nothing;
  if (last == 1 && is_word(0, "USE")) return Expected::Statement;
  return Expected::Operator;
}

Expected ContextFinder::expected_behind_symbol() {
  const std::size_t last = tokens_.size() - 1;
  if (const auto expected = expected_in_label_expression()) return *expected;
  if (is_map_of_pattern()) return Expected::PropertyKey;
  switch (tokens_[last].kind) {
    case TokenKind::RightParenthesis:
    case TokenKind::RightBracket:
    case TokenKind::RightBrace:
    case TokenKind::QuotedName:
    case TokenKind::String:
    case TokenKind::Number:
    case TokenKind::Star:
    case TokenKind::Parameter: return last == 1 && is_word(0, "USE") ? Expected::Statement : Expected::Operator;
    case TokenKind::LeftBrace: return is_subquery(last) ? Expected::Statement : Expected::Nothing;
    case TokenKind::LeftParenthesis: {
      const bool is_call = last > 0 && tokens_[last - 1].kind == TokenKind::Word && tokens_[last - 1].end == tokens_[last].begin;
      return is_call ? Expected::Expression : Expected::Variable;
    }
    case TokenKind::LeftBracket: {
      const bool in_pattern = last > 0 && tokens_[last - 1].kind == TokenKind::Minus;
      return in_pattern ? Expected::Variable : Expected::Expression;
    }
    default: return Expected::Expression;
  }
}

Context ContextFinder::find() {
  if (!take_typed()) return context_;
  pair_brackets();
  collect_variables();
  if (context_.expected == Expected::Parameter) return context_;
  if (!tokens_.empty() && tokens_.back().kind == TokenKind::Dot && tokens_.back().end == context_.begin) {
    take_qualifier();
    context_.expected = !tokens_.empty() && is_word(tokens_.size() - 1, "CALL") ? Expected::Procedure : Expected::Member;
    return context_;
  }
  if (tokens_.empty()) context_.expected = Expected::Statement;
  else if (tokens_.back().kind == TokenKind::Word) context_.expected = expected_behind_word();
  else context_.expected = expected_behind_symbol();
  return context_;
}

}  // namespace

Context context_at_end(std::string_view statement) {
  const auto tokens = syntax::tokenize(statement);
  const Token& last = tokens.list.back();
  if (last.kind != TokenKind::Error) return ContextFinder(statement).find();
  // Something is not closed: a name can be completed, strings and comments cannot.
  if (last.begin >= statement.size() || statement[last.begin] != '`') return {};
  Context context = ContextFinder(statement.substr(0, last.begin)).find();
  if (!context.typed.empty()) return {};
  context.begin = last.begin;
  context.typed = statement.substr(last.begin + 1);
  context.is_quoted = true;
  return context;
}

}  // namespace nexus::host
