#include "vfs/file_stores.h"

namespace nexus::vfs {
namespace {

constexpr std::uint64_t kBlobBytesMax = 64 * 1024 * 1024;

Result<> remove_if_there(Vfs& vfs, std::string_view name) {
  auto removed = vfs.remove(name);
  if (!removed && removed.error().code != ErrorCode::FileNotFound) return removed;
  return Done{};
}

Result<std::vector<std::string>> file_names(Vfs& vfs, std::string_view prefix) {
  NX_TRY(const auto entries, vfs.list(""));
  std::vector<std::string> names;
  for (const DirectoryEntry& entry : entries) {
    if (!entry.is_directory && entry.name.substr(0, prefix.size()) == prefix) names.push_back(entry.name);
  }
  return names;
}

}  // namespace

Result<std::shared_ptr<File>> FileLogStore::handle(Handle& slot, std::string_view name, OpenMode mode) {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (slot.file == nullptr || slot.name != name) {
    NX_TRY(auto opened, vfs_.open(name, mode));
    slot = {std::string(name), std::move(opened)};
  }
  return slot.file;
}

Result<Durability> FileLogStore::create(std::string_view name, ByteView bytes) {
  NX_TRY(const std::unique_ptr<File> file, vfs_.open(name, OpenMode::CreateNew));
  NX_TRY_DO(file->append(bytes));
  NX_TRY_DO(file->sync());
  NX_TRY_DO(vfs_.sync_directory(""));
  return Durability{};
}

Result<> FileLogStore::append(std::string_view name, ByteView bytes) {
  NX_TRY(const auto file, handle(appended_, name, OpenMode::Append));
  return file->append(bytes);
}

Result<Durability> FileLogStore::sync(std::string_view name) {
  NX_TRY(const auto file, handle(appended_, name, OpenMode::Append));
  NX_TRY_DO(file->sync());
  return Durability{};
}

Result<std::size_t> FileLogStore::read(std::string_view name, std::uint64_t offset, std::span<std::uint8_t> out) {
  NX_TRY(const auto file, handle(read_, name, OpenMode::Read));
  return file->read_at(offset, out);
}

Result<std::uint64_t> FileLogStore::size(std::string_view name) {
  NX_TRY(const auto file, handle(read_, name, OpenMode::Read));
  return file->size();
}

Result<> FileLogStore::truncate(std::string_view name, std::uint64_t size) {
  release_handles();
  return vfs_.truncate_durably(name, size);
}

Result<> FileLogStore::remove(std::string_view name) {
  release_handles();
  return remove_if_there(vfs_, name);
}

Result<std::vector<std::string>> FileLogStore::list() { return file_names(vfs_, "log-"); }

void FileLogStore::release_handles() {
  const std::lock_guard<std::mutex> guard(mutex_);
  appended_ = {};
  read_ = {};
}

Result<Durability> FileBlobStore::put(std::string_view name, ByteView bytes) {
  NX_TRY_DO(vfs_.replace(name, bytes));
  return Durability{};
}

Result<Bytes> FileBlobStore::get(std::string_view name) { return read_file(vfs_, name, kBlobBytesMax); }

Result<std::vector<std::string>> FileBlobStore::list(std::string_view prefix) { return file_names(vfs_, prefix); }

Result<> FileBlobStore::remove(std::string_view name) { return remove_if_there(vfs_, name); }

}  // namespace nexus::vfs
