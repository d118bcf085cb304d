// What DROP leaves behind: the trash with UNDROP, and the end of temporary databases.
//
//   row ── DROP ──▶ in the trash ── UNDROP ──▶ row
//    │                 └── its time is over ──▶ gone
//    └── DROP … DESTROY DATA, temporary, or nothing was ever written ──▶ gone
//
// Each arrow is one transaction on the system database; a folder goes after its row has gone.
#include <algorithm>

#include "instance/database_claim.h"
#include "instance/database_name.h"

namespace nexus::instance {

// What is in the trash takes room on the disk and counts like what is not.
Result<> DatabaseManager::check_room() const {
  const std::uint64_t databases_max = environment_.settings.databases_max;
  if (rows_.size() + trash_.size() < databases_max) return Done{};
  std::string message = "The limit of " + std::to_string(databases_max) + " databases (databases_max) is reached";
  if (!trash_.empty()) {
    message += ", " + std::to_string(trash_.size()) +
               " of them dropped and kept for UNDROP DATABASE; DROP DATABASE … DESTROY DATA keeps nothing";
  }
  return Error(ErrorCode::DatabaseLimitReached, message + ".");
}

// Requires: the row is claimed and its database shut; mutex_ is not held, for files are read.
SystemStore::Removal DatabaseManager::removal_of(const std::string& name, const Row& row, bool destroys) {
  SystemStore::Removal removal;
  removal.node = row.node;
  if (destroys || row.is_temporary || row.is_composite || environment_.settings.trash_seconds == 0) return removal;
  const auto files = environment_.components.vfs.list(folder_of(row.uuid));
  const bool would_be_written = is_rehearsal() && row.counts.last_transaction != 0;
  if (files && files->empty() && !would_be_written) return removal;  // Never written: nothing to have back.
  const Lock lock(mutex_);                      // Late counts may still come in.
  StoredDatabase kept;
  kept.node = row.node;
  kept.name = name;
  kept.uuid = row.uuid;
  kept.is_read_only = row.is_read_only;
  kept.created = row.created;
  kept.started = row.started;
  kept.stopped = row.stopped;
  kept.counts = row.counts;
  if (row.extra) {
    kept.parent = row.extra->parent;
    kept.options = row.extra->options;
  }
  kept.dropped = environment_.wall();
  removal.kept = std::move(kept);
  return removal;
}

// After the removal was committed.
void DatabaseManager::bury(SystemStore::Removal removal, const DatabaseUuid& uuid) {
  if (!removal.kept) return remove_folder(uuid);
  const Lock lock(mutex_);
  trash_.push_back(std::move(*removal.kept));
}

Result<std::uint64_t> DatabaseManager::undrop(const Identity& identity, std::string_view name,
                                              std::string_view new_name) {
  NX_TRY_DO(authorize(identity, right::kCreateDatabase, "Bringing back a database"));
  const std::string folded = fold_database_name(name);
  NX_TRY(const std::string target, check_database_name(new_name.empty() ? std::string_view(folded) : new_name));
  expire();
  Lock lock(mutex_);
  const Change change(*this, lock);
  if (is_closing_) return database_unavailable(folded, "the instance is shutting down");
  const auto found = std::find_if(trash_.rbegin(), trash_.rend(),
                                  [&](const StoredDatabase& dropped) { return dropped.name == folded; });
  if (found == trash_.rend()) {
    return cannot("undrop", name, "there is no dropped database of that name.", ErrorCode::NoSuchDatabase);
  }
  if (is_taken(target)) return cannot("undrop", target, "the name is taken.", ErrorCode::DatabaseExists);
  StoredDatabase restored = std::move(*found);
  trash_.erase(std::next(found).base());
  // Why without check_room(): it counted already. Nobody else can take the name meanwhile.
  Row reserved;
  reserved.is_settled = false;
  reserved.is_reserved = true;
  reserved.uuid = restored.uuid;
  const Rows::iterator row = rows_.try_emplace(target, std::move(reserved)).first;
  lock.unlock();
  const auto committed = system_->restore(restored.node, target);
  lock.lock();
  Claim claimed(*this, row);
  if (!committed) {
    trash_.push_back(std::move(restored));
    claimed.erase();
    return committed.error();
  }
  restored.name = target;
  restored.dropped = 0;
  row->second = row_of(std::move(restored));
  return std::uint64_t{1};
}

std::vector<DroppedDatabaseInfo> DatabaseManager::dropped(const Identity& identity) {
  std::vector<DroppedDatabaseInfo> found;
  const std::int64_t kept_for = static_cast<std::int64_t>(environment_.settings.trash_seconds) * 1'000'000'000;
  if (!sees_all(identity)) return found;
  const Lock lock(mutex_);
  for (const StoredDatabase& row : trash_) {
    if (row.dropped + kept_for <= environment_.wall()) continue;
    found.push_back({row.name, uuid_text(row.uuid), row.dropped, row.dropped + kept_for, row.counts.nodes,
                     row.counts.relationships, row.counts.store_bytes});
  }
  return found;
}

void DatabaseManager::expire() {
  if (draft_) return;
  end_temporary();
  empty_trash();
}

void DatabaseManager::empty_trash() {
  const std::int64_t kept_for = static_cast<std::int64_t>(environment_.settings.trash_seconds) * 1'000'000'000;
  Lock lock(mutex_);
  const std::int64_t oldest = environment_.wall() - kept_for;
  const auto is_over = [&](const StoredDatabase& row) { return row.dropped <= oldest; };
  if (std::none_of(trash_.begin(), trash_.end(), is_over)) return;
  const Change change(*this, lock);
  std::vector<StoredDatabase> over;
  std::copy_if(trash_.begin(), trash_.end(), std::back_inserter(over), is_over);
  trash_.erase(std::remove_if(trash_.begin(), trash_.end(), is_over), trash_.end());
  for (const StoredDatabase& row : over) unfinished_.push_back(row.uuid);
  lock.unlock();
  for (StoredDatabase& row : over) {
    const DatabaseUuid uuid = row.uuid;
    const auto removed = system_->remove({row.node, std::nullopt});
    lock.lock();
    unfinished_.erase(std::find(unfinished_.begin(), unfinished_.end(), uuid));
    if (!removed) trash_.insert(trash_.begin(), std::move(row));
    lock.unlock();
    if (removed) remove_folder(uuid);
    if (!removed) environment_.components.log.write(LogLevel::Warning, "emptying the trash: " + removed.error().message);
  }
}

bool DatabaseManager::has_expired(const Row& row) const {
  return row.is_temporary && row.expires != 0 && row.expires <= environment_.now();
}

void DatabaseManager::end_temporary() {
  std::vector<std::shared_ptr<Database>> ended;
  Lock lock(mutex_);
  const auto is_due = [this] { return next_expiry_ != 0 && next_expiry_ <= environment_.now(); };
  if (!is_due()) return;
  const Change change(*this, lock);
  if (!is_due()) return;
  next_expiry_ = 0;
  for (auto row = rows_.begin(); row != rows_.end();) {
    const auto here = row++;
    if (!here->second.is_temporary || here->second.expires == 0) continue;
    if (has_expired(here->second) && here->second.is_settled) {
      ended.push_back(std::move(here->second.database));
      rows_.erase(here);
    } else if (next_expiry_ == 0 || here->second.expires < next_expiry_) {
      next_expiry_ = here->second.expires;
    }
  }
  settled_.notify_all();
  lock.unlock();
  // Why after the rows: nobody can enter any more, and shutting may wait for a statement's next check.
  for (const auto& database : ended) database->shut(0, database_unavailable(database->name(), "its time is over"));
}

}  // namespace nexus::instance
