// Roles and privileges: CREATE, RENAME and DROP ROLE, GRANT, DENY and REVOKE.
#include "syntax/parser_state.h"

namespace nexus::syntax {
namespace {

enum class Takes : std::uint8_t { Nothing, Properties, Labels, Users, Pattern };
using Places = std::uint8_t;
constexpr Places kOnDatabase = 1;
constexpr Places kOnGraph = 2;
constexpr Places kOnDbms = 4;
constexpr Places kOnData = 8;

// `words` are tried in this order: a|b is either of them, [a] may be left out; what they come to is `text`, or,
// where that is empty, the words themselves without alternatives and without what may be left out.
struct Spelling {
  std::string_view words;
  std::string_view text;
  Places places;
  Takes takes = Takes::Nothing;
};

constexpr Spelling kSpellings[] = {
    {"ACCESS", "", kOnDatabase},
    {"START", "", kOnDatabase},
    {"STOP", "", kOnDatabase},
    {"CREATE INDEX|INDEXES", "", kOnDatabase},
    {"DROP INDEX|INDEXES", "", kOnDatabase},
    {"SHOW INDEX|INDEXES", "", kOnDatabase},
    {"INDEX|INDEXES [MANAGEMENT]", "INDEX MANAGEMENT", kOnDatabase},
    {"CREATE CONSTRAINT|CONSTRAINTS", "", kOnDatabase},
    {"DROP CONSTRAINT|CONSTRAINTS", "", kOnDatabase},
    {"SHOW CONSTRAINT|CONSTRAINTS", "", kOnDatabase},
    {"CONSTRAINT|CONSTRAINTS [MANAGEMENT]", "CONSTRAINT MANAGEMENT", kOnDatabase},
    {"CREATE NEW [NODE] LABEL|LABELS", "", kOnDatabase},
    {"CREATE NEW [RELATIONSHIP] TYPE|TYPES", "", kOnDatabase},
    {"CREATE NEW [PROPERTY] NAME|NAMES", "CREATE NEW PROPERTY NAME", kOnDatabase},
    {"NAME [MANAGEMENT]", "NAME MANAGEMENT", kOnDatabase},
    {"SHOW TRANSACTION|TRANSACTIONS", "", kOnDatabase, Takes::Users},
    {"TERMINATE TRANSACTION|TRANSACTIONS", "", kOnDatabase, Takes::Users},
    {"TRANSACTION [MANAGEMENT]", "TRANSACTION MANAGEMENT", kOnDatabase, Takes::Users},
    {"ALL DATABASE PRIVILEGES", "", kOnDatabase},
    {"ALL GRAPH PRIVILEGES", "", kOnGraph},
    {"ALL DBMS PRIVILEGES", "", kOnDbms},
    {"ALL [PRIVILEGES]", "ALL", kOnDatabase | kOnGraph | kOnDbms},
    {"TRAVERSE", "", kOnGraph},
    {"READ", "", kOnGraph, Takes::Properties},
    {"MATCH", "", kOnGraph, Takes::Properties},
    {"MERGE", "", kOnGraph, Takes::Properties},
    {"SET PROPERTY", "", kOnGraph, Takes::Properties},
    {"SET LABEL", "", kOnGraph, Takes::Labels},
    {"REMOVE LABEL", "", kOnGraph, Takes::Labels},
    {"WRITE", "", kOnGraph},
    {"CREATE ROLE", "", kOnDbms},
    {"RENAME ROLE", "", kOnDbms},
    {"DROP ROLE", "", kOnDbms},
    {"ASSIGN ROLE", "", kOnDbms},
    {"REMOVE ROLE", "", kOnDbms},
    {"SHOW ROLE", "", kOnDbms},
    {"ROLE MANAGEMENT", "", kOnDbms},
    {"CREATE USER", "", kOnDbms},
    {"RENAME USER", "", kOnDbms},
    {"ALTER USER", "", kOnDbms},
    {"DROP USER", "", kOnDbms},
    {"SHOW USER", "", kOnDbms},
    {"SET PASSWORD|PASSWORDS", "", kOnDbms},
    {"SET AUTH", "", kOnDbms},
    {"SET USER HOME DATABASE", "", kOnDbms},
    {"SET USER STATUS", "", kOnDbms},
    {"USER MANAGEMENT", "", kOnDbms},
    {"IMPERSONATE", "", kOnDbms, Takes::Users},
    {"CREATE DATABASE", "", kOnDbms},
    {"DROP DATABASE", "", kOnDbms},
    {"ALTER DATABASE", "", kOnDbms | kOnDatabase},
    {"SET DATABASE ACCESS", "", kOnDbms | kOnDatabase},
    {"SET DATABASE DEFAULT LANGUAGE", "", kOnDbms | kOnDatabase},
    {"CREATE COMPOSITE DATABASE", "", kOnDbms},
    {"DROP COMPOSITE DATABASE", "", kOnDbms},
    {"ALTER COMPOSITE DATABASE", "", kOnDbms | kOnDatabase},
    {"COMPOSITE DATABASE MANAGEMENT", "", kOnDbms},
    {"DATABASE MANAGEMENT", "", kOnDbms},
    {"CREATE ALIAS", "", kOnDbms},
    {"DROP ALIAS", "", kOnDbms},
    {"ALTER ALIAS", "", kOnDbms},
    {"SHOW ALIAS", "", kOnDbms},
    {"ALIAS MANAGEMENT", "", kOnDbms},
    {"SERVER MANAGEMENT", "", kOnDbms},
    {"SHOW SERVER|SERVERS", "", kOnDbms},
    {"SHOW PRIVILEGE", "", kOnDbms},
    {"ASSIGN PRIVILEGE", "", kOnDbms},
    {"REMOVE PRIVILEGE", "", kOnDbms},
    {"PRIVILEGE MANAGEMENT", "", kOnDbms},
    {"EXECUTE PROCEDURE|PROCEDURES", "", kOnDbms, Takes::Pattern},
    {"EXECUTE BOOSTED PROCEDURE|PROCEDURES", "", kOnDbms, Takes::Pattern},
    {"EXECUTE ADMIN|ADMINISTRATOR PROCEDURES", "", kOnDbms},
    {"EXECUTE [USER] FUNCTION|FUNCTIONS", "", kOnDbms, Takes::Pattern},
    {"EXECUTE USER DEFINED FUNCTION|FUNCTIONS", "EXECUTE FUNCTION", kOnDbms, Takes::Pattern},
    {"EXECUTE BOOSTED [USER] FUNCTION|FUNCTIONS", "", kOnDbms, Takes::Pattern},
    {"EXECUTE BOOSTED USER DEFINED FUNCTION|FUNCTIONS", "EXECUTE BOOSTED FUNCTION", kOnDbms, Takes::Pattern},
    {"SHOW SETTING|SETTINGS", "", kOnDbms, Takes::Pattern},
    {"LOAD", "", kOnData},
    {"CREATE", "", kOnGraph},
    {"DELETE", "", kOnGraph},
};

std::string_view next_word(std::string_view& words) {
  const std::size_t end = words.find(' ');
  const std::string_view word = words.substr(0, end);
  words = end == std::string_view::npos ? std::string_view() : words.substr(end + 1);
  return word;
}

std::string canonical(const Spelling& spelling) {
  if (!spelling.text.empty()) return std::string(spelling.text);
  std::string text;
  for (std::string_view rest = spelling.words; !rest.empty();) {
    const std::string_view word = next_word(rest);
    if (word.front() == '[') continue;
    if (!text.empty()) text += ' ';
    text += word.substr(0, word.find('|'));
  }
  return text;
}

std::string_view places_text(Places places) {
  switch (places) {
    case kOnDatabase: return "DATABASE or HOME DATABASE";
    case kOnGraph: return "GRAPH or HOME GRAPH";
    case kOnDbms: return "DBMS";
    case kOnData: return "ALL DATA or CIDR";
    case kOnDbms | kOnDatabase: return "DBMS or DATABASE";
    default: return "DATABASE, GRAPH or DBMS";
  }
}

}  // namespace

// How many words of the text are the privilege's; 0: it is another one.
std::size_t Parser::privilege_words(std::string_view words) const {
  std::size_t count = 0;
  while (!words.empty()) {
    std::string_view word = next_word(words);
    const bool may_miss = word.front() == '[';
    if (may_miss) word = word.substr(1, word.size() - 2);
    const std::size_t bar = word.find('|');
    const bool is_here = at_word(word.substr(0, bar), count) || (bar != std::string_view::npos && at_word(word.substr(bar + 1), count));
    if (is_here) ++count;
    else if (!may_miss) return 0;
  }
  return count;
}

std::optional<Statement::Node> Parser::role_command() {
  if (at_word("CREATE")) {
    CreateRole role;
    role.or_replace = at_word("OR", 1);
    take(role.or_replace ? 3 : 1);
    role.immutable = accept_word("IMMUTABLE");
    expect_word("ROLE");
    role.name = symbolic_name("a name for the role");
    role.if_not_exists = if_not_exists(role.or_replace);
    if (accept_words({"AS", "COPY", "OF"})) role.copy_of = symbolic_name("the role to copy");
    return Statement::Node(std::move(role));
  }
  if (accept_words({"RENAME", "ROLE"})) {
    RenameRole rename{symbolic_name("a role"), if_exists(), {}};
    expect_word("TO");
    rename.new_name = symbolic_name("a role");
    return Statement::Node(std::move(rename));
  }
  expect_words({"DROP", "ROLE"});
  return Statement::Node(DropRole{symbolic_name("a role"), if_exists()});
}

// GRANT, DENY, REVOKE
std::optional<Statement::Node> Parser::privilege_command() {
  using Verb = ChangePrivilege::Verb;
  ChangePrivilege change;
  const bool revokes = at_word("REVOKE");
  change.verb = revokes ? Verb::Revoke : at_word("DENY") ? Verb::Deny : Verb::Grant;
  take();
  const bool is_role = at_any_word({"ROLE", "ROLES"}) && !at_words({"ROLE", "MANAGEMENT", "ON"});
  if (is_role && change.verb != Verb::Deny) return membership(revokes);
  change.immutable = accept_word("IMMUTABLE");
  if (revokes && accept_word("GRANT")) change.verb = Verb::RevokeGrant;
  else if (revokes && accept_word("DENY")) change.verb = Verb::RevokeDeny;
  privilege(change);
  expect_word(revokes ? "FROM" : "TO");
  list([&] { change.roles.push_back(symbolic_name("a role")); });
  return Statement::Node(std::move(change));
}

std::optional<Statement::Node> Parser::membership(bool revokes) {
  take();
  ChangeMembership change;
  change.revokes = revokes;
  list([&] { change.roles.push_back(symbolic_name("a role")); });
  expect_word(revokes ? "FROM" : "TO");
  list([&] { change.users.push_back(symbolic_name("a user")); });
  return Statement::Node(std::move(change));
}

void Parser::privilege(ChangePrivilege& change) {
  const Position position = peek().position;
  for (const Spelling& spelling : kSpellings) {
    const std::size_t count = privilege_words(spelling.words);
    if (count == 0) continue;
    take(count);
    change.privilege = canonical(spelling);
    if (change.privilege == "MERGE" && change.verb == ChangePrivilege::Verb::Deny) {
      return fail(ErrorCode::UnexpectedSyntax, "MERGE cannot be denied: deny CREATE or SET PROPERTY", position);
    }
    switch (spelling.takes) {
      case Takes::Nothing: break;
      case Takes::Properties: privilege_properties(change); break;
      case Takes::Labels: names_or_star(change.resources, change.all_resources, "a label or *"); break;
      case Takes::Users:
        if (!accept(Kind::LeftParenthesis)) break;
        names_or_star(change.resources, change.all_resources, "a user or *");
        expect(Kind::RightParenthesis, ")");
        break;
      case Takes::Pattern: list([&] { change.resources.push_back(glob()); }); break;
    }
    if (spelling.takes == Takes::Pattern && change.resources.size() == 1 && change.resources.front() == "*") {
      change.resources.clear();
      change.all_resources = true;
    }
    return privilege_target(change, spelling.places);
  }
  fail_expected("a privilege");
}

void Parser::privilege_properties(ChangePrivilege& change) {
  expect(Kind::LeftBrace, "{");
  names_or_star(change.resources, change.all_resources, "a property or *");
  expect(Kind::RightBrace, "}");
}

void Parser::names_or_star(std::vector<std::string>& names, bool& star, std::string_view what) {
  star = accept(Kind::Star);
  if (!star) list([&] { names.push_back(name(what)); });
}

// apoc.*, db.?x, *: as far as no white space parts it, so that a missing comma is none of the name.
std::string Parser::glob() {
  const std::uint32_t begin = peek().begin;
  const auto at_part = [this] {
    return at_name() || at(Kind::Star) || at(Kind::Question) || at(Kind::Dot) || at(Kind::Number);
  };
  if (!at_part() || at_words({"ON", "DBMS"})) fail_expected("a name or *");
  do take();
  while (at_part() && peek().begin == token_at(at_ - 1).end);
  return source(begin);
}

void Parser::privilege_target(ChangePrivilege& change, std::uint8_t places) {
  expect_word("ON");
  const auto databases = [&](std::string_view what) {
    if (!accept(Kind::Star)) list([&] { change.names.push_back(symbolic_name(what)); });
  };
  if ((places & kOnDbms) != 0 && accept_word("DBMS")) {
    change.scope = PrivilegeScope::Dbms;
  } else if ((places & kOnDatabase) != 0 && accept_words({"HOME", "DATABASE"})) {
    change.scope = PrivilegeScope::HomeDatabase;
  } else if ((places & kOnDatabase) != 0 && accept_any_word({"DATABASE", "DATABASES"})) {
    change.scope = PrivilegeScope::Database;
    databases("a database or *");
  } else if ((places & kOnGraph) != 0 && accept_words({"HOME", "GRAPH"})) {
    change.scope = PrivilegeScope::HomeGraph;
    privilege_elements(change);
  } else if ((places & kOnGraph) != 0 && accept_any_word({"GRAPH", "GRAPHS"})) {
    change.scope = PrivilegeScope::Graph;
    databases("a graph or *");
    privilege_elements(change);
  } else if ((places & kOnData) != 0 && accept_words({"ALL", "DATA"})) {
    change.scope = PrivilegeScope::AllData;
  } else if ((places & kOnData) != 0 && accept_word("CIDR")) {
    change.scope = PrivilegeScope::Cidr;
    const ExpressionPtr range = string_literal();
    if (const auto* text = std::get_if<StringLiteral>(&range->node)) change.pattern = text->value;
  } else {
    fail_expected(places_text(places));
  }
  if (change.privilege != "ALL") return;
  const bool is_graph = change.scope == PrivilegeScope::Graph || change.scope == PrivilegeScope::HomeGraph;
  change.privilege = is_graph                                  ? "ALL GRAPH PRIVILEGES"
                     : change.scope == PrivilegeScope::Dbms ? "ALL DBMS PRIVILEGES"
                                                             : "ALL DATABASE PRIVILEGES";
}

// [ELEMENTS | NODES | RELATIONSHIPS  * | name, …] | FOR pattern [WHERE …]
void Parser::privilege_elements(ChangePrivilege& change) {
  if (change.privilege == "SET LABEL" || change.privilege == "REMOVE LABEL") return;  // They name their labels already.
  if (accept_word("FOR")) {
    change.elements = PrivilegeElements::Pattern;
    const std::uint32_t begin = peek().begin;
    if (!at(Kind::LeftParenthesis)) fail_expected("'('");
    pattern_path(false);
    optional_where();
    change.pattern = source(begin);
    return;
  }
  if (accept_any_word({"ELEMENT", "ELEMENTS"})) change.elements = PrivilegeElements::All;
  else if (accept_any_word({"NODE", "NODES"})) change.elements = PrivilegeElements::Nodes;
  else if (accept_any_word({"RELATIONSHIP", "RELATIONSHIPS"})) change.elements = PrivilegeElements::Relationships;
  else return;
  change.has_elements = true;
  bool star = false;
  names_or_star(change.labels, star, "a label, a type or *");
}

}  // namespace nexus::syntax
