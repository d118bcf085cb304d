#include "nexus/instance.h"

#include "tests/support/catch.h"
#include "tests/support/session_text.h"
#include "tests/support/test_instance.h"

using namespace nexus;
using test::must;
using test::quick;
using test::run;
using test::TestInstance;

TEST_CASE("create a database, use it, see only it") {
  TestInstance instance(quick());
  const auto session = instance.session();
  CHECK(run(*session, "CREATE DATABASE first") == "");
  CHECK(run(*session, "USE first CREATE (:N {k: 1})") == "");
  CHECK(run(*session, "USE first MATCH (n:N) RETURN n.k") == "[1]");
  CHECK(run(*session, "MATCH (n) RETURN count(n)") == "[0]");
  CHECK(run(*session, ":use first") == "");
  CHECK(session->database() == "first");
  CHECK(run(*session, "MATCH (n) RETURN count(n)") == "[1]");
  CHECK(run(*session, "SHOW DATABASES YIELD name") == "['first'] ['neo4j'] ['system']");
  CHECK(run(*session, "DROP DATABASE first") == "");
  CHECK(run(*session, "MATCH (n) RETURN count(n)") == "DatabaseNotFound");
}

TEST_CASE("the summary tells what was done and where") {
  TestInstance instance(quick());
  const auto session = instance.session();
  Table table = must(query(*session, "CREATE DATABASE shop"));
  CHECK(table.summary.database == "system");
  CHECK(table.summary.statement_type == "s");
  CHECK(table.summary.counters.system_updates == 1);
  table = must(query(*session, "USE shop CREATE (a:A {k: 1})-[:R]->(:B) RETURN a.k AS k"));
  CHECK(table.summary.database == "shop");
  CHECK(table.summary.statement_type == "rw");
  CHECK(table.summary.counters.nodes_created == 2);
  CHECK(table.summary.counters.relationships_created == 1);
  CHECK(table.summary.durable);
  CHECK(table.summary.bookmark.find(must(instance->database({"tester"}, "shop")).uuid) != std::string::npos);
  table = must(query(*session, "CREATE DATABASE tea WAIT 10 SECONDS"));
  REQUIRE(table.rows.size() == 1);
  CHECK(table.columns == std::vector<std::string>{"address", "state", "message", "success"});
}

TEST_CASE("EXPLAIN runs nothing and shows the plan") {
  TestInstance instance(quick());
  const auto session = instance.session();
  const Table table = must(query(*session, "EXPLAIN CREATE (n:N) RETURN n"));
  CHECK(table.rows.empty());
  CHECK(table.columns == std::vector<std::string>{"n"});
  CHECK(table.summary.plan.find("Create") != std::string::npos);
  CHECK(run(*session, "MATCH (n) RETURN count(n)") == "[0]");
  CHECK(run(*session, "PROFILE MATCH (n) RETURN n") == "");
}

TEST_CASE("a stop ends running cursors and transactions") {
  TestInstance instance(quick());
  const auto session = instance.session();
  const auto other = instance.session();
  CHECK(run(*session, "CREATE DATABASE shop") == "");
  CHECK(run(*session, "USE shop UNWIND range(1, 5000) AS i CREATE (:N {i: i})") == "");
  RunOptions options;
  options.database = "shop";
  const auto cursor = must(session->run("MATCH (n) RETURN n.i", {}, options));
  std::vector<List> rows;
  CHECK(must(cursor->next(rows)));
  REQUIRE(other->begin(options).has_value());
  CHECK(run(*other, "CREATE (:Lost)") == "");
  const auto admin = instance.session();
  CHECK(run(*admin, "STOP DATABASE shop") == "");
  auto more = cursor->next(rows);
  REQUIRE(!more);
  CHECK(more.error().code == ErrorCode::DatabaseUnavailable);
  CHECK(run(*other, "CREATE (:Lost)") == "DatabaseUnavailable");
  CHECK(other->in_transaction());
  CHECK(run(*other, "MATCH (n) RETURN n") == "TransactionTerminated");
  REQUIRE(other->rollback().has_value());
  CHECK(run(*admin, "START DATABASE shop") == "");
  CHECK(run(*admin, "USE shop MATCH (n) RETURN count(n)") == "[5000]");
  CHECK(run(*admin, "USE shop MATCH (n:Lost) RETURN count(n)") == "[0]");
}

TEST_CASE("a cursor that is dropped early leaves its database") {
  TestInstance instance(quick());
  const auto session = instance.session();
  CHECK(run(*session, "UNWIND range(1, 5000) AS i CREATE (:N)") == "");
  {
    const auto cursor = must(session->run("MATCH (n) RETURN n", {}));
    std::vector<List> rows;
    CHECK(must(cursor->next(rows)));
    CHECK(rows.size() < 5000);
    instance->unload_idle(0);  // In use: stays.
    CHECK(must(cursor->next(rows)));
  }
  instance->unload_idle(0);
  CHECK(run(*session, "MATCH (n) RETURN count(n)") == "[5000]");
}

TEST_CASE("explicit transactions: commit, rollback, conflict, failure") {
  TestInstance instance(quick());
  const auto ada = instance.session();
  const auto bob = instance.session();
  CHECK(run(*ada, "CREATE (:Counter {n: 0})") == "");
  CHECK(run(*ada, "COMMIT") == "TransactionNotFound");
  CHECK(run(*ada, "BEGIN") == "");
  CHECK(run(*bob, "BEGIN") == "");
  CHECK(run(*ada, "MATCH (c:Counter) SET c.n = c.n + 1") == "");
  CHECK(run(*bob, "MATCH (c:Counter) SET c.n = c.n + 10") == "");
  CHECK(run(*ada, "COMMIT") == "");
  CHECK(run(*bob, "COMMIT") == "TransactionConflict");
  CHECK(!bob->in_transaction());
  CHECK(run(*bob, "MATCH (c:Counter) RETURN c.n") == "[1]");
  CHECK(run(*ada, "BEGIN") == "");
  CHECK(run(*ada, "CREATE (:Gone)") == "");
  CHECK(run(*ada, "RETURN 1 / 0") == "DivisionByZero");
  CHECK(run(*ada, "CREATE (:Stray)") == "TransactionTerminated");
  CHECK(run(*ada, "COMMIT") == "TransactionTerminated");
  CHECK(!ada->in_transaction());
  CHECK(run(*ada, "MATCH (n) RETURN count(n)") == "[1]");
}

TEST_CASE("a transaction stays on its database and administers nothing") {
  TestInstance instance(quick());
  const auto session = instance.session();
  CHECK(run(*session, "CREATE DATABASE red") == "");
  for (const auto& [text, code] :
       {std::pair("USE red MATCH (n) RETURN n", "UseMismatch"),
        std::pair("CREATE DATABASE blue", "TransactionTypeForbidden"),
        std::pair("SHOW DATABASES", "TransactionTypeForbidden"), std::pair(":USE red", "TransactionAlreadyOpen"),
        std::pair("BEGIN", "TransactionAlreadyOpen")}) {
    CHECK(run(*session, "BEGIN") == "");
    CHECK(run(*session, text) == code);
    CHECK(run(*session, "ROLLBACK") == "");
  }
  CHECK(run(*session, "BEGIN") == "");
  CHECK(run(*session, "USE neo4j MATCH (n) RETURN count(n)") == "[0]");
  CHECK(run(*session, "COMMIT") == "");
}

TEST_CASE("the client's words about its transaction are there for its statements") {
  TestInstance instance(quick());
  const auto session = instance.session();
  RunOptions options;
  options.metadata = {{"app", Value::string("shop")}};
  CHECK(run(*session, "CALL tx.getMetaData() YIELD metadata RETURN metadata.app", {}, options) == "['shop']");
  CHECK(run(*session, "CALL tx.getMetaData() YIELD metadata RETURN metadata.app") == "[null]");
  REQUIRE(session->begin(options).has_value());
  CHECK(run(*session, "CALL tx.getMetaData() YIELD metadata RETURN metadata.app") == "['shop']");
  REQUIRE(session->commit().has_value());
  options.session_commands = false;
  CHECK(run(*session, "BEGIN", {}, options) == "TransactionTypeForbidden");
}

TEST_CASE("access modes and read-only databases") {
  TestInstance instance(quick());
  const auto session = instance.session();
  RunOptions read;
  read.access = AccessMode::Read;
  CHECK(run(*session, "CREATE (:N)", {}, read) == "WriteInReadAccess");
  CHECK(run(*session, "MATCH (n) RETURN count(n)", {}, read) == "[0]");
  REQUIRE(session->begin(read).has_value());
  CHECK(run(*session, "CREATE (:N)") == "WriteInReadAccess");
  REQUIRE(session->rollback().has_value());
  CHECK(run(*session, "ALTER DATABASE neo4j SET ACCESS READ ONLY") == "");
  CHECK(run(*session, "CREATE (:N)") == "WriteOnReadOnlyDatabase");
  CHECK(run(*session, "MERGE (:N)") == "WriteOnReadOnlyDatabase");
  CHECK(run(*session, "ALTER DATABASE neo4j SET ACCESS READ WRITE") == "");
  CHECK(run(*session, "CREATE (:N)") == "");
}

TEST_CASE("limits: rows, time, memory, text") {
  InstanceSettings settings = quick();
  settings.query_memory_bytes_max = 1 << 20;
  settings.query_text_bytes_max = 1'000;
  TestInstance instance(settings);
  const auto session = instance.session();
  RunOptions options;
  options.rows_max = 10;
  CHECK(run(*session, "UNWIND range(1, 100) AS i RETURN i", {}, options) == "LimitExceeded");
  CHECK(run(*session, "UNWIND range(1, 10) AS i RETURN count(i)", {}, options) == "[10]");
  CHECK(run(*session, "UNWIND range(1, 100) AS i CREATE (n:N) RETURN n", {}, options) == "LimitExceeded");
  CHECK(run(*session, "MATCH (n) RETURN count(n)") == "[0]");
  options = {};
  options.timeout_ms = 1;
  CHECK(run(*session,
            "UNWIND range(1, 1000) AS a UNWIND range(1, 1000) AS b UNWIND range(1, 1000) AS c RETURN count(*)", {},
            options) == "TransactionTimedOut");
  CHECK(run(*session, "UNWIND range(1, 1000000) AS i RETURN collect(i)") == "MemoryLimit");
  CHECK(run(*session, "RETURN '" + std::string(2'000, 'x') + "'") == "QueryTooLong");
  CHECK(run(*session, "RETURN 1") == "[1]");
}

TEST_CASE("what the system database answers and what not") {
  TestInstance instance(quick());
  const auto session = instance.session("system");
  CHECK(run(*session, "MATCH (n) RETURN n") == "NotAllowedOnSystemDatabase");
  CHECK(run(*session, "CREATE (n:Database {name: 'fake'})") == "NotAllowedOnSystemDatabase");
  CHECK(run(*session, "CALL db.labels()") == "NotAllowedOnSystemDatabase");
  CHECK(run(*session, "SHOW DATABASES YIELD name RETURN count(*)") == "[2]");
  CHECK(run(*session, "USE system CREATE DATABASE red") == "");
  CHECK(run(*session, "USE neo4j CREATE DATABASE blue") == "NotSystemDatabase");
  CHECK(run(*session, "USE red RETURN 1") == "[1]");
}

TEST_CASE("commands that are not built say so by name") {
  TestInstance instance(quick());
  const auto session = instance.session();
  for (const char* text :
       {"CREATE USER ada SET PASSWORD 'secret123'", "CREATE TEXT INDEX FOR (n:N) ON (n.p)", "SHOW USERS", "GRANT ROLE reader TO ada"}) {
    INFO(text);
    CHECK(run(*session, text) == "NotImplemented");
  }
}

TEST_CASE("options are checked") {
  TestInstance instance(quick());
  const auto session = instance.session();
  CHECK(run(*session, "CREATE DATABASE a1b OPTIONS {colour: 'red'}") == "InvalidOption");
  CHECK(run(*session, "CREATE DATABASE a1b OPTIONS {txLogEnrichment: 'SOME'}") == "InvalidOption");
  CHECK(run(*session, "CREATE DATABASE a1b OPTIONS {existingData: 'use', txLogEnrichment: 'FULL'}") == "");
  CHECK(run(*session, "SHOW DATABASE a1b YIELD options") == "[{txLogEnrichment: 'FULL'}]");
  CHECK(run(*session, "ALTER DATABASE a1b REMOVE OPTION txLogEnrichment") == "");
  CHECK(run(*session, "SHOW DATABASE a1b YIELD options") == "[{}]");
  CHECK(run(*session, "CREATE DATABASE $name", {{"name", Value::string("given")}}) == "");
  CHECK(run(*session, "CREATE DATABASE $name", {{"name", Value::integer(1)}}) == "InvalidArgumentType");
  CHECK(run(*session, "CREATE DATABASE $other", {{"name", Value::string("given")}}) == "MissingParameter");
  CHECK(run(*session, "USE graph.byName($g) RETURN 1", {{"g", Value::string("given")}}) == "[1]");
}

TEST_CASE("only one instance at a time has the files") {
  TestInstance instance(quick());
  test::FakeClock clock;
  test::SeededRandom random;
  test::InlineScheduler scheduler;
  test::QuietLog log;
  const auto second = Instance::open(quick(), {instance.vfs(), clock, random, scheduler, log});
  REQUIRE(!second);
  CHECK(second.error().code == ErrorCode::FileLocked);
}
