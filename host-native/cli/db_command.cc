// `nexus db …`: the administration statements under short names.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "host-native/cli/commands.h"
#include "host-native/cli/options.h"
#include "host-native/cli/statement_run.h"
#include "value/text.h"

namespace nexus::host {
namespace {

struct Flags {
  TargetFlags target;
  std::string format;
  std::string name;
  bool if_exists = false;
  bool if_not_exists = false;
  bool or_replace = false;
  std::string copy_of;
  std::string alias_target;
  bool drop_alias = false;
  bool cascade_aliases = false;
};

constexpr const char* kListColumns =
    "YIELD name, currentStatus, access, default, aliases, nodeCount, relationshipCount, storeBytes";
constexpr const char* kInfoColumns =
    "YIELD name, databaseID, currentStatus, statusMessage, access, default, aliases, nodeCount, relationshipCount, storeBytes";

// Why without the chosen database: a command about databases must work when that one is gone.
std::unique_ptr<Connection> connect_for(Flags& flags, Target& target, int& code) {
  auto resolved = resolve(flags.target, Config::load());
  if (!resolved) {
    print_error(resolved.error());
    code = kExitUsage;
    return nullptr;
  }
  target = *resolved;
  target.database.clear();
  auto connection = connect(target);
  if (!connection) {
    print_error(connection.error());
    code = exit_code_of(connection.error(), nullptr);
    return nullptr;
  }
  return std::move(*connection);
}

Error not_found(const std::string& name) {
  return Error{ErrorCode::DatabaseNotFound, "Database does not exist. Database name: '" + name + "'."};
}

int run(Flags& flags, const std::string& statement) {
  int code = kExitOk;
  Target target;
  const auto connection = connect_for(flags, target, code);
  if (connection == nullptr) return code;
  return run_statement(*connection, statement, {}, style_for_stdout(flags.format));
}

int list(Flags& flags) { return run(flags, std::string("SHOW DATABASES ") + kListColumns); }

int info(Flags& flags) {
  int code = kExitOk;
  Target target;
  const auto connection = connect_for(flags, target, code);
  if (connection == nullptr) return code;
  const std::string show = "SHOW DATABASE " + quote_identifier(flags.name) + " ";
  auto found = query(*connection, show + "YIELD name", {});
  if (found && found->rows.empty()) found = not_found(flags.name);
  if (!found) {
    print_error(found.error());
    return exit_code_of(found.error(), connection.get());
  }
  return run_statement(*connection, show + kInfoColumns, {}, style_for_stdout(flags.format));
}

int create(Flags& flags) {
  std::string text = flags.or_replace ? "CREATE OR REPLACE DATABASE " : "CREATE DATABASE ";
  text += quote_identifier(flags.name);
  if (flags.if_not_exists) text += " IF NOT EXISTS";
  if (!flags.copy_of.empty()) text += " AS COPY OF " + quote_identifier(flags.copy_of);
  return run(flags, text + " WAIT");
}

// A dropped database is no longer the one that later commands use.
int drop(Flags& flags) {
  const int code =
      run(flags, "DROP DATABASE " + quote_identifier(flags.name) + (flags.if_exists ? " IF EXISTS" : "") +
                     (flags.cascade_aliases ? " CASCADE ALIASES" : "") + " WAIT");
  if (code != kExitOk) return code;
  Config config = Config::load();
  const auto target = resolve(flags.target, config);
  if (!target || config.database_for(target_key(*target)) != flags.name) return code;
  if (auto forgotten = config.set_database(target_key(*target), ""); !forgotten) print_error(forgotten.error());
  return code;
}

// `alias`: all of them; `alias NAME DATABASE`: makes or moves one; `alias NAME --drop`: drops one.
int alias(Flags& flags) {
  const std::string name = quote_identifier(flags.name);
  if (flags.drop_alias) {
    return run(flags, "DROP ALIAS " + name + (flags.if_exists ? " IF EXISTS" : "") + " FOR DATABASE");
  }
  if (!flags.alias_target.empty()) {
    return run(flags, "CREATE OR REPLACE ALIAS " + name + " FOR DATABASE " + quote_identifier(flags.alias_target));
  }
  return run(flags, "SHOW ALIASES " + (flags.name.empty() ? std::string() : name + " ") + "FOR DATABASE");
}

int stop(Flags& flags) { return run(flags, "STOP DATABASE " + quote_identifier(flags.name) + " WAIT"); }
int start(Flags& flags) { return run(flags, "START DATABASE " + quote_identifier(flags.name) + " WAIT"); }

int switch_to(Flags& flags) {
  int code = kExitOk;
  Target target;
  const auto connection = connect_for(flags, target, code);
  if (connection == nullptr) return code;
  Result<> done = connection->use(flags.name);
  if (done) done = Config::load().set_database(target_key(target), flags.name);
  if (!done) {
    print_error(done.error());
    return exit_code_of(done.error(), connection.get());
  }
  fmt::print(stderr, "commands on {} now use '{}'\n", connection->target(), flags.name);
  return kExitOk;
}

}  // namespace

Command add_db(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  auto chosen = std::make_shared<int (*)(Flags&)>(nullptr);
  app.require_subcommand(1);
  const auto add = [&](const char* name, const char* text, int (*action)(Flags&), bool named) {
    CLI::App* command = app.add_subcommand(name, text);
    flags->target.add_to(*command);
    command->add_option("-f,--format", flags->format, "table, plain, csv, tsv, json or jsonl")
        ->check(CLI::IsMember({"table", "plain", "csv", "tsv", "json", "jsonl"}));
    if (named) command->add_option("name", flags->name, "Database")->required();
    command->callback([chosen, action] { *chosen = action; });
    return command;
  };
  add("list", "All databases", list, false);
  add("info", "One database", info, true);
  CLI::App* make = add("create", "Create a database", create, true);
  make->add_flag("--if-not-exists", flags->if_not_exists, "Nothing happens when it is there");
  make->add_flag("--or-replace", flags->or_replace, "Drop the old one first");
  make->add_option("--copy-of", flags->copy_of, "Begin as a copy of another database");
  add("switch", "Use a database from now on, remembered for this server or directory", switch_to, true);
  CLI::App* remove = add("drop", "Drop a database with its data", drop, true);
  remove->add_flag("--if-exists", flags->if_exists, "Nothing happens when it is missing");
  remove->add_flag("--cascade-aliases", flags->cascade_aliases, "Its aliases go, too");
  CLI::App* second = add("alias", "List aliases; or give a database another name", alias, false);
  second->add_option("name", flags->name, "Alias");
  second->add_option("target", flags->alias_target, "The database it leads to");
  second->add_flag("--drop", flags->drop_alias, "Drop the alias")->needs("name");
  second->add_flag("--if-exists", flags->if_exists, "With --drop: nothing happens when it is missing");
  add("stop", "Take a database offline", stop, true);
  add("start", "Take a database online", start, true);
  app.footer("Example: nexus db create flights && nexus db switch flights && nexus query 'MATCH (n) RETURN count(n)'");
  return [flags, chosen] { return (*chosen)(*flags); };
}

}  // namespace nexus::host
