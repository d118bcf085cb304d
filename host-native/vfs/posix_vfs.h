// PosixVfs: nexus::Vfs on a directory of this machine.
//
// Invariant: nothing outside the root is reachable. Every part of a path is opened relative
// to its parent without following symbolic links; the root itself may be one.
// Invariant: names that begin with ".tmp-" are unfinished replacements: never listed, and
// overwritten by the next one.
// A created folder is durable at once (its parent is synced); files follow the contract of
// <nexus/vfs.h>. fdatasync() is enough for files, as it includes their size.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>

#include "nexus/vfs.h"

namespace nexus::host {

// Owns a file descriptor.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor();
  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  int release();

 private:
  int fd_ = -1;
};

class PosixVfs final : public Vfs {
 public:
  // Creates the directory (and its parents) with mode 0700 when it is missing.
  static Result<std::unique_ptr<PosixVfs>> open_root(const std::string& directory);

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

 private:
  enum class Missing { Fail, Create };
  struct Place {  // An open folder and the name in it.
    FileDescriptor folder;
    std::string name;
  };

  explicit PosixVfs(FileDescriptor root) : root_(std::move(root)) {}
  Result<FileDescriptor> open_folder(std::string_view directory, Missing missing);
  Result<Place> locate(std::string_view path, Missing missing);

  FileDescriptor root_;
  // Two replacements of one file share its temporary name: one at a time.
  std::array<std::mutex, 16> replacing_;
};

}  // namespace nexus::host
