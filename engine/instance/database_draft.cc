// Drafts: the databases as the commands of a transaction would leave them.
//
//   rehearse ── commands as they come ─▶ answers           nothing happens
//   transact ── rehearse again if anybody was first
//            ── in earnest: statements end, files are written
//            ── one transaction of the system database ─┬▶ adopt: all rows at once, then what was dropped goes
//                                                       └▶ abandon: doors open again, new files go
//
// Invariant: between the copy of the rows and adopt() nobody else settles a row, for Alone keeps them out; a
// row that is not settled belongs to a change that fills files meanwhile: a draft may not touch it, and it
// moves over as it is.
#include <algorithm>

#include "instance/database_claim.h"
#include "instance/database_name.h"

namespace nexus::instance {

using storage::NodeId;

DatabaseManager::DatabaseManager(DatabaseManager& base, std::unique_ptr<Draft> draft)
    : environment_(base.environment_),
      system_(SystemStore::draft(*base.system_)),
      access_(base.access_ ? base.access_->draft(*system_) : nullptr),
      system_graph_(base.system_graph_),
      draft_(std::move(draft)),
      background_(base.environment_.components.scheduler) {
  const Lock lock(base.mutex_);
  for (const auto& [name, row] : base.rows_) rows_.try_emplace(name, Row(row));
  for (Alias& alias : base.aliases_.page({}, base.aliases_.size())) aliases_.put(std::move(alias));
  trash_ = base.trash_;
  next_expiry_ = base.next_expiry_;
  is_closing_ = base.is_closing_;
}

std::unique_ptr<DatabaseManager> DatabaseManager::rehearse() {
  expire();
  const Alone alone(*this);
  return make_draft(false, {});
}

// Requires: Alone.
std::unique_ptr<DatabaseManager> DatabaseManager::make_draft(bool is_in_earnest, std::vector<DatabaseUuid> uuids) {
  std::unique_ptr<Draft> draft(new Draft{*this, is_in_earnest, generation_, std::move(uuids), 0, {}, {}, {}, {}});
  return std::unique_ptr<DatabaseManager>(new DatabaseManager(*this, std::move(draft)));
}

Result<> DatabaseManager::transact(const DatabaseManager& rehearsal, const Commands& commands) {
  expire();
  const Alone alone(*this);
  const Draft& rehearsed = *rehearsal.draft_;
  if (generation_ != rehearsed.generation) {
    if (auto possible = commands(*make_draft(false, rehearsed.uuids)); !possible) {
      return Error(ErrorCode::TransactionConflict, "Another change came first. " + possible.error().message);
    }
  }
  std::unique_ptr<DatabaseManager> draft = make_draft(true, rehearsed.uuids);
  const auto created = [&]() -> Result<std::vector<NodeId>> {
    NX_TRY_DO(commands(*draft));
    {
      const Lock lock(mutex_);
      if (is_closing_) return database_unavailable(kSystemDatabase, "the instance is shutting down");
    }
    return system_->write(*draft->system_);
  }();
  if (created) {
    adopt(*draft, *created);
    return Done{};
  }
  // Why files stay when nobody knows: their rows may be there after a restart.
  abandon(std::move(draft), created.error().code == ErrorCode::CommitOutcomeUnknown);
  return created.error();
}

void DatabaseManager::adopt(DatabaseManager& draft, const std::vector<NodeId>& created) {
  Draft& work = *draft.draft_;
  const auto set_node = [&created](NodeId& node) {
    if (node >= SystemStore::kDraftNodes) node = created[node - SystemStore::kDraftNodes];
  };
  Lock lock(mutex_);
  for (auto& [name, row] : draft.rows_) {
    const auto before = row.node < SystemStore::kDraftNodes ? row_with(row.uuid, name) : rows_.end();
    set_node(row.node);
    if (before == rows_.end()) {
      if (row.database) row.database->rename(name);
      if (row.database) row.database->set_options(row.options());
      continue;
    }
    Row& old = before->second;
    if (!row.database) row.database = old.database;
    note_counts(row, old.counts);
    row.counts_are_kept = row.counts_are_kept && old.counts_are_kept;
    if (row.database && before->first != name) row.database->rename(name);
    if (row.database && !(row.options() == old.options())) row.database->set_options(row.options());
  }
  draft.aliases_.set_nodes(SystemStore::kDraftNodes, created);
  for (StoredDatabase& dropped : draft.trash_) set_node(dropped.node);
  for (auto row = rows_.begin(); row != rows_.end();) {
    const auto here = row++;
    if (!here->second.is_settled) draft.rows_.take(rows_, here);
  }
  rows_.swap(draft.rows_);
  aliases_.swap(draft.aliases_);
  trash_.swap(draft.trash_);
  next_expiry_ = draft.next_expiry_;
  system_->follow(*draft.system_);
  if (access_) access_->adopt(*draft.access_, created);
  ++generation_;
  const auto is_written = [&work](const DatabaseUuid& uuid) {
    return std::find(work.written.begin(), work.written.end(), uuid) != work.written.end();
  };
  unfinished_.erase(std::remove_if(unfinished_.begin(), unfinished_.end(), is_written), unfinished_.end());
  for (const DatabaseUuid& uuid : work.taken_away) {
    const auto row = row_with(uuid, {});
    if (row != rows_.end() && !row->second.is_offline && row->second.database) row->second.database->allow();
  }
  lock.unlock();
  for (const DatabaseUuid& uuid : work.buried) remove_folder(uuid);
}

void DatabaseManager::abandon(std::unique_ptr<DatabaseManager> draft, bool keeps_files) {
  const Draft work = *draft->draft_;
  draft.reset();  // What it had opened is closed before its files go.
  {
    const Lock lock(mutex_);
    for (const DatabaseUuid& uuid : work.taken_away) {
      const auto row = row_with(uuid, {});
      row->second.is_leaving = false;
      if (!row->second.is_offline && row->second.database) row->second.database->allow();
    }
  }
  for (const DatabaseUuid& uuid : work.written) {
    forget_unfinished(uuid);
    if (!keeps_files) remove_folder(uuid);
  }
  if (keeps_files) return;
  for (const std::string& path : work.dumps) {
    const auto removed = environment_.components.vfs.remove(path);
    if (!removed && removed.error().code != ErrorCode::FileNotFound) {
      environment_.components.log.write(LogLevel::Warning, "removing " + path + ": " + removed.error().message);
    }
  }
}

bool DatabaseManager::is_rehearsal() const { return draft_ && !draft_->is_in_earnest; }

DatabaseUuid DatabaseManager::new_uuid() {
  if (!draft_) return make_uuid(environment_.components.random);
  std::vector<DatabaseUuid>& uuids = draft_->uuids;
  if (draft_->uuids_given == uuids.size()) uuids.push_back(make_uuid(environment_.components.random));
  return uuids[draft_->uuids_given++];
}

// Requires: a Change. Until somebody settles something; then everything is to be looked at anew.
Result<> DatabaseManager::wait_for_others(Lock& lock, std::string_view name) {
  if (draft_) {
    return Error(ErrorCode::TransactionConflict,
                 "Database '" + printable_name(name) + "' is being changed by somebody else.");
  }
  // Why not as one that is under way: who settles it may be waiting for a transaction that waits for us.
  --changes_;
  if (is_transacting_) settled_.notify_all();
  settled_.wait(lock);
  settled_.wait(lock, [this] { return !is_transacting_; });
  ++changes_;
  return Done{};
}

// Requires: mutex_ held. Nobody finds the row's database from now on; the one that is to be shut.
std::shared_ptr<Database> DatabaseManager::take_away(Rows::iterator row) {
  row->second.is_leaving = true;
  if (draft_ && draft_->is_in_earnest) {
    DatabaseManager& base = draft_->base;
    const Lock lock(base.mutex_);
    const auto there = base.row_with(row->second.uuid, row->first);
    if (there != base.rows_.end()) {
      there->second.is_leaving = true;
      if (!row->second.database) row->second.database = there->second.database;
      draft_->taken_away.push_back(row->second.uuid);
    }
  }
  return row->second.database;
}

// What was in it, when it was open.
std::optional<DatabaseCounts> DatabaseManager::shut(const std::shared_ptr<Database>& database, const Error& reason) {
  if (!database) return std::nullopt;
  if (is_rehearsal()) return database->state().counts;
  return database->shut(environment_.settings.stop_grace_ms, reason);
}

void DatabaseManager::allow(const std::shared_ptr<Database>& database) {
  if (database && !is_rehearsal()) database->allow();
}

// Requires: mutex_ held. `name` is the one that it most likely has.
DatabaseManager::Rows::iterator DatabaseManager::row_with(const DatabaseUuid& uuid, std::string_view name) {
  const auto is_it = [&uuid](const auto& row) { return row.second.uuid == uuid && !row.second.is_reserved; };
  const auto likely = rows_.find(name);
  if (likely != rows_.end() && is_it(*likely)) return likely;
  return std::find_if(rows_.begin(), rows_.end(), is_it);
}

}  // namespace nexus::instance
