// A data directory with the files of one database at its top, and a crash at each step of taking it over.
#include "tests/support/catch.h"
#include "tests/support/test_instance.h"
#include "vfs/fault_vfs.h"

using namespace nexus;

namespace {

struct Pieces {
  test::FakeClock clock;
  test::SeededRandom random;
  test::InlineScheduler scheduler;
  test::QuietLog log;
  Result<std::unique_ptr<Instance>> open(Vfs& vfs, InstanceSettings settings = {}) {
    return Instance::open(std::move(settings), {vfs, clock, random, scheduler, log});
  }
};

Table run(Instance& instance, std::string_view statement, std::string_view database = {}) {
  const auto session = test::must(instance.open_session(Identity{"tester"}, database));
  return test::must(query(*session, statement));
}

// The files of one database with `count` nodes, at the top of `to`.
void put_single_database(vfs::MemoryVfs& to, int count) {
  vfs::MemoryVfs from;
  Pieces pieces;
  const auto instance = test::must(pieces.open(from));
  run(*instance, "UNWIND range(1, " + std::to_string(count) + ") AS i CREATE (:N {i: i})");
  test::must(instance->close());
  const auto folders = test::must(from.list("db"));
  REQUIRE(folders.size() == 1);
  const std::string folder = "db/" + folders[0].name;
  for (const DirectoryEntry& file : test::must(from.list(folder))) {
    to.set_contents(file.name, from.contents(folder + "/" + file.name));
  }
  REQUIRE(test::must(to.exists("MANIFEST")));
}

std::int64_t count_nodes(Instance& instance, std::string_view database = {}) {
  return run(instance, "MATCH (n:N) RETURN count(n) AS c", database).rows.at(0).at(0).integer();
}

std::vector<std::string> names_at_top(Vfs& vfs) {
  std::vector<std::string> names;
  for (const DirectoryEntry& entry : test::must(vfs.list(""))) {
    if (!entry.is_directory) names.push_back(entry.name);
  }
  return names;
}

}  // namespace

TEST_CASE("the files of a single database become the default database", "[instance][adoption]") {
  vfs::MemoryVfs files;
  put_single_database(files, 25);
  Pieces pieces;
  InstanceSettings settings;
  settings.default_database = "shop";
  auto instance = test::must(pieces.open(files, settings));
  CHECK(count_nodes(*instance) == 25);
  CHECK(count_nodes(*instance, "shop") == 25);
  run(*instance, "CREATE DATABASE other");
  CHECK(count_nodes(*instance, "other") == 0);
  run(*instance, "CREATE (:N)");
  test::must(instance->close());
  instance.reset();
  CHECK(names_at_top(files).empty());
  instance = test::must(pieces.open(files));
  CHECK(count_nodes(*instance) == 26);
}

TEST_CASE("files at the top of an instance that has databases are left alone", "[instance][adoption]") {
  const bool is_own_copy = GENERATE(false, true);
  CAPTURE(is_own_copy);
  vfs::MemoryVfs files;
  Pieces pieces;
  if (!is_own_copy) pieces.random.next();
  auto instance = test::must(pieces.open(files));
  run(*instance, "CREATE (:N)");
  test::must(instance->close());
  instance.reset();
  put_single_database(files, 25);
  const Bytes manifest = files.contents("MANIFEST");
  instance = test::must(pieces.open(files));
  CHECK(count_nodes(*instance) == 1);
  CHECK(files.contents("MANIFEST") == manifest);
  CHECK(names_at_top(files).size() >= 2);
}

TEST_CASE("a damaged single database does not start an empty instance in its place", "[instance][adoption]") {
  vfs::MemoryVfs files;
  put_single_database(files, 25);
  Bytes manifest = files.contents("MANIFEST");
  manifest[20] ^= 1;
  files.set_contents("MANIFEST", manifest);
  Pieces pieces;
  const auto instance = pieces.open(files);
  REQUIRE_FALSE(instance.has_value());
  CHECK(instance.error().code == ErrorCode::Corruption);
  CHECK(test::must(files.list("system")).empty());
}

TEST_CASE("the folder of a system database is no data directory", "[instance][adoption]") {
  vfs::MemoryVfs whole, files;
  Pieces pieces;
  test::must(test::must(pieces.open(whole))->close());
  for (const DirectoryEntry& file : test::must(whole.list("system"))) {
    files.set_contents(file.name, whole.contents("system/" + file.name));
  }
  const auto instance = pieces.open(files);
  REQUIRE_FALSE(instance.has_value());
  CHECK(instance.error().code == ErrorCode::InvalidArgument);
}

TEST_CASE("a crash while a single database is taken over loses nothing", "[instance][adoption]") {
  for (unsigned style = 0; style < vfs::kCrashStyles; ++style) {
    for (std::uint64_t at = 1;; ++at) {
      CAPTURE(style, at);
      vfs::MemoryVfs files;
      put_single_database(files, 5);
      Pieces pieces;
      vfs::FaultVfs faulty(files, {vfs::FaultKind::Crash, at, ErrorCode::IoError, at * 7919 + style, false});
      const bool is_done = [&] {
        auto instance = pieces.open(faulty);
        return instance.has_value() && !faulty.has_struck();
      }();
      files.crash(static_cast<vfs::CrashStyle>(style), [&] { return pieces.random.next(); });
      auto instance = test::must(pieces.open(files));
      CHECK(count_nodes(*instance) == 5);
      run(*instance, "CREATE (:N)");
      test::must(instance->close());
      instance.reset();
      instance = test::must(pieces.open(files));
      CHECK(count_nodes(*instance) == 6);
      CHECK(run(*instance, "SHOW DATABASES", "system").rows.size() == 2);
      if (is_done) break;
    }
  }
}
