// What a query may do beyond one graph in one transaction: batches, files, and a look at itself.
#include "procedure/registry.h"
#include "procedure/signature.h"
#include "tests/support/catch.h"
#include "tests/support/test_instance.h"
#include "value/text.h"

using namespace nexus;
using nexus::test::must;
using nexus::test::TestInstance;

namespace {

void put(TestInstance& instance, std::string_view path, std::string_view text) {
  const ByteView bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  must(instance.import_files().replace(path, bytes));
}

std::string rows_text(const Table& table) {
  std::string text;
  for (const List& row : table.rows) text += to_text(Value::list(row)) + "\n";
  return text;
}

ErrorCode error_of(Session& session, std::string_view text) {
  auto table = query(session, text);
  REQUIRE_FALSE(table);
  return table.error().code;
}

}  // namespace

TEST_CASE("LOAD CSV gives lists, or maps by header, with line and file") {
  TestInstance instance;
  const auto session = instance.session();
  put(instance, "in/people.csv", "name,age\nAda,36\n\"Bo, the 2nd\",\nCy,\"\"\n");
  CHECK(rows_text(must(query(*session, "LOAD CSV FROM 'file:///in/people.csv' AS row RETURN row, linenumber() AS l"))) ==
        "[['name', 'age'], 1]\n[['Ada', '36'], 2]\n[['Bo, the 2nd', null], 3]\n[['Cy', ''], 4]\n");
  CHECK(rows_text(must(query(*session, "LOAD CSV WITH HEADERS FROM 'in/people.csv' AS row WITH row, file() AS f "
                                       "WHERE row.age IS NOT NULL RETURN row.name, row.age, f"))) ==
        "['Ada', '36', 'in/people.csv']\n['Cy', '', 'in/people.csv']\n");
  put(instance, "semi.csv", "a;b\n1;2\n");
  CHECK(rows_text(must(query(*session, "LOAD CSV WITH HEADERS FROM $f AS r FIELDTERMINATOR ';' RETURN r",
                             {{"f", Value::string("/semi.csv")}}))) == "[{a: '1', b: '2'}]\n");
}

TEST_CASE("LOAD CSV stays in its folder") {
  TestInstance instance;
  const auto session = instance.session();
  CHECK(error_of(*session, "LOAD CSV FROM 'https://example.org/a.csv' AS r RETURN r") == ErrorCode::Forbidden);
  CHECK(error_of(*session, "LOAD CSV FROM 'file:///../secret' AS r RETURN r") == ErrorCode::InvalidArgument);
  CHECK(error_of(*session, "LOAD CSV FROM 'file:///%2e%2e/secret' AS r RETURN r") == ErrorCode::InvalidArgument);
  CHECK(error_of(*session, "LOAD CSV FROM 'missing.csv' AS r RETURN r") == ErrorCode::InvalidArgument);
  CHECK(error_of(*session, "LOAD CSV FROM 'a.csv' AS r FIELDTERMINATOR ';;' RETURN r") == ErrorCode::InvalidArgument);
  put(instance, "bad.csv", "a\n\"b");
  CHECK(error_of(*session, "LOAD CSV FROM 'bad.csv' AS r RETURN r") == ErrorCode::InvalidArgument);
}

TEST_CASE("every batch of CALL IN TRANSACTIONS commits on its own") {
  TestInstance instance;
  const auto session = instance.session();
  const Table made = must(query(*session, "UNWIND range(1, 10) AS i CALL (i) { CREATE (n:N {i: i}) RETURN n } "
                                          "IN TRANSACTIONS OF 3 ROWS RETURN i, n"));
  CHECK(made.rows.size() == 10);
  CHECK(made.summary.counters.nodes_created == 10);
  CHECK_FALSE(made.summary.bookmark.empty());
  CHECK(to_text(made.rows[9][1]) == "(:N {i: 10})");
  // The fifth row fails: two whole batches stay, the third has not happened.
  CHECK(error_of(*session, "UNWIND range(1, 6) AS i CALL (i) { CREATE (:M {i: 1 / (5 - i)}) } IN TRANSACTIONS OF 2 ROWS") ==
        ErrorCode::DivisionByZero);
  CHECK(rows_text(must(query(*session, "MATCH (m:M) RETURN count(m)"))) == "[4]\n");
}

TEST_CASE("ON ERROR decides what follows a failed batch, and REPORT STATUS tells") {
  TestInstance instance;
  const auto session = instance.session();
  const std::string run = "UNWIND range(1, 4) AS i CALL (i) { CREATE (n:N {i: 1 / (2 - i)}) RETURN n.i AS v } "
                          "IN 2 CONCURRENT TRANSACTIONS OF 1 ROW ";
  const std::string tail = " REPORT STATUS AS s RETURN i, v, s.started, s.committed, s.errorMessage IS NULL";
  CHECK(rows_text(must(query(*session, run + "ON ERROR CONTINUE" + tail))) ==
        "[1, 1, true, true, true]\n[2, null, true, false, false]\n[3, -1, true, true, true]\n[4, 0, true, true, true]\n");
  CHECK(rows_text(must(query(*session, run + "ON ERROR BREAK" + tail))) ==
        "[1, 1, true, true, true]\n[2, null, true, false, false]\n[3, null, false, false, true]\n"
        "[4, null, false, false, true]\n");
  CHECK(rows_text(must(query(*session, "MATCH (n:N) RETURN count(n)"))) == "[4]\n");
}

namespace {

// CALL test.fail(code) fails as long as `failures` is above zero, and takes `cost` each time.
struct Flaky {
  TestInstance instance;
  ErrorCode code = ErrorCode::TransactionConflict;
  int failures = 0;
  int calls = 0;
  std::int64_t cost = 0;
  std::unique_ptr<Session> session;

  explicit Flaky(InstanceSettings settings = {}) : instance(std::move(settings)) {
    instance->procedures().add(procedure::signature("test.fail", "Fails now and then.", {}),
                               [this](exec::ProcedureContext&, List) -> exec::StreamResult {
                                 ++calls;
                                 instance.clock().advance(cost);
                                 if (failures-- > 0) return Error{code, "not now"};
                                 return procedure::stream_of({});
                               });
    session = instance.session();
  }
  // Three batches of one row, of which the first calls the procedure.
  std::string run(const std::string& on_error) {
    const Table table = must(query(*session, "UNWIND [1, 2, 3] AS i CALL (i) { CREATE (n:N {i: i}) WITH n "
                                             "CALL (n) { WITH n WHERE n.i = 1 CALL test.fail() } RETURN n.i AS v } "
                                             "IN TRANSACTIONS OF 1 ROW ON ERROR " + on_error +
                                             " REPORT STATUS AS s RETURN v, s.started, s.committed, s.errorMessage"));
    return rows_text(table);
  }
  std::string nodes() { return rows_text(must(query(*session, "MATCH (n:N) RETURN count(n)"))); }
};

}  // namespace

TEST_CASE("ON ERROR RETRY tries what may pass again, and every batch happens once") {
  Flaky flaky;
  flaky.failures = 3;
  CHECK(flaky.run("RETRY THEN CONTINUE") == "[1, true, true, null]\n[2, true, true, null]\n[3, true, true, null]\n");
  CHECK(flaky.calls == 4);
  CHECK(flaky.nodes() == "[3]\n");
}

TEST_CASE("ON ERROR RETRY does not try again what cannot pass") {
  Flaky flaky;
  flaky.failures = 3;
  flaky.code = ErrorCode::InvalidArgument;
  CHECK(flaky.run("RETRY THEN CONTINUE") ==
        "[null, true, false, 'not now']\n[2, true, true, null]\n[3, true, true, null]\n");
  CHECK(flaky.calls == 1);
  CHECK(error_of(*flaky.session, "UNWIND [1] AS i CALL (i) { CALL test.fail() } IN TRANSACTIONS ON ERROR RETRY") ==
        ErrorCode::InvalidArgument);
  CHECK(flaky.calls == 2);
}

TEST_CASE("ON ERROR RETRY ends with its time: 30 seconds, or what FOR says") {
  Flaky flaky;
  flaky.failures = 1'000;
  flaky.cost = 10'000'000'000;
  CHECK(flaky.run("RETRY THEN BREAK") ==
        "[null, true, false, 'not now']\n[null, false, false, null]\n[null, false, false, null]\n");
  CHECK(flaky.calls == 3);
  CHECK(flaky.nodes() == "[0]\n");
  flaky.calls = 0;
  CHECK(flaky.run("RETRY FOR 45.5 SECONDS THEN CONTINUE").substr(0, 6) == "[null,");
  CHECK(flaky.calls == 5);
  flaky.calls = 0;
  CHECK(error_of(*flaky.session, "UNWIND [1] AS i CALL (i) { CALL test.fail() } IN TRANSACTIONS "
                                 "ON ERROR RETRY FOR 1 SECOND THEN FAIL") == ErrorCode::TransactionConflict);
  CHECK(flaky.calls == 1);
}

TEST_CASE("where nothing can wait nothing is tried again, and a statement's end ends its attempts") {
  InstanceSettings settings;
  settings.single_threaded = true;
  Flaky alone(settings);
  alone.failures = 1;
  CHECK(alone.run("RETRY THEN CONTINUE").substr(0, 30) == "[null, true, false, 'not now']");
  CHECK(alone.calls == 1);

  Flaky flaky;
  flaky.failures = 1'000;
  flaky.cost = 1'000'000'000;
  RunOptions options;
  options.timeout_ms = 2'500;
  auto ended = query(*flaky.session, "UNWIND [1] AS i CALL (i) { CALL test.fail() } IN TRANSACTIONS ON ERROR RETRY THEN CONTINUE",
                     {}, options);
  REQUIRE_FALSE(ended);
  CHECK(ended.error().code == ErrorCode::TransactionTimedOut);
  CHECK(flaky.calls == 3);
}

TEST_CASE("CALL IN TRANSACTIONS has no place in a transaction, a subquery or beside other changes") {
  TestInstance instance;
  const auto session = instance.session();
  CHECK(error_of(*session, "CREATE (a) WITH a CALL (a) { CREATE (b) } IN TRANSACTIONS") ==
        ErrorCode::InvalidClauseComposition);
  CHECK(error_of(*session, "UNWIND [1] AS i CALL (i) { CREATE (b) } IN TRANSACTIONS CREATE (c)") ==
        ErrorCode::InvalidClauseComposition);
  CHECK(error_of(*session, "CALL () { CALL () { CREATE (b) } IN TRANSACTIONS }") == ErrorCode::InvalidClauseComposition);
  CHECK(error_of(*session, "UNWIND [1] AS i CALL (i) { CREATE (b) } IN TRANSACTIONS OF 0 ROWS") ==
        ErrorCode::NegativeIntegerArgumentRuntime);
  CHECK(error_of(*session, "UNWIND [1] AS i CALL (i) { CREATE (b) } IN TRANSACTIONS REPORT STATUS AS s RETURN s") ==
        ErrorCode::InvalidClauseComposition);
  must(session->begin());
  CHECK(error_of(*session, "UNWIND [1] AS i CALL (i) { CREATE (b) } IN TRANSACTIONS") ==
        ErrorCode::BatchesInTransaction);
}

TEST_CASE("PROFILE runs the statement and counts what every operator did") {
  TestInstance instance;
  const auto session = instance.session();
  must(query(*session, "UNWIND range(1, 5) AS i CREATE (:N {i: i})-[:R]->(:M)"));
  const Table table = must(query(*session, "PROFILE MATCH (n:N)-[:R]->(m) WHERE n.i > 2 RETURN n.i AS i"));
  CHECK(table.rows.size() == 3);
  REQUIRE(table.summary.plan_tree);
  CHECK(table.summary.is_profile);
  const PlanTree* at = table.summary.plan_tree.get();
  CHECK(at->rows == 3u);
  std::uint64_t hits = 0;
  for (;; at = &at->children.front()) {
    hits += at->db_hits.value_or(0);
    if (at->children.empty()) break;
  }
  CHECK(at->operator_type == "LabelScan");
  CHECK(at->rows == 5u);
  CHECK(hits >= 5u + 5u + 3u);
  CHECK(table.summary.plan.find("LabelScan (n:N) | rows 5, db hits 5") != std::string::npos);
}

TEST_CASE("PROFILE of a write writes, also in a transaction; EXPLAIN does not") {
  TestInstance instance;
  const auto session = instance.session();
  const Table explained = must(query(*session, "EXPLAIN CREATE (n:N) RETURN n"));
  CHECK(explained.rows.empty());
  REQUIRE(explained.summary.plan_tree);
  CHECK_FALSE(explained.summary.plan_tree->rows);
  const Table made = must(query(*session, "PROFILE CREATE (n:N) RETURN n"));
  CHECK(made.rows.size() == 1);
  CHECK(made.summary.is_profile);
  must(session->begin());
  CHECK(must(query(*session, "PROFILE MATCH (n:N) CREATE (:M)")).summary.plan_tree->rows == 1u);
  must(session->commit());
  CHECK(rows_text(must(query(*session, "MATCH (n) RETURN count(n)"))) == "[2]\n");
}

TEST_CASE("long and wide statements run, longer ones are refused, none breaks") {
  InstanceSettings settings;
  settings.query_text_bytes_max = std::uint64_t{1} << 20;
  TestInstance instance(settings);
  const auto session = instance.session();
  const auto repeated = [](std::string_view head, std::string_view part, std::size_t count, std::string_view tail) {
    std::string text(head);
    for (std::size_t i = 0; i < count; ++i) text += part;
    return text + std::string(tail);
  };
  CHECK(rows_text(must(query(*session, repeated("RETURN 1", " + 1", 9'999, " AS n")))) == "[10000]\n");
  CHECK(rows_text(must(query(*session, repeated("RETURN true", " AND true", 9'999, " AS n")))) == "[true]\n");
  CHECK(rows_text(must(query(*session, repeated("RETURN size([0", ", 0", 150'000, "]) AS n")))) == "[150001]\n");
  CHECK(rows_text(must(query(*session, repeated("RETURN size('", "x", (1 << 20) - 100, "') AS n")))) == "[1048476]\n");
  CHECK(error_of(*session, repeated("RETURN '", "x", 1 << 20, "'")) == ErrorCode::QueryTooLong);
  CHECK(error_of(*session, repeated("RETURN ", "(", 100'000, "1")) == ErrorCode::NestingTooDeep);
  CHECK(error_of(*session, repeated("RETURN ", "[", 100'000, "")) == ErrorCode::NestingTooDeep);
  CHECK(error_of(*session, repeated("RETURN ", "NOT ", 100'000, "true")) == ErrorCode::NestingTooDeep);
  CHECK(error_of(*session, repeated("MATCH (a)", "-->()", 2'000, " RETURN 1")) == ErrorCode::NestingTooDeep);
  CHECK(rows_text(must(query(*session, repeated("RETURN 1 AS x", " NEXT RETURN x + 1 AS x", 400, "")))) == "[401]\n");
  CHECK(error_of(*session, repeated("RETURN 1 AS x", " NEXT RETURN x", 10'000, "")) == ErrorCode::NestingTooDeep);
}
