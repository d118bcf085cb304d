// Access control against a model of it, and against files that fail.
#include <map>
#include <set>

#include "tests/support/catch.h"
#include "tests/support/components.h"
#include "tests/support/fake_passwords.h"
#include "tests/support/session_text.h"
#include "tests/support/test_instance.h"
#include "vfs/fault_vfs.h"

using namespace nexus;
using test::must;
using test::quick;
using test::run;
using test::TestInstance;

namespace {

// What a statement on a database needs, in the words of GRANT.
struct Probe {
  const char* statement;
  std::vector<const char*> needs;
};

const std::vector<Probe>& probes() {
  static const std::vector<Probe> kProbes{
      {"RETURN 1", {"ACCESS"}},
      {"MATCH (n) RETURN count(n)", {"ACCESS", "MATCH {*}"}},
      {"CREATE (:N)", {"ACCESS", "CREATE"}},
      {"MATCH (n:N) SET n.k = 1", {"ACCESS", "MATCH {*}", "SET PROPERTY {*}"}},
      {"MATCH (n:N) SET n:M", {"ACCESS", "MATCH {*}", "SET LABEL *"}},
      {"MATCH (n:N) REMOVE n:M", {"ACCESS", "MATCH {*}", "REMOVE LABEL *"}},
      {"MATCH (n:N {k: 7}) DELETE n", {"ACCESS", "MATCH {*}", "DELETE"}},
      {"MERGE (:N {k: 3})", {"ACCESS", "MATCH {*}", "CREATE"}},
      {"SHOW INDEXES YIELD name RETURN count(*)", {"ACCESS", "SHOW INDEX"}},
  };
  return kProbes;
}

// The elementary privileges that one privilege stands for, written down a second time.
const std::map<std::string, std::vector<std::string>>& parts() {
  static const std::map<std::string, std::vector<std::string>> kParts{
      {"ACCESS", {"ACCESS"}},
      {"SHOW INDEX", {"SHOW INDEX"}},
      {"INDEX MANAGEMENT", {"SHOW INDEX"}},
      {"ALL DATABASE PRIVILEGES", {"ACCESS", "SHOW INDEX"}},
      {"MATCH {*}", {"MATCH {*}"}},
      {"CREATE", {"CREATE"}},
      {"DELETE", {"DELETE"}},
      {"SET LABEL *", {"SET LABEL *"}},
      {"REMOVE LABEL *", {"REMOVE LABEL *"}},
      {"SET PROPERTY {*}", {"SET PROPERTY {*}"}},
      {"WRITE", {"CREATE", "DELETE", "SET LABEL *", "REMOVE LABEL *", "SET PROPERTY {*}"}},
      {"MERGE {*}", {"MATCH {*}", "CREATE", "SET PROPERTY {*}"}},
      {"ALL GRAPH PRIVILEGES", {"MATCH {*}", "CREATE", "DELETE", "SET LABEL *", "REMOVE LABEL *", "SET PROPERTY {*}"}},
  };
  return kParts;
}

bool is_of_database(const std::string& privilege) {
  return privilege == "ACCESS" || privilege.find("INDEX") != std::string::npos || privilege == "ALL DATABASE PRIVILEGES";
}

class Model {
 public:
  using Said = std::tuple<bool, std::string, std::string>;  // Denied, privilege, database or * or home.
  std::map<std::string, std::set<Said>> roles;
  std::map<std::string, std::set<std::string>> users;

  bool may(const std::string& user, const std::string& database, const Probe& probe, const std::string& home) const {
    std::set<std::string> granted, denied;
    std::set<std::string> names = users.at(user);
    names.insert("PUBLIC");
    for (const std::string& name : names) {
      for (const auto& [is_denied, privilege, where] : roles.at(name)) {
        if (where != "*" && where != database && (where != "home" || database != home)) continue;
        for (const std::string& part : parts().at(privilege)) (is_denied ? denied : granted).insert(part);
      }
    }
    for (const std::string need : probe.needs) {
      if (!granted.contains(need) || denied.contains(need)) return false;
    }
    return true;
  }
};

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  std::size_t upto(std::size_t count) { return random_.next() % count; }
  template <class Items>
  const auto& among(const Items& items) {
    auto at = items.begin();
    std::advance(at, upto(items.size()));
    return *at;
  }

 private:
  test::SeededRandom random_;
};

}  // namespace

TEST_CASE("random grants, denials and revocations decide as a model of them does") {
  for (const std::uint64_t seed : {1, 2, 3}) {
    Dice dice(seed);
    test::FakePasswords passwords;
    TestInstance instance(quick(), nullptr, &passwords);
    const auto admin = instance.session("system");
    const std::vector<std::string> databases{"neo4j", "red", "blue"}, names{"one", "two", "three"}, users{"ann", "bob"};
    Model model;
    for (const std::string name : {"red", "blue"}) must(query(*admin, "CREATE DATABASE " + name));
    for (const std::string& name : databases) must(query(*instance.session(name), "CREATE (:N:M {k: 2})"));
    for (const std::string& name : names) {
      must(query(*admin, "CREATE ROLE " + name));
      model.roles[name];
    }
    model.roles["PUBLIC"] = {{false, "ACCESS", "home"}};
    for (const std::string& user : users) {
      must(query(*admin, "CREATE USER " + user + " SET PASSWORD 'secret123' CHANGE NOT REQUIRED"));
      model.users[user];
    }
    must(query(*admin, "ALTER USER bob SET HOME DATABASE blue"));
    std::map<std::string, std::unique_ptr<Session>> sessions;
    for (const std::string& user : users) sessions[user] = instance.session_of(user, "system");
    for (int step = 0; step < 120; ++step) {
      const std::string role = dice.among(std::vector<std::string>{"one", "two", "three", "PUBLIC"});
      if (dice.upto(4) == 0 && role != "PUBLIC") {
        const std::string& user = dice.among(users);
        const bool revokes = dice.upto(3) == 0;
        must(query(*admin, (revokes ? "REVOKE ROLE " : "GRANT ROLE ") + role + (revokes ? " FROM " : " TO ") + user));
        if (revokes) model.users[user].erase(role);
        else model.users[user].insert(role);
      } else {
        const std::string privilege = dice.among(parts()).first;
        const std::string where = dice.among(std::vector<std::string>{"*", "home", "neo4j", "red", "blue"});
        const std::string kind = is_of_database(privilege) ? "DATABASE" : "GRAPH";
        const std::string on = " ON " + (where == "home" ? "HOME " + kind : kind + " " + where);
        const std::size_t asked = dice.upto(5);
        const std::size_t verb = asked == 2 && privilege == "MERGE {*}" ? 0 : asked;  // MERGE cannot be denied.
        const char* const words[] = {"GRANT ", "GRANT ", "DENY ", "REVOKE GRANT ", "REVOKE "};
        must(query(*admin, words[verb] + privilege + on + (verb < 3 ? " TO " : " FROM ") + role));
        std::set<Model::Said>& said = model.roles[role];
        if (verb < 3) said.insert({verb == 2, privilege, where});
        if (verb >= 3) said.erase({false, privilege, where});
        if (verb == 4) said.erase({true, privilege, where});
      }
      for (const std::string& user : users) {
        for (const std::string& database : databases) {
          const Probe& probe = dice.among(probes());
          const bool is_allowed = model.may(user, database, probe, user == "bob" ? "blue" : "neo4j");
          INFO("seed " << seed << " step " << step << ": " << user << " on " << database << ": " << probe.statement);
          const std::string answer = run(*sessions[user], "USE " + database + " " + probe.statement);
          CHECK((answer != "Forbidden") == is_allowed);
        }
      }
    }
  }
}

TEST_CASE("a command about access that fails in the middle has not happened") {
  const std::vector<std::string> commands{"CREATE ROLE keeper AS COPY OF reader",
                                          "GRANT WRITE ON GRAPH red TO keeper",
                                          "CREATE USER ann SET PASSWORD 'secret123' CHANGE NOT REQUIRED",
                                          "GRANT ROLE keeper, editor TO ann",
                                          "RENAME ROLE keeper TO owner",
                                          "REVOKE ROLE editor FROM ann",
                                          "CREATE OR REPLACE USER ann SET PASSWORD 'secret124'",
                                          "DROP ROLE owner",
                                          "DROP USER ann"};
  const auto everything = [](TestInstance& instance) {
    const auto session = instance.session("system");
    std::string all;
    for (const char* show : {"SHOW USERS", "SHOW ROLES WITH USERS", "SHOW PRIVILEGES AS COMMANDS"}) all += run(*session, show) + "\n";
    return all;
  };
  for (const bool together : {false, true}) {
    bool has_struck = true;
    for (std::uint64_t at = 1; has_struck; ++at) {
      vfs::MemoryVfs files;
      vfs::FaultVfs faulty(files);
      test::FakePasswords passwords;
      std::string before, after, possible;
      {
        TestInstance instance(quick(), &faulty, &passwords);
        const auto admin = instance.session("system");
        must(query(*admin, "CREATE DATABASE red"));
        after = everything(instance);
        faulty.arm({vfs::FaultKind::Fail, at, ErrorCode::IoError, at, false});
        bool is_done = true;
        if (together) CHECK(run(*admin, "BEGIN") == "");
        for (const std::string& command : commands) {
          if (together && command.starts_with("DROP")) break;  // So that what is done together can be seen.
          before = after;
          is_done = is_done && run(*admin, command) == "";
          if (!together) after = everything(instance);
          INFO(command << " at " << at << " is done: " << is_done);
          if (!together) CHECK((after == before) == !is_done);
          if (!is_done) break;
        }
        if (together) {
          is_done = is_done && run(*admin, "COMMIT") == "";
          after = everything(instance);
        }
        has_struck = faulty.has_struck();
        faulty.arm({});
      }
      // What was refused with its outcome unknown may be there after all; what was acknowledged is.
      TestInstance again(quick(), &faulty, &passwords);
      const std::string found = everything(again);
      INFO("operation " << at);
      if (!has_struck) CHECK(found == after);
      CHECK(found.find("PUBLIC") != std::string::npos);
      if (together) CHECK((found.find("'ann'") == std::string::npos) == (found.find("'owner'") == std::string::npos));
      if (at > 300) FAIL("it never ends");
    }
  }
}

TEST_CASE("the first start writes the roles, or the next one does") {
  bool has_struck = true;
  for (std::uint64_t at = 1; has_struck; ++at) {
    vfs::MemoryVfs files;
    vfs::FaultVfs faulty(files);
    test::FakePasswords passwords;
    faulty.arm({vfs::FaultKind::Fail, at, ErrorCode::IoError, at, false});
    test::FakeClock clock;
    test::SeededRandom random;
    test::InlineScheduler scheduler;
    test::QuietLog log;
    auto first = Instance::open(quick(), {faulty, clock, random, scheduler, log, nullptr, &passwords, &make_access_control});
    has_struck = faulty.has_struck();
    if (first) static_cast<void>((*first)->close());
    first = Error(ErrorCode::Internal, "");
    faulty.arm({});
    INFO("operation " << at);
    TestInstance again(quick(), &faulty, &passwords);
    CHECK(run(*again.session("system"), "SHOW ROLES YIELD role RETURN collect(role)") ==
          "[['PUBLIC', 'admin', 'architect', 'editor', 'publisher', 'reader']]");
    if (at > 300) FAIL("it never ends");
  }
}

TEST_CASE("an instance without access control opens what one with it has written, and leaves it alone") {
  vfs::MemoryVfs files;
  test::FakePasswords passwords;
  {
    TestInstance instance(quick(), &files, &passwords);
    must(query(*instance.session("system"), "CREATE USER ann SET PASSWORD 'secret123' CHANGE NOT REQUIRED"));
  }
  {
    TestInstance instance(quick(), &files);
    CHECK(run(*instance.session("system"), "CREATE DATABASE red") == "");
    CHECK(run(*instance.session("system"), "SHOW USERS") == "NotImplemented");
  }
  TestInstance instance(quick(), &files, &passwords);
  CHECK(run(*instance.session("system"), "SHOW USERS YIELD user") == "['ann']");
  CHECK(run(*instance.session_of("ann"), "RETURN 1") == "[1]");
}
