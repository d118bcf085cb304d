#include "vfs/prefix_vfs.h"

namespace nexus::vfs {

PrefixVfs::PrefixVfs(Vfs& inner, std::string folder) : inner_(inner), folder_(std::move(folder)) {
  NX_CHECK(is_valid_path(folder_));
}

Result<std::string> PrefixVfs::inside(std::string_view path) const {
  if (is_valid_path(path)) return folder_ + "/" + std::string(path);
  return Error{ErrorCode::InvalidArgument, "a path that is not allowed inside " + folder_};
}

Result<std::string> PrefixVfs::inside_or_root(std::string_view directory) const {
  if (directory.empty()) return folder_;
  return inside(directory);
}

Result<std::unique_ptr<File>> PrefixVfs::open(std::string_view path, OpenMode mode) {
  NX_TRY(const std::string full, inside(path));
  return inner_.open(full, mode);
}

Result<> PrefixVfs::replace(std::string_view path, ByteView bytes) {
  NX_TRY(const std::string full, inside(path));
  return inner_.replace(full, bytes);
}

Result<> PrefixVfs::truncate_durably(std::string_view path, std::uint64_t size) {
  NX_TRY(const std::string full, inside(path));
  return inner_.truncate_durably(full, size);
}

Result<> PrefixVfs::rename(std::string_view from, std::string_view to) {
  NX_TRY(const std::string full_from, inside(from));
  NX_TRY(const std::string full_to, inside(to));
  return inner_.rename(full_from, full_to);
}

Result<> PrefixVfs::remove(std::string_view path) {
  NX_TRY(const std::string full, inside(path));
  return inner_.remove(full);
}

Result<> PrefixVfs::remove_tree(std::string_view path) {
  NX_TRY(const std::string full, inside(path));
  return inner_.remove_tree(full);
}

Result<bool> PrefixVfs::exists(std::string_view path) {
  NX_TRY(const std::string full, inside(path));
  return inner_.exists(full);
}

Result<std::vector<DirectoryEntry>> PrefixVfs::list(std::string_view directory) {
  NX_TRY(const std::string full, inside_or_root(directory));
  return inner_.list(full);
}

Result<> PrefixVfs::sync_directory(std::string_view directory) {
  NX_TRY(const std::string full, inside_or_root(directory));
  return inner_.sync_directory(full);
}

Result<std::unique_ptr<FileLock>> PrefixVfs::lock(std::string_view name) {
  NX_TRY(const std::string full, inside(name));
  return inner_.lock(full);
}

}  // namespace nexus::vfs
