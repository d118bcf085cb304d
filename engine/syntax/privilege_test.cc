// Roles and privileges: each spelling and the one that is printed for it, and what is refused and where.
#include <algorithm>
#include <string>
#include <vector>

#include "syntax/lexer.h"
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
    {"REVOKE TRAVERSE ON GRAPH * FOR (n:N|M WHERE n.x IN [from]) FROM r", ""},
    {"GRANT TRAVERSE ON GRAPH * FOR ()-[r:R]-() WHERE r.to = to TO r", ""},
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
    {"GRANT EXECUTE PROCEDURE db.?x, *.2y*, `a b`.c, on.on ON DBMS TO r", ""},
    {"GRANT EXECUTE ADMINISTRATOR PROCEDURES ON DBMS TO r", "GRANT EXECUTE ADMIN PROCEDURES ON DBMS TO r"},
    {"GRANT EXECUTE USER DEFINED FUNCTIONS a.b ON DBMS TO r", "GRANT EXECUTE FUNCTION a.b ON DBMS TO r"},
    {"GRANT SHOW SETTINGS server.* ON DBMS TO r", "GRANT SHOW SETTING server.* ON DBMS TO r"},
    {"GRANT LOAD ON ALL DATA TO r", ""},
    {"GRANT LOAD ON CIDR '10.0.0.0/8' TO r", ""},
    {"GRANT READ {`*`, `a``b`} ON GRAPH `a.b`.`c d` NODES `*` TO `r,s`", ""},
    {"GRANT IMPERSONATE (`u v`, on) ON DBMS TO to", ""},
    {"SHOW USER PRIVILEGES", "SHOW USERS PRIVILEGES"},
    {"SHOW USER `privileges` PRIVILEGES", "SHOW USERS privileges PRIVILEGES"},
    {"SHOW USER yield, with.a PRIVILEGES YIELD *", "SHOW USERS `yield`, `with`.a PRIVILEGES YIELD *"},
    {"SHOW USERS", ""},
    {"SHOW USERS UNION SHOW USERS WITH AUTH", ""},
    {"SHOW USER WITH AUTH WHERE user = 'a'", "SHOW USERS WITH AUTH WHERE user = 'a'"},
    {"SHOW CURRENT USER WITH AUTH YIELD user RETURN user", ""},
    {"SHOW POPULATED ROLE WITH USERS YIELD role, member WHERE member = 'a'",
     "SHOW POPULATED ROLES WITH USERS YIELD role, member WHERE member = 'a'"},
    {"SHOW ALL PRIVILEGES AS COMMAND YIELD command", "SHOW PRIVILEGES AS COMMANDS YIELD command"},
    {"SHOW PRIVILEGE AS REVOKE COMMANDS WHERE command CONTAINS 'x'",
     "SHOW PRIVILEGES AS REVOKE COMMANDS WHERE command CONTAINS 'x'"},
    {"SHOW ROLE $r PRIVILEGES AS REVOKE COMMAND", "SHOW ROLES $r PRIVILEGES AS REVOKE COMMANDS"},
    {"SHOW ALL ROLES WITH USER YIELD member", "SHOW ROLES WITH USERS YIELD member"},
};

// Every privilege: its spellings, what the first of them comes to ("": itself), what follows it, and where it may be.
struct Privilege {
  std::vector<const char*> spellings;
  const char* text;
  const char* resource;
  const char* places;  // d: DATABASE, g: GRAPH, s: DBMS, l: ALL DATA and CIDR.
};

const std::vector<Privilege> kPrivileges = {
    {{"ACCESS"}, "", "", "d"},
    {{"START"}, "", "", "d"},
    {{"STOP"}, "", "", "d"},
    {{"CREATE INDEX", "CREATE INDEXES"}, "", "", "d"},
    {{"DROP INDEX", "DROP INDEXES"}, "", "", "d"},
    {{"SHOW INDEX", "SHOW INDEXES"}, "", "", "d"},
    {{"INDEX MANAGEMENT", "INDEXES MANAGEMENT", "INDEX", "INDEXES"}, "", "", "d"},
    {{"CREATE CONSTRAINT", "CREATE CONSTRAINTS"}, "", "", "d"},
    {{"DROP CONSTRAINT", "DROP CONSTRAINTS"}, "", "", "d"},
    {{"SHOW CONSTRAINT", "SHOW CONSTRAINTS"}, "", "", "d"},
    {{"CONSTRAINT MANAGEMENT", "CONSTRAINTS MANAGEMENT", "CONSTRAINT", "CONSTRAINTS"}, "", "", "d"},
    {{"CREATE NEW LABEL", "CREATE NEW LABELS", "CREATE NEW NODE LABEL", "CREATE NEW NODE LABELS"}, "", "", "d"},
    {{"CREATE NEW TYPE", "CREATE NEW TYPES", "CREATE NEW RELATIONSHIP TYPE", "CREATE NEW RELATIONSHIP TYPES"}, "", "", "d"},
    {{"CREATE NEW PROPERTY NAME", "CREATE NEW PROPERTY NAMES", "CREATE NEW NAME", "CREATE NEW NAMES"}, "", "", "d"},
    {{"NAME MANAGEMENT", "NAME"}, "", "", "d"},
    {{"SHOW TRANSACTION", "SHOW TRANSACTIONS"}, "", " (*)", "d"},
    {{"TERMINATE TRANSACTION", "TERMINATE TRANSACTIONS"}, "", " (u)", "d"},
    {{"TRANSACTION MANAGEMENT", "TRANSACTION"}, "", "", "d"},
    {{"ALL DATABASE PRIVILEGES"}, "", "", "d"},
    {{"ALL GRAPH PRIVILEGES"}, "", "", "g"},
    {{"ALL DBMS PRIVILEGES"}, "", "", "s"},
    {{"TRAVERSE"}, "", "", "g"},
    {{"READ"}, "", " {*}", "g"},
    {{"MATCH"}, "", " {a}", "g"},
    {{"CREATE"}, "", "", "g"},
    {{"DELETE"}, "", "", "g"},
    {{"SET LABEL"}, "", " A", "g"},
    {{"REMOVE LABEL"}, "", " *", "g"},
    {{"SET PROPERTY"}, "", " {*}", "g"},
    {{"MERGE"}, "", " {*}", "g"},
    {{"WRITE"}, "", "", "g"},
    {{"CREATE ROLE"}, "", "", "s"},
    {{"RENAME ROLE"}, "", "", "s"},
    {{"DROP ROLE"}, "", "", "s"},
    {{"ASSIGN ROLE"}, "", "", "s"},
    {{"REMOVE ROLE"}, "", "", "s"},
    {{"SHOW ROLE"}, "", "", "s"},
    {{"ROLE MANAGEMENT"}, "", "", "s"},
    {{"CREATE USER"}, "", "", "s"},
    {{"RENAME USER"}, "", "", "s"},
    {{"ALTER USER"}, "", "", "s"},
    {{"DROP USER"}, "", "", "s"},
    {{"SHOW USER"}, "", "", "s"},
    {{"SET PASSWORD", "SET PASSWORDS"}, "", "", "s"},
    {{"SET AUTH"}, "", "", "s"},
    {{"SET USER HOME DATABASE"}, "", "", "s"},
    {{"SET USER STATUS"}, "", "", "s"},
    {{"USER MANAGEMENT"}, "", "", "s"},
    {{"IMPERSONATE"}, "", " (u, v)", "s"},
    {{"CREATE DATABASE"}, "", "", "s"},
    {{"DROP DATABASE"}, "", "", "s"},
    {{"ALTER DATABASE"}, "", "", "sd"},
    {{"SET DATABASE ACCESS"}, "", "", "sd"},
    {{"SET DATABASE DEFAULT LANGUAGE"}, "", "", "sd"},
    {{"CREATE COMPOSITE DATABASE"}, "", "", "s"},
    {{"DROP COMPOSITE DATABASE"}, "", "", "s"},
    {{"ALTER COMPOSITE DATABASE"}, "", "", "sd"},
    {{"COMPOSITE DATABASE MANAGEMENT"}, "", "", "s"},
    {{"DATABASE MANAGEMENT"}, "", "", "s"},
    {{"CREATE ALIAS"}, "", "", "s"},
    {{"DROP ALIAS"}, "", "", "s"},
    {{"ALTER ALIAS"}, "", "", "s"},
    {{"SHOW ALIAS"}, "", "", "s"},
    {{"ALIAS MANAGEMENT"}, "", "", "s"},
    {{"SERVER MANAGEMENT"}, "", "", "s"},
    {{"SHOW SERVER", "SHOW SERVERS"}, "", "", "s"},
    {{"SHOW PRIVILEGE"}, "", "", "s"},
    {{"ASSIGN PRIVILEGE"}, "", "", "s"},
    {{"REMOVE PRIVILEGE"}, "", "", "s"},
    {{"PRIVILEGE MANAGEMENT"}, "", "", "s"},
    {{"EXECUTE PROCEDURE", "EXECUTE PROCEDURES"}, "", " *", "s"},
    {{"EXECUTE BOOSTED PROCEDURE", "EXECUTE BOOSTED PROCEDURES"}, "", " a.*", "s"},
    {{"EXECUTE ADMIN PROCEDURES", "EXECUTE ADMINISTRATOR PROCEDURES"}, "", "", "s"},
    {{"EXECUTE FUNCTION", "EXECUTE FUNCTIONS", "EXECUTE USER FUNCTION", "EXECUTE USER DEFINED FUNCTIONS"}, "", " *", "s"},
    {{"EXECUTE BOOSTED FUNCTION", "EXECUTE BOOSTED USER FUNCTIONS", "EXECUTE BOOSTED USER DEFINED FUNCTION"}, "", " a.?", "s"},
    {{"SHOW SETTING", "SHOW SETTINGS"}, "", " *", "s"},
    {{"LOAD"}, "", "", "l"},
    {{"ALL", "ALL PRIVILEGES"}, "ALL DATABASE PRIVILEGES", "", "d"},
    {{"ALL", "ALL PRIVILEGES"}, "ALL GRAPH PRIVILEGES", "", "g"},
    {{"ALL", "ALL PRIVILEGES"}, "ALL DBMS PRIVILEGES", "", "s"},
};

struct Target {
  const char* text;
  char place;
  PrivilegeScope scope;
};
constexpr Target kTargets[] = {
    {"DATABASE a", 'd', PrivilegeScope::Database},        {"HOME DATABASE", 'd', PrivilegeScope::HomeDatabase},
    {"GRAPHS *", 'g', PrivilegeScope::Graph},             {"HOME GRAPH", 'g', PrivilegeScope::HomeGraph},
    {"DBMS", 's', PrivilegeScope::Dbms},                  {"ALL DATA", 'l', PrivilegeScope::AllData},
    {"CIDR '10.0.0.0/8'", 'l', PrivilegeScope::Cidr},
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

TEST_CASE("every privilege, in each spelling, has its name on the targets that it may have and on no others") {
  const auto lower = [](std::string text) {
    for (char& letter : text) letter = static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter + 32 : letter);
    return text;
  };
  for (const Privilege& one : kPrivileges) {
    const std::string expected = *one.text == '\0' ? one.spellings.front() : one.text;
    for (const std::string spelling : one.spellings) {
      for (const Target& target : kTargets) {
        const std::string text = lower("GRANT " + spelling + one.resource + " ON ") + target.text + " TO r";
        CAPTURE(text);
        const bool may_be = std::string_view(one.places).find(target.place) != std::string_view::npos;
        const bool is_all = *one.text != '\0';
        if (!may_be && is_all && target.place != 'l') continue;  // ALL is another privilege there.
        auto statement = parse(text);
        REQUIRE(bool(statement) == may_be);
        if (!may_be) {
          CHECK(statement.error().code == ErrorCode::UnexpectedSyntax);
          CHECK(statement.error().position.column == text.find(" on ") + 5);
          continue;
        }
        const auto& change = std::get<ChangePrivilege>(statement->node);
        CHECK(change.privilege == expected);
        CHECK(change.scope == target.scope);
        CHECK((change.all_resources || !change.resources.empty()) == (*one.resource != '\0'));
        const std::string printed = print(*statement);
        CHECK(printed.substr(0, 6 + expected.size() + 1) == "GRANT " + expected + " ");
        CHECK(reprint(printed) == printed);
      }
    }
  }
}

TEST_CASE("what SHOW lists of users, roles and privileges is in its tree") {
  struct Shown {
    const char* text;
    ShowKind kind;
    std::optional<ShowKind> privileges_of;
    std::size_t names;
    bool with_auth;
    const char* filter;
  };
  constexpr auto kNone = std::nullopt;
  const Shown kShown[] = {
      {"SHOW USER", ShowKind::Users, kNone, 0, false, ""},
      {"SHOW USERS WITH AUTH", ShowKind::Users, kNone, 0, true, ""},
      {"SHOW CURRENT USER", ShowKind::CurrentUser, kNone, 0, false, ""},
      {"SHOW ROLE", ShowKind::Roles, kNone, 0, false, ""},
      {"SHOW ALL ROLES", ShowKind::Roles, kNone, 0, false, ""},
      {"SHOW ALL ROLES WITH USERS", ShowKind::Roles, kNone, 0, true, ""},
      {"SHOW POPULATED ROLES", ShowKind::PopulatedRoles, kNone, 0, false, ""},
      {"SHOW POPULATED ROLES WITH USERS YIELD *", ShowKind::PopulatedRoles, kNone, 0, true, ""},
      {"SHOW PRIVILEGES", ShowKind::Privileges, kNone, 0, false, ""},
      {"SHOW ALL PRIVILEGES AS COMMANDS", ShowKind::Privileges, kNone, 0, false, "AS COMMANDS"},
      {"SHOW USER PRIVILEGES", ShowKind::Privileges, ShowKind::Users, 0, false, ""},
      {"SHOW USERS $u, b PRIVILEGES AS REVOKE COMMAND", ShowKind::Privileges, ShowKind::Users, 2, false, "AS REVOKE COMMANDS"},
      {"SHOW ROLE $r PRIVILEGES", ShowKind::Privileges, ShowKind::Roles, 1, false, ""},
      {"SHOW ROLES privilege, roles PRIVILEGES", ShowKind::Privileges, ShowKind::Roles, 2, false, ""},
      {"SHOW SUPPORTED PRIVILEGES", ShowKind::SupportedPrivileges, kNone, 0, false, ""},
  };
  for (const Shown& one : kShown) {
    CAPTURE(one.text);
    const Result<Statement> statement = parse(one.text);
    REQUIRE(statement);
    const auto& query = std::get<RegularQuery>(statement->node);
    const auto& show = std::get<ShowCommand>(query.first.clauses.front().node);
    CHECK(show.kind == one.kind);
    CHECK(show.privileges_of == one.privileges_of);
    CHECK(show.names.size() == one.names);
    CHECK(show.with_auth == one.with_auth);
    CHECK(show.filter == one.filter);
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
      {"GRANT SET LABEL A ON GRAPH a NODES B TO r", "1:30", "TO"},
      {"GRANT TRAVERSE ON GRAPH a FOR n TO r", "1:31", "'('"},
      {"GRANT TRAVERSE ON GRAPH a FOR (n:N) [ TO r", "1:37", "TO"},
      {"GRANT TRAVERSE ON GRAPH a FOR (n:N WHERE) TO r", "1:41", "expression"},
      {"GRANT EXECUTE PROCEDURE ON DBMS TO r", "1:25", "name or *"},
      {"GRANT EXECUTE PROCEDURE a b ON DBMS TO r", "1:27", "ON"},
      {"GRANT EXECUTE PROCEDURE a, ON DBMS TO r", "1:28", "name or *"},
      {"GRANT EXECUTE DEFINED FUNCTION * ON DBMS TO r", "1:7", "a privilege"},
      {"GRANT IMPERSONATE () ON DBMS TO r", "1:20", "user"},
      {"GRANT LOAD ON CIDR TO r", "1:20", "a string"},
      {"GRANT LOAD ON CIDR '\\q' TO r", "1:20", "escape"},
      {"GRANT IMMUTABLE ROLE a TO u", "1:17", "a privilege"},
      {"REVOKE DENY IMMUTABLE START ON DATABASE a FROM r", "1:13", "a privilege"},
      {"GRANT ACCESS ON DATABASE *, a TO r", "1:27", "TO"},
      {"CREATE ROLE IMMUTABLE r", "1:23", "end of the statement"},
      {"SHOW ROLE r", "1:12", "PRIVILEGES"},
      {"SHOW ROLES PRIVILEGES", "1:12", "a role"},
      {"SHOW ALL ROLE r PRIVILEGES", "1:15", "end of the statement"},
      {"SHOW POPULATED ROLE r PRIVILEGES", "1:21", "end of the statement"},
      {"SHOW POPULATED PRIVILEGES", "1:16", "ROLES"},
      {"SHOW POPULATED INDEXES", "1:16", "ROLES"},
      {"SHOW ROLES WITH AUTH RULES", "1:17", "USERS"},
      {"SHOW USERS WITH USERS", "1:17", "AUTH"},
      {"SHOW USERS RETURN user", "1:12", "YIELD"},
      {"SHOW USER a", "1:12", "PRIVILEGES"},
      {"SHOW PRIVILEGES AS REVOKE", "1:26", "COMMANDS"},
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

// Whatever is left of a statement without one of its tokens is a tree or an error, and what is a tree prints as one.
void mutate(const std::string& text) {
  std::vector<std::string> pieces;  // Each token with the blank before it.
  std::size_t begin = 0;
  for (const Token& token : tokenize(text).list) {
    pieces.push_back(text.substr(begin, token.end - begin));
    begin = token.end;
  }
  for (std::size_t at = 0; at < pieces.size(); ++at) {
    for (const int change : {0, 1, 2}) {
      std::vector<std::string> changed = pieces;
      const auto here = changed.begin() + static_cast<std::ptrdiff_t>(at);
      if (change == 0) changed.erase(here);
      else if (change == 1) changed.insert(here, pieces[at]);
      else std::swap(*here, changed.front());
      std::string made;
      for (const std::string& piece : changed) made += piece;
      CAPTURE(made);
      auto statement = parse(made);
      if (!statement) {
        CHECK(!statement.error().message.empty());
        continue;
      }
      const std::string printed = print(*statement);
      CHECK(reprint(printed) == printed);
    }
  }
}

TEST_CASE("privileges with a token missing, doubled or moved") {
  for (const Case& one : kCases) mutate(one.text);
  for (const Privilege& one : kPrivileges) {
    for (const std::string spelling : one.spellings) mutate("GRANT " + spelling + one.resource + " ON DBMS TO r");
  }
}

}  // namespace
}  // namespace nexus::syntax
