// The model of files itself: what a crash may take and what it must leave.
#include "base/crc32c.h"
#include "base/hash.h"
#include "nexus/vfs.h"
#include "tests/support/catch.h"
#include "vfs/fault_vfs.h"
#include "vfs/file_stores.h"
#include "vfs/memory_vfs.h"
#include "vfs/prefix_vfs.h"

using namespace nexus;
using namespace nexus::vfs;

namespace {

MemoryVfs::Dice dice(std::uint64_t seed) {
  return [seed]() mutable { return mix64(++seed); };
}

void write(Vfs& files, std::string_view path, std::string_view text, bool syncs) {
  auto file = std::move(*files.open(path, OpenMode::Append));
  REQUIRE(file->append(as_bytes(text)).has_value());
  if (syncs) REQUIRE(file->sync().has_value());
}

std::string read(Vfs& files, std::string_view path) {
  const auto bytes = read_file(files, path, 1000000);
  return bytes ? std::string(as_text(*bytes)) : "(missing)";
}

}  // namespace

TEST_CASE("crc32c has the published values, with and without the instruction") {
  CHECK(crc32c(as_bytes("123456789")) == 0xE3069283u);
  CHECK(crc32c(Bytes(32, 0)) == 0x8A9136AAu);
  Bytes bytes;
  for (int i = 0; i < 300; ++i) {
    CHECK(crc32c(bytes) == crc32c_portable(bytes));
    const std::size_t half = bytes.size() / 3;
    CHECK(crc32c(ByteView(bytes).subspan(half), crc32c(ByteView(bytes).first(half))) == crc32c(bytes));
    bytes.push_back(static_cast<std::uint8_t>(mix64(static_cast<std::uint64_t>(i))));
  }
}

TEST_CASE("paths that could lead out are not valid") {
  for (const char* good : {"a", "db/1/MANIFEST", "a.b", "..a", "a..", "log-1"}) CHECK(is_valid_path(good));
  for (const char* bad : {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/./b", "a\\b"}) {
    CHECK_FALSE(is_valid_path(bad));
  }
  CHECK_FALSE(is_valid_path(std::string_view("a\0b", 3)));
  CHECK_FALSE(is_valid_path(std::string(2000, 'a')));
}

TEST_CASE("in every style a crash leaves what was synced and nothing that was never written in front of it") {
  for (unsigned style = 0; style < kCrashStyles; ++style) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      MemoryVfs files;
      write(files, "folder/kept", "synced ", true);
      REQUIRE(files.sync_directory("folder").has_value());
      write(files, "folder/kept", std::string(2000, 'u'), false);
      write(files, "folder/unnamed", "synced, but its name is not", true);
      REQUIRE(files.replace("folder/blob", as_bytes("old")).has_value());
      REQUIRE(files.replace("folder/blob", as_bytes("new")).has_value());
      files.crash(static_cast<CrashStyle>(style), dice(seed));
      CHECK(read(files, "folder/kept").substr(0, 7) == "synced ");
      CHECK(read(files, "folder/kept").size() <= 2007);
      CHECK(read(files, "folder/blob") == "new");
      const std::string unnamed = read(files, "folder/unnamed");
      CHECK((unnamed == "(missing)" || unnamed == "synced, but its name is not"));
      if (style == 0) CHECK(read(files, "folder/kept") == "synced ");
      if (style == 0) CHECK(unnamed == "(missing)");
    }
  }
}

TEST_CASE("a removed file may come back until its folder is synced, an open one is useless after a crash") {
  MemoryVfs files;
  write(files, "a", "text", true);
  REQUIRE(files.sync_directory("").has_value());
  const auto open = std::move(*files.open("a", OpenMode::Append));
  REQUIRE(files.remove("a").has_value());
  CHECK(read(files, "a") == "(missing)");
  files.crash(CrashStyle::LoseUnsynced, dice(1));
  CHECK(read(files, "a") == "text");
  CHECK(open->append(as_bytes("x")).error().code == ErrorCode::IoError);
  REQUIRE(files.remove("a").has_value());
  REQUIRE(files.sync_directory("").has_value());
  files.crash(CrashStyle::LoseUnsynced, dice(1));
  CHECK(read(files, "a") == "(missing)");
}

TEST_CASE("folders are listed, removed as a whole, and closed to other databases") {
  MemoryVfs files;
  PrefixVfs one(files, "db/one");
  PrefixVfs two(files, "db/two");
  write(one, "log", "1", true);
  write(one, "sub/deep", "2", true);
  write(two, "log", "other", true);
  CHECK(one.list("")->size() == 2);
  CHECK((*one.list(""))[1].is_directory);
  CHECK(files.list("db")->size() == 2);
  CHECK(one.open("../two/log", OpenMode::Read).error().code == ErrorCode::InvalidArgument);
  CHECK(one.list("..").error().code == ErrorCode::InvalidArgument);
  CHECK(one.remove_tree("../two").error().code == ErrorCode::InvalidArgument);
  REQUIRE(files.remove_tree("db/one").has_value());
  CHECK(one.list("")->empty());
  CHECK(read(two, "log") == "other");
  const auto lock = one.lock("LOCK");
  CHECK(one.lock("LOCK").error().code == ErrorCode::FileLocked);
  CHECK(two.lock("LOCK").has_value());
}

TEST_CASE("the n-th operation fails, once; after a crash everything does") {
  MemoryVfs files;
  FaultVfs faulty(files, {FaultKind::Fail, 2, ErrorCode::DiskFull, 0, false});
  faulty.trace(true);
  auto file = std::move(*faulty.open("f", OpenMode::Append));
  CHECK(file->append(as_bytes("abc")).error().code == ErrorCode::DiskFull);
  CHECK(file->append(as_bytes("def")).has_value());
  CHECK(read(files, "f") == "def");
  CHECK(faulty.take_trace() == std::vector<std::string>{"create f", "append f", "append f"});
  faulty.arm({FaultKind::Crash, 1, ErrorCode::IoError, 5, false});
  CHECK_FALSE(file->append(as_bytes("ghi")).has_value());
  CHECK(read(files, "f") == "defgh");  // 5 / 2 % 4 bytes of it were written.
  CHECK_FALSE(file->sync().has_value());
  CHECK_FALSE(faulty.list("").has_value());
}

TEST_CASE("the log and blob stores on files keep one file open at most and forget it on request") {
  MemoryVfs files;
  FileLogStore logs(files);
  FileBlobStore blobs(files);
  REQUIRE(logs.create("log-1", as_bytes("head")).has_value());
  CHECK_FALSE(logs.create("log-1", as_bytes("head")).has_value());
  REQUIRE(logs.append("log-1", as_bytes(" tail")).has_value());
  CHECK(logs.sync("log-1")->is_durable());
  logs.release_handles();
  REQUIRE(logs.append("log-1", as_bytes("!")).has_value());
  Bytes out(100);
  CHECK(*logs.read("log-1", 5, out) == 5);
  CHECK(*logs.size("log-1") == 10);
  REQUIRE(logs.truncate("log-1", 4).has_value());
  REQUIRE(blobs.put("MANIFEST", as_bytes("m")).has_value());
  CHECK(logs.list()->size() == 1);
  CHECK(as_text(*blobs.get("MANIFEST")) == "m");
  CHECK(blobs.get("none").error().code == ErrorCode::FileNotFound);
  CHECK(logs.remove("log-1").has_value());
  CHECK(logs.remove("log-1").has_value());
}
