#include "instance/database_manager.h"

#include <algorithm>

#include "instance/database_claim.h"
#include "instance/database_name.h"
#include "vfs/prefix_vfs.h"

namespace nexus::instance {
namespace {

Error not_found(std::string_view name, ErrorCode code) {
  if (code == ErrorCode::GraphNotFound) return Error(code, "Graph not found: " + printable_name(name));
  return Error(code, "Database does not exist. Database name: '" + printable_name(name) + "'.");
}

Error remote_alias(std::string_view name) {
  return Error(ErrorCode::RemoteAliasUnsupported, "Alias '" + printable_name(name) +
                                                      "' leads to another server; a single server does not follow it.");
}

Error ambiguous_name(std::string_view name, std::string_view other) {
  return Error(ErrorCode::AmbiguousDatabaseName, "Cannot create database '" + printable_name(name) +
                                                     "' because another database '" + printable_name(other) +
                                                     "' exists with an ambiguous name.");
}

bool is_in_composite(std::string_view name, std::string_view composite) {
  return name.size() > composite.size() && name[composite.size()] == '.' &&
         name.substr(0, composite.size()) == composite;
}

}  // namespace

std::string folder_of(const DatabaseUuid& uuid) { return "db/" + uuid_text(uuid); }

Error cannot(std::string_view verb, std::string_view name, std::string_view why, ErrorCode code) {
  return Error(code, "Failed to " + std::string(verb) + " the specified database '" + printable_name(name) +
                         "': " + std::string(why));
}

Error already_exists(std::string_view name) {
  return cannot("create", name, "Database name or alias already exists.", ErrorCode::DatabaseExists);
}

Error composite_has_no_graph(std::string_view verb, std::string_view name) {
  return cannot(verb, name, "it is composite and has no graph of its own.", ErrorCode::CompositeDatabaseImmutable);
}

DatabaseManager::DatabaseManager(Environment& environment)
    : environment_(environment),
      system_graph_(std::make_shared<Database>(environment, kSystemUuid, std::string(kSystemDatabase), nullptr)),
      background_(environment.components.scheduler) {}

DatabaseManager::~DatabaseManager() {
  if (draft_) return;  // Nothing of it is its own.
  if (const auto closed = close(); !closed) environment_.components.log.write(LogLevel::Error, closed.error().message);
}

Result<std::unique_ptr<DatabaseManager>> DatabaseManager::open(Environment& environment) {
  std::unique_ptr<DatabaseManager> manager(new DatabaseManager(environment));
  auto vfs = std::make_unique<vfs::PrefixVfs>(environment.components.vfs, "system");
  NX_TRY(const std::optional<DatabaseUuid> lone, manager->uuid_at_top());
  NX_TRY(manager->system_, SystemStore::open(environment, std::move(vfs), lone));
  NX_TRY_DO(manager->load());
  const Components& components = environment.components;
  if (components.access_control != nullptr && components.passwords != nullptr) {
    manager->access_ = components.access_control(*components.passwords);
    NX_TRY_DO(manager->access_->open(*manager->system_, components.random, components.clock));
  }
  if (lone) NX_TRY_DO(manager->adopt_files_at_top(*lone));
  manager->background_.submit([self = manager.get()] { self->remove_orphans(); });
  return manager;
}

Result<> DatabaseManager::load() {
  NX_TRY(std::vector<StoredDatabase> stored, system_->read());
  for (StoredDatabase& row : stored) {
    std::string name = row.name;
    if (!rows_.try_emplace(std::move(name), row_of(std::move(row))).second) {
      return Error(ErrorCode::Corruption, "The system database names a database twice.");
    }
  }
  NX_TRY(trash_, system_->read_trash());
  std::sort(trash_.begin(), trash_.end(), [](const auto& a, const auto& b) { return a.dropped < b.dropped; });
  return load_aliases();
}

const DatabaseOptions& DatabaseManager::Row::options() const {
  static const DatabaseOptions kNone;
  return extra ? extra->options : kNone;
}

DatabaseManager::Row DatabaseManager::row_of(StoredDatabase stored) const {
  Row row;
  row.uuid = stored.uuid;
  row.node = stored.node;
  row.is_read_only = stored.is_read_only;
  row.is_offline = stored.is_offline;
  row.is_composite = stored.is_composite;
  row.created = stored.created;
  row.started = stored.started;
  row.stopped = stored.stopped;
  row.counts = stored.counts;
  if (!stored.parent.empty() || !(stored.options == DatabaseOptions{})) {
    row.extra = std::make_shared<const StoredDatabase>(std::move(stored));
  }
  return row;
}

std::shared_ptr<Database> DatabaseManager::database_of(Rows::iterator row) {
  if (!row->second.database && draft_) {
    const Lock lock(draft_->base.mutex_);
    const auto shared = draft_->base.row_with(row->second.uuid, row->first);
    if (shared != draft_->base.rows_.end()) row->second.database = draft_->base.database_of(shared);
  }
  if (!row->second.database) {
    const DatabaseUuid& uuid = row->second.uuid;
    std::unique_ptr<Vfs> vfs;
    if (!row->second.is_composite) {
      vfs = std::make_unique<vfs::PrefixVfs>(environment_.components.vfs, folder_of(uuid));
    }
    row->second.database = std::make_shared<Database>(environment_, uuid, row->first, std::move(vfs));
    row->second.database->set_options(row->second.options());
  }
  return row->second.database;
}

Result<Target> DatabaseManager::find(const Identity& identity, std::string_view name, Rights rights,
                                     ErrorCode missing) {
  const std::string folded = fold_database_name(name);
  if (folded == kSystemDatabase) {
    // Why no more: whoever must change the password does it there. Each statement asks again.
    if (identity.user.empty()) NX_TRY_DO(authorize(identity, 0, "Using the system database"));
    return Target{folded, kSystemUuid, true, true, false, {}, folded, 0, system_graph_};
  }
  const Lock lock(mutex_);
  const Alias* alias = aliases_.find(folded);
  if (alias != nullptr && alias->is_remote()) return remote_alias(folded);
  const auto row = rows_.find(alias == nullptr ? folded : alias->target);
  constexpr std::string_view kUsing = "Using this database";
  if (row == rows_.end() || row->second.is_reserved || has_expired(row->second)) {
    if (!sees_all(identity)) NX_TRY_DO(authorize(identity, rights, kUsing));
    return not_found(name, missing);
  }
  NX_TRY_DO(authorize(identity, row->first, row->second.uuid, rights, kUsing));
  if (is_closing_) return database_unavailable(row->first, "the instance is shutting down");
  if (row->second.is_offline || row->second.is_leaving) return database_unavailable(row->first);
  Target target;
  target.name = row->first;
  target.uuid = row->second.uuid;
  target.is_read_only = row->second.is_read_only;
  target.is_composite = row->second.is_composite;
  if (alias != nullptr) target.composite = alias->composite;
  target.asked = folded;
  target.query_timeout_ms = row->second.options().query_timeout_ms;
  target.database = database_of(row);
  return target;
}

Result<std::shared_ptr<Work>> DatabaseManager::enter(const Target& target, const Identity& identity) {
  NX_CHECK(target.database != nullptr);
  if (!target.database->is_loaded()) make_room();
  const Rights new_names = rights_among(identity, target.name, target.uuid, right::kNewNames);
  return Work::enter(target.database, target.name, identity, right::kNewNames & ~new_names);
}

// Waits until no other change has the row. The returned row is not yet claimed.
Result<DatabaseManager::Rows::iterator> DatabaseManager::claim(Lock& lock, const Identity& identity,
                                                               std::string_view name, std::string_view verb,
                                                               Rights rights) {
  const std::string what = "To " + std::string(verb) + " this database";
  const std::string folded = fold_database_name(name);
  if (folded == kSystemDatabase) {
    return cannot(verb, folded, "it is the system database.", ErrorCode::SystemDatabaseImmutable);
  }
  const bool follows_alias = verb != "delete" && verb != "replace";
  while (true) {
    if (is_closing_) return database_unavailable(folded, "the instance is shutting down");
    const auto row = rows_.find(follows_alias ? resolved(folded) : folded);
    if (row == rows_.end()) {
      if (!sees_all(identity)) NX_TRY_DO(authorize(identity, rights, what));
      return cannot(verb, name, "Database does not exist.", ErrorCode::NoSuchDatabase);
    }
    NX_TRY_DO(authorize(identity, row->first, row->second.uuid, rights, what));
    if (row->second.is_settled) return row;
    NX_TRY_DO(wait_for_others(lock, row->first));
  }
}

void DatabaseManager::settle(Rows::iterator row) {
  row->second.is_settled = true;
  row->second.is_leaving = false;
  settled_.notify_all();
}

// Puts a name aside so that nobody else can create it. Requires: a checked, free name.
Result<> DatabaseManager::reserve(Lock& lock, std::string_view name) {
  NX_CHECK(lock.owns_lock());
  NX_TRY_DO(check_room());
  Row row;
  row.is_settled = false;
  row.is_reserved = true;
  rows_.try_emplace(std::string(name), std::move(row));
  return Done{};
}

Result<std::uint64_t> DatabaseManager::create(const Identity& identity, const CreateRequest& request) {
  if (request.or_replace && fold_database_name(request.name) == kSystemDatabase) {
    return cannot("replace", kSystemDatabase, "it is the system database.", ErrorCode::SystemDatabaseImmutable);
  }
  NX_TRY(StoredDatabase stored, [&]() -> Result<StoredDatabase> {
    StoredDatabase made;
    NX_TRY(made.name, check_database_name(request.name));
    const Rights rights = request.is_composite ? right::kCreateComposite : right::kCreateDatabase;
    NX_TRY_DO(authorize(identity, rights, "Creating a database"));
    made.uuid = new_uuid();
    made.created = environment_.wall();
    made.is_composite = request.is_composite;
    made.is_read_only = request.is_composite;
    made.options = request.options;
    return made;
  }());
  expire();
  Lock lock(mutex_);
  Change change(*this, lock);
  while (true) {
    if (is_closing_) return database_unavailable(stored.name, "the instance is shutting down");
    const auto found = rows_.find(stored.name);
    const bool is_alias = aliases_.find(stored.name) != nullptr;
    const bool must_wait = alias_is_changing_ && (changing_alias_ == stored.name || request.is_composite);
    if (found == rows_.end() && !is_alias && !must_wait) break;
    if (is_alias || (found != rows_.end() && found->second.is_settled)) {
      if (request.or_replace && !is_alias) return replace(lock, change, identity, std::move(stored), request);
      if (request.if_not_exists) return std::uint64_t{0};
      return already_exists(stored.name);
    }
    NX_TRY_DO(wait_for_others(lock, stored.name));
  }
  if (request.is_composite) NX_TRY_DO(check_composite_name(stored.name));
  NX_TRY_DO(reserve(lock, stored.name));
  const Rows::iterator row = rows_.find(stored.name);
  auto filled = fill_meanwhile(change, identity, request, stored);
  lock.unlock();
  const Result<> made = filled ? commit_new(stored, request) : std::move(filled.error());
  lock.lock();
  Claim claim(*this, row);
  if (!made) {
    claim.erase();
    return made.error();
  }
  row->second = make_row(std::move(stored), request, std::move(*filled));
  return std::uint64_t{1};
}

// What a composite database may not be called: a name that would make another one ambiguous.
Result<> DatabaseManager::check_composite_name(const std::string& name) const {
  if (const Alias* alias = aliases_.shadowed_by(name)) return ambiguous_name(name, alias->name);
  for (auto row = rows_.lower_bound(name + "."); row != rows_.end() && is_in_composite(row->first, name); ++row) {
    return ambiguous_name(name, row->first);
  }
  return Done{};
}

// CREATE OR REPLACE of a database that is there: one transaction swaps the rows.
Result<std::uint64_t> DatabaseManager::replace(Lock& lock, Change& change, const Identity& identity,
                                               StoredDatabase stored, const CreateRequest& request) {
  NX_TRY(const Rows::iterator row, claim(lock, identity, stored.name, "replace", request.is_composite ? right::kDropComposite : right::kDropDatabase));
  NX_TRY_DO(check_free_of_aliases(row, "replace"));
  if (request.is_temporary && row->first == resolved(system_->default_database())) {
    return cannot("replace", row->first, "it is the default database.", ErrorCode::DefaultDatabaseImmutable);
  }
  Claim claimed(*this, row);
  auto filled = fill_meanwhile(change, identity, request, stored);
  if (!filled) return std::move(filled.error());
  const std::shared_ptr<Database> old = take_away(row);
  const DatabaseUuid old_uuid = row->second.uuid;
  lock.unlock();
  shut(old, database_unavailable(stored.name, "it was replaced"));
  SystemStore::Removal removal = removal_of(row->first, row->second, false);
  const auto made = commit_new(stored, request, removal);
  lock.lock();
  if (!made) {
    if (!row->second.is_offline) allow(old);
    return made.error();
  }
  row->second = make_row(std::move(stored), request, std::move(*filled));
  claimed.settle();
  lock.unlock();
  bury(std::move(removal), old_uuid);
  return std::uint64_t{2};
}

Result<std::uint64_t> DatabaseManager::drop(const Identity& identity, std::string_view name, bool if_exists,
                                            DropOptions options) {
  expire();
  Lock lock(mutex_);
  const Change change(*this, lock);
  const auto claimable = [&]() -> Result<Rows::iterator> {
    const Rights rights = options.must_be_composite ? right::kDropComposite : right::kDropDatabase;
    NX_TRY(const Rows::iterator row, claim(lock, identity, name, "delete", rights | (options.cascade_aliases ? right::kDropAlias : 0)));
    if (options.must_be_composite && !row->second.is_composite) {
      return Error(ErrorCode::NoSuchDatabase, "Failed to delete the specified composite database '" +
                                                    printable_name(name) + "': Database does not exist.");
    }
    if (row->first == resolved(system_->default_database())) {
      return cannot("delete", row->first, "it is the default database.", ErrorCode::DefaultDatabaseImmutable);
    }
    if (!options.cascade_aliases) NX_TRY_DO(check_free_of_aliases(row, "delete"));
    if (options.dumps && (row->second.is_temporary || row->second.is_composite)) {
      return cannot("delete", row->first, "only a database with files of its own can be dumped.",
                    ErrorCode::NotImplemented);
    }
    return row;
  }();
  if (!claimable) {
    if (if_exists && claimable.error().code == ErrorCode::NoSuchDatabase) return std::uint64_t{0};
    return claimable.error();
  }
  const Rows::iterator row = *claimable;
  Claim claimed(*this, row);
  const std::shared_ptr<Database> database = take_away(row);
  const DatabaseUuid uuid = row->second.uuid;
  lock.unlock();
  const auto counts = shut(database, database_unavailable(row->first, "it was dropped"));
  lock.lock();
  if (counts) note_counts(row->second, *counts);
  lock.unlock();
  const Result<> dumped = options.dumps ? leave_dump(row->first, uuid) : Done{};
  SystemStore::Removal removal = removal_of(row->first, row->second, options.destroys || options.dumps);
  lock.lock();
  const auto removed = dumped ? erase_with_aliases(lock, row, removal) : dumped.error();
  if (!removed) {
    if (!row->second.is_offline) allow(database);
    return removed.error();
  }
  claimed.erase();
  lock.unlock();
  bury(std::move(removal), uuid);
  return *removed;
}

Result<> DatabaseManager::commit_change(Lock& lock, Rows::iterator row, std::span<const SystemStore::Change> changes) {
  if (row->second.is_temporary) return Done{};
  const storage::NodeId node = row->second.node;
  lock.unlock();
  auto updated = system_->update(node, changes);
  lock.lock();
  return updated;
}

Result<std::uint64_t> DatabaseManager::stop(const Identity& identity, std::string_view name) {
  Lock lock(mutex_);
  const Change change(*this, lock);
  NX_TRY(const Rows::iterator row, claim(lock, identity, name, "stop", right::kStop));
  if (row->second.is_offline) return std::uint64_t{0};
  Claim claimed(*this, row);
  const std::shared_ptr<Database> database = take_away(row);
  lock.unlock();
  const auto counts = shut(database, database_unavailable(row->first, "it was stopped"));
  lock.lock();
  if (counts) note_counts(row->second, *counts);
  const std::int64_t now = environment_.wall();
  std::vector<SystemStore::Change> changes{{"requestedStatus", Value::string("offline")},
                                           {"stoppedNanoseconds", Value::integer(now)}};
  SystemStore::append_counts(changes, row->second.counts);
  if (const auto committed = commit_change(lock, row, changes); !committed) {
    allow(database);
    return committed.error();
  }
  row->second.is_offline = true;
  row->second.stopped = now;
  row->second.counts_are_kept = true;
  return std::uint64_t{1};
}

Result<std::uint64_t> DatabaseManager::start(const Identity& identity, std::string_view name) {
  Lock lock(mutex_);
  const Change change(*this, lock);
  NX_TRY(const Rows::iterator row, claim(lock, identity, name, "start", right::kStart));
  std::shared_ptr<Database> database = row->second.database;
  const bool has_failed = database && !database->state().failure.empty();
  if (!row->second.is_offline && !has_failed) return std::uint64_t{0};
  Claim claimed(*this, row);
  if (has_failed) {  // Only reading its files anew can tell what is in it.
    database = take_away(row);
    lock.unlock();
    shut(database, database_unavailable(row->first, "it is being restarted"));
    lock.lock();
  }
  const std::int64_t now = environment_.wall();
  const SystemStore::Change changes[] = {{"requestedStatus", Value::string("online")},
                                         {"startedNanoseconds", Value::integer(now)}};
  NX_TRY_DO(commit_change(lock, row, std::span{changes}));
  row->second.is_offline = false;
  row->second.started = now;
  allow(database);
  return std::uint64_t{1};
}

Result<std::uint64_t> DatabaseManager::alter(const Identity& identity, const AlterRequest& request) {
  std::string new_name;
  if (request.new_name) { NX_TRY(new_name, check_database_name(*request.new_name)); }
  Lock lock(mutex_);
  const Change change(*this, lock);
  const bool sets_access_only = !request.new_name && request.options.empty();
  auto found = claim(lock, identity, request.name, "alter", sets_access_only ? right::kSetDatabaseAccess : right::kAlterDatabase);
  if (!found) {
    if (request.if_exists && found.error().code == ErrorCode::NoSuchDatabase) return std::uint64_t{0};
    return std::move(found.error());
  }
  const Rows::iterator row = *found;
  if (row->second.is_composite && (request.is_read_only || !request.options.empty() || request.new_name)) {
    return Error(ErrorCode::CompositeDatabaseImmutable,
                 "Composite databases cannot be altered (database: " + printable_name(row->first) + ").");
  }
  Claim claimed(*this, row);
  std::vector<SystemStore::Change> changes;
  if (request.is_read_only) {
    changes.emplace_back("access", Value::string(*request.is_read_only ? "read-only" : "read-write"));
  }
  DatabaseOptions options = row->second.options();
  for (const OptionChange& option : request.options) NX_TRY_DO(set_option(options, option.key, option.value));
  if (!request.options.empty()) {
    for_each_option(options, [&](std::string_view key, Value value) { changes.emplace_back(key, std::move(value)); });
  }
  if (request.new_name && new_name != row->first) {
    NX_TRY_DO(rename(lock, row, new_name, changes));
  } else {
    NX_TRY_DO(commit_change(lock, row, changes));
  }
  if (request.is_read_only) row->second.is_read_only = *request.is_read_only;
  if (!request.options.empty()) {
    auto extra = std::make_shared<StoredDatabase>(row->second.extra ? *row->second.extra : StoredDatabase());
    extra->options = options;
    row->second.extra = std::move(extra);
    if (row->second.database && !draft_) row->second.database->set_options(options);
  }
  return std::uint64_t{1};
}

Result<> DatabaseManager::rename(Lock& lock, Rows::iterator row, const std::string& name,
                                 std::vector<SystemStore::Change> changes) {
  if (row->first == resolved(system_->default_database())) {
    return cannot("rename", row->first, "it is the default database.", ErrorCode::DefaultDatabaseImmutable);
  }
  if (is_taken(name)) return already_exists(name);
  Row reserved;  // Why not by reserve(): afterwards there are as many as before.
  reserved.is_settled = false;
  reserved.is_reserved = true;
  rows_.try_emplace(name, std::move(reserved));
  changes.emplace_back("name", Value::string(name));
  const auto committed = commit_change(lock, row, changes);
  rows_.erase(name);
  settled_.notify_all();
  if (!committed) return committed.error();
  aliases_.rename_target(row->first, name);
  rows_.rename(row, name);
  if (row->second.database && !draft_) row->second.database->rename(name);
  return Done{};
}

}  // namespace nexus::instance
