#include "instance/database_manager.h"

#include "tests/support/catch.h"
#include "tests/support/components.h"
#include "vfs/memory_vfs.h"

using namespace nexus;
using namespace nexus::instance;

namespace {

const Identity kTester{"tester"};

struct World {
  explicit World(InstanceSettings chosen = quick()) : settings(std::move(chosen)) { start(); }
  static InstanceSettings quick() {
    InstanceSettings settings;
    settings.stop_grace_ms = 20;
    settings.trash_seconds = 0;
    return settings;
  }
  void start() {
    environment = std::make_unique<Environment>(settings, Components{vfs, clock, random, scheduler, log});
    auto opened = DatabaseManager::open(*environment);
    REQUIRE(opened.has_value());
    manager = std::move(*opened);
  }
  void restart() {
    REQUIRE(manager->close().has_value());
    manager.reset();
    start();
  }
  ErrorCode create(std::string_view name, bool if_not_exists = false, bool or_replace = false) {
    CreateRequest request;
    request.name = name;
    request.if_not_exists = if_not_exists;
    request.or_replace = or_replace;
    return code(manager->create(kTester, request));
  }
  template <class T>
  static ErrorCode code(const Result<T>& result) {
    return result ? ErrorCode::Internal : result.error().code;  // Internal stands for success.
  }
  std::shared_ptr<Work> enter(std::string_view name) {
    auto target = manager->find(kTester, name, right::kAccess);
    REQUIRE(target.has_value());
    auto work = manager->enter(*target);
    REQUIRE(work.has_value());
    return *work;
  }
  // One committed node.
  void write(std::string_view name) {
    const auto work = enter(name);
    const std::lock_guard guard(work->mutex);
    auto transaction = work->store().begin_write();
    REQUIRE(transaction.has_value());
    REQUIRE((*transaction)->create_node({}, {}).has_value());
    REQUIRE((*transaction)->commit().has_value());
    transaction->reset();
    work->end();
    manager->committed(work->shared_database());
  }
  std::uint64_t count(std::string_view name) {
    const auto work = enter(name);
    const std::lock_guard guard(work->mutex);
    const std::uint64_t nodes = work->store().begin_read()->node_count();
    work->end();
    return nodes;
  }
  DatabaseInfo info(std::string_view name) {
    auto found = manager->info(kTester, name);
    REQUIRE(found.has_value());
    return *found;
  }
  std::size_t folders() { return vfs.list("db")->size(); }

  InstanceSettings settings;
  vfs::MemoryVfs vfs;
  test::FakeClock clock;
  test::SeededRandom random;
  test::InlineScheduler scheduler;
  test::QuietLog log;
  std::unique_ptr<Environment> environment;
  std::unique_ptr<DatabaseManager> manager;
};

constexpr ErrorCode kOk = ErrorCode::Internal;

}  // namespace

TEST_CASE("a new database has no files until its first commit, and none after its drop") {
  World world;
  CHECK(world.create("red") == kOk);
  CHECK(world.count("red") == 0);
  CHECK(world.folders() == 0);
  world.write("red");
  CHECK(world.folders() == 1);
  CHECK(World::code(world.manager->drop(kTester, "RED", false)) == kOk);
  CHECK(world.folders() == 0);
  CHECK(World::code(world.manager->drop(kTester, "red", false)) == ErrorCode::NoSuchDatabase);
  CHECK(*world.manager->drop(kTester, "red", true) == 0);
}

TEST_CASE("databases do not see each other, and survive a restart") {
  World world;
  CHECK(world.create("red") == kOk);
  CHECK(world.create("blue") == kOk);
  world.write("red");
  world.write("red");
  world.write("blue");
  CHECK(world.count("red") == 2);
  CHECK(world.count("blue") == 1);
  world.restart();
  CHECK(world.info("red").node_count == 2);  // Without opening it.
  CHECK(world.environment->open_databases == 0);
  CHECK(world.count("red") == 2);
  CHECK(world.count("blue") == 1);
}

TEST_CASE("creating follows IF NOT EXISTS and OR REPLACE") {
  World world;
  CHECK(world.create("red") == kOk);
  CHECK(world.create("Red") == ErrorCode::DatabaseExists);
  CHECK(world.create("red", true) == kOk);
  world.write("red");
  const std::string uuid = world.info("red").uuid;
  CHECK(world.create("red", false, true) == kOk);
  CHECK(world.info("red").uuid != uuid);
  CHECK(world.count("red") == 0);
  CHECK(world.folders() == 0);
  CHECK(world.create("system", false, true) == ErrorCode::SystemDatabaseImmutable);
  CHECK(world.create("system") == ErrorCode::InvalidDatabaseName);
}

TEST_CASE("the number of databases is limited") {
  InstanceSettings settings = World::quick();
  settings.databases_max = 2;
  World world(settings);
  CHECK(world.create("red") == kOk);
  CHECK(world.create("blue") == ErrorCode::DatabaseLimitReached);
  CHECK(World::code(world.manager->drop(kTester, "red", false)) == kOk);
  CHECK(world.create("blue") == kOk);
}

TEST_CASE("stop ends running work, start brings the data back, both survive a restart") {
  World world;
  CHECK(world.create("red") == kOk);
  world.write("red");
  const auto reader = world.enter("red");
  {
    const std::lock_guard guard(reader->mutex);
    REQUIRE(reader->begin_statement(0, 0).has_value());
    reader->transaction = reader->store().begin_read();
  }
  CHECK(*world.manager->stop(kTester, "red") == 1);
  {
    const std::lock_guard guard(reader->mutex);
    CHECK(reader->has_ended());
    CHECK(reader->transaction == nullptr);
    CHECK(reader->ended_error().code == ErrorCode::DatabaseUnavailable);
  }
  CHECK(*world.manager->stop(kTester, "red") == 0);
  CHECK(World::code(world.manager->find(kTester, "red", right::kAccess)) == ErrorCode::DatabaseUnavailable);
  CHECK(world.info("red").current_status == "offline");
  CHECK(world.info("red").node_count == 1);
  world.restart();
  CHECK(World::code(world.manager->find(kTester, "red", right::kAccess)) == ErrorCode::DatabaseUnavailable);
  CHECK(*world.manager->start(kTester, "red") == 1);
  CHECK(*world.manager->start(kTester, "red") == 0);
  CHECK(world.count("red") == 1);
}

TEST_CASE("a work outlives the drop of its database, but its transaction does not") {
  World world;
  CHECK(world.create("red") == kOk);
  const auto work = world.enter("red");
  CHECK(World::code(world.manager->drop(kTester, "red", false)) == kOk);
  const std::lock_guard guard(work->mutex);
  CHECK(work->has_ended());
  CHECK(work->begin_statement(0, 0).error().code == ErrorCode::DatabaseUnavailable);
}

TEST_CASE("renaming keeps data and uuid and frees the old name") {
  World world;
  CHECK(world.create("red") == kOk);
  CHECK(world.create("blue") == kOk);
  world.write("red");
  const std::string uuid = world.info("red").uuid;
  AlterRequest request;
  request.name = "red";
  request.new_name = "blue";
  CHECK(World::code(world.manager->alter(kTester, request)) == ErrorCode::DatabaseExists);
  request.new_name = "Green";
  CHECK(World::code(world.manager->alter(kTester, request)) == kOk);
  CHECK(World::code(world.manager->find(kTester, "red", right::kAccess)) == ErrorCode::DatabaseNotFound);
  CHECK(world.info("green").uuid == uuid);
  CHECK(world.count("green") == 1);
  world.restart();
  CHECK(world.count("green") == 1);
  CHECK(world.create("red") == kOk);
  request.name = "neo4j";
  request.new_name = "other";
  CHECK(World::code(world.manager->alter(kTester, request)) == ErrorCode::DefaultDatabaseImmutable);
}

TEST_CASE("idle databases are unloaded, the least recently used first, and count on") {
  InstanceSettings settings = World::quick();
  settings.open_databases_max = 4;
  World world(settings);
  for (int i = 0; i < 20; ++i) {
    const std::string name = "tenant-" + std::to_string(i);
    CHECK(world.create(name) == kOk);
    world.write(name);
    CHECK(world.environment->open_databases <= 4);
  }
  for (int i = 0; i < 20; ++i) CHECK(world.info("tenant-" + std::to_string(i)).node_count == 1);
  world.manager->unload_idle(0);
  CHECK(world.environment->open_databases == 0);
  CHECK(world.count("tenant-7") == 1);
}

TEST_CASE("a database in use is never unloaded") {
  World world;
  const auto work = world.enter("neo4j");
  world.manager->unload_idle(0);
  CHECK(world.environment->open_databases == 1);
  const std::lock_guard guard(work->mutex);
  work->end();
  world.manager->unload_idle(0);
  CHECK(world.environment->open_databases == 0);
}

TEST_CASE("listing is sorted, filtered and paged") {
  World world;
  for (const char* name : {"zoo", "alpha", "alpine", "beta"}) CHECK(world.create(name) == kOk);
  const auto names = [&](DatabaseFilter filter) {
    std::string all;
    for (const DatabaseInfo& info : world.manager->list(kTester, filter)) all += info.name + " ";
    return all;
  };
  CHECK(names({}) == "alpha alpine beta neo4j system zoo ");
  CHECK(names({"al", "", "", 0}) == "alpha alpine ");
  CHECK(names({"", "", "beta", 2}) == "neo4j system ");
  CHECK(names({"", "", "neo4j", 1}) == "system ");
  CHECK(names({"", "", "system", 9}) == "zoo ");
  CHECK(World::code(world.manager->stop(kTester, "beta")) == kOk);
  CHECK(names({"", "offline", "", 0}) == "beta ");
  CHECK(names({"", "online", "", 2}) == "alpha alpine ");
  CHECK(world.manager->list(Identity{}, {}).empty());
}

TEST_CASE("the default database can be stopped, not dropped; the system database neither") {
  World world;
  CHECK(World::code(world.manager->drop(kTester, "neo4j", true)) == ErrorCode::DefaultDatabaseImmutable);
  CHECK(World::code(world.manager->stop(kTester, "neo4j")) == kOk);
  CHECK(World::code(world.manager->drop(kTester, "system", true)) == ErrorCode::SystemDatabaseImmutable);
  CHECK(World::code(world.manager->stop(kTester, "system")) == ErrorCode::SystemDatabaseImmutable);
  CHECK(World::code(world.manager->start(kTester, "nowhere")) == ErrorCode::NoSuchDatabase);
}

TEST_CASE("a request without a user is refused everywhere") {
  World world;
  const Identity nobody;
  CHECK(World::code(world.manager->find(nobody, "neo4j", right::kAccess)) == ErrorCode::Forbidden);
  CHECK(World::code(world.manager->find(nobody, "system", right::kAccess)) == ErrorCode::Forbidden);
  CHECK(World::code(world.manager->drop(nobody, "neo4j", false)) == ErrorCode::Forbidden);
  CHECK(World::code(world.manager->stop(nobody, "neo4j")) == ErrorCode::Forbidden);
  CreateRequest request;
  request.name = "red";
  CHECK(World::code(world.manager->create(nobody, request)) == ErrorCode::Forbidden);
}

TEST_CASE("a folder that no row names goes at the next start, others stay") {
  World world;
  CHECK(world.create("red") == kOk);
  world.write("red");
  const Bytes bytes{1, 2, 3};
  REQUIRE(world.vfs.replace("db/00112233-4455-4677-8899-aabbccddeeff/log", ByteView(bytes)).has_value());
  REQUIRE(world.vfs.replace("db/notes/readme", ByteView(bytes)).has_value());
  CHECK(world.folders() == 3);
  world.restart();
  CHECK(world.folders() == 2);
  CHECK(world.count("red") == 1);
}

TEST_CASE("a damaged database says so and stops nobody else") {
  World world;
  CHECK(world.create("red") == kOk);
  CHECK(world.create("blue") == kOk);
  world.write("red");
  world.write("blue");
  world.manager->unload_idle(0);
  const std::string folder = "db/" + world.info("red").uuid;
  const auto files = world.vfs.list(folder);
  REQUIRE((files.has_value() && !files->empty()));
  for (const DirectoryEntry& file : *files) {
    Bytes bytes = world.vfs.contents(folder + "/" + file.name);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] ^= 0x5A;
    world.vfs.set_contents(folder + "/" + file.name, bytes);
  }
  auto target = world.manager->find(kTester, "red", right::kAccess);
  REQUIRE(target.has_value());
  CHECK(World::code(world.manager->enter(*target)) == ErrorCode::DatabaseFailed);
  CHECK(world.info("red").current_status == "dirty");
  CHECK(!world.info("red").status_message.empty());
  CHECK(world.count("blue") == 1);
  CHECK(World::code(world.manager->drop(kTester, "red", false)) == kOk);
  CHECK(world.create("red") == kOk);
  CHECK(world.count("red") == 0);
}
