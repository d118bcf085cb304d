#include "vfs/memory_vfs.h"

#include <algorithm>

namespace nexus::vfs {
namespace {

constexpr std::size_t kSectorBytes = 512;

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

bool is_below(std::string_view path, std::string_view folder) {
  return folder.empty() || (path.size() > folder.size() && path.substr(0, folder.size()) == folder &&
                            path[folder.size()] == '/');
}

Error not_found(std::string_view path) {
  return Error{ErrorCode::FileNotFound, "there is no file " + std::string(path)};
}

Result<> check_path(std::string_view path) {
  if (is_valid_path(path)) return Done{};
  return Error{ErrorCode::InvalidArgument, "the path \"" + std::string(path) + "\" is not allowed"};
}

}  // namespace

class MemoryVfs::OpenFile : public File {
 public:
  OpenFile(MemoryVfs& vfs, std::shared_ptr<Inode> inode)
      : vfs_(vfs), inode_(std::move(inode)), crashes_(vfs.crashes_) {}

  Result<> append(ByteView bytes) override {
    const std::lock_guard<std::mutex> guard(vfs_.mutex_);
    NX_TRY_DO(check());
    inode_->bytes.insert(inode_->bytes.end(), bytes.begin(), bytes.end());
    return Done{};
  }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    const std::lock_guard<std::mutex> guard(vfs_.mutex_);
    NX_TRY_DO(check());
    if (offset >= inode_->bytes.size()) return std::size_t{0};
    const auto begin = static_cast<std::size_t>(offset);
    const std::size_t count = std::min(out.size(), inode_->bytes.size() - begin);
    std::copy_n(inode_->bytes.begin() + static_cast<std::ptrdiff_t>(begin), count, out.begin());
    return count;
  }
  Result<> sync() override {
    const std::lock_guard<std::mutex> guard(vfs_.mutex_);
    NX_TRY_DO(check());
    inode_->durable_bytes = inode_->bytes.size();
    return Done{};
  }
  Result<std::uint64_t> size() const override {
    const std::lock_guard<std::mutex> guard(vfs_.mutex_);
    NX_TRY_DO(check());
    return static_cast<std::uint64_t>(inode_->bytes.size());
  }

 private:
  Result<> check() const {
    if (crashes_ == vfs_.crashes_) return Done{};
    return Error{ErrorCode::IoError, "the file was open when the machine crashed"};
  }

  MemoryVfs& vfs_;
  std::shared_ptr<Inode> inode_;
  std::uint64_t crashes_;
};

class MemoryVfs::HeldLock : public FileLock {
 public:
  HeldLock(MemoryVfs& vfs, std::string name) : vfs_(vfs), name_(std::move(name)), crashes_(vfs.crashes_) {}
  ~HeldLock() override {
    const std::lock_guard<std::mutex> guard(vfs_.mutex_);
    if (crashes_ == vfs_.crashes_) vfs_.locks_.erase(name_);
  }

 private:
  MemoryVfs& vfs_;
  std::string name_;
  std::uint64_t crashes_;
};

void MemoryVfs::apply(Names& names, const NameChange& change) {
  if (!change.removed.empty()) names.erase(change.removed);
  if (!change.added.empty()) names[change.added] = change.inode;
}

void MemoryVfs::change(NameChange change) {
  apply(live_, change);
  changes_.push_back(std::move(change));
}

Result<std::unique_ptr<File>> MemoryVfs::open(std::string_view path, OpenMode mode) {
  NX_TRY_DO(check_path(path));
  const std::lock_guard<std::mutex> guard(mutex_);
  auto at = live_.find(path);
  if (at == live_.end() && mode == OpenMode::Read) return not_found(path);
  if (at != live_.end() && mode == OpenMode::CreateNew) {
    return Error{ErrorCode::InvalidArgument, "the file " + std::string(path) + " is there already"};
  }
  if (at == live_.end()) {
    change({folder_of(path), {}, std::string(path), std::make_shared<Inode>()});
    at = live_.find(path);
  }
  return std::unique_ptr<File>(new OpenFile(*this, at->second));
}

Result<> MemoryVfs::replace(std::string_view path, ByteView bytes) {
  NX_TRY_DO(check_path(path));
  const std::lock_guard<std::mutex> guard(mutex_);
  auto inode = std::make_shared<Inode>();
  inode->bytes.assign(bytes.begin(), bytes.end());
  inode->durable_bytes = inode->bytes.size();
  const NameChange now{folder_of(path), {}, std::string(path), std::move(inode)};
  apply(live_, now);
  apply(durable_, now);
  // Earlier changes of this very name are overtaken.
  changes_.erase(std::remove_if(changes_.begin(), changes_.end(),
                                [&](const NameChange& c) { return c.added == path || c.removed == path; }),
                 changes_.end());
  return Done{};
}

Result<> MemoryVfs::truncate_durably(std::string_view path, std::uint64_t size) {
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto at = live_.find(path);
  if (at == live_.end()) return not_found(path);
  NX_CHECK(size <= at->second->bytes.size());
  at->second->bytes.resize(static_cast<std::size_t>(size));
  at->second->durable_bytes = at->second->bytes.size();
  return Done{};
}

Result<> MemoryVfs::rename(std::string_view from, std::string_view to) {
  NX_TRY_DO(check_path(to));
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto at = live_.find(from);
  if (at == live_.end()) return not_found(from);
  change({folder_of(to), std::string(from), std::string(to), at->second});
  return Done{};
}

Result<> MemoryVfs::remove(std::string_view path) {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (live_.find(path) == live_.end()) return not_found(path);
  change({folder_of(path), std::string(path), {}, nullptr});
  return Done{};
}

Result<> MemoryVfs::remove_tree(std::string_view path) {
  NX_TRY_DO(check_path(path));
  const std::lock_guard<std::mutex> guard(mutex_);
  std::vector<std::string> doomed;
  for (const auto& entry : live_) {
    if (entry.first == path || is_below(entry.first, path)) doomed.push_back(entry.first);
  }
  for (std::string& name : doomed) change({folder_of(path), std::move(name), {}, nullptr});
  return Done{};
}

Result<bool> MemoryVfs::exists(std::string_view path) {
  const std::lock_guard<std::mutex> guard(mutex_);
  return std::any_of(live_.begin(), live_.end(),
                     [&](const auto& entry) { return entry.first == path || is_below(entry.first, path); });
}

Result<std::vector<DirectoryEntry>> MemoryVfs::list(std::string_view directory) {
  const std::lock_guard<std::mutex> guard(mutex_);
  std::map<std::string, DirectoryEntry> found;
  for (const auto& entry : live_) {
    if (!is_below(entry.first, directory)) continue;
    const std::string rest = entry.first.substr(directory.empty() ? 0 : directory.size() + 1);
    const std::size_t slash = rest.find('/');
    const std::string name = rest.substr(0, slash);
    const bool is_directory = slash != std::string::npos;
    found[name] = {name, is_directory, is_directory ? 0 : entry.second->bytes.size()};
  }
  std::vector<DirectoryEntry> entries;
  for (auto& entry : found) entries.push_back(std::move(entry.second));
  return entries;
}

Result<> MemoryVfs::sync_directory(std::string_view directory) {
  const std::lock_guard<std::mutex> guard(mutex_);
  std::vector<NameChange> kept;
  for (NameChange& change : changes_) {
    if (change.folder == directory) {
      apply(durable_, change);
    } else {
      kept.push_back(std::move(change));
    }
  }
  changes_ = std::move(kept);
  return Done{};
}

Result<std::unique_ptr<FileLock>> MemoryVfs::lock(std::string_view name) {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (!locks_.insert(std::string(name)).second) {
    return Error{ErrorCode::FileLocked, "the lock " + std::string(name) + " is held by somebody else"};
  }
  return std::unique_ptr<FileLock>(new HeldLock(*this, std::string(name)));
}

void MemoryVfs::crash(CrashStyle style, const Dice& dice) {
  const std::lock_guard<std::mutex> guard(mutex_);
  ++crashes_;
  locks_.clear();
  crash_names(style, dice);
  for (auto& entry : live_) {
    crash_bytes(*entry.second, style, dice);
    entry.second->durable_bytes = entry.second->bytes.size();
  }
}

void MemoryVfs::crash_names(CrashStyle style, const Dice& dice) {
  std::size_t prefix = changes_.size();
  if (style == CrashStyle::LoseUnsynced) prefix = 0;
  if (style == CrashStyle::KeepPrefix || style == CrashStyle::GarbageTail) prefix = dice() % (changes_.size() + 1);
  for (std::size_t i = 0; i < prefix; ++i) {
    if (style == CrashStyle::TornSectors && dice() % 2 == 0) continue;
    const NameChange& change = changes_[i];
    const bool moves = !change.removed.empty() && !change.added.empty();
    if (moves && durable_.find(change.removed) == durable_.end()) continue;
    apply(durable_, change);
  }
  changes_.clear();
  live_ = durable_;
}

void MemoryVfs::crash_bytes(Inode& inode, CrashStyle style, const Dice& dice) {
  const std::size_t begin = inode.durable_bytes;
  const std::size_t end = inode.bytes.size();
  if (begin == end || style == CrashStyle::KeepAll) return;
  if (style == CrashStyle::LoseUnsynced) return inode.bytes.resize(begin);
  const std::size_t cut = begin + dice() % (end - begin + 1);
  if (style == CrashStyle::KeepPrefix) return inode.bytes.resize(cut);
  if (style == CrashStyle::TornSectors) {
    for (std::size_t at = begin; at < end; at = (at / kSectorBytes + 1) * kSectorBytes) {
      const std::size_t sector_end = std::min(end, (at / kSectorBytes + 1) * kSectorBytes);
      const std::uint64_t fate = dice() % 4;  // Two of four: it arrived.
      if (fate == 2) std::fill(inode.bytes.begin() + static_cast<std::ptrdiff_t>(at),
                               inode.bytes.begin() + static_cast<std::ptrdiff_t>(sector_end), std::uint8_t{0});
      for (std::size_t i = at; fate == 3 && i < sector_end; ++i) inode.bytes[i] = static_cast<std::uint8_t>(dice());
    }
    if (dice() % 2 == 0) inode.bytes.resize(cut);
    return;
  }
  for (std::size_t i = cut; i < end; ++i) {
    inode.bytes[i] = style == CrashStyle::ZeroTail ? std::uint8_t{0} : static_cast<std::uint8_t>(dice());
  }
}

Bytes MemoryVfs::contents(std::string_view path) const {
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto at = live_.find(path);
  return at == live_.end() ? Bytes() : at->second->bytes;
}

void MemoryVfs::set_contents(std::string_view path, ByteView bytes) { (void)replace(path, bytes); }

}  // namespace nexus::vfs
