#include "host-native/vfs/posix_vfs.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>

namespace nexus::host {
namespace {

constexpr std::string_view kTemporaryPrefix = ".tmp-";
constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr int kTreeDepthMax = 64;

// Calls a system call again while signals interrupt it.
template <class Call>
auto retry(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

Error system_error(std::string_view action, std::string_view path) {
  const int number = errno;
  ErrorCode code = ErrorCode::IoError;
  if (number == ENOSPC || number == EDQUOT || number == EFBIG) code = ErrorCode::DiskFull;
  if (number == ENOENT) code = ErrorCode::FileNotFound;
  if (number == EEXIST) code = ErrorCode::InvalidArgument;
  std::string message = "cannot " + std::string(action) + " '" + std::string(path) + "': ";
  return Error{code, message + std::strerror(number)};
}

Error bad_path(std::string_view path) {
  return Error{ErrorCode::InvalidArgument, "'" + std::string(path) + "' is not a valid path"};
}

// Of a folder: also its names. Why not fdatasync: it may leave a folder's entries out.
Result<> sync_descriptor(int fd, std::string_view path) {
  if (retry([&] { return fsync(fd); }) != 0) return system_error("sync", path);
  return Done{};
}

Result<> write_all(int fd, ByteView bytes, std::string_view path) {
  while (!bytes.empty()) {
    const ssize_t wrote = retry([&] { return ::write(fd, bytes.data(), bytes.size()); });
    if (wrote < 0) return system_error("write to", path);
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
  return Done{};
}

class PosixFile final : public File {
 public:
  PosixFile(FileDescriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  Result<> append(ByteView bytes) override { return write_all(file_.fd(), bytes, path_); }

  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    std::size_t filled = 0;
    while (filled < out.size()) {
      const ssize_t got = retry([&] {
        return pread(file_.fd(), out.data() + filled, out.size() - filled, static_cast<off_t>(offset + filled));
      });
      if (got < 0) return system_error("read", path_);
      if (got == 0) break;
      filled += static_cast<std::size_t>(got);
    }
    return filled;
  }

  Result<> sync() override {
    if (retry([&] { return fdatasync(file_.fd()); }) != 0) return system_error("sync", path_);
    return Done{};
  }

  Result<std::uint64_t> size() const override {
    struct stat status {};
    if (fstat(file_.fd(), &status) != 0) return system_error("look at", path_);
    return static_cast<std::uint64_t>(status.st_size);
  }

 private:
  FileDescriptor file_;
  std::string path_;
};

class PosixLock final : public FileLock {
 public:
  explicit PosixLock(FileDescriptor file) : file_(std::move(file)) {}

 private:
  FileDescriptor file_;
};

// Names of a folder, sorted; unfinished replacements are left out unless `everything`.
Result<std::vector<std::string>> names_in(FileDescriptor folder, std::string_view path, bool everything) {
  DIR* stream = fdopendir(folder.fd());
  if (stream == nullptr) return system_error("list", path);
  folder.release();
  const std::unique_ptr<DIR, int (*)(DIR*)> closer(stream, closedir);
  std::vector<std::string> names;
  for (errno = 0; const dirent* entry = readdir(stream); errno = 0) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (everything || !name.starts_with(kTemporaryPrefix)) names.emplace_back(name);
  }
  if (errno != 0) return system_error("list", path);
  std::sort(names.begin(), names.end());
  return names;
}

// Links are removed, never followed.
Result<> remove_below(int parent, const std::string& name, int depth) {
  if (depth > kTreeDepthMax) return Error{ErrorCode::LimitExceeded, "folders below '" + name + "' are nested too deep"};
  if (unlinkat(parent, name.c_str(), 0) == 0 || errno == ENOENT) return Done{};
  if (errno != EISDIR && errno != EPERM) return system_error("remove", name);
  FileDescriptor folder(retry([&] { return openat(parent, name.c_str(), kFolderFlags); }));
  if (!folder.is_open()) return system_error("open", name);
  FileDescriptor listed(fcntl(folder.fd(), F_DUPFD_CLOEXEC, 0));
  if (!listed.is_open()) return system_error("open", name);
  NX_TRY(const auto children, names_in(std::move(listed), name, true));
  for (const auto& child : children) NX_TRY_DO(remove_below(folder.fd(), child, depth + 1));
  if (unlinkat(parent, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) return system_error("remove", name);
  return Done{};
}

// "mkdir -p" with mode 0700 and durable names.
Result<> make_root(const std::string& directory) {
  for (std::size_t end = 1; end <= directory.size(); ++end) {
    if (end < directory.size() && directory[end] != '/') continue;
    const std::string part = directory.substr(0, end);
    if (mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) return system_error("create", part);
  }
  return Done{};
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}
FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) close(fd_);
}
int FileDescriptor::release() { return std::exchange(fd_, -1); }

Result<std::unique_ptr<PosixVfs>> PosixVfs::open_root(const std::string& directory) {
  if (directory.empty()) return bad_path(directory);
  NX_TRY_DO(make_root(directory));
  FileDescriptor root(retry([&] { return ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (!root.is_open()) return system_error("open", directory);
  return std::unique_ptr<PosixVfs>(new PosixVfs(std::move(root)));
}

Result<FileDescriptor> PosixVfs::open_folder(std::string_view directory, Missing missing) {
  if (!directory.empty() && !is_valid_path(directory)) return bad_path(directory);
  FileDescriptor folder(fcntl(root_.fd(), F_DUPFD_CLOEXEC, 0));
  if (!folder.is_open()) return system_error("open", directory);
  while (!directory.empty()) {
    const std::string part(directory.substr(0, directory.find('/')));
    directory.remove_prefix(std::min(directory.size(), part.size() + 1));
    int fd = retry([&] { return openat(folder.fd(), part.c_str(), kFolderFlags); });
    if (fd < 0 && errno == ENOENT && missing == Missing::Create) {
      if (mkdirat(folder.fd(), part.c_str(), 0700) != 0 && errno != EEXIST) return system_error("create", part);
      NX_TRY_DO(sync_descriptor(folder.fd(), part));
      fd = retry([&] { return openat(folder.fd(), part.c_str(), kFolderFlags); });
    }
    if (fd < 0) return system_error("open", part);
    folder = FileDescriptor(fd);
  }
  return folder;
}

Result<PosixVfs::Place> PosixVfs::locate(std::string_view path, Missing missing) {
  if (!is_valid_path(path)) return bad_path(path);
  const std::size_t slash = path.rfind('/');
  const bool nested = slash != std::string_view::npos;
  NX_TRY(auto folder, open_folder(nested ? path.substr(0, slash) : std::string_view{}, missing));
  return Place{std::move(folder), std::string(nested ? path.substr(slash + 1) : path)};
}

Result<std::unique_ptr<File>> PosixVfs::open(std::string_view path, OpenMode mode) {
  int flags = O_CLOEXEC | O_NOFOLLOW;
  switch (mode) {
    case OpenMode::Read: flags |= O_RDONLY; break;
    case OpenMode::Append: flags |= O_RDWR | O_APPEND | O_CREAT; break;
    case OpenMode::CreateNew: flags |= O_RDWR | O_APPEND | O_CREAT | O_EXCL; break;
  }
  NX_TRY(const auto place, locate(path, mode == OpenMode::Read ? Missing::Fail : Missing::Create));
  FileDescriptor file(retry([&] { return openat(place.folder.fd(), place.name.c_str(), flags, 0600); }));
  if (!file.is_open()) return system_error("open", path);
  return std::unique_ptr<File>(std::make_unique<PosixFile>(std::move(file), std::string(path)));
}

Result<> PosixVfs::replace(std::string_view path, ByteView bytes) {
  const std::lock_guard lock(replacing_[std::hash<std::string_view>{}(path) % replacing_.size()]);
  NX_TRY(const auto place, locate(path, Missing::Create));
  const std::string temporary = std::string(kTemporaryPrefix) + place.name;
  const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
  FileDescriptor file(retry([&] { return openat(place.folder.fd(), temporary.c_str(), flags, 0600); }));
  if (!file.is_open()) return system_error("create", path);
  NX_TRY_DO(write_all(file.fd(), bytes, path));
  NX_TRY_DO(sync_descriptor(file.fd(), path));
  if (renameat(place.folder.fd(), temporary.c_str(), place.folder.fd(), place.name.c_str()) != 0) {
    return system_error("replace", path);
  }
  return sync_descriptor(place.folder.fd(), path);
}

Result<> PosixVfs::truncate_durably(std::string_view path, std::uint64_t size) {
  NX_TRY(const auto place, locate(path, Missing::Fail));
  FileDescriptor file(
      retry([&] { return openat(place.folder.fd(), place.name.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC); }));
  if (!file.is_open()) return system_error("open", path);
  if (retry([&] { return ftruncate(file.fd(), static_cast<off_t>(size)); }) != 0) return system_error("cut", path);
  return sync_descriptor(file.fd(), path);
}

Result<> PosixVfs::rename(std::string_view from, std::string_view to) {
  NX_TRY(const auto source, locate(from, Missing::Fail));
  NX_TRY(const auto target, locate(to, Missing::Create));
  if (renameat(source.folder.fd(), source.name.c_str(), target.folder.fd(), target.name.c_str()) != 0) {
    return system_error("rename", from);
  }
  return Done{};
}

Result<> PosixVfs::remove(std::string_view path) {
  NX_TRY(const auto place, locate(path, Missing::Fail));
  if (unlinkat(place.folder.fd(), place.name.c_str(), 0) != 0) return system_error("remove", path);
  return Done{};
}

Result<> PosixVfs::remove_tree(std::string_view path) {
  auto place = locate(path, Missing::Fail);
  if (!place) {
    if (place.error().code == ErrorCode::FileNotFound) return Done{};
    return std::move(place.error());
  }
  return remove_below(place->folder.fd(), place->name, 0);
}

Result<bool> PosixVfs::exists(std::string_view path) {
  auto place = locate(path, Missing::Fail);
  if (!place) {
    if (place.error().code == ErrorCode::FileNotFound) return false;
    return std::move(place.error());
  }
  struct stat status {};
  if (fstatat(place->folder.fd(), place->name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return true;
  if (errno == ENOENT) return false;
  return system_error("look at", path);
}

Result<std::vector<DirectoryEntry>> PosixVfs::list(std::string_view directory) {
  std::vector<DirectoryEntry> entries;
  auto folder = open_folder(directory, Missing::Fail);
  if (!folder) {
    if (folder.error().code == ErrorCode::FileNotFound) return entries;
    return std::move(folder.error());
  }
  // Its own open file description: reading a directory moves the position of every duplicate.
  FileDescriptor listed(retry([&] { return openat(folder->fd(), ".", kFolderFlags); }));
  if (!listed.is_open()) return system_error("list", directory);
  NX_TRY(auto names, names_in(std::move(listed), directory, false));
  for (auto& name : names) {
    struct stat status {};
    if (fstatat(folder->fd(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) continue;  // Removed while we looked.
      return system_error("look at", name);
    }
    const bool is_directory = S_ISDIR(status.st_mode);
    entries.push_back({std::move(name), is_directory, is_directory ? 0 : static_cast<std::uint64_t>(status.st_size)});
  }
  return entries;
}

Result<> PosixVfs::sync_directory(std::string_view directory) {
  NX_TRY(const auto folder, open_folder(directory, Missing::Fail));
  return sync_descriptor(folder.fd(), directory);
}

Result<std::unique_ptr<FileLock>> PosixVfs::lock(std::string_view name) {
  NX_TRY(const auto place, locate(name, Missing::Create));
  const int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
  FileDescriptor file(retry([&] { return openat(place.folder.fd(), place.name.c_str(), flags, 0600); }));
  if (!file.is_open()) return system_error("open", name);
  if (retry([&] { return flock(file.fd(), LOCK_EX | LOCK_NB); }) != 0) {
    if (errno != EWOULDBLOCK) return system_error("lock", name);
    return Error{ErrorCode::FileLocked, "'" + std::string(name) + "' is locked: another process uses this data"};
  }
  return std::unique_ptr<FileLock>(std::make_unique<PosixLock>(std::move(file)));
}

}  // namespace nexus::host
