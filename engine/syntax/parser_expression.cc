// Operators: precedence climbing over flat chains, so that ten thousand terms need no stack.
//
//   OR < XOR < AND < NOT < = <> < <= > >= < IN, STARTS WITH, =~, IS … < + - || < * / % < ^ < sign < postfix
#include <algorithm>
#include <utility>

#include "syntax/parser_state.h"

namespace nexus::syntax {

struct Parser::OperatorHere {
  int precedence = 0;  // 0: no operator here.
  std::size_t tokens = 1;
  ComparisonOperator comparison{};
  ArithmeticOperator arithmetic{};
  PredicateOperator predicate{};
  bool is_is = false;  // IS …, ::
};

ExpressionPtr Parser::make(Expression::Node node, Position position) {
  if (++expressions_ > limits_.expressions_max) {
    fail(ErrorCode::QueryTooLong,
         "The statement has more than " + std::to_string(limits_.expressions_max) + " expressions", position);
  }
  return std::make_unique<Expression>(Expression{std::move(node), position});
}

ExpressionPtr Parser::expression() {
  Nesting nesting(*this);
  return error_ ? make(NullLiteral{}, {}) : operators(kOr);
}

ExpressionPtr Parser::expression_before_bar() {
  Nesting nesting(*this);
  bar_ends_ = true;
  return error_ ? make(NullLiteral{}, {}) : operators(kOr);
}

ExpressionPtr Parser::predicate() {
  ExpressionPtr result = expression();
  allow_pattern(*result);
  return result;
}

void Parser::allow_pattern(const Expression& expression) {
  if (!std::holds_alternative<PatternExpression>(expression.node)) return;
  for (std::size_t at = stray_patterns_.size(); at-- > 0;) {
    if (stray_patterns_[at].offset != expression.position.offset) continue;
    stray_patterns_.erase(stray_patterns_.begin() + static_cast<std::ptrdiff_t>(at));
    return;
  }
}

ExpressionPtr Parser::operators(int precedence_min) {
  const int first = at_word("NOT") ? kNot : kPower;
  return continue_operators(prefix(precedence_min), precedence_min, first);
}

// What binds more than what it follows is none of ours: `a IS NULL + 1` is no sum.
ExpressionPtr Parser::continue_operators(ExpressionPtr left, int precedence_min, int precedence_max) {
  while (true) {
    const OperatorHere here = operator_here();
    if (here.precedence < precedence_min || here.precedence > precedence_max) return left;
    precedence_max = here.precedence;
    if (here.precedence <= kAnd) left = boolean_chain(std::move(left), here.precedence);
    else if (here.precedence == kComparison) left = comparison_chain(std::move(left));
    else if (here.precedence != kPredicate) left = arithmetic_chain(std::move(left), here.precedence);
    else if (here.is_is) left = is_operator(std::move(left));
    else left = predicate_operator(std::move(left));
    deepen();
  }
}

// An operand beside others of one chain: the tree grows as high as the highest of them.
ExpressionPtr Parser::operand(int precedence_min) {
  const std::uint32_t height = std::exchange(height_, 0);
  ExpressionPtr result = operators(precedence_min);
  height_ = std::max(height_, height);
  return result;
}

Parser::OperatorHere Parser::operator_here() const {
  OperatorHere here;
  const auto comparison = [&here](ComparisonOperator op) { here.precedence = kComparison, here.comparison = op; };
  const auto arithmetic = [&here](int precedence, ArithmeticOperator op) {
    here.precedence = precedence, here.arithmetic = op;
  };
  const auto predicate = [&here](PredicateOperator op, std::size_t tokens) {
    here.precedence = kPredicate, here.predicate = op, here.tokens = tokens;
  };
  const Kind kind = peek().kind;
  if (kind == Kind::Word) {
    if (at_word("AND")) here.precedence = kAnd;
    else if (at_word("OR")) here.precedence = kOr;
    else if (at_word("XOR")) here.precedence = kXor;
    else if (at_word("IN")) predicate(PredicateOperator::In, 1);
    else if (at_word("IS")) here.precedence = kPredicate, here.is_is = true;
    else if (at_word("CONTAINS")) predicate(PredicateOperator::Contains, 1);
    else if (at_words({"STARTS", "WITH"})) predicate(PredicateOperator::StartsWith, 2);
    else if (at_words({"ENDS", "WITH"})) predicate(PredicateOperator::EndsWith, 2);
    return here;
  }
  if (kind == Kind::Equal) comparison(ComparisonOperator::Equal);
  else if (kind == Kind::NotEqual) comparison(ComparisonOperator::NotEqual);
  else if (kind == Kind::Less) comparison(ComparisonOperator::Less);
  else if (kind == Kind::LessOrEqual) comparison(ComparisonOperator::LessOrEqual);
  else if (kind == Kind::Greater) comparison(ComparisonOperator::Greater);
  else if (kind == Kind::GreaterOrEqual) comparison(ComparisonOperator::GreaterOrEqual);
  else if (kind == Kind::Matches) predicate(PredicateOperator::Matches, 1);
  else if (kind == Kind::ColonColon) here.precedence = kPredicate, here.is_is = true;
  else if (kind == Kind::Plus) arithmetic(kAdditive, ArithmeticOperator::Add);
  else if (kind == Kind::Minus) arithmetic(kAdditive, ArithmeticOperator::Subtract);
  else if (kind == Kind::BarBar) arithmetic(kAdditive, ArithmeticOperator::Concatenate);
  else if (kind == Kind::Star) arithmetic(kMultiplicative, ArithmeticOperator::Multiply);
  else if (kind == Kind::Slash) arithmetic(kMultiplicative, ArithmeticOperator::Divide);
  else if (kind == Kind::Percent) arithmetic(kMultiplicative, ArithmeticOperator::Modulo);
  else if (kind == Kind::Caret) arithmetic(kPower, ArithmeticOperator::Power);
  return here;
}

bool Parser::at_comparing_operator() const {
  const int precedence = operator_here().precedence;
  return precedence == kComparison || precedence == kPredicate;
}

ExpressionPtr Parser::boolean_chain(ExpressionPtr left, int precedence) {
  const Position position = left->position;
  std::vector<Expression> operands;
  allow_pattern(*left);
  operands.push_back(std::move(*left));
  while (operator_here().precedence == precedence) {
    take();
    ExpressionPtr next = operand(precedence + 1);
    allow_pattern(*next);
    operands.push_back(std::move(*next));
  }
  if (precedence == kOr) return make(Or{std::move(operands)}, position);
  if (precedence == kXor) return make(Xor{std::move(operands)}, position);
  return make(And{std::move(operands)}, position);
}

ExpressionPtr Parser::comparison_chain(ExpressionPtr left) {
  const Position position = left->position;
  Comparison chain{std::move(left), {}};
  for (OperatorHere here = operator_here(); here.precedence == kComparison; here = operator_here()) {
    take();
    chain.steps.push_back({here.comparison, std::move(*operand(kComparison + 1))});
  }
  return make(std::move(chain), position);
}

ExpressionPtr Parser::arithmetic_chain(ExpressionPtr left, int precedence) {
  const Position position = left->position;
  Arithmetic chain{std::move(left), {}};
  for (OperatorHere here = operator_here(); here.precedence == precedence; here = operator_here()) {
    take();
    chain.steps.push_back({here.arithmetic, std::move(*operand(precedence + 1))});
  }
  return make(std::move(chain), position);
}

ExpressionPtr Parser::predicate_operator(ExpressionPtr left) {
  const OperatorHere here = operator_here();
  const Position position = left->position;
  take(here.tokens);
  ExpressionPtr right = operand(kPredicate + 1);
  return make(Predicate{here.predicate, std::move(left), std::move(right)}, position);
}

// IS [NOT] NULL, IS [NOT] :: type, IS [NOT] [NFC] NORMALIZED, IS label, :: type
ExpressionPtr Parser::is_operator(ExpressionPtr left) {
  const Position position = left->position;
  if (accept(Kind::ColonColon)) return make(IsTyped{std::move(left), false, type_name()}, position);
  expect_word("IS");
  const bool negated = accept_word("NOT");
  if (accept_word("NULL")) return make(IsNull{std::move(left), negated}, position);
  if (accept(Kind::ColonColon) || accept_word("TYPED")) {
    return make(IsTyped{std::move(left), negated, type_name()}, position);
  }
  static constexpr struct {
    std::string_view word;
    NormalForm form;
  } kForms[] = {
      {"NFC", NormalForm::NFC}, {"NFD", NormalForm::NFD}, {"NFKC", NormalForm::NFKC}, {"NFKD", NormalForm::NFKD}};
  NormalForm form = NormalForm::NFC;
  for (const auto& candidate : kForms) {
    if (at_words({candidate.word, "NORMALIZED"})) take(), form = candidate.form;
  }
  if (accept_word("NORMALIZED")) return make(IsNormalized{std::move(left), negated, form}, position);
  if (negated || !at_label()) fail_expected("NULL, '::' and a type, or NORMALIZED");
  auto labels = std::make_unique<LabelExpression>(label_expression(!bar_ends_));
  return make(HasLabels{std::move(left), std::move(labels)}, position);
}

// type {| type}; a bar that ends a comprehension's predicate needs parentheses around the type.
TypeName Parser::type_name() {
  TypeName first = type_without_union();
  if (bar_ends_ || !at(Kind::Bar)) return first;
  TypeName whole{TypeName::Kind::Union, false, {}};
  whole.arguments.push_back(std::move(first));
  while (accept(Kind::Bar)) whole.arguments.push_back(type_without_union());
  return whole;
}

TypeName Parser::type_without_union() {
  Nesting nesting(*this);
  TypeName type{TypeName::Kind::Any, false, {}};
  if (error_) return type;
  if (!at(Kind::Word)) return fail_expected("a type"), type;
  type.kind = type_kind();
  const bool is_list = type.kind == TypeName::Kind::List;
  if ((is_list || type.kind == TypeName::Kind::Any) && accept(Kind::Less)) {
    TypeName inner = type_name();
    if (is_list) type.arguments.push_back(std::move(inner));
    else type = std::move(inner);
    expect(Kind::Greater, ">");
  } else if (type.kind == TypeName::Kind::Vector) {
    type.vector = vector_type();
  } else if (is_list) {
    type.arguments.push_back({TypeName::Kind::Any, false, {}});
  }
  type.not_null = accept_words({"NOT", "NULL"}) || accept(Kind::Exclamation);
  // The GQL spelling of a list, after its element: INTEGER LIST NOT NULL.
  while (accept_any_word({"LIST", "ARRAY"})) {
    deepen();
    TypeName list_type{TypeName::Kind::List, false, {}};
    list_type.arguments.push_back(std::move(type));
    type = std::move(list_type);
    type.not_null = accept_words({"NOT", "NULL"}) || accept(Kind::Exclamation);
  }
  return type;
}

// [<coordinate type>] [(dimension)]
VectorType Parser::vector_type() {
  VectorType type;
  if (accept(Kind::Less)) {
    const Position position = peek().position;
    const auto coordinates = coordinate_type(coordinate_word());
    if (!coordinates) fail(ErrorCode::UnexpectedSyntax, "Expected the type of a vector's coordinates", position);
    else type.coordinates = static_cast<std::uint8_t>(1 + static_cast<unsigned>(*coordinates));
    expect(Kind::Greater, ">");
  }
  if (accept(Kind::LeftParenthesis)) {
    const Position position = peek().position;
    const std::int64_t dimension = take_integer("a dimension");
    if (dimension < 1 || dimension > static_cast<std::int64_t>(kVectorDimensionMax)) {
      fail(ErrorCode::UnexpectedSyntax, "A vector has a dimension from 1 to 4096", position);
    }
    type.dimension = static_cast<std::uint16_t>(dimension);
    expect(Kind::RightParenthesis, ")");
  }
  return type;
}

// A word in upper case; of a coordinate type also its SIGNED before and NOT NULL behind.
std::string Parser::coordinate_word() {
  if (at_word("SIGNED") && at_word("INTEGER", 1)) take();
  std::string word(at(Kind::Word) ? text_of(peek()) : std::string_view());
  for (char& letter : word) letter = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  if (!word.empty()) take();
  if (!accept_words({"NOT", "NULL"})) accept(Kind::Exclamation);
  return word;
}

TypeName::Kind Parser::type_kind() {
  using T = TypeName::Kind;
  static constexpr struct {
    std::string_view words;  // Longer spellings before their beginnings.
    T kind;
  } kSpellings[] = {
      {"TIMESTAMP WITH TIMEZONE", T::ZonedDateTime}, {"TIMESTAMP WITH TIME ZONE", T::ZonedDateTime},
      {"TIMESTAMP WITHOUT TIMEZONE", T::LocalDateTime}, {"TIMESTAMP WITHOUT TIME ZONE", T::LocalDateTime},
      {"TIME WITH TIMEZONE", T::ZonedTime}, {"TIME WITH TIME ZONE", T::ZonedTime},
      {"TIME WITHOUT TIMEZONE", T::LocalTime}, {"TIME WITHOUT TIME ZONE", T::LocalTime},
      {"ZONED DATETIME", T::ZonedDateTime}, {"LOCAL DATETIME", T::LocalDateTime}, {"ZONED TIME", T::ZonedTime},
      {"LOCAL TIME", T::LocalTime}, {"PROPERTY VALUE", T::PropertyValue}, {"ANY PROPERTY VALUE", T::PropertyValue},
      {"ANY NODE", T::Node}, {"ANY VERTEX", T::Node}, {"ANY RELATIONSHIP", T::Relationship},
      {"ANY EDGE", T::Relationship}, {"ANY MAP", T::Map}, {"ANY VALUE", T::Any}, {"ANY POINT", T::Point},
      {"SIGNED INTEGER", T::Integer}, {"NOTHING", T::Nothing}, {"NULL", T::Null}, {"BOOLEAN", T::Boolean},
      {"BOOL", T::Boolean}, {"STRING", T::String}, {"VARCHAR", T::String}, {"INTEGER64", T::Integer},
      {"INTEGER", T::Integer}, {"INT64", T::Integer}, {"INT", T::Integer}, {"FLOAT64", T::Float}, {"FLOAT", T::Float},
      {"DATETIME", T::ZonedDateTime}, {"DATE", T::Date}, {"DURATION", T::Duration}, {"POINT", T::Point},
      {"NODE", T::Node}, {"VERTEX", T::Node}, {"RELATIONSHIP", T::Relationship}, {"EDGE", T::Relationship},
      {"MAP", T::Map}, {"PATHS", T::Path}, {"PATH", T::Path}, {"LIST", T::List}, {"ARRAY", T::List},
      {"VECTOR", T::Vector}, {"ANY", T::Any}};
  for (const auto& spelling : kSpellings) {
    std::size_t tokens = 0, begin = 0;
    bool matches = true;
    while (matches && begin < spelling.words.size()) {
      const std::size_t end = std::min(spelling.words.find(' ', begin), spelling.words.size());
      matches = at_word(spelling.words.substr(begin, end - begin), tokens++);
      begin = end + 1;
    }
    if (!matches) continue;
    take(tokens);
    return spelling.kind;
  }
  return fail_expected("a type"), T::Any;
}

// NOT binds less than comparison, so it may only stand where such an operand may.
ExpressionPtr Parser::prefix(int precedence_min) {
  if (!at_word("NOT")) return signed_operand();
  if (precedence_min > kNot) return fail_expected("an operand"), make(NullLiteral{}, {});
  std::vector<Position> positions;
  while (at_word("NOT")) {
    positions.push_back(peek().position);
    take();
    deepen();
  }
  ExpressionPtr operand = operators(kNot + 1);
  allow_pattern(*operand);
  for (std::size_t left = positions.size(); left-- > 0;) operand = make(Not{std::move(operand)}, positions[left]);
  return operand;
}

ExpressionPtr Parser::signed_operand() {
  struct SignHere {
    bool negative;
    Position position;
  };
  std::vector<SignHere> signs;
  while (at(Kind::Minus) || at(Kind::Plus)) {
    signs.push_back({at(Kind::Minus), peek().position});
    take();
    deepen();
  }
  ExpressionPtr operand;
  if (!signs.empty() && signs.back().negative && at(Kind::Number)) {
    operand = number(true);
    operand->position = signs.back().position;
    signs.pop_back();
  } else {
    operand = atom();
  }
  operand = postfix(std::move(operand), true);
  while (!signs.empty()) {
    operand = make(Sign{signs.back().negative, std::move(operand)}, signs.back().position);
    signs.pop_back();
  }
  return operand;
}

ExpressionPtr Parser::postfix(ExpressionPtr base, bool labels_allowed) {
  while (true) {
    const Position position = base->position;
    if (accept(Kind::Dot)) {
      std::string key = name("a property key");
      base = make(PropertyAccess{std::move(base), std::move(key)}, position);
    } else if (at(Kind::LeftBracket)) {
      base = subscript(std::move(base));
    } else if (labels_allowed && at(Kind::Colon)) {
      take();
      auto labels = std::make_unique<LabelExpression>(label_expression(!bar_ends_));
      base = make(HasLabels{std::move(base), std::move(labels)}, position);
    } else {
      return base;
    }
    deepen();
  }
}

ExpressionPtr Parser::subscript(ExpressionPtr base) {
  const Position position = base->position;
  take();
  ExpressionPtr from, to;
  if (!at(Kind::DotDot)) from = expression();
  const bool is_slice = accept(Kind::DotDot);
  if (is_slice && !at(Kind::RightBracket)) to = expression();
  expect(Kind::RightBracket, "]");
  if (is_slice) return make(ListSlice{std::move(base), std::move(from), std::move(to)}, position);
  if (!from) from = make(NullLiteral{}, position);  // Only after an error.
  return make(IndexAccess{std::move(base), std::move(from)}, position);
}

}  // namespace nexus::syntax
