// Roles and privileges: each spelling and the one that is printed for it, and what is refused and where.
#include <string>
#include <vector>

#include "syntax/parser.h"
#include "syntax/printer.h"
#include "tests/support/catch.h"

namespace nexus::syntax {
namespace {

struct Case {
  const char* text;
  const char* printed;  // "": the same.
};

constexpr Case kCases[] = {
    {"CREATE ROLE r", ""},
    {"CREATE OR REPLACE IMMUTABLE ROLE $r", ""},
    {"CREATE ROLE r IF NOT EXISTS AS COPY OF `o p`", ""},
    {"rename role a if exists to b", "RENAME ROLE a IF EXISTS TO b"},
    {"DROP ROLE `a b` IF EXISTS", ""},
    {"GRANT ROLE a, $b TO u, v", ""},
    {"GRANT ROLES a TO u", "GRANT ROLE a TO u"},
    {"REVOKE ROLES a, b FROM u", "REVOKE ROLE a, b FROM u"},
    {"GRANT ROLE management TO u", ""},
    {"GRANT ROLE MANAGEMENT ON DBMS TO r", ""},
    {"GRANT ACCESS ON DATABASE * TO r", ""},
    {"GRANT ACCESS ON DATABASES a.b, $c TO r, s", "GRANT ACCESS ON DATABASE a.b, $c TO r, s"},
    {"DENY IMMUTABLE ACCESS ON HOME DATABASE TO r", ""},
    {"REVOKE IMMUTABLE GRANT START ON DATABASE a FROM r", ""},
    {"REVOKE DENY STOP ON DATABASE a FROM r", ""},
    {"GRANT CREATE INDEXES ON DATABASE a TO r", "GRANT CREATE INDEX ON DATABASE a TO r"},
    {"GRANT DROP INDEX ON DATABASE a TO r", ""},
    {"GRANT SHOW INDEXES ON DATABASE a TO r", "GRANT SHOW INDEX ON DATABASE a TO r"},
    {"GRANT INDEX ON DATABASE a TO r", "GRANT INDEX MANAGEMENT ON DATABASE a TO r"},
    {"GRANT INDEXES MANAGEMENT ON DATABASE a TO r", "GRANT INDEX MANAGEMENT ON DATABASE a TO r"},
    {"GRANT CREATE CONSTRAINTS ON DATABASE a TO r", "GRANT CREATE CONSTRAINT ON DATABASE a TO r"},
    {"GRANT CONSTRAINT ON DATABASE a TO r", "GRANT CONSTRAINT MANAGEMENT ON DATABASE a TO r"},
    {"GRANT CREATE NEW NODE LABELS ON DATABASE a TO r", "GRANT CREATE NEW LABEL ON DATABASE a TO r"},
    {"GRANT CREATE NEW TYPE ON DATABASE a TO r", ""},
    {"GRANT CREATE NEW RELATIONSHIP TYPES ON DATABASE a TO r", "GRANT CREATE NEW TYPE ON DATABASE a TO r"},
    {"GRANT CREATE NEW NAMES ON DATABASE a TO r", "GRANT CREATE NEW PROPERTY NAME ON DATABASE a TO r"},
    {"GRANT CREATE NEW PROPERTY NAME ON DATABASE a TO r", ""},
    {"GRANT NAME ON DATABASE a TO r", "GRANT NAME MANAGEMENT ON DATABASE a TO r"},
    {"GRANT SHOW TRANSACTIONS ON DATABASE a TO r", "GRANT SHOW TRANSACTION ON DATABASE a TO r"},
    {"GRANT TERMINATE TRANSACTION (*) ON DATABASE a TO r", ""},
    {"GRANT TRANSACTION (u, v) ON DATABASE a TO r", "GRANT TRANSACTION MANAGEMENT (u, v) ON DATABASE a TO r"},
    {"GRANT ALL ON DATABASE a TO r", "GRANT ALL DATABASE PRIVILEGES ON DATABASE a TO r"},
    {"GRANT ALL PRIVILEGES ON HOME GRAPH TO r", "GRANT ALL GRAPH PRIVILEGES ON HOME GRAPH TO r"},
    {"GRANT ALL ON DBMS TO r", "GRANT ALL DBMS PRIVILEGES ON DBMS TO r"},
    {"GRANT ALL GRAPH PRIVILEGES ON GRAPHS a TO r", "GRANT ALL GRAPH PRIVILEGES ON GRAPH a TO r"},
    {"GRANT TRAVERSE ON GRAPH * NODES A, B TO r", ""},
    {"GRANT READ {a, `b c`} ON GRAPH * RELATIONSHIP R TO r", "GRANT READ {a, `b c`} ON GRAPH * RELATIONSHIPS R TO r"},
    {"GRANT MATCH {*} ON GRAPH a ELEMENT * TO r", "GRANT MATCH {*} ON GRAPH a ELEMENTS * TO r"},
    {"GRANT MATCH {*} ON HOME GRAPH TO r", ""},
    {"GRANT MATCH {*} ON GRAPH * FOR (n:N {a: 1}) TO r", ""},
    {"GRANT MATCH {*} ON GRAPH * FOR (n:N) WHERE n.to = (1) TO r", ""},
    {"GRANT MERGE {*} ON GRAPH * TO r", ""},
    {"GRANT SET PROPERTY {a} ON GRAPH * TO r", ""},
    {"GRANT SET LABEL * ON GRAPH * TO r", ""},
    {"DENY REMOVE LABEL A, B ON GRAPH * TO r", ""},
    {"GRANT CREATE ON GRAPH a, b TO r", ""},
    {"GRANT DELETE ON GRAPH a TO r", ""},
    {"GRANT WRITE ON GRAPH a TO r", ""},
    {"GRANT CREATE USER ON DBMS TO r", ""},
    {"GRANT SET PASSWORDS ON DBMS TO r", "GRANT SET PASSWORD ON DBMS TO r"},
    {"GRANT SET AUTH ON DBMS TO r", ""},
    {"GRANT SET USER STATUS ON DBMS TO r", ""},
    {"GRANT SET USER HOME DATABASE ON DBMS TO r", ""},
    {"GRANT IMPERSONATE (u) ON DBMS TO r", ""},
    {"GRANT CREATE COMPOSITE DATABASE ON DBMS TO r", ""},
    {"GRANT COMPOSITE DATABASE MANAGEMENT ON DBMS TO r", ""},
    {"GRANT DATABASE MANAGEMENT ON DBMS TO r", ""},
    {"GRANT ALTER DATABASE ON DATABASE a TO r", ""},
    {"GRANT SET DATABASE ACCESS ON DBMS TO r", ""},
    {"GRANT SET DATABASE DEFAULT LANGUAGE ON DATABASE a TO r", ""},
    {"GRANT ALIAS MANAGEMENT ON DBMS TO r", ""},
    {"GRANT SHOW SERVERS ON DBMS TO r", "GRANT SHOW SERVER ON DBMS TO r"},
    {"GRANT ASSIGN PRIVILEGE ON DBMS TO r", ""},
    {"GRANT EXECUTE PROCEDURES * ON DBMS TO r", "GRANT EXECUTE PROCEDURE * ON DBMS TO r"},
    {"GRANT EXECUTE BOOSTED PROCEDURE apoc.*, db.labels ON DBMS TO r", ""},
    {"GRANT EXECUTE ADMINISTRATOR PROCEDURES ON DBMS TO r", "GRANT EXECUTE ADMIN PROCEDURES ON DBMS TO r"},
    {"GRANT EXECUTE USER DEFINED FUNCTIONS a.b ON DBMS TO r", "GRANT EXECUTE FUNCTION a.b ON DBMS TO r"},
    {"GRANT SHOW SETTINGS server.* ON DBMS TO r", "GRANT SHOW SETTING server.* ON DBMS TO r"},
    {"GRANT LOAD ON ALL DATA TO r", ""},
    {"GRANT LOAD ON CIDR '10.0.0.0/8' TO r", ""},
    {"SHOW USER PRIVILEGES", "SHOW USERS PRIVILEGES"},
    {"SHOW ROLE $r PRIVILEGES AS REVOKE COMMAND", "SHOW ROLES $r PRIVILEGES AS REVOKE COMMANDS"},
    {"SHOW ALL ROLES WITH USER YIELD member", "SHOW ROLES WITH USERS YIELD member"},
};

std::string reprint(const std::string& text) {
  auto statement = parse(text);
  return statement ? print(*statement) : "error: " + statement.error().message;
}

TEST_CASE("roles and privileges: each spelling has one canonical text, which is read as the same") {
  for (const Case& one : kCases) {
    CAPTURE(one.text);
    const std::string expected = *one.printed == '\0' ? one.text : one.printed;
    CHECK(reprint(one.text) == expected);
    CHECK(reprint(expected) == expected);
  }
}

TEST_CASE("a privilege's tree says what was written") {
  const Statement statement = std::move(*parse("REVOKE GRANT READ {a, b} ON GRAPH x, $y NODES A, B FROM r, $s"));
  const auto& change = std::get<ChangePrivilege>(statement.node);
  CHECK(change.verb == ChangePrivilege::Verb::RevokeGrant);
  CHECK(change.privilege == "READ");
  CHECK(change.resources == std::vector<std::string>{"a", "b"});
  CHECK(!change.all_resources);
  CHECK(change.scope == PrivilegeScope::Graph);
  REQUIRE(change.names.size() == 2);
  CHECK(change.names[0].text() == "x");
  CHECK(change.names[1].parameter == "y");
  CHECK(change.elements == PrivilegeElements::Nodes);
  CHECK(change.labels == std::vector<std::string>{"A", "B"});
  REQUIRE(change.roles.size() == 2);
  CHECK(change.roles[1].parameter == "s");
}

TEST_CASE("what is wrong with a privilege is said where it is") {
  struct Refusal {
    const char* text;
    const char* place;
    const char* part;  // Of the message.
  };
  constexpr Refusal kRefusals[] = {
      {"GRANT", "1:6", "a privilege"},
      {"GRANT SING ON DBMS TO r", "1:7", "a privilege"},
      {"GRANT ACCESS DATABASE a TO r", "1:14", "ON"},
      {"GRANT ACCESS ON GRAPH a TO r", "1:17", "DATABASE"},
      {"GRANT MATCH {*} ON DATABASE a TO r", "1:20", "GRAPH"},
      {"GRANT CREATE ROLE ON DATABASE a TO r", "1:22", "DBMS"},
      {"GRANT LOAD ON DBMS TO r", "1:15", "ALL DATA"},
      {"GRANT ALL DATABASE PRIVILEGES ON GRAPH a TO r", "1:34", "DATABASE"},
      {"GRANT MATCH ON GRAPH a TO r", "1:13", "{"},
      {"GRANT MATCH {} ON GRAPH a TO r", "1:14", "property"},
      {"GRANT MATCH {a ON GRAPH a TO r", "1:16", "}"},
      {"GRANT SET LABEL ON GRAPH a TO r", "1:20", ""},
      {"GRANT ACCESS ON DATABASE a", "1:27", "TO"},
      {"GRANT ACCESS ON DATABASE a TO", "1:30", "role"},
      {"GRANT ACCESS ON DATABASE a FROM r", "1:28", "TO"},
      {"REVOKE ACCESS ON DATABASE a TO r", "1:29", "FROM"},
      {"REVOKE GRANT DENY ACCESS ON DATABASE a FROM r", "1:14", "a privilege"},
      {"DENY MERGE {*} ON GRAPH a TO r", "1:6", "MERGE"},
      {"DENY ROLE a TO u", "1:6", "a privilege"},
      {"GRANT ACCESS IMMUTABLE ON DATABASE a TO r", "1:14", "ON"},
      {"GRANT ROLE a", "1:13", "TO"},
      {"GRANT ROLE a TO", "1:16", "user"},
      {"GRANT ACCESS ON DATABASE a TO r s", "1:33", ""},
      {"CREATE ROLE", "1:12", "name"},
      {"CREATE OR REPLACE ROLE r IF NOT EXISTS", "1:26", "OR REPLACE"},
      {"CREATE ROLE r AS COPY OF", "1:25", "role"},
      {"RENAME ROLE a b", "1:15", "TO"},
      {"SHOW ROLE r", "1:12", "PRIVILEGES"},
  };
  for (const Refusal& refusal : kRefusals) {
    CAPTURE(refusal.text);
    const auto statement = parse(refusal.text);
    REQUIRE(!statement);
    const Error& error = statement.error();
    CHECK(std::to_string(error.position.line) + ":" + std::to_string(error.position.column) == refusal.place);
    CHECK(error.message.find(refusal.part) != std::string::npos);
  }
}

TEST_CASE("a query may use the words of roles as names") {
  CHECK(parse("CREATE role = (a)-[:R]->(b) RETURN role"));
  CHECK(parse("MATCH (role:Role)-[grant:GRANT]->(user) RETURN role, grant, user.privilege"));
}

// Whatever is left of a statement without one of its words is a tree or an error, and what is a tree prints as one.
TEST_CASE("privileges with a word missing, doubled or moved") {
  for (const Case& one : kCases) {
    std::vector<std::string> words;
    const std::string text = one.text;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(' ', begin), text.size());
      words.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    for (std::size_t at = 0; at < words.size(); ++at) {
      for (const int change : {0, 1, 2}) {
        std::vector<std::string> changed = words;
        const auto here = changed.begin() + static_cast<std::ptrdiff_t>(at);
        if (change == 0) changed.erase(here);
        else if (change == 1) changed.insert(here, words[at]);
        else std::swap(*here, changed.front());
        std::string made;
        for (const std::string& word : changed) made += (made.empty() ? "" : " ") + word;
        CAPTURE(made);
        auto statement = parse(made);
        if (statement) CHECK(parse(print(*statement)));
        else CHECK(!statement.error().message.empty());
      }
    }
  }
}

}  // namespace
}  // namespace nexus::syntax
