#include "instance/database_manager.h"

#include "instance/database_claim.h"
#include "instance/database_name.h"
#include "vfs/prefix_vfs.h"

namespace nexus::instance {
namespace {

std::string folder_of(const DatabaseUuid& uuid) { return "db/" + uuid_text(uuid); }

Error not_found(std::string_view name, ErrorCode code) {
  if (code == ErrorCode::GraphNotFound) return Error(code, "Graph not found: " + printable_name(name));
  return Error(code, "Database does not exist. Database name: '" + printable_name(name) + "'.");
}

Error cannot(std::string_view verb, std::string_view name, std::string_view why, ErrorCode code) {
  return Error(code, "Failed to " + std::string(verb) + " the specified database '" + printable_name(name) +
                         "': " + std::string(why));
}

Error already_exists(std::string_view name) {
  return cannot("create", name, "Database name or alias already exists.", ErrorCode::DatabaseExists);
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

DatabaseManager::DatabaseManager(Environment& environment)
    : environment_(environment),
      system_graph_(std::make_shared<Database>(environment, kSystemUuid, std::string(kSystemDatabase), nullptr)),
      background_(environment.components.scheduler) {}

DatabaseManager::~DatabaseManager() {
  if (const auto closed = close(); !closed) environment_.components.log.write(LogLevel::Error, closed.error().message);
}

Result<std::unique_ptr<DatabaseManager>> DatabaseManager::open(Environment& environment) {
  std::unique_ptr<DatabaseManager> manager(new DatabaseManager(environment));
  auto vfs = std::make_unique<vfs::PrefixVfs>(environment.components.vfs, "system");
  NX_TRY(manager->system_, SystemStore::open(environment, std::move(vfs)));
  NX_TRY_DO(manager->load());
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
  return load_aliases();
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
  if (!stored.parent.empty() || !stored.log_enrichment.empty()) {
    row.extra = std::make_unique<StoredDatabase>(std::move(stored));
  }
  return row;
}

std::shared_ptr<Database> DatabaseManager::database_of(Rows::iterator row) {
  if (!row->second.database) {
    const DatabaseUuid& uuid = row->second.uuid;
    std::unique_ptr<Vfs> vfs;
    if (!row->second.is_composite) {
      vfs = std::make_unique<vfs::PrefixVfs>(environment_.components.vfs, folder_of(uuid));
    }
    row->second.database = std::make_shared<Database>(environment_, uuid, row->first, std::move(vfs));
  }
  return row->second.database;
}

Result<Target> DatabaseManager::find(const Identity& identity, std::string_view name, Action action,
                                     ErrorCode missing) {
  const std::string folded = fold_database_name(name);
  if (folded == kSystemDatabase) {
    NX_TRY_DO(authorize(identity, kSystemUuid, action));
    return Target{folded, kSystemUuid, true, true, false, {}, system_graph_};
  }
  const Lock lock(mutex_);
  const Alias* alias = aliases_.find(folded);
  if (alias != nullptr && alias->is_remote()) return remote_alias(folded);
  const auto row = rows_.find(alias == nullptr ? folded : alias->target);
  if (row == rows_.end() || row->second.is_reserved) return not_found(name, missing);
  NX_TRY_DO(authorize(identity, row->second.uuid, action));
  if (is_closing_) return database_unavailable(row->first, "the instance is shutting down");
  if (row->second.is_offline || row->second.is_leaving) return database_unavailable(row->first);
  Target target{row->first, row->second.uuid, false, row->second.is_read_only, row->second.is_composite, {},
                database_of(row)};
  if (alias != nullptr) target.composite = alias->composite;
  return target;
}

Result<std::shared_ptr<Work>> DatabaseManager::enter(const Target& target, const Identity& identity) {
  NX_CHECK(target.database != nullptr);
  if (!target.database->is_loaded()) make_room();
  return Work::enter(target.database, target.name, identity.user);
}

// Waits until no other change has the row. The returned row is not yet claimed.
Result<DatabaseManager::Rows::iterator> DatabaseManager::claim(Lock& lock, const Identity& identity,
                                                               std::string_view name, std::string_view verb) {
  const std::string folded = fold_database_name(name);
  if (folded == kSystemDatabase) {
    return cannot(verb, folded, "it is the system database.", ErrorCode::SystemDatabaseImmutable);
  }
  const bool follows_alias = verb != "delete" && verb != "replace";
  while (true) {
    if (is_closing_) return database_unavailable(folded, "the instance is shutting down");
    const auto row = rows_.find(follows_alias ? resolved(folded) : folded);
    if (row == rows_.end()) return cannot(verb, name, "Database does not exist.", ErrorCode::DatabaseNotFound);
    if (row->second.is_settled) {
      NX_TRY_DO(authorize(identity, row->second.uuid, Action::Administer));
      return row;
    }
    settled_.wait(lock);
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
  if (rows_.size() >= environment_.settings.databases_max) {
    return Error(ErrorCode::DatabaseLimitReached, "The limit of " +
                                                      std::to_string(environment_.settings.databases_max) +
                                                      " databases (databases_max) is reached.");
  }
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
    NX_TRY_DO(authorize(identity, kSystemUuid, Action::Administer));
    made.uuid = make_uuid(environment_.components.random);
    made.created = environment_.wall();
    made.is_composite = request.is_composite;
    made.is_read_only = request.is_composite;
    made.log_enrichment = request.log_enrichment;
    return made;
  }());
  Lock lock(mutex_);
  while (true) {
    if (is_closing_) return database_unavailable(stored.name, "the instance is shutting down");
    const auto found = rows_.find(stored.name);
    const bool is_alias = aliases_.find(stored.name) != nullptr;
    const bool must_wait = alias_is_changing_ && (changing_alias_ == stored.name || request.is_composite);
    if (found == rows_.end() && !is_alias && !must_wait) break;
    if (is_alias || (found != rows_.end() && found->second.is_settled)) {
      if (request.or_replace && !is_alias) return replace(lock, identity, std::move(stored));
      if (request.if_not_exists) return std::uint64_t{0};
      return already_exists(stored.name);
    }
    settled_.wait(lock);
  }
  if (request.is_composite) NX_TRY_DO(check_composite_name(stored.name));
  NX_TRY_DO(reserve(lock, stored.name));
  lock.unlock();
  auto inserted = system_->insert(stored);
  lock.lock();
  const auto row = rows_.find(stored.name);
  Claim claim(*this, row);
  if (!inserted) {
    claim.erase();
    return std::move(inserted.error());
  }
  stored.node = *inserted;
  row->second = row_of(std::move(stored));
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
Result<std::uint64_t> DatabaseManager::replace(Lock& lock, const Identity& identity, StoredDatabase stored) {
  NX_TRY(const Rows::iterator row, claim(lock, identity, stored.name, "replace"));
  NX_TRY_DO(check_free_of_aliases(row, "replace"));
  Claim claimed(*this, row);
  row->second.is_leaving = true;
  const std::shared_ptr<Database> old = row->second.database;
  const DatabaseUuid old_uuid = row->second.uuid;
  const storage::NodeId old_node = row->second.node;
  lock.unlock();
  if (old) old->shut(environment_.settings.stop_grace_ms, database_unavailable(stored.name, "it was replaced"));
  auto inserted = system_->insert(stored, old_node);
  lock.lock();
  if (!inserted) {
    if (old) old->allow();
    return std::move(inserted.error());
  }
  stored.node = *inserted;
  row->second = row_of(std::move(stored));
  claimed.settle();
  lock.unlock();
  remove_folder(old_uuid);
  return std::uint64_t{2};
}

Result<std::uint64_t> DatabaseManager::drop(const Identity& identity, std::string_view name, bool if_exists,
                                            DropOptions options) {
  Lock lock(mutex_);
  const auto claimable = [&]() -> Result<Rows::iterator> {
    NX_TRY(const Rows::iterator row, claim(lock, identity, name, "delete"));
    if (options.must_be_composite && !row->second.is_composite) {
      return Error(ErrorCode::DatabaseNotFound, "Failed to delete the specified composite database '" +
                                                    printable_name(name) + "': Database does not exist.");
    }
    if (row->first == resolved(system_->default_database())) {
      return cannot("delete", row->first, "it is the default database.", ErrorCode::DefaultDatabaseImmutable);
    }
    if (!options.cascade_aliases) NX_TRY_DO(check_free_of_aliases(row, "delete"));
    return row;
  }();
  if (!claimable) {
    if (if_exists && claimable.error().code == ErrorCode::DatabaseNotFound) return std::uint64_t{0};
    return claimable.error();
  }
  const Rows::iterator row = *claimable;
  Claim claimed(*this, row);
  row->second.is_leaving = true;
  const std::shared_ptr<Database> database = row->second.database;
  const DatabaseUuid uuid = row->second.uuid;
  lock.unlock();
  if (database) database->shut(environment_.settings.stop_grace_ms, database_unavailable(row->first, "it was dropped"));
  lock.lock();
  const auto erased = erase_with_aliases(lock, row);
  if (!erased) {
    if (database && !row->second.is_offline) database->allow();
    return erased.error();
  }
  claimed.erase();
  lock.unlock();
  remove_folder(uuid);
  return *erased;
}

Result<> DatabaseManager::commit_change(Lock& lock, Rows::iterator row, std::span<const SystemStore::Change> changes) {
  const storage::NodeId node = row->second.node;
  lock.unlock();
  auto updated = system_->update(node, changes);
  lock.lock();
  return updated;
}

Result<std::uint64_t> DatabaseManager::stop(const Identity& identity, std::string_view name) {
  Lock lock(mutex_);
  NX_TRY(const Rows::iterator row, claim(lock, identity, name, "stop"));
  if (row->second.is_offline) return std::uint64_t{0};
  Claim claimed(*this, row);
  row->second.is_leaving = true;
  const std::shared_ptr<Database> database = row->second.database;
  lock.unlock();
  std::optional<DatabaseCounts> counts;
  if (database) {
    counts = database->shut(environment_.settings.stop_grace_ms, database_unavailable(row->first, "it was stopped"));
  }
  lock.lock();
  if (counts) note_counts(row->second, *counts);
  const std::int64_t now = environment_.wall();
  std::vector<SystemStore::Change> changes{{"requestedStatus", Value::string("offline")},
                                           {"stoppedNanoseconds", Value::integer(now)}};
  SystemStore::append_counts(changes, row->second.counts);
  if (const auto committed = commit_change(lock, row, changes); !committed) {
    if (database) database->allow();
    return committed.error();
  }
  row->second.is_offline = true;
  row->second.stopped = now;
  row->second.counts_are_kept = true;
  return std::uint64_t{1};
}

Result<std::uint64_t> DatabaseManager::start(const Identity& identity, std::string_view name) {
  Lock lock(mutex_);
  NX_TRY(const Rows::iterator row, claim(lock, identity, name, "start"));
  const std::shared_ptr<Database> database = row->second.database;
  const bool has_failed = database && !database->state().failure.empty();
  if (!row->second.is_offline && !has_failed) return std::uint64_t{0};
  Claim claimed(*this, row);
  if (has_failed) {  // Only reading its files anew can tell what is in it.
    row->second.is_leaving = true;
    lock.unlock();
    database->shut(environment_.settings.stop_grace_ms, database_unavailable(row->first, "it is being restarted"));
    lock.lock();
  }
  const std::int64_t now = environment_.wall();
  const SystemStore::Change changes[] = {{"requestedStatus", Value::string("online")},
                                         {"startedNanoseconds", Value::integer(now)}};
  NX_TRY_DO(commit_change(lock, row, std::span{changes}));
  row->second.is_offline = false;
  row->second.started = now;
  if (database) database->allow();
  return std::uint64_t{1};
}

Result<std::uint64_t> DatabaseManager::alter(const Identity& identity, const AlterRequest& request) {
  std::string new_name;
  if (request.new_name) { NX_TRY(new_name, check_database_name(*request.new_name)); }
  Lock lock(mutex_);
  auto found = claim(lock, identity, request.name, "alter");
  if (!found) {
    if (request.if_exists && found.error().code == ErrorCode::DatabaseNotFound) return std::uint64_t{0};
    return std::move(found.error());
  }
  const Rows::iterator row = *found;
  if (row->second.is_composite && (request.is_read_only || request.log_enrichment || request.new_name)) {
    return Error(ErrorCode::CompositeDatabaseImmutable,
                 "Composite databases cannot be altered (database: " + printable_name(row->first) + ").");
  }
  Claim claimed(*this, row);
  std::vector<SystemStore::Change> changes;
  if (request.is_read_only) {
    changes.emplace_back("access", Value::string(*request.is_read_only ? "read-only" : "read-write"));
  }
  if (request.log_enrichment) {
    changes.emplace_back("txLogEnrichment",
                         request.log_enrichment->empty() ? Value::null() : Value::string(*request.log_enrichment));
  }
  if (request.new_name && new_name != row->first) {
    NX_TRY_DO(rename(lock, row, new_name, changes));
  } else {
    NX_TRY_DO(commit_change(lock, row, changes));
  }
  if (request.is_read_only) row->second.is_read_only = *request.is_read_only;
  if (request.log_enrichment) {
    if (!row->second.extra) row->second.extra = std::make_unique<StoredDatabase>();
    row->second.extra->log_enrichment = *request.log_enrichment;
  }
  return std::uint64_t{1};
}

// The node of the map moves to its new key: iterators to it stay valid.
Result<> DatabaseManager::rename(Lock& lock, Rows::iterator row, const std::string& name,
                                 std::vector<SystemStore::Change> changes) {
  if (row->first == resolved(system_->default_database())) {
    return cannot("rename", row->first, "it is the default database.", ErrorCode::DefaultDatabaseImmutable);
  }
  if (rows_.count(name) != 0 || aliases_.find(name) != nullptr || changing_alias_ == name) return already_exists(name);
  NX_TRY_DO(reserve(lock, name));
  changes.emplace_back("name", Value::string(name));
  const auto committed = commit_change(lock, row, changes);
  rows_.erase(name);
  settled_.notify_all();
  if (!committed) return committed.error();
  auto node = rows_.extract(row);
  aliases_.rename_target(node.key(), name);
  node.key() = name;
  rows_.insert(std::move(node));
  if (row->second.database) row->second.database->rename(name);
  return Done{};
}

}  // namespace nexus::instance
