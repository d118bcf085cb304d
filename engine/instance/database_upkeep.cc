// The housekeeping half of DatabaseManager: what is open, what is on disk, and the end.
#include <algorithm>
#include <limits>

#include "instance/database_claim.h"
#include "instance/database_name.h"

namespace nexus::instance {
namespace {

constexpr std::string_view kDatabaseFolders = "db";
// How many databases may hold file descriptors between statements.
constexpr std::size_t kWritersMax = 64;
// Making room closes a sixteenth of the open databases at once, so that looking for the
// least recently used ones is paid once for many.
constexpr std::size_t kRoomShare = 16;

}  // namespace

void DatabaseManager::committed(const std::shared_ptr<Database>& database) {
  if (database->wants_compaction()) {
    background_.submit([weak = std::weak_ptr<Database>(database)] {
      if (const auto strong = weak.lock()) strong->compact_if_useful();
    });
  }
  std::shared_ptr<Database> released;
  {
    const std::lock_guard guard(writers_mutex_);
    const auto is_same = [&](const std::weak_ptr<Database>& other) {
      return !other.owner_before(database) && !database.owner_before(other);
    };
    if (!writers_.empty() && is_same(writers_.back())) return;
    writers_.erase(std::remove_if(writers_.begin(), writers_.end(), is_same), writers_.end());
    writers_.push_back(database);
    if (writers_.size() > kWritersMax) {
      released = writers_.front().lock();
      writers_.erase(writers_.begin());
    }
  }
  if (released) released->release_handles();
}

void DatabaseManager::make_room() {
  if (draft_) return draft_->base.make_room();
  const std::size_t open_max = std::max<std::uint64_t>(environment_.settings.open_databases_max, 1);
  if (environment_.open_databases < open_max) return;
  unload(environment_.now(), open_max / kRoomShare + 1);
}

void DatabaseManager::unload_idle(std::int64_t idle_ns) {
  expire();
  unload(environment_.now() - idle_ns, std::numeric_limits<std::size_t>::max());
  background_.submit([this] { system_->compact_if_useful(); });
}

// Closes the stores of up to `count_max` databases that nothing has used since `since`, the
// least recently used first, and keeps their counts.
void DatabaseManager::unload(std::int64_t since, std::size_t count_max) {
  std::vector<std::pair<std::int64_t, std::shared_ptr<Database>>> candidates;
  {
    const Lock lock(mutex_);
    for (auto& [name, row] : rows_) {
      if (!row.database || !row.is_settled) continue;
      const std::int64_t used = row.database->last_used();
      if (used <= since) candidates.emplace_back(used, row.database);
    }
  }
  std::sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::size_t unloaded = 0;
  for (auto& [used, database] : candidates) {
    if (unloaded == count_max) break;
    std::optional<DatabaseCounts> counts;
    if (!database->unload_if_idle(since, counts)) continue;
    unloaded += counts ? 1 : 0;
    const Lock lock(mutex_);
    const auto row = rows_.find(database->name());
    if (row == rows_.end() || row->second.database != database) continue;
    if (counts) note_counts(row->second, *counts);
    // Nobody can reach it but through the row and `candidates`: new users need mutex_.
    if (row->second.is_settled && !row->second.is_offline && database.use_count() == 2) row->second.database.reset();
  }
  keep_counts();
}

// Requires: mutex_ held. Counts that are older than what the row has are late news.
void DatabaseManager::note_counts(Row& row, const DatabaseCounts& counts) {
  if (counts == row.counts || counts.last_transaction < row.counts.last_transaction) return;
  row.counts = counts;
  row.counts_are_kept = false;
}

void DatabaseManager::keep_counts() {
  const std::lock_guard guard(counts_mutex_);
  std::vector<std::pair<storage::NodeId, DatabaseCounts>> changed;
  {
    const Lock lock(mutex_);
    for (auto& [name, row] : rows_) {
      if (row.counts_are_kept || row.is_reserved || row.is_temporary) continue;
      row.counts_are_kept = true;
      changed.emplace_back(row.node, row.counts);
    }
  }
  if (const auto kept = system_->update_counts(changed); !kept) {
    environment_.components.log.write(LogLevel::Warning, "keeping counts: " + kept.error().message);
  }
}

void DatabaseManager::remove_folder(const DatabaseUuid& uuid) {
  if (draft_) return draft_->buried.push_back(uuid);
  background_.submit([this, path = std::string(kDatabaseFolders) + "/" + uuid_text(uuid)] {
    if (const auto removed = environment_.components.vfs.remove_tree(path); !removed) {
      environment_.components.log.write(LogLevel::Warning, "removing " + path + ": " + removed.error().message);
    }
  });
}

// Folders that no row names: their drop was committed, their removal was not finished.
//
// Why it is safe beside CREATE: a folder appears only after its row was committed or its uuid
// was noted as unfinished, so what is listed first and unknown afterwards has been dropped.
void DatabaseManager::remove_orphans() {
  auto listed = environment_.components.vfs.list(kDatabaseFolders);
  if (!listed) {
    environment_.components.log.write(LogLevel::Warning, "listing databases' folders: " + listed.error().message);
    return;
  }
  std::vector<DatabaseUuid> known;
  {
    const Lock lock(mutex_);
    known = unfinished_;
    for (const auto& [name, row] : rows_) known.push_back(row.uuid);
    for (const StoredDatabase& dropped : trash_) known.push_back(dropped.uuid);
  }
  std::sort(known.begin(), known.end());
  for (const DirectoryEntry& entry : *listed) {
    const auto uuid = parse_uuid(entry.name);
    // A file or folder with another name is not ours to judge.
    if (!uuid || !entry.is_directory || std::binary_search(known.begin(), known.end(), *uuid)) continue;
    environment_.components.log.write(LogLevel::Info, "removing the folder of dropped database " + entry.name);
    remove_folder(*uuid);
  }
}

Result<> DatabaseManager::check_writable() {
  {
    const Lock lock(mutex_);
    if (is_closing_) return database_unavailable(kSystemDatabase, "the instance is shutting down");
  }
  return system_->touch();
}

Result<> DatabaseManager::close() {
  std::vector<std::shared_ptr<Database>> open;
  {
    Lock lock(mutex_);
    if (is_closing_) return Done{};
    is_closing_ = true;
    open.push_back(system_graph_);
    for (auto& [name, row] : rows_) {
      if (row.database) open.push_back(row.database);
    }
  }
  background_.close();
  if (!system_) return Done{};
  const std::int64_t end =
      environment_.now() + static_cast<std::int64_t>(environment_.settings.stop_grace_ms) * 1'000'000;
  for (const auto& database : open) {
    const std::int64_t left_ms = std::max<std::int64_t>((end - environment_.now()) / 1'000'000, 0);
    const std::string name = database->name();
    const auto counts = database->shut(static_cast<std::uint64_t>(left_ms),
                                       database_unavailable(name, "the instance is shutting down"));
    const Lock lock(mutex_);
    const auto row = rows_.find(name);
    if (counts && row != rows_.end() && row->second.database == database) note_counts(row->second, *counts);
  }
  keep_counts();
  return system_->close();
}

}  // namespace nexus::instance
