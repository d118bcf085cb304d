// What administration costs in syncs, the unit that matters on a disk.
#include "tests/support/catch.h"
#include "tests/support/test_instance.h"
#include "vfs/fault_vfs.h"

using namespace nexus;

namespace {

struct Fixture {
  Fixture() : instance(test::must(Instance::open({}, {vfs, clock, random, scheduler, log}))) {}

  std::size_t syncs(const std::string& statement) {
    const auto session = test::must(instance->open_session(Identity{"tester"}));
    return syncs(*session, statement);
  }
  // Replacing a file syncs it and its folder.
  std::size_t syncs(Session& session, const std::string& statement) {
    vfs.trace(true);
    test::must(query(session, statement));
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

TEST_CASE("A transaction of many commands costs as much as one of them", "[instance][syncs]") {
  Fixture fixture;
  fixture.syncs("CREATE DATABASE old");
  const auto session = test::must(fixture.instance->open_session(Identity{"tester"}, "system"));
  CHECK(fixture.syncs(*session, "BEGIN") == 0);
  for (int i = 0; i < 10; ++i) {
    const std::string name = "name" + std::to_string(i);
    CHECK(fixture.syncs(*session, "CREATE DATABASE " + name) == 0);
    CHECK(fixture.syncs(*session, "CREATE ALIAS also" + name + " FOR DATABASE " + name) == 0);
  }
  CHECK(fixture.syncs(*session, "DROP DATABASE old") == 0);
  CHECK(fixture.syncs(*session, "COMMIT") <= 2);
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
