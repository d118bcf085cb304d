// Copies, temporary databases, the trash, dumps: through the public Instance.
#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/test_instance.h"
#include "value/text.h"

using namespace nexus;
using nexus::test::TestInstance;

namespace {

const Identity kTester{"tester"};

InstanceSettings quick() {
  InstanceSettings settings;
  settings.stop_grace_ms = 10;
  return settings;
}

// The first cell, or the name of the error; "" without rows.
std::string run(Session& session, std::string_view text) {
  const auto table = query(session, text);
  if (!table) return std::string(error_name(table.error().code));
  return table->rows.empty() ? std::string() : to_text(table->rows[0][0]);
}

std::size_t folders(TestInstance& instance) { return instance.vfs().list("db")->size(); }

class BytesSource final : public ByteSource {
 public:
  explicit BytesSource(const Bytes& bytes) : bytes_(bytes) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    const std::size_t count = std::min({out.size(), bytes_.size() - at_, std::size_t{1000}});
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), count, out.begin());
    at_ += count;
    return count;
  }

 private:
  const Bytes& bytes_;
  std::size_t at_ = 0;
};

Bytes dump_of(TestInstance& instance, std::string_view name) {
  const auto stream = test::must(instance->dump(kTester, name));
  Bytes bytes;
  while (test::must(stream->next(bytes))) {
  }
  return bytes;
}

std::string restore(TestInstance& instance, std::string_view name, const Bytes& bytes) {
  BytesSource source(bytes);
  const auto restored = instance->restore(kTester, name, source);
  return restored ? "" : std::string(error_name(restored.error().code));
}

}  // namespace

TEST_CASE("a copy holds what was committed when it began, while its source is being written") {
  TestInstance instance(quick());
  const auto session = instance.session();
  CHECK(run(*session, "UNWIND range(1, 1000) AS i CREATE (:N {i: i})") == "");
  const auto writer = instance.session();
  REQUIRE(writer->begin().has_value());
  CHECK(run(*writer, "CREATE (:Uncommitted)") == "");
  CHECK(run(*session, "CREATE DATABASE twin AS COPY OF neo4j") == "");
  REQUIRE(writer->commit().has_value());
  CHECK(run(*session, "USE twin MATCH (n) RETURN count(n)") == "1000");
  CHECK(run(*session, "MATCH (n) RETURN count(n)") == "1001");
  CHECK(run(*session, "USE twin MATCH (n:N) RETURN sum(n.i)") == "500500");
  CHECK(run(*session, "USE twin CREATE (:Mine)") == "");
  CHECK(instance->database(kTester, "twin")->parent == "neo4j");
}

TEST_CASE("a copy is durable when it is acknowledged") {
  TestInstance instance(quick());
  {
    const auto session = instance.session();
    CHECK(run(*session, "CREATE (:N)") == "");
    CHECK(run(*session, "CREATE DATABASE twin AS COPY OF neo4j") == "");
  }
  instance.crash();
  CHECK(instance->database(kTester, "twin")->node_count == 1);  // Known before it is opened.
  CHECK(instance->database(kTester, "twin")->store_bytes > 0);
  CHECK(run(*instance.session("twin"), "MATCH (n) RETURN count(n)") == "1");
}

TEST_CASE("a copy of a database that is stopped or of a damaged one fails and leaves nothing") {
  TestInstance instance(quick());
  const auto session = instance.session();
  CHECK(run(*session, "CREATE DATABASE red") == "");
  CHECK(run(*session, "USE red CREATE (:N)") == "");
  CHECK(run(*session, "STOP DATABASE red") == "");
  CHECK(run(*session, "CREATE DATABASE twin AS COPY OF red") == "DatabaseUnavailable");
  CHECK(run(*session, "SHOW DATABASE twin YIELD name") == "");
  CHECK(folders(instance) == 1);
}

TEST_CASE("a temporary database ends with its time, its session or the instance") {
  TestInstance instance(quick());
  const auto session = instance.session();
  CHECK(run(*session, "CREATE TEMPORARY DATABASE short TTL 60 SECONDS") == "");
  CHECK(run(*session, "USE short CREATE (:N)") == "");
  {
    const auto other = instance.session();
    CHECK(run(*other, "CREATE TEMPORARY DATABASE mine") == "");
    CHECK(run(*session, "USE mine CREATE (:N)") == "");
  }
  CHECK(run(*session, "USE mine RETURN 1") == "GraphNotFound");
  CHECK(folders(instance) == 0);
  instance->unload_idle(0);
  CHECK(run(*session, "USE short MATCH (n) RETURN count(n)") == "1");  // Never unloaded: it is nowhere else.
  CHECK(instance->database(kTester, "short")->is_temporary);
  CHECK(instance->database(kTester, "short")->expires_nanoseconds.has_value());
  instance.clock().advance(61'000'000'000);
  CHECK(run(*session, "USE short RETURN 1") == "GraphNotFound");
  CHECK(run(*session, "SHOW DATABASE short YIELD name") == "");
  CHECK(run(*session, "CREATE DATABASE short") == "");
  CHECK(run(*session, "USE short MATCH (n) RETURN count(n)") == "0");
}

TEST_CASE("a transaction in a temporary database whose time is over gets an error") {
  TestInstance instance(quick());
  const auto session = instance.session();
  CHECK(run(*session, "CREATE TEMPORARY DATABASE short TTL 60 SECONDS") == "");
  const auto user = instance.session("short");
  REQUIRE(user->begin().has_value());
  CHECK(run(*user, "CREATE (:N)") == "");
  instance.clock().advance(61'000'000'000);
  instance->unload_idle(0);
  CHECK(run(*user, "MATCH (n) RETURN count(n)") == "DatabaseUnavailable");
  CHECK(user->rollback().has_value());
}

TEST_CASE("the trash is emptied when its time is over, over a restart too") {
  TestInstance instance(quick());
  {
    const auto session = instance.session();
    for (const char* name : {"red", "blue"}) {
      CHECK(run(*session, std::string("CREATE DATABASE ") + name) == "");
      CHECK(run(*session, std::string("USE ") + name + " CREATE (:N)") == "");
    }
    CHECK(run(*session, "DROP DATABASE red") == "");
  }
  CHECK(folders(instance) == 2);
  CHECK(instance->dropped_databases(kTester).size() == 1);
  CHECK(instance->dropped_databases(Identity{}).empty());
  instance.clock().advance(6 * 24 * 3'600 * std::int64_t{1'000'000'000});
  instance.reopen();
  CHECK(folders(instance) == 2);
  CHECK(instance->dropped_databases(kTester).size() == 1);
  CHECK(run(*instance.session(), "DROP DATABASE blue") == "");
  instance.clock().advance(2 * 24 * 3'600 * std::int64_t{1'000'000'000});
  instance->unload_idle(0);
  CHECK(folders(instance) == 1);
  REQUIRE(instance->dropped_databases(kTester).size() == 1);
  CHECK(instance->dropped_databases(kTester)[0].name == "blue");
  CHECK(run(*instance.session(), "UNDROP DATABASE red") == "NoSuchDatabase");
  CHECK(run(*instance.session(), "UNDROP DATABASE blue") == "");
  CHECK(run(*instance.session("blue"), "MATCH (n) RETURN count(n)") == "1");
}

TEST_CASE("what is in the trash counts among the databases") {
  InstanceSettings settings = quick();
  settings.databases_max = 2;
  TestInstance instance(settings);
  const auto session = instance.session();
  CHECK(run(*session, "CREATE DATABASE red") == "");
  CHECK(run(*session, "USE red CREATE (:N)") == "");
  CHECK(run(*session, "DROP DATABASE red") == "");
  CHECK(run(*session, "CREATE DATABASE blue") == "DatabaseLimitReached");
  CHECK(gql_status(ErrorCode::DatabaseLimitReached) == "51N55");
  CHECK(run(*session, "UNDROP DATABASE red") == "");
  CHECK(run(*session, "DROP DATABASE red DESTROY DATA") == "");
  CHECK(run(*session, "CREATE DATABASE blue") == "");
}

TEST_CASE("a dump brings the same graph back, in another instance too") {
  TestInstance instance(quick());
  const auto session = instance.session();
  CHECK(run(*session, "UNWIND range(1, 3000) AS i CREATE (:A {i: i, t: 'text'})-[:R {w: i}]->(:B)") == "");
  CHECK(run(*session, "MATCH (n:A) WHERE n.i > 2900 DETACH DELETE n") == "");
  const Bytes bytes = dump_of(instance, "neo4j");
  CHECK(restore(instance, "neo4j", bytes) == "DatabaseExists");
  CHECK(restore(instance, "again", bytes) == "");
  TestInstance other(quick());
  CHECK(restore(other, "again", bytes) == "");
  other.reopen();
  for (TestInstance* where : {&instance, &other}) {
    const auto reader = (*where).session("again");
    CHECK(run(*reader, "MATCH (n) RETURN count(n)") == "5900");
    CHECK(run(*reader, "MATCH (a:A)-[r:R]->(:B) WHERE a.i = r.w RETURN count(r)") == "2900");
    CHECK(run(*reader, "CREATE (n:New) RETURN count(n)") == "1");
  }
  CHECK(instance->database(kTester, "again")->node_count == 5901);
}

TEST_CASE("a dump of a database that was never written restores to an empty one") {
  TestInstance instance(quick());
  CHECK(restore(instance, "again", dump_of(instance, "neo4j")) == "");
  CHECK(run(*instance.session("again"), "CREATE (n) RETURN count(n)") == "1");
}

TEST_CASE("a damaged dump is refused wherever the damage is, and nothing of it remains") {
  TestInstance instance(quick());
  CHECK(run(*instance.session(), "CREATE (:A {k: 'value'})-[:R]->(:B)") == "");
  const Bytes bytes = dump_of(instance, "neo4j");
  const std::size_t before = folders(instance);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    Bytes damaged = bytes;
    damaged[at] ^= 0x40;
    INFO(at);
    CHECK(restore(instance, "again", damaged) == "Corruption");
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{79}, std::size_t{80}, bytes.size() - 1}) {
    CHECK(restore(instance, "again", Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size))) ==
          "Corruption");
  }
  Bytes longer = bytes;
  longer.push_back(0);
  CHECK(restore(instance, "again", longer) == "Corruption");
  CHECK(folders(instance) == before);
  CHECK(!instance->database(kTester, "again"));
  CHECK(restore(instance, "again", bytes) == "");
}

TEST_CASE("stopping a database ends a dump of it") {
  TestInstance instance(quick());
  const auto session = instance.session();
  CHECK(run(*session, "CREATE (:N)") == "");
  const auto stream = test::must(instance->dump(kTester, "neo4j"));
  Bytes bytes;
  CHECK(test::must(stream->next(bytes)));
  CHECK(run(*session, "STOP DATABASE neo4j") == "");
  const auto more = stream->next(bytes);
  REQUIRE(!more);
  CHECK(more.error().code == ErrorCode::DatabaseUnavailable);
}

TEST_CASE("a drop with its dump leaves a file that brings everything back, and never replaces an older one") {
  TestInstance instance(quick());
  const auto session = instance.session();
  for (int time = 1; time <= 2; ++time) {
    CHECK(run(*session, "CREATE DATABASE shop") == "");
    CHECK(run(*session, "USE shop UNWIND range(1, " + std::to_string(time * 10) + ") AS i CREATE (:N {i: i})") == "");
    CHECK(run(*session, "DROP DATABASE shop DUMP DATA") == "");
  }
  instance.crash();
  CHECK(instance->dropped_databases(kTester).empty());
  int time = 0;
  for (const char* path : {"dumps/shop.nexusdump", "dumps/shop.2.nexusdump"}) {
    const Bytes bytes = test::must(read_file(instance.vfs(), path, 1'000'000));
    const std::string name = "back" + std::to_string(++time);
    CHECK(restore(instance, name, bytes) == "");
    CHECK(run(*instance.session(name), "MATCH (n:N) RETURN count(n)") == std::to_string(time * 10));
  }
  const auto again = instance.session();
  CHECK(run(*again, "CREATE TEMPORARY DATABASE short") == "");
  CHECK(run(*again, "DROP DATABASE short DUMP DATA") == "NotImplemented");
  CHECK(run(*again, "CREATE DATABASE stopped") == "");
  CHECK(run(*again, "STOP DATABASE stopped") == "");
  CHECK(run(*again, "DROP DATABASE stopped DUMP DATA") == "");
  CHECK(test::must(instance.vfs().exists("dumps/stopped.nexusdump")));
}
