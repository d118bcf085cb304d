// What administration costs in syncs, the unit that matters on a disk.
#include "tests/support/catch.h"
#include "tests/support/test_instance.h"
#include "vfs/fault_vfs.h"

using namespace nexus;

namespace {

struct Fixture {
  Fixture() : instance(test::must(Instance::open({}, {vfs, clock, random, scheduler, log}))) {}

  // Replacing a file syncs it and its folder.
  std::size_t syncs(const std::string& statement) {
    const auto session = test::must(instance->open_session(Identity{"tester"}));
    vfs.trace(true);
    test::must(query(*session, statement));
    const auto lines = vfs.take_trace();
    vfs.trace(false);
    std::size_t count = 0;
    for (const std::string& line : lines) {
      UNSCOPED_INFO(line);
      if (line.starts_with("sync")) ++count;
      if (line.starts_with("replace") || line.starts_with("truncate")) count += 2;
    }
    return count;
  }

  vfs::MemoryVfs files;
  vfs::FaultVfs vfs{files};
  test::FakeClock clock;
  test::SeededRandom random;
  test::InlineScheduler scheduler;
  test::QuietLog log;
  std::unique_ptr<Instance> instance;
};

TEST_CASE("Creating, renaming and dropping a database cost at most two syncs", "[instance][syncs]") {
  Fixture fixture;
  CHECK(fixture.syncs("CREATE DATABASE first") <= 2);
  CHECK(fixture.syncs("ALTER DATABASE first RENAME TO second") <= 2);
  CHECK(fixture.syncs("CREATE ALIAS third FOR DATABASE second") <= 2);
  CHECK(fixture.syncs("STOP DATABASE second") <= 2);
  CHECK(fixture.syncs("DROP DATABASE second CASCADE ALIASES") <= 2);
}

TEST_CASE("A temporary database costs no sync, nor does a read", "[instance][syncs]") {
  Fixture fixture;
  CHECK(fixture.syncs("CREATE TEMPORARY DATABASE short TTL 60 SECONDS") == 0);
  CHECK(fixture.syncs("USE short CREATE (:N)") == 0);
  CHECK(fixture.syncs("DROP DATABASE short") == 0);
  fixture.syncs("CREATE DATABASE kept");
  CHECK(fixture.syncs("USE kept MATCH (n) RETURN n") == 0);
}

}  // namespace
