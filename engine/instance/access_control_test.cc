// Users, roles and privileges: who may do what to which database, and what nobody learns of the others.
#include "tests/support/catch.h"
#include "tests/support/fake_passwords.h"
#include "tests/support/session_text.h"
#include "tests/support/test_instance.h"

using namespace nexus;
using test::must;
using test::quick;
using test::run;
using test::TestInstance;

namespace {

struct Fixture {
  Fixture() : admin(instance.session("system")) {
    for (const char* command : {"CREATE DATABASE red", "CREATE DATABASE blue", "USE red CREATE (:N {k: 1})-[:R]->(:N {k: 2})",
                                "USE blue CREATE (:Secret {k: 'blue'})"}) {
      must(query(*admin, command));
    }
  }
  void user(const std::string& name, const std::string& roles = "") {
    must(query(*admin, "CREATE USER " + name + " SET PASSWORD 'secret123' CHANGE NOT REQUIRED"));
    if (!roles.empty()) must(query(*admin, "GRANT ROLE " + roles + " TO " + name));
  }
  void role(const std::string& name, const std::vector<std::string>& grants) {
    must(query(*admin, "CREATE ROLE " + name));
    for (const std::string& grant : grants) must(query(*admin, grant + " TO " + name));
  }
  std::string as(const std::string& user, const std::string& text) { return run(*instance.session_of(user), text); }
  std::string message(const std::string& user, const std::string& text) {
    const auto session = instance.session_of(user);
    auto table = query(*session, text);
    return table ? "" : table.error().message;
  }

  test::FakePasswords passwords;
  TestInstance instance{quick(), nullptr, &passwords};
  std::unique_ptr<Session> admin;
};

// Every command of administration, each on a database that is there.
const std::vector<std::string>& commands() {
  static const std::vector<std::string> kCommands{
      "CREATE DATABASE other",
      "CREATE OR REPLACE DATABASE red",
      "CREATE DATABASE other AS COPY OF red",
      "CREATE TEMPORARY DATABASE other TTL 60 SECONDS",
      "CREATE COMPOSITE DATABASE other",
      "DROP DATABASE red",
      "DROP DATABASE red IF EXISTS DESTROY DATA",
      "ALTER DATABASE red SET ACCESS READ ONLY",
      "ALTER DATABASE red RENAME TO other",
      "ALTER DATABASE red SET OPTION environment 'x'",
      "STOP DATABASE red",
      "START DATABASE red",
      "UNDROP DATABASE gone",
      "CREATE ALIAS other FOR DATABASE red",
      "ALTER ALIAS known SET DATABASE TARGET blue",
      "DROP ALIAS known FOR DATABASE",
      "CREATE USER other SET PASSWORD 'secret123'",
      "CREATE OR REPLACE USER eve SET PASSWORD 'secret123'",
      "ALTER USER eve SET PASSWORD 'secret124'",
      "ALTER USER eve SET STATUS SUSPENDED",
      "ALTER USER eve SET HOME DATABASE red",
      "RENAME USER eve TO other",
      "DROP USER eve",
      "CREATE ROLE other",
      "CREATE ROLE other AS COPY OF admin",
      "RENAME ROLE reader TO other",
      "DROP ROLE reader",
      "GRANT ROLE admin TO eve",
      "REVOKE ROLE reader FROM eve",
      "GRANT ACCESS ON DATABASE * TO reader",
      "DENY ACCESS ON DATABASE * TO reader",
      "REVOKE ACCESS ON DATABASE * FROM reader",
      "CALL dbms.setDefaultDatabase('red')",
  };
  return kCommands;
}

}  // namespace

TEST_CASE("without access control there are no users, and it says so") {
  TestInstance instance(quick());
  const auto session = instance.session("system");
  CHECK(run(*session, "CREATE USER ada SET PASSWORD 'secret123'") == "NotImplemented");
  CHECK(run(*session, "GRANT ROLE reader TO ada") == "NotImplemented");
  CHECK(run(*session, "GRANT ACCESS ON DATABASE * TO reader") == "NotImplemented");
  CHECK(run(*session, "SHOW USERS") == "NotImplemented");
  CHECK(instance->authenticate("ada", "secret123").error().code == ErrorCode::NotImplemented);
}

TEST_CASE("what each built-in role may do") {
  Fixture fixture;
  must(query(*fixture.admin, "GRANT ACCESS ON DATABASE * TO PUBLIC"));
  for (const char* role : {"reader", "editor", "publisher", "architect", "admin"}) fixture.user(std::string("u") + role, role);
  fixture.user("upublic");
  const std::vector<std::string> users{"upublic", "ureader", "ueditor", "upublisher", "uarchitect", "uadmin"};
  struct Row {
    const char* statement;
    const char* allowed;  // One letter a user: p, r, e, b, a, A.
  };
  const Row rows[] = {
      {"RETURN 1", "preba A"},
      {"USE red RETURN 1", "preba A"},
      {"USE red MATCH (n) RETURN count(n)", "reba A"},
      {"USE red RETURN COUNT { (n:N) }", "reba A"},
      {"USE red RETURN EXISTS { (n)-->() }", "reba A"},
      {"USE red MATCH (a)-[r]->(b) RETURN count(r)", "reba A"},
      {"USE red MATCH p = shortestPath((a:N {k: 1})-[*]-(b:N {k: 2})) RETURN count(p)", "reba A"},
      {"USE red CALL db.labels() YIELD label RETURN count(label)", "reba A"},
      {"USE red SHOW INDEXES YIELD name RETURN count(name) >= 0", "reba A"},
      {"USE red SHOW CONSTRAINTS YIELD name RETURN count(name) >= 0", "reba A"},
      {"USE red CREATE (:N {k: 3})", "eba A"},
      {"USE red MERGE (:N {k: 4})", "eba A"},
      {"USE red MATCH (n:N {k: 3}) SET n.k = 5", "eba A"},
      {"USE red MATCH (n:N {k: 99}) DETACH DELETE n", "eba A"},
      {"USE red MATCH (n:N {k: 5}) REMOVE n:N SET n:N", "eba A"},
      {"USE red CREATE INDEX FOR (n:N) ON (n.k)", "a A"},
      {"CREATE DATABASE more IF NOT EXISTS", "A"},
      {"SHOW USERS YIELD user RETURN count(user) > 0", "A"},
      {"SHOW ROLES YIELD role RETURN count(role) > 0", "A"},
      {"SHOW PRIVILEGES YIELD role RETURN count(role) > 0", "A"},
      {"SHOW SETTINGS YIELD name RETURN count(name) > 0", "A"},
      {"STOP DATABASE blue", "A"},
      {"START DATABASE blue", "A"},
  };
  const std::string letters = "prebaA";
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < users.size(); ++i) {
      CAPTURE(row.statement, users[i]);
      const bool is_allowed = std::string_view(row.allowed).find(letters[i]) != std::string_view::npos;
      const std::string answer = fixture.as(users[i], row.statement);
      CHECK((answer != "Forbidden") == is_allowed);
      CHECK(answer.find("Error") == std::string::npos);
    }
  }
  // The first who may bring new names; others use those that are there.
  for (std::size_t i = 0; i < users.size(); ++i) {
    const bool is_allowed = std::string_view("baA").find(letters[i]) != std::string_view::npos;
    const std::string n = std::to_string(i);
    CAPTURE(users[i]);
    CHECK((fixture.as(users[i], "USE red CREATE (:New" + n + ")") != "Forbidden") == is_allowed);
    CHECK((fixture.as(users[i], "USE red CREATE (:N {new" + n + ": 1})") != "Forbidden") == is_allowed);
    CHECK((fixture.as(users[i], "USE red CREATE (:N)-[:NEW" + n + "]->(:N)") != "Forbidden") == is_allowed);
    CHECK((fixture.as(users[i], "USE red UNWIND [1] AS x CALL (x) { CREATE (:Batch" + n + ") } IN TRANSACTIONS") != "Forbidden") == is_allowed);
  }
  CHECK(run(*fixture.instance.session("red"), "MATCH (n) UNWIND labels(n) AS l WITH l WHERE l STARTS WITH 'New' RETURN collect(l)") ==
        "[['New3', 'New4', 'New5']]");
}

TEST_CASE("who may use one database learns nothing of the others") {
  Fixture fixture;
  fixture.role("tenant", {"GRANT ACCESS ON DATABASE red", "GRANT MATCH {*} ON GRAPH red", "GRANT WRITE ON GRAPH red"});
  fixture.user("ann", "tenant");
  must(query(*fixture.admin, "DENY ACCESS ON HOME DATABASE TO tenant"));
  must(query(*fixture.admin, "ALTER USER ann SET HOME DATABASE red"));
  must(query(*fixture.admin, "REVOKE DENY ACCESS ON HOME DATABASE FROM tenant"));
  must(query(*fixture.admin, "CREATE ALIAS hidden FOR DATABASE blue"));
  must(query(*fixture.admin, "CREATE DATABASE copied AS COPY OF blue"));
  CHECK(fixture.as("ann", "MATCH (n) RETURN count(n)") == "[2]");
  CHECK(fixture.as("ann", "SHOW DATABASES YIELD name") == "['red'] ['system']");
  CHECK(fixture.as("ann", "SHOW DATABASE system YIELD nodeCount, storeBytes, memoryBytes, lastCommittedTxn") == "[0, 0, 0, 0]");
  CHECK(fixture.as("ann", "SHOW HOME DATABASE YIELD name") == "['red']");
  CHECK(fixture.as("ann", "SHOW DATABASE blue YIELD name") == "");
  CHECK(fixture.as("ann", "SHOW ALIASES FOR DATABASE YIELD name") == "");
  CHECK(fixture.as("ann", "CALL nexus.droppedDatabases() YIELD name RETURN name") == "");
  const Identity ann = must(fixture.instance->authenticate("ann", "secret123"));
  CHECK(fixture.instance->databases(ann).size() == 2);
  CHECK(fixture.instance->database(ann, "blue").error().code == ErrorCode::DatabaseNotFound);
  CHECK(fixture.instance->dump(ann, "blue").error().code == ErrorCode::Forbidden);
  CHECK(fixture.instance->dump(ann, "red").has_value());
  CHECK(fixture.instance->home_database(ann) == "red");
  // What is there and what is not is refused in the same words.
  const auto same = [&](const std::string& before, const std::string& after = "") {
    CAPTURE(before);
    const std::string there = fixture.message("ann", before + "blue" + after);
    CHECK(!there.empty());
    std::string missing = fixture.message("ann", before + "nope" + after);
    CHECK(there == missing);
    std::string hidden = fixture.message("ann", before + "hidden" + after);
    CHECK(there == hidden);
  };
  same("USE ", " MATCH (n) RETURN n");
  same("USE ", " CREATE (:N)");
  same("USE ", " CREATE INDEX FOR (n:N) ON (n.k)");
  same(":USE ");
  same("STOP DATABASE ");
  same("START DATABASE ");
  same("ALTER DATABASE ", " SET ACCESS READ ONLY");
  same("DROP DATABASE ");
  same("CREATE DATABASE other AS COPY OF ");
  same("CREATE ALIAS other FOR DATABASE ");
  for (const char* name : {"blue", "nope", "hidden"}) {
    CHECK(fixture.message("ann", "MATCH (n) CALL { USE " + std::string(name) + " MATCH (m) RETURN m } RETURN m") == "Graph not found: " + std::string(name));
  }
  RunOptions options;
  options.database = "blue";
  const auto session = fixture.instance.session_of("ann");
  CHECK(run(*session, "MATCH (n) RETURN n", {}, options) == "Forbidden");
  CHECK(session->begin(options).error().code == ErrorCode::Forbidden);
  CHECK(session->use("blue").error().code == ErrorCode::Forbidden);
}

TEST_CASE("a composite database is as open as its constituents") {
  Fixture fixture;
  for (const char* command : {"CREATE COMPOSITE DATABASE world", "CREATE ALIAS world.r FOR DATABASE red", "CREATE ALIAS world.b FOR DATABASE blue"}) {
    must(query(*fixture.admin, command));
  }
  fixture.role("tenant", {"GRANT ACCESS ON DATABASE red, world", "GRANT MATCH {*} ON GRAPH red"});
  fixture.user("ann", "tenant");
  const auto session = fixture.instance.session_of("ann", "world");
  CHECK(run(*session, "USE world.r MATCH (n) RETURN count(n)") == "[2]");
  CHECK(run(*session, "USE world.b MATCH (n) RETURN count(n)") == "Forbidden");
  CHECK(run(*session, "UNWIND ['world.r', 'world.b'] AS g CALL (g) { USE graph.byName(g) MATCH (n) RETURN n } RETURN count(n)") == "Forbidden");
  CHECK(run(*session, "USE world.r CREATE (:N)") == "Forbidden");
  must(query(*fixture.admin, "GRANT WRITE ON GRAPH red TO tenant"));
  CHECK(run(*session, "USE world.r CREATE (:N)") == "");
  CHECK(run(*session, "USE world.r CREATE (:Unheard)") == "Forbidden");
  must(query(*fixture.admin, "REVOKE ACCESS ON DATABASE red FROM tenant"));
  CHECK(run(*session, "USE world.r MATCH (n) RETURN count(n)") == "Forbidden");
}

TEST_CASE("who has no rights can do nothing, command by command") {
  Fixture fixture;
  fixture.role("tenant", {"GRANT ACCESS ON DATABASE *", "GRANT ALL GRAPH PRIVILEGES ON GRAPH *", "GRANT ALL DATABASE PRIVILEGES ON DATABASE *"});
  fixture.user("ann", "tenant");
  fixture.user("eve", "reader");
  must(query(*fixture.admin, "CREATE DATABASE gone"));
  must(query(*fixture.admin, "USE gone CREATE (:N)"));
  must(query(*fixture.admin, "DROP DATABASE gone"));
  must(query(*fixture.admin, "CREATE ALIAS known FOR DATABASE blue"));
  const auto everything = [&] {
    std::string all;
    for (const char* show : {"SHOW DATABASES YIELD name, access, requestedStatus, options, aliases", "SHOW USERS", "SHOW ROLES WITH USERS", "SHOW PRIVILEGES"}) {
      all += run(*fixture.admin, show);
    }
    return all;
  };
  const std::string before = everything();
  const auto session = fixture.instance.session_of("ann", "system");
  for (const std::string& command : commands()) {
    CAPTURE(command);
    CHECK(run(*session, command) == "Forbidden");
    CHECK(run(*session, "BEGIN") == "");
    CHECK(run(*session, command) == "Forbidden");
    CHECK(run(*session, "ROLLBACK") == "");
  }
  CHECK(everything() == before);
  CHECK(run(*fixture.admin, "CALL nexus.droppedDatabases() YIELD name RETURN name") == "['gone']");
  // And an administrator of the instance can do each of them.
  fixture.user("root", "admin");
  const auto root = fixture.instance.session_of("root", "system");
  const std::string with_root = everything();
  for (const std::string& command : commands()) {
    if (command.find("setDefault") != std::string::npos) continue;
    CAPTURE(command);
    CHECK(run(*root, "BEGIN") == "");
    CHECK(run(*root, command) == "");
    CHECK(run(*root, "ROLLBACK") == "");
  }
  CHECK(everything() == with_root);
}

TEST_CASE("a denial beats a grant, and revoking takes back what was said") {
  Fixture fixture;
  fixture.role("one", {"GRANT ACCESS ON DATABASE *", "GRANT MATCH {*} ON GRAPH *"});
  fixture.role("two", {"DENY ACCESS ON DATABASE blue"});
  fixture.user("ann", "one, two");
  CHECK(fixture.as("ann", "USE red MATCH (n) RETURN count(n)") == "[2]");
  CHECK(fixture.as("ann", "USE blue MATCH (n) RETURN count(n)") == "Forbidden");
  CHECK(fixture.as("ann", "SHOW DATABASES YIELD name") == "['neo4j'] ['red'] ['system']");
  must(query(*fixture.admin, "REVOKE GRANT ACCESS ON DATABASE blue FROM two"));
  CHECK(fixture.as("ann", "USE blue MATCH (n) RETURN count(n)") == "Forbidden");
  must(query(*fixture.admin, "REVOKE ACCESS ON DATABASE blue FROM two"));
  CHECK(fixture.as("ann", "USE blue MATCH (n) RETURN count(n)") == "[1]");
  must(query(*fixture.admin, "DENY MATCH {*} ON GRAPH blue TO PUBLIC"));
  CHECK(fixture.as("ann", "USE blue MATCH (n) RETURN count(n)") == "Forbidden");
  CHECK(fixture.as("ann", "USE blue RETURN 1") == "[1]");
  must(query(*fixture.admin, "REVOKE ROLE one FROM ann"));
  CHECK(fixture.as("ann", "USE red RETURN 1") == "Forbidden");
  CHECK(run(*fixture.admin, "GRANT ACCESS ON DATABASE nope TO one") == "NoSuchDatabase");
  CHECK(run(*fixture.admin, "GRANT ACCESS ON DATABASE red TO nobody") == "RoleNotFound");
  CHECK(run(*fixture.admin, "GRANT ROLE one TO nobody") == "UserNotFound");
  CHECK(run(*fixture.admin, "GRANT ROLE nope TO ann") == "RoleNotFound");
}

TEST_CASE("a new database under an old name inherits nothing, and one that comes back has what it had") {
  Fixture fixture;
  fixture.role("tenant", {"GRANT ACCESS ON DATABASE red", "GRANT MATCH {*} ON GRAPH red"});
  fixture.user("ann", "tenant");
  CHECK(fixture.as("ann", "USE red MATCH (n) RETURN count(n)") == "[2]");
  must(query(*fixture.admin, "DROP DATABASE red"));
  CHECK(run(*fixture.admin, "SHOW ROLE tenant PRIVILEGES AS COMMANDS") == "");
  must(query(*fixture.admin, "CREATE DATABASE red"));
  CHECK(fixture.as("ann", "USE red MATCH (n) RETURN count(n)") == "Forbidden");
  must(query(*fixture.admin, "UNDROP DATABASE red AS old"));
  CHECK(fixture.as("ann", "USE old MATCH (n) RETURN count(n)") == "[2]");
  must(query(*fixture.admin, "ALTER DATABASE old RENAME TO newer"));
  CHECK(fixture.as("ann", "USE newer MATCH (n) RETURN count(n)") == "[2]");
  CHECK(run(*fixture.admin, "SHOW ROLE tenant PRIVILEGES AS COMMANDS") ==
        "['GRANT ACCESS ON DATABASE `newer` TO `tenant`'] ['GRANT MATCH {*} ON GRAPH `newer` TO `tenant`']");
}

TEST_CASE("sessions follow their user") {
  Fixture fixture;
  fixture.user("ann", "reader");
  const auto session = fixture.instance.session_of("ann", "red");
  CHECK(run(*session, "MATCH (n) RETURN count(n)") == "[2]");
  CHECK(run(*fixture.admin, "ALTER USER ann SET STATUS SUSPENDED") == "");
  CHECK(run(*session, "MATCH (n) RETURN count(n)") == "Unauthorized");
  CHECK(fixture.instance->authenticate("ann", "secret123").error().code == ErrorCode::Unauthorized);
  CHECK(run(*fixture.admin, "ALTER USER ann SET STATUS ACTIVE") == "");
  CHECK(run(*session, "BEGIN") == "");
  CHECK(run(*session, "MATCH (n) RETURN count(n)") == "[2]");
  CHECK(run(*fixture.admin, "REVOKE ROLE reader FROM ann") == "");
  CHECK(run(*session, "MATCH (n) RETURN count(n)") == "Forbidden");
  CHECK(run(*session, "ROLLBACK") == "");
  CHECK(run(*fixture.admin, "GRANT ROLE reader TO ann") == "");
  CHECK(run(*fixture.admin, "RENAME USER ann TO bob") == "");
  CHECK(run(*session, "MATCH (n) RETURN count(n)") == "[2]");
  CHECK(run(*session, "SHOW CURRENT USER YIELD user") == "['bob']");
  // A new user of the name is somebody else.
  CHECK(run(*fixture.admin, "CREATE OR REPLACE USER bob SET PASSWORD 'secret123' CHANGE NOT REQUIRED") == "");
  CHECK(run(*session, "MATCH (n) RETURN count(n)") == "Unauthorized");
  CHECK(fixture.as("bob", "USE red RETURN 1") == "Forbidden");
  CHECK(run(*fixture.admin, "DROP USER bob") == "");
  CHECK(run(*session, "RETURN 1") == "Unauthorized");
  CHECK(run(*session, "ALTER CURRENT USER SET PASSWORD FROM 'secret123' TO 'secret124'") == "Unauthorized");
}

TEST_CASE("a password that must change opens nothing but its change") {
  Fixture fixture;
  must(query(*fixture.admin, "CREATE USER ann SET PASSWORD 'secret123'"));
  must(query(*fixture.admin, "GRANT ROLE admin TO ann"));
  const Identity ann = must(fixture.instance->authenticate("ann", "secret123"));
  CHECK(fixture.instance->must_change_password(ann));
  const auto session = must(fixture.instance->open_session(ann));
  for (const char* refused : {"RETURN 1", "MATCH (n) RETURN n", "SHOW DATABASES", "SHOW USERS", "CREATE DATABASE other", "DROP USER eve IF EXISTS",
                              "GRANT ROLE reader TO ann", "CREATE INDEX FOR (n:N) ON (n.k)", ":USE red", "BEGIN"}) {
    CAPTURE(refused);
    CHECK(run(*session, refused) == "CredentialsExpired");
  }
  CHECK(fixture.instance->databases(ann).empty());
  CHECK(fixture.instance->database(ann, "red").error().code != ErrorCode::Internal);
  CHECK(!fixture.instance->database(ann, "red").has_value());
  CHECK(run(*session, "ALTER CURRENT USER SET PASSWORD FROM 'wrong' TO 'secret124'") == "Unauthorized");
  CHECK(run(*session, "ALTER CURRENT USER SET PASSWORD FROM 'secret123' TO 'short'") == "InvalidArgument");
  CHECK(run(*session, "ALTER CURRENT USER SET PASSWORD FROM 'secret123' TO 'secret123'") == "InvalidArgument");
  const Map passwords = make_map({{"old", Value::string("secret123")}, {"new", Value::string("secret124")}});
  CHECK(run(*session, "ALTER CURRENT USER SET PASSWORD FROM $old TO $new", passwords) == "");
  CHECK(!fixture.instance->must_change_password(ann));
  CHECK(run(*session, "RETURN 1") == "[1]");
  // The same in a transaction on the system database, in which nothing else is possible either.
  must(query(*fixture.admin, "CREATE USER bob SET PASSWORD 'secret123'"));
  const auto other = must(fixture.instance->open_session(must(fixture.instance->authenticate("bob", "secret123")), "system"));
  for (const bool changes : {false, true}) {
    CHECK(run(*other, "BEGIN") == "");
    for (const char* refused : {"SHOW DATABASES", "CREATE DATABASE more", "DROP USER ann"}) {
      if (!changes) CHECK(run(*other, refused) == "CredentialsExpired");
      if (!changes) CHECK(run(*other, "ROLLBACK") == "");
      if (!changes) CHECK(run(*other, "BEGIN") == "");
    }
    if (changes) CHECK(run(*other, "ALTER CURRENT USER SET PASSWORD FROM 'secret123' TO 'secret124'") == "");
    CHECK(run(*other, "COMMIT") == "");
  }
  CHECK(run(*other, "SHOW CURRENT USER YIELD user") == "['bob']");
  CHECK(fixture.instance->authenticate("ann", "secret123").error().code == ErrorCode::Unauthorized);
  CHECK(fixture.instance->authenticate("ann", "secret124").has_value());
  CHECK(run(*fixture.admin, "ALTER CURRENT USER SET PASSWORD FROM 'secret123' TO 'secret124'") == "UserNotFound");
}

TEST_CASE("guessing passwords is slow, and does not keep out who is at work") {
  Fixture fixture;
  fixture.user("ann");
  const auto login = [&](std::string_view user, std::string_view password) {
    const auto done = fixture.instance->authenticate(user, password);
    return done ? std::string("in") : std::string(error_name(done.error().code));
  };
  fixture.passwords.slow = 0;
  CHECK(login("ann", "secret123") == "in");
  CHECK(fixture.passwords.slow == 1);
  CHECK(login("ann", "secret123") == "in");
  CHECK(fixture.passwords.slow == 1);
  for (const char* user : {"ann", "nobody"}) {
    CAPTURE(user);
    fixture.passwords.slow = 0;
    for (int i = 0; i < 3; ++i) CHECK(login(user, "guess number " + std::to_string(i)) == "Unauthorized");
    CHECK(fixture.passwords.slow == 3);
    CHECK(login(user, "another guess") == "TooManyLogins");
    CHECK(fixture.passwords.slow == 3);
    fixture.instance.clock().advance(std::int64_t{4'999'000'000});
    CHECK(login(user, "another guess") == "TooManyLogins");
    if (std::string_view(user) == "ann") CHECK(login(user, "secret123") == "in");
    fixture.instance.clock().advance(std::int64_t{2'000'000});
    CHECK(login(user, "another guess") == "Unauthorized");
  }
  CHECK(login("", "") == "Unauthorized");
  CHECK(login("ann", std::string(5'000, 'x')) == "Unauthorized");
  // A new password ends what was known of the old one.
  must(query(*fixture.admin, "ALTER USER ann SET PASSWORD 'different1' CHANGE NOT REQUIRED"));
  fixture.instance.clock().advance(std::int64_t{6'000'000'000});
  CHECK(login("ann", "secret123") == "Unauthorized");
  CHECK(login("ann", "different1") == "in");
  // Only failures in a row count, whoever was let in between: a user, or an account of the host.
  for (int i = 0; i < 5; ++i) {
    CHECK(login("ann", "guess number " + std::to_string(i)) == "Unauthorized");
    CHECK(login("ann", "different1") == "in");
    CHECK(login("host", "guess number " + std::to_string(i)) == "Unauthorized");
    fixture.instance->note_login("host");
  }
}

TEST_CASE("users, roles and privileges are durable, and come and go with their transaction") {
  Fixture fixture;
  const auto state = [&] {
    const auto session = fixture.instance.session("system");
    std::string all;
    for (const char* show : {"SHOW DATABASES YIELD name", "SHOW USERS", "SHOW ROLES WITH USERS", "SHOW PRIVILEGES AS COMMANDS"}) all += run(*session, show) + "\n";
    return all;
  };
  const std::vector<std::string> steps{"CREATE DATABASE shop",
                                       "CREATE ROLE keeper",
                                       "GRANT ACCESS ON DATABASE shop TO keeper",
                                       "GRANT ALL GRAPH PRIVILEGES ON GRAPH shop TO keeper",
                                       "CREATE USER ann SET PASSWORD 'secret123' CHANGE NOT REQUIRED SET HOME DATABASE shop",
                                       "GRANT ROLE keeper TO ann",
                                       "RENAME ROLE keeper TO owner"};
  const std::string before = state();
  for (const char* end : {"ROLLBACK", "COMMIT"}) {
    CHECK(run(*fixture.admin, "BEGIN") == "");
    for (const std::string& step : steps) {
      CAPTURE(step);
      CHECK(run(*fixture.admin, step) == "");
    }
    CHECK(run(*fixture.admin, "SHOW USERS YIELD user, roles") == "['ann', ['owner', 'PUBLIC']]");
    CHECK(run(*fixture.admin, "SHOW ROLE owner PRIVILEGES AS COMMANDS") ==
          "['GRANT ACCESS ON DATABASE `shop` TO `owner`'] ['GRANT ALL GRAPH PRIVILEGES ON GRAPH `shop` TO `owner`']");
    CHECK(state() == before);
    CHECK(fixture.instance->authenticate("ann", "secret123").error().code == ErrorCode::Unauthorized);
    CHECK(run(*fixture.admin, end) == "");
  }
  const std::string after = state();
  CHECK(after != before);
  fixture.instance.clock().advance(std::int64_t{6'000'000'000});
  CHECK(fixture.as("ann", "MERGE (n:N) RETURN count(n)") == "Forbidden");  // A name that the new database does not know.
  must(query(*fixture.admin, "GRANT NAME MANAGEMENT ON DATABASE shop TO owner"));
  CHECK(fixture.as("ann", "MERGE (n:N) RETURN count(n)") == "[1]");
  const std::string last = state();
  fixture.admin.reset();
  fixture.instance.crash();
  CHECK(state() == last);
  fixture.instance.reopen();
  CHECK(state() == last);
  CHECK(fixture.as("ann", "MATCH (n:N) RETURN count(n)") == "[1]");
}

TEST_CASE("nobody locks themselves out, and PUBLIC is everybody's") {
  Fixture fixture;
  fixture.user("ann", "admin");
  CHECK(fixture.as("ann", "DROP USER ann") == "SelfDeletion");
  CHECK(fixture.as("ann", "CREATE OR REPLACE USER ann SET PASSWORD 'secret123'") == "SelfDeletion");
  CHECK(fixture.as("ann", "ALTER USER ann SET STATUS SUSPENDED") == "SelfSuspension");
  for (const char* command : {"DROP ROLE PUBLIC", "RENAME ROLE PUBLIC TO other", "CREATE OR REPLACE ROLE PUBLIC",
                              "GRANT ROLE PUBLIC TO ann", "REVOKE ROLE PUBLIC FROM ann"}) {
    CAPTURE(command);
    CHECK(run(*fixture.admin, command) == "InvalidArgument");
  }
  CHECK(run(*fixture.admin, "CREATE USER ann SET PASSWORD 'secret123'") == "UserExists");
  CHECK(run(*fixture.admin, "CREATE USER ann IF NOT EXISTS SET PASSWORD 'secret123'") == "");
  CHECK(run(*fixture.admin, "CREATE ROLE admin") == "RoleExists");
  CHECK(run(*fixture.admin, "CREATE USER bob SET PASSWORD 'short'") == "InvalidArgument");
  CHECK(run(*fixture.admin, "CREATE USER bob") == "InvalidArgument");
  CHECK(run(*fixture.admin, "CREATE USER `a b` SET PASSWORD 'secret123'") == "InvalidArgument");
  CHECK(run(*fixture.admin, "CREATE ROLE `1a`") == "InvalidArgument");
  CHECK(run(*fixture.admin, "CREATE USER bob SET ENCRYPTED PASSWORD 'nothing'") == "InvalidArgument");
  CHECK(run(*fixture.admin, "CREATE USER bob SET ENCRYPTED PASSWORD 'fake$9$321terces' CHANGE NOT REQUIRED") == "");
  CHECK(fixture.as("bob", "RETURN 1") == "[1]");
}

TEST_CASE("what is not built is refused by name") {
  Fixture fixture;
  for (const char* command :
       {"GRANT TRAVERSE ON GRAPH * TO reader", "GRANT READ {*} ON GRAPH * TO reader", "GRANT MATCH {a} ON GRAPH * TO reader",
        "GRANT MATCH {*} ON GRAPH * NODES N TO reader", "GRANT MATCH {*} ON GRAPH * FOR (n:N {a: 1}) TO reader",
        "GRANT SET LABEL N ON GRAPH * TO reader", "DENY IMMUTABLE ACCESS ON DATABASE * TO reader",
        "GRANT EXECUTE PROCEDURE * ON DBMS TO reader", "GRANT IMPERSONATE (*) ON DBMS TO reader",
        "GRANT SHOW TRANSACTION (ann) ON DATABASE * TO reader", "GRANT LOAD ON CIDR '10.0.0.0/8' TO reader",
        "CREATE IMMUTABLE ROLE other", "CREATE USER bob SET AUTH 'ldap' { SET ID 'x' }"}) {
    CAPTURE(command);
    CHECK(run(*fixture.admin, command) == "NotImplemented");
  }
}

TEST_CASE("others' transactions are seen and ended by right only, and passwords are never shown") {
  Fixture fixture;
  fixture.user("ann", "reader");
  fixture.user("eve", "reader");
  const auto ann = fixture.instance.session_of("ann", "red");
  const auto eve = fixture.instance.session_of("eve", "red");
  CHECK(run(*ann, "BEGIN") == "");
  CHECK(run(*ann, "MATCH (n) RETURN count(n)") == "[2]");
  const auto count = [](Session& session) { return run(session, "SHOW TRANSACTIONS YIELD username WHERE username = 'ann' RETURN count(*)"); };
  CHECK(count(*eve) == "[0]");
  CHECK(count(*fixture.admin) == "[1]");
  const Table found = must(query(*fixture.admin, "SHOW TRANSACTIONS YIELD transactionId, username WHERE username = 'ann' RETURN transactionId"));
  const std::string id(found.rows.at(0).at(0).string());
  CHECK(run(*eve, "TERMINATE TRANSACTION '" + id + "' YIELD message RETURN message") == "['Transaction not found.']");
  CHECK(run(*ann, "MATCH (n) RETURN count(n)") == "[2]");
  must(query(*fixture.admin, "GRANT TRANSACTION MANAGEMENT (*) ON DATABASE red TO reader"));
  CHECK(count(*eve) == "[1]");
  CHECK(run(*eve, "TERMINATE TRANSACTION '" + id + "' YIELD message RETURN message") == "['Transaction terminated.']");
  CHECK(run(*ann, "MATCH (n) RETURN count(n)") == "TransactionTerminated");
}

TEST_CASE("what is listed about users, roles and privileges") {
  Fixture fixture;
  fixture.role("tenant", {"GRANT ACCESS ON DATABASE red", "DENY WRITE ON GRAPH red", "GRANT MATCH {*} ON HOME GRAPH",
                          "GRANT CREATE DATABASE ON DBMS", "GRANT SET LABEL * ON GRAPH *",
                          "GRANT SHOW TRANSACTION (*) ON DATABASE *", "GRANT LOAD ON ALL DATA", "GRANT SHOW SETTING * ON DBMS"});
  fixture.user("ann", "tenant, reader");
  CHECK(run(*fixture.admin, "SHOW USERS") == "['ann', ['reader', 'tenant', 'PUBLIC'], false, false, null]");
  CHECK(run(*fixture.admin, "SHOW USERS WITH AUTH YIELD user, provider, auth") == "['ann', 'native', {changeRequired: false, password: '***'}]");
  CHECK(run(*fixture.admin, "SHOW POPULATED ROLES WITH USERS") == "['PUBLIC', 'ann'] ['reader', 'ann'] ['tenant', 'ann']");
  CHECK(run(*fixture.admin, "SHOW ROLES YIELD role, immutable WHERE role STARTS WITH 'a'") == "['admin', false] ['architect', false]");
  CHECK(run(*fixture.admin, "SHOW CURRENT USER YIELD user, roles") == "['tester', ['admin', 'PUBLIC']]");
  CHECK(run(*fixture.admin, "SHOW ROLE tenant PRIVILEGES AS COMMANDS") ==
        "['GRANT ACCESS ON DATABASE `red` TO `tenant`'] ['DENY WRITE ON GRAPH `red` TO `tenant`'] ['GRANT MATCH {*} ON HOME GRAPH TO `tenant`'] "
        "['GRANT CREATE DATABASE ON DBMS TO `tenant`'] ['GRANT SET LABEL * ON GRAPH * TO `tenant`'] ['GRANT SHOW TRANSACTION (*) ON DATABASE * TO `tenant`'] "
        "['GRANT LOAD ON ALL DATA TO `tenant`'] ['GRANT SHOW SETTING * ON DBMS TO `tenant`']");
  CHECK(run(*fixture.admin, "SHOW ROLE $r PRIVILEGES AS REVOKE COMMANDS YIELD command RETURN command LIMIT 2", make_map({{"r", Value::string("tenant")}})) ==
        "['REVOKE GRANT ACCESS ON DATABASE `red` FROM `tenant`'] ['REVOKE DENY WRITE ON GRAPH `red` FROM `tenant`']");
  CHECK(run(*fixture.admin, "SHOW ROLE tenant PRIVILEGES YIELD access, action, resource, graph, segment RETURN access, action, resource, graph, segment LIMIT 4") ==
        "['GRANTED', 'access', 'database', 'red', 'database'] ['DENIED', 'write', 'graph', 'red', 'NODE(*)'] ['DENIED', 'write', 'graph', 'red', 'RELATIONSHIP(*)'] "
        "['GRANTED', 'match', 'all_properties', 'DEFAULT', 'NODE(*)']");
  CHECK(fixture.as("ann", "SHOW USER PRIVILEGES AS COMMANDS YIELD command RETURN count(command) > 8") == "[true]");
  CHECK(fixture.as("ann", "SHOW USER ann PRIVILEGES YIELD user RETURN DISTINCT user") == "['ann']");
  CHECK(fixture.as("ann", "SHOW USER eve PRIVILEGES") == "Forbidden");
  CHECK(fixture.as("ann", "SHOW CURRENT USER YIELD user") == "['ann']");
  // What is listed as commands makes the same privileges again.
  const Table listed = must(query(*fixture.admin, "SHOW PRIVILEGES AS COMMANDS"));
  const Table revokes = must(query(*fixture.admin, "SHOW PRIVILEGES AS REVOKE COMMANDS"));
  for (const List& row : revokes.rows) CHECK(must(query(*fixture.admin, row[0].string())).summary.counters.system_updates == 1);
  CHECK(run(*fixture.admin, "SHOW PRIVILEGES") == "");
  for (const List& row : listed.rows) CHECK(must(query(*fixture.admin, row[0].string())).summary.counters.system_updates == 1);
  CHECK(must(query(*fixture.admin, "SHOW PRIVILEGES AS COMMANDS")).rows.size() == listed.rows.size());
  CHECK(run(*fixture.admin, "SHOW SUPPORTED PRIVILEGES YIELD action RETURN count(action) > 50") == "[true]");
}
