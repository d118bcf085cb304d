// The errors that have to do with many databases, as clients of Neo4j know them: each situation with its
// Neo4j status and its GQLSTATUS, provoked. What needs the wire (accounts, bookmarks, too many open
// transactions) is walked through in engine/service/error_rows_test.cc.
//
// Not here, for this server never says it: 51N27 (there is one edition), 08N13 (a commit is visible before its
// bookmark is out, so nobody waits for one), 08N00 to 08N05 (one server, nothing is routed), 50N00 and 51N41
// (administration is complete when it answers, so what fails is said by the command).
#include "tests/support/catch.h"
#include "tests/support/test_instance.h"
#include "vfs/fault_vfs.h"

using namespace nexus;
using test::must;
using test::TestInstance;

namespace {

struct Row {
  const char* situation;
  std::vector<const char*> before;  // All of them succeed.
  const char* statement;            // This one does not.
  const char* status;               // Without "Neo.".
  const char* gql;
};

// On a session on neo4j.
const std::vector<Row>& rows() {
  static const std::vector<Row> kRows{
      // Databases that are not there, not running, or there already.
      {"a session on an unknown database", {}, ":USE x", "ClientError.Database.DatabaseNotFound", "22N51"},
      {"DROP of an unknown database", {}, "DROP DATABASE x", "ClientError.Database.DatabaseNotFound", "42N00"},
      {"START of an unknown database", {}, "START DATABASE x", "ClientError.Database.DatabaseNotFound", "42N00"},
      {"STOP of an unknown database", {}, "STOP DATABASE x", "ClientError.Database.DatabaseNotFound", "42N00"},
      {"ALTER of an unknown database", {}, "ALTER DATABASE x SET ACCESS READ ONLY",
       "ClientError.Database.DatabaseNotFound", "42N00"},
      {"USE of an unknown graph", {}, "USE x RETURN 1", "ClientError.Database.DatabaseNotFound", "42N00"},
      {"an alias for an unknown database", {}, "CREATE ALIAS a FOR DATABASE x",
       "ClientError.Database.DatabaseNotFound", "42N00"},
      {"an unknown alias", {}, "DROP ALIAS a FOR DATABASE", "ClientError.Database.DatabaseNotFound", "42N00"},
      {"a stopped database", {"CREATE DATABASE red", "STOP DATABASE red"}, "USE red RETURN 1",
       "TransientError.General.DatabaseUnavailable", "08N09"},
      {"a database that exists", {"CREATE DATABASE red"}, "CREATE DATABASE red",
       "ClientError.Database.ExistingDatabaseFound", "42N11"},
      {"an alias that exists", {"CREATE ALIAS a FOR DATABASE neo4j"}, "CREATE ALIAS a FOR DATABASE neo4j",
       "ClientError.Database.ExistingDatabaseFound", "42N11"},
      {"a database with aliases", {"CREATE DATABASE red", "CREATE ALIAS a FOR DATABASE red"}, "DROP DATABASE red",
       "ClientError.Database.ExistingAliasFound", "42N82"},
      {"a chain of aliases", {"CREATE ALIAS a FOR DATABASE neo4j"}, "CREATE ALIAS b FOR DATABASE a",
       "ClientError.Database.IllegalAliasChain", "08N14"},
      {"the limit", {"CREATE DATABASE one", "CREATE DATABASE two"}, "CREATE DATABASE three",
       "DatabaseError.Database.DatabaseLimitReached", "51N55"},
      // What a command may not say.
      {"a name that is none", {}, "CREATE DATABASE `_x`", "ClientError.Statement.SyntaxError", "22N82"},
      {"an alias' name that is none", {}, "CREATE ALIAS `_x` FOR DATABASE neo4j",
       "ClientError.Statement.SyntaxError", "22N82"},
      {"the system database", {}, "STOP DATABASE system", "ClientError.General.InvalidArguments", "51N69"},
      {"the default database", {}, "DROP DATABASE neo4j", "ClientError.General.InvalidArguments", "51N69"},
      {"a default database that runs", {"CREATE DATABASE red", ":USE system"}, "CALL dbms.setDefaultDatabase('red')",
       "ClientError.General.InvalidArguments", "51N49"},
      {"a command on another database", {}, "USE neo4j CREATE DATABASE red",
       "ClientError.Statement.NotSystemDatabaseError", "51N28"},
      {"data on the system database", {}, "USE system MATCH (n) RETURN n",
       "ClientError.Statement.SyntaxError", "42N17"},
      {"primaries", {}, "CREATE DATABASE red TOPOLOGY 12 PRIMARIES", "ClientError.General.InvalidArguments", "51N52"},
      {"secondaries", {}, "ALTER DATABASE neo4j SET TOPOLOGY 1 PRIMARY 21 SECONDARIES",
       "ClientError.General.InvalidArguments", "51N53"},
      {"a cluster", {}, "CREATE DATABASE red TOPOLOGY 3 PRIMARIES",
       "ClientError.Statement.UnsupportedOperationError", "51N31"},
      {"an option", {}, "CREATE DATABASE red OPTIONS {colour: 'red'}",
       "ClientError.General.InvalidArguments", "22N04"},
      {"a clause that is missing", {}, "CREATE DATABASE", "ClientError.Statement.SyntaxError", "42001"},
      {"a parameter that is missing", {}, "CREATE DATABASE $name", "ClientError.Statement.ParameterMissing", "42N51"},
      {"a composite database's settings", {"CREATE COMPOSITE DATABASE garden"},
       "ALTER DATABASE garden SET ACCESS READ ONLY",
       "ClientError.General.InvalidArguments", "42N90"},
      {"an alias for a composite database", {"CREATE COMPOSITE DATABASE garden"},
       "CREATE ALIAS a FOR DATABASE garden",
       "ClientError.General.InvalidArguments", "42NA6"},
      {"an ambiguous name", {"CREATE DATABASE garden.red"}, "CREATE COMPOSITE DATABASE garden",
       "ClientError.Database.ExistingDatabaseFound", "42N87"},
      {"a local alias made remote", {"CREATE ALIAS a FOR DATABASE neo4j"},
       "ALTER ALIAS a SET DATABASE TARGET t AT 'neo4j+s://e'",
       "ClientError.General.InvalidArguments", "22N91"},
      {"a driver setting", {}, "CREATE ALIAS a FOR DATABASE t AT 'neo4j+s://e' USER u PASSWORD 'p' DRIVER {x: 1}",
       "ClientError.General.InvalidArguments", "42N89"},
      {"a remote alias in use", {"CREATE ALIAS a FOR DATABASE t AT 'neo4j+s://e' USER u PASSWORD 'p'"},
       "USE a RETURN 1",
       "ClientError.Statement.UnsupportedOperationError", "51N31"},
      // Transactions.
      {"administration among data", {"BEGIN"}, "CREATE DATABASE red",
       "ClientError.Transaction.ForbiddenDueToTransactionType", "25N01"},
      {"a schema among data", {"BEGIN", "CREATE (:N)"}, "CREATE INDEX i FOR (n:N) ON (n.x)",
       "ClientError.Transaction.ForbiddenDueToTransactionType", "25N01"},
      {"batches in a transaction", {"BEGIN"}, "UNWIND [1] AS i CALL (i) { CREATE (:N) } IN TRANSACTIONS",
       "DatabaseError.Transaction.TransactionStartFailed", "25N17"},
      {"a transaction in a transaction", {"BEGIN"}, "BEGIN",
       "ClientError.Transaction.TransactionAccessedConcurrently", "25N03"},
      {"COMMIT of nothing", {}, "COMMIT", "ClientError.Transaction.TransactionNotFound", "25N04"},
      {"writing what is read-only", {"CREATE DATABASE red", "ALTER DATABASE red SET ACCESS READ ONLY"},
       "USE red CREATE (:N)",
       "ClientError.General.WriteOnReadOnlyAccessDatabase", "42N18"},
      // USE.
      {"another graph in a transaction", {"CREATE DATABASE red", "BEGIN"}, "USE red RETURN 1",
       "ClientError.Statement.SyntaxError", "42NA5"},
      {"USE in the middle", {}, "UNWIND [1] AS x USE neo4j MATCH (n) RETURN n",
       "ClientError.Statement.SyntaxError", "42N73"},
      {"graph.byName() outside USE", {}, "RETURN graph.byName('neo4j') AS g",
       "ClientError.Statement.SyntaxError", "42N75"},
      {"graph.names() elsewhere", {}, "RETURN graph.names() AS names", "ClientError.Statement.SyntaxError", "42N72"},
      {"a constituent from outside", {"CREATE COMPOSITE DATABASE garden", "CREATE ALIAS garden.one FOR DATABASE neo4j"},
       "USE garden.one MATCH (n) RETURN n",
       "ClientError.Statement.SyntaxError", "42N04"},
      {"another database from a composite one", {"CREATE COMPOSITE DATABASE garden", ":USE garden"},
       "USE neo4j MATCH (n) RETURN n",
       "ClientError.Statement.SyntaxError", "42N05"},
      {"a constituent that is not there", {"CREATE COMPOSITE DATABASE garden", ":USE garden"},
       "RETURN graph.propertiesByName('garden.one') AS p",
       "ClientError.Database.DatabaseNotFound", "42N01"},
      {"a graph for a composite database", {"CREATE COMPOSITE DATABASE garden", ":USE garden"}, "MATCH (n) RETURN n",
       "ClientError.Statement.SyntaxError", "42NA1"},
      {"an element of no graph here", {"CREATE COMPOSITE DATABASE garden", ":USE garden"},
       "USE graph.byElementId('nonsense') MATCH (n) RETURN n",
       "ClientError.Database.DatabaseNotFound", "42NA7"},
      {"a second writer",
       {"CREATE DATABASE red", "CREATE COMPOSITE DATABASE garden", "CREATE ALIAS garden.one FOR DATABASE neo4j",
        "CREATE ALIAS garden.two FOR DATABASE red", ":USE garden"},
       "CALL { USE garden.one CREATE (:A) } WITH 1 AS one CALL { USE garden.two CREATE (:B) } RETURN one",
       "ClientError.Statement.AccessMode", "42N03"},
  };
  return kRows;
}

void check(const Error& error, std::string_view status, std::string_view gql) {
  INFO(error_name(error.code) << ": " << error.message);
  CHECK(neo4j_status(error.code) == "Neo." + std::string(status));
  CHECK(gql_status(error.code) == gql);
}

}  // namespace

TEST_CASE("every situation with many databases has its Neo4j status and its GQLSTATUS") {
  InstanceSettings settings;
  settings.stop_grace_ms = 20;
  for (const Row& row : rows()) {
    INFO(row.situation << ": " << row.statement);
    // Three beside system, except where a row needs more.
    settings.databases_max = std::string_view(row.gql) == "51N55" ? 3 : 100;
    TestInstance instance(settings);
    const auto session = instance.session();
    for (const char* statement : row.before) must(query(*session, statement));
    const auto answer = query(*session, row.statement);
    REQUIRE(!answer);
    check(answer.error(), row.status, row.gql);
  }
}

TEST_CASE("the statuses of situations that no single statement brings about") {
  InstanceSettings settings;
  settings.stop_grace_ms = 20;
  vfs::MemoryVfs files;
  vfs::FaultVfs faulty(files);
  TestInstance instance(settings, &faulty);
  auto session = instance.session();
  const auto refused = [&session](const std::string& text, const RunOptions& options = {}) {
    const auto answer = query(*session, text, {}, options);
    REQUIRE(!answer);
    return answer.error();
  };
  check(must(instance->open_session(Identity{"tester"}, "x"))->begin().error(), "ClientError.Database.DatabaseNotFound", "22N51");
  check(instance->open_session(Identity{""}).error(), "ClientError.Security.Forbidden", "42NFF");
  RunOptions options;
  options.access = AccessMode::Read;
  check(refused("CREATE (:N)", options), "ClientError.Statement.AccessMode", "42N02");
  options = {};
  options.timeout_ms = 1;
  check(refused("UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(*)", options),
        "ClientError.Transaction.TransactionTimedOut", "25N14");

  must(query(*session, "BEGIN"));
  must(query(*session, "CREATE (:Victim)"));
  must(query(*instance.session(), "SHOW TRANSACTIONS YIELD transactionId AS id, currentQuery WHERE currentQuery = '' "
                                  "TERMINATE TRANSACTIONS id YIELD message RETURN message"));
  check(refused("RETURN 1"), "ClientError.Transaction.Terminated", "25N14");
  REQUIRE(session->rollback().has_value());

  const auto other = instance.session("system");
  must(query(*session, ":USE system"));
  must(query(*session, "BEGIN"));
  must(query(*session, "CREATE DATABASE red"));
  must(query(*other, "CREATE DATABASE red"));
  check(refused("COMMIT"), "TransientError.Transaction.Outdated", "25N15");

  // A log that was damaged between two starts.
  must(query(*session, "USE red CREATE (:N)"));
  must(query(*other, "STOP DATABASE red"));
  const std::string folder = "db/" + must(instance->database(Identity{"tester"}, "red")).uuid;
  for (const DirectoryEntry& entry : must(files.list(folder))) {
    const std::string path = folder + "/" + entry.name;
    Bytes bytes = files.contents(path);
    for (std::uint8_t& byte : bytes) byte ^= 0x55;
    files.set_contents(path, bytes);
  }
  must(query(*other, "START DATABASE red"));
  check(refused("USE red MATCH (n) RETURN n"), "DatabaseError.Database.UnableToStartDatabase", "51N40");

  // The disk fails while a commit waits for it.
  must(query(*session, ":USE neo4j"));
  must(query(*session, "CREATE (:First)"));
  must(query(*session, "BEGIN"));
  must(query(*session, "CREATE (:N)"));
  faulty.arm({vfs::FaultKind::Fail, 1, ErrorCode::IoError, 0, false});
  const Error unknown = refused("COMMIT");
  faulty.arm({});
  check(unknown, "DatabaseError.Transaction.TransactionCommitFailed", "2DN01");
}
