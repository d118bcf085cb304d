#include "js_vfs.h"

#include <cstdio>

#define NX_IMPORT(name) __attribute__((import_module("nexus"), import_name(#name)))

// Answers below zero are failures: kMissing, kExists, kFull, kLocked, kElsewhere or anything else.
// Sizes and offsets travel as doubles: exact to 2^53, and JavaScript needs no BigInt for them.
extern "C" {
NX_IMPORT(file_open) int nx_file_open(const char* path, int length, int mode);
NX_IMPORT(file_close) void nx_file_close(int file);
NX_IMPORT(file_append) int nx_file_append(int file, const void* bytes, int length);
NX_IMPORT(file_read) int nx_file_read(int file, double offset, void* bytes, int length);
NX_IMPORT(file_sync) int nx_file_sync(int file);
NX_IMPORT(file_size) double nx_file_size(int file);
NX_IMPORT(path_replace) int nx_path_replace(const char* path, int length, const void* bytes, int count);
NX_IMPORT(path_truncate) int nx_path_truncate(const char* path, int length, double size);
NX_IMPORT(path_rename) int nx_path_rename(const char* from, int from_length, const char* to, int to_length);
NX_IMPORT(path_remove) int nx_path_remove(const char* path, int length, int tree);
NX_IMPORT(path_exists) int nx_path_exists(const char* path, int length);
NX_IMPORT(path_list) int nx_path_list(const char* path, int length);
NX_IMPORT(list_take) void nx_list_take(void* bytes);
NX_IMPORT(path_sync) int nx_path_sync(const char* path, int length);
NX_IMPORT(path_lock) int nx_path_lock(const char* path, int length);
NX_IMPORT(wall_clock) double nx_wall_clock();
NX_IMPORT(steady_clock) double nx_steady_clock();
NX_IMPORT(random) double nx_random();
}

namespace nexus::wasm {
namespace {

enum Failure { kMissing = -2, kExists = -3, kFull = -4, kLocked = -5, kElsewhere = -6 };

Error failure(int answer, std::string_view path) {
  const std::string name(path);
  switch (answer) {
    case kMissing: return Error{ErrorCode::FileNotFound, "there is no file " + name};
    case kExists: return Error{ErrorCode::InvalidArgument, "the file " + name + " is there already"};
    case kFull: return Error{ErrorCode::DiskFull, "there is no space left for " + name};
    case kLocked: return Error{ErrorCode::FileLocked, name + " is in use by another process"};
    // The host notes which one, reads it into memory, and asks again.
    case kElsewhere: return Error{ErrorCode::MemoryLimit, "the file " + name + " is not in memory yet"};
    default: return Error{ErrorCode::IoError, "the file " + name + " could not be used"};
  }
}

Result<> done(int answer, std::string_view path) {
  if (answer < 0) return failure(answer, path);
  return Done{};
}

int size_of(std::string_view text) { return static_cast<int>(text.size()); }

class JsFile final : public File {
 public:
  JsFile(int file, std::string_view path) : file_(file), path_(path) {}
  ~JsFile() override { nx_file_close(file_); }

  Result<> append(ByteView bytes) override {
    return done(nx_file_append(file_, bytes.data(), static_cast<int>(bytes.size())), path_);
  }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    const int count = nx_file_read(file_, static_cast<double>(offset), out.data(), static_cast<int>(out.size()));
    if (count < 0) return failure(count, path_);
    return static_cast<std::size_t>(count);
  }
  Result<> sync() override { return done(nx_file_sync(file_), path_); }
  Result<std::uint64_t> size() const override {
    const double size = nx_file_size(file_);
    if (size < 0) return failure(static_cast<int>(size), path_);
    return static_cast<std::uint64_t>(size);
  }

 private:
  int file_;
  std::string path_;
};

class JsLock final : public FileLock {
 public:
  explicit JsLock(int file) : file_(file) {}
  ~JsLock() override { nx_file_close(file_); }

 private:
  int file_;
};

class JsVfs final : public Vfs {
 public:
  Result<std::unique_ptr<File>> open(std::string_view path, OpenMode mode) override {
    NX_TRY_DO(check(path));
    const int file = nx_file_open(path.data(), size_of(path), static_cast<int>(mode));
    if (file < 0) return failure(file, path);
    return std::unique_ptr<File>(std::make_unique<JsFile>(file, path));
  }
  Result<> replace(std::string_view path, ByteView bytes) override {
    NX_TRY_DO(check(path));
    return done(nx_path_replace(path.data(), size_of(path), bytes.data(), static_cast<int>(bytes.size())), path);
  }
  Result<> truncate_durably(std::string_view path, std::uint64_t size) override {
    NX_TRY_DO(check(path));
    return done(nx_path_truncate(path.data(), size_of(path), static_cast<double>(size)), path);
  }
  Result<> rename(std::string_view from, std::string_view to) override {
    NX_TRY_DO(check(from));
    NX_TRY_DO(check(to));
    return done(nx_path_rename(from.data(), size_of(from), to.data(), size_of(to)), from);
  }
  Result<> remove(std::string_view path) override {
    NX_TRY_DO(check(path));
    return done(nx_path_remove(path.data(), size_of(path), 0), path);
  }
  Result<> remove_tree(std::string_view path) override {
    NX_TRY_DO(check(path));
    return done(nx_path_remove(path.data(), size_of(path), 1), path);
  }
  Result<bool> exists(std::string_view path) override {
    NX_TRY_DO(check(path));
    return nx_path_exists(path.data(), size_of(path)) == 1;
  }
  Result<std::vector<DirectoryEntry>> list(std::string_view directory) override;
  Result<> sync_directory(std::string_view directory) override {
    return done(nx_path_sync(directory.data(), size_of(directory)), directory);
  }
  Result<std::unique_ptr<FileLock>> lock(std::string_view name) override {
    NX_TRY_DO(check(name));
    const int file = nx_path_lock(name.data(), size_of(name));
    if (file < 0) return failure(file, name);
    return std::unique_ptr<FileLock>(std::make_unique<JsLock>(file));
  }

 private:
  static Result<> check(std::string_view path) {
    if (is_valid_path(path)) return Done{};
    return Error{ErrorCode::InvalidArgument, "'" + std::string(path) + "' is not a path"};
  }
};

// Entries arrive as: is_directory u8, bytes f64, name text; sorted by name.
Result<std::vector<DirectoryEntry>> JsVfs::list(std::string_view directory) {
  const int count = nx_path_list(directory.data(), size_of(directory));
  if (count < 0) return failure(count, directory);
  Bytes bytes(static_cast<std::size_t>(count));
  nx_list_take(bytes.data());
  ByteReader in(bytes);
  std::vector<DirectoryEntry> entries;
  while (!in.at_end()) {
    DirectoryEntry entry;
    NX_TRY(const std::uint8_t is_directory, in.u8());
    NX_TRY(const double size, in.f64());
    NX_TRY(const std::string_view name, in.text());
    entry.is_directory = is_directory != 0;
    entry.bytes = static_cast<std::uint64_t>(size);
    entry.name = std::string(name);
    entries.push_back(std::move(entry));
  }
  return entries;
}

class JsClock final : public Clock {
 public:
  std::int64_t wall_nanoseconds() override { return static_cast<std::int64_t>(nx_wall_clock() * 1e3) * 1'000; }
  std::int64_t monotonic_nanoseconds() override { return static_cast<std::int64_t>(nx_steady_clock() * 1e6); }
};

class JsRandom final : public Random {
 public:
  std::uint64_t next() override {
    const auto high = static_cast<std::uint64_t>(nx_random());
    return high << 32 | static_cast<std::uint64_t>(nx_random());
  }
};

class JsLog final : public Log {
 public:
  void write(LogLevel level, std::string_view message) override {
    if (level < LogLevel::Warning) return;
    std::fprintf(stderr, "%.*s\n", size_of(message), message.data());
  }
};

}  // namespace

std::unique_ptr<Vfs> make_js_vfs() { return std::make_unique<JsVfs>(); }
std::unique_ptr<Clock> make_js_clock() { return std::make_unique<JsClock>(); }
std::unique_ptr<Random> make_js_random() { return std::make_unique<JsRandom>(); }
std::unique_ptr<Log> make_js_log() { return std::make_unique<JsLog>(); }

}  // namespace nexus::wasm
