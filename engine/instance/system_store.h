// SystemStore: the system database: which databases there are, as nodes of an ordinary store.
//
//   (:Database {name, uuid, access, requestedStatus, createdNanoseconds, startedNanoseconds,
//               stoppedNanoseconds, nodeCount, relationshipCount, storeBytes, lastTransaction,
//               parent, and what is set of DatabaseOptions})   one for each
//   (:Dropped {… as before, droppedNanoseconds})    one for each database in the trash
//   (:Instance {formatVersion, serverId, defaultDatabase, checkedNanoseconds})   exactly one
//
// Invariant: each function is one transaction, durable when it returns; it happened entirely
// or not at all. Nothing here runs Cypher, and no Cypher runs here.
//
// A draft of it writes nothing: it keeps what was to be written as steps, which write() makes one
// transaction. Rows that it made have the numbers of their steps from kDraftNodes on until then.
// Cost: one sync a change. Threads: all functions may be called concurrently.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "instance/database.h"
#include "instance/database_options.h"
#include "instance/environment.h"
#include "instance/uuid.h"

namespace nexus::instance {

struct StoredDatabase {
  storage::NodeId node = 0;
  std::string name;
  DatabaseUuid uuid{};
  bool is_read_only = false;
  bool is_offline = false;  // As requested.
  bool is_composite = false;
  std::int64_t created = 0;
  std::int64_t started = 0;  // 0: never.
  std::int64_t stopped = 0;
  DatabaseCounts counts;
  std::string parent;
  DatabaseOptions options;
  std::int64_t dropped = 0;  // Of one in the trash.
};

class SystemStore {
 public:
  using Change = std::pair<std::string_view, Value>;  // Property and its new value; null removes.

  // Creates the instance's own node at the first start, with `default_database` as a database; its files, if
  // there are any, are those of `default_uuid`.
  static Result<std::unique_ptr<SystemStore>> open(Environment& environment, std::unique_ptr<Vfs> vfs,
                                                   const std::optional<DatabaseUuid>& default_uuid = {});

  // What the functions below have to write: a change of one node.
  struct Step {
    enum class Kind : std::uint8_t { Create, Delete, Relabel, Set };
    Kind kind = Kind::Set;
    storage::NodeId node = 0;    // Not of Create.
    std::string_view label;      // Of Create, and the one that Relabel removes; outlives the step.
    std::string_view new_label;  // Of Relabel.
    std::vector<std::pair<std::string, Value>> values;  // Of Create and Set.
  };
  using Steps = std::vector<Step>;
  static constexpr storage::NodeId kDraftNodes = storage::kIdEnd;
  // Reads as `base` does now, which outlives it.
  static std::unique_ptr<SystemStore> draft(SystemStore& base);
  // What was to be written, in one transaction; the nodes that were created, in their order.
  Result<std::vector<storage::NodeId>> write(const SystemStore& draft);
  // After write(): the default database that `draft` chose.
  void follow(const SystemStore& draft);

  // Everything, at start. Corruption when a row cannot be understood.
  Result<std::vector<StoredDatabase>> read();
  Result<std::vector<StoredDatabase>> read_trash();
  std::string default_database() const;
  Result<> set_default_database(const std::string& name);
  const std::string& server_id() const { return server_id_; }  // A uuid made at the first start.

  // What becomes of the row of a database that goes: deleted, or kept in the trash.
  struct Removal {
    storage::NodeId node = 0;
    std::optional<StoredDatabase> kept;  // With the time and the counts to keep.
  };
  // The new node; `replaced` goes in the same transaction.
  Result<storage::NodeId> insert(const StoredDatabase& row, const std::optional<Removal>& replaced = {});
  // `others` go in the same transaction.
  Result<> remove(const Removal& removal, std::span<const storage::NodeId> others = {});
  // Out of the trash again, under `name`.
  Result<> restore(storage::NodeId node, std::string_view name);
  Result<> update(storage::NodeId node, std::span<const Change> changes);
  Result<> erase(std::span<const storage::NodeId> nodes);  // In one transaction.
  // Rows that are not databases, as they are.
  struct Record {
    storage::NodeId node = 0;
    std::vector<std::pair<std::string, Value>> values;
  };
  std::vector<Record> records(std::string_view label) const;
  Result<storage::NodeId> insert_record(std::string_view label, std::span<const Change> values,
                                        std::optional<storage::NodeId> replaced);
  // In one transaction; the nodes that were created, in their order.
  Result<std::vector<storage::NodeId>> apply(Steps steps);
  static void append_counts(std::vector<Change>& changes, const DatabaseCounts& counts);
  Result<> update_counts(std::span<const std::pair<storage::NodeId, DatabaseCounts>> counts);
  // A small durable write: whether writing works at all.
  Result<> touch();

  void compact_if_useful();
  void release_handles() { store_->release_handles(); }
  DatabaseState state();
  Result<> close();

 private:
  SystemStore(Environment& environment, std::unique_ptr<Vfs> vfs);
  // In a transaction of their own, or kept. The node that was created last.
  Result<storage::NodeId> perform(Steps steps);
  Result<> read_instance(const std::optional<DatabaseUuid>& default_uuid);
  Result<> create_instance(const std::optional<DatabaseUuid>& default_uuid);

  Environment& environment_;
  const std::unique_ptr<Vfs> vfs_;
  MemoryBudget memory_;
  std::unique_ptr<storage::Store> store_;
  storage::NodeId instance_node_ = 0;
  mutable std::mutex default_mutex_;
  std::string default_database_;  // Guarded by default_mutex_.
  std::string server_id_;

  SystemStore* base_ = nullptr;  // Of a draft.
  Steps steps_;
  std::size_t drafted_ = 0;  // How many of them create.
};

}  // namespace nexus::instance
