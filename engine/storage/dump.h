// Dump: one database as one checksummed file; docs/format/dump.md is the specification.
//
//   header │ frames of a log, Snapshot kind to SnapshotEnd │ trailer
//
// A reader gives the pieces on only while everything before them has verified; the trailer
// proves that nothing is missing.
// Threads: one at a time.
#pragma once

#include <memory>

#include "nexus/vfs.h"
#include "storage/snapshot.h"

namespace nexus::storage {

struct DumpHeader {
  DatabaseUuid uuid{};  // Of the database that was dumped.
  std::uint64_t salt = 0;
  std::int64_t created_nanoseconds = 0;
  std::uint64_t nodes = 0;
  std::uint64_t relationships = 0;
  Timestamp timestamp = 0;  // 0: nothing was ever written.
};

class DumpWriter {
 public:
  DumpWriter(Snapshot& snapshot, const DatabaseUuid& uuid, std::int64_t created_nanoseconds, Random& random);
  // Appends the next bytes of the file, perhaps none; false when it is complete.
  Result<bool> next(Bytes& out);

 private:
  void trailer();

  Snapshot& snapshot_;
  DumpHeader header_;
  std::uint32_t seed_ = 0;
  ByteWriter out_;
  std::uint64_t lsn_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint32_t checksum_ = 0;
  bool is_begun_ = false;
  bool is_complete_ = false;
};

class DumpReader final : public PieceSource {
 public:
  explicit DumpReader(ByteSource& bytes) : bytes_(bytes) {}
  // First. Corruption for what is no dump, FormatTooNew for one of a later version.
  Result<> read_header();
  const DumpHeader& header() const { return header_; }
  // Corruption when a byte is wrong or missing; the last call has checked the trailer.
  Result<bool> next(std::vector<SnapshotPiece>& pieces) override;

 private:
  Result<> fill(std::size_t bytes);
  Result<ByteView> take(std::size_t bytes);
  Result<> check_trailer();

  ByteSource& bytes_;
  DumpHeader header_;
  std::uint32_t seed_ = 0;
  Bytes buffer_;
  std::size_t begin_ = 0;
  std::uint64_t lsn_ = 0;
  std::uint64_t read_ = 0;
  std::uint32_t checksum_ = 0;
  bool is_complete_ = false;
};

}  // namespace nexus::storage
