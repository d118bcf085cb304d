// LogStore and BlobStore on files: what every host with a file system uses.
//
// Everything is durable when it returns, so tickets are always 0. At most one file is open, the
// log that is being appended to, and release_handles() closes it.
// Threads: as the interfaces.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "nexus/vfs.h"

namespace nexus::vfs {

class FileLogStore : public LogStore {
 public:
  explicit FileLogStore(Vfs& vfs) : vfs_(vfs) {}

  Result<Durability> create(std::string_view name, ByteView bytes) override;
  Result<> append(std::string_view name, ByteView bytes) override;
  Result<Durability> sync(std::string_view name) override;
  Result<std::size_t> read(std::string_view name, std::uint64_t offset, std::span<std::uint8_t> out) override;
  Result<std::uint64_t> size(std::string_view name) override;
  Result<> truncate(std::string_view name, std::uint64_t size) override;
  Result<> remove(std::string_view name) override;
  Result<std::vector<std::string>> list() override;
  void release_handles() override;

 private:
  struct Handle {
    std::string name;
    std::shared_ptr<File> file;
  };

  Result<std::shared_ptr<File>> handle(Handle& slot, std::string_view name, OpenMode mode);

  Vfs& vfs_;
  std::mutex mutex_;  // Guards the slots, not the files in them.
  Handle appended_;
  Handle read_;
};

class FileBlobStore : public BlobStore {
 public:
  explicit FileBlobStore(Vfs& vfs) : vfs_(vfs) {}

  Result<Durability> put(std::string_view name, ByteView bytes) override;
  Result<Bytes> get(std::string_view name) override;
  Result<std::vector<std::string>> list(std::string_view prefix) override;
  Result<> remove(std::string_view name) override;

 private:
  Vfs& vfs_;
};

}  // namespace nexus::vfs
