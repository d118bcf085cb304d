// FaultVfs: lets the n-th operation of another Vfs go wrong.
//
//   Fail    that one operation reports an error; a write may have been done in part.
//   Crash   that operation happens, or not, or in part; it and everything after reports an error,
//           as if the machine were off. The owner then calls MemoryVfs::crash() and starts anew.
//
// Operations that change something are counted: create, append, sync, replace, truncate, rename,
// remove, remove_tree, sync_directory. With `counts_reads`, reads and lists too.
// Threads: as Vfs.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "nexus/vfs.h"

namespace nexus::vfs {

enum class FaultKind : std::uint8_t { None, Fail, Crash };

struct FaultPlan {
  FaultKind kind = FaultKind::None;
  std::uint64_t at = 0;                       // The first operation is 1.
  ErrorCode code = ErrorCode::IoError;        // DiskFull and the like.
  std::uint64_t dice = 0;                     // Decides whether and how much of the operation happens.
  bool counts_reads = false;
};

class FaultVfs : public Vfs {
 public:
  explicit FaultVfs(Vfs& inner, FaultPlan plan = {}) : inner_(inner), plan_(plan) {}

  Result<std::unique_ptr<File>> open(std::string_view path, OpenMode mode) override;
  Result<> replace(std::string_view path, ByteView bytes) override;
  Result<> truncate_durably(std::string_view path, std::uint64_t size) override;
  Result<> rename(std::string_view from, std::string_view to) override;
  Result<> remove(std::string_view path) override;
  Result<> remove_tree(std::string_view path) override;
  Result<bool> exists(std::string_view path) override;
  Result<std::vector<DirectoryEntry>> list(std::string_view directory) override;
  Result<> sync_directory(std::string_view directory) override;
  Result<std::unique_ptr<FileLock>> lock(std::string_view name) override;

  // Starts counting again, with another plan.
  void arm(FaultPlan plan);
  std::uint64_t operations() const;
  bool has_struck() const;
  // The counted operations, one line each, while tracing: "append log 120".
  void trace(bool on);
  std::vector<std::string> take_trace();

 private:
  class FaultFile;
  enum class Verdict : std::uint8_t { Go, Refuse, GoThenRefuse };

  // Counts one operation and decides about it.
  Verdict step(std::string_view operation, std::string_view path, bool is_read);
  Error error(std::string_view operation) const;
  template <class Operation>
  Result<> run(std::string_view name, std::string_view path, Operation&& operation);

  Vfs& inner_;
  mutable std::mutex mutex_;
  FaultPlan plan_;
  std::uint64_t operations_ = 0;
  bool has_struck_ = false;
  bool is_tracing_ = false;
  std::vector<std::string> lines_;
};

}  // namespace nexus::vfs
