// What a new database begins with: nothing, or a copy of another one.
//
// A copy is complete and durable in its own folder before its row is committed; so a crash at any
// moment leaves a whole database or a folder without a row, which the next start removes.
#include <algorithm>

#include "instance/database_claim.h"
#include "instance/database_name.h"
#include "vfs/prefix_vfs.h"

namespace nexus::instance {

std::shared_ptr<Database> DatabaseManager::make_in_memory(const StoredDatabase& stored) const {
  auto made = std::make_shared<Database>(environment_, stored.uuid, stored.name, nullptr);
  made->set_options(stored.options);
  return made;
}

Result<std::shared_ptr<Database>> DatabaseManager::fill(const Identity& identity, const CreateRequest& request,
                                                        StoredDatabase& stored) {
  std::shared_ptr<Database> made;
  if (request.dump != nullptr) {
    stored.counts = {request.dump->header().nodes, request.dump->header().relationships, 0,
                     request.dump->header().timestamp};
    NX_TRY_DO(restore_files(*request.dump, stored));
    return made;
  }
  if (request.is_temporary) made = make_in_memory(stored);
  if (!request.copy_of) return made;
  NX_TRY(const Target target, find(identity, *request.copy_of, right::kAccess | right::kMatch));
  if (target.is_system) {
    return cannot("copy", target.name, "it is the system database.", ErrorCode::SystemDatabaseImmutable);
  }
  if (target.is_composite) return composite_has_no_graph("copy", target.name);
  if (is_rehearsal()) {
    NX_TRY(const DatabaseInfo info, this->info(identity, target.name));
    stored.parent = target.name;
    stored.counts = {info.node_count, info.relationship_count, info.store_bytes, info.last_transaction};
    return made;
  }
  // In a transaction that has stopped and started it, its door is still to be opened.
  if (draft_) target.database->allow();
  NX_TRY(const std::shared_ptr<Work> source, enter(target, identity));
  const std::lock_guard guard(source->mutex);
  auto filled = [&]() -> Result<> {
    NX_TRY_DO(source->begin_statement(0, 0));
    NX_TRY(source->snapshot, source->store().snapshot({0, &source->cancellation().requested()}));
    stored.parent = target.name;
    stored.counts.nodes = source->snapshot->node_count();
    stored.counts.relationships = source->snapshot->relationship_count();
    stored.counts.last_transaction = source->snapshot->timestamp();
    // Never written: there are no files to make.
    if (!made && source->snapshot->timestamp() == 0) return Done{};
    if (!made) return copy_files(*source->snapshot, source->cancellation(), stored);
    NX_TRY(auto store, storage::Store::open_in_memory(
                           {&environment_.components.random, &environment_.components.clock, &made->memory()},
                           *source->snapshot));
    made->adopt(std::move(store));
    return Done{};
  }();
  if (!filled) filled = source->explain(std::move(filled.error()));
  source->end();
  if (!filled) return std::move(filled.error());
  return made;
}

// Requires: mutex_ held by the change's lock. Filling files may take as long as they are large, or as who sends them likes.
Result<std::shared_ptr<Database>> DatabaseManager::fill_meanwhile(Change& change, const Identity& identity,
                                                                  const CreateRequest& request,
                                                                  StoredDatabase& stored) {
  const bool is_long = request.copy_of || request.dump != nullptr;
  if (is_long) change.pause();
  change.unlock();
  auto filled = fill(identity, request, stored);
  change.lock();
  if (is_long) change.resume();
  return filled;
}

Result<> DatabaseManager::copy_files(storage::PieceSource& source, const exec::Cancellation& cancellation,
                                     StoredDatabase& stored) {
  const DatabaseUuid& uuid = stored.uuid;
  note_unfinished(uuid);
  vfs::PrefixVfs folder(environment_.components.vfs, folder_of(uuid));
  storage::NewDatabase files(uuid, environment_.components.random, folder);
  auto written = [&]() -> Result<> {
    NX_TRY_DO(files.begin());
    std::vector<storage::SnapshotPiece> pieces;
    for (bool more = true; more;) {
      pieces.clear();
      NX_TRY_DO(cancellation.check(environment_.components.clock));
      NX_TRY(more, source.next(pieces));
      NX_TRY_DO(files.add(pieces));
    }
    return files.finish();
  }();
  stored.counts.store_bytes = files.bytes();
  if (!written) {
    forget_unfinished(uuid);
    remove_folder(uuid);
  }
  return written;
}

void DatabaseManager::note_unfinished(const DatabaseUuid& uuid) {
  if (draft_) {
    draft_->written.push_back(uuid);
    return draft_->base.note_unfinished(uuid);
  }
  const Lock lock(mutex_);
  unfinished_.push_back(uuid);
}

void DatabaseManager::forget_unfinished(const DatabaseUuid& uuid) {
  if (draft_) return;  // adopt() and abandon() do.
  const Lock lock(mutex_);
  const auto found = std::find(unfinished_.begin(), unfinished_.end(), uuid);
  if (found != unfinished_.end()) unfinished_.erase(found);
}

Result<> DatabaseManager::commit_new(StoredDatabase& stored, const CreateRequest& request,
                                     const std::optional<SystemStore::Removal>& replaced) {
  if (request.is_temporary) {
    if (!replaced || replaced->node == 0) return Done{};
    return system_->remove(*replaced);
  }
  // A temporary database that is replaced has no row.
  const bool replaces_row = replaced && replaced->node != 0;
  auto node = system_->insert(stored, replaces_row ? replaced : std::nullopt);
  if (node) {
    stored.node = *node;
    return Done{};
  }
  // Why the files stay when nobody knows: the row may be there after a restart.
  forget_unfinished(stored.uuid);
  if (node.error().code != ErrorCode::CommitOutcomeUnknown) remove_folder(stored.uuid);
  return std::move(node.error());
}

// Requires: mutex_ held.
DatabaseManager::Row DatabaseManager::make_row(StoredDatabase stored, const CreateRequest& request,
                                               std::shared_ptr<Database> database) {
  unfinished_.erase(std::remove(unfinished_.begin(), unfinished_.end(), stored.uuid), unfinished_.end());
  Row row = row_of(std::move(stored));
  row.database = std::move(database);
  row.is_temporary = request.is_temporary;
  if (request.is_temporary && request.ttl_seconds != 0) {
    row.expires = environment_.now() + static_cast<std::int64_t>(request.ttl_seconds) * 1'000'000'000;
    if (next_expiry_ == 0 || row.expires < next_expiry_) next_expiry_ = row.expires;
  }
  return row;
}

}  // namespace nexus::instance
