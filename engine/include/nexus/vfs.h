// Files as the engine sees them, and the two stores built on them.
//
// A host gives the engine a Vfs; a Database gets one that is rooted at its own folder
// (vfs/prefix_vfs.h) and cannot spell any other. Paths are relative, '/'-separated, made of
// non-empty parts that are neither "." nor ".." and hold no NUL or backslash.
//
// Durability contract, which the simulation takes at its word:
//   * appended bytes survive a crash only after File::sync();
//   * a created, renamed or removed name survives only after sync_directory() of its folder
//     (replace(), truncate_durably() and nothing else bring their own);
//   * whatever was not made durable may be kept, lost, torn or replaced by garbage.
//
// Everything is synchronous. A host whose storage is not (IndexedDB) implements LogStore and
// BlobStore directly and answers with tickets.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace nexus {

enum class OpenMode : std::uint8_t {
  Read,       // FileNotFound when missing.
  Append,     // Created when missing, missing parent folders too.
  CreateNew,  // As Append, but InvalidArgument when the file is there already.
};

// An open file. Closing is the destructor and never fails: what matters was synced.
class File {
 public:
  virtual ~File() = default;
  // All of `bytes` at the end, or an error; after an error any part of it may be there.
  virtual Result<> append(ByteView bytes) = 0;
  // Fills as much of `out` as the file has from `offset` on; the count is short only at the end.
  virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const = 0;
  // Everything appended so far survives a crash. An error is final: never retried by callers.
  virtual Result<> sync() = 0;
  virtual Result<std::uint64_t> size() const = 0;
};

struct DirectoryEntry {
  std::string name;  // The last part of the path.
  bool is_directory = false;
  std::uint64_t bytes = 0;
};

// Held until destroyed; the operating system drops it when the process dies.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

// Threads: a Vfs may be used concurrently; one File by one thread at a time.
class Vfs {
 public:
  virtual ~Vfs() = default;
  virtual Result<std::unique_ptr<File>> open(std::string_view path, OpenMode mode) = 0;
  // The file has exactly these bytes, durably; a crash leaves the old or the new, never a mixture.
  virtual Result<> replace(std::string_view path, ByteView bytes) = 0;
  // Cuts a file and makes that durable. Requires: size <= its size; nobody has it open.
  virtual Result<> truncate_durably(std::string_view path, std::uint64_t size) = 0;
  virtual Result<> rename(std::string_view from, std::string_view to) = 0;
  // One file; FileNotFound when missing.
  virtual Result<> remove(std::string_view path) = 0;
  // A folder with everything in it; nothing happens when it is missing.
  virtual Result<> remove_tree(std::string_view path) = 0;
  virtual Result<bool> exists(std::string_view path) = 0;
  // Sorted by name; empty when the folder is missing. "" is the root.
  virtual Result<std::vector<DirectoryEntry>> list(std::string_view directory) = 0;
  virtual Result<> sync_directory(std::string_view directory) = 0;
  // FileLocked when somebody, in this process or another, holds it.
  virtual Result<std::unique_ptr<FileLock>> lock(std::string_view name) = 0;
};

// Bytes from outside, in order: the body of a request, a file of the user's.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Up to out.size() bytes; 0 is the end.
  virtual Result<std::size_t> read(std::span<std::uint8_t> out) = 0;
};

bool is_valid_path(std::string_view path);
// The whole file; LimitExceeded when it is larger than `bytes_max`.
Result<Bytes> read_file(Vfs& vfs, std::string_view path, std::uint64_t bytes_max);

// What a durable operation answers. ticket == 0: it is durable now. Otherwise the host calls
// Store::durable_up_to(ticket) or Store::storage_failed(ticket) later.
struct Durability {
  std::uint64_t ticket = 0;
  bool is_durable() const { return ticket == 0; }
};

// Append-only logs by name.
//
// Invariant: operations that answer with tickets become durable in the order of their calls,
// across LogStore and BlobStore of one database, and tickets grow.
class LogStore {
 public:
  virtual ~LogStore() = default;
  // A new log with these first bytes, its name included in the durability.
  virtual Result<Durability> create(std::string_view name, ByteView bytes) = 0;
  virtual Result<> append(std::string_view name, ByteView bytes) = 0;
  virtual Result<Durability> sync(std::string_view name) = 0;
  // Sees appended bytes whether durable or not; the count is short only at the end.
  virtual Result<std::size_t> read(std::string_view name, std::uint64_t offset, std::span<std::uint8_t> out) = 0;
  virtual Result<std::uint64_t> size(std::string_view name) = 0;
  virtual Result<> truncate(std::string_view name, std::uint64_t size) = 0;
  // Nothing happens when it is missing.
  virtual Result<> remove(std::string_view name) = 0;
  virtual Result<std::vector<std::string>> list() = 0;
  // Closes what is open; the next operation opens it again.
  virtual void release_handles() {}
};

// Small named byte strings, replaced as a whole.
class BlobStore {
 public:
  virtual ~BlobStore() = default;
  virtual Result<Durability> put(std::string_view name, ByteView bytes) = 0;
  // FileNotFound when missing.
  virtual Result<Bytes> get(std::string_view name) = 0;
  virtual Result<std::vector<std::string>> list(std::string_view prefix) = 0;
  virtual Result<> remove(std::string_view name) = 0;
};

}  // namespace nexus
