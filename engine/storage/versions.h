// Versions: the commits that somebody can still read, and the garbage that waits for them.
//
//   published ──────────────► head        what the next writer builds on
//        made visible ──────► visible     what the next reader gets (durable, or SyncMode::Async)
//
// A snapshot pins one DatabaseVersion. What a commit replaced is freed when the oldest version
// that is pinned or visible is not older than that commit.
// Threads: all functions take a lock, held for a few dozen instructions; freeing happens outside.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "storage/objects.h"
#include "storage/schema.h"

namespace nexus::storage {

using CountsById = std::vector<std::uint64_t>;

// Exact totals of one commit. Shared with the next commit while unchanged.
struct Counts {
  std::uint64_t nodes = 0;
  std::uint64_t relationships = 0;
  std::shared_ptr<const CountsById> by_label;
  std::shared_ptr<const CountsById> by_type;
};

struct DatabaseVersion {
  Timestamp timestamp = 0;
  Counts counts;
  SchemaState schema;
  std::uint32_t pins = 0;
};

class Versions {
 public:
  explicit Versions(Memory& memory) : memory_(memory) { versions_.emplace_back(); }
  ~Versions();
  Versions(const Versions&) = delete;
  Versions& operator=(const Versions&) = delete;

  const DatabaseVersion* pin_visible();
  const DatabaseVersion* pin_head();
  void unpin(const DatabaseVersion* version);

  // In the writer slot: `timestamp` is the new head; `retired` is what it replaced.
  void publish(Timestamp timestamp, Counts counts, SchemaState schema, std::vector<Retired> retired);
  // Everything up to `timestamp` may be read.
  void make_visible(Timestamp timestamp);

  SchemaState head_schema() const;
  Timestamp head() const;
  Timestamp visible() const;

 private:
  struct Garbage {
    Timestamp timestamp;
    std::vector<Retired> objects;
  };

  // Requires: the lock is held. What may be freed now, for the caller to free without the lock.
  std::vector<Garbage> collect();
  void free(std::vector<Garbage>& garbage);

  Memory& memory_;
  mutable std::mutex mutex_;
  std::deque<DatabaseVersion> versions_;  // Oldest first; never empty; the back is the head.
  std::size_t visible_ = 0;               // Index into versions_.
  std::deque<Garbage> garbage_;           // By timestamp.
};

}  // namespace nexus::storage
