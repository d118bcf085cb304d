// Database: one graph with its own folder, store, memory budget and door.
//
//                     enter: open ok
//   Unloaded ─────── Opening ───────── Open
//      ▲                 └─ fails ─ Failed │ unload (idle), shut
//      ├──────────────────────── Unloading ◀┘
//      └─ reset (START) ─ Failed
//
//   The door is a second, independent state: it stands open; shut() (STOP, DROP, end of the
//   instance) closes it: new work is refused at once, running work gets a grace, is then
//   terminated, and the store closes. allow() opens the door again.
//
// Invariant: files are touched only below the Vfs made for this uuid; idle and unloaded it
// holds no descriptor, no thread, no timer. One in memory keeps its store until it is destroyed.
// Threads: all functions may be called concurrently. A slow open blocks only who enters the
// same database; nothing here holds the mutex during input or output.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "instance/database_options.h"
#include "instance/environment.h"
#include "instance/uuid.h"
#include "storage/store.h"

namespace nexus::instance {

class Work;

struct DatabaseCounts {
  std::uint64_t nodes = 0;
  std::uint64_t relationships = 0;
  std::uint64_t store_bytes = 0;
  std::uint64_t last_transaction = 0;
  bool operator==(const DatabaseCounts&) const = default;
};

struct DatabaseState {
  enum class Kind : std::uint8_t { Unloaded, Opening, Open, Unloading, Failed };
  Kind kind = Kind::Unloaded;
  std::string failure;       // Failed, or Open with a failed disk: why.
  bool is_damaged = false;   // The failure is about the bytes, not about reaching them.
  std::optional<DatabaseCounts> counts;  // When open.
  std::uint64_t memory_bytes = 0;
};

class Database {
 public:
  // `vfs` is rooted at the database's folder; null keeps everything in memory.
  Database(Environment& environment, DatabaseUuid uuid, std::string name, std::unique_ptr<Vfs> vfs);
  ~Database();

  const DatabaseUuid& uuid() const { return uuid_; }
  const std::string& uuid_as_text() const { return uuid_text_; }
  std::string name() const;
  void rename(std::string name);
  MemoryBudget& memory() { return memory_; }
  Environment& environment() const { return environment_; }
  std::uint64_t next_transaction_number() { return ++environment_.transactions; }
  // From now on: the limits at once, for what is running too.
  void set_options(const DatabaseOptions& options);
  // LimitExceeded when the transaction adds and storeLimit leaves no room, even in a log that was shrunk; who only
  // deletes makes room. Requires: entered.
  Result<storage::CommitReceipt> commit(storage::Transaction& transaction);
  // Before the first enter() of one in memory: what it begins with.
  void adopt(std::unique_ptr<storage::Store> store);

  // Counts `work` in. DatabaseUnavailable when the door is closed, DatabaseFailed when it cannot be opened.
  Result<> enter(Work& work);
  void leave(Work& work);
  // Requires: entered.
  storage::Store& store() { return *store_; }

  // Closes the door, waits up to `grace_ms` for running work, terminates the rest with `reason`
  // and closes the store. What was in it, when it was open.
  std::optional<DatabaseCounts> shut(std::uint64_t grace_ms, const Error& reason);
  // Opens the door; a failure of before is forgotten, the next enter() tries anew.
  void allow();
  // Closes the store when nothing has used it since `since`; true when it is now unloaded.
  // `counts` receives what was in it.
  bool unload_if_idle(std::int64_t since, std::optional<DatabaseCounts>& counts);
  void release_handles();
  // Shrinks the log when that is worth it.
  void compact_if_useful();
  bool wants_compaction();

  // The works that are in it now.
  std::vector<std::shared_ptr<Work>> works();
  DatabaseState state();
  std::int64_t last_used() const;
  bool is_loaded() const;

 private:
  using Lock = std::unique_lock<std::mutex>;
  Result<std::unique_ptr<storage::Store>> open_store();
  Result<> open_here(Lock& lock);
  void close_here(Lock& lock);
  DatabaseCounts counts_here();
  storage::SyncMode sync_mode() const;

  Environment& environment_;
  const DatabaseUuid uuid_;
  const std::string uuid_text_;
  const std::unique_ptr<Vfs> vfs_;
  MemoryBudget memory_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string name_;
  DatabaseOptions options_;
  DatabaseState::Kind kind_ = DatabaseState::Kind::Unloaded;
  bool door_is_closed_ = false;
  bool is_compacting_ = false;
  std::size_t guests_ = 0;    // Entered works and maintenance: the store stays.
  std::vector<Work*> works_;  // The works among the guests.
  std::optional<Error> failure_;
  bool failure_is_damage_ = false;
  std::int64_t last_used_ = 0;
  std::unique_ptr<storage::Store> store_;
  std::atomic<std::uint64_t> store_bytes_max_{0};  // As in options_; 0: no limit.
};

Error database_unavailable(std::string_view name, std::string_view why = {});

}  // namespace nexus::instance
