#include "vfs/fault_vfs.h"

#include <utility>

namespace nexus::vfs {

class FaultVfs::FaultFile : public File {
 public:
  FaultFile(FaultVfs& vfs, std::string path, std::unique_ptr<File> inner)
      : vfs_(vfs), path_(std::move(path)), inner_(std::move(inner)) {}

  Result<> append(ByteView bytes) override {
    const Verdict verdict = vfs_.step("append", path_, false);
    if (verdict == Verdict::Go) return inner_->append(bytes);
    // A write that fails may have been done in part: none, some or all of it.
    if (verdict == Verdict::GoThenRefuse) {
      const std::size_t part = vfs_.plan_.dice / 2 % (bytes.size() + 1);
      NX_TRY_DO(inner_->append(bytes.first(part)));
    }
    return vfs_.error("append");
  }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    if (vfs_.step("read", path_, true) != Verdict::Go) return vfs_.error("read");
    return inner_->read_at(offset, out);
  }
  Result<> sync() override {
    return vfs_.run("sync", path_, [&] { return inner_->sync(); });
  }
  Result<std::uint64_t> size() const override { return inner_->size(); }

 private:
  FaultVfs& vfs_;
  std::string path_;
  std::unique_ptr<File> inner_;
};

FaultVfs::Verdict FaultVfs::step(std::string_view operation, std::string_view path, bool is_read) {
  const std::lock_guard<std::mutex> guard(mutex_);
  const bool is_off = has_struck_ && plan_.kind == FaultKind::Crash;
  if (is_read && !plan_.counts_reads) return is_off ? Verdict::Refuse : Verdict::Go;
  ++operations_;
  if (is_tracing_) lines_.push_back(std::string(operation) + " " + std::string(path));
  if (is_off) return Verdict::Refuse;
  if (plan_.kind == FaultKind::None || operations_ != plan_.at) return Verdict::Go;
  has_struck_ = true;
  return plan_.dice % 2 == 0 ? Verdict::Refuse : Verdict::GoThenRefuse;
}

Error FaultVfs::error(std::string_view operation) const {
  return Error{plan_.code, "the " + std::string(operation) + " failed because a test wanted it to"};
}

template <class Operation>
Result<> FaultVfs::run(std::string_view name, std::string_view path, Operation&& operation) {
  const Verdict verdict = step(name, path, false);
  if (verdict == Verdict::Go) return operation();
  if (verdict == Verdict::GoThenRefuse) NX_TRY_DO(operation());
  return error(name);
}

Result<std::unique_ptr<File>> FaultVfs::open(std::string_view path, OpenMode mode) {
  NX_TRY(const bool is_there, inner_.exists(path));
  if (mode == OpenMode::Read || is_there) {
    if (step("open", path, true) != Verdict::Go) return error("open");
  } else {
    const Verdict verdict = step("create", path, false);
    if (verdict == Verdict::GoThenRefuse) (void)inner_.open(path, mode);
    if (verdict != Verdict::Go) return error("create");
  }
  NX_TRY(auto file, inner_.open(path, mode));
  return std::unique_ptr<File>(new FaultFile(*this, std::string(path), std::move(file)));
}

Result<> FaultVfs::replace(std::string_view path, ByteView bytes) {
  return run("replace", path, [&] { return inner_.replace(path, bytes); });
}

Result<> FaultVfs::truncate_durably(std::string_view path, std::uint64_t size) {
  return run("truncate", path, [&] { return inner_.truncate_durably(path, size); });
}

Result<> FaultVfs::rename(std::string_view from, std::string_view to) {
  return run("rename", from, [&] { return inner_.rename(from, to); });
}

Result<> FaultVfs::remove(std::string_view path) {
  return run("remove", path, [&] { return inner_.remove(path); });
}

Result<> FaultVfs::remove_tree(std::string_view path) {
  return run("remove_tree", path, [&] { return inner_.remove_tree(path); });
}

Result<bool> FaultVfs::exists(std::string_view path) {
  if (step("exists", path, true) != Verdict::Go) return error("exists");
  return inner_.exists(path);
}

Result<std::vector<DirectoryEntry>> FaultVfs::list(std::string_view directory) {
  if (step("list", directory, true) != Verdict::Go) return error("list");
  return inner_.list(directory);
}

Result<> FaultVfs::sync_directory(std::string_view directory) {
  return run("sync_directory", directory, [&] { return inner_.sync_directory(directory); });
}

Result<std::unique_ptr<FileLock>> FaultVfs::lock(std::string_view name) { return inner_.lock(name); }

void FaultVfs::arm(FaultPlan plan) {
  const std::lock_guard<std::mutex> guard(mutex_);
  plan_ = plan;
  operations_ = 0;
  has_struck_ = false;
}

std::uint64_t FaultVfs::operations() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return operations_;
}

bool FaultVfs::has_struck() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return has_struck_;
}

void FaultVfs::trace(bool on) {
  const std::lock_guard<std::mutex> guard(mutex_);
  is_tracing_ = on;
}

std::vector<std::string> FaultVfs::take_trace() {
  const std::lock_guard<std::mutex> guard(mutex_);
  return std::exchange(lines_, {});
}

}  // namespace nexus::vfs
