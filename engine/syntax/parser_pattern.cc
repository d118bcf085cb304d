// Patterns: paths, nodes, relationships, groups and label expressions.
#include "base/number.h"
#include "syntax/parser_state.h"

namespace nexus::syntax {

std::vector<PatternPath> Parser::patterns() {
  std::vector<PatternPath> result;
  list([&] { result.push_back(pattern_path(true)); });
  return result;
}

PatternPath Parser::pattern_path(bool selectors_allowed) {
  PatternPath path;
  path.position = peek().position;
  if (at_name() && at(Kind::Equal, 1)) {
    path.variable = name("a variable");
    take();
  }
  if (at(Kind::LeftParenthesis, 1) && at_any_word({"SHORTESTPATH", "ALLSHORTESTPATHS"})) {
    shortest_function(path);
    return path;
  }
  if (selectors_allowed && at_path_selector()) path.selector = path_selector();
  path_elements(path.elements);
  return path;
}

void Parser::shortest_function(PatternPath& path) {
  path.selector.kind = at_word("SHORTESTPATH") ? PathSelectorKind::ShortestPath : PathSelectorKind::AllShortestPaths;
  take(2);
  path_elements(path.elements);
  expect(Kind::RightParenthesis, ")");
}

bool Parser::at_path_selector() const {
  return at_any_word({"ANY", "ALL", "SHORTEST", "SHORTESTPATH", "ALLSHORTESTPATHS"});
}

// ALL [PATHS] | ANY [k] [PATHS] | ANY SHORTEST | ALL SHORTEST | SHORTEST [k] [PATHS] [GROUPS]
PathSelector Parser::path_selector() {
  PathSelector selector;
  const auto count = [this, &selector] {
    if (at(Kind::Number) || at(Kind::Parameter)) selector.count = integer_or_parameter("a number of paths");
  };
  if (accept_words({"ALL", "SHORTEST"})) {
    selector.kind = PathSelectorKind::AllShortest;
  } else if (accept_words({"ANY", "SHORTEST"})) {
    selector.kind = PathSelectorKind::ShortestPaths;
  } else if (accept_word("SHORTEST")) {
    selector.kind = PathSelectorKind::ShortestPaths;
    count();
    const bool groups = at_any_word({"GROUP", "GROUPS"}) || at_any_word({"GROUP", "GROUPS"}, 1);
    if (!selector.count && !groups) fail_expected("a number of paths");
  } else if (accept_word("ANY")) {
    selector.kind = PathSelectorKind::Any;
    count();
  } else {
    expect_word("ALL");
    selector.kind = PathSelectorKind::AllPaths;
  }
  accept_any_word({"PATH", "PATHS"});
  const bool counted = selector.kind == PathSelectorKind::ShortestPaths;
  if (counted && accept_any_word({"GROUP", "GROUPS"})) selector.kind = PathSelectorKind::ShortestPathGroups;
  return selector;
}

void Parser::path_elements(std::vector<PatternElement>& elements) {
  path_element(elements);
  while (!error_) {
    if (at(Kind::Minus) || at(Kind::Less)) {
      elements.push_back({relationship_pattern()});
      path_element(elements);
      continue;
    }
    const bool after_group = std::holds_alternative<GroupPattern>(elements.back().node);
    if (!at(Kind::LeftParenthesis) || (!after_group && !at_group())) return;
    path_element(elements);
  }
}

void Parser::path_element(std::vector<PatternElement>& elements) {
  if (at_group()) elements.push_back({group_pattern()});
  else elements.push_back({node_pattern()});
}

bool Parser::at_group() const {
  if (!at(Kind::LeftParenthesis)) return false;
  return at(Kind::LeftParenthesis, 1) || (at_name(1) && at(Kind::Equal, 2));
}

GroupPattern Parser::group_pattern() {
  Nesting nesting(*this);
  GroupPattern group;
  group.position = peek().position;
  if (error_) return group;
  take();
  if (at_name() && at(Kind::Equal, 1)) {
    group.variable = name("a variable");
    take();
  }
  path_elements(group.elements);
  group.where = optional_where();
  expect(Kind::RightParenthesis, ")");
  group.quantifier = quantifier_sign();
  return group;
}

NodePattern Parser::node_pattern() {
  NodePattern node;
  node.position = peek().position;
  if (!at(Kind::LeftParenthesis)) fail_expected("a node pattern");
  take();
  properties_and_where(node, node.labels, [] {});
  expect(Kind::RightParenthesis, ")");
  return node;
}

// [variable] [:labels | IS labels] [extra] [properties] [WHERE predicate], of nodes and relationships.
template <class Pattern, class Extra>
void Parser::properties_and_where(Pattern& pattern, std::optional<LabelExpression>& labels, Extra&& extra) {
  const bool is_where = at_word("WHERE") && !at(Kind::RightParenthesis, 1) && !at(Kind::RightBracket, 1) &&
                        !at(Kind::Colon, 1) && !at(Kind::LeftBrace, 1);
  const bool is_is = at_word("IS") && (at_name(1) || at(Kind::Exclamation, 1) || at(Kind::Percent, 1));
  if (at_name() && !is_where && !is_is) pattern.variable = name("a variable");
  if (accept(Kind::Colon) || accept_word("IS")) labels = label_expression(true);
  extra();
  if (at(Kind::LeftBrace) || at(Kind::Parameter)) pattern.properties = map_or_parameter("a map of properties");
  pattern.where = optional_where();
}

RelationshipPattern Parser::relationship_pattern() {
  RelationshipPattern relationship;
  relationship.position = peek().position;
  const bool left = accept(Kind::Less);
  expect(Kind::Minus, "-");
  if (accept(Kind::LeftBracket)) {
    properties_and_where(relationship, relationship.types, [&] {
      if (accept(Kind::Star)) relationship.length = variable_length();
      if (!at(Kind::DotDot) && !(relationship.length && at(Kind::Minus))) return;
      fail(ErrorCode::InvalidRelationshipPattern, "A range of lengths is written *, *2, *1..3, *..3 or *1..",
           peek().position);
    });
    expect(Kind::RightBracket, "]");
  }
  expect(Kind::Minus, "-");
  const bool right = accept(Kind::Greater);
  if (left != right) relationship.direction = left ? Direction::Left : Direction::Right;
  if (!relationship.length) relationship.quantifier = quantifier_sign();
  return relationship;
}

VariableLength Parser::variable_length() {
  VariableLength length;
  const auto bound = [this]() -> std::optional<std::int64_t> {
    if (!at(Kind::Number)) return std::nullopt;
    const auto value = parse_integer(text_of(peek()));
    if (!value) {
      fail(ErrorCode::InvalidRelationshipPattern,
           "A length of a relationship is an integer, not " + std::string(text_of(peek())), peek().position);
    }
    take();
    return value;
  };
  length.min = bound();
  if (accept(Kind::DotDot)) length.max = bound();
  else length.max = length.min;
  return length;
}

// + | * | {n} | {n,} | {,m} | {n,m}
std::optional<Quantifier> Parser::quantifier_sign() {
  if (accept(Kind::Plus)) return Quantifier{1, std::nullopt};
  if (accept(Kind::Star)) return Quantifier{0, std::nullopt};
  if (!at(Kind::LeftBrace) || !(at(Kind::Number, 1) || at(Kind::Comma, 1))) return std::nullopt;
  take();
  const Position position = peek().position;
  Quantifier quantifier;
  const bool has_min = at(Kind::Number);
  if (has_min) quantifier.min = take_integer("an integer");
  if (accept(Kind::Comma)) {
    if (at(Kind::Number)) quantifier.max = take_integer("an integer");
  } else {
    quantifier.max = quantifier.min;
  }
  expect(Kind::RightBrace, "}");
  if (quantifier.max && *quantifier.max == 0) {
    fail(ErrorCode::UnexpectedSyntax, "A quantifier must allow at least one iteration", position);
  } else if (quantifier.max && *quantifier.max < quantifier.min) {
    fail(ErrorCode::UnexpectedSyntax, "The lower bound of a quantifier is above its upper bound", position);
  }
  return quantifier;
}

bool Parser::at_label() const {
  const bool dynamic = at(Kind::Dollar) || (at(Kind::Parameter) && at(Kind::LeftParenthesis, 1));
  return at_name() || dynamic || at(Kind::Exclamation) || at(Kind::Percent) || at(Kind::LeftParenthesis);
}

LabelExpression Parser::label_expression(bool bar_allowed) {
  const Position position = peek().position;
  LabelExpression first = label_conjunction();
  if (!bar_allowed || !at(Kind::Bar)) return first;
  LabelOr whole;
  whole.operands.push_back(std::move(first));
  while (accept(Kind::Bar)) {
    accept(Kind::Colon);
    whole.operands.push_back(label_conjunction());
  }
  return {std::move(whole), position};
}

LabelExpression Parser::label_conjunction() {
  const Position position = peek().position;
  LabelExpression first = label_operand();
  if (!at(Kind::Ampersand) && !at(Kind::Colon)) return first;
  LabelAnd whole;
  whole.operands.push_back(std::move(first));
  while (accept(Kind::Ampersand) || accept(Kind::Colon)) whole.operands.push_back(label_operand());
  return {std::move(whole), position};
}

LabelExpression Parser::label_operand() {
  Nesting nesting(*this);
  const Position position = peek().position;
  if (error_) return {LabelWildcard{}, position};
  if (accept(Kind::Exclamation)) {
    return {LabelNot{std::make_unique<LabelExpression>(label_operand())}, position};
  }
  if (accept(Kind::Percent)) return {LabelWildcard{}, position};
  if (accept(Kind::LeftParenthesis)) {
    LabelExpression inner = label_expression(true);
    expect(Kind::RightParenthesis, ")");
    return inner;
  }
  return {label_name(), position};
}

LabelName Parser::label_name() {
  LabelName label;
  label.position = peek().position;
  const bool is_any = at(Kind::Parameter) && equals_word(text_of(peek()), "$ANY");
  const bool is_all = at(Kind::Parameter) && equals_word(text_of(peek()), "$ALL");
  if (at(Kind::Dollar) || ((is_any || is_all) && at(Kind::LeftParenthesis, 1))) {
    take();
    label.any = is_any;
    expect(Kind::LeftParenthesis, "(");
    label.dynamic = expression();
    expect(Kind::RightParenthesis, ")");
  } else {
    label.name = name("a label or relationship type");
  }
  return label;
}

}  // namespace nexus::syntax
