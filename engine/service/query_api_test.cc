#include "nexus/service.h"
#include "service/json.h"
#include "service/transaction_table.h"
#include "tests/support/catch.h"
#include "tests/support/http_fixture.h"
#include "value/text.h"

using namespace nexus;
using namespace nexus::service;

namespace {

struct Fixture : test::HttpFixture {
  using HttpFixture::HttpFixture;
  HttpResponse post(std::string target, std::string body = {}) { return send("POST", std::move(target), std::move(body)); }

  std::string open(std::string body = {}) {
    const HttpResponse response = post("/db/neo4j/query/v2/tx", std::move(body));
    REQUIRE(response.status == 202);
    const auto answer = parse_json(response.body);
    REQUIRE(answer.has_value());
    return "/db/neo4j/query/v2/tx/" + std::string(answer->find("transaction")->find("id")->string());
  }
  std::string count() {
    return post("/db/neo4j/query/v2", R"~({"statement":"MATCH (n) RETURN count(n)"})~").body;
  }
};

bool has(const HttpResponse& response, std::string_view text) {
  INFO(response.status << " " << response.body);
  return response.body.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("one statement of the Query API answers fields, values and counters") {
  Fixture fixture;
  const HttpResponse answer = fixture.post(
      "/db/neo4j/query/v2", R"({"statement":"CREATE (n:A {x:$x}) RETURN n.x AS x, 1.5 AS y","parameters":{"x":3},"includeCounters":true})");
  CHECK(answer.status == 202);
  CHECK(has(answer, R"("data":{"fields":["x","y"],"values":[[3,1.5]]})"));
  CHECK(has(answer, R"("containsUpdates":true)"));
  CHECK(has(answer, R"("nodesCreated":1)"));
  CHECK(has(answer, R"("bookmarks":[)"));
  const HttpResponse typed = fixture.send("POST", "/db/neo4j/query/v2", R"({"statement":"RETURN 9007199254740993 AS big"})",
                                          {{"Accept", "application/vnd.neo4j.query"}, {"Content-Type", "application/vnd.neo4j.query"}});
  CHECK(has(typed, R"({"$type":"Integer","_value":"9007199254740993"})"));
}

TEST_CASE("the Query API puts failures into errors") {
  Fixture fixture;
  const HttpResponse syntax = fixture.post("/db/neo4j/query/v2", R"({"statement":"RETRUN 1"})");
  CHECK(syntax.status == 400);
  const auto body = parse_json(syntax.body);
  REQUIRE(body.has_value());
  CHECK(body->find("errors")->list().front().find("title")->string() == "UnexpectedSyntax");
  CHECK(has(syntax, R"("code":"Neo.ClientError.Statement.SyntaxError")"));
  CHECK(has(syntax, R"("position":{"line":1)"));
  CHECK(fixture.post("/db/nowhere/query/v2", R"({"statement":"RETURN 1"})").status == 404);
  CHECK(fixture.post("/db/nowhere/query/v2/tx").status == 404);
  CHECK(fixture.post("/db/neo4j/query/v2", R"({"parameters":{}})").status == 400);
  CHECK(fixture.post("/db/neo4j/query/v2", R"({"statement":"RETURN 1","accessMode":"sideways"})").status == 400);
  CHECK(fixture.post("/db/neo4j/query/v2", R"~({"statement":"CREATE (:A)","accessMode":"READ"})~").status == 403);
  CHECK(fixture.post("/db/neo4j/query/v2", R"({"statement":"BEGIN"})").status == 400);
  CHECK(fixture.post("/db/neo4j/query/v2", R"({"statement":"RETURN 1","impersonatedUser":"ada"})").status == 501);
}

TEST_CASE("a transaction's writes exist for others after its commit") {
  Fixture fixture;
  const std::string transaction = fixture.open(R"~({"statement":"CREATE (:A)"})~");
  CHECK(has(fixture.post(transaction, R"({"statement":"CREATE (:A) RETURN 1 AS one"})"), R"("values":[[1]])"));
  CHECK(has(fixture.post(transaction, R"~({"statement":"MATCH (n) RETURN count(n)"})~"), R"("values":[[2]])"));
  CHECK(fixture.count().find(R"("values":[[0]])") != std::string::npos);
  CHECK(has(fixture.post(transaction), R"("expires":)"));
  const HttpResponse committed = fixture.post(transaction + "/commit", R"~({"statement":"CREATE (:A)"})~");
  CHECK(committed.status == 202);
  CHECK(has(committed, R"("bookmarks":[)"));
  CHECK_FALSE(has(committed, R"("transaction")"));
  CHECK(fixture.count().find(R"("values":[[3]])") != std::string::npos);
  CHECK(fixture.post(transaction + "/commit").status == 404);
}

TEST_CASE("rollback, a failure and silence undo a transaction") {
  Fixture fixture;
  const std::string rolled_back = fixture.open(R"~({"statement":"CREATE (:A)"})~");
  CHECK(fixture.send("DELETE", rolled_back).status == 200);
  CHECK(fixture.send("DELETE", rolled_back).status == 404);

  const std::string failed = fixture.open(R"~({"statement":"CREATE (:A)"})~");
  CHECK(fixture.post(failed, R"({"statement":"RETURN 1/0"})").status == 400);
  CHECK(has(fixture.post(failed + "/commit"), "TransactionNotFound"));

  const std::string silent = fixture.open(R"~({"statement":"CREATE (:A)"})~");
  fixture.clock.advance(TransactionTable::kIdleNanoseconds);
  CHECK(fixture.post(silent + "/commit").status == 404);
  CHECK(fixture.count().find(R"("values":[[0]])") != std::string::npos);

  const std::string by_statement = fixture.open(R"~({"statement":"CREATE (:A)"})~");
  CHECK_FALSE(has(fixture.post(by_statement, R"({"statement":"COMMIT"})"), R"("transaction")"));
  CHECK(fixture.post(by_statement).status == 404);
  CHECK(fixture.count().find(R"("values":[[1]])") != std::string::npos);
}

TEST_CASE("a transaction belongs to one user and one database") {
  ServiceSettings settings;
  settings.authentication = true;
  settings.accounts = {{"ada", "secret-1"}, {"bob", "secret-2"}};
  Fixture fixture(settings);
  const std::vector<Header> ada{{"Authorization", "Basic YWRhOnNlY3JldC0x"}};
  const std::vector<Header> bob{{"Authorization", "Basic Ym9iOnNlY3JldC0y"}};
  CHECK(fixture.post("/db/neo4j/query/v2/tx").status == 401);
  REQUIRE(fixture.send("POST", "/api/v1/databases", R"({"name":"shop"})", ada).status == 201);
  const HttpResponse opened = fixture.send("POST", "/db/neo4j/query/v2/tx", {}, ada);
  const std::string id(parse_json(opened.body)->find("transaction")->find("id")->string());
  CHECK(fixture.send("POST", "/db/neo4j/query/v2/tx/" + id, {}, bob).status == 404);
  CHECK(fixture.send("POST", "/db/shop/query/v2/tx/" + id, {}, ada).status == 404);
  CHECK(fixture.send("POST", "/db/neo4j/query/v2/tx/" + id + "/commit", {}, ada).status == 202);
}

TEST_CASE("two transactions that write the same node conflict, and the second may be tried again") {
  Fixture fixture;
  REQUIRE(fixture.post("/db/neo4j/query/v2", R"~({"statement":"CREATE (:Counter {n:0})"})~").status == 202);
  const std::string first = fixture.open();
  const std::string second = fixture.open(R"({"statement":"MATCH (c:Counter) RETURN c.n"})");
  CHECK(fixture.post(first + "/commit", R"({"statement":"MATCH (c:Counter) SET c.n = c.n + 1"})").status == 202);
  const HttpResponse outdated = fixture.post(second + "/commit", R"({"statement":"MATCH (c:Counter) SET c.n = c.n + 1"})");
  CHECK(outdated.status == 409);
  CHECK(has(outdated, "Neo.TransientError.Transaction.Outdated"));
}

TEST_CASE("administration in a transaction of the Query API is there with its commit") {
  Fixture fixture;
  const auto names = [&] {
    return fixture.post("/db/system/query/v2", R"~({"statement":"SHOW DATABASES YIELD name RETURN collect(name)"})~").body;
  };
  const std::string before = names();
  for (const bool commits : {false, true}) {
    const HttpResponse opened = fixture.post("/db/system/query/v2/tx", R"({"statement":"CREATE DATABASE red","includeCounters":true})");
    REQUIRE(opened.status == 202);
    CHECK(has(opened, R"("systemUpdates":1)"));
    const std::string id(parse_json(opened.body)->find("transaction")->find("id")->string());
    const std::string transaction = "/db/system/query/v2/tx/" + id;
    CHECK(has(fixture.post(transaction, R"({"statement":"CREATE ALIAS now FOR DATABASE red"})"), R"("transaction")"));
    CHECK(has(fixture.post(transaction, R"({"statement":"SHOW DATABASE now YIELD name"})"), R"("values":[["red"]])"));
    CHECK(names() == before);
    CHECK(fixture.post("/db/red/query/v2", R"({"statement":"RETURN 1"})").status == 404);
    const HttpResponse ended = commits ? fixture.post(transaction + "/commit") : fixture.send("DELETE", transaction);
    CHECK(ended.status == (commits ? 202 : 200));
    CHECK((names() == before) == !commits);
  }
  CHECK(fixture.post("/db/now/query/v2", R"({"statement":"RETURN 1"})").status == 202);
}

TEST_CASE("open transactions have a limit and serve one request at a time") {
  test::TestInstance instance;
  test::FakeClock clock;
  test::SeededRandom random{7};
  TransactionTable table(clock, random);
  const Identity ada{"ada"};
  std::shared_ptr<OpenTransaction> last;
  for (std::size_t at = 0; at < TransactionTable::kTransactionsMax; ++at) {
    last = test::must(table.open(ada, "neo4j", nullptr));
  }
  const auto refused = table.open(ada, "neo4j", nullptr);
  REQUIRE(!refused);
  CHECK(neo4j_status(refused.error().code) == "Neo.TransientError.Transaction.MaximumTransactionLimitReached");
  CHECK(gql_status(refused.error().code) == "51N74");
  CHECK(table.take(last->id, ada, "neo4j").error().code == ErrorCode::TransactionAlreadyOpen);
  table.give_back(*last);
  for (const Identity& other : {Identity{"bob"}, Identity{"ada", "another ada"}}) {
    CHECK(table.take(last->id, other, "neo4j").error().code == ErrorCode::TransactionNotFound);
  }
  CHECK(table.take(last->id, ada, "neo4j").has_value());
  table.forget(*last);
  CHECK(table.size() == TransactionTable::kTransactionsMax - 1);
}

TEST_CASE("a typed point is a parameter") {
  Fixture fixture;
  for (const std::string text : {"SRID=7203;POINT (1.5 -2.0)", "SRID=4979;POINT Z (1.0 2.0 3.0)"}) {
    const HttpResponse answer = fixture.post("/db/neo4j/query/v2", R"({"statement":"RETURN $p AS p","parameters":{"p":{"$type":"Point","_value":")" +
                                                                       text + R"("}}})");
    CHECK(has(answer, text));
  }
  for (const std::string text : {"SRID=1;POINT (1 2)", "SRID=7203;POINT (1)", "SRID=7203;POINT Z (1 2 3)", "POINT (1 2)", "SRID=7203;"}) {
    CHECK(fixture.post("/db/neo4j/query/v2", R"({"statement":"RETURN $p AS p","parameters":{"p":{"$type":"Point","_value":")" + text +
                                                 R"("}}})").status == 400);
  }
}

TEST_CASE("vectors are lists of numbers, typed from version 1.1 on, and refused in 1.0") {
  Fixture fixture;
  const auto ask = [&fixture](const char* accept) {
    return fixture.send("POST", "/db/neo4j/query/v2", R"~({"statement":"RETURN [vector([1, 2.5], 2, FLOAT32)] AS v"})~",
                        {{"Accept", accept}, {"Content-Type", "application/json"}});
  };
  CHECK(has(ask("application/json"), R"("values":[[[[1.0,2.5]]]])"));
  const HttpResponse typed = ask("application/vnd.neo4j.query.v1.1");
  CHECK(typed.status == 202);
  CHECK(has(typed, R"({"$type":"Vector","_value":{"coordinatesType":"FLOAT32","coordinates":["1.0","2.5"]}})"));
  CHECK(typed.headers.front().second == "application/vnd.neo4j.query.v1.1");
  for (const char* version : {"application/vnd.neo4j.query.v1.0", "application/vnd.neo4j.query"}) {
    const HttpResponse refused = ask(version);
    CHECK(refused.status != 202);
    CHECK(has(refused, "Type VECTOR is not supported."));
    CHECK(has(refused, "Neo.ClientError.Statement.UnsupportedOperationError"));
  }
  // Text that looks like one is text.
  const HttpResponse text = fixture.send("POST", "/db/neo4j/query/v2",
                                         R"~({"statement":"RETURN '{\"$type\":\"Vector\"' AS v"})~",
                                         {{"Accept", "application/vnd.neo4j.query.v1.0"}, {"Content-Type", "application/json"}});
  CHECK(text.status == 202);
}
