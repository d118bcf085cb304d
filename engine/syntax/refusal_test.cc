// Every refusal: its code, its place, its sentence.
#include <string>

#include "syntax/parser.h"
#include "tests/support/catch.h"

namespace nexus::syntax {
namespace {

struct Refusal {
  const char* text;
  const char* code;
  const char* place;
  const char* message;
};

TEST_CASE("what is wrong is named, and where") {
  static constexpr Refusal kRefusals[] = {
      {"USE $g MATCH (n) RETURN n", "UnexpectedSyntax", "1:5",
       "Expected a database name (a parameter needs graph.byName()), found '$g'"},
      {":nope x", "UnexpectedSyntax", "1:1",
       "There is no command ':nope'"},
      {"CREATE OR REPLACE DATABASE foo IF NOT EXISTS", "UnexpectedSyntax", "1:32",
       "OR REPLACE and IF NOT EXISTS exclude each other"},
      {"ALTER DATABASE a", "UnexpectedSyntax", "1:17",
       "Expected SET, REMOVE OPTION or RENAME TO, found the end of the statement"},
      {"SHOW DATABASES RETURN name", "UnexpectedSyntax", "1:16",
       "A clause may follow SHOW or TERMINATE only after YIELD"},
      {"ALTER ALIAS a SET DATABASE", "UnexpectedSyntax", "1:27",
       "Expected TARGET, USER, PASSWORD, DRIVER, DEFAULT LANGUAGE or PROPERTIES, found the end of the "
     "statement"},
      {"ALTER USER u", "UnexpectedSyntax", "1:13",
       "Expected SET or REMOVE, found the end of the statement"},
      {"GRANT ROLE admin", "UnexpectedSyntax", "1:17",
       "Expected TO, found the end of the statement"},
      {"TERMINATE TRANSACTION 'x' WHERE true", "UnexpectedSyntax", "1:27",
       "Expected YIELD before WHERE, found 'WHERE'"},
      {"CREATE CONSTRAINT c FOR (n:P) REQUIRE m.a IS UNIQUE", "UndefinedVariable", "1:39",
       "The variable `m` is not defined"},
      {"CALL db.labels() YIELD * RETURN label", "UnexpectedSyntax", "1:1",
       "YIELD * is for a CALL that stands alone"},
      {"RETURN COLLECT { MATCH (n) }", "InvalidClauseComposition", "1:18",
       "A query must end with RETURN, FINISH, an updating clause or CALL"},
      {"MATCH (n) WHERE EXISTS { CREATE (m) } RETURN n", "InvalidClauseComposition", "1:26",
       "A subquery inside an expression may not change data"},
      {"RETURN '\\uD83D'", "InvalidUnicodeLiteral", "1:8",
       "'\\uD83D' is not a Unicode escape"},
      {"RETURN '\\q'", "UnexpectedSyntax", "1:8",
       "'\\q' is not an escape of strings"},
      {"RETURN 'abc", "UnexpectedSyntax", "1:8",
       "The string is never closed"},
      {"RETURN /* abc", "UnexpectedSyntax", "1:8",
       "The comment is never closed"},
      {"RETURN 1 AS", "UnexpectedSyntax", "1:12",
       "Expected a name for the column, found the end of the statement"},
      {"MATCH (n", "UnexpectedSyntax", "1:9",
       "Expected ')', found the end of the statement"},
      {"MATCH (n) RETURN n)", "UnexpectedSyntax", "1:19",
       "Expected a clause or the end of the statement, found ')'"},
      {"MATCH (n)", "InvalidClauseComposition", "1:1",
       "A query must end with RETURN, FINISH, an updating clause or CALL"},
      {"RETURN 1 RETURN 2", "InvalidClauseComposition", "1:10",
       "No clause may follow RETURN or FINISH"},
      {"MATCH (n) RETURN n foo", "UnexpectedSyntax", "1:20",
       "Expected a clause or the end of the statement, found 'foo'"},
      {"RETURN 0x1G", "InvalidNumberLiteral", "1:8",
       "'0x1G' is not a number"},
      {"RETURN 1abc", "InvalidNumberLiteral", "1:8",
       "'1abc' is not a number"},
      {"RETURN 9223372036854775808", "IntegerOverflow", "1:8",
       "The integer 9223372036854775808 does not fit 64 bits"},
      {"RETURN 1e999", "FloatingPointOverflow", "1:8",
       "The number 1e999 is too large for a FLOAT"},
      {"MATCH (a)-[:T*-1]->(b) RETURN a", "InvalidRelationshipPattern", "1:15",
       "A range of lengths is written *, *2, *1..3, *..3 or *1.."},
      {"MATCH (a)-[:T..]->(b) RETURN a", "InvalidRelationshipPattern", "1:14",
       "A range of lengths is written *, *2, *1..3, *..3 or *1.."},
      {"RETURN [1, 2", "UnexpectedSyntax", "1:13",
       "Expected ']', found the end of the statement"},
      {"RETURN case when 1 end", "UnexpectedSyntax", "1:20",
       "Expected THEN, found 'end'"},
      {"MATCH (a) RETURN size((a)-->())", "UnexpectedSyntax", "1:23",
       "A path pattern may only stand where a truth value is asked for"},
      {"MATCH (a) RETURN (a)-->()", "UnexpectedSyntax", "1:18",
       "A path pattern may only stand where a truth value is asked for"},
      {"MATCH (a) WHERE (a)-->() = true RETURN a", "UnexpectedSyntax", "1:17",
       "A path pattern may only stand where a truth value is asked for"},
      {"RETURN 1 UNION RETURN 2 UNION ALL RETURN 3", "InvalidClauseComposition", "1:25",
       "UNION and UNION ALL may not be mixed in one query"},
      {"RETURN 1 AS x USE b MATCH (n) RETURN n", "MisplacedUse", "1:15",
       "USE must be the first clause of a query"},
      {"RETURN 42 — 41", "InvalidUnicodeCharacter", "1:11",
       "The character '—' has no meaning here"},
      {"RETURN “x”", "InvalidUnicodeCharacter", "1:8",
       "The character '“' has no meaning here"},
      {"CREATE FOO x", "UnexpectedSyntax", "1:8",
       "Expected a node pattern, found 'FOO'"},
      {"", "UnexpectedSyntax", "1:1",
       "Expected a clause, found the end of the statement"},
      {";", "UnexpectedSyntax", "1:1",
       "Expected a clause, found ';'"},
      {"RETURN 1; RETURN 2", "UnexpectedSyntax", "1:11",
       "Expected a clause or the end of the statement, found 'RETURN'"},
      {"RETURN a b", "UnexpectedSyntax", "1:10",
       "Expected a clause or the end of the statement, found 'b'"},
      {"MATCH (a)(b) RETURN a", "UnexpectedSyntax", "1:10",
       "Expected a clause or the end of the statement, found '('"},
      {"RETURN 1 = NOT true", "UnexpectedSyntax", "1:12",
       "Expected an operand, found 'NOT'"},
      {"MATCH (n) SET n", "UnexpectedSyntax", "1:15",
       "Expected a property or labels to change"},
      {"MATCH (n) SET f(x) = 1", "UnexpectedSyntax", "1:15",
       "Expected a property or labels to change"},
      {"FOREACH (x IN [1] | MATCH (n))", "UnexpectedSyntax", "1:21",
       "Expected an updating clause, found 'MATCH'"},
      {"RETURN {a 1}", "UnexpectedSyntax", "1:11",
       "Expected ':', found '1'"},
      {"RETURN all(x IN xs)", "UnexpectedSyntax", "1:19",
       "Expected WHERE, found ')'"},
      {"RETURN", "UnexpectedSyntax", "1:7",
       "Expected an expression, found the end of the statement"},
      {"MATCH RETURN 1", "UnexpectedSyntax", "1:7",
       "Expected a node pattern, found 'RETURN'"},
      {"RETURN MATCH (n)", "UnexpectedSyntax", "1:8",
       "Expected an expression, found 'MATCH'"},
      {"WITH 1 RETURN", "UnexpectedSyntax", "1:14",
       "Expected an expression, found the end of the statement"},
  };
  for (const Refusal& refusal : kRefusals) {
    INFO(refusal.text);
    auto statement = parse(refusal.text);
    REQUIRE(!statement);
    const Error& error = statement.error();
    CHECK(error_name(error.code) == refusal.code);
    CHECK(std::to_string(error.position.line) + ":" + std::to_string(error.position.column) == refusal.place);
    CHECK(error.message == refusal.message);
    CHECK(error.compile_time);
  }
}

}  // namespace
}  // namespace nexus::syntax
