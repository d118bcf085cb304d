// Atoms: literals, names, calls and everything in brackets.
//
// What an opening bracket or a word begins is decided by looking ahead over tokens, never by
// trying: brackets are already paired, so each look costs a constant.
#include <cmath>

#include "base/number.h"
#include "syntax/parser_state.h"

namespace nexus::syntax {

ExpressionPtr Parser::atom() {
  switch (peek().kind) {
    case Kind::Number: return number(false);
    case Kind::String: return string_literal();
    case Kind::Parameter: return parameter();
    case Kind::LeftBracket: return list_or_comprehension();
    case Kind::LeftBrace: return map_literal();
    case Kind::LeftParenthesis: return parenthesized_or_pattern();
    case Kind::Word: return word_atom();
    case Kind::QuotedName: return function_or_variable();
    case Kind::End: case Kind::Error: case Kind::RightParenthesis: case Kind::RightBracket: case Kind::RightBrace:
    case Kind::Comma: case Kind::Dot: case Kind::DotDot: case Kind::Colon: case Kind::ColonColon:
    case Kind::Semicolon: case Kind::Bar: case Kind::BarBar: case Kind::Ampersand: case Kind::Exclamation:
    case Kind::Percent: case Kind::Dollar: case Kind::Equal: case Kind::NotEqual: case Kind::Less:
    case Kind::LessOrEqual: case Kind::Greater: case Kind::GreaterOrEqual: case Kind::Matches: case Kind::Plus:
    case Kind::PlusEqual: case Kind::Minus: case Kind::Star: case Kind::Slash: case Kind::Caret: case Kind::Question: break;
  }
  fail_expected("an expression");
  return make(NullLiteral{}, {});
}

namespace {

constexpr std::uint64_t kMagnitudeMax = std::uint64_t{1} << 63;  // Of a negative integer.

struct Magnitude {
  std::uint64_t value = 0;
  bool malformed = false;
  bool overflows = false;
};

Magnitude read_magnitude(std::string_view digits, unsigned base) {
  Magnitude result;
  result.malformed = digits.empty();
  for (const char digit : digits) {
    const char lower = static_cast<char>(digit | 0x20);
    const unsigned value = digit >= '0' && digit <= '9'   ? static_cast<unsigned>(digit - '0')
                           : lower >= 'a' && lower <= 'z' ? static_cast<unsigned>(lower - 'a') + 10
                                                          : base;
    if (value >= base) result.malformed = true;
    if (result.value > (kMagnitudeMax - value % base) / base) result.overflows = true;
    result.value = result.value * base + value;
  }
  return result;
}

// 1_000_000 is 1000000; an underscore must stand between digits. Returns nothing when it does not.
std::string without_underscores(std::string_view text) {
  std::string digits;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool between = at > 0 && at + 1 < text.size() && text[at - 1] != '_' && text[at + 1] != '_';
    if (text[at] == '_' && !between) return {};
    if (text[at] != '_') digits += text[at];
  }
  return digits;
}

}  // namespace

ExpressionPtr Parser::number(bool negative) {
  const Position position = peek().position;
  const std::string shown(text_of(peek()));
  std::string digits = without_underscores(shown);
  take();
  const char mark = digits.size() > 1 && digits[0] == '0' ? static_cast<char>(digits[1] | 0x20) : '\0';
  const unsigned base = mark == 'x' ? 16 : mark == 'o' ? 8 : 10;
  if (base == 10 && digits.find_first_not_of("0123456789") != std::string::npos) {
    return decimal_number(std::move(digits), negative, position);
  }
  const Magnitude read = read_magnitude(std::string_view(digits).substr(base == 10 ? 0 : 2), base);
  if (read.malformed) {
    fail(ErrorCode::InvalidNumberLiteral, "'" + shown + "' is not a number", position);
  } else if (read.overflows || (read.value == kMagnitudeMax && !negative)) {
    fail(ErrorCode::IntegerOverflow, "The integer " + shown + " does not fit 64 bits", position);
  }
  const std::uint64_t value = negative ? ~read.value + 1 : read.value;
  return make(IntegerLiteral{static_cast<std::int64_t>(value)}, position);
}

ExpressionPtr Parser::decimal_number(std::string digits, bool negative, Position position) {
  const auto value = parse_double(digits);
  if (!value || digits.find_first_not_of("0123456789.eE+-") != std::string::npos) {
    fail(ErrorCode::InvalidNumberLiteral, "'" + digits + "' is not a number", position);
    return make(NullLiteral{}, position);
  }
  if (std::isinf(*value)) {
    fail(ErrorCode::FloatingPointOverflow, "The number " + digits + " is too large for a FLOAT", position);
  }
  return make(FloatLiteral{negative ? -*value : *value}, position);
}

ExpressionPtr Parser::string_literal() {
  const Position position = peek().position;
  if (!at(Kind::String)) fail_expected("a string");
  if (error_) return make(StringLiteral{}, position);
  auto value = decode_string(text_of(peek()), position);
  take();
  if (value) return make(StringLiteral{std::move(*value)}, position);
  fail(value.error().code, value.error().message, position);
  return make(StringLiteral{}, position);
}

ExpressionPtr Parser::parameter() {
  const Position position = peek().position;
  return make(Parameter{take_parameter()}, position);
}

ExpressionPtr Parser::list_or_comprehension() {
  if (at_name(1) && at_word("IN", 2)) return list_comprehension();
  if (at_path_pattern(1) || (at_name(1) && at(Kind::Equal, 2) && at_path_pattern(3))) return pattern_comprehension();
  const Position position = peek().position;
  take();
  ListLiteral literal;
  if (!at(Kind::RightBracket)) list([&] { literal.items.push_back(expression_value()); });
  expect(Kind::RightBracket, "]");
  return make(std::move(literal), position);
}

ExpressionPtr Parser::list_comprehension() {
  const Position position = peek().position;
  take();
  ListComprehension result;
  result.variable = name("a variable");
  expect_word("IN");
  result.list = expression_before_bar();
  if (accept_word("WHERE")) {
    result.where = expression_before_bar();
    allow_pattern(*result.where);
  }
  if (accept(Kind::Bar)) result.projection = expression();
  expect(Kind::RightBracket, "]");
  return make(std::move(result), position);
}

ExpressionPtr Parser::pattern_comprehension() {
  const Position position = peek().position;
  take();
  PatternComprehension result;
  result.pattern = std::make_unique<PatternPath>(pattern_path(false));
  if (accept_word("WHERE")) {
    result.where = expression_before_bar();
    allow_pattern(*result.where);
  }
  expect(Kind::Bar, "|");
  result.projection = expression();
  expect(Kind::RightBracket, "]");
  return make(std::move(result), position);
}

ExpressionPtr Parser::map_literal() {
  const Position position = peek().position;
  expect(Kind::LeftBrace, "{");
  MapLiteral literal;
  if (!at(Kind::RightBrace)) {
    list([&] {
      std::string key = name("a property key");
      expect(Kind::Colon, ":");
      literal.entries.push_back({std::move(key), expression_value()});
    });
  }
  expect(Kind::RightBrace, "}");
  return make(std::move(literal), position);
}

ExpressionPtr Parser::map_or_parameter(std::string_view what) {
  if (at(Kind::Parameter)) return parameter();
  if (!at(Kind::LeftBrace)) fail_expected(what);
  return map_literal();
}

ExpressionPtr Parser::parenthesized_or_pattern() {
  const Position position = peek().position;
  if (at_path_pattern()) {
    stray_patterns_.push_back(position);
    return make(PatternExpression{std::make_unique<PatternPath>(pattern_path(false))}, position);
  }
  take();
  ExpressionPtr inner = expression();
  expect(Kind::RightParenthesis, ")");
  return inner;
}

// `(node)` followed by a relationship and another node: never an expression that makes sense.
bool Parser::at_path_pattern(std::size_t ahead) const {
  const std::size_t open = at_ + ahead;
  const auto kind_at = [this](std::size_t index) { return token_at(index).kind; };
  if (kind_at(open) != Kind::LeftParenthesis || token_at(open).partner == 0) return false;
  const bool is_named = kind_at(open + 1) == Kind::Word || kind_at(open + 1) == Kind::QuotedName;
  const auto is_word = [&](std::size_t index, std::string_view word) {
    return kind_at(index) == Kind::Word && equals_word(text_of(token_at(index)), word);
  };
  const std::size_t after_name = open + (is_named && !is_word(open + 1, "WHERE") ? 2 : 1);
  const Kind inside = kind_at(after_name);
  const bool is_node = inside == Kind::RightParenthesis || inside == Kind::Colon || inside == Kind::LeftBrace ||
                       inside == Kind::Parameter || is_word(after_name, "WHERE") || is_word(after_name, "IS");
  if (!is_node) return false;
  std::size_t next = token_at(open).partner + 1;
  if (kind_at(next) == Kind::Less) ++next;
  if (kind_at(next) != Kind::Minus) return false;
  if (kind_at(++next) == Kind::LeftBracket) {
    return token_at(next).partner != 0 && kind_at(token_at(next).partner + 1) == Kind::Minus;
  }
  if (kind_at(next) != Kind::Minus) return false;
  if (kind_at(++next) == Kind::Greater) ++next;
  return kind_at(next) == Kind::LeftParenthesis;
}

// Where an operand should be, these can only mean that it is missing.
bool Parser::at_reserved_word() const {
  return at_any_word({"AND", "OR", "XOR", "IN", "IS", "AS", "CONTAINS", "WHERE", "WITH", "RETURN", "MATCH", "MERGE",
                      "UNWIND", "UNION", "WHEN", "THEN", "ELSE", "DISTINCT", "DETACH", "CREATE", "DELETE", "REMOVE"});
}

ExpressionPtr Parser::word_atom() {
  if (ExpressionPtr keyword = keyword_atom()) return keyword;
  return function_or_variable();
}

ExpressionPtr Parser::keyword_atom() {
  const Position position = peek().position;
  const bool called = at(Kind::LeftParenthesis, 1);
  const auto literal = [&](Expression::Node node) { return take(), make(std::move(node), position); };
  if (at(Kind::LeftBrace, 1)) {
    if (at_word("EXISTS")) return subquery(SubqueryKind::Exists);
    if (at_word("COUNT")) return subquery(SubqueryKind::Count);
    if (at_word("COLLECT")) return subquery(SubqueryKind::Collect);
  }
  if (called && at_name(2) && at_word("IN", 3)) {
    if (at_word("ALL")) return quantifier(QuantifierKind::All);
    if (at_word("ANY")) return quantifier(QuantifierKind::Any);
    if (at_word("NONE")) return quantifier(QuantifierKind::None);
    if (at_word("SINGLE")) return quantifier(QuantifierKind::Single);
  }
  if (called) {
    if (at_word("REDUCE") && at_name(2) && at(Kind::Equal, 3)) return reduce();
    if (at_any_word({"SHORTESTPATH", "ALLSHORTESTPATHS"})) {
      return make(PatternExpression{std::make_unique<PatternPath>(pattern_path(false))}, position);
    }
    if (at_word("COUNT") && at(Kind::Star, 2)) {
      take(3);
      expect(Kind::RightParenthesis, ")");
      return make(CountStar{}, position);
    }
    if (at_word("TRIM") && at_any_word({"BOTH", "LEADING", "TRAILING"}, 2)) return trim_call(position);
    if (!at_word("CASE") && !at_reserved_word()) return {};
  }
  if (at_word("NULL")) return literal(NullLiteral{});
  if (at_word("TRUE")) return literal(BooleanLiteral{true});
  if (at_word("FALSE")) return literal(BooleanLiteral{false});
  if (at_word("NAN")) return literal(FloatLiteral{std::nan("")});
  if (at_any_word({"INF", "INFINITY"})) return literal(FloatLiteral{HUGE_VAL});
  if (at_word("CASE")) return case_expression();
  if (at_reserved_word() || at_words({"ORDER", "BY"})) {
    fail_expected("an expression");
    return make(NullLiteral{}, {});
  }
  return {};
}

// name {. name} followed by ( is a call; a property chain is not.
bool Parser::at_function_name(std::size_t& parts) const {
  parts = 1;
  while (at(Kind::Dot, parts * 2 - 1) && at_name(parts * 2)) ++parts;
  return at(Kind::LeftParenthesis, parts * 2 - 1);
}

ExpressionPtr Parser::function_or_variable() {
  const Position position = peek().position;
  std::size_t parts = 1;
  if (at_function_name(parts)) {
    std::vector<std::string> path;
    for (; parts > 0; --parts) {
      path.push_back(name("a function name"));
      accept(Kind::Dot);
    }
    return function_call(std::move(path), position);
  }
  if (at(Kind::LeftBrace, 1)) return map_projection();
  return make(Variable{name("a variable")}, position);
}

ExpressionPtr Parser::function_call(std::vector<std::string> path, Position position) {
  take();
  FunctionCall call{std::move(path), false, {}};
  const bool takes_pattern = call.name.size() == 1 && equals_word(call.name[0], "EXISTS");
  const bool takes_form = call.name.size() == 1 && equals_word(call.name[0], "NORMALIZE");
  if (!at(Kind::RightParenthesis, 1) && !at(Kind::Comma, 1)) {
    call.distinct = accept_word("DISTINCT");
    if (!call.distinct && at_all_quantifier()) take();
  }
  if (!at(Kind::RightParenthesis)) {
    list([&] {
      if (takes_form && !call.arguments.empty() && at_any_word({"NFC", "NFD", "NFKC", "NFKD"})) {
        std::string form(text_of(peek()));
        const Position where = peek().position;
        for (char& letter : form) letter = static_cast<char>(letter & ~0x20);
        take();
        call.arguments.push_back(std::move(*make(StringLiteral{std::move(form)}, where)));
        return;
      }
      if (at_argument_word(call)) {
        const Position where = peek().position;
        call.arguments.push_back(std::move(*make(StringLiteral{coordinate_word()}, where)));
        return;
      }
      ExpressionPtr argument = expression();
      if (takes_pattern) allow_pattern(*argument);
      call.arguments.push_back(std::move(*argument));
    });
  }
  if (call.name.size() == 1 && call.arguments.size() == 1 && equals_word(call.name[0], "TRIM") && accept_word("FROM")) {
    call.name[0] = "btrim";  // trim('x' FROM s): BOTH is not written.
    call.arguments.insert(call.arguments.begin(), expression_value());
  }
  expect(Kind::RightParenthesis, ")");
  return make(std::move(call), position);
}

bool Parser::at_argument_word(const FunctionCall& call) const {
  const std::size_t at_argument = call.word_argument();
  return at_argument != 0 && call.arguments.size() == at_argument && at(Kind::Word) &&
         (at(Kind::RightParenthesis, 1) || at_word("NOT", 1) || at(Kind::Exclamation, 1) || at_word("SIGNED"));
}

// trim(BOTH 'x' FROM s) is btrim(s, 'x'); LEADING and TRAILING are ltrim and rtrim.
ExpressionPtr Parser::trim_call(Position position) {
  take(2);
  FunctionCall call{{at_word("LEADING") ? "ltrim" : at_word("TRAILING") ? "rtrim" : "btrim"}, false, {}};
  take();
  ExpressionPtr characters = at_word("FROM") ? nullptr : expression();
  expect_word("FROM");
  call.arguments.push_back(expression_value());
  if (characters) call.arguments.push_back(std::move(*characters));
  expect(Kind::RightParenthesis, ")");
  return make(std::move(call), position);
}

ExpressionPtr Parser::case_expression() {
  const Position position = peek().position;
  take();
  CaseExpression result;
  if (!at_word("WHEN")) result.subject = expression();
  do case_branch(result);
  while (at_word("WHEN"));
  if (accept_word("ELSE")) result.otherwise = expression();
  expect_word("END");
  return make(std::move(result), position);
}

void Parser::case_branch(CaseExpression& result) {
  expect_word("WHEN");
  std::vector<Expression> conditions;
  const Position position = peek().position;
  if (!result.subject) {
    conditions.push_back(std::move(*predicate()));
  } else {
    list([&] {
      const Position where = peek().position;
      if (at_comparing_operator()) {
        Nesting nesting(*this);
        conditions.push_back(std::move(*continue_operators(make(CaseSubject{}, where), kComparison, kPredicate)));
        return;
      }
      Comparison equality{make(CaseSubject{}, where), {}};
      equality.steps.push_back({ComparisonOperator::Equal, expression_value()});
      conditions.push_back(std::move(*make(std::move(equality), where)));
    });
  }
  const bool is_one = conditions.size() == 1;
  Expression condition = is_one ? std::move(conditions[0]) : std::move(*make(Or{std::move(conditions)}, position));
  expect_word("THEN");
  result.branches.push_back({std::move(condition), expression_value()});
}

ExpressionPtr Parser::quantifier(QuantifierKind kind) {
  const Position position = peek().position;
  take(2);
  QuantifierExpression result{kind, name("a variable"), nullptr, nullptr};
  expect_word("IN");
  result.list = expression();
  expect_word("WHERE");
  result.where = predicate();
  expect(Kind::RightParenthesis, ")");
  return make(std::move(result), position);
}

ExpressionPtr Parser::reduce() {
  const Position position = peek().position;
  take(2);
  Reduce result;
  result.accumulator = name("a variable");
  expect(Kind::Equal, "=");
  result.initial = expression();
  expect(Kind::Comma, ",");
  result.variable = name("a variable");
  expect_word("IN");
  result.list = expression_before_bar();
  expect(Kind::Bar, "|");
  result.step = expression();
  expect(Kind::RightParenthesis, ")");
  return make(std::move(result), position);
}

ExpressionPtr Parser::map_projection() {
  const Position position = peek().position;
  MapProjection result{name("a variable"), {}};
  expect(Kind::LeftBrace, "{");
  using Item = MapProjectionItem::Kind;
  if (!at(Kind::RightBrace)) {
    list([&] {
      MapProjectionItem item{Item::AllProperties, {}, nullptr, peek().position};
      if (accept(Kind::Dot)) {
        if (!accept(Kind::Star)) item.kind = Item::Property, item.name = name("a property key or '*'");
      } else {
        item.kind = Item::Variable;
        item.name = name("a property key, a variable or '.'");
        if (accept(Kind::Colon)) item.kind = Item::Entry, item.value = expression();
      }
      result.items.push_back(std::move(item));
    });
  }
  expect(Kind::RightBrace, "}");
  return make(std::move(result), position);
}

ExpressionPtr Parser::subquery(SubqueryKind kind) {
  const Position position = peek().position;
  take(2);
  auto query = std::make_unique<RegularQuery>(subquery_body(kind));
  expect(Kind::RightBrace, "}");
  return make(SubqueryExpression{kind, std::move(query)}, position);
}

RegularQuery Parser::subquery_body(SubqueryKind kind) {
  Nesting nesting(*this);
  const bool is_pattern = at(Kind::LeftParenthesis) || (at_name() && at(Kind::Equal, 1)) || at_path_selector();
  if (kind == SubqueryKind::Collect || !is_pattern) {
    ++expression_subqueries_;
    RegularQuery query = regular_query();
    --expression_subqueries_;
    if (kind == SubqueryKind::Collect) check_complete(query);
    return query;
  }
  const Position position = peek().position;
  Match match;
  match.patterns = patterns();
  match.where = optional_where();
  RegularQuery query;
  query.first.clauses.push_back({std::move(match), position});
  return query;
}

}  // namespace nexus::syntax
