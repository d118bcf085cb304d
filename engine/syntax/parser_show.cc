// SHOW … and TERMINATE TRANSACTIONS: clauses that list what the server knows.
#include "syntax/parser_state.h"

namespace nexus::syntax {

ShowCommand Parser::show() {
  ShowCommand command{};
  if (accept_any_word({"DATABASE", "DATABASES"})) {
    command.kind = ShowKind::Databases;
    if (!at_show_tail()) command.names.push_back(symbolic_name("a database name"));
  } else if (accept_words({"DEFAULT", "DATABASE"})) {
    command.kind = ShowKind::DefaultDatabase;
  } else if (accept_words({"HOME", "DATABASE"})) {
    command.kind = ShowKind::HomeDatabase;
  } else if (accept_any_word({"ALIAS", "ALIASES"})) {
    command.kind = ShowKind::Aliases;
    if (!at_word("FOR")) command.names.push_back(symbolic_name("an alias"));
    expect_word("FOR");
    if (!accept_any_word({"DATABASE", "DATABASES"})) fail_expected("DATABASES");
  } else if (accept_any_word({"TRANSACTION", "TRANSACTIONS"})) {
    command.kind = ShowKind::Transactions;
    if (!at_show_tail()) list([&] { command.ids.push_back(expression_value()); });
  } else if (accept_any_word({"SETTING", "SETTINGS"})) {
    command.kind = ShowKind::Settings;
    if (!at_show_tail()) list([&] { command.ids.push_back(expression_value()); });
  } else if (accept_any_word({"SERVER", "SERVERS"})) {
    command.kind = ShowKind::Servers;
  } else if (at_words({"USER", "DEFINED", "FUNCTION"}) || at_words({"USER", "DEFINED", "FUNCTIONS"}) ||
             !show_of_users(command)) {
    show_filtered(command);
  }
  show_tail(command);
  return command;
}

bool Parser::at_show_tail() const {
  return at_end() || at(Kind::RightBrace) ||
         at_any_word({"YIELD", "WHERE", "RETURN", "WITH", "UNWIND", "MATCH", "CALL", "SHOW", "TERMINATE", "UNION"});
}

// a {, b} before PRIVILEGES, a word of the tail too where it is none of it. None is there: false.
bool Parser::show_names(ShowCommand& command) {
  const bool is_listed = (at_name() || at(Kind::Parameter)) &&
                         (at(Kind::Comma, 1) || at(Kind::Dot, 1) || at_any_word({"PRIVILEGE", "PRIVILEGES"}, 1));
  if (!is_listed && (at_show_tail() || at_any_word({"PRIVILEGE", "PRIVILEGES"}))) return false;
  list([&] { command.names.push_back(symbolic_name("a name")); });
  return true;
}

// PRIVILEGES [AS [REVOKE] COMMANDS]
bool Parser::show_privileges(ShowCommand& command, std::optional<ShowKind> of) {
  if (!accept_any_word({"PRIVILEGE", "PRIVILEGES"})) return false;
  command.kind = ShowKind::Privileges;
  command.privileges_of = of;
  if (!accept_word("AS")) return true;
  command.filter = accept_word("REVOKE") ? "AS REVOKE COMMANDS" : "AS COMMANDS";
  if (!accept_any_word({"COMMAND", "COMMANDS"})) fail_expected("COMMANDS");
  return true;
}

// Users, roles and privileges. False when the words name none of them.
bool Parser::show_of_users(ShowCommand& command) {
  const auto roles = [&](ShowKind kind) {
    command.kind = kind;
    command.with_auth = accept_word("WITH");
    if (command.with_auth && !accept_any_word({"USER", "USERS"})) fail_expected("USERS");
    return true;
  };
  const bool is_current = accept_words({"CURRENT", "USER"});
  if (is_current || accept_any_word({"USER", "USERS"})) {
    command.kind = is_current ? ShowKind::CurrentUser : ShowKind::Users;
    const bool has_names = !is_current && show_names(command);
    if (!is_current && show_privileges(command, ShowKind::Users)) return true;
    if (has_names) fail_expected("PRIVILEGES");
    command.with_auth = accept_word("WITH");
    if (command.with_auth) expect_word("AUTH");
    return true;
  }
  if (accept_word("POPULATED")) {
    if (!accept_any_word({"ROLE", "ROLES"})) fail_expected("ROLES");
    return roles(ShowKind::PopulatedRoles);
  }
  if (accept_words({"ALL", "ROLE"}) || accept_words({"ALL", "ROLES"})) return roles(ShowKind::Roles);
  if (accept_words({"SUPPORTED", "PRIVILEGES"}) || accept_words({"SUPPORTED", "PRIVILEGE"})) {
    command.kind = ShowKind::SupportedPrivileges;
    return true;
  }
  if (at_word("ALL") && at_any_word({"PRIVILEGE", "PRIVILEGES"}, 1)) take();
  if (!accept_any_word({"ROLE", "ROLES"})) return show_privileges(command, std::nullopt);
  if (!show_names(command)) {
    if (at_any_word({"PRIVILEGE", "PRIVILEGES"})) fail_expected("a role");
    return roles(ShowKind::Roles);
  }
  if (!show_privileges(command, ShowKind::Roles)) fail_expected("PRIVILEGES");
  return true;
}

// [filter words] INDEXES | CONSTRAINTS | FUNCTIONS | PROCEDURES
void Parser::show_filtered(ShowCommand& command) {
  const auto at_subject = [this] {
    return at_any_word({"INDEX", "INDEXES", "CONSTRAINT", "CONSTRAINTS", "FUNCTION", "FUNCTIONS", "PROCEDURE",
                        "PROCEDURES"});
  };
  const Position position = peek().position;
  while (!at_subject() && at_any_word({"ALL", "RANGE", "TEXT", "POINT", "VECTOR", "FULLTEXT", "LOOKUP", "BTREE",
                                       "BUILT", "IN", "USER", "DEFINED", "NODE", "REL", "RELATIONSHIP", "KEY", "UNIQUE",
                                       "UNIQUENESS", "PROPERTY", "TYPE", "EXIST", "EXISTS", "EXISTENCE"})) {
    if (!command.filter.empty()) command.filter += ' ';
    for (const char letter : text_of(peek())) command.filter += static_cast<char>(letter & ~0x20);
    take();
  }
  if (command.filter == "ALL") command.filter.clear();
  if (accept_any_word({"INDEX", "INDEXES"})) {
    command.kind = ShowKind::Indexes;
  } else if (accept_any_word({"CONSTRAINT", "CONSTRAINTS"})) {
    command.kind = ShowKind::Constraints;
  } else if (accept_any_word({"FUNCTION", "FUNCTIONS"})) {
    command.kind = ShowKind::Functions;
    const bool known = command.filter.empty() || command.filter == "BUILT IN" || command.filter == "USER DEFINED";
    if (!known) fail(ErrorCode::UnexpectedSyntax, "Expected ALL, BUILT IN or USER DEFINED before FUNCTIONS", position);
    show_executable(command);
  } else if (command.filter.empty() && accept_any_word({"PROCEDURE", "PROCEDURES"})) {
    command.kind = ShowKind::Procedures;
    show_executable(command);
  } else {
    fail_expected("something that SHOW can list");
  }
}

void Parser::show_executable(ShowCommand& command) {
  command.executable = accept_word("EXECUTABLE");
  if (!command.executable || !accept_word("BY")) return;
  if (!accept_words({"CURRENT", "USER"})) command.executable_by = name("a user");
}

void Parser::show_tail(ShowCommand& command) {
  if (accept_word("YIELD")) command.yield = show_yield();
  else command.where = optional_where();
}

// * | column [AS name], … [ORDER BY …] [SKIP …] [LIMIT …] [WHERE …]
Yield Parser::show_yield() {
  Yield yield;
  yield.star = accept(Kind::Star);
  if (!yield.star) list([&] { yield.items.push_back(yield_item()); });
  ordering(yield.ordering);
  yield.where = optional_where();
  return yield;
}

TerminateTransactions Parser::terminate() {
  if (!accept_any_word({"TRANSACTION", "TRANSACTIONS"})) fail_expected("TRANSACTIONS");
  TerminateTransactions command;
  list([&] { command.ids.push_back(expression_value()); });
  if (accept_word("YIELD")) command.yield = show_yield();
  else if (at_word("WHERE")) fail_expected("YIELD before WHERE");
  return command;
}

}  // namespace nexus::syntax
