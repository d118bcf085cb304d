// MemoryVfs: files in memory, with a model of what a crash may do to them.
//
// Every file has a durable prefix and a tail that was appended since the last sync; every
// folder has a list of creations, renames and removals since its last sync. crash() decides
// what becomes of those, by the rules of <nexus/vfs.h> and the dice it is given.
// Threads: as Vfs; crash() alone.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "nexus/vfs.h"

namespace nexus::vfs {

enum class CrashStyle : std::uint8_t {
  LoseUnsynced,   // Exactly what the contract promises and nothing more.
  KeepAll,        // As if everything had been synced in time.
  KeepPrefix,     // A random prefix of every tail and of every folder's changes.
  TornSectors,    // Each 512-byte sector of a tail kept, zeroed or garbage; changes at random.
  GarbageTail,    // A prefix, then random bytes.
  ZeroTail,       // A prefix, then zeros.
};
constexpr unsigned kCrashStyles = 6;

class MemoryVfs : public Vfs {
 public:
  using Dice = std::function<std::uint64_t()>;  // Uniform 64 bits.

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

  // The machine stops and starts again. Open files and locks become useless.
  void crash(CrashStyle style, const Dice& dice);

  // For tests: the bytes of a file as they are, and as they shall be (durably).
  Bytes contents(std::string_view path) const;
  void set_contents(std::string_view path, ByteView bytes);

 private:
  struct Inode {
    Bytes bytes;
    std::size_t durable_bytes = 0;
  };
  using Names = std::map<std::string, std::shared_ptr<Inode>, std::less<>>;
  struct NameChange {
    std::string folder;  // Whose sync makes it durable.
    std::string removed;  // Empty: nothing.
    std::string added;    // Empty: nothing.
    std::shared_ptr<Inode> inode;
  };
  class OpenFile;
  class HeldLock;

  static void apply(Names& names, const NameChange& change);
  void change(NameChange change);
  void crash_names(CrashStyle style, const Dice& dice);
  static void crash_bytes(Inode& inode, CrashStyle style, const Dice& dice);

  mutable std::mutex mutex_;
  Names live_;
  Names durable_;
  std::vector<NameChange> changes_;  // Not yet durable, oldest first.
  std::set<std::string, std::less<>> locks_;
  std::uint64_t crashes_ = 0;
};

}  // namespace nexus::vfs
