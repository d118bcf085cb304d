// Administration, schema and session statements as text.
#include "base/match.h"
#include "syntax/printer_state.h"

namespace nexus::syntax {
namespace {

std::string_view create_words(bool or_replace) { return or_replace ? "CREATE OR REPLACE " : "CREATE "; }
std::string_view unless_exists(bool if_not_exists) { return if_not_exists ? " IF NOT EXISTS" : ""; }
std::string_view if_exists_words(bool if_exists) { return if_exists ? " IF EXISTS" : ""; }

}  // namespace

void Printer::put(const Wait& wait) {
  if (!wait.wait) return;
  put(" WAIT");
  if (wait.seconds) add(" ", *wait.seconds, " SECONDS");
}

void Printer::put(const Topology& topology) {
  put("TOPOLOGY");
  if (topology.primaries) add(" ", *topology.primaries, " PRIMARIES");
  if (topology.secondaries) add(" ", *topology.secondaries, " SECONDARIES");
}

void Printer::node(const CreateDatabase& command) {
  put(create_words(command.or_replace));
  put(command.composite ? "COMPOSITE " : command.temporary ? "TEMPORARY " : "");
  add("DATABASE ", command.name, unless_exists(command.if_not_exists));
  optional(" AS COPY OF ", command.copy_of);
  if (command.ttl_seconds) add(" TTL ", *command.ttl_seconds, " SECONDS");
  optional(" DEFAULT LANGUAGE ", command.language);
  optional(" ", command.topology);
  optional(" OPTIONS ", command.options);
  put(command.wait);
}

void Printer::put(const AlterDatabase::Change& change) {
  std::visit(nexus::Match{
      [this](const SetAccess& access) { put(access.read_only ? "SET ACCESS READ ONLY" : "SET ACCESS READ WRITE"); },
      [this](const Topology& topology) { add("SET ", topology); },
      [this](const SetOption& option) { add("SET OPTION ", Name{option.key}, " ", option.value); },
      [this](const RemoveOption& option) { add("REMOVE OPTION ", Name{option.key}); },
      [this](const SetLanguage& language) { add("SET DEFAULT LANGUAGE ", language.language); },
      [this](const RenameTo& rename) { add("RENAME TO ", rename.name); }}, change);
}

void Printer::node(const AlterDatabase& command) {
  add("ALTER DATABASE ", command.name, if_exists_words(command.if_exists), " ");
  separated(command.changes, " ", [this](const AlterDatabase::Change& change) { put(change); });
  put(command.wait);
}

void Printer::node(const DropDatabase& command) {
  add("DROP ", command.composite ? "COMPOSITE DATABASE " : "DATABASE ", command.name);
  add(if_exists_words(command.if_exists), command.cascade_aliases ? " CASCADE ALIASES" : "");
  add(command.dump_data ? " DUMP DATA" : command.destroy_data ? " DESTROY DATA" : "", command.wait);
}

void Printer::node(const UndropDatabase& command) {
  add("UNDROP DATABASE ", command.name);
  optional(" AS ", command.new_name);
  put(command.wait);
}

void Printer::put(const AliasSettings& settings) {
  optional(" USER ", settings.user);
  optional(" PASSWORD ", settings.password);
  if (settings.oidc_forwarding) put(" OIDC CREDENTIAL FORWARDING");
  optional(" DRIVER ", settings.driver);
  optional(" DEFAULT LANGUAGE ", settings.language);
  optional(" PROPERTIES ", settings.properties);
}

void Printer::node(const CreateAlias& command) {
  add(create_words(command.or_replace), "ALIAS ", command.name, unless_exists(command.if_not_exists));
  optional(" FOR DATABASE ", command.settings.target);
  optional(" AT ", command.settings.url);
  put(command.settings);
}

void Printer::node(const AlterAlias& command) {
  add("ALTER ALIAS ", command.name, if_exists_words(command.if_exists), " SET DATABASE");
  optional(" TARGET ", command.settings.target);
  optional(" AT ", command.settings.url);
  put(command.settings);
}

void Printer::node(const DropAlias& command) {
  add("DROP ALIAS ", command.name, if_exists_words(command.if_exists), " FOR DATABASE");
}

void Printer::password_change(const std::optional<bool>& required) {
  if (required) put(*required ? " SET PASSWORD CHANGE REQUIRED" : " SET PASSWORD CHANGE NOT REQUIRED");
}

void Printer::put(const UserAuth& auth) {
  add(" SET AUTH PROVIDER ", quote_string(auth.provider), " {");
  optional(" SET ID ", auth.id);
  optional(auth.encrypted ? " SET ENCRYPTED PASSWORD " : " SET PASSWORD ", auth.password);
  password_change(auth.change_required);
  put(" }");
}

void Printer::put(const UserSettings& settings) {
  if (settings.remove_home) put(" REMOVE HOME DATABASE");
  if (settings.remove_all_auth) put(" REMOVE ALL AUTH");
  for (const Expression& provider : settings.remove_auth) add(" REMOVE AUTH ", provider);
  optional(settings.encrypted ? " SET ENCRYPTED PASSWORD " : " SET PASSWORD ", settings.password);
  password_change(settings.change_required);
  if (settings.suspended) put(*settings.suspended ? " SET STATUS SUSPENDED" : " SET STATUS ACTIVE");
  optional(" SET HOME DATABASE ", settings.home);
  for (const UserAuth& auth : settings.auth) put(auth);
}

void Printer::node(const CreateUser& command) {
  add(create_words(command.or_replace), "USER ", command.name, unless_exists(command.if_not_exists), command.settings);
}

void Printer::node(const AlterUser& command) {
  add("ALTER USER ", command.name, if_exists_words(command.if_exists), command.settings);
}

void Printer::node(const AlterCurrentUser& command) {
  add("ALTER CURRENT USER SET PASSWORD FROM ", command.old_password, " TO ", command.new_password);
}

void Printer::node(const RenameUser& command) {
  add("RENAME USER ", command.name, if_exists_words(command.if_exists), " TO ", command.new_name);
}

void Printer::node(const DropUser& command) {
  add("DROP USER ", command.name, if_exists_words(command.if_exists));
}

void Printer::node(const UnsupportedAdminCommand& command) { put(command.text); }

void Printer::node(const CreateIndex& command) {
  static constexpr std::string_view kWords[] = {"", "TEXT ", "POINT ", "VECTOR ", "FULLTEXT ", "LOOKUP "};
  add(create_words(command.or_replace), kWords[static_cast<std::size_t>(command.kind)], "INDEX");
  optional(" ", command.name);
  put(unless_exists(command.if_not_exists));
  const bool is_node = command.entity == EntityKind::Node;
  put(is_node ? " FOR (n" : " FOR ()-[n");
  if (!command.labels.empty()) put(":");
  separated(command.labels, "|", [this](const std::string& label) { put(Key{label}); });
  put(is_node ? ") ON " : "]-() ON ");
  if (command.kind == IndexKind::Lookup) {
    put(is_node ? "EACH labels(n)" : "EACH type(n)");
  } else {
    const bool is_fulltext = command.kind == IndexKind::Fulltext;
    put(is_fulltext ? "EACH [" : "(");
    separated(command.properties, ", ", [this](const std::string& key) { add("n.", Key{key}); });
    put(is_fulltext ? "]" : ")");
  }
  optional(" OPTIONS ", command.options);
}

void Printer::node(const DropIndex& command) {
  if (command.name) {
    add("DROP INDEX ", *command.name, if_exists_words(command.if_exists));
    return;
  }
  add("DROP INDEX ON :", Key{command.label}, "(");
  names(command.properties);
  put(")");
}

void Printer::node(const CreateConstraint& command) {
  add(create_words(command.or_replace), "CONSTRAINT");
  optional(" ", command.name);
  put(unless_exists(command.if_not_exists));
  const bool is_node = command.entity == EntityKind::Node;
  add(is_node ? " FOR (n:" : " FOR ()-[n:", Key{command.label}, is_node ? ") REQUIRE (" : "]-() REQUIRE (");
  separated(command.properties, ", ", [this](const std::string& key) { add("n.", Key{key}); });
  switch (command.kind) {
    case ConstraintKind::Unique: put(") IS UNIQUE"); break;
    case ConstraintKind::Key: put(") IS KEY"); break;
    case ConstraintKind::Exists: put(") IS NOT NULL"); break;
    case ConstraintKind::PropertyType: put(") IS :: "); break;
  }
  optional("", command.type);
  optional(" OPTIONS ", command.options);
}

void Printer::node(const DropConstraint& command) {
  add("DROP CONSTRAINT ", command.name, if_exists_words(command.if_exists));
}

void Printer::node(const TransactionCommand& command) {
  switch (command.kind) {
    case TransactionCommand::Kind::Begin: return put("BEGIN");
    case TransactionCommand::Kind::Commit: return put("COMMIT");
    case TransactionCommand::Kind::Rollback: return put("ROLLBACK");
  }
}

void Printer::node(const SessionUse& command) {
  if (command.graph) add("USE ", *command.graph);
  else put(":use");
}

}  // namespace nexus::syntax
