#include <algorithm>

#include "nexus/service.h"
#include "service/json.h"
#include "service/problem.h"
#include "service/routes.h"
#include "tests/support/catch.h"
#include "tests/support/http_fixture.h"
#include "value/text.h"

using namespace nexus;
using namespace nexus::service;

namespace {

struct Fixture : test::HttpFixture {
  using HttpFixture::HttpFixture;
  HttpResponse cypher(const std::string& statement, std::vector<Header> headers = {}) {
    std::string body = "{\"query\":";
    append_json_string(body, statement);
    return send("POST", "/api/v1/cypher", body + "}", std::move(headers));
  }
};

Value body_of(const HttpResponse& response) {
  auto value = parse_json(response.body);
  INFO(response.body);
  REQUIRE(value.has_value());
  return *value;
}

std::string member(const HttpResponse& response, std::string_view name) {
  const Value body = body_of(response);
  const Value* found = body.find(name);
  return found == nullptr ? "(absent)" : to_text(*found);
}

std::string header_of(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

TEST_CASE("a statement answers columns, rows and a summary") {
  Fixture fixture;
  const HttpResponse created = fixture.cypher("CREATE (n:Person {name: 'Ada'}) RETURN n.name AS name, 1.0 AS one");
  CHECK(created.status == 200);
  CHECK(member(created, "columns") == "['name', 'one']");
  CHECK(member(created, "rows") == "[['Ada', 1.0]]");
  CHECK(member(created, "database") == "'neo4j'");
  CHECK(created.body.find("\"nodesCreated\":1") != std::string::npos);
}

TEST_CASE("the root names the Bolt addresses where there is a listener") {
  Fixture without;
  CHECK(member(without.send("GET", "/"), "bolt_direct") == "(absent)");
  ServiceSettings settings;
  settings.bolt_address = "127.0.0.1:7687";
  Fixture fixture(std::move(settings));
  const HttpResponse root = fixture.send("GET", "/");
  CHECK(member(root, "bolt_direct") == "'bolt://127.0.0.1:7687'");
  CHECK(member(root, "bolt_routing") == "'neo4j://127.0.0.1:7687'");
}

TEST_CASE("parameters, database and access mode are honoured") {
  Fixture fixture;
  REQUIRE(fixture.send("POST", "/api/v1/databases", R"({"name":"shop"})").status == 201);
  const HttpResponse answer = fixture.send(
      "POST", "/api/v1/cypher", R"({"query":"RETURN $x + 1 AS y","parameters":{"x":41},"database":"shop"})");
  CHECK(member(answer, "rows") == "[[42]]");
  CHECK(member(answer, "database") == "'shop'");
  const HttpResponse refused =
      fixture.send("POST", "/api/v1/cypher", R"j({"query":"CREATE (:N)","accessMode":"READ"})j");
  CHECK(refused.status == 403);
  CHECK(member(refused, "title") == "'WriteInReadAccess'");
}

TEST_CASE("errors are problem documents with code, status and position") {
  Fixture fixture;
  const HttpResponse answer = fixture.cypher("RETURN\n  missing");
  CHECK(answer.status == 400);
  CHECK(header_of(answer, "Content-Type") == "application/problem+json");
  CHECK(member(answer, "code") == "'Neo.ClientError.Statement.SyntaxError'");
  CHECK(body_of(answer).find("position")->find("line")->integer() == 2);
  CHECK(fixture.cypher("USE nowhere RETURN 1").status == 404);
}

TEST_CASE("the life of a database over REST") {
  Fixture fixture;
  const HttpResponse created = fixture.send("POST", "/api/v1/databases", R"({"name":"Shop"})");
  CHECK(created.status == 201);
  CHECK(header_of(created, "Location") == "/api/v1/databases/shop");
  CHECK(member(created, "currentStatus") == "'online'");
  CHECK(fixture.send("POST", "/api/v1/databases", R"({"name":"shop"})").status == 409);
  CHECK(fixture.send("POST", "/api/v1/databases", R"({"name":"shop","ifNotExists":true})").status == 200);
  CHECK(fixture.send("POST", "/api/v1/databases", R"({"name":"../x"})").status == 422);
  CHECK(fixture.send("GET", "/api/v1/databases/SHOP").status == 200);
  CHECK(fixture.send("GET", "/api/v1/databases/nowhere").status == 404);
  const HttpResponse stopped = fixture.send("PATCH", "/api/v1/databases/shop", R"({"requestedStatus":"offline"})");
  CHECK(member(stopped, "currentStatus") == "'offline'");
  CHECK(fixture.send("POST", "/api/v1/cypher", R"({"query":"RETURN 1","database":"shop"})").status == 503);
  CHECK(fixture.send("PATCH", "/api/v1/databases/shop", R"({"requestedStatus":"online"})").status == 200);
  CHECK(fixture.send("DELETE", "/api/v1/databases/shop").status == 204);
  CHECK(fixture.send("DELETE", "/api/v1/databases/shop").status == 404);
  CHECK(fixture.send("DELETE", "/api/v1/databases/shop?ifExists=true").status == 204);
  CHECK(fixture.send("DELETE", "/api/v1/databases/system").status == 409);
}

TEST_CASE("copies, options, the trash and temporary databases over REST") {
  Fixture fixture;
  REQUIRE(fixture.send("POST", "/api/v1/databases", R"({"name":"shop","options":{"environment":"staging"}})").status == 201);
  CHECK(fixture.cypher("USE shop CREATE (:N)").status == 200);
  const HttpResponse copy = fixture.send("POST", "/api/v1/databases", R"({"name":"twin","copyOf":"shop"})");
  CHECK(copy.status == 201);
  CHECK(member(copy, "parent") == "'shop'");
  CHECK(member(copy, "nodeCount") == "1");
  CHECK(fixture.send("POST", "/api/v1/databases", R"({"name":"other","copyOf":"nowhere"})").status == 404);
  const HttpResponse changed = fixture.send("PATCH", "/api/v1/databases/shop",
                                            R"({"options":{"environment":null,"queryTimeout":"5s"}})");
  CHECK(member(changed, "options") == "{queryTimeout: 5000}");
  CHECK(fixture.send("PATCH", "/api/v1/databases/shop", R"({"options":{"a`b":1}})").status == 422);
  CHECK(member(fixture.send("PATCH", "/api/v1/databases/shop", R"({"name":"store"})"), "name") == "'store'");
  CHECK(fixture.send("DELETE", "/api/v1/databases/store").status == 204);
  CHECK(body_of(fixture.send("GET", "/api/v1/dropped")).find("databases")->list().size() == 1);
  CHECK(fixture.send("POST", "/api/v1/databases/nowhere/undrop", "{}").status == 404);
  const HttpResponse back = fixture.send("POST", "/api/v1/databases/store/undrop", R"({"name":"shop"})");
  CHECK(back.status == 200);
  CHECK(member(back, "name") == "'shop'");
  CHECK(fixture.send("DELETE", "/api/v1/databases/shop?destroyData=true").status == 204);
  CHECK(fixture.send("DELETE", "/api/v1/databases/twin?destroyData=true&dumpData=true").status == 400);
  CHECK(body_of(fixture.send("GET", "/api/v1/dropped")).find("databases")->list().empty());
  const HttpResponse temporary = fixture.send("POST", "/api/v1/databases", R"({"name":"scratch","temporary":true})");
  CHECK(temporary.status == 201);
  CHECK(member(temporary, "temporary") == "true");
  CHECK(member(temporary, "expiresAt") != "null");
  CHECK(fixture.cypher("USE scratch CREATE (:N)").status == 200);
}

TEST_CASE("a dump over REST comes back as a new database") {
  Fixture fixture;
  CHECK(fixture.cypher("UNWIND range(1, 100) AS i CREATE (:N {i: i})").status == 200);
  const HttpResponse dump = fixture.send("GET", "/api/v1/databases/neo4j/dump");
  REQUIRE(dump.status == 200);
  CHECK(header_of(dump, "Content-Type") == "application/vnd.nexus.dump");
  std::string bytes;
  while (dump.stream->next(bytes)) {
  }
  const std::vector<Header> type{{"Content-Type", "application/vnd.nexus.dump"}};
  const std::vector<Header> plain{{"Content-Type", "application/octet-stream"}};
  CHECK(fixture.send("PUT", "/api/v1/databases/neo4j/dump", bytes, type).status == 409);
  CHECK(fixture.send("PUT", "/api/v1/databases/again/dump", bytes.substr(0, bytes.size() - 1), type).status == 422);
  CHECK(fixture.send("PUT", "/api/v1/databases/again/dump", bytes, {{"Content-Type", "text/plain"}}).status == 415);
  const HttpResponse restored = fixture.send("PUT", "/api/v1/databases/again/dump", bytes, type);
  CHECK(restored.status == 201);
  CHECK(member(restored, "nodeCount") == "100");
  CHECK(fixture.send("PUT", "/api/v1/databases/third/dump", bytes, plain).status == 201);
  CHECK(fixture.send("GET", "/api/v1/databases/nowhere/dump").status == 404);
}

TEST_CASE("databases are listed page by page") {
  Fixture fixture;
  for (const char* name : {"aaa", "aab", "aac"}) {
    REQUIRE(fixture.send("POST", "/api/v1/databases", std::string("{\"name\":\"") + name + "\"}").status == 201);
  }
  const HttpResponse first = fixture.send("GET", "/api/v1/databases?limit=2&prefix=aa");
  CHECK(body_of(first).find("databases")->list().size() == 2);
  CHECK(member(first, "next") == "'aab'");
  const HttpResponse second = fixture.send("GET", "/api/v1/databases?limit=2&prefix=aa&after=aab");
  CHECK(body_of(second).find("databases")->list().size() == 1);
  CHECK(member(second, "next") == "null");
  CHECK(fixture.send("GET", "/api/v1/databases?limit=0").status == 400);
  CHECK(fixture.send("GET", "/api/v1/databases?colour=red").status == 400);
}

TEST_CASE("a session remembers its database, and belongs to its user") {
  ServiceSettings settings;
  settings.authentication = true;
  settings.accounts = {{"ada", "secret"}, {"bob", "secret"}};
  Fixture fixture(settings);
  const Header ada{"Authorization", "Basic YWRhOnNlY3JldA=="};
  const Header bob{"Authorization", "Basic Ym9iOnNlY3JldA=="};
  CHECK(fixture.send("POST", "/api/v1/session").status == 401);
  CHECK(fixture.send("POST", "/api/v1/session", {}, {{"Authorization", "Basic YWRhOndyb25n"}}).status == 401);
  REQUIRE(fixture.send("POST", "/api/v1/databases", R"({"name":"shop"})", {ada}).status == 201);
  const HttpResponse opened = fixture.send("POST", "/api/v1/session", {}, {ada});
  REQUIRE(opened.status == 201);
  CHECK(header_of(opened, "Set-Cookie").find("HttpOnly; SameSite=Strict") != std::string::npos);
  const Header token{"Nexus-Session", header_of(opened, "Nexus-Session")};
  CHECK(fixture.send("PUT", "/api/v1/session/database", R"({"name":"shop"})", {ada, token}).status == 200);
  CHECK(member(fixture.cypher("RETURN 1 AS one", {ada, token}), "database") == "'shop'");
  CHECK(member(fixture.cypher(":USE neo4j", {ada, token}), "database") != "(absent)");
  CHECK(member(fixture.send("GET", "/api/v1/session/database", {}, {ada, token}), "database") == "'neo4j'");
  CHECK(fixture.send("GET", "/api/v1/session/database", {}, {bob, token}).status == 404);
  CHECK(fixture.send("PUT", "/api/v1/session/database", R"({"name":"nowhere"})", {ada, token}).status == 404);
  fixture.clock.advance(31LL * 60 * 1'000'000'000);
  CHECK(fixture.send("GET", "/api/v1/session", {}, {ada, token}).status == 404);
  // Not on the default database, which is not the one the client means.
  CHECK(fixture.cypher("CREATE (:Lost)", {ada, token}).status == 404);
  CHECK(fixture.cypher("RETURN 1 AS one", {ada}).status == 200);
}

TEST_CASE("switching without a session says how to get one") {
  Fixture fixture;
  const HttpResponse answer = fixture.cypher(":USE system");
  CHECK(answer.status == 404);
  CHECK(member(answer, "detail").find("POST /api/v1/session") != std::string::npos);
  CHECK(fixture.cypher("BEGIN").status == 400);
}

TEST_CASE("an unknown outcome is the server's failure, not the client's") {
  CHECK(http_status(ErrorCode::CommitOutcomeUnknown) == 500);
  CHECK(http_status(ErrorCode::TransactionConflict) == 409);
}

TEST_CASE("rows stream as lines, and a late failure is the last line") {
  Fixture fixture;
  const Header lines{"Accept", "application/x-ndjson"};
  HttpResponse answer = fixture.cypher("UNWIND range(1, 5000) AS i RETURN i", {lines});
  REQUIRE(answer.stream);
  std::string text;
  std::size_t largest = 0;
  for (std::size_t before = 0; answer.stream->next(text); before = text.size()) largest = std::max(largest, text.size() - before);
  CHECK(std::count(text.begin(), text.end(), '\n') == 5002);
  CHECK(largest < 20'000);
  HttpResponse failing = fixture.cypher("UNWIND range(1500, 0, -1) AS i RETURN 1 / i AS x", {lines});
  REQUIRE(failing.stream);
  text.clear();
  while (failing.stream->next(text)) {}
  CHECK(text.find("{\"error\":{") != std::string::npos);
  CHECK(text.find("DivisionByZero") != std::string::npos);
}

TEST_CASE("what is not understood is refused") {
  Fixture fixture;
  CHECK(fixture.send("GET", "/nothing").status == 404);
  const HttpResponse method = fixture.send("PUT", "/api/v1/databases");
  CHECK(method.status == 405);
  CHECK(header_of(method, "Allow") == "GET, POST");
  CHECK(fixture.send("POST", "/api/v1/cypher", "query=1", {{"Content-Type", "text/plain"}}).status == 415);
  CHECK(fixture.send("POST", "/api/v1/cypher", "{").status == 400);
  CHECK(fixture.send("POST", "/api/v1/cypher", R"({"query":1})").status == 400);
  CHECK(fixture.send("POST", "/api/v1/cypher", R"({"query":"RETURN 1","colour":1})").status == 400);
  CHECK(fixture.send("POST", "/api/v1/cypher", R"({"query":"RETURN 1","query":"RETURN 2"})").status == 400);
  CHECK(fixture.send("GET", "/api/v1/databases/a%2Fb").status == 400);
  CHECK(fixture.send("GET", "/api/v1/databases/%00").status == 400);
  CHECK(fixture.send("GET", "/api/v1/databases/%zz").status == 400);
  CHECK(fixture.cypher("RETURN " + std::string(100, '(') + "1" + std::string(100, ')')).status == 200);
  CHECK(fixture.cypher("RETURN " + std::string(100'000, '(') + "1").status == 400);
  CHECK(fixture.cypher("RETURN '" + std::string(10'000'000, 'x') + "'").status == 400);
}

TEST_CASE("foreign hosts and origins are refused") {
  Fixture fixture;
  HttpRequest request{"GET", "/api/v1/info", {{"Host", "evil.example"}}, {}, {}};
  CHECK(fixture.service->handle(request).status == 403);
  CHECK(fixture.send("GET", "/api/v1/info", {}, {{"Origin", "https://evil.example"}}).status == 403);
  CHECK(fixture.send("GET", "/api/v1/info", {}, {{"Origin", "http://localhost:3000"}}).status == 200);
  CHECK(fixture.send("GET", "/api/v1/info", {}, {{"Origin", "null"}}).status == 403);
}

TEST_CASE("health, metrics, discovery and draining") {
  Fixture fixture;
  for (const char* path : {"/", "/health/live", "/health/ready", "/api/v1/info", "/api/v1/openapi.json"}) {
    INFO(path);
    CHECK(fixture.send("GET", path).status == 200);
  }
  CHECK(fixture.send("GET", "/metrics").body.find("nexus_databases{state=\"online\"} 2") != std::string::npos);
  fixture.service->start_draining();
  CHECK(fixture.cypher("RETURN 1").status == 503);
  CHECK(fixture.send("GET", "/health/live").status == 200);
  CHECK(fixture.send("GET", "/health/ready").status == 503);
}

TEST_CASE("the OpenAPI document is JSON and names every route") {
  Fixture fixture;
  const Value document = body_of(fixture.send("GET", "/api/v1/openapi.json"));
  std::size_t operations = 0;
  for (const auto& [path, methods] : document.find("paths")->map()) operations += methods.map().size();
  CHECK(operations == routes().size());
}

TEST_CASE("the life of an alias over REST") {
  Fixture fixture;
  REQUIRE(fixture.send("POST", "/api/v1/databases", R"({"name":"red"})").status == 201);
  REQUIRE(fixture.send("POST", "/api/v1/databases", R"({"name":"blue"})").status == 201);
  const HttpResponse made = fixture.send("PUT", "/api/v1/aliases/Now", R"({"target":"red","properties":{"a":1}})");
  CHECK(made.status == 201);
  CHECK(member(made, "name") == "'now'");
  CHECK(member(made, "target") == "'red'");
  CHECK(member(made, "location") == "'local'");
  CHECK(member(made, "properties") == "{a: 1}");
  CHECK(fixture.send("PUT", "/api/v1/aliases/now", R"({"target":"blue"})").status == 200);
  CHECK(member(fixture.send("GET", "/api/v1/aliases/NOW"), "target") == "'blue'");
  CHECK(member(fixture.send("GET", "/api/v1/databases/now"), "name") == "'blue'");
  CHECK(member(fixture.send("GET", "/api/v1/databases/blue"), "aliases") == "['now']");
  CHECK(fixture.send("GET", "/api/v1/aliases").body.find("\"name\":\"now\"") != std::string::npos);
  const HttpResponse answer =
      fixture.send("POST", "/api/v1/cypher", R"({"query":"RETURN 1 AS one","database":"now"})");
  CHECK(member(answer, "database") == "'blue'");
  CHECK(fixture.send("PUT", "/api/v1/session/database", R"({"name":"now"})").status == 200);
  CHECK(fixture.send("DELETE", "/api/v1/databases/now").status == 404);
  CHECK(fixture.send("DELETE", "/api/v1/databases/blue").status == 409);
  CHECK(fixture.send("DELETE", "/api/v1/aliases/now").status == 204);
  CHECK(fixture.send("DELETE", "/api/v1/aliases/now").status == 404);
  CHECK(fixture.send("GET", "/api/v1/aliases/now").status == 404);
}

TEST_CASE("aliases over REST refuse what CREATE ALIAS refuses") {
  Fixture fixture;
  CHECK(fixture.send("PUT", "/api/v1/aliases/now", R"({"target":"nowhere"})").status == 404);
  CHECK(fixture.send("PUT", "/api/v1/aliases/neo4j", R"({"target":"neo4j"})").status == 409);
  CHECK(fixture.send("PUT", "/api/v1/aliases/_x", R"({"target":"neo4j"})").status == 422);
  CHECK(fixture.send("PUT", "/api/v1/aliases/now", R"({"to":"neo4j"})").status == 400);
  CHECK(fixture.send("PUT", "/api/v1/aliases/now", R"({})").status == 400);
  REQUIRE(fixture.send("PUT", "/api/v1/aliases/now", R"({"target":"neo4j"})").status == 201);
  CHECK(fixture.send("PUT", "/api/v1/aliases/then", R"({"target":"now"})").status == 409);
  CHECK(fixture.send("DELETE", "/api/v1/databases/neo4j?cascadeAliases=true").status == 409);
}

TEST_CASE("the default database moves over REST once the old one is stopped") {
  Fixture fixture;
  REQUIRE(fixture.send("POST", "/api/v1/databases", R"({"name":"red"})").status == 201);
  CHECK(fixture.send("PATCH", "/api/v1/databases/red", R"({"default":true})").status == 409);
  REQUIRE(fixture.send("PATCH", "/api/v1/databases/neo4j", R"({"requestedStatus":"offline"})").status == 200);
  CHECK(member(fixture.send("PATCH", "/api/v1/databases/red", R"({"default":true})"), "default") == "true");
}
