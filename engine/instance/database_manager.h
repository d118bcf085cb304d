// DatabaseManager: the only owner of name → database, and the only place that changes it.
//
// Each change is one transaction on the system database; memory follows what was committed.
//
//   a row:   (reserved) ── create committed ── settled ── claimed by one change ── settled | gone
//
//   create   reserve the name, commit, settle                     one sync
//   drop     claim, shut the database, commit, forget the row     one sync; its folder goes into the
//            trash with its row, or later                         (database_trash.cc)
//   copy     reserve the name, write the files, commit, settle    the files' syncs and one
//   stop     claim, shut the database, commit offline             one sync
//   start    claim, commit online, allow                          one sync
//   alter    claim, commit, settle                                one sync
//
// A crash between the commit of a drop and the removal of the folder, or while a copy writes its
// files, leaves a folder that no row names; it is removed after the next start. Uuids are never
// reused, so it can never become anybody's data.
//
// A transaction's commands run on a draft: a manager of its own, whose rows are a copy of these and
// whose system database keeps what it was to write. rehearse() makes one that touches neither files
// nor running work; transact() makes one in earnest, writes it in one transaction and takes its
// rows as ours in one step, so that nobody ever sees half of it (database_draft.cc).
//
// A temporary database has a row in memory only and no folder; nothing of it is ever on disk.
//
// Invariant: `mutex_` is never held during input or output, nor while waiting for work to end;
// so a slow open, stop or drop of one database delays nobody else.
// Cost: a row that is not open takes about 300 bytes.
// Threads: all functions may be called concurrently.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "instance/access_control.h"
#include "instance/alias_table.h"
#include "instance/background.h"
#include "instance/database.h"
#include "instance/environment.h"
#include "instance/name_table.h"
#include "instance/system_store.h"
#include "instance/work.h"
#include "storage/dump.h"

namespace nexus::instance {

// What a name leads to at one moment.
struct Target {
  std::string name;
  DatabaseUuid uuid{};
  bool is_system = false;
  bool is_read_only = false;
  bool is_composite = false;
  std::string composite;  // When the name was a constituent's: its composite database.
  std::string asked;      // The name, perhaps an alias, by which it was found; that may lead elsewhere meanwhile.
  std::uint64_t query_timeout_ms = 0;  // The database's own; 0: none.
  // For the system database and for composite ones an empty one in memory: what Cypher sees there comes from
  // procedures, never from the rows of SystemStore.
  std::shared_ptr<Database> database;
};

struct CreateRequest {
  std::string name;
  bool if_not_exists = false;
  bool or_replace = false;
  bool is_composite = false;
  DatabaseOptions options;
  std::optional<std::string> copy_of;
  bool is_temporary = false;
  std::uint64_t ttl_seconds = 0;  // 0: none.
  storage::DumpReader* dump = nullptr;  // What it begins with; its header was read.
};

struct OptionChange {
  std::string key;
  Value value;  // Null removes.
};

struct DropOptions {
  bool cascade_aliases = false;  // Otherwise aliases that lead there refuse the drop.
  bool must_be_composite = false;
  bool destroys = false;  // Nothing is kept for undrop().
  bool dumps = false;     // It is left as dumps/NAME.nexusdump, and nothing is kept for undrop().
};

struct AlterRequest {
  std::string name;
  bool if_exists = false;
  std::optional<bool> is_read_only;
  std::optional<std::string> new_name;
  std::vector<OptionChange> options;
};

// CREATE ALIAS and ALTER ALIAS; absent means not mentioned.
struct AliasRequest {
  std::string name;
  bool if_not_exists = false;
  bool or_replace = false;
  bool if_exists = false;
  std::optional<std::string> target;
  std::optional<std::string> url;
  std::optional<std::string> user;
  std::optional<std::string> language;
  bool has_password = false;
  bool forwards_credentials = false;
  std::optional<Map> driver;
  std::optional<Map> properties;
  bool is_remote_only() const { return url || user || language || has_password || forwards_credentials || driver; }
};

// What a name is, whatever the state of the database behind it.
struct NameKind {
  enum class Kind : std::uint8_t { Unknown, System, Standard, Composite, Remote };
  Kind kind = Kind::Unknown;
  std::string database;   // What it leads to; the folded name itself when it leads nowhere.
  DatabaseUuid uuid{};    // Of that database; zeros when it leads nowhere here.
  std::string composite;  // Of a constituent.
};

class DatabaseManager {
 public:
  static Result<std::unique_ptr<DatabaseManager>> open(Environment& environment);
  ~DatabaseManager();

  // `missing` is the code for a name that leads nowhere: DatabaseNotFound or GraphNotFound. Forbidden for one that
  // `identity` may not see, there or not, and without `rights` on it.
  // DatabaseUnavailable when it is stopped or on its way out.
  Result<Target> find(const Identity& identity, std::string_view name, Rights rights,
                      ErrorCode missing = ErrorCode::DatabaseNotFound);
  // Counts somebody in, opening the store; makes room among the open ones first.
  Result<std::shared_ptr<Work>> enter(const Target& target, const Identity& identity = {});
  // After a commit: bounds how many databases hold descriptors, and lets the log be shrunk.
  void committed(const std::shared_ptr<Database>& database);

  // The number of databases created and dropped; 0 when there was nothing to do.
  Result<std::uint64_t> create(const Identity& identity, const CreateRequest& request);
  Result<std::uint64_t> drop(const Identity& identity, std::string_view name, bool if_exists, DropOptions options = {});
  // The database that was dropped last under `name`, back under `new_name` (empty: the same).
  Result<std::uint64_t> undrop(const Identity& identity, std::string_view name, std::string_view new_name = {});
  Result<std::uint64_t> stop(const Identity& identity, std::string_view name);
  Result<std::uint64_t> start(const Identity& identity, std::string_view name);
  Result<std::uint64_t> alter(const Identity& identity, const AlterRequest& request);

  // database_aliases.cc
  Result<std::uint64_t> create_alias(const Identity& identity, const AliasRequest& request);
  Result<std::uint64_t> alter_alias(const Identity& identity, const AliasRequest& request);
  Result<std::uint64_t> drop_alias(const Identity& identity, std::string_view name, bool if_exists);
  NameKind look_up(const Identity& identity, std::string_view name) const;  // As it may see it.
  std::vector<Alias> aliases(const Identity& identity, std::string_view after, std::size_t limit) const;
  std::optional<Alias> alias(const Identity& identity, std::string_view name) const;
  NameKind look_up(std::string_view name) const;
  // The constituents of a composite database, sorted.
  std::vector<Alias> constituents(std::string_view composite) const;
  // The name of the database with this uuid.
  std::optional<std::string> name_of(const DatabaseUuid& uuid) const;

  // database_access.cc. Null: whoever asks may do everything.
  AccessControl* access() const { return access_.get(); }
  // Forbidden unless `identity` has `rights` on the instance, or on that database; `what` begins the message.
  Result<> authorize(const Identity& identity, Rights rights, std::string_view what) const;
  Result<> authorize(const Identity& identity, const Target& target, Rights rights, std::string_view what) const;
  Rights rights_among(const Identity& identity, const std::string& name, const DatabaseUuid& uuid, Rights rights) const;
  std::string home_database(const Identity& identity) const;  // As chosen; an alias stays an alias.
  // A change of users, roles or privileges, which is kept out while a transaction is committed.
  Result<std::uint64_t> change_access(const std::function<Result<std::uint64_t>()>& change);

  // Where commands can be tried: nothing of it reaches a file, a running statement or another session.
  std::unique_ptr<DatabaseManager> rehearse();
  // All that `commands` do to the draft that they get, or nothing of it; done once they succeed on it. TransactionConflict
  // when somebody has changed something since `rehearsal` was made so that they do not.
  using Commands = std::function<Result<>(DatabaseManager& draft)>;
  Result<> transact(const DatabaseManager& rehearsal, const Commands& commands);

  // Everything that runs now, in all databases.
  std::vector<std::shared_ptr<Work>> works();

  std::string default_database() const { return system_->default_database(); }
  // The old default must be stopped first; the new one may be an alias, or missing still.
  Result<> set_default_database(const Identity& identity, std::string_view name);
  const std::string& server_id() const { return system_->server_id(); }
  std::size_t size() const;  // Of databases, and of aliases.
  std::vector<DatabaseInfo> list(const Identity& identity, const DatabaseFilter& filter);
  Result<DatabaseInfo> info(const Identity& identity, std::string_view name);
  std::vector<DroppedDatabaseInfo> dropped(const Identity& identity);

  Result<std::unique_ptr<DumpStream>> dump(const Identity& identity, std::string_view name);
  Result<> restore(const Identity& identity, std::string_view name, ByteSource& bytes);

  // Ends temporary databases whose time is over and what has been in the trash for too long.
  void expire();
  void unload_idle(std::int64_t idle_ns);
  Result<> check_writable();
  Result<> close();

 private:
  struct Row {
    const DatabaseOptions& options() const;
    DatabaseUuid uuid{};
    storage::NodeId node = 0;
    bool is_settled = true;    // False: one change is under way, others wait for it.
    bool is_reserved = false;  // A name that is not there yet, or not any more.
    bool is_leaving = false;   // A stop or drop is under way.
    bool is_read_only = false;
    bool is_offline = false;
    bool is_composite = false;
    bool is_temporary = false;
    std::int64_t expires = 0;  // Of a temporary one, monotonic; 0: never.
    std::int64_t created = 0;
    std::int64_t started = 0;
    std::int64_t stopped = 0;
    DatabaseCounts counts;
    bool counts_are_kept = true;            // False: the system database has older ones.
    std::shared_ptr<Database> database;     // Made when first used.
    std::shared_ptr<const StoredDatabase> extra;  // Only when parent or options say something.
  };
  using Rows = NameTable<Row>;
  using Lock = std::unique_lock<std::mutex>;
  class Claim;
  class AliasChange;
  class Change;
  class Alone;
  struct Draft;

  explicit DatabaseManager(Environment& environment);
  DatabaseManager(DatabaseManager& base, std::unique_ptr<Draft> draft);  // Requires: `base` has an Alone.
  Result<> load();
  Result<> load_aliases();
  // Of a single database whose files lie at the top of the data directory (database_adoption.cc).
  Result<std::optional<DatabaseUuid>> uuid_at_top();
  Result<> adopt_files_at_top(const DatabaseUuid& uuid);
  Result<> leave_files_at_top();
  std::string resolved(std::string_view folded) const;
  std::string composite_of(std::string_view folded) const;
  void wait_for_alias_change(Lock& lock);
  Result<> check_free_of_aliases(Rows::iterator row, std::string_view verb) const;
  Result<> check_alias_target(std::string_view verb, const Alias& alias, const std::string& target) const;
  Result<std::optional<std::uint64_t>> check_alias_name(const AliasRequest& request, const Alias& alias) const;
  Result<std::uint64_t> store_alias(Lock& lock, Alias alias, std::optional<storage::NodeId> replaced);
  Result<std::uint64_t> erase_with_aliases(Lock& lock, Rows::iterator row, const SystemStore::Removal& removal);
  bool is_taken(std::string_view name) const;
  Result<> check_composite_name(const std::string& name) const;

  // database_access.cc
  Place place_of(const Identity& identity, const std::string& name, const DatabaseUuid& uuid) const;
  Result<> authorize(const Identity& identity, const std::string& name, const DatabaseUuid& uuid, Rights rights,
                     std::string_view what) const;
  bool sees_all(const Identity& identity) const;
  bool is_visible(const Identity& identity, const std::string& name, const DatabaseUuid& uuid) const;
  DatabaseInfo describe_system_for(const Identity& identity) const;
  DatabaseInfo describe_for(const Identity& identity, const std::string& name, const Row& row) const;

  // database_draft.cc
  std::unique_ptr<DatabaseManager> make_draft(bool is_in_earnest, std::vector<DatabaseUuid> uuids);
  bool is_rehearsal() const;
  DatabaseUuid new_uuid();
  Result<> wait_for_others(Lock& lock, std::string_view name);
  std::shared_ptr<Database> take_away(Rows::iterator row);
  std::optional<DatabaseCounts> shut(const std::shared_ptr<Database>& database, const Error& reason);
  void allow(const std::shared_ptr<Database>& database);
  Rows::iterator row_with(const DatabaseUuid& uuid, std::string_view name);
  void note_unfinished(const DatabaseUuid& uuid);
  void adopt(DatabaseManager& draft, const std::vector<storage::NodeId>& created);
  void abandon(std::unique_ptr<DatabaseManager> draft, bool keeps_files);

  Result<Rows::iterator> claim(Lock& lock, const Identity& identity, std::string_view name, std::string_view verb, Rights rights);
  void settle(Rows::iterator row);
  Row row_of(StoredDatabase stored) const;
  std::shared_ptr<Database> database_of(Rows::iterator row);
  Result<> reserve(Lock& lock, std::string_view name);
  Result<std::uint64_t> replace(Lock& lock, Change& change, const Identity& identity, StoredDatabase stored,
                                const CreateRequest& request);
  Result<> check_room() const;
  // Files or memory that a new database begins with; null when it begins without (database_copy.cc).
  Result<std::shared_ptr<Database>> fill(const Identity& identity, const CreateRequest& request,
                                         StoredDatabase& stored);
  Result<std::shared_ptr<Database>> fill_meanwhile(Change& change, const Identity& identity,
                                                   const CreateRequest& request, StoredDatabase& stored);
  Result<> copy_files(storage::PieceSource& source, const exec::Cancellation& cancellation, StoredDatabase& stored);
  Result<> restore_files(storage::DumpReader& dump, StoredDatabase& stored);
  Result<> check_restored(const storage::DumpHeader& header, const DatabaseUuid& uuid);
  // While nobody uses it: its row claimed and its database shut, or not there yet.
  Result<std::unique_ptr<storage::Store>> open_alone(const DatabaseUuid& uuid, Vfs& folder, MemoryBudget& memory);
  Result<> leave_dump(const std::string& name, const DatabaseUuid& uuid);
  void forget_unfinished(const DatabaseUuid& uuid);
  std::shared_ptr<Database> make_in_memory(const StoredDatabase& stored) const;
  // Commits the row of what was filled, unless it is temporary.
  Result<> commit_new(StoredDatabase& stored, const CreateRequest& request,
                      const std::optional<SystemStore::Removal>& replaced = {});
  Row make_row(StoredDatabase stored, const CreateRequest& request, std::shared_ptr<Database> database);
  Result<> commit_change(Lock& lock, Rows::iterator row, std::span<const SystemStore::Change> changes);
  Result<> rename(Lock& lock, Rows::iterator row, const std::string& name, std::vector<SystemStore::Change> changes);

  DatabaseInfo describe(const std::string& name, const Row& row) const;
  DatabaseInfo describe_system() const;
  void make_room();
  void unload(std::int64_t since, std::size_t count_max);
  void note_counts(Row& row, const DatabaseCounts& counts);
  void keep_counts();
  bool has_expired(const Row& row) const;
  SystemStore::Removal removal_of(const std::string& name, const Row& row, bool destroys);
  void bury(SystemStore::Removal removal, const DatabaseUuid& uuid);
  void empty_trash();
  void end_temporary();
  void remove_folder(const DatabaseUuid& uuid);
  void remove_orphans();

  Environment& environment_;
  std::unique_ptr<SystemStore> system_;
  std::unique_ptr<AccessControl> access_;  // Null without access control.
  const std::shared_ptr<Database> system_graph_;

  mutable std::mutex mutex_;
  std::condition_variable settled_;
  Rows rows_;
  AliasTable aliases_;
  bool alias_is_changing_ = false;  // One change of aliases at a time; others wait for settled_.
  std::string changing_alias_;      // Its name: not free as long as it lasts.
  std::int64_t next_expiry_ = 0;  // Of the temporary databases, the first; 0: none.
  std::vector<StoredDatabase> trash_;     // In the order of their drops.
  std::vector<DatabaseUuid> unfinished_;  // Folders that are being written for a row to come.
  bool is_closing_ = false;
  bool is_transacting_ = false;    // A transaction is being committed: new changes wait for settled_.
  std::size_t changes_ = 0;        // Under way.
  std::uint64_t generation_ = 0;   // How many changes there were.
  std::unique_ptr<Draft> draft_;   // Null: this is none.

  std::mutex dumps_mutex_;   // One leave_dump() at a time.
  std::mutex counts_mutex_;  // One keep_counts() at a time. Taken before mutex_.
  std::mutex writers_mutex_;
  std::vector<std::weak_ptr<Database>> writers_;  // Most recent last: who may hold descriptors.

  Background background_;
};

std::string folder_of(const DatabaseUuid& uuid);
// "Failed to <verb> the specified database …".
Error cannot(std::string_view verb, std::string_view name, std::string_view why, ErrorCode code);
Error already_exists(std::string_view name);
Error composite_has_no_graph(std::string_view verb, std::string_view name);

}  // namespace nexus::instance
