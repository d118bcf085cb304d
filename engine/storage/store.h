// Store: the graph of one database, in memory and in its log.
//
//   begin ─ Transaction ─ commit: [writer slot: validate → apply → log buffer → publish]
//                                 → sync (one leader for everybody waiting) → visible
//
// The newest commit (head) is what writers build on; the newest durable commit (visible) is
// what readers get. A failed append or sync is final: the store answers DatabaseFailed to
// writers, keeps serving the visible state to readers, and only opening it anew recovers.
//
// Threads: all functions may be called concurrently, except open and close. There are no
// background threads and no timers. No file is held open after release_handles().
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "base/components.h"
#include "base/memory_budget.h"
#include "base/result.h"
#include "nexus/vfs.h"
#include "storage/ids.h"
#include "storage/transaction.h"

namespace nexus::storage {

using DatabaseUuid = std::array<std::uint8_t, 16>;

enum class SyncMode : std::uint8_t {
  Commit,  // commit() returns when the log is synced.
  Async,   // commit() returns when the log is written; a crash may lose the last commits.
};

struct StoreOptions {
  DatabaseUuid uuid{};
  SyncMode sync = SyncMode::Commit;
  // True on a host with one thread: waiting for the writer slot is then an error, not a wait.
  bool single_threaded = false;
};

// All must outlive the store. Without a clock deadlines are ignored; without a budget memory
// is counted and not limited.
struct StoreComponents {
  Random* random = nullptr;  // Required.
  Clock* clock = nullptr;
  MemoryBudget* budget = nullptr;
};

// How long begin_write() may wait for the slot.
struct WaitLimits {
  std::int64_t deadline_nanoseconds = 0;  // On Clock::monotonic_nanoseconds(); 0 is never.
  const std::atomic<bool>* cancelled = nullptr;
};

class Snapshot;

class Store {
 public:
  // Recovers what was committed. A database without files is empty and gets its first file
  // with its first commit. Corruption when acknowledged data is damaged.
  static Result<std::unique_ptr<Store>> open(StoreOptions options, StoreComponents components,
                                             std::unique_ptr<LogStore> logs, std::unique_ptr<BlobStore> blobs);
  // The same on files; `vfs` is rooted at the database's folder and must outlive the store.
  static Result<std::unique_ptr<Store>> open(StoreOptions options, StoreComponents components, Vfs& vfs);
  // Without any file: nothing survives.
  static Result<std::unique_ptr<Store>> open_in_memory(StoreComponents components);
  // The same, beginning with the content of a snapshot of another store.
  static Result<std::unique_ptr<Store>> open_in_memory(StoreComponents components, Snapshot& content);
  ~Store();  // As close(), without its error. Requires: no transaction is open.

  std::unique_ptr<Transaction> begin_read();
  // TransactionTimedOut, TransactionTerminated, DatabaseFailed.
  Result<std::unique_ptr<Transaction>> begin_write(WaitLimits limits = {});
  Result<std::unique_ptr<Transaction>> begin_explicit();

  Timestamp last_committed() const;
  Timestamp last_durable() const;
  bool has_failed() const;
  std::uint64_t memory_bytes() const;  // Charged to the budget.
  std::uint64_t store_bytes() const;   // On disk.

  // The newest commit as pieces of a log, for a copy or a dump; see snapshot.h. Waits for the
  // writer in progress. The snapshot ends before the store closes.
  Result<std::unique_ptr<Snapshot>> snapshot(WaitLimits limits = {});
  // From the next commit on.
  void set_sync(SyncMode sync);
  // What the log has got since it was last rewritten.
  std::uint64_t log_growth() const;

  // Makes everything committed durable (SyncMode::Async).
  Result<> sync();
  // True when the log is much larger than what it describes; compact() is then worth its time.
  bool wants_compaction() const;
  // Writes the live state to a new log and drops the old one. Readers and writers go on,
  // writers pause only for the last step. Nothing is lost when it fails or crashes.
  Result<> compact();
  // Before the first schema rule: rewrites a log of a version that cannot hold one.
  Result<> prepare_for_schema();
  // Certifies and closes the log. Requires: no transaction is open.
  Result<> close();
  void release_handles();

  // For hosts with asynchronous storage: the fate of tickets.
  void durable_up_to(std::uint64_t ticket);
  void storage_failed(std::uint64_t ticket);

  struct Parts;  // Opaque outside this rung.

 private:
  friend class Transaction;
  explicit Store(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace nexus::storage
