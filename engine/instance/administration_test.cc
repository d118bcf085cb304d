// Several administration commands in one transaction on the system database: all of them or none, and
// nobody ever sees half.
#include "tests/support/catch.h"
#include "tests/support/session_text.h"
#include "tests/support/test_instance.h"
#include "vfs/fault_vfs.h"

using namespace nexus;
using test::must;
using test::quick;
using test::run;
using test::TestInstance;

namespace {

const Identity kTester{"tester"};

std::string message_of(Session& session, std::string_view text) {
  auto table = query(session, text);
  return table ? "" : std::string(error_name(table.error().code)) + ": " + table.error().message;
}

std::uint64_t updates(Session& session, std::string_view text) {
  return must(query(session, text)).summary.counters.system_updates;
}

// All that anybody can see of the databases.
std::string everything(Instance& instance) {
  const auto session = must(instance.open_session(kTester, "system"));
  std::string out = run(*session, "SHOW DATABASES YIELD name, type, aliases, access, requestedStatus, currentStatus, "
                                  "databaseID, default, options, parent, temporary, constituents");
  out += " | " + run(*session, "SHOW ALIASES FOR DATABASE YIELD name, database, composite, properties");
  return out + " | " + run(*session, "CALL nexus.droppedDatabases() YIELD name, databaseID RETURN name, databaseID");
}

std::string folders(Instance& instance, Vfs& files) {
  std::string known;
  for (const DatabaseInfo& info : instance.databases(kTester)) known += info.uuid + " ";
  for (const DroppedDatabaseInfo& info : instance.dropped_databases(kTester)) known += info.uuid + " ";
  std::string orphans;
  const auto entries = must(files.list("db"));
  for (const DirectoryEntry& entry : entries) {
    if (known.find(entry.name) == std::string::npos) orphans += entry.name + " ";
  }
  return orphans;
}

constexpr const char* kNames = "SHOW DATABASES YIELD name WHERE name <> 'system' RETURN collect(name)";

}  // namespace

TEST_CASE("commands of one transaction are there together, after COMMIT") {
  TestInstance instance(quick());
  const auto admin = instance.session("system");
  const auto other = instance.session();
  CHECK(run(*admin, "CREATE DATABASE old") == "");
  CHECK(run(*admin, "USE old CREATE (:N)") == "");
  const std::string before = everything(*instance);
  CHECK(run(*admin, "BEGIN") == "");
  CHECK(updates(*admin, "CREATE DATABASE red OPTIONS {environment: 'staging'}") == 1);
  CHECK(updates(*admin, "CREATE DATABASE red IF NOT EXISTS") == 0);
  CHECK(updates(*admin, "CREATE ALIAS now FOR DATABASE red") == 1);
  CHECK(updates(*admin, "CREATE COMPOSITE DATABASE world") == 1);
  CHECK(updates(*admin, "CREATE ALIAS world.part FOR DATABASE red") == 1);
  CHECK(updates(*admin, "STOP DATABASE red") == 1);
  CHECK(updates(*admin, "STOP DATABASE red") == 0);
  CHECK(updates(*admin, "ALTER DATABASE neo4j SET ACCESS READ ONLY") == 1);
  CHECK(updates(*admin, "DROP DATABASE old") == 1);
  CHECK(run(*admin, "SHOW DATABASE now YIELD name, currentStatus, options") ==
        "['red', 'offline', {environment: 'staging'}]");
  CHECK(run(*admin, kNames) == "[['neo4j', 'red', 'world']]");
  CHECK(run(*admin, "SHOW ALIASES FOR DATABASE YIELD name, database") == "['now', 'red'] ['world.part', 'red']");
  CHECK(run(*admin, "CALL nexus.droppedDatabases() YIELD name RETURN name") == "['old']");
  CHECK(everything(*instance) == before);
  CHECK(run(*other, "CREATE (:Still)") == "");
  CHECK(run(*other, "USE old MATCH (n) RETURN count(n)") == "[1]");
  CHECK(run(*other, "USE red RETURN 1") == "GraphNotFound");
  CHECK(run(*admin, "COMMIT") == "");
  CHECK(run(*other, "CREATE (:No)") == "WriteOnReadOnlyDatabase");
  CHECK(run(*other, "USE red RETURN 1") == "DatabaseUnavailable");
  CHECK(run(*other, "USE old RETURN 1") == "GraphNotFound");
  CHECK(run(*other, "START DATABASE red") == "");
  CHECK(run(*other, "USE now RETURN 1") == "[1]");
  const std::string after = everything(*instance);
  CHECK(after.find("'now'") != std::string::npos);
  CHECK(run(*other, "UNDROP DATABASE old") == "");
  CHECK(run(*other, "USE old MATCH (n) RETURN count(n)") == "[1]");
}

TEST_CASE("what is rolled back, fails or is left never was") {
  TestInstance instance(quick());
  const std::string before = everything(*instance);
  const auto admin = instance.session("system");
  const auto begin_with_red = [&] {
    REQUIRE(admin->begin().has_value());
    CHECK(run(*admin, "CREATE DATABASE red") == "");
    CHECK(run(*admin, "CREATE ALIAS now FOR DATABASE red") == "");
  };
  begin_with_red();
  REQUIRE(admin->rollback().has_value());
  CHECK(everything(*instance) == before);

  begin_with_red();
  CHECK(run(*admin, "CREATE DATABASE red") == "DatabaseExists");
  CHECK(run(*admin, "CREATE DATABASE blue") == "TransactionTerminated");
  CHECK(run(*admin, "COMMIT") == "TransactionTerminated");
  CHECK(everything(*instance) == before);

  begin_with_red();
  CHECK(run(*admin, "CREATE DATABASE `_no`") == "InvalidDatabaseName");
  REQUIRE(admin->rollback().has_value());
  CHECK(everything(*instance) == before);

  begin_with_red();
  const auto other = instance.session("system");
  const Table open = must(query(*other, "SHOW TRANSACTIONS YIELD transactionId, currentQuery WHERE currentQuery = ''"));
  REQUIRE(open.rows.size() == 1);
  CHECK(run(*other, "TERMINATE TRANSACTIONS $id YIELD message RETURN message", {{"id", open.rows[0][0]}}) ==
        "['Transaction terminated.']");
  CHECK(run(*admin, "COMMIT") == "TransactionTerminated");
  CHECK(everything(*instance) == before);

  {
    const auto lost = instance.session("system");
    REQUIRE(lost->begin().has_value());
    CHECK(run(*lost, "CREATE TEMPORARY DATABASE lost") == "");
  }
  CHECK(everything(*instance) == before);

  RunOptions read;
  read.access = AccessMode::Read;
  REQUIRE(admin->begin(read).has_value());
  CHECK(run(*admin, "CREATE DATABASE blue") == "WriteInReadAccess");
  REQUIRE(admin->rollback().has_value());
  CHECK(run(*admin, "CREATE DATABASE blue") == "");
}

TEST_CASE("a committed transaction outlives a crash, an open one does not") {
  TestInstance instance(quick());
  std::string committed;
  {
    const auto admin = instance.session("system");
    REQUIRE(admin->begin().has_value());
    CHECK(run(*admin, "CREATE DATABASE red") == "");
    CHECK(run(*admin, "CREATE ALIAS now FOR DATABASE red") == "");
    CHECK(run(*admin, "CREATE ALIAS gone FOR DATABASE red") == "");
    CHECK(run(*admin, "DROP ALIAS gone FOR DATABASE") == "");
    CHECK(run(*admin, "ALTER DATABASE red SET OPTION environment 'test'") == "");
    CHECK(run(*admin, "ALTER DATABASE red RENAME TO blue") == "");
    REQUIRE(admin->commit().has_value());
    committed = everything(*instance);
    REQUIRE(admin->begin().has_value());
    CHECK(run(*admin, "DROP DATABASE blue CASCADE ALIASES") == "");
  }
  instance.crash();
  CHECK(everything(*instance) == committed);
  CHECK(committed.find("'blue'") != std::string::npos);
  // What was made in the transaction has rows of its own: it can be changed and dropped.
  const auto admin = instance.session("system");
  CHECK(run(*admin, "ALTER ALIAS now SET DATABASE TARGET neo4j") == "");
  CHECK(run(*admin, "DROP DATABASE blue") == "");
}

TEST_CASE("names in a transaction may be used again and again") {
  TestInstance instance(quick());
  const auto admin = instance.session("system");
  CHECK(run(*admin, "CREATE DATABASE red") == "");
  CHECK(run(*admin, "USE red CREATE (:Old)") == "");
  CHECK(run(*admin, "BEGIN") == "");
  CHECK(run(*admin, "DROP DATABASE red") == "");
  CHECK(run(*admin, "CREATE DATABASE red") == "");
  CHECK(run(*admin, "DROP DATABASE red") == "");
  CHECK(run(*admin, "UNDROP DATABASE red AS again") == "");
  CHECK(run(*admin, "STOP DATABASE again") == "");
  CHECK(run(*admin, "START DATABASE again") == "");
  CHECK(run(*admin, "CREATE DATABASE twin AS COPY OF again") == "");
  CHECK(run(*admin, "CREATE DATABASE third AS COPY OF twin") == "");
  CHECK(updates(*admin, "CREATE OR REPLACE DATABASE twin AS COPY OF third") == 2);
  CHECK(run(*admin, "ALTER DATABASE third RENAME TO last") == "");
  CHECK(run(*admin, "SHOW DATABASE twin YIELD parent, nodeCount") == "['third', 1]");
  const std::string id = run(*admin, "SHOW DATABASE twin YIELD databaseID");
  CHECK(run(*admin, "COMMIT") == "");
  CHECK(run(*admin, kNames) == "[['again', 'last', 'neo4j', 'twin']]");
  CHECK(run(*admin, "SHOW DATABASE twin YIELD databaseID") == id);
  for (const char* name : {"again", "twin", "last"}) {
    CHECK(run(*admin, "USE " + std::string(name) + " MATCH (n:Old) RETURN count(n)") == "[1]");
    CHECK(run(*admin, "USE " + std::string(name) + " CREATE (:New)") == "");
  }
  CHECK(folders(*instance, instance.vfs()).empty());
}

TEST_CASE("what is in use learns of names, limits and doors with COMMIT") {
  TestInstance instance(quick());
  const auto admin = instance.session("system");
  CHECK(run(*admin, "CREATE DATABASE red") == "");
  CHECK(run(*admin, "CREATE DATABASE blue") == "");
  CHECK(run(*admin, "USE red CREATE (:N)") == "");
  CHECK(run(*admin, "USE blue CREATE (:N)") == "");
  const auto user = instance.session("blue");
  CHECK(run(*user, "BEGIN") == "");
  CHECK(run(*user, "CREATE (:Lost)") == "");
  CHECK(run(*admin, "BEGIN") == "");
  CHECK(run(*admin, "ALTER DATABASE red RENAME TO green") == "");
  CHECK(run(*admin, "ALTER DATABASE green SET OPTION storeLimit 1") == "");
  CHECK(run(*admin, "STOP DATABASE blue") == "");
  CHECK(run(*user, "CREATE (:Lost)") == "");
  CHECK(run(*instance.session(), "USE red CREATE (:N)") == "");
  CHECK(run(*admin, "COMMIT") == "");
  CHECK(run(*user, "CREATE (:Lost)") == "DatabaseUnavailable");
  CHECK(run(*instance.session(), "USE green CREATE (:N)") == "LimitExceeded");
  CHECK(run(*instance.session(), "USE green MATCH (n) RETURN count(n)") == "[2]");
  REQUIRE(user->rollback().has_value());
  CHECK(run(*admin, "START DATABASE blue") == "");
  CHECK(run(*user, "MATCH (n) RETURN count(n)") == "[1]");
}

TEST_CASE("WAIT commits what there is, and what follows is another transaction") {
  TestInstance instance(quick());
  const auto admin = instance.session("system");
  const auto other = instance.session("system");
  REQUIRE(admin->begin().has_value());
  CHECK(run(*admin, "CREATE DATABASE red") == "");
  CHECK(run(*other, kNames) == "[['neo4j']]");
  CHECK(run(*admin, "CREATE DATABASE blue WAIT") == "['localhost:7687', 'CaughtUp', 'caught up', true]");
  CHECK(run(*other, kNames) == "[['blue', 'neo4j', 'red']]");
  CHECK(admin->in_transaction());
  CHECK(run(*admin, "DROP DATABASE red") == "");
  CHECK(run(*admin, kNames) == "[['blue', 'neo4j']]");
  REQUIRE(admin->rollback().has_value());
  CHECK(run(*admin, kNames) == "[['blue', 'neo4j', 'red']]");
  REQUIRE(admin->begin().has_value());
  CHECK(run(*admin, "CREATE DATABASE green") == "");
  CHECK(run(*admin, "CREATE DATABASE green WAIT") == "DatabaseExists");
  CHECK(run(*admin, "COMMIT") == "TransactionTerminated");
  CHECK(run(*admin, kNames) == "[['blue', 'neo4j', 'red']]");
}

TEST_CASE("of two transactions that want the same, the second may be tried again") {
  TestInstance instance(quick());
  const auto ada = instance.session("system");
  const auto bob = instance.session("system");
  REQUIRE(ada->begin().has_value());
  REQUIRE(bob->begin().has_value());
  CHECK(run(*ada, "CREATE DATABASE red") == "");
  CHECK(run(*bob, "CREATE DATABASE blue") == "");
  CHECK(run(*bob, "CREATE DATABASE red") == "");
  CHECK(run(*ada, "COMMIT") == "");
  CHECK(message_of(*bob, "COMMIT") ==
        "TransactionConflict: Another change came first. Command 2 of the transaction: Failed to create the specified "
        "database 'red': Database name or alias already exists.");
  CHECK_FALSE(bob->in_transaction());
  CHECK(run(*bob, kNames) == "[['neo4j', 'red']]");

  // What changes nothing of theirs does not disturb.
  REQUIRE(bob->begin().has_value());
  CHECK(run(*bob, "CREATE DATABASE blue") == "");
  CHECK(run(*ada, "CREATE DATABASE green") == "");
  CHECK(run(*bob, "COMMIT") == "");

  // An answer of "nothing to do" must still be true.
  REQUIRE(bob->begin().has_value());
  CHECK(updates(*bob, "CREATE DATABASE blue IF NOT EXISTS") == 0);
  CHECK(run(*ada, "DROP DATABASE blue") == "");
  CHECK(run(*bob, "COMMIT") == "TransactionConflict");
  CHECK(run(*bob, kNames) == "[['green', 'neo4j', 'red']]");
}

TEST_CASE("the default database, temporary ones and the limits in a transaction") {
  TestInstance instance(quick());
  auto admin = instance.session("system");
  REQUIRE(admin->begin().has_value());
  CHECK(run(*admin, "CREATE DATABASE red") == "");
  CHECK(run(*admin, "CALL dbms.setDefaultDatabase('red')") == "DefaultDatabaseRunning");
  REQUIRE(admin->rollback().has_value());
  REQUIRE(admin->begin().has_value());
  CHECK(run(*admin, "CREATE DATABASE red") == "");
  CHECK(run(*admin, "STOP DATABASE neo4j") == "");
  CHECK(run(*admin, "CALL dbms.setDefaultDatabase('red')") == "['Default database set to red']");
  CHECK(run(*admin, "SHOW DEFAULT DATABASE YIELD name") == "['red']");
  CHECK(run(*admin, "DROP DATABASE neo4j") == "");
  CHECK(instance->default_database() == "neo4j");
  REQUIRE(admin->commit().has_value());
  CHECK(instance->default_database() == "red");

  REQUIRE(admin->begin().has_value());
  CHECK(run(*admin, "CREATE TEMPORARY DATABASE one") == "");
  CHECK(run(*admin, "CREATE TEMPORARY DATABASE two TTL 60 SECONDS") == "");
  CHECK(run(*admin, "DROP DATABASE red") == "DefaultDatabaseImmutable");
  REQUIRE(admin->rollback().has_value());
  REQUIRE(admin->begin().has_value());
  CHECK(run(*admin, "CREATE TEMPORARY DATABASE one AS COPY OF red") == "");
  CHECK(run(*admin, "CREATE TEMPORARY DATABASE two TTL 60 SECONDS") == "");
  REQUIRE(admin->commit().has_value());
  CHECK(run(*admin, "USE one CREATE (:N)") == "");
  CHECK(run(*admin, kNames) == "[['one', 'red', 'two']]");
  admin = instance.session("system");
  CHECK(run(*admin, kNames) == "[['red', 'two']]");
  instance.clock().advance(std::int64_t{61} * 1'000'000'000);
  instance->unload_idle(0);
  CHECK(run(*admin, kNames) == "[['red']]");

  REQUIRE(admin->begin().has_value());
  for (int i = 0; i < 500; ++i) {
    CHECK(run(*admin, "CREATE ALIAS a FOR DATABASE red") == "");
    CHECK(run(*admin, "DROP ALIAS a FOR DATABASE") == "");
  }
  CHECK(run(*admin, "CREATE ALIAS a FOR DATABASE red") == "LimitExceeded");
  CHECK(run(*admin, "COMMIT") == "TransactionTerminated");
  CHECK(run(*admin, "SHOW ALIASES FOR DATABASE") == "");
}

TEST_CASE("dumps of a transaction's drops") {
  TestInstance instance(quick());
  const auto admin = instance.session("system");
  CHECK(run(*admin, "CREATE DATABASE red") == "");
  CHECK(run(*admin, "USE red CREATE (:N)") == "");
  CHECK(run(*admin, "BEGIN") == "");
  CHECK(run(*admin, "DROP DATABASE red DUMP DATA") == "");
  CHECK(must(instance.vfs().list("dumps")).empty());
  CHECK(run(*admin, "ROLLBACK") == "");
  CHECK(must(instance.vfs().list("dumps")).empty());
  CHECK(run(*admin, "BEGIN") == "");
  CHECK(run(*admin, "DROP DATABASE red DUMP DATA") == "");
  CHECK(run(*admin, "COMMIT") == "");
  CHECK(must(instance.vfs().list("dumps")).size() == 1);
  CHECK(folders(*instance, instance.vfs()).empty());
}

TEST_CASE("an instance that ends refuses what is open") {
  TestInstance instance(quick());
  const auto admin = instance.session("system");
  CHECK(run(*admin, "BEGIN") == "");
  CHECK(run(*admin, "CREATE DATABASE red") == "");
  REQUIRE(instance->close().has_value());
  CHECK(run(*admin, "COMMIT") == "DatabaseUnavailable");
}

// Each operation on a file in turn fails, once by itself and once for want of room.
TEST_CASE("a COMMIT that fails in the middle leaves nothing of its transaction") {
  const std::vector<std::string> commands{"CREATE DATABASE made AS COPY OF red",
                                          "CREATE ALIAS a FOR DATABASE made",
                                          "DROP DATABASE old DUMP DATA",
                                          "DROP DATABASE older",
                                          "STOP DATABASE red",
                                          "CREATE OR REPLACE DATABASE blue AS COPY OF made",
                                          "ALTER DATABASE made RENAME TO done"};
  for (const ErrorCode code : {ErrorCode::IoError, ErrorCode::DiskFull}) {
    bool has_struck = true;
    for (std::uint64_t at = 1; has_struck; ++at) {
      vfs::MemoryVfs files;
      vfs::FaultVfs faulty(files);
      std::string before, after;
      {
        TestInstance instance(quick(), &faulty);
        const auto admin = instance.session("system");
        for (const char* name : {"red", "blue", "old", "older"}) {
          CHECK(run(*admin, "CREATE DATABASE " + std::string(name)) == "");
          CHECK(run(*admin, "USE " + std::string(name) + " CREATE (:N {name: '" + name + "'})") == "");
        }
        before = everything(*instance);
        REQUIRE(admin->begin().has_value());
        for (const std::string& command : commands) CHECK(run(*admin, command) == "");
        faulty.arm({vfs::FaultKind::Fail, at, code, at, false});
        const auto committed = admin->commit();
        has_struck = faulty.has_struck();
        faulty.arm({});
        INFO("operation " << at << " " << error_name(code));
        after = everything(*instance);
        CHECK((after == before) == !committed);
        if (!committed) {
          CHECK(run(*admin, "USE red MATCH (n) RETURN n.name") == "['red']");
          CHECK(run(*admin, "USE old MATCH (n) RETURN n.name") == "['old']");
          CHECK(run(*admin, "USE blue MATCH (n) RETURN n.name") == "['blue']");
        }
        const bool is_unknown = !committed && committed.error().code == ErrorCode::CommitOutcomeUnknown;
        if (!is_unknown && !committed) {
          CHECK(folders(*instance, files).empty());
          for (const DirectoryEntry& entry : must(files.list("dumps"))) CHECK(entry.name == "unfinished");
        }
      }
      TestInstance again(quick(), &faulty);
      INFO("operation " << at << " " << error_name(code));
      const std::string found = everything(*again);
      if (found != before) CHECK(found.find("'done'") != std::string::npos);
      CHECK(folders(*again, files).empty());
      if (at > 200) FAIL("it never ends");
    }
  }
}
