// LogReader: the frames of one log, in order, and what to make of the place where they end.
#pragma once

#include <string>

#include "nexus/vfs.h"
#include "storage/log_format.h"

namespace nexus::storage {

class LogReader {
 public:
  // Reads frames from `offset` on; the first must have number `first_lsn`.
  LogReader(LogStore& logs, std::string name, std::uint32_t seed, std::uint64_t offset, std::uint64_t first_lsn)
      : logs_(logs), name_(std::move(name)), seed_(seed), offset_(offset), next_lsn_(first_lsn) {}

  // The next frame, valid until the next call; nothing where the valid frames end.
  Result<std::optional<Frame>> next();

  std::uint64_t offset() const { return offset_; }  // After the last frame.
  std::uint64_t next_lsn() const { return next_lsn_; }

  // After the end: Corruption when a later frame proves that this place had been synced once.
  // Cost: reads the rest, in steps of 32 MiB.
  Result<> check_tail();

 private:
  // Makes at least `bytes` bytes from offset_ on available if the log has them.
  Result<> fill(std::size_t bytes);
  ByteView available() const { return ByteView(buffer_).subspan(begin_); }

  LogStore& logs_;
  std::string name_;
  std::uint32_t seed_;
  std::uint64_t offset_;
  std::uint64_t next_lsn_;
  Bytes buffer_;           // Bytes of the log; buffer_[begin_] is the one at offset_.
  std::size_t begin_ = 0;
  bool is_at_end_ = false;
};

}  // namespace nexus::storage
