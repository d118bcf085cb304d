#include "host-native/vfs/posix_vfs.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include "tests/support/catch.h"

namespace nexus::host {
namespace {

struct Folder {
  Folder() {
    char pattern[] = "/tmp/nexus-vfs-XXXXXX";
    REQUIRE(mkdtemp(pattern) != nullptr);
    path = std::string(pattern) + "/deep/data";
    top = pattern;
    auto opened = PosixVfs::open_root(path);
    REQUIRE(opened.has_value());
    vfs = std::move(*opened);
  }
  ~Folder() { std::filesystem::remove_all(top); }
  std::string top, path;
  std::unique_ptr<PosixVfs> vfs;
};

std::string content(Vfs& vfs, std::string_view path) {
  auto file = vfs.open(path, OpenMode::Read);
  REQUIRE(file.has_value());
  std::string text(100, '\0');
  auto got = (*file)->read_at(0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  REQUIRE(got.has_value());
  text.resize(*got);
  return text;
}

TEST_CASE("the root is created for its owner alone") {
  Folder folder;
  struct stat status {};
  REQUIRE(stat(folder.path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("appended bytes are read back at any offset, short at the end") {
  Folder folder;
  auto file = folder.vfs->open("db/a/log", OpenMode::Append);
  REQUIRE(file.has_value());
  REQUIRE((*file)->append(as_bytes("hello ")).has_value());
  REQUIRE((*file)->append(as_bytes("world")).has_value());
  REQUIRE((*file)->sync().has_value());
  CHECK(*(*file)->size() == 11);
  std::uint8_t bytes[8];
  CHECK(*(*file)->read_at(6, bytes) == 5);
  CHECK(as_text({bytes, 5}) == "world");
  CHECK(*(*file)->read_at(50, bytes) == 0);
  auto again = folder.vfs->open("db/a/log", OpenMode::Append);
  REQUIRE((*again)->append(as_bytes("!")).has_value());
  CHECK(content(*folder.vfs, "db/a/log") == "hello world!");
  REQUIRE(folder.vfs->sync_directory("db/a").has_value());
}

TEST_CASE("the open modes differ in what they make of a missing or present file") {
  Folder folder;
  CHECK(folder.vfs->open("nothing", OpenMode::Read).error().code == ErrorCode::FileNotFound);
  CHECK(folder.vfs->open("no/thing", OpenMode::Read).error().code == ErrorCode::FileNotFound);
  CHECK(folder.vfs->open("new", OpenMode::CreateNew).has_value());
  CHECK(folder.vfs->open("new", OpenMode::CreateNew).error().code == ErrorCode::InvalidArgument);
}

TEST_CASE("a replacement leaves the new bytes and no trace of itself") {
  Folder folder;
  REQUIRE(folder.vfs->replace("a/b", as_bytes("one")).has_value());
  REQUIRE(folder.vfs->replace("a/b", as_bytes("three")).has_value());
  CHECK(content(*folder.vfs, "a/b") == "three");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path + "/a"), {}) == 1);
}

TEST_CASE("an unfinished replacement is not listed") {
  Folder folder;
  REQUIRE(folder.vfs->replace("x", as_bytes("1")).has_value());
  REQUIRE(folder.vfs->replace("folder/y", as_bytes("22")).has_value());
  std::filesystem::copy_file(folder.path + "/x", folder.path + "/.tmp-x");
  auto entries = folder.vfs->list("");
  REQUIRE(entries.has_value());
  REQUIRE(entries->size() == 2);
  CHECK((*entries)[0].name == "folder");
  CHECK((*entries)[0].is_directory);
  CHECK((*entries)[1].name == "x");
  CHECK((*entries)[1].bytes == 1);
  CHECK(folder.vfs->list("nowhere")->empty());
  CHECK(folder.vfs->list("")->size() == 2);
}

TEST_CASE("files are cut, renamed and removed") {
  Folder folder;
  REQUIRE(folder.vfs->replace("a", as_bytes("12345")).has_value());
  REQUIRE(folder.vfs->truncate_durably("a", 2).has_value());
  CHECK(content(*folder.vfs, "a") == "12");
  REQUIRE(folder.vfs->rename("a", "b/c").has_value());
  CHECK_FALSE(*folder.vfs->exists("a"));
  CHECK(*folder.vfs->exists("b/c"));
  REQUIRE(folder.vfs->remove("b/c").has_value());
  CHECK(folder.vfs->remove("b/c").error().code == ErrorCode::FileNotFound);
  REQUIRE(folder.vfs->replace("b/d/e", as_bytes("")).has_value());
  REQUIRE(folder.vfs->remove_tree("b").has_value());
  CHECK_FALSE(*folder.vfs->exists("b"));
  CHECK(folder.vfs->remove_tree("b").has_value());
}

TEST_CASE("no path leads out of the root") {
  Folder folder;
  for (const char* path : {"../x", "/etc/passwd", "a/../../x", "a//b", ".", "", "a\\b"}) {
    CHECK(folder.vfs->open(path, OpenMode::Append).error().code == ErrorCode::InvalidArgument);
  }
  std::filesystem::create_directory_symlink("/etc", folder.path + "/link");
  std::filesystem::create_symlink("/etc/hostname", folder.path + "/file");
  CHECK_FALSE(folder.vfs->open("link/hostname", OpenMode::Read).has_value());
  CHECK_FALSE(folder.vfs->open("file", OpenMode::Read).has_value());
  CHECK_FALSE(folder.vfs->open("file", OpenMode::Append).has_value());
  CHECK_FALSE(folder.vfs->list("link").has_value());
}

TEST_CASE("removing a tree removes links, not what they point to") {
  Folder folder;
  std::filesystem::create_directory(folder.top + "/outside");
  { REQUIRE(folder.vfs->replace("tree/a", as_bytes("1")).has_value()); }
  std::filesystem::create_directory_symlink(folder.top + "/outside", folder.path + "/tree/link");
  REQUIRE(folder.vfs->remove_tree("tree").has_value());
  CHECK(std::filesystem::exists(folder.top + "/outside"));
}

TEST_CASE("a lock excludes every other holder until it is dropped") {
  Folder folder;
  auto lock = folder.vfs->lock("lock");
  REQUIRE(lock.has_value());
  CHECK(folder.vfs->lock("lock").error().code == ErrorCode::FileLocked);
  auto other = PosixVfs::open_root(folder.path);
  CHECK((*other)->lock("lock").error().code == ErrorCode::FileLocked);
  (*lock).reset();
  CHECK(folder.vfs->lock("lock").has_value());
}

TEST_CASE("concurrent replacements of one file leave one of them whole") {
  Folder folder;
  std::vector<std::thread> threads;
  for (char letter = 'a'; letter < 'e'; ++letter) {
    threads.emplace_back([&folder, letter] {
      for (int i = 0; i < 20; ++i) (void)folder.vfs->replace("same", as_bytes(std::string(50, letter))).has_value();
    });
  }
  for (auto& thread : threads) thread.join();
  const std::string text = content(*folder.vfs, "same");
  CHECK(text == std::string(50, text.at(0)));
}

TEST_CASE("no room for more bytes is told apart from a broken disk") {
  Folder folder;
  auto file = folder.vfs->open("big", OpenMode::Append);
  REQUIRE(file.has_value());
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 4;
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto appended = (*file)->append(as_bytes("123456"));
  setrlimit(RLIMIT_FSIZE, &before);
  REQUIRE_FALSE(appended.has_value());
  CHECK(appended.error().code == ErrorCode::DiskFull);
}

}  // namespace
}  // namespace nexus::host
