// The errors that have to do with many databases and that need the wire; the others, and how they are chosen:
// engine/instance/error_rows_test.cc.
#include "nexus/service.h"
#include "service/transaction_table.h"
#include "tests/support/bolt_fixture.h"
#include "tests/support/catch.h"
#include "tests/support/http_fixture.h"

using namespace nexus;
using namespace nexus::service;

namespace {

void check(const HttpResponse& response, int status, std::string_view code, std::string_view gql) {
  INFO(response.status << " " << response.body);
  CHECK(response.status == status);
  CHECK(response.body.find("\"code\":\"Neo." + std::string(code) + '"') != std::string::npos);
  CHECK(response.body.find("\"gqlStatus\":\"" + std::string(gql) + '"') != std::string::npos);
}

}  // namespace

TEST_CASE("what HTTP refuses has its Neo4j status and its GQLSTATUS") {
  test::HttpFixture fixture;
  const std::string one = R"({"statement":"RETURN 1"})";
  check(fixture.send("POST", "/db/x/query/v2", one), 404, "ClientError.Database.DatabaseNotFound", "22N51");
  check(fixture.send("POST", "/db/neo4j/query/v2", R"({"statement":"RETURN 1","bookmarks":["x"]})"), 400,
        "ClientError.Transaction.InvalidBookmark", "08N12");
  check(fixture.send("POST", "/db/neo4j/query/v2/tx/0", one), 404, "ClientError.Transaction.TransactionNotFound", "25N04");
  for (std::size_t at = 0; at < TransactionTable::kTransactionsMax; ++at) {
    REQUIRE(fixture.send("POST", "/db/neo4j/query/v2/tx").status == 202);
  }
  check(fixture.send("POST", "/db/neo4j/query/v2/tx"), 429, "TransientError.Transaction.MaximumTransactionLimitReached", "51N74");

  ServiceSettings settings;
  settings.authentication = true;
  settings.accounts = {{"ada", "secret-1"}};
  test::HttpFixture guarded(settings);
  check(guarded.send("POST", "/db/neo4j/query/v2", one), 401, "ClientError.Security.Unauthorized", "42NFC");
}

TEST_CASE("what Bolt refuses has its Neo4j status and its GQLSTATUS") {
  bolt_test::Server server;
  bolt_test::Client client(server);
  client.start();
  const auto check_last = [&client](std::string_view code, std::string_view gql) {
    CHECK(client.answer() == "FAILURE Neo." + std::string(code));
    CHECK(client.member("gql_status") == "'" + std::string(gql) + "'");
    client.reset();
    client.answers();
  };
  client.route("x");
  check_last("ClientError.Database.DatabaseNotFound", "22N51");
  client.begin({{"db", Value::string("x")}});
  check_last("ClientError.Database.DatabaseNotFound", "22N51");
  client.begin({{"bookmarks", Value::list({Value::string("x")})}});
  check_last("ClientError.Transaction.InvalidBookmark", "08N12");
}
