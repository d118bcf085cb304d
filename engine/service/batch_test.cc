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

  // The answer's members; the status in `status`.
  Value post(std::string target, std::string body = {}, std::vector<Header> headers = {}) {
    HttpResponse response = send("POST", std::move(target), std::move(body), std::move(headers));
    status = response.status;
    headers_of_last = std::move(response.headers);
    return read(response);
  }
  Value run(const std::string& statement, const std::string& more = {}) {
    return post("/db/neo4j/tx/commit", R"({"statements":[{"statement":")" + statement + "\"" + more + "}]}");
  }
  // The path of a new transaction.
  std::string open(std::string body = {}) {
    const Value answer = post("/db/neo4j/tx", std::move(body));
    REQUIRE(status == 201);
    const std::string commit(answer.find("commit")->string());
    return commit.substr(commit.find("/db/"), commit.rfind('/') - commit.find("/db/"));
  }
  std::string count() { return to_text(*first(run("MATCH (n) RETURN count(n)")).find("row")); }

  static Value read(const HttpResponse& response) {
    INFO(response.status << " " << response.body);
    auto parsed = parse_json(response.body);
    REQUIRE(parsed.has_value());
    return *parsed;
  }
  // The first element of `data` of the first result.
  static Value first(const Value& answer) { return answer.find("results")->list().at(0).find("data")->list().at(0); }

  int status = 0;
  std::vector<Header> headers_of_last;
};

std::string error_code(const Value& answer) {
  const List& errors = answer.find("errors")->list();
  return errors.empty() ? "none" : std::string(errors.front().find("code")->string());
}

std::string text_of(const Value& value, std::string_view member) {
  const Value* found = value.find(member);
  return found == nullptr ? "(absent)" : to_text(*found);
}

}  // namespace

TEST_CASE("a batch answers rows, their entities, statistics and a bookmark") {
  Fixture fixture;
  const Value answer = fixture.run("CREATE (a:A {x: $x})-[r:R {y: 2}]->(b) RETURN a, r, 1.5 AS z", R"(,"parameters":{"x":3},"includeStats":true)");
  CHECK(fixture.status == 200);
  CHECK(error_code(answer) == "none");
  const Value& result = answer.find("results")->list().at(0);
  CHECK(text_of(result, "columns") == "['a', 'r', 'z']");
  CHECK(text_of(Fixture::first(answer), "row") == "[{x: 3}, {y: 2}, 1.5]");
  const List& meta = Fixture::first(answer).find("meta")->list();
  REQUIRE(meta.size() == 3);
  CHECK(text_of(meta[0], "type") == "'node'");
  CHECK(text_of(meta[1], "type") == "'relationship'");
  CHECK(meta[0].find("elementId")->is(Type::String));
  CHECK(meta[2].is_null());
  CHECK(text_of(*result.find("stats"), "nodes_created") == "2");
  CHECK(text_of(*result.find("stats"), "relationship_deleted") == "0");
  CHECK(text_of(*result.find("stats"), "contains_updates") == "true");
  CHECK(answer.find("lastBookmarks")->list().size() == 1);
  CHECK(answer.find("commit") == nullptr);
}

TEST_CASE("rows as graphs hold each entity once") {
  Fixture fixture;
  fixture.run("CREATE (:A {x: 1})-[:R {y: 2}]->(:B)");
  const Value answer = fixture.run("MATCH p = (a)-[r]->(b) RETURN p, a, [r] AS rs", R"(,"resultDataContents":["GRAPH"])");
  const Value row = Fixture::first(answer);
  CHECK(row.find("row") == nullptr);
  const List& nodes = row.find("graph")->find("nodes")->list();
  const List& relationships = row.find("graph")->find("relationships")->list();
  REQUIRE(nodes.size() == 2);
  REQUIRE(relationships.size() == 1);
  CHECK(text_of(nodes[0], "labels") == "['A']");
  CHECK(text_of(nodes[0], "properties") == "{x: 1}");
  CHECK(text_of(relationships[0], "startNode") == text_of(nodes[0], "id"));
  CHECK(text_of(relationships[0], "endNodeElementId") == text_of(nodes[1], "elementId"));
  const Value both = Fixture::first(fixture.run("MATCH p = (a)-[r]->(b) RETURN p", R"(,"resultDataContents":["row","graph"])"));
  CHECK(text_of(both, "row") == "[[{x: 1}, {y: 2}, {}]]");
  CHECK(both.find("meta")->list().at(0).list().size() == 3);
  CHECK(both.find("graph") != nullptr);
}

TEST_CASE("points and temporal values have the forms that clients of this API read") {
  Fixture fixture;
  const Value row = Fixture::first(fixture.run("RETURN point({x: 1, y: 2}) AS p, date('2024-02-29') AS d, duration('P1D') AS u"));
  CHECK(text_of(row, "row") == "[{coordinates: [1.0, 2.0], crs: {name: 'cartesian', srid: 7203}, type: 'Point'}, '2024-02-29', 'P1D']");
  CHECK(text_of(row, "meta") == "[null, null, null]");
}

TEST_CASE("the statements of a batch succeed or fail together") {
  Fixture fixture;
  const Value fine = fixture.post("/db/neo4j/tx/commit", R"~({"statements":[{"statement":"CREATE (:A)"},{"statement":"MATCH (n) RETURN count(n) AS c"}]})~");
  CHECK(fine.find("results")->list().size() == 2);
  CHECK(fine.find("lastBookmarks") != nullptr);
  const Value failed = fixture.post("/db/neo4j/tx/commit",
                                    R"~({"statements":[{"statement":"CREATE (:A)"},{"statement":"RETURN 1/0"},{"statement":"CREATE (:A)"}]})~");
  CHECK(fixture.status == 200);
  CHECK(failed.find("results")->list().size() == 1);
  CHECK(error_code(failed) == "Neo.ClientError.Statement.ArithmeticError");
  CHECK(failed.find("lastBookmarks") == nullptr);
  CHECK(fixture.count() == "[1]");
  CHECK(to_text(*fixture.post("/db/neo4j/tx/commit", R"({"statements":[]})").find("results")) == "[]");
}

TEST_CASE("administration and batches of their own commits run alone") {
  Fixture fixture;
  CHECK(error_code(fixture.run("CREATE DATABASE shop")) == "none");
  CHECK(error_code(fixture.post("/db/shop/tx/commit", R"~({"statements":[{"statement":"CREATE (:Item)"}]})~")) == "none");
  CHECK(error_code(fixture.run("UNWIND [1, 2] AS x CALL (x) { CREATE (:N {x: x}) } IN TRANSACTIONS OF 1 ROW")) == "none");
  CHECK(fixture.count() == "[2]");
}

TEST_CASE("commands of a batch on the system database succeed or fail together") {
  Fixture fixture;
  const auto send = [&](const std::string& second) {
    return fixture.post("/db/system/tx/commit", R"({"statements":[{"statement":"CREATE DATABASE red"},{"statement":")" + second + "\"}]}");
  };
  CHECK(error_code(send("CREATE DATABASE red")) == "Neo.ClientError.Database.ExistingDatabaseFound");
  CHECK(error_code(fixture.post("/db/red/tx/commit", R"({"statements":[]})")) == "Neo.ClientError.Database.DatabaseNotFound");
  CHECK(error_code(send("CREATE ALIAS now FOR DATABASE red")) == "none");
  CHECK(error_code(fixture.post("/db/now/tx/commit", R"({"statements":[]})")) == "none");
}

TEST_CASE("what is wrong with a batch stands in its body") {
  Fixture fixture;
  CHECK(error_code(fixture.run("RETRUN 1")) == "Neo.ClientError.Statement.SyntaxError");
  CHECK(fixture.status == 200);
  CHECK(error_code(fixture.run("BEGIN")) == "Neo.ClientError.Transaction.ForbiddenDueToTransactionType");
  for (const std::string body : {"{", "[]", R"({"statements":1})", R"({"statements":[1]})", R"({"statements":[{}]})", R"({"other":1})",
                                 R"({"statements":[{"statement":"RETURN 1","resultDataContents":["table"]}]})"}) {
    CHECK(error_code(fixture.post("/db/neo4j/tx/commit", body)) == "Neo.ClientError.Request.InvalidFormat");
    CHECK(fixture.status == 400);
  }
  CHECK(error_code(fixture.run("RETURN 1", R"(,"resultDataContents":["rest"])")) == "Neo.ClientError.Statement.UnsupportedOperationError");
  CHECK(fixture.status == 501);
  CHECK(error_code(fixture.post("/db/nowhere/tx/commit", R"({"statements":[]})")) == "Neo.ClientError.Database.DatabaseNotFound");
  CHECK(fixture.status == 404);
  const std::string one = R"~({"statements":[{"statement":"CREATE (:A)"}]})~";
  CHECK(error_code(fixture.post("/db/neo4j/tx/commit", one, {{"Access-Mode", "READ"}})) == "Neo.ClientError.Statement.AccessMode");
  CHECK(error_code(fixture.post("/db/neo4j/tx/commit", one, {{"Access-Mode", "read"}})) == "Neo.ClientError.Request.InvalidFormat");
  CHECK(error_code(fixture.post("/db/neo4j/tx/commit", one, {{"Bookmarks", R"(["x"])"}})) == "Neo.ClientError.Transaction.InvalidBookmark");
  CHECK(fixture.send("POST", "/db/neo4j/tx/commit", one, {{"Accept", "application/vnd.neo4j.jolt-v2"}}).status == 406);
  CHECK(fixture.count() == "[0]");
}

TEST_CASE("a batch transaction lives between requests") {
  Fixture fixture;
  const std::string transaction = fixture.open(R"~({"statements":[{"statement":"CREATE (:A)"}]})~");
  bool has_location = false;
  for (const auto& [name, value] : fixture.headers_of_last) has_location |= name == "Location" && value == "http://localhost:7474" + transaction;
  CHECK(has_location);
  const Value inside = fixture.post(transaction, R"~({"statements":[{"statement":"MATCH (n) RETURN count(n)"}]})~");
  CHECK(fixture.status == 200);
  CHECK(text_of(Fixture::first(inside), "row") == "[1]");
  CHECK(inside.find("transaction")->find("expires")->string() == "Tue, 14 Nov 2023 22:14:20 GMT");
  CHECK(inside.find("lastBookmarks") == nullptr);
  CHECK(fixture.count() == "[0]");
  CHECK(fixture.post(transaction).find("commit") != nullptr);
  const Value committed = fixture.post(transaction + "/commit", R"~({"statements":[{"statement":"CREATE (:A)"}]})~");
  CHECK(committed.find("commit") == nullptr);
  CHECK(committed.find("lastBookmarks") != nullptr);
  CHECK(fixture.count() == "[2]");
  CHECK(error_code(fixture.post(transaction)) == "Neo.ClientError.Transaction.TransactionNotFound");
  CHECK(fixture.status == 404);
}

TEST_CASE("rollback, a failure and silence undo a batch transaction") {
  Fixture fixture;
  const std::string create = R"~({"statements":[{"statement":"CREATE (:A)"}]})~";
  const std::string rolled_back = fixture.open(create);
  CHECK(fixture.send("DELETE", rolled_back).body == R"({"results":[],"errors":[]})");
  CHECK(fixture.send("DELETE", rolled_back).status == 404);

  const std::string failed = fixture.open(create);
  const Value failure = fixture.post(failed, R"({"statements":[{"statement":"RETURN 1/0"}]})");
  CHECK(error_code(failure) == "Neo.ClientError.Statement.ArithmeticError");
  CHECK(failure.find("commit") == nullptr);
  CHECK(fixture.send("POST", failed + "/commit").status == 404);
  const Value never = fixture.post("/db/neo4j/tx", R"({"statements":[{"statement":"RETURN 1/0"}]})");
  CHECK(fixture.status == 201);
  CHECK(never.find("transaction") == nullptr);

  const std::string silent = fixture.open(create);
  fixture.clock.advance(TransactionTable::kIdleNanoseconds);
  CHECK(fixture.send("POST", silent + "/commit").status == 404);
  CHECK(fixture.send("DELETE", "/db/neo4j/tx/commit").status == 405);
  CHECK(fixture.count() == "[0]");
}

TEST_CASE("plans of batches have their operators' arguments among the members") {
  Fixture fixture;
  const Value answer = fixture.run("EXPLAIN MATCH (n:A) WHERE n.x > 1 RETURN n.x AS x");
  const Value* root = answer.find("results")->list().at(0).find("plan")->find("root");
  REQUIRE(root != nullptr);
  CHECK(root->find("operatorType")->is(Type::String));
  CHECK(root->find("args") == nullptr);
  CHECK(root->find("children")->is(Type::List));
}
