// Snapshot: the state of one commit as the payloads of log frames, piece by piece.
//
//   Store::snapshot() ─ next(), next(), … ─▶ frames of Snapshot kind, then SnapshotEnd
//
// What a rewritten log, a copy of a database and a dump begin with. Readers and writers of the
// store go on meanwhile; what they commit does not show.
// Cost: one pass over the graph; a piece is a few hundred rows.
// Threads: one at a time. Must end before its store closes.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "storage/log_format.h"
#include "storage/store.h"

namespace nexus::storage {

struct SnapshotPiece {
  FrameKind kind = FrameKind::Snapshot;
  Timestamp timestamp = 0;
  Bytes payload;
};

// Whoever gives pieces: a store, or the file of a dump.
class PieceSource {
 public:
  virtual ~PieceSource() = default;
  // Appends the next pieces, perhaps none; false when the last one, SnapshotEnd, was given.
  virtual Result<bool> next(std::vector<SnapshotPiece>& pieces) = 0;
};

class Snapshot final : public PieceSource {
 public:
  ~Snapshot() override;
  Result<bool> next(std::vector<SnapshotPiece>& pieces) override;

  Timestamp timestamp() const;
  std::uint64_t node_count() const;
  std::uint64_t relationship_count() const;

 private:
  friend class Store;
  struct Parts;
  explicit Snapshot(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

// Writes the files of a new database with this uuid: a log, then the manifest that names it.
// Everything is durable when it returns; before that no manifest says that there is a database.
class NewDatabase {
 public:
  NewDatabase(const DatabaseUuid& uuid, Random& random, Vfs& vfs);
  // Requires: begun once, before the rest.
  Result<> begin();
  Result<> add(const std::vector<SnapshotPiece>& pieces);
  Result<> finish();
  std::uint64_t bytes() const { return bytes_; }  // Written so far.

 private:
  Result<> write_out();

  std::unique_ptr<LogStore> logs_;
  std::unique_ptr<BlobStore> blobs_;
  LogHeader header_;
  std::string name_;
  std::uint32_t seed_ = 0;
  std::uint64_t lsn_ = 0;
  std::uint64_t bytes_ = 0;
  ByteWriter out_;
};

}  // namespace nexus::storage
