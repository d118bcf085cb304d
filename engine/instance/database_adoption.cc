// The files of one database at the top of the data directory, where an installation with a single
// database has them: they become the default database of the instance.
//
//   1. the system database is created with the uuid that the files name
//   2. the files move into that database's folder, MANIFEST last
//
// As long as the folder has no MANIFEST, a start goes on with step 2; nothing can have been written
// to it before, because the start that moves the last file opens nothing meanwhile. Once it has one,
// whatever lies at the top is left alone: a copy of a database that this instance has, or, after a
// crash, second names of the same files. Nothing is ever removed here.
#include <algorithm>

#include "instance/database_manager.h"
#include "storage/log_format.h"

namespace nexus::instance {
namespace {

constexpr std::uint64_t kManifestBytesMax = 4096;

bool is_log(std::string_view name) { return name.substr(0, 4) == "log-"; }

Result<> move_file(Vfs& vfs, const std::string& name, const std::string& folder) {
  const std::string target = folder + "/" + name;
  NX_TRY(const bool is_there, vfs.exists(target));
  return is_there ? Result<>(Done{}) : vfs.rename(name, target);
}

}  // namespace

Result<std::optional<DatabaseUuid>> DatabaseManager::uuid_at_top() {
  Vfs& vfs = environment_.components.vfs;
  NX_TRY(const bool is_there, vfs.exists(storage::kManifestName));
  if (!is_there) return std::optional<DatabaseUuid>();
  const auto decoded = [&]() -> Result<storage::Manifest> {
    NX_TRY(const Bytes bytes, read_file(vfs, storage::kManifestName, kManifestBytesMax));
    return storage::decode_manifest(bytes);
  }();
  if (decoded && decoded->uuid != kSystemUuid) return std::optional(decoded->uuid);
  NX_TRY(const auto entries, vfs.list("system"));
  if (!entries.empty()) return std::optional<DatabaseUuid>();  // Not ours, and not in the way.
  if (!decoded) return decoded.error();
  return Error(ErrorCode::InvalidArgument,
               "This is the folder of a system database; the data directory is the one it lies in.");
}

Result<> DatabaseManager::leave_files_at_top() {
  environment_.components.log.write(LogLevel::Warning,
                                    "The files of a database at the top of the data directory are left alone: "
                                    "this instance has databases already. Give them a data directory of their own.");
  return Done{};
}

Result<> DatabaseManager::adopt_files_at_top(const DatabaseUuid& uuid) {
  const auto row = std::find_if(rows_.begin(), rows_.end(), [&](const auto& entry) { return entry.second.uuid == uuid; });
  if (row == rows_.end()) return leave_files_at_top();
  Vfs& vfs = environment_.components.vfs;
  const std::string folder = folder_of(uuid);
  NX_TRY(const bool is_moved, vfs.exists(folder + "/" + std::string(storage::kManifestName)));
  if (is_moved) return leave_files_at_top();
  NX_TRY(const auto entries, vfs.list(""));
  for (const DirectoryEntry& entry : entries) {
    if (!entry.is_directory && is_log(entry.name)) NX_TRY_DO(move_file(vfs, entry.name, folder));
  }
  NX_TRY_DO(vfs.sync_directory(folder));
  NX_TRY_DO(move_file(vfs, std::string(storage::kManifestName), folder));
  NX_TRY_DO(vfs.sync_directory(folder));
  NX_TRY_DO(vfs.sync_directory(""));
  environment_.components.log.write(LogLevel::Info, "The single database of this directory is now '" + row->first + "'.");
  return Done{};
}

}  // namespace nexus::instance
