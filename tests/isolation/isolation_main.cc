// isolation [--threads N] [--rounds N] [--databases N] [--seed N]
//
// Many sessions at once over some names: databases come, go, stop, start, are copied, change their names and their
// second names, while everybody reads and writes through whatever name is at hand. Each node carries the id of the
// database it was written in, and each acknowledged write is remembered, so that afterwards, and during, a model can say
//
//   leak    a statement saw a node that was written in another database, or in an earlier one of the same name;
//   lost    an acknowledged write is missing from its database;
//   undone  a write that was rolled back is there.
//
// A deadlock is a program that does not end.
#include <atomic>
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "tests/sim/dice.h"
#include "tests/support/test_instance.h"

namespace {

using namespace nexus;

struct Settings {
  int threads = 8;
  int rounds = 400;
  std::uint64_t databases = 8;  // Names; half as many aliases.
  std::uint64_t seed = 1;
};

struct Tally {
  std::atomic<std::uint64_t> statements{0}, refused{0}, writes{0}, rows{0};
  std::atomic<std::uint64_t> leaks{0}, lost{0}, undone{0}, surprises{0};
  std::mutex mutex;
  std::set<std::string> surprising;
};

bool is_explained(ErrorCode code) {
  switch (code) {
    case ErrorCode::DatabaseNotFound:
    case ErrorCode::NoSuchDatabase:
    case ErrorCode::GraphNotFound:
    case ErrorCode::AliasNotFound:
    case ErrorCode::ConstituentNotFound:
    case ErrorCode::DatabaseExists:
    case ErrorCode::DatabaseUnavailable:
    case ErrorCode::DatabaseHasAliases:
    case ErrorCode::AmbiguousDatabaseName:
    case ErrorCode::CompositeFromOutside:
    case ErrorCode::OutsideFromComposite:
    case ErrorCode::GraphAccessOnComposite:
    case ErrorCode::IllegalAliasChain:
    case ErrorCode::TransactionConflict:
    case ErrorCode::TransactionTerminated: return true;
    default: return false;
  }
}

std::string text_of(const Value& value) { return value.is(Type::String) ? std::string(value.string()) : std::string(); }

// What one thread knows for certain; nobody else looks at it until the end.
struct Memory {
  std::map<std::string, std::set<std::int64_t>> acknowledged;  // By the database's id.
  std::set<std::int64_t> rolled_back;
};

class Client {
 public:
  Client(test::TestInstance& instance, int number, const Settings& settings, Tally& tally)
      : instance_(instance),
        number_(number),
        databases_(settings.databases),
        dice_(settings.seed * 1'000 + static_cast<std::uint64_t>(number)),
        tally_(tally) {}

  void run(int rounds) {
    for (int i = 0; i < rounds; ++i) act();
  }
  const Memory& memory() const { return memory_; }

 private:
  std::string name() { return "db" + std::to_string(dice_.below(databases_)); }
  std::string alias() { return "name" + std::to_string(dice_.below(databases_ / 2)); }
  std::string any_name() { return dice_.below(3) == 0 ? alias() : name(); }
  std::int64_t next_key() { return static_cast<std::int64_t>(number_) * 1'000'000 + ++keys_; }

  void act() {
    switch (dice_.below(27)) {
      case 0: run("CREATE DATABASE " + name() + " IF NOT EXISTS"); break;
      case 1: run("CREATE DATABASE " + name()); break;
      case 2: run("DROP DATABASE " + name() + " IF EXISTS"); break;
      case 3: run("DROP DATABASE " + name() + " CASCADE ALIASES"); break;
      case 4: run("STOP DATABASE " + any_name()); break;
      case 5:
      case 6: run("START DATABASE " + any_name()); break;
      case 7: run("ALTER DATABASE " + name() + " RENAME TO " + name()); break;
      case 8: run("CREATE OR REPLACE ALIAS " + alias() + " FOR DATABASE " + name()); break;
      case 9: run("ALTER ALIAS " + alias() + " SET DATABASE TARGET " + name()); break;
      case 10: run("DROP ALIAS " + alias() + " FOR DATABASE"); break;
      case 11: run("CREATE OR REPLACE DATABASE " + name()); break;
      case 12: run("CREATE OR REPLACE ALIAS all.part" + std::to_string(dice_.below(3)) + " FOR DATABASE " + name()); break;
      case 13: read_all_parts(); break;
      case 14: transaction(); break;
      case 15: run("SHOW TRANSACTIONS YIELD transactionId, database RETURN count(*) AS n"); break;
      case 16: copy(); break;
      case 17:
      case 18:
      case 19:
      case 20: write(); break;
      case 21:
      case 22: administer_together(); break;
      default: read(); break;
    }
  }

  std::optional<Table> run(const std::string& text, const std::string& database = {}, const Map& parameters = {}) {
    auto session = instance_->open_session(Identity{"tester"}, database);
    if (!session) return refuse(session.error(), text);
    return run_in(**session, text, parameters);
  }
  std::optional<Table> run_in(Session& session, const std::string& text, const Map& parameters = {}) {
    ++tally_.statements;
    auto table = query(session, text, parameters);
    if (!table) return refuse(table.error(), text);
    return std::move(*table);
  }
  std::optional<Table> refuse(const Error& error, const std::string& text) {
    ++tally_.refused;
    if (is_explained(error.code)) return std::nullopt;
    ++tally_.surprises;
    const std::lock_guard guard(tally_.mutex);
    tally_.surprising.insert(std::string(error_name(error.code)) + ": " + error.message + " (" + text + ")");
    return std::nullopt;
  }

  static constexpr const char* kWrite = "CALL db.info() YIELD id CREATE (m:M {db: id, key: $key}) RETURN id";

  void write() {
    const std::int64_t key = next_key();
    const auto table = run("USE " + any_name() + " " + kWrite, {}, {{"key", Value::integer(key)}});
    if (!table) return;
    ++tally_.writes;
    memory_.acknowledged[text_of(table->rows.at(0).at(0))].insert(key);
  }

  void transaction() {
    auto session = instance_->open_session(Identity{"tester"}, any_name());
    if (!session) return;
    if (!run_in(**session, "BEGIN")) return;
    const bool commits = dice_.below(2) == 0;
    std::vector<std::pair<std::string, std::int64_t>> written;
    for (std::uint64_t i = dice_.below(3); i < 3; ++i) {
      const std::int64_t key = next_key();
      if (!commits) memory_.rolled_back.insert(key);
      const auto table = run_in(**session, kWrite, {{"key", Value::integer(key)}});
      if (!table) break;
      written.emplace_back(text_of(table->rows.at(0).at(0)), key);
    }
    if (!run_in(**session, commits ? "COMMIT" : "ROLLBACK") || !commits) return;
    for (const auto& [id, key] : written) memory_.acknowledged[id].insert(key);
    tally_.writes += written.size();
  }

  // Swaps two databases' names, or puts one in the place of another: nobody may see half of it, nor lose a write.
  void administer_together() {
    auto session = instance_->open_session(Identity{"tester"}, "system");
    if (!session || !run_in(**session, "BEGIN")) return;
    const std::string one = name(), other = name(), spare = "spare-" + std::to_string(number_);
    const auto all = [&](const std::vector<std::string>& commands) {
      return std::all_of(commands.begin(), commands.end(),
                         [&](const std::string& command) { return run_in(**session, command).has_value(); });
    };
    const std::vector<std::string> kinds[] = {
        {"ALTER DATABASE " + one + " RENAME TO `" + spare + "`", "ALTER DATABASE " + other + " RENAME TO " + one,
         "ALTER DATABASE `" + spare + "` RENAME TO " + other},
        {"DROP DATABASE " + one + " CASCADE ALIASES", "CREATE DATABASE " + one,
         "CREATE OR REPLACE ALIAS " + alias() + " FOR DATABASE " + one},
        {"STOP DATABASE " + one, "START DATABASE " + one, "START DATABASE " + other},
        {"CREATE DATABASE " + one + " IF NOT EXISTS", "DROP DATABASE " + other + " IF EXISTS"}};
    const bool works = all(kinds[dice_.below(std::size(kinds))]);
    run_in(**session, works && dice_.below(4) != 0 ? "COMMIT" : "ROLLBACK");
  }

  // Under a name that nobody else uses, until its nodes say that they are this database's.
  void copy() {
    const std::string mine = "copy-" + std::to_string(number_);
    if (!run("CREATE DATABASE `" + mine + "` AS COPY OF " + any_name())) return;
    const auto table = run("USE `" + mine + "` CALL db.info() YIELD id MATCH (m:M) WITH id, m, m.db AS db "
                           "SET m.db = id RETURN id, db, m.key AS key");
    if (table && !table->rows.empty()) {
      const std::string source = text_of(table->rows[0].at(1));
      std::set<std::int64_t>& copied = memory_.acknowledged[text_of(table->rows[0].at(0))];
      for (const List& row : table->rows) {
        if (text_of(row.at(1)) != source) ++tally_.leaks;
        if (memory_.rolled_back.count(row.at(2).integer()) != 0) ++tally_.undone;
        copied.insert(row.at(2).integer());
      }
      for (const std::int64_t key : memory_.acknowledged[source]) tally_.lost += copied.count(key) == 0 ? 1 : 0;
    }
    if (table && run("ALTER DATABASE `" + mine + "` RENAME TO " + name())) return;
    run("DROP DATABASE `" + mine + "` DESTROY DATA");
  }

  void read() {
    const auto table =
        run("USE " + any_name() + " CALL db.info() YIELD id MATCH (m:M) RETURN id, m.db AS db, m.key AS key");
    if (table) check(*table, true);
  }

  void read_all_parts() {
    run("CREATE COMPOSITE DATABASE all IF NOT EXISTS");
    const auto table = run(
        "UNWIND graph.names() AS g CALL (g) { USE graph.byName(g) CALL db.info() YIELD id MATCH (m:M) "
        "RETURN id, m.db AS db, m.key AS key } RETURN id, db, key",
        "all");
    if (table) check(*table, false);
  }

  void check(const Table& table, bool is_whole) {
    tally_.rows += table.rows.size();
    std::set<std::int64_t> seen;
    for (const List& row : table.rows) {
      if (text_of(row.at(0)) != text_of(row.at(1))) ++tally_.leaks;
      const std::int64_t key = row.at(2).integer();
      if (memory_.rolled_back.count(key) != 0) ++tally_.undone;
      seen.insert(key);
    }
    if (!is_whole || table.rows.empty()) return;
    for (const std::int64_t key : memory_.acknowledged[text_of(table.rows[0].at(0))]) {
      if (seen.count(key) == 0) ++tally_.lost;
    }
  }

  test::TestInstance& instance_;
  const int number_;
  const std::uint64_t databases_;
  sim::Dice dice_;
  Tally& tally_;
  Memory memory_;
  std::int64_t keys_ = 0;
};

// What is still there must hold everything that was acknowledged in it.
std::size_t verify(test::TestInstance& instance, const std::vector<std::unique_ptr<Client>>& clients, Tally& tally) {
  std::size_t databases = 0;
  for (const DatabaseInfo& info : instance->databases(Identity{"tester"})) {
    if (info.type != "standard") continue;
    ++databases;
    auto session = test::must(instance->open_session(Identity{"tester"}, info.name));
    if (info.requested_status == "offline") test::must(query(*session, "START DATABASE " + info.name));
    const Table table =
        test::must(query(*session, "CALL db.info() YIELD id MATCH (m:M) RETURN id, m.db AS db, m.key AS key"));
    std::set<std::int64_t> seen;
    for (const List& row : table.rows) {
      if (text_of(row.at(0)) != info.uuid || text_of(row.at(1)) != info.uuid) ++tally.leaks;
      seen.insert(row.at(2).integer());
    }
    for (const auto& client : clients) {
      const auto known = client->memory().acknowledged.find(info.uuid);
      if (known != client->memory().acknowledged.end()) {
        for (const std::int64_t key : known->second) tally.lost += seen.count(key) == 0 ? 1 : 0;
      }
      for (const std::int64_t key : client->memory().rolled_back) tally.undone += seen.count(key);
    }
  }
  return databases;
}

int run(const Settings& settings) {
  InstanceSettings chosen;
  chosen.stop_grace_ms = 1;
  chosen.open_databases_max = settings.databases / 2;  // So that databases are unloaded and opened again all the time.
  test::TestInstance instance(chosen);
  Tally tally;
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<std::thread> threads;
  for (int i = 0; i < settings.threads; ++i) {
    clients.push_back(std::make_unique<Client>(instance, i + 1, settings, tally));
  }
  for (const auto& client : clients) threads.emplace_back([&client, &settings] { client->run(settings.rounds); });
  for (std::thread& thread : threads) thread.join();
  std::size_t databases = verify(instance, clients, tally);
  instance.crash();
  databases = verify(instance, clients, tally);
  for (const std::string& surprise : tally.surprising) std::printf("surprise: %s\n", surprise.c_str());
  std::printf("isolation: %d threads, %llu statements (%llu refused), %llu acknowledged writes, %llu rows checked, "
              "%zu databases at the end: %llu leaks, %llu lost, %llu undone, %llu surprises\n",
              settings.threads, static_cast<unsigned long long>(tally.statements),
              static_cast<unsigned long long>(tally.refused), static_cast<unsigned long long>(tally.writes),
              static_cast<unsigned long long>(tally.rows), databases, static_cast<unsigned long long>(tally.leaks),
              static_cast<unsigned long long>(tally.lost), static_cast<unsigned long long>(tally.undone),
              static_cast<unsigned long long>(tally.surprises));
  return tally.leaks + tally.lost + tally.undone + tally.surprises == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::uint64_t number = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::strcmp(argv[i], "--threads") == 0) settings.threads = static_cast<int>(number);
    else if (std::strcmp(argv[i], "--rounds") == 0) settings.rounds = static_cast<int>(number);
    else if (std::strcmp(argv[i], "--databases") == 0) settings.databases = std::max<std::uint64_t>(2, number);
    else if (std::strcmp(argv[i], "--seed") == 0) settings.seed = number;
  }
  return run(settings);
}
