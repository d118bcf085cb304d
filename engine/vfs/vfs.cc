#include "nexus/vfs.h"

namespace nexus {

bool is_valid_path(std::string_view path) {
  constexpr std::size_t kPathBytesMax = 1024;
  if (path.empty() || path.size() > kPathBytesMax) return false;
  for (std::size_t begin = 0; begin <= path.size();) {
    std::size_t end = path.find('/', begin);
    if (end == std::string_view::npos) end = path.size();
    const std::string_view part = path.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") return false;
    if (part.find('\0') != std::string_view::npos || part.find('\\') != std::string_view::npos) return false;
    begin = end + 1;
  }
  return true;
}

Result<Bytes> read_file(Vfs& vfs, std::string_view path, std::uint64_t bytes_max) {
  NX_TRY(const std::unique_ptr<File> file, vfs.open(path, OpenMode::Read));
  NX_TRY(const std::uint64_t size, file->size());
  if (size > bytes_max) return Error{ErrorCode::LimitExceeded, "the file " + std::string(path) + " is too large"};
  Bytes bytes(static_cast<std::size_t>(size));
  NX_TRY(const std::size_t count, file->read_at(0, bytes));
  bytes.resize(count);
  return bytes;
}

}  // namespace nexus
