// Administration of databases and aliases, transaction control, and what is only recognised.
#include "syntax/parser_state.h"

namespace nexus::syntax {

namespace {

template <class Command>
std::optional<Statement::Node> node(Command&& command) {
  return Statement::Node(std::forward<Command>(command));
}

}  // namespace

// Nothing is taken when the words begin a query.
std::optional<Statement::Node> Parser::command() {
  if (!at(Kind::Word) || at(Kind::Equal, 1)) return std::nullopt;
  if (at_word("CREATE")) return create_command();
  if (at_word("DROP")) return drop_command();
  if (at_any_word({"ALTER", "RENAME"})) return alter_command();
  if (accept_words({"UNDROP", "DATABASE"})) return node(undrop_database());
  if (accept_words({"START", "DATABASE"})) return node(StartDatabase{symbolic_name("a database name"), wait()});
  if (accept_words({"STOP", "DATABASE"})) return node(StopDatabase{symbolic_name("a database name"), wait()});
  if (auto transaction = transaction_command()) return transaction;
  if (at_any_word({"GRANT", "DENY", "REVOKE"})) return privilege_command();
  return server_command();
}

std::optional<Statement::Node> Parser::create_command() {
  const std::size_t ahead = at_words({"CREATE", "OR", "REPLACE"}) ? 3 : 1;
  const bool or_replace = ahead == 3;
  if (at(Kind::Equal, ahead + 1)) return std::nullopt;  // CREATE database = (a)-->(b)
  if (at_any_word({"DATABASE", "COMPOSITE", "TEMPORARY"}, ahead)) {
    take(ahead);
    return node(create_database(or_replace));
  }
  if (at_word("ALIAS", ahead)) {
    take(ahead + 1);
    CreateAlias alias{symbolic_name("a name for the alias"), or_replace, if_not_exists(or_replace), {}};
    alias.settings = alias_settings(true);
    return node(std::move(alias));
  }
  if (at_word("USER", ahead)) {
    take(ahead + 1);
    CreateUser user{symbolic_name("a user name"), or_replace, if_not_exists(or_replace), {}};
    user.settings = user_settings(true);
    return node(std::move(user));
  }
  if (at_word("ROLE", ahead) || at_words({"IMMUTABLE", "ROLE"}, ahead)) return role_command();
  if (!at(Kind::Word, ahead)) return std::nullopt;
  return create_schema(or_replace);
}

std::optional<Statement::Node> Parser::drop_command() {
  if (at_words({"DROP", "DATABASE"}) || at_words({"DROP", "COMPOSITE", "DATABASE"})) return node(drop_database());
  if (accept_words({"DROP", "ALIAS"})) {
    DropAlias drop{symbolic_name("an alias"), if_exists()};
    expect_words({"FOR", "DATABASE"});
    return node(std::move(drop));
  }
  if (accept_words({"DROP", "USER"})) return node(DropUser{symbolic_name("a user name"), if_exists()});
  if (accept_words({"DROP", "INDEX"})) return node(drop_index());
  if (accept_words({"DROP", "CONSTRAINT"})) return node(DropConstraint{symbolic_name("a constraint"), if_exists()});
  if (at_words({"DROP", "ROLE"})) return role_command();
  if (at_words({"DROP", "SERVER"})) return server_command();
  take();
  fail_expected("DATABASE, ALIAS, USER, ROLE, INDEX or CONSTRAINT");
  return std::nullopt;
}

std::optional<Statement::Node> Parser::alter_command() {
  if (accept_words({"ALTER", "DATABASE"})) return node(alter_database());
  if (accept_words({"ALTER", "ALIAS"})) {
    AlterAlias alias{symbolic_name("an alias"), if_exists(), {}};
    expect_words({"SET", "DATABASE"});
    alias.settings = alias_settings(false);
    return node(std::move(alias));
  }
  if (accept_words({"ALTER", "CURRENT", "USER"})) {
    expect_words({"SET", "PASSWORD", "FROM"});
    AlterCurrentUser change{std::move(*string_or_parameter("the old password")), {}};
    expect_word("TO");
    change.new_password = std::move(*string_or_parameter("the new password"));
    return node(std::move(change));
  }
  if (accept_words({"ALTER", "USER"})) {
    AlterUser user{symbolic_name("a user name"), if_exists(), {}};
    user.settings = user_settings(false);
    return node(std::move(user));
  }
  if (accept_words({"RENAME", "USER"})) {
    RenameUser rename{symbolic_name("a user name"), if_exists(), {}};
    expect_word("TO");
    rename.new_name = symbolic_name("a user name");
    return node(std::move(rename));
  }
  if (at_words({"RENAME", "ROLE"})) return role_command();
  if (at_word("SERVER", 1)) return server_command();
  take();
  fail_expected("DATABASE, ALIAS, USER or ROLE");
  return std::nullopt;
}

std::optional<Statement::Node> Parser::transaction_command() {
  using Command = TransactionCommand::Kind;
  std::optional<Command> kind;
  if (accept_word("BEGIN") || accept_words({"START", "TRANSACTION"})) kind = Command::Begin;
  else if (accept_word("COMMIT")) kind = Command::Commit;
  else if (accept_word("ROLLBACK")) kind = Command::Rollback;
  if (!kind) return std::nullopt;
  accept_word("TRANSACTION");
  return node(TransactionCommand{*kind});
}

// The words are read to their end: nothing is behind them.
std::optional<Statement::Node> Parser::server_command() {
  const std::uint32_t begin = peek().begin;
  std::string words(text_of(peek()));
  for (char& letter : words) letter = static_cast<char>(letter & ~0x20);
  if (at_any_word({"DROP", "ALTER", "RENAME", "ENABLE"})) {
    if (at_word("ENABLE") && !at_word("SERVER", 1)) return std::nullopt;
    words += " SERVER";
  } else if (!at_any_word({"DEALLOCATE", "REALLOCATE", "DRYRUN"})) {
    return std::nullopt;
  }
  std::size_t count = 0;
  for (; !at_end() && !at(Kind::Error); take()) ++count;
  if (count < 2 || at(Kind::Error)) fail_expected("a name");
  return node(UnsupportedAdminCommand{std::move(words), source(begin)});
}

bool Parser::if_not_exists(bool or_replace) {
  const Position position = peek().position;
  if (!accept_words({"IF", "NOT", "EXISTS"})) return false;
  if (or_replace) fail(ErrorCode::UnexpectedSyntax, "OR REPLACE and IF NOT EXISTS exclude each other", position);
  return true;
}

SymbolicName Parser::symbolic_name(std::string_view what) {
  SymbolicName result;
  result.position = peek().position;
  if (at(Kind::Parameter)) {
    result.parameter = take_parameter();
    return result;
  }
  do result.parts.push_back(name(what));
  while (accept(Kind::Dot));
  return result;
}

CreateDatabase Parser::create_database(bool or_replace) {
  CreateDatabase command;
  command.or_replace = or_replace;
  command.composite = accept_word("COMPOSITE");
  command.temporary = !command.composite && accept_word("TEMPORARY");
  expect_word("DATABASE");
  command.name = symbolic_name("a name for the database");
  command.if_not_exists = if_not_exists(or_replace);
  create_database_tail(command);
  command.wait = wait();
  return command;
}

// Each part once, in any order.
void Parser::create_database_tail(CreateDatabase& command) {
  while (!error_) {
    if (!command.copy_of && !command.composite && accept_words({"AS", "COPY", "OF"})) {
      command.copy_of = symbolic_name("the database to copy");
    } else if (!command.ttl_seconds && command.temporary && accept_word("TTL")) {
      command.ttl_seconds = integer_or_parameter("a number of seconds");
      if (!accept_any_word({"SEC", "SECOND", "SECONDS"})) fail_expected("SECONDS");
    } else if (!command.language && (at_words({"DEFAULT", "LANGUAGE"}) || at_words({"SET", "DEFAULT", "LANGUAGE"}))) {
      accept_word("SET");
      take(2);
      command.language = language();
    } else if (!command.topology && !command.composite && (at_word("TOPOLOGY") || at_words({"SET", "TOPOLOGY"}))) {
      accept_word("SET");
      take();
      command.topology = topology();
    } else if (!command.options && accept_word("OPTIONS")) {
      command.options = map_or_parameter("a map of options");
    } else {
      return;
    }
  }
}

AlterDatabase Parser::alter_database() {
  AlterDatabase command;
  command.name = symbolic_name("a database name");
  command.if_exists = if_exists();
  while (alter_database_change(command)) {
  }
  if (command.changes.empty()) fail_expected("SET, REMOVE OPTION or RENAME TO");
  command.wait = wait();
  return command;
}

bool Parser::alter_database_change(AlterDatabase& command) {
  if (accept_words({"RENAME", "TO"})) {
    command.changes.push_back(RenameTo{symbolic_name("the new name")});
  } else if (accept_words({"REMOVE", "OPTION"})) {
    command.changes.push_back(RemoveOption{name("an option")});
  } else if (accept_words({"SET", "ACCESS"})) {
    expect_word("READ");
    const bool read_only = at_word("ONLY");
    if (!accept_any_word({"ONLY", "WRITE"})) fail_expected("ONLY or WRITE");
    command.changes.push_back(SetAccess{read_only});
  } else if (accept_words({"SET", "TOPOLOGY"})) {
    command.changes.push_back(topology());
  } else if (accept_words({"SET", "OPTION"})) {
    std::string key = name("an option");
    command.changes.push_back(SetOption{std::move(key), expression_value()});
  } else if (accept_words({"SET", "DEFAULT", "LANGUAGE"})) {
    command.changes.push_back(SetLanguage{language()});
  } else if (at_word("SET")) {
    take();
    fail_expected("ACCESS, TOPOLOGY, OPTION or DEFAULT LANGUAGE");
  } else {
    return false;
  }
  return !error_;
}

DropDatabase Parser::drop_database() {
  take();
  DropDatabase command;
  command.composite = accept_word("COMPOSITE");
  expect_word("DATABASE");
  command.name = symbolic_name("a database name");
  command.if_exists = if_exists();
  if (accept_word("CASCADE")) {
    command.cascade_aliases = true;
    if (!accept_any_word({"ALIAS", "ALIASES"})) fail_expected("ALIASES");
  } else {
    accept_word("RESTRICT");
  }
  command.dump_data = at_word("DUMP");
  command.destroy_data = at_word("DESTROY");
  if (accept_any_word({"DUMP", "DESTROY"})) accept_word("DATA");
  command.wait = wait();
  return command;
}

UndropDatabase Parser::undrop_database() {
  UndropDatabase command;
  command.name = symbolic_name("the name of a dropped database");
  if (accept_word("AS")) command.new_name = symbolic_name("a name for the database");
  command.wait = wait();
  return command;
}

// n PRIMARIES [m SECONDARIES], or the other way round
Topology Parser::topology() {
  Topology result;
  do {
    ExpressionPtr count = integer_or_parameter("a number of primaries or secondaries");
    const bool primary = !result.primaries && accept_any_word({"PRIMARY", "PRIMARIES"});
    const bool secondary = !primary && !result.secondaries && accept_any_word({"SECONDARY", "SECONDARIES"});
    if (!primary && !secondary) fail_expected("PRIMARIES or SECONDARIES");
    (primary ? result.primaries : result.secondaries) = std::move(count);
  } while (at(Kind::Number) || at(Kind::Parameter));
  return result;
}

CypherVersion Parser::language() {
  expect_word("CYPHER");
  const Position position = peek().position;
  const std::int64_t version = take_integer("5 or 25");
  if (version != 5 && version != 25) {
    fail(ErrorCode::UnexpectedSyntax, "Cypher has the versions 5 and 25, not " + std::to_string(version), position);
  }
  return version == 25 ? CypherVersion::Cypher25 : CypherVersion::Cypher5;
}

Wait Parser::wait() {
  Wait result;
  if (accept_word("NOWAIT") || !accept_word("WAIT")) return result;
  result.wait = true;
  if (!at(Kind::Number) && !at(Kind::Parameter)) return result;
  result.seconds = integer_or_parameter("a number of seconds");
  accept_any_word({"SEC", "SECOND", "SECONDS"});
  return result;
}

ExpressionPtr Parser::integer_or_parameter(std::string_view what) {
  if (at(Kind::Parameter)) return parameter();
  const Position position = peek().position;
  return make(IntegerLiteral{take_integer(what)}, position);
}

ExpressionPtr Parser::string_or_parameter(std::string_view what) {
  if (at(Kind::Parameter)) return parameter();
  if (!at(Kind::String)) fail_expected(what);
  return string_literal();
}

AliasSettings Parser::alias_settings(bool is_create) {
  AliasSettings settings;
  if (is_create) {
    expect_words({"FOR", "DATABASE"});
    settings.target = symbolic_name("a database name");
    if (accept_word("AT")) settings.url = string_or_parameter("the URL of a server");
  }
  bool any = is_create;
  while (alias_setting(settings)) any = true;
  if (!any) fail_expected("TARGET, USER, PASSWORD, DRIVER, DEFAULT LANGUAGE or PROPERTIES");
  return settings;
}

bool Parser::alias_setting(AliasSettings& settings) {
  if (!settings.target && accept_word("TARGET")) {
    settings.target = symbolic_name("a database name");
    if (accept_word("AT")) settings.url = string_or_parameter("the URL of a server");
  } else if (!settings.user && accept_word("USER")) {
    settings.user = symbolic_name("a user name");
  } else if (!settings.password && accept_word("PASSWORD")) {
    settings.password = string_or_parameter("a password");
  } else if (accept_words({"OIDC", "CREDENTIAL", "FORWARDING"})) {
    settings.oidc_forwarding = true;
  } else if (!settings.driver && accept_word("DRIVER")) {
    settings.driver = map_or_parameter("a map of driver settings");
  } else if (!settings.language && accept_words({"DEFAULT", "LANGUAGE"})) {
    settings.language = language();
  } else if (!settings.properties && accept_word("PROPERTIES")) {
    settings.properties = map_or_parameter("a map of properties");
  } else {
    return false;
  }
  return !error_;
}

}  // namespace nexus::syntax
