// The tree's shape where text alone (printer_test.cc) would not show it, and the limits.
#include "syntax/parser.h"

#include <cmath>
#include <string>

#include "syntax/printer.h"
#include "tests/support/catch.h"

namespace nexus::syntax {
namespace {

Statement must_parse(const std::string& text, const ParseLimits& limits = {}) {
  auto statement = parse(text, limits);
  if (!statement) FAIL(statement.error().message << " in " << text.substr(0, 200));
  return std::move(*statement);
}

ErrorCode code_of(const std::string& text, const ParseLimits& limits = {}) {
  auto statement = parse(text, limits);
  return statement ? ErrorCode::Internal : statement.error().code;
}

std::string repeat(const std::string& part, std::size_t count) {
  std::string text;
  for (std::size_t at = 0; at < count; ++at) text += part;
  return text;
}

const Projection& projection_of(const Statement& statement) {
  return std::get<Return>(std::get<RegularQuery>(statement.node).first.clauses.back().node).projection;
}

TEST_CASE("a column without alias is named by its text as written") {
  const Statement statement = must_parse("RETURN cOuNt( * ), 1  +\n 2 /* c */, n.`x y` AS y , 'ä'");
  const auto& items = projection_of(statement).items;
  REQUIRE(items.size() == 4);
  CHECK(items[0].text == "cOuNt( * )");
  CHECK(items[1].text == "1  +\n 2");
  CHECK(items[2].text == "n.`x y`");
  CHECK(*items[2].alias == "y");
  CHECK(items[3].text == "'ä'");
}

TEST_CASE("numbers keep their exact value") {
  const auto integer = [](const char* text) { return std::get<IntegerLiteral>((*parse_expression(text))->node).value; };
  CHECK(integer("-9223372036854775808") == INT64_MIN);
  CHECK(integer("9223372036854775807") == INT64_MAX);
  CHECK(integer("-0x8000000000000000") == INT64_MIN);
  CHECK(integer("0o777") == 511);
  CHECK(integer("1_000_000") == 1'000'000);
  CHECK(std::get<FloatLiteral>((*parse_expression("1e-400"))->node).value == 0.0);
  CHECK(std::signbit(std::get<FloatLiteral>((*parse_expression("-0.0"))->node).value));
  for (const char* bad : {"0x", "0o8", "1__0", "1_", "0x1G", "1abc", "1.5x"}) {
    CHECK(code_of(std::string("RETURN ") + bad) == ErrorCode::InvalidNumberLiteral);
  }
}

TEST_CASE("precedence groups as it should") {
  const auto printed_with = [](const char* text, const char* grouped) {
    CHECK(print(**parse_expression(text)) == print(**parse_expression(grouped)));
  };
  printed_with("a OR b XOR c AND NOT d = e", "a OR (b XOR (c AND (NOT (d = e))))");
  printed_with("a + b * c ^ -d.e", "a + (b * (c ^ (-(d.e))))");
  printed_with("a = b IN c", "a = (b IN c)");
  printed_with("a + [b] IN c + d", "(a + [b]) IN (c + d)");
  printed_with("NOT a IS NULL", "NOT (a IS NULL)");
  CHECK(std::get<Arithmetic>((*parse_expression("1 - 2 + 3 || 4"))->node).steps.size() == 3);
  CHECK(std::get<Comparison>((*parse_expression("1 < 2 <= 3"))->node).steps.size() == 2);
  CHECK(std::get<Arithmetic>((*parse_expression("-3 ^ 2"))->node).first->position.column == 1);
}

TEST_CASE("what binds more does not go on behind what binds less") {
  for (const char* text : {"a IS NULL + 1", "a IS NOT NULL * 2", "a :: INTEGER ^ 2", "a IS NFC NORMALIZED || 'b'", "a IS B - 1",
                           "NOT a IS NULL + 1", "a = b IS NULL / 2", "CASE a WHEN IS NULL + 1 THEN 2 END",
                           "CASE a WHEN IS B - 1 THEN 2 END"}) {
    INFO(text);
    CHECK(code_of("RETURN " + std::string(text)) == ErrorCode::UnexpectedSyntax);
  }
  for (const char* text : {"(a IS NULL) + 1", "a IS NULL = b", "a IS NULL IS NULL AND b", "1 + 2 * 3 ^ 4 IN c IS NULL < d OR e",
                           "NOT a = b AND NOT NOT c OR d", "CASE a WHEN IS NULL = true THEN 2 END"}) {
    INFO(text);
    CHECK(parse("RETURN " + std::string(text)));
  }
}

TEST_CASE("a bracket is a pattern exactly when a relationship and a node follow") {
  const auto is_pattern = [](const std::string& text) {
    auto statement = parse("MATCH (a) WHERE " + text + " RETURN a");
    if (!statement) return false;
    const auto& match = std::get<Match>(std::get<RegularQuery>(statement->node).first.clauses[0].node);
    return std::holds_alternative<PatternExpression>(match.where->node);
  };
  CHECK(is_pattern("(a)-->(b)"));
  CHECK(is_pattern("(a)--(b)"));
  CHECK(is_pattern("(a:X {x: 1})<-[:R]-()"));
  CHECK(is_pattern("((a)-[*]-(b))"));
  CHECK_FALSE(is_pattern("(a)"));
  CHECK_FALSE(is_pattern("(a)-(b)"));
  CHECK_FALSE(is_pattern("(a) - [1]"));
  CHECK_FALSE(is_pattern("(a:X)"));
}

TEST_CASE("USE, mode and version lead a statement") {
  const Statement statement = must_parse("PROFILE CYPHER 25 USE a.`b.c` MATCH (n) RETURN n");
  CHECK(statement.mode == ExecutionMode::Profile);
  CHECK(statement.version == CypherVersion::Cypher25);
  REQUIRE(statement.use);
  CHECK(statement.use->name.parts == std::vector<std::string>{"a", "b.c"});
  CHECK(statement.use->name.text() == "a.b.c");
  CHECK_FALSE(std::get<SessionUse>(must_parse(":use").node).graph);
  CHECK(std::get<SessionUse>(must_parse(":USE my-db ;").node).graph->name.text() == "my-db");
  CHECK(std::get<SessionUse>(must_parse("USE DATABASE x").node).graph->name.text() == "x");
}

TEST_CASE("one mode a statement: what EXPLAIN shows is never run") {
  for (const char* text : {"EXPLAIN PROFILE CREATE (n)", "EXPLAIN CYPHER 5 PROFILE CREATE (n)", "PROFILE EXPLAIN RETURN 1",
                           "EXPLAIN EXPLAIN RETURN 1"}) {
    INFO(text);
    CHECK_FALSE(parse(text));
  }
}

TEST_CASE("every token may be the last, and the error still has a place") {
  const std::string text =
      "MATCH p = (a:A {x: $p})-[r:R*1..2]->(b) WHERE a.x IN [x IN [1] WHERE x > 1 | x] AND EXISTS { (a)-->(b) } "
      "CALL (a) { WITH a RETURN CASE WHEN a.x THEN 'y' END AS z } IN TRANSACTIONS OF 5 ROWS "
      "SET a += {b: 1} RETURN DISTINCT a {.*}, count(*) AS c ORDER BY c SKIP 1 LIMIT 2 UNION RETURN 1 AS a, 2 AS c";
  REQUIRE(parse(text));
  for (std::size_t bytes = 0; bytes < text.size(); ++bytes) {
    auto statement = parse(std::string_view(text).substr(0, bytes));
    if (!statement) CHECK(statement.error().position.is_known());
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char byte : {')', '(', '[', '}', '\'', '`', ',', '-', '0', '|', ' '}) {
      std::string broken = text;
      broken[at] = byte;
      auto statement = parse(broken);
      if (statement) CHECK(parse(print(*statement)).has_value());
    }
  }
}

TEST_CASE("long chains are flat") {
  for (const char* between : {" + ", " AND ", " OR ", " XOR ", " || ", " * ", " = ", " ^ ", " - a.b * "}) {
    INFO(between);
    const std::string text = "RETURN a" + repeat(std::string(between) + "a.b", 10'000);
    const Statement statement = must_parse(text);
    CHECK(print(statement) == text);
  }
  must_parse("MATCH (a)" + repeat("-->(b)", 10'000) + " RETURN a");
  must_parse("MATCH (a:A" + repeat("|A", 10'000) + ") RETURN a");
  must_parse("RETURN [" + repeat("1,", 10'000) + "1]");
  must_parse("RETURN 1 AS a" + repeat(" UNION RETURN 1 AS a", 10'000));
  must_parse(repeat("CREATE (n) ", 10'000));
  must_parse("RETURN CASE" + repeat(" WHEN a THEN b", 10'000) + " END");
}

TEST_CASE("nesting is bounded, whatever nests") {
  struct Nest {
    std::string open, middle, close;
  };
  const Nest nests[] = {{"(", "1", ")"}, {"[", "1", "]"}, {"{a: ", "1", "}"}, {"NOT ", "a", ""}, {"- ", "a", ""},
                        {"f(", "1", ")"}, {"", "a", ".b"}, {"", "a", "[0]"}, {"", "a", " IS NULL"}, {"", "a", "[1..]"},
                        {"CASE WHEN a THEN ", "1", " END"}, {"EXISTS { MATCH (a) WHERE ", "a", " }"},
                        {"COUNT { RETURN ", "1", " }"}, {"[x IN ", "xs", "]"}, {"(a AND ", "b", ")"},
                        {"x[", "1", "]"}, {"", "a", " IN b"}, {"[(a)-->(b) | ", "1", "]"}};
  for (const Nest& nest : nests) {
    INFO(nest.open << nest.middle << nest.close);
    const auto text = [&nest](std::size_t count) {
      return "RETURN " + repeat(nest.open, count) + nest.middle + repeat(nest.close, count);
    };
    must_parse(text(100));
    CHECK(code_of(text(2'000)) == ErrorCode::NestingTooDeep);
    CHECK(code_of(text(30'000)) == ErrorCode::NestingTooDeep);
  }
  CHECK(code_of("MATCH (a:" + repeat("!", 30'000) + "A) RETURN a") == ErrorCode::NestingTooDeep);
  CHECK(code_of("MATCH (a:" + repeat("(", 30'000) + "A) RETURN a") == ErrorCode::NestingTooDeep);
  CHECK(code_of("MATCH " + repeat("(", 30'000)) == ErrorCode::NestingTooDeep);
  CHECK(code_of(repeat("CALL {", 30'000)) == ErrorCode::NestingTooDeep);
  CHECK(code_of(repeat("FOREACH (x IN y | ", 30'000)) == ErrorCode::NestingTooDeep);
  CHECK(code_of("RETURN 1 IS :: " + repeat("LIST<", 30'000)) == ErrorCode::NestingTooDeep);
  CHECK(code_of("RETURN 1 IS :: INT" + repeat(" LIST", 30'000)) == ErrorCode::NestingTooDeep);
  // A high tree made of two dimensions: long postfix chains inside brackets.
  const std::string chain = repeat(".b", 400) + ")";
  CHECK(code_of("RETURN " + repeat("(", 400) + "a" + repeat(chain, 400)) == ErrorCode::NestingTooDeep);
}

TEST_CASE("size is bounded") {
  CHECK(code_of("RETURN '" + repeat("x", 1 << 20) + "'") == ErrorCode::QueryTooLong);
  CHECK(code_of("RETURN [" + repeat("1,", 250'000) + "1]") == ErrorCode::QueryTooLong);
  CHECK(code_of("RETURN 12345", {10, 500, 100}) == ErrorCode::QueryTooLong);
  CHECK(code_of("RETURN \xFF") == ErrorCode::InvalidUnicodeCharacter);
  CHECK(code_of("RETURN [" + repeat("(", 100) + "a)-->(b)") == ErrorCode::UnexpectedSyntax);
}

TEST_CASE("scripts are cut at the semicolons that count") {
  const auto statements = split_statements(
      "RETURN ';' ; // a; b\n/* c; */ RETURN `;`;\n;;RETURN \"\\\";\"\n  ; // end\n");
  REQUIRE(statements.size() == 3);
  CHECK(statements[0].text == "RETURN ';'");
  CHECK(statements[1].text == "RETURN `;`");
  CHECK(statements[1].position.line == 2);
  CHECK(statements[1].position.column == 10);
  CHECK(statements[2].text == "RETURN \"\\\";\"");
  CHECK(statements[2].position.line == 3);
  CHECK(split_statements(" // nothing\n").empty());
  CHECK(split_statements("RETURN 'a; b").size() == 1);
  CHECK(split_statements("RETURN 1 /* a; b").size() == 1);
}

}  // namespace
}  // namespace nexus::syntax
