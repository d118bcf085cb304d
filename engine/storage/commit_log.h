// CommitLog: makes commits durable, many at a time.
//
//   in the writer slot   append(): frames into the buffer, in the order of commits
//   outside              wait(): the first to come leads: takes the buffer, writes it, syncs,
//                        makes its commits visible; those who come meanwhile follow, and one of
//                        them leads the next round. No timer, no thread of its own.
//
// States: open ──(append or sync fails)──► failed. There is no way back but a new Store.
// Threads: append(), rewrite and close under the writer slot; everything else at any time.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "nexus/vfs.h"
#include "storage/log_format.h"
#include "storage/store.h"
#include "storage/versions.h"

namespace nexus::storage {

// Where a log stands after recovery.
struct LogPosition {
  std::string name;  // Empty: there is no log yet.
  LogHeader header;
  std::uint64_t bytes = 0;
  std::uint64_t synced_bytes = 0;  // When the manifest named it: its snapshot, about.
  std::uint64_t last_lsn = 0;
  Timestamp last_timestamp = 0;
};

class CommitLog {
 public:
  CommitLog(LogStore& logs, BlobStore& blobs, Versions& versions, Random& random, StoreOptions options,
            LogPosition position);

  // DatabaseFailed once it has failed.
  Result<> check() const;
  bool has_failed() const { return has_failed_.load(std::memory_order_acquire); }

  Result<> append(Timestamp timestamp, const std::vector<Bytes>& pieces);
  // CommitOutcomeUnknown when the write or the sync failed.
  Result<CommitReceipt> wait(Timestamp timestamp);
  // Everything appended is synced.
  Result<> sync();
  // Writes a frame that certifies what was synced before it. Once, at the end.
  Result<> close();

  void set_sync(SyncMode sync);
  void durable_up_to(std::uint64_t ticket);
  void storage_failed();
  Timestamp last_durable() const;
  std::uint64_t bytes() const;

  // Compaction, see compaction.h. Requires for switch_to: the writer slot, and a sync() after the
  // last append. `rewritten` is complete and synced; the old log is removed.
  LogPosition position() const;
  Result<> switch_to(LogPosition rewritten);

 private:
  struct Pending {
    std::uint64_t ticket;
    Timestamp timestamp;
    std::uint64_t lsn;
  };

  Result<> create_log();
  void frame(FrameKind kind, Timestamp timestamp, ByteView payload);
  // One round of the leader. Requires: the lock is held and nobody leads.
  void lead(std::unique_lock<std::mutex>& lock, bool syncs);
  void reached(Timestamp timestamp, std::uint64_t lsn);
  void fail(const Error& error);
  Error outcome_unknown() const;

  LogStore& logs_;
  BlobStore& blobs_;
  Versions& versions_;
  Random& random_;
  StoreOptions options_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  LogPosition position_;          // bytes: what was handed to the LogStore.
  std::uint32_t seed_ = 0;        // Of the frames' checksums.
  ByteWriter buffer_;             // Frames not yet handed to the LogStore.
  std::uint64_t next_lsn_ = 1;
  std::uint64_t durable_lsn_ = 0;
  Timestamp appended_ = 0;        // Newest commit in the buffer or beyond.
  Timestamp written_ = 0;         // Newest commit handed to the LogStore.
  Timestamp durable_ = 0;
  std::deque<Pending> pending_;   // Tickets of asynchronous storage, oldest first.
  bool is_led_ = false;
  bool is_certified_ = true;      // Nothing was appended since the last certificate.
  std::atomic<bool> has_failed_{false};
  std::string reason_;
};

}  // namespace nexus::storage
