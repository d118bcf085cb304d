#include "tests/sim/instance_scenario.h"

#include <algorithm>
#include <set>

#include "value/text.h"

namespace nexus::sim {
namespace {

constexpr int kSteps = 24;
constexpr std::int64_t kEightDays = std::int64_t{8} * 24 * 3'600 * 1'000'000'000;
const Identity kTester{"tester"};

class BytesSource final : public ByteSource {
 public:
  explicit BytesSource(const Bytes& bytes) : bytes_(bytes) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    const std::size_t count = std::min(out.size(), bytes_.size() - at_);
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), count, out.begin());
    at_ += count;
    return count;
  }

 private:
  const Bytes& bytes_;
  std::size_t at_ = 0;
};

}  // namespace

std::string InstanceScenario::Model::text() const {
  const auto content = [](const Database& database) {
    return std::to_string(database.rows) + "/" + std::to_string(database.sum);
  };
  std::string out;
  for (const auto& [name, database] : databases) {
    out += name + " " + content(database) + (database.is_offline ? " offline" : " online") +
           (database.is_read_only ? " ro " : " rw ") + database.environment + "; ";
  }
  for (const auto& [name, target] : aliases) out += name + "->" + target + "; ";
  std::vector<std::string> gone;
  for (const Dropped& dropped : trash) gone.push_back("(" + dropped.name + " " + content(dropped.database) + ") ");
  std::sort(gone.begin(), gone.end());
  for (const std::string& one : gone) out += one;
  return out;
}

bool InstanceScenario::Model::has_alias(const std::string& database) const {
  return std::any_of(aliases.begin(), aliases.end(), [&](const auto& alias) { return alias.second == database; });
}

InstanceScenario::InstanceScenario(std::uint64_t seed) : dice_(seed), random_(seed + 1) {
  settings_.stop_grace_ms = 0;
  settings_.single_threaded = true;
  if (dice_.one_in(3)) settings_.trash_seconds = 0;
  model_.databases["neo4j"];
  possible_ = {model_.text()};
}

bool InstanceScenario::open(Vfs& vfs) {
  auto opened = Instance::open(settings_, {vfs, clock_, random_, scheduler_, log_});
  if (!opened) return accept(opened.error());
  instance_ = std::move(*opened);
  return true;
}

void InstanceScenario::close() {
  if (instance_ == nullptr) return;
  (void)instance_->close();
  instance_.reset();
}

void InstanceScenario::run(Vfs& vfs) {
  bool works = open(vfs);
  for (int i = 0; works && i < kSteps; ++i) {
    works = step();
    if (works && dice_.one_in(8)) {
      close();
      works = open(vfs);
    }
  }
  close();
}

bool InstanceScenario::step() {
  if (dice_.one_in(12)) return empty_trash();
  if (dice_.one_in(12)) return use_temporary();
  if (dice_.one_in(12)) {
    instance_->unload_idle(0);
    return true;
  }
  using Action = bool (InstanceScenario::*)(Model&);
  constexpr Action kActions[] = {&InstanceScenario::create, &InstanceScenario::copy,          &InstanceScenario::drop,
                                 &InstanceScenario::alter,  &InstanceScenario::rename,        &InstanceScenario::undrop,
                                 &InstanceScenario::write,  &InstanceScenario::switch_status, &InstanceScenario::write,
                                 &InstanceScenario::write,  &InstanceScenario::dump_and_restore,
                                 &InstanceScenario::change_alias, &InstanceScenario::transact,
                                 &InstanceScenario::transact};
  Model after = model_;
  const bool works = (this->*kActions[dice_.below(std::size(kActions))])(after);
  if (works) {
    model_ = std::move(after);
    possible_ = {model_.text()};
  } else {
    possible_.push_back(after.text());
  }
  return works;
}

bool InstanceScenario::accept(const Error& error) {
  switch (error.code) {
    case ErrorCode::IoError:
    case ErrorCode::CommitOutcomeUnknown:
    case ErrorCode::DatabaseFailed: break;
    default: broken_ = std::string(error_name(error.code)) + ": " + error.message;
  }
  return false;
}

bool InstanceScenario::execute(const std::string& statement) {
  if (transaction_) {
    const auto done = query(*transaction_, statement);
    return done ? true : accept(done.error());
  }
  auto session = instance_->open_session(kTester);
  if (!session) return accept(session.error());
  const auto done = query(**session, statement);
  return done ? true : accept(done.error());
}

std::string InstanceScenario::some_name(bool needs_online) {
  std::vector<std::string> names;
  for (const auto& [name, database] : model_.databases) {
    if (!needs_online || !database.is_offline) names.push_back(name);
  }
  return names.empty() ? std::string() : names[dice_.below(names.size())];
}

std::string InstanceScenario::free_name() {
  std::string name;
  do name = "db" + std::to_string(10 + dice_.below(20));
  while (model_.databases.count(name) != 0);
  return name;
}

bool InstanceScenario::create(Model& after) {
  std::string name = dice_.one_in(3) ? some_name(false) : free_name();
  if (model_.has_alias(name)) name = free_name();  // Replacing it is refused.
  const auto old = after.databases.find(name);
  // Whatever was in the one replaced goes the way of a drop.
  if (old != after.databases.end() && old->second.rows != 0 && settings_.trash_seconds != 0) {
    after.trash.push_back({name, old->second});
  }
  after.databases[name] = {};
  if (dice_.one_in(2)) after.databases[name].environment = "staging";
  const std::string options = after.databases[name].environment.empty() ? "" : " OPTIONS {environment: 'staging'}";
  return execute("CREATE OR REPLACE DATABASE " + name + options);
}

bool InstanceScenario::copy(Model& after) {
  const std::string source = some_name();
  if (source.empty()) return true;
  const std::string name = free_name();
  after.databases[name].rows = model_.databases[source].rows;
  after.databases[name].sum = model_.databases[source].sum;
  return execute("CREATE DATABASE " + name + " AS COPY OF " + source);
}

bool InstanceScenario::drop(Model& after) {
  const std::string name = some_name(false);
  if (name == "neo4j") return true;
  const bool destroys = dice_.one_in(2);
  // What was never written is not kept.
  const Database& old = after.databases[name];
  if (!destroys && settings_.trash_seconds != 0 && old.rows != 0) after.trash.push_back({name, old});
  after.databases.erase(name);
  std::erase_if(after.aliases, [&](const auto& alias) { return alias.second == name; });
  return execute("DROP DATABASE " + name + " CASCADE ALIASES" + (destroys ? " DESTROY DATA" : ""));
}

bool InstanceScenario::undrop(Model& after) {
  if (after.trash.empty()) return true;
  const std::string old_name = after.trash[dice_.below(after.trash.size())].name;
  const auto last = std::find_if(after.trash.rbegin(), after.trash.rend(),
                                 [&](const Dropped& dropped) { return dropped.name == old_name; });
  const std::string name = free_name();
  Database database = last->database;
  database.is_offline = false;
  after.trash.erase(std::next(last).base());
  after.databases[name] = database;
  return execute("UNDROP DATABASE " + old_name + " AS " + name);
}

bool InstanceScenario::alter(Model& after) {
  const std::string name = some_name(false);
  Database& database = after.databases[name];
  database.is_read_only = dice_.one_in(3);
  database.environment = dice_.one_in(2) ? "production" : "";
  return execute("ALTER DATABASE " + name + " SET ACCESS READ " + (database.is_read_only ? "ONLY" : "WRITE") +
                 (database.environment.empty() ? " REMOVE OPTION environment" : " SET OPTION environment 'production'"));
}

bool InstanceScenario::rename(Model& after) {
  const std::string name = some_name(false);
  if (name == "neo4j") return true;
  const std::string new_name = free_name();
  after.databases[new_name] = after.databases[name];
  after.databases.erase(name);
  for (auto& [alias, target] : after.aliases) {
    if (target == name) target = new_name;
  }
  return execute("ALTER DATABASE " + name + " RENAME TO " + new_name);
}

bool InstanceScenario::change_alias(Model& after) {
  const std::string alias = "alias" + std::to_string(dice_.below(4));
  if (model_.aliases.count(alias) != 0 && dice_.one_in(3)) {
    after.aliases.erase(alias);
    return execute("DROP ALIAS " + alias + " FOR DATABASE");
  }
  const bool exists = model_.aliases.count(alias) != 0;
  const std::string target = some_name(false);
  after.aliases[alias] = target;
  if (exists && dice_.one_in(2)) return execute("ALTER ALIAS " + alias + " SET DATABASE TARGET " + target);
  return execute("CREATE OR REPLACE ALIAS " + alias + " FOR DATABASE " + target);
}

bool InstanceScenario::switch_status(Model& after) {
  const std::string name = some_name(false);
  Database& database = after.databases[name];
  database.is_offline = !database.is_offline;
  return execute((database.is_offline ? "STOP DATABASE " : "START DATABASE ") + name);
}

bool InstanceScenario::write(Model& after) {
  const std::string name = some_name();
  if (name.empty() || after.databases[name].is_read_only) return true;
  Database& database = after.databases[name];
  const std::int64_t first = next_value_;
  next_value_ += 1 + static_cast<std::int64_t>(dice_.below(4));
  for (std::int64_t value = first; value < next_value_; ++value) {
    ++database.rows;
    database.sum += value;
  }
  return execute("USE " + name + " UNWIND range(" + std::to_string(first) + ", " + std::to_string(next_value_ - 1) +
                 ") AS i CREATE (:N {i: i})-[:R]->(:M)");
}

bool InstanceScenario::dump_and_restore(Model& after) {
  const std::string source = some_name();
  if (source.empty()) return true;
  const std::string name = free_name();
  auto stream = instance_->dump(kTester, source);
  if (!stream) return accept(stream.error());
  Bytes bytes;
  for (bool more = true; more;) {
    const auto next = (*stream)->next(bytes);
    if (!next) return accept(next.error());
    more = *next;
  }
  after.databases[name].rows = model_.databases[source].rows;
  after.databases[name].sum = model_.databases[source].sum;
  BytesSource source_bytes(bytes);
  const auto restored = instance_->restore(kTester, name, source_bytes);
  return restored ? true : accept(restored.error());
}

// Several commands that are there together after COMMIT, or, rolled back, never were.
bool InstanceScenario::transact(Model& after) {
  using Action = bool (InstanceScenario::*)(Model&);
  constexpr Action kActions[] = {&InstanceScenario::create, &InstanceScenario::copy,
                                 &InstanceScenario::drop,   &InstanceScenario::alter,
                                 &InstanceScenario::rename, &InstanceScenario::undrop,
                                 &InstanceScenario::switch_status, &InstanceScenario::change_alias};
  auto session = instance_->open_session(kTester, "system");
  if (!session) return accept(session.error());
  transaction_ = std::move(*session);
  const Model before = model_;
  bool works = execute("BEGIN");
  for (std::uint64_t left = 2 + dice_.below(4); works && left != 0; --left) {
    works = (this->*kActions[dice_.below(std::size(kActions))])(after);
    model_ = after;  // What the next command is about.
  }
  model_ = before;
  const bool commits = !dice_.one_in(4);
  if (!works || !commits) after = before;
  works = works && execute(commits ? "COMMIT" : "ROLLBACK");
  transaction_.reset();
  return works;
}

// Never in the model: nothing of it may be found afterwards.
bool InstanceScenario::use_temporary() {
  const std::string source = some_name();
  if (source.empty()) return true;
  const std::string name = free_name();
  return execute("CREATE TEMPORARY DATABASE " + name + " TTL 60 SECONDS AS COPY OF " + source) &&
         execute("USE " + name + " CREATE (:N {i: 1})") && execute("DROP DATABASE " + name);
}

// One transaction for each, the oldest first: any of them may be the last that came through.
bool InstanceScenario::empty_trash() {
  clock_.advance(kEightDays);
  possible_ = {model_.text()};
  while (!model_.trash.empty()) {
    model_.trash.erase(model_.trash.begin());
    possible_.push_back(model_.text());
  }
  instance_->unload_idle(0);
  if (!instance_->check_writable()) return false;
  possible_ = {model_.text()};
  return true;
}

void InstanceScenario::recover(Vfs& vfs) {
  (void)open(vfs);
  close();
}

Result<InstanceScenario::Database> InstanceScenario::read(const DatabaseInfo& info) {
  Database database;
  database.is_offline = info.requested_status == "offline";
  database.is_read_only = info.access == "read-only";
  for (const auto& [key, value] : info.options) {
    if (key == "environment") database.environment = std::string(value.string());
  }
  NX_TRY(const auto session, instance_->open_session(kTester));
  if (database.is_offline) NX_TRY_DO(query(*session, "START DATABASE " + info.name));
  NX_TRY(const Table table,
         query(*session, "USE " + info.name + " MATCH (n:N)-[:R]->(:M) RETURN count(n) AS rows, sum(n.i) AS sum"));
  database.rows = static_cast<std::uint64_t>(table.rows[0][0].integer());
  database.sum = table.rows[0][1].integer();
  return database;
}

// Brings everything back that can be had back, so it changes what it reads.
Result<std::string> InstanceScenario::read_all() {
  Model found;
  for (const DatabaseInfo& info : instance_->databases(kTester)) {
    if (info.type == "system") continue;
    NX_TRY(found.databases[info.name], read(info));
  }
  const auto dropped = instance_->dropped_databases(kTester);
  NX_TRY(const auto session, instance_->open_session(kTester));
  NX_TRY(const Table aliases, query(*session, "SHOW ALIASES FOR DATABASE YIELD name, database"));
  for (const List& row : aliases.rows) found.aliases[std::string(row[0].string())] = std::string(row[1].string());
  int number = 0;
  for (auto one = dropped.rbegin(); one != dropped.rend(); ++one) {
    const std::string name = "undropped" + std::to_string(++number);
    NX_TRY_DO(query(*session, "UNDROP DATABASE " + one->name + " AS " + name));
    NX_TRY(const DatabaseInfo info, instance_->database(kTester, name));
    NX_TRY(const Database database, read(info));
    found.trash.push_back({one->name, database});
  }
  return found.text();
}

std::string InstanceScenario::check_folders(Vfs& vfs) {
  std::set<std::string> known;
  for (const DatabaseInfo& info : instance_->databases(kTester)) known.insert(info.uuid);
  for (const DroppedDatabaseInfo& info : instance_->dropped_databases(kTester)) known.insert(info.uuid);
  const auto folders = vfs.list("db");
  if (!folders) return "the folders cannot be listed";
  for (const DirectoryEntry& entry : *folders) {
    if (known.count(entry.name) == 0) return "files of a database that is gone remain: " + entry.name;
  }
  return {};
}

std::string InstanceScenario::verify(Vfs& vfs) {
  if (!broken_.empty()) return broken_;
  const auto failed = [](const Error& error) {
    return std::string(error_name(error.code)) + ": " + error.message;
  };
  if (!open(vfs)) return "the instance does not open: " + broken_;
  instance_->unload_idle(0);  // Goes on with what was to leave the trash.
  if (std::string wrong = check_folders(vfs); !wrong.empty()) return wrong;
  const auto found = read_all();
  if (!found) return failed(found.error());
  if (std::find(possible_.begin(), possible_.end(), *found) == possible_.end()) {
    std::string wrong = "found: " + *found;
    for (const std::string& one : possible_) wrong += "\n  expected: " + one;
    return wrong;
  }
  if (!execute("CREATE DATABASE afterwards") || !execute("USE afterwards CREATE (:N {i: 7})-[:R]->(:M)")) {
    return "it does not go on: " + broken_;
  }
  const auto before = read_all();
  close();
  if (!open(vfs)) return "the instance does not open again: " + broken_;
  const auto after = read_all();
  const bool same = before && after && *before == *after;
  if (std::string wrong = check_folders(vfs); !wrong.empty()) return wrong;
  close();
  return same ? std::string() : "it changed between a clean close and the next opening";
}

}  // namespace nexus::sim
