// PrefixVfs: a folder of another Vfs as a whole Vfs, without a way out of it.
//
// Invariant: every path handed on begins with the folder; anything that is_valid_path() refuses
// ("..", "/…", empty parts, NUL) is InvalidArgument. The folder is created by the first file.
#pragma once

#include <string>

#include "nexus/vfs.h"

namespace nexus::vfs {

class PrefixVfs : public Vfs {
 public:
  // Requires: is_valid_path(folder); `inner` outlives this.
  PrefixVfs(Vfs& inner, std::string folder);

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
  Result<std::string> inside(std::string_view path) const;
  Result<std::string> inside_or_root(std::string_view directory) const;

  Vfs& inner_;
  std::string folder_;
};

}  // namespace nexus::vfs
