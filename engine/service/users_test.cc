// The users of the instance over HTTP: who is let in, what they find, and what nobody finds of another.
#include "service/problem.h"
#include "service/json.h"
#include "service/routes.h"
#include "tests/support/catch.h"
#include "tests/support/fake_passwords.h"
#include "tests/support/http_fixture.h"
#include "value/text.h"

using namespace nexus;
using namespace nexus::service;
using test::must;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr const char* kPassword = "secret123";

std::string base64(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) bits = bits << 8 | (at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u);
    for (std::size_t i = 0; i < 4; ++i) out += at + i > text.size() ? '=' : kDigits[bits >> (18 - 6 * i) & 63];
  }
  return out;
}

Header basic(std::string_view user, std::string_view password = kPassword) {
  return {"Authorization", "Basic " + base64(std::string(user) + ':' + std::string(password))};
}

ServiceSettings guarded(std::vector<ServiceSettings::Account> accounts = {}) {
  ServiceSettings settings;
  settings.authentication = true;
  settings.accounts = std::move(accounts);
  return settings;
}

std::vector<ServiceSettings::Account> account(const std::string& user) { return {{user, "hostpassword"}}; }

struct Fixture {
  explicit Fixture(std::vector<ServiceSettings::Account> accounts = {}) : http(guarded(std::move(accounts)), &passwords) {
    for (const char* command : {"CREATE DATABASE red", "CREATE DATABASE blue", "CREATE ROLE reds", "GRANT ACCESS ON DATABASE red TO reds"}) admin(command);
  }
  void admin(const std::string& command) { must(query(*http.instance.session("system"), command)); }
  void user(const std::string& name, const std::string& roles = "") {
    admin("CREATE USER " + name + " SET PASSWORD 'secret123' CHANGE NOT REQUIRED");
    if (!roles.empty()) admin("GRANT ROLE " + roles + " TO " + name);
  }
  HttpResponse cypher(const Header& who, const std::string& statement, std::vector<Header> headers = {}) {
    std::string body = "{\"query\":";
    append_json_string(body, statement);
    headers.push_back(who);
    return http.send("POST", "/api/v1/cypher", body + "}", std::move(headers));
  }
  HttpResponse get(const Header& who, const std::string& path) { return http.send("GET", path, {}, {who}); }

  test::FakePasswords passwords;
  test::HttpFixture http;
};

std::string member(const HttpResponse& response, std::string_view name) {
  const auto body = parse_json(response.body);
  INFO(response.body);
  REQUIRE(body.has_value());
  const Value* found = body->find(name);
  return found == nullptr ? "(absent)" : to_text(*found);
}

std::string header_of(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

// "403 Forbidden", "200".
std::string outcome(const HttpResponse& response) {
  if (response.status < 400) return std::to_string(response.status);
  const std::string title = member(response, "title");
  return std::to_string(response.status) + " " + title.substr(1, title.size() - 2);
}

}  // namespace

TEST_CASE("a user logs in with the right password, and nobody else does") {
  Fixture fixture;
  fixture.user("ada");
  const HttpResponse info = fixture.get(basic("ada"), "/api/v1/info");
  CHECK(outcome(info) == "200");
  CHECK(member(info, "user") == "'ada'");
  const Header strangers[] = {basic("ada", "wrong"), basic("bob"), basic(""), basic("", ""), {"Authorization", "Basic"}, {"Authorization", "Basic !!!"},
                              {"Authorization", "Bearer secret123"}, {"Authorization", "Basic " + base64("ada")}, {"X-Nothing", ""}};
  for (const Header& stranger : strangers) {
    CAPTURE(stranger.second);
    const HttpResponse refused = fixture.cypher(stranger, "CREATE (:Forbidden)");
    CHECK(outcome(refused) == "401 Unauthorized");
    CHECK(header_of(refused, "WWW-Authenticate") == "Basic realm=\"nexus\"");
  }
  CHECK(member(fixture.cypher(basic("ada"), "RETURN 1 AS x"), "rows") == "[[1]]");
}

TEST_CASE("a page's script is refused with a challenge that no browser answers by itself") {
  Fixture fixture;
  const auto challenge = [&](const char* mode) {
    const HttpResponse refused = fixture.get(*mode == '\0' ? Header{"X-Nothing", ""} : Header{"Sec-Fetch-Mode", mode}, "/api/v1/info");
    CHECK(refused.status == 401);
    return header_of(refused, "WWW-Authenticate");
  };
  CHECK(challenge("") == "Basic realm=\"nexus\"");
  CHECK(challenge("navigate") == "Basic realm=\"nexus\"");
  for (const char* mode : {"cors", "same-origin", "no-cors"}) CHECK(challenge(mode) == "PageBasic realm=\"nexus\"");
}

TEST_CASE("what cannot be a login costs no hash, and a right password costs one once") {
  Fixture fixture;
  fixture.user("ada");
  const int before = fixture.passwords.slow;
  for (const Header& header : {basic(""), basic(std::string(2'000, 'a')), Header{"Authorization", "Basic ???"}, Header{"Authorization", "Bearer secret123"}}) {
    CHECK(outcome(fixture.get(header, "/api/v1/info")) == "401 Unauthorized");
  }
  CHECK(fixture.passwords.slow == before);
  for (int at = 0; at < 5; ++at) CHECK(outcome(fixture.get(basic("ada"), "/api/v1/info")) == "200");
  CHECK(fixture.passwords.slow == before + 1);
}

TEST_CASE("after three wrong passwords a name waits five seconds, and others do not") {
  Fixture fixture;
  fixture.user("ada");
  fixture.user("bob");
  for (int at = 0; at < 3; ++at) CHECK(outcome(fixture.get(basic("ada", "wrong"), "/api/v1/info")) == "401 Unauthorized");
  const HttpResponse refused = fixture.get(basic("ada"), "/api/v1/info");
  CHECK(outcome(refused) == "429 TooManyLogins");
  CHECK(header_of(refused, "Retry-After") == "5");
  CHECK(member(refused, "code") == "'Neo.ClientError.Security.AuthenticationRateLimit'");
  CHECK(outcome(fixture.get(basic("bob"), "/api/v1/info")) == "200");
  fixture.http.instance.clock().advance(5 * kSecond);
  CHECK(outcome(fixture.get(basic("ada"), "/api/v1/info")) == "200");
}

TEST_CASE("an instance without users lets in the accounts of the host alone") {
  test::HttpFixture http(guarded({{"ada", kPassword}}));
  CHECK(outcome(http.send("GET", "/api/v1/info", {}, {basic("ada")})) == "200");
  for (int at = 0; at < 5; ++at) {
    CHECK(outcome(http.send("GET", "/api/v1/info", {}, {basic("ada", "wrong")})) == "401 Unauthorized");
    CHECK(outcome(http.send("GET", "/api/v1/info", {}, {basic("bob")})) == "401 Unauthorized");
  }
}

TEST_CASE("who may use one database finds it, and of the other nothing") {
  Fixture fixture(account("root"));
  fixture.user("ada", "reds");
  const Header ada = basic("ada");
  const Header root = basic("root", "hostpassword");
  CHECK(member(fixture.get(root, "/api/v1/databases?prefix=b"), "databases").find("'blue'") != std::string::npos);
  CHECK(member(fixture.get(ada, "/api/v1/databases"), "databases").find("'blue'") == std::string::npos);
  CHECK(member(fixture.get(ada, "/api/v1/databases"), "databases").find("'red'") != std::string::npos);
  CHECK(outcome(fixture.get(ada, "/api/v1/databases/red")) == "200");
  CHECK(outcome(fixture.get(root, "/api/v1/databases/blue")) == "200");
  // The same answers as for a name that was never used.
  const auto answers = [&](std::string name) {
    const std::string path = "/api/v1/databases/" + name;
    const auto send = [&](const char* method, const std::string& target, const std::string& body = {}) {
      const HttpResponse answer = fixture.http.send(method, target, body, {ada});
      return std::to_string(answer.status) + " " + answer.body + "\n";
    };
    std::string all = send("GET", path) + send("GET", path + "/dump") + send("DELETE", path) + send("POST", path + "/undrop", "{}") +
                      send("PATCH", path, R"({"access":"read-only"})") + send("POST", "/db/" + name + "/query/v2/tx") +
                      send("POST", "/db/" + name + "/tx/commit", R"({"statements":[]})") +
                      send("POST", "/api/v1/session", "{\"database\":\"" + name + "\"}") +
                      send("PUT", "/api/v1/session/database", "{\"name\":\"" + name + "\"}") +
                      send("PUT", "/api/v1/aliases/other", "{\"target\":\"" + name + "\"}") +
                      send("POST", "/api/v1/cypher", "{\"query\":\"RETURN 1\",\"database\":\"" + name + "\"}") +
                      send("POST", "/api/v1/cypher", "{\"query\":\"USE " + name + " MATCH (n) RETURN n\"}");
    for (std::size_t at = 0; (at = all.find(name)) != std::string::npos;) all.replace(at, name.size(), "?");
    return all;
  };
  CHECK(answers("blue") == answers("nowhere"));
  const std::string of_blue = answers("blue");
  CHECK(of_blue.substr(0, 4) == "404 ");
  for (std::size_t line = 0, end = 0; (end = of_blue.find('\n', line)) != std::string::npos; line = end + 1) {
    const std::string answer = of_blue.substr(line, end - line);
    CAPTURE(answer);
    CHECK((answer.find("\"Forbidden\"") != std::string::npos || answer.find("NotFound\"") != std::string::npos));
  }
  CHECK(outcome(fixture.cypher(ada, "CREATE (:N)")) == "403 Forbidden");
  CHECK(outcome(fixture.cypher(root, "USE blue RETURN 1")) == "200");
}

TEST_CASE("sessions and transactions belong to who opened them, not to a name") {
  Fixture fixture(account("ada"));
  fixture.user("ada", "reds");
  fixture.user("bob", "reds");
  const Header ada = basic("ada");
  const HttpResponse opened = fixture.http.send("POST", "/api/v1/session", R"({"database":"red"})", {ada});
  REQUIRE(outcome(opened) == "201");
  const Header session{"Nexus-Session", header_of(opened, "Nexus-Session")};
  const HttpResponse begun = fixture.http.send("POST", "/db/red/query/v2/tx", "", {ada});
  REQUIRE(outcome(begun) == "202");
  const auto begun_body = parse_json(begun.body);
  REQUIRE(begun_body);
  const std::string transaction = "/db/red/query/v2/tx/" + std::string(begun_body->find("transaction")->find("id")->string());
  const auto find = [&](const Header& who) {
    return std::to_string(fixture.http.send("GET", "/api/v1/session", {}, {who, session}).status) + " " +
           std::to_string(fixture.http.send("POST", transaction, {}, {who}).status);
  };
  CHECK(find(ada) == "200 202");
  CHECK(find(basic("ada", "hostpassword")) == "404 404");
  CHECK(find(basic("bob")) == "404 404");
  // Of the same person under a new name.
  fixture.admin("RENAME USER ada TO adele");
  CHECK(find(basic("adele")) == "200 202");
  CHECK(fixture.http.send("GET", "/api/v1/session", {}, {ada, session}).status == 401);
  // Another person under the old name.
  fixture.user("ada", "reds");
  CHECK(find(ada) == "404 404");
  fixture.admin("DROP USER adele");
  CHECK(find(basic("adele")) == "401 401");
}

TEST_CASE("a transaction ends to be one's own when the user is dropped or suspended") {
  Fixture fixture;
  for (const char* end : {"ALTER USER ada SET STATUS SUSPENDED", "DROP USER ada"}) {
    fixture.admin("CREATE OR REPLACE USER ada SET PASSWORD 'secret123' CHANGE NOT REQUIRED");
    fixture.admin("GRANT ROLE admin TO ada");
    const HttpResponse opened = fixture.http.send("POST", "/api/v1/session", "{}", {basic("ada")});
    REQUIRE(outcome(opened) == "201");
    CHECK(outcome(fixture.cypher(basic("ada"), "RETURN 1", {{"Nexus-Session", header_of(opened, "Nexus-Session")}})) == "200");
    fixture.admin(end);
    CHECK(outcome(fixture.cypher(basic("ada"), "RETURN 1", {{"Nexus-Session", header_of(opened, "Nexus-Session")}})) == "401 Unauthorized");
  }
}

TEST_CASE("a password that must change lets in to change it, and to nothing else") {
  Fixture fixture;
  fixture.admin("CREATE USER ada SET PASSWORD 'secret123'");
  fixture.admin("GRANT ROLE admin TO ada");
  const HttpResponse refused = fixture.cypher(basic("ada"), "MATCH (n) RETURN n");
  CHECK(outcome(refused) == "403 CredentialsExpired");
  CHECK(member(refused, "detail").find("ALTER CURRENT USER") != std::string::npos);
  CHECK(outcome(fixture.http.send("DELETE", "/api/v1/databases/red", {}, {basic("ada")})) == "403 CredentialsExpired");
  for (const char* path : {"/api/v1/databases", "/api/v1/databases/red", "/api/v1/databases/red/dump", "/api/v1/dropped", "/api/v1/aliases"}) {
    CAPTURE(path);
    CHECK(outcome(fixture.get(basic("ada"), path)) == "403 CredentialsExpired");
  }
  CHECK(outcome(fixture.cypher(basic("ada"), "ALTER CURRENT USER SET PASSWORD FROM 'secret123' TO 'secret456'")) == "200");
  CHECK(outcome(fixture.get(basic("ada"), "/api/v1/info")) == "401 Unauthorized");
  CHECK(outcome(fixture.cypher(basic("ada", "secret456"), "MATCH (n) RETURN n")) == "200");
}

TEST_CASE("a request that names no database means the home database of who asks") {
  Fixture fixture(account("root"));
  fixture.user("ada", "reds");
  fixture.admin("ALTER USER ada SET HOME DATABASE red");
  CHECK(member(fixture.cypher(basic("ada"), "RETURN 1"), "database") == "'red'");
  CHECK(member(fixture.get(basic("ada"), "/api/v1/databases"), "default") == "'red'");
  CHECK(member(fixture.get(basic("ada"), "/api/v1/info"), "defaultDatabase") == "'red'");
  CHECK(member(fixture.get(basic("root", "hostpassword"), "/api/v1/databases"), "default") == "'neo4j'");
}

TEST_CASE("the description of the API says what logging in can end with") {
  const auto document = parse_json(openapi_document("1"));
  REQUIRE(document);
  int guarded_routes = 0;
  for (const Route& route : routes()) {
    std::string method(route.method);
    for (char& c : method) c = static_cast<char>(c | 0x20);
    const Value* responses = document->find("paths")->find(route.pattern)->find(method)->find("responses");
    CAPTURE(route.pattern, route.method);
    for (const char* status : {"401", "403", "429"}) CHECK((responses->find(status) != nullptr) == route.needs_user);
    guarded_routes += route.needs_user ? 1 : 0;
  }
  CHECK(guarded_routes > 20);
}
