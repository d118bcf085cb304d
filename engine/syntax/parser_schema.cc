// Indexes and constraints, the current spelling and the older ON :Label(key).
#include "syntax/parser_state.h"

namespace nexus::syntax {

// Requires: CREATE [OR REPLACE] is at the cursor. Nothing is taken when a query follows.
std::optional<Statement::Node> Parser::create_schema(bool or_replace) {
  const std::size_t ahead = or_replace ? 3 : 1;
  if (at_word("CONSTRAINT", ahead)) {
    take(ahead + 1);
    return create_constraint(or_replace);
  }
  if (at_word("INDEX", ahead)) {
    take(ahead + 1);
    return create_index(IndexKind::Range, or_replace);
  }
  static constexpr struct {
    std::string_view word;
    IndexKind kind;
  } kKinds[] = {{"RANGE", IndexKind::Range},   {"BTREE", IndexKind::Range},       {"TEXT", IndexKind::Text},
                {"POINT", IndexKind::Point},   {"VECTOR", IndexKind::Vector},     {"FULLTEXT", IndexKind::Fulltext},
                {"LOOKUP", IndexKind::Lookup}};
  for (const auto& candidate : kKinds) {
    if (!at_words({candidate.word, "INDEX"}, ahead)) continue;
    take(ahead + 2);
    return create_index(candidate.kind, or_replace);
  }
  return std::nullopt;
}

std::optional<SymbolicName> Parser::schema_name() {
  const bool is_keyword = (at_word("FOR") && at(Kind::LeftParenthesis, 1)) || at_words({"IF", "NOT", "EXISTS"}) ||
                          (at_word("ON") && (at(Kind::Colon, 1) || at(Kind::LeftParenthesis, 1)));
  if (is_keyword) return std::nullopt;
  return symbolic_name("a name, FOR or IF NOT EXISTS");
}

CreateIndex Parser::create_index(IndexKind kind, bool or_replace) {
  CreateIndex index;
  index.kind = kind;
  index.or_replace = or_replace;
  index.name = schema_name();
  index.if_not_exists = if_not_exists(or_replace);
  if (accept_word("ON")) {  // CREATE INDEX ON :Label(key, …)
    expect(Kind::Colon, ":");
    index.labels.push_back(name("a label"));
    index.properties = schema_keys();
    return index;
  }
  expect_word("FOR");
  const std::string variable = schema_entity(index.entity, index.labels);
  expect_word("ON");
  if (kind == IndexKind::Lookup) {
    accept_word("EACH");
    const bool is_node = index.entity == EntityKind::Node;
    if (!accept_word(is_node ? "LABELS" : "TYPE")) fail_expected(is_node ? "labels(…)" : "type(…)");
    expect(Kind::LeftParenthesis, "(");
    schema_variable(variable);
    expect(Kind::RightParenthesis, ")");
  } else {
    if (index.labels.empty()) fail_expected("a label or relationship type in the pattern of the index");
    if (kind == IndexKind::Fulltext) {
      expect_word("EACH");
      expect(Kind::LeftBracket, "[");
      list([&] { index.properties.push_back(schema_property(variable)); });
      expect(Kind::RightBracket, "]");
    } else {
      if (index.labels.size() > 1) fail_expected("one label or relationship type in the pattern of the index");
      index.properties = schema_properties(variable);
    }
  }
  if (accept_word("OPTIONS")) index.options = map_or_parameter("a map of options");
  return index;
}

// (n:A|B) or ()-[r:A|B]-(): returns the variable.
std::string Parser::schema_entity(EntityKind& entity, std::vector<std::string>& labels) {
  expect(Kind::LeftParenthesis, "(");
  entity = at(Kind::RightParenthesis) ? EntityKind::Relationship : EntityKind::Node;
  if (entity == EntityKind::Relationship) {
    take();
    accept(Kind::Less);
    expect(Kind::Minus, "-");
    expect(Kind::LeftBracket, "[");
  }
  std::string variable = name("a variable");
  if (accept(Kind::Colon)) {
    do labels.push_back(name("a label or relationship type"));
    while (accept(Kind::Bar));
  }
  if (entity == EntityKind::Relationship) {
    expect(Kind::RightBracket, "]");
    expect(Kind::Minus, "-");
    accept(Kind::Greater);
    expect(Kind::LeftParenthesis, "(");
  }
  expect(Kind::RightParenthesis, ")");
  return variable;
}

void Parser::schema_variable(const std::string& variable) {
  const Position position = peek().position;
  const std::string used = name("a variable");
  if (used != variable) fail(ErrorCode::UndefinedVariable, "The variable `" + used + "` is not defined", position);
}

std::string Parser::schema_property(const std::string& variable) {
  schema_variable(variable);
  expect(Kind::Dot, ".");
  return name("a property key");
}

// n.a | (n.a, n.b)
std::vector<std::string> Parser::schema_properties(const std::string& variable) {
  std::vector<std::string> properties;
  if (!accept(Kind::LeftParenthesis)) {
    properties.push_back(schema_property(variable));
    return properties;
  }
  list([&] { properties.push_back(schema_property(variable)); });
  expect(Kind::RightParenthesis, ")");
  return properties;
}

// (a, b)
std::vector<std::string> Parser::schema_keys() {
  std::vector<std::string> keys;
  expect(Kind::LeftParenthesis, "(");
  list([&] { keys.push_back(name("a property key")); });
  expect(Kind::RightParenthesis, ")");
  return keys;
}

DropIndex Parser::drop_index() {
  DropIndex drop;
  if (at_word("ON") && at(Kind::Colon, 1)) {
    take(2);
    drop.label = name("a label");
    drop.properties = schema_keys();
    return drop;
  }
  drop.name = symbolic_name("an index");
  drop.if_exists = if_exists();
  return drop;
}

CreateConstraint Parser::create_constraint(bool or_replace) {
  CreateConstraint constraint;
  constraint.or_replace = or_replace;
  constraint.name = schema_name();
  constraint.if_not_exists = if_not_exists(or_replace);
  if (!accept_any_word({"FOR", "ON"})) fail_expected("FOR");
  std::vector<std::string> labels;
  const std::string variable = schema_entity(constraint.entity, labels);
  if (labels.size() != 1) fail_expected("one label or relationship type in the pattern of the constraint");
  else constraint.label = std::move(labels[0]);
  if (!accept_any_word({"REQUIRE", "ASSERT"})) fail_expected("REQUIRE");
  if (at_word("EXISTS") && at(Kind::LeftParenthesis, 1)) {
    take();
    constraint.properties = schema_properties(variable);
    constraint.kind = ConstraintKind::Exists;
  } else {
    constraint.properties = schema_properties(variable);
    constraint_kind(constraint);
  }
  if (accept_word("OPTIONS")) constraint.options = map_or_parameter("a map of options");
  return constraint;
}

void Parser::constraint_kind(CreateConstraint& constraint) {
  const Position position = peek().position;
  if (at(Kind::ColonColon) || at_words({"IS", "TYPED"}) || (at_word("IS") && at(Kind::ColonColon, 1))) {
    accept_word("IS");
    take();
    constraint.kind = ConstraintKind::PropertyType;
    constraint.type = type_name();
  } else {
    expect_word("IS");
    const bool is_node = constraint.entity == EntityKind::Node;
    if (at_any_word({"NODE", "REL", "RELATIONSHIP"})) {
      if (at_word("NODE") != is_node) fail_expected(is_node ? "NODE" : "RELATIONSHIP");
      take();
      if (!at_any_word({"UNIQUE", "KEY"})) fail_expected("UNIQUE or KEY");
    }
    if (accept_word("KEY")) constraint.kind = ConstraintKind::Key;
    else if (accept_words({"NOT", "NULL"})) constraint.kind = ConstraintKind::Exists;
    else if (!accept_word("UNIQUE")) fail_expected("UNIQUE, KEY, NOT NULL or a type");
  }
  const bool one_only = constraint.kind == ConstraintKind::Exists || constraint.kind == ConstraintKind::PropertyType;
  if (one_only && constraint.properties.size() > 1) {
    fail(ErrorCode::UnexpectedSyntax, "A constraint of this kind is for one property", position);
  }
}

}  // namespace nexus::syntax
