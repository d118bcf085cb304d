#include "exec/executor.h"

#include "tests/support/test_database.h"
#include "tests/support/catch.h"

using namespace nexus;
using exec::test::RunSettings;
using exec::test::TestDatabase;

namespace {

RunSettings with(std::string name, Value value) {
  RunSettings settings;
  settings.parameters = {{std::move(name), std::move(value)}};
  return settings;
}

}  // namespace

TEST_CASE("results do not depend on the size of batches") {
  const char* queries[] = {
      "UNWIND range(1, 50) AS i CREATE (a:N {i: i})-[:T {w: i % 3}]->(b:M {i: -i}) RETURN count(*)",
      "MATCH (n:N)-[r]->(m) WHERE r.w > 0 RETURN n.i, m.i ORDER BY n.i SKIP 3 LIMIT 7",
      "MATCH (n:N) OPTIONAL MATCH (n)-[:T {w: 2}]->(m) RETURN n.i % 4 AS k, count(m), collect(m.i) ORDER BY k",
      "MATCH (n:N) CALL (n) { MATCH (n)-->(m) RETURN m.i AS x UNION RETURN n.i AS x } RETURN sum(x), count(*)",
      "MATCH (n:N) WHERE EXISTS { (n)-[:T {w: 1}]->() } RETURN count(DISTINCT n.i % 5)",
      "MATCH (a:N), (b:M) WHERE a.i = -b.i SET a.j = b.i, b:Seen RETURN sum(a.j)",
      "UNWIND [1, 1, 2] AS x MERGE (k:Key {x: x}) ON CREATE SET k.new = true ON MATCH SET k.n = coalesce(k.n, 0) + 1 "
      "RETURN k.x, k.n",
      "MATCH (n:Seen) WITH n ORDER BY n.i LIMIT 10 DETACH DELETE n RETURN count(*)",
      "MATCH (n) RETURN count(n)",
  };
  TestDatabase whole, two, one;
  for (const char* query : queries) {
    RunSettings settings;
    const std::string expected = whole.ask(query, settings);
    CHECK(expected.rfind("error", 0) == std::string::npos);
    settings.batch_rows = 2;
    CHECK(two.ask(query, settings) == expected);
    settings.batch_rows = 1;
    CHECK(one.ask(query, settings) == expected);
  }
}

TEST_CASE("a clause never sees its own writes, a later one sees them all") {
  TestDatabase database;
  CHECK(database.ask("UNWIND range(1, 3000) AS i CREATE (n:N) WITH i MATCH (n:N) RETURN count(*)") == "9000000");
  CHECK(database.ask("MATCH (n:N) CREATE (:N) RETURN count(*)") == "3000");
  CHECK(database.ask("MATCH (n:N) RETURN count(n)") == "6000");
  CHECK(database.ask("MATCH (n:N) WITH n LIMIT 2 SET n:M WITH count(*) AS c MATCH (m:M) RETURN count(m)") == "2");
  CHECK(database.ask("MATCH (n:M) SET n.x = 1 WITH n MATCH (m:M) WHERE m.x = 1 RETURN count(*)") == "4");
}

TEST_CASE("a limit above writes does not stop them") {
  TestDatabase database;
  CHECK(database.ask("UNWIND range(1, 5000) AS i CREATE (n:N) RETURN 1 AS one LIMIT 1") == "1");
  CHECK(database.ask("MATCH (n:N) RETURN count(n)") == "5000");
  CHECK(database.ask("UNWIND range(1, 3) AS i CREATE (n:Z) RETURN i LIMIT 0").empty());
  CHECK(database.ask("MATCH (n:Z) RETURN count(n)") == "3");
}

TEST_CASE("counters tell what was done") {
  TestDatabase database;
  const auto made = database.run("CREATE (a:A:B {x: 1, y: null})-[:T {w: 2}]->(:C)");
  REQUIRE(made);
  CHECK(made->counters.nodes_created == 2);
  CHECK(made->counters.relationships_created == 1);
  CHECK(made->counters.labels_added == 3);
  CHECK(made->counters.properties_set == 2);
  CHECK(made->rows.empty());
  const auto changed = database.run("MATCH (a:A) SET a:A:D, a.x = 3, a.none = null REMOVE a:B, a.y");
  REQUIRE(changed);
  CHECK(changed->counters.labels_added == 1);
  CHECK(changed->counters.labels_removed == 1);
  CHECK(changed->counters.properties_set == 1);
  const auto deleted = database.run("MATCH (a:A) DETACH DELETE a");
  REQUIRE(deleted);
  CHECK(deleted->counters.nodes_deleted == 1);
  CHECK(deleted->counters.relationships_deleted == 1);
}

TEST_CASE("a node may be deleted before its relationships, but not without them") {
  TestDatabase database;
  CHECK(database.ask("CREATE (:A)-[:T]->(:B)").empty());
  CHECK(database.ask("MATCH (a:A) DELETE a") == "error DeleteConnectedNode");
  CHECK(database.ask("MATCH (a:A)-[r]->() DELETE a WITH r MATCH (x) RETURN count(x)") == "error DeleteConnectedNode");
  CHECK(database.ask("MATCH (a:A)-[r]->() DELETE a WITH r DELETE r WITH r MATCH (x) RETURN count(x), type(r)") ==
        "1, 'T'");
  CHECK(database.ask("MATCH (b:B) DELETE b RETURN b.x") == "error DeletedEntityAccess");
  CHECK(database.ask("MATCH (b:B) DELETE b RETURN labels(b)") == "error DeletedEntityAccess");
  CHECK(database.ask("MATCH (b:B) DELETE b, b RETURN b") == "()");
  CHECK(database.ask("MATCH (n) RETURN count(n)") == "0");
}

TEST_CASE("what cannot run is refused at the start") {
  TestDatabase database;
  RunSettings settings;
  const auto missing = database.run("RETURN $absent", settings);
  REQUIRE(!missing);
  CHECK(missing.error().code == ErrorCode::MissingParameter);
  CHECK(missing.error().compile_time);
  settings.read_only = true;
  CHECK(database.ask("CREATE (n)", settings) == "error WriteInReadAccess");
  CHECK(database.ask("RETURN $x + 1", with("x", Value::integer(41))) == "42");
}

TEST_CASE("memory is charged while it is held and given back") {
  TestDatabase database;
  RunSettings settings;
  settings.memory_bytes_max = 4 << 20;
  const char* hungry[] = {
      "UNWIND range(1, 100000) AS i RETURN i ORDER BY i DESC",
      "UNWIND range(1, 100000) AS i RETURN DISTINCT i",
      "UNWIND range(1, 100000) AS i WITH i, count(*) AS c RETURN count(c)",
      "UNWIND range(1, 100000) AS i RETURN count(DISTINCT i)",
      "RETURN reduce(a = [1], x IN range(1, 60) | a + a) AS big",
      "RETURN [x IN range(1, 1000) | [y IN range(1, 1000) | x]] AS big",
  };
  for (const char* query : hungry) CHECK(database.ask(query, settings) == "error MemoryLimit");
  const auto modest = database.run("UNWIND range(1, 1000) AS i WITH i ORDER BY i DESC RETURN collect(i)", settings);
  REQUIRE(modest);
  CHECK(modest->charged_bytes_left == 0);
  CHECK(database.ask("UNWIND range(1, 100000) AS i WITH i ORDER BY i DESC LIMIT 3 RETURN i", settings) ==
        "100000 | 99999 | 99998");
}

TEST_CASE("a statement ends when it is told to, wherever it is") {
  const char* endless[] = {
      "UNWIND range(1, 1000000) AS i UNWIND range(1, 1000000) AS j RETURN count(*)",
      "RETURN reduce(s = 0, x IN range(1, 3000000) | s + x) AS s",
      "RETURN size([x IN range(1, 3000000) WHERE x % 2 = 0]) AS s",
      "UNWIND range(1, 3000000) AS i CREATE (n)",
  };
  for (const char* query : endless) {
    TestDatabase database;
    exec::Cancellation requested;
    requested.request();
    database.cancellation = &requested;
    CHECK(database.ask(query) == "error TransactionTerminated");
    // Every look at the fake clock takes a microsecond.
    exec::Cancellation late(database.clock.monotonic_nanoseconds() + 20'000);
    database.cancellation = &late;
    CHECK(database.ask(query) == "error TransactionTimedOut");
  }
}

TEST_CASE("hydrated entities carry what a client needs") {
  TestDatabase database;
  const auto made = database.run("CREATE p = (a:A {x: 1})-[r:T]->(b) RETURN a, [r], {k: b}, p");
  REQUIRE(made);
  REQUIRE(made->rows.size() == 1);
  const List& row = made->rows[0];
  const NodeData& node = row[0].node();
  CHECK(node.element_id == "4:uuid:" + std::to_string(node.id));
  CHECK(node.labels == std::vector<std::string>{"A"});
  const RelationshipData& relationship = row[1].list()[0].relationship();
  CHECK(relationship.type == "T");
  CHECK(relationship.start_element_id == node.element_id);
  CHECK(row[2].find("k")->node().element_id == relationship.end_element_id);
  CHECK(row[3].path().nodes.size() == 2);
  CHECK(!row[3].path().nodes[0].is_reference());
  CHECK(database.ask("MATCH (n) WHERE elementId(n) = $id RETURN n.x", with("id", Value::string(node.element_id))) ==
        "1");
}

TEST_CASE("values nest only so deep") {
  TestDatabase database;
  CHECK(database.ask("RETURN size(reduce(a = [], x IN range(1, 400) | [a])) AS s") == "1");
  CHECK(database.ask("RETURN size(reduce(a = [], x IN range(1, 100000) | [a])) AS s") == "error LimitExceeded");
  CHECK(database.ask("RETURN reduce(a = {}, x IN range(1, 100000) | {a: a}) IS NULL AS s") == "error LimitExceeded");
}

TEST_CASE("many clauses one after the other still run") {
  TestDatabase database;
  std::string text;
  for (int i = 0; i < 400; ++i) text += "CREATE (:N) WITH 1 AS one ";
  CHECK(database.ask(text + "RETURN one") == "1");
  CHECK(database.ask("MATCH (n:N) RETURN count(n)") == "400");
}
