// The users of the instance over Bolt: who is let in, as whom, and what becomes of them.
#include "tests/support/bolt_fixture.h"
#include "tests/support/fake_passwords.h"

using namespace nexus;
using namespace nexus::service;
using namespace nexus::service::bolt_test;

namespace {

constexpr const char* kPassword = "secret123";
constexpr const char* kUnauthorized = "FAILURE Neo.ClientError.Security.Unauthorized";

BoltSettings guarded() {
  BoltSettings settings;
  settings.authentication = true;
  settings.accounts = {{"root", "hostpassword"}};
  return settings;
}

struct Fixture {
  Fixture() {
    for (const char* command : {"CREATE DATABASE red", "CREATE DATABASE blue", "CREATE ROLE reds", "GRANT ACCESS ON DATABASE red TO reds"}) admin(command);
  }
  void admin(const std::string& command) { server.run(command, "system"); }
  void user(const std::string& name, const std::string& roles = "") {
    admin("CREATE USER " + name + " SET PASSWORD 'secret123' CHANGE NOT REQUIRED");
    if (!roles.empty()) admin("GRANT ROLE " + roles + " TO " + name);
  }

  test::FakePasswords passwords;
  Server server{guarded(), &passwords};
};

// A client that has said HELLO and LOGON.
struct User : Client {
  User(Fixture& fixture, std::string_view name, std::string_view password = kPassword) : Client(fixture.server) {
    shake_hands();
    hello();
    logon(name, password);
    logged_on = answer();
  }
  std::string run_one(std::string_view text, std::string_view database = {}) {
    Map extra;
    if (!database.empty()) extra.emplace_back("db", Value::string(database));
    run(text, std::move(extra));
    pull();
    const auto all = answers();
    const std::string first = all.empty() ? "(silence)" : all.front();
    if (first != "SUCCESS") {
      reset();
      answers();
    }
    return first;
  }
  std::string logged_on;
};

}  // namespace

TEST_CASE("a user logs on, and who does not is told why and hung up on") {
  Fixture fixture;
  fixture.user("ada");
  User ada(fixture, "ada");
  CHECK(ada.logged_on == "SUCCESS");
  CHECK(ada.member("credentials_expired") == "false");
  CHECK(ada.run_one("RETURN 1") == "SUCCESS");
  for (int at = 0; at < 3; ++at) {
    User wrong(fixture, "ada", "wrong");
    CHECK(wrong.logged_on == kUnauthorized);
    CHECK(wrong.is_closed());
  }
  fixture.user("bob");
  for (int at = 0; at < 3; ++at) CHECK(User(fixture, "bob", "wrong").logged_on == kUnauthorized);
  User refused(fixture, "bob");
  CHECK(refused.logged_on == "FAILURE Neo.ClientError.Security.AuthenticationRateLimit");
  CHECK(refused.is_closed());
  fixture.server.instance.clock().advance(5 * kSecond);
  CHECK(User(fixture, "bob").logged_on == "SUCCESS");
  CHECK(User(fixture, "root", "hostpassword").logged_on == "SUCCESS");
  CHECK(User(fixture, "root").logged_on == kUnauthorized);
}

TEST_CASE("another scheme than basic is refused, and costs no hash") {
  Fixture fixture;
  fixture.user("ada");
  const int before = fixture.passwords.slow;
  for (const char* scheme : {"none", "bearer", "kerberos", ""}) {
    Client client(fixture.server);
    client.shake_hands();
    client.hello();
    client.answers();
    client.send(0x6A, {Value::map({{"credentials", Value::string(kPassword)}, {"principal", Value::string("ada")}, {"scheme", Value::string(scheme)}})});
    CHECK(client.answer() == kUnauthorized);
    CHECK(client.is_closed());
  }
  CHECK(fixture.passwords.slow == before);
}

TEST_CASE("a password that must change lets in to change it, in LOGON and in the older HELLO") {
  Fixture fixture;
  fixture.admin("CREATE USER ada SET PASSWORD 'secret123'");
  User ada(fixture, "ada");
  CHECK(ada.logged_on == "SUCCESS");
  CHECK(ada.member("credentials_expired") == "true");
  CHECK(ada.run_one("RETURN 1") == "FAILURE Neo.ClientError.Security.CredentialsExpired");
  ada.route("neo4j");
  CHECK(ada.answer() == "FAILURE Neo.ClientError.Security.CredentialsExpired");
  ada.reset();
  ada.answers();
  ada.route("system");  // As a routing driver asks before the statement below.
  CHECK(ada.answer() == "SUCCESS");
  CHECK(ada.member("rt").find("db: 'system'") != std::string::npos);
  Client old(fixture.server, {{5, 0}, false, false});
  old.shake_hands();
  old.hello(Client::basic("ada", kPassword));
  CHECK(old.answer() == "SUCCESS");
  CHECK(old.member("credentials_expired") == "true");
  CHECK(ada.run_one("ALTER CURRENT USER SET PASSWORD FROM 'secret123' TO 'secret456'", "system") == "SUCCESS");
  CHECK(ada.run_one("RETURN 1") == "SUCCESS");
  CHECK(User(fixture, "ada").logged_on == kUnauthorized);
  User again(fixture, "ada", "secret456");
  CHECK(again.member("credentials_expired") == "false");
}

TEST_CASE("statements, transactions and routes are those of who logged on") {
  Fixture fixture;
  fixture.user("ada", "reds");
  User ada(fixture, "ada");
  User root(fixture, "root", "hostpassword");
  CHECK(root.run_one("RETURN 1", "blue") == "SUCCESS");
  CHECK(ada.run_one("RETURN 1", "red") == "SUCCESS");
  // The same answers as for a name that was never used.
  for (const char* name : {"blue", "nowhere"}) {
    CAPTURE(name);
    CHECK(ada.run_one("RETURN 1", name) == "FAILURE Neo.ClientError.Security.Forbidden");
    CHECK(ada.member("message").find(name) == std::string::npos);
    ada.route(name);
    CHECK(ada.answer() == "FAILURE Neo.ClientError.Database.DatabaseNotFound");
    ada.reset();
    ada.begin({{"db", Value::string(name)}});
    CHECK(ada.answer() == "FAILURE Neo.ClientError.Security.Forbidden");
    ada.reset();
    ada.answers();
  }
  ada.route("red");
  CHECK(ada.answer() == "SUCCESS");
  CHECK(ada.run_one("CREATE DATABASE other", "system") == "FAILURE Neo.ClientError.Security.Forbidden");
}

TEST_CASE("without a database a request means the home database of who asks") {
  Fixture fixture;
  fixture.user("ada", "reds");
  fixture.admin("ALTER USER ada SET HOME DATABASE red");
  User ada(fixture, "ada");
  CHECK(ada.run_one("RETURN 1") == "SUCCESS");
  CHECK(ada.member("db") == "'red'");
  ada.begin();
  CHECK(ada.answer() == "SUCCESS");
  CHECK(ada.member("db") == "'red'");
  ada.rollback();
  ada.route("");
  ada.answers();
  CHECK(ada.member("rt").find("db: 'red'") != std::string::npos);
  User root(fixture, "root", "hostpassword");
  root.route("");
  root.answers();
  CHECK(root.member("rt").find("db: 'neo4j'") != std::string::npos);
}

TEST_CASE("an open connection is of use as long as its user may log on") {
  Fixture fixture;
  fixture.user("ada", "admin");
  User ada(fixture, "ada");
  CHECK(ada.run_one("RETURN 1", "red") == "SUCCESS");
  fixture.admin("ALTER USER ada SET STATUS SUSPENDED");
  CHECK(ada.run_one("RETURN 1", "red") == kUnauthorized);
  CHECK(User(fixture, "ada").logged_on == kUnauthorized);
  fixture.admin("ALTER USER ada SET STATUS ACTIVE");
  CHECK(ada.run_one("RETURN 1", "red") == "SUCCESS");
  fixture.admin("DROP USER ada");
  fixture.user("ada", "admin");
  CHECK(ada.run_one("RETURN 1", "red") == kUnauthorized);
  CHECK(User(fixture, "ada").run_one("RETURN 1", "red") == "SUCCESS");
}

TEST_CASE("after LOGOFF the next user inherits nothing") {
  Fixture fixture;
  fixture.user("ada", "reds");
  User client(fixture, "root", "hostpassword");
  CHECK(client.run_one("RETURN 1", "blue") == "SUCCESS");
  client.logoff();
  CHECK(client.answer() == "SUCCESS");
  client.logon("ada", kPassword);
  CHECK(client.answer() == "SUCCESS");
  CHECK(client.run_one("RETURN 1", "blue") == "FAILURE Neo.ClientError.Security.Forbidden");
  CHECK(client.run_one("RETURN 1", "red") == "SUCCESS");
}
