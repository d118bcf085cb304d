// Access control while it changes: whoever asks gets the answer of some moment, and never somebody else's rows.
#include <atomic>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/fake_passwords.h"
#include "tests/support/session_text.h"
#include "tests/support/test_instance.h"

using namespace nexus;
using test::must;
using test::quick;
using test::run;
using test::TestInstance;

TEST_CASE("users work while their rights, names and databases change") {
  test::FakePasswords passwords;
  TestInstance instance(quick(), nullptr, &passwords);
  const auto admin = instance.session("system");
  const std::vector<std::string> users{"ann", "bob", "cid"};
  for (const std::string& user : users) {
    must(query(*admin, "CREATE DATABASE of" + user));
    must(query(*instance.session("of" + user), "CREATE (:Row {owner: '" + user + "'})"));
    must(query(*admin, "CREATE ROLE r" + user));
    must(query(*admin, "GRANT ACCESS ON DATABASE of" + user + " TO r" + user));
    must(query(*admin, "GRANT MATCH {*} ON GRAPH of" + user + " TO r" + user));
    must(query(*admin, "CREATE USER " + user + " SET PASSWORD 'secret123' CHANGE NOT REQUIRED SET HOME DATABASE of" + user));
    must(query(*admin, "GRANT ROLE r" + user + " TO " + user));
  }
  std::atomic<bool> is_over{false};
  std::atomic<int> answers{0}, strange{0};
  std::vector<std::thread> threads;
  std::vector<std::unique_ptr<Session>> sessions;
  for (const std::string& user : users) sessions.push_back(instance.session_of(user));
  for (std::size_t at = 0; at < users.size(); ++at) {
    threads.emplace_back([&, user = users[at], session = sessions[at].get()] {
      const std::string own = "['" + user + "']";
      while (!is_over) {
        const std::string mine = run(*session, "MATCH (n) RETURN n.owner");
        if (mine != own && mine != "Forbidden" && mine != "Unauthorized") ++strange;
        if (mine == own) ++answers;
        for (const std::string& other : users) {
          if (other == user) continue;
          const std::string theirs = run(*session, "USE of" + other + " MATCH (n) RETURN n.owner");
          if (theirs != "Forbidden" && theirs != "Unauthorized") ++strange;
        }
        const std::string listed = run(*session, "SHOW DATABASES YIELD name WHERE name STARTS WITH 'of' RETURN count(*)");
        if (listed != "[1]" && listed != "[0]" && listed != "Unauthorized") ++strange;
        const auto login = instance->authenticate(user, "secret123");
        if (!login && login.error().code != ErrorCode::Unauthorized) ++strange;
      }
    });
  }
  for (int round = 0; round < 30; ++round) {
    for (const std::string& user : users) {
      CHECK(run(*admin, "REVOKE ROLE r" + user + " FROM " + user) == "");
      CHECK(run(*admin, "BEGIN") == "");
      CHECK(run(*admin, "GRANT ROLE r" + user + " TO " + user) == "");
      CHECK(run(*admin, "CREATE DATABASE more" + user) == "");
      CHECK(run(*admin, "GRANT ACCESS ON DATABASE more" + user + " TO r" + user) == "");
      CHECK(run(*admin, round % 2 == 0 ? "COMMIT" : "ROLLBACK") == "");
      if (round % 2 != 0) CHECK(run(*admin, "GRANT ROLE r" + user + " TO " + user) == "");
      CHECK(run(*admin, "DROP DATABASE more" + user + " IF EXISTS DESTROY DATA") == "");
      CHECK(run(*admin, "DENY MATCH {*} ON GRAPH of" + user + " TO PUBLIC") == "");
      CHECK(run(*admin, "REVOKE DENY MATCH {*} ON GRAPH of" + user + " FROM PUBLIC") == "");
      CHECK(run(*admin, "ALTER USER " + user + " SET STATUS SUSPENDED") == "");
      CHECK(run(*admin, "ALTER USER " + user + " SET STATUS ACTIVE") == "");
    }
  }
  while (answers == 0) std::this_thread::yield();
  is_over = true;
  for (std::thread& thread : threads) thread.join();
  CHECK(strange == 0);
  CHECK(answers > 0);
  for (const std::string& user : users) CHECK(run(*instance.session_of(user), "MATCH (n) RETURN n.owner") == "['" + user + "']");
}
