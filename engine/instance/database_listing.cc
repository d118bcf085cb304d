// The reading half of DatabaseManager: what SHOW DATABASES and the REST API show.
#include "instance/database_manager.h"
#include "instance/database_name.h"

namespace nexus::instance {

DatabaseInfo DatabaseManager::describe(const std::string& name, const Row& row) const {
  DatabaseInfo info;
  info.name = name;
  info.uuid = uuid_text(row.uuid);
  info.type = row.is_composite ? "composite" : "standard";
  info.aliases = aliases_.leading_to(name);
  info.constituents = aliases_.constituents_of(name);
  info.access = row.is_read_only ? "read-only" : "read-write";
  info.requested_status = row.is_offline ? "offline" : "online";
  info.current_status = row.is_leaving ? "stopping" : info.requested_status;
  info.is_default = name == resolved(system_->default_database());
  info.is_home = info.is_default;
  info.is_temporary = row.is_temporary;
  if (row.expires != 0) info.expires_nanoseconds = environment_.wall() + (row.expires - environment_.now());
  info.created_nanoseconds = row.created;
  if (row.started != 0) info.started_nanoseconds = row.started;
  if (row.stopped != 0) info.stopped_nanoseconds = row.stopped;
  DatabaseCounts counts = row.counts;
  if (row.database) {
    DatabaseState state = row.database->state();
    if (state.counts) counts = *state.counts;
    info.memory_bytes = state.memory_bytes;
    if (state.kind == DatabaseState::Kind::Opening) info.current_status = "starting";
    if (!state.failure.empty() && !row.is_offline) {
      info.current_status = state.is_damaged ? "dirty" : "offline";
      info.status_message = std::move(state.failure);
    }
  }
  info.node_count = counts.nodes;
  info.relationship_count = counts.relationships;
  info.store_bytes = counts.store_bytes;
  info.last_transaction = counts.last_transaction;
  if (row.extra) {
    info.parent = row.extra->parent;
    info.options = options_map(row.extra->options);
  }
  return info;
}

DatabaseInfo DatabaseManager::describe_system() const {
  DatabaseInfo info;
  info.name = kSystemDatabase;
  info.uuid = uuid_text(kSystemUuid);
  info.type = "system";
  info.access = "read-write";
  info.requested_status = "online";
  info.current_status = "online";
  DatabaseState state = system_->state();
  info.status_message = std::move(state.failure);
  info.node_count = state.counts->nodes;
  info.store_bytes = state.counts->store_bytes;
  info.last_transaction = state.counts->last_transaction;
  info.memory_bytes = state.memory_bytes;
  return info;
}

std::vector<DatabaseInfo> DatabaseManager::list(const Identity& identity, const DatabaseFilter& filter) {
  std::vector<DatabaseInfo> found;
  const std::string prefix = fold_database_name(filter.prefix);
  const std::string after = fold_database_name(filter.after);
  const auto starts_with_prefix = [&](std::string_view name) { return name.substr(0, prefix.size()) == prefix; };
  const auto is_full = [&] { return filter.limit != 0 && found.size() >= filter.limit; };
  const auto add = [&](DatabaseInfo info) {
    if (filter.status.empty() || info.current_status == filter.status) found.push_back(std::move(info));
  };
  bool system_is_due = authorize(identity, 0, "Listing databases").has_value() &&
                       starts_with_prefix(kSystemDatabase) && after < kSystemDatabase;
  const Lock lock(mutex_);
  auto row = after < prefix ? rows_.lower_bound(prefix) : rows_.upper_bound(after);
  for (; row != rows_.end() && !is_full() && starts_with_prefix(row->first); ++row) {
    if (system_is_due && row->first > kSystemDatabase) {
      system_is_due = false;
      add(describe_system_for(identity));
      if (is_full()) break;
    }
    if (row->second.is_reserved || has_expired(row->second) || !is_visible(identity, row->first, row->second.uuid)) continue;
    add(describe_for(identity, row->first, row->second));
  }
  if (system_is_due && !is_full()) add(describe_system_for(identity));
  return found;
}

std::size_t DatabaseManager::size() const {
  const Lock lock(mutex_);
  return rows_.size() + aliases_.size();
}

std::vector<std::shared_ptr<Work>> DatabaseManager::works() {
  std::vector<std::shared_ptr<Database>> databases{system_graph_};
  {
    const Lock lock(mutex_);
    for (const auto& [name, row] : rows_) {
      if (row.database) databases.push_back(row.database);
    }
  }
  std::vector<std::shared_ptr<Work>> found;
  for (const auto& database : databases) {
    for (auto& work : database->works()) found.push_back(std::move(work));
  }
  return found;
}

Result<DatabaseInfo> DatabaseManager::info(const Identity& identity, std::string_view name) {
  const std::string folded = fold_database_name(name);
  if (folded == kSystemDatabase) {
    NX_TRY_DO(authorize(identity, 0, "Using the system database"));
    return describe_system_for(identity);
  }
  const Lock lock(mutex_);
  const auto row = rows_.find(resolved(folded));
  if (row == rows_.end() || row->second.is_reserved || has_expired(row->second) ||
      !is_visible(identity, row->first, row->second.uuid)) {
    return Error(ErrorCode::DatabaseNotFound,
                 "Database does not exist. Database name: '" + printable_name(name) + "'.");
  }
  return describe_for(identity, row->first, row->second);
}

}  // namespace nexus::instance
