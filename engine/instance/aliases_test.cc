#include <atomic>
#include <thread>

#include "instance/alias_table.h"
#include "tests/support/catch.h"
#include "tests/support/test_instance.h"
#include "value/text.h"

using namespace nexus;
using namespace nexus::instance;

namespace {

Alias alias_named(std::string name, std::string target, std::string composite = {}) {
  Alias alias;
  alias.name = std::move(name);
  alias.target = std::move(target);
  alias.composite = std::move(composite);
  return alias;
}

std::string rows(Session& session, const std::string& text) {
  const Table table = test::must(query(session, text));
  std::string all;
  for (const List& row : table.rows) {
    for (const Value& value : row) all += to_text(value) + ";";
  }
  return all;
}

ErrorCode code_of(Session& session, const std::string& text) {
  const auto table = query(session, text);
  return table ? ErrorCode::Internal : table.error().code;
}

}  // namespace

TEST_CASE("the table of aliases knows them by name, target and composite database") {
  AliasTable table;
  table.put(alias_named("now", "red"));
  table.put(alias_named("garden.one", "red", "garden"));
  table.put(alias_named("garden.two", "blue", "garden"));
  table.put(alias_named("park.three", "blue"));
  CHECK(table.find("now")->target == "red");
  CHECK(table.find("then") == nullptr);
  CHECK(table.leading_to("red") == std::vector<std::string>{"garden.one", "now"});
  CHECK(table.constituents_of("garden") == std::vector<std::string>{"garden.one", "garden.two"});
  CHECK(table.shadowed_by("park")->name == "park.three");
  CHECK(table.shadowed_by("garden") == nullptr);
  CHECK(table.shadowed_by("par") == nullptr);
  table.put(alias_named("now", "blue"));
  CHECK(table.leading_to("red") == std::vector<std::string>{"garden.one"});
  table.rename_target("blue", "azure");
  CHECK_FALSE(table.leads_to("blue"));
  CHECK(table.leading_to("azure") == std::vector<std::string>{"garden.two", "now", "park.three"});
  table.erase("garden.one");
  CHECK_FALSE(table.leads_to("red"));
  CHECK(table.page("", 2).size() == 2);
  CHECK(table.page("now", 2).front().name == "park.three");
}

TEST_CASE("a remote alias leads to no database here") {
  AliasTable table;
  Alias far = alias_named("far", "red");
  far.url = "neo4j+s://example.com";
  table.put(far);
  CHECK(table.find("far")->is_remote());
  CHECK_FALSE(table.leads_to("red"));
}

TEST_CASE("TERMINATE TRANSACTIONS ends a statement that runs in another session") {
  test::TestInstance instance;
  const auto working = instance.session();
  const auto watching = instance.session();
  std::atomic<ErrorCode> outcome{ErrorCode::Internal};
  std::thread worker([&] {
    outcome = code_of(*working, "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b WITH a + b AS c "
                                "WHERE c < 0 RETURN count(c) AS n");
  });
  std::string message;
  while (message.empty()) {
    message = rows(*watching, "SHOW TRANSACTIONS YIELD transactionId AS id, currentQuery WHERE currentQuery "
                              "STARTS WITH 'UNWIND range' TERMINATE TRANSACTIONS id YIELD message RETURN message");
  }
  worker.join();
  CHECK(message == "'Transaction terminated.';");
  CHECK(outcome == ErrorCode::TransactionTerminated);
  CHECK(rows(*watching, "SHOW TRANSACTIONS YIELD database RETURN count(*) AS n") == "1;");
}

TEST_CASE("stopping a constituent ends the statement on the composite database") {
  test::TestInstance instance(InstanceSettings{.stop_grace_ms = 1});
  const auto admin = instance.session("system");
  test::must(query(*admin, "CREATE DATABASE red"));
  test::must(query(*admin, "CREATE COMPOSITE DATABASE garden"));
  test::must(query(*admin, "CREATE ALIAS garden.red FOR DATABASE red"));
  const auto working = instance.session("garden");
  test::must(query(*working, "BEGIN"));
  test::must(query(*working, "USE garden.red CREATE (:A)"));
  test::must(query(*admin, "STOP DATABASE red"));
  CHECK(code_of(*working, "USE garden.red CREATE (:B)") == ErrorCode::DatabaseUnavailable);
  test::must(query(*working, "ROLLBACK"));
  test::must(query(*admin, "START DATABASE red"));
  CHECK(rows(*working, "USE garden.red MATCH (n) RETURN count(n) AS n") == "0;");
}

TEST_CASE("dropping a composite database ends what runs there") {
  test::TestInstance instance(InstanceSettings{.stop_grace_ms = 1});
  const auto admin = instance.session("system");
  test::must(query(*admin, "CREATE COMPOSITE DATABASE garden"));
  test::must(query(*admin, "CREATE ALIAS garden.one FOR DATABASE neo4j"));
  const auto working = instance.session("garden");
  test::must(query(*working, "BEGIN"));
  test::must(query(*working, "USE garden.one CREATE (:A)"));
  test::must(query(*admin, "DROP COMPOSITE DATABASE garden CASCADE ALIASES"));
  CHECK(code_of(*working, "USE garden.one CREATE (:B)") == ErrorCode::DatabaseUnavailable);
  CHECK(rows(*admin, "SHOW TRANSACTIONS YIELD database WHERE database = 'neo4j' RETURN database") == "");
}

TEST_CASE("a client in read access cannot write through a composite database") {
  test::TestInstance instance;
  const auto admin = instance.session("system");
  test::must(query(*admin, "CREATE COMPOSITE DATABASE garden"));
  test::must(query(*admin, "CREATE ALIAS garden.one FOR DATABASE neo4j"));
  const auto reading = instance.session("garden");
  RunOptions options;
  options.access = AccessMode::Read;
  const auto refused = query(*reading, "USE garden.one CREATE (:A)", {}, options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::WriteInReadAccess);
  CHECK(query(*reading, "USE garden.one MATCH (n) RETURN count(n) AS n", {}, options).has_value());
}
