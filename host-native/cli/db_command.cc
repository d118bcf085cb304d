// `nexus db …`: the administration statements under short names.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>

#include "host-native/cli/commands.h"
#include "host-native/cli/options.h"
#include "host-native/cli/statement_run.h"
#include "value/text.h"

namespace nexus::host {
namespace {

struct DbFlags {
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
  bool is_temporary = false;
  std::uint64_t ttl_seconds = 0;
  bool destroys = false;
  std::string other_name;  // The copy, the new name, the name to bring it back under.
  std::string file;
  std::string confirmed;
};

constexpr const char* kListColumns =
    "YIELD name, currentStatus, access, default, aliases, nodeCount, relationshipCount, storeBytes";
constexpr const char* kInfoColumns =
    "YIELD name, databaseID, currentStatus, statusMessage, access, default, aliases, nodeCount, relationshipCount, storeBytes";

// Why without the chosen database: a command about databases must work when that one is gone.
std::unique_ptr<Connection> connect_for(DbFlags& flags, Target& target, int& code) {
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

int run(DbFlags& flags, const std::string& statement) {
  int code = kExitOk;
  Target target;
  const auto connection = connect_for(flags, target, code);
  if (connection == nullptr) return code;
  return run_statement(*connection, statement, {}, style_for_stdout(flags.format));
}

bool is_production(Connection& connection, const std::string& name) {
  const auto table = query(connection, "SHOW DATABASE " + quote_identifier(name) + " YIELD options");
  if (!table || table->rows.empty()) return false;
  const Value* label = table->rows[0][0].is(Type::Map) ? table->rows[0][0].find("environment") : nullptr;
  return label != nullptr && label->is(Type::String) && label->string() == "production";
}

// What could hurt a database labelled 'production' needs its name typed, or given by --confirm.
bool confirm(Connection& connection, const DbFlags& flags, const char* what) {
  if (!is_production(connection, flags.name) || flags.confirmed == flags.name) return true;
  if (flags.confirmed.empty() && isatty(STDIN_FILENO) == 1) {
    fmt::print(stderr, "'{}' is a production database. Type its name to {} it: ", flags.name, what);
    std::string typed;
    if (std::getline(std::cin, typed) && typed == flags.name) return true;
  }
  fmt::print(stderr, "nothing was done: '{}' is a production database; to {} it, give --confirm {}\n", flags.name, what,
             flags.name);
  return false;
}

// Changes something about databases and says in words, on stderr, what was done.
struct Change {
  std::string statement;
  std::string done;
  const char* risk = nullptr;  // What it would do to a production database; null when nothing bad.
};

int apply(DbFlags& flags, const Change& change) {
  int code = kExitOk;
  Target target;
  const auto connection = connect_for(flags, target, code);
  if (connection == nullptr) return code;
  if (change.risk != nullptr && !confirm(*connection, flags, change.risk)) return kExitUsage;
  CollectingSink rows;
  const auto summary = connection->run(change.statement, {}, rows);
  if (!summary) {
    print_error(summary.error());
    return exit_code_of(summary.error(), connection.get());
  }
  const bool changed = summary->counters.system_updates != 0;
  fmt::print(stderr, "{}\n", changed ? change.done : "nothing changed: it was so already");
  return kExitOk;
}

int list(DbFlags& flags) { return run(flags, std::string("SHOW DATABASES ") + kListColumns); }

int info(DbFlags& flags) {
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

int create(DbFlags& flags) {
  std::string text = flags.or_replace ? "CREATE OR REPLACE " : "CREATE ";
  text += flags.is_temporary ? "TEMPORARY DATABASE " : "DATABASE ";
  text += quote_identifier(flags.name);
  if (flags.if_not_exists) text += " IF NOT EXISTS";
  if (!flags.copy_of.empty()) text += " AS COPY OF " + quote_identifier(flags.copy_of);
  if (flags.ttl_seconds != 0) text += " TTL " + std::to_string(flags.ttl_seconds) + " SECONDS";
  return apply(flags, {text, fmt::format("created '{}'", flags.name), flags.or_replace ? "replace" : nullptr});
}

int copy(DbFlags& flags) {
  return apply(flags, {"CREATE DATABASE " + quote_identifier(flags.other_name) + " AS COPY OF " +
                           quote_identifier(flags.name),
                       fmt::format("'{}' is a copy of '{}'", flags.other_name, flags.name)});
}

// Later commands use what the database chosen for them has become; nothing when it is gone.
void follow(const DbFlags& flags, const std::string& new_name) {
  Config config = Config::load();
  const auto target = resolve(flags.target, config);
  if (!target || config.database_for(target_key(*target)) != flags.name) return;
  if (auto kept = config.set_database(target_key(*target), new_name); !kept) print_error(kept.error());
}

int rename(DbFlags& flags) {
  const int code =
      apply(flags, {"ALTER DATABASE " + quote_identifier(flags.name) + " RENAME TO " +
                        quote_identifier(flags.other_name),
                    fmt::format("'{}' is called '{}' now", flags.name, flags.other_name), "rename"});
  if (code == kExitOk) follow(flags, flags.other_name);
  return code;
}

int drop(DbFlags& flags) {
  std::string options = flags.if_exists ? " IF EXISTS" : "";
  if (flags.cascade_aliases) options += " CASCADE ALIASES";
  if (flags.destroys) options += " DESTROY DATA";
  const int code = apply(flags, {"DROP DATABASE " + quote_identifier(flags.name) + options,
                                fmt::format("dropped '{}'", flags.name), "drop"});
  if (code == kExitOk) follow(flags, "");
  return code;
}

// `alias`: all of them; `alias NAME DATABASE`: makes or moves one; `alias NAME --drop`: drops one.
int alias(DbFlags& flags) {
  const std::string name = quote_identifier(flags.name);
  if (flags.drop_alias) {
    return apply(flags, {"DROP ALIAS " + name + (flags.if_exists ? " IF EXISTS" : "") + " FOR DATABASE",
                        fmt::format("dropped the alias '{}'", flags.name)});
  }
  if (!flags.alias_target.empty()) {
    return apply(flags,
                {"CREATE OR REPLACE ALIAS " + name + " FOR DATABASE " + quote_identifier(flags.alias_target),
                 fmt::format("'{}' leads to '{}'", flags.name, flags.alias_target)});
  }
  return run(flags, "SHOW ALIASES " + (flags.name.empty() ? std::string() : name + " ") + "FOR DATABASE");
}

int undrop(DbFlags& flags) {
  const std::string& name = flags.other_name.empty() ? flags.name : flags.other_name;
  return apply(flags, {"UNDROP DATABASE " + quote_identifier(flags.name) +
                          (flags.other_name.empty() ? "" : " AS " + quote_identifier(flags.other_name)),
                      fmt::format("'{}' is back", name)});
}

int stop(DbFlags& flags) {
  return apply(flags, {"STOP DATABASE " + quote_identifier(flags.name), fmt::format("'{}' is stopped", flags.name),
                       "stop"});
}

int start(DbFlags& flags) {
  return apply(flags, {"START DATABASE " + quote_identifier(flags.name), fmt::format("'{}' is started", flags.name)});
}

int finish(const Result<>& done, const Connection& connection, const std::string& message) {
  if (!done) {
    print_error(done.error());
    return exit_code_of(done.error(), &connection);
  }
  fmt::print(stderr, "{}\n", message);
  return kExitOk;
}

// Under another name until it is complete: a file with the name asked for is always whole.
int dump(DbFlags& flags) {
  int code = kExitOk;
  Target target;
  const auto connection = connect_for(flags, target, code);
  if (connection == nullptr) return code;
  const std::string partial = flags.file + ".partial";
  std::ofstream out(partial, std::ios::binary | std::ios::trunc);
  std::uint64_t bytes = 0;
  Result<> done = connection->dump(flags.name, [&](ByteView piece) -> Result<> {
    out.write(reinterpret_cast<const char*>(piece.data()), static_cast<std::streamsize>(piece.size()));
    bytes += piece.size();
    if (!out) return Error{ErrorCode::IoError, "cannot write " + partial};
    return Done{};
  });
  out.close();
  if (done && (!out || std::rename(partial.c_str(), flags.file.c_str()) != 0)) {
    done = Error{ErrorCode::IoError, "cannot write " + flags.file};
  }
  if (!done) static_cast<void>(std::remove(partial.c_str()));
  return finish(done, *connection, fmt::format("'{}' is in {} ({} bytes)", flags.name, flags.file, bytes));
}

class FileSource final : public ByteSource {
 public:
  explicit FileSource(const std::string& path) : in_(path, std::ios::binary) {}
  bool is_open() const { return in_.is_open(); }
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    in_.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size()));
    if (in_.bad()) return Error{ErrorCode::IoError, "the file cannot be read"};
    return static_cast<std::size_t>(in_.gcount());
  }

 private:
  std::ifstream in_;
};

int restore(DbFlags& flags) {
  FileSource source(flags.file);
  if (!source.is_open()) {
    fmt::print(stderr, "cannot open {}\n", flags.file);
    return kExitUsage;
  }
  int code = kExitOk;
  Target target;
  const auto connection = connect_for(flags, target, code);
  if (connection == nullptr) return code;
  return finish(connection->restore(flags.name, source), *connection,
                fmt::format("'{}' is restored from {}", flags.name, flags.file));
}

int switch_to(DbFlags& flags) {
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
  auto flags = std::make_shared<DbFlags>();
  auto chosen = std::make_shared<int (*)(DbFlags&)>(nullptr);
  app.require_subcommand(1);
  // What the first word is: "DATABASE" for one that is there, "NAME" for another, null for none.
  const auto add = [&](const char* name, const char* text, int (*action)(DbFlags&), const char* type) {
    CLI::App* command = app.add_subcommand(name, text);
    flags->target.add_to(*command);
    add_format(*command, flags->format);
    if (type != nullptr) command->add_option("name", flags->name, "Database")->required()->type_name(type);
    command->callback([chosen, action] { *chosen = action; });
    return command;
  };
  add("list", "All databases", list, nullptr);
  add("info", "One database", info, "DATABASE");
  CLI::App* make = add("create", "Create a database", create, "NAME");
  make->add_flag("--if-not-exists", flags->if_not_exists, "Nothing happens when it is there");
  make->add_flag("--or-replace", flags->or_replace, "Drop the old one first");
  make->add_option("--copy-of", flags->copy_of, "Begin as a copy of another database")->type_name("DATABASE");
  add("switch", "Use a database from now on, remembered for this server or directory", switch_to, "DATABASE");
  make->add_flag("--temporary", flags->is_temporary, "In memory, gone when its time is over");
  make->add_option("--ttl", flags->ttl_seconds, "Seconds that a temporary database lives")->needs("--temporary");
  CLI::App* twin = add("copy", "Copy a database as it is now", copy, "DATABASE");
  twin->add_option("copy", flags->other_name, "Name of the copy")->required();
  CLI::App* move = add("rename", "Give a database another name", rename, "DATABASE");
  move->add_option("new-name", flags->other_name, "Its new name")->required();
  CLI::App* remove = add("drop", "Drop a database; undrop brings it back for some days", drop, "DATABASE");
  remove->add_flag("--if-exists", flags->if_exists, "Nothing happens when it is missing");
  remove->add_flag("--destroy-data", flags->destroys, "Keep nothing to bring back");
  remove->add_flag("--cascade-aliases", flags->cascade_aliases, "Its aliases go, too");
  CLI::App* second = add("alias", "List aliases; or give a database another name", alias, nullptr);
  second->add_option("name", flags->name, "Alias");
  second->add_option("target", flags->alias_target, "The database it leads to")->type_name("DATABASE");
  second->add_flag("--drop", flags->drop_alias, "Drop the alias")->needs("name");
  second->add_flag("--if-exists", flags->if_exists, "With --drop: nothing happens when it is missing");
  CLI::App* back = add("undrop", "Bring a dropped database back", undrop, "NAME");
  back->add_option("--as", flags->other_name, "Under another name");
  CLI::App* end = add("stop", "Take a database offline", stop, "DATABASE");
  add("start", "Take a database online", start, "DATABASE");
  for (CLI::App* command : {make, move, remove, end}) {
    command->add_option("--confirm", flags->confirmed, "The name again, for a database labelled 'production'");
  }
  add("dump", "Write a database into one file", dump, "DATABASE")->add_option("file", flags->file, "The file")->required()->type_name("FILE");
  add("restore", "Make a new database from such a file", restore, "NAME")
      ->add_option("file", flags->file, "The file")
      ->required()
      ->type_name("FILE");
  app.footer("Example: nexus db create flights && nexus db switch flights && nexus query 'MATCH (n) RETURN count(n)'");
  return [flags, chosen] { return (*chosen)(*flags); };
}

}  // namespace nexus::host
