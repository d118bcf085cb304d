#include "host-native/shell/live_catalogue.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <mutex>

#include "tests/support/catch.h"

namespace nexus::host {
namespace {

// Answers every statement with one name, that of its database, and counts; waits while `gate` is locked.
struct Server {
  std::atomic<int> statements{0};
  std::atomic<bool> fails{false};
  std::mutex gate;
  std::string last_text;
};

class FakeConnection final : public Connection {
 public:
  FakeConnection(std::shared_ptr<Server> server, std::string database)
      : server_(std::move(server)), database_(std::move(database)) {}

  Result<Summary> run(std::string_view text, const Map&, ResultSink& sink) override {
    const std::lock_guard lock(server_->gate);
    ++server_->statements;
    server_->last_text = std::string(text);
    if (server_->fails) return Error{ErrorCode::IoError, "no answer"};
    sink.columns({"name"});
    sink.rows({{Value::list({Value::string("of " + database_), Value::string("second")})}});
    return Summary{};
  }
  std::string database() const override { return database_; }
  Result<> use(std::string_view name) override {
    database_ = std::string(name);
    return Done{};
  }
  std::string default_database() override { return "neo4j"; }
  Result<> begin() override { return Done{}; }
  Result<Summary> commit() override { return Summary{}; }
  Result<> rollback() override { return Done{}; }
  bool in_transaction() const override { return false; }
  Result<> dump(std::string_view, const OnBytes&) override { return Done{}; }
  Result<> restore(std::string_view, ByteSource&) override { return Done{}; }
  Result<std::unique_ptr<Connection>> twin(std::string_view database) override {
    return std::unique_ptr<Connection>(std::make_unique<FakeConnection>(server_, std::string(database)));
  }
  void interrupt() override {}
  std::string user() const override { return "nexus"; }
  std::string target() const override { return "fake"; }

 private:
  std::shared_ptr<Server> server_;
  std::string database_;
};

using Names = std::vector<std::string>;

const Map kNoParameters;

TEST_CASE("names are fetched once and kept for each database") {
  const auto server = std::make_shared<Server>();
  FakeConnection connection(server, "one");
  const Map parameters = {{"p", Value::integer(1)}};
  LiveCatalogue catalogue(connection, parameters);
  CHECK(server->statements == 0);
  CHECK(catalogue.names(NameKind::Label) == Names{"of one", "second"});
  CHECK(catalogue.names(NameKind::Label) == Names{"of one", "second"});
  CHECK(server->statements == 1);
  CHECK(connection.use("two").has_value());
  CHECK(catalogue.names(NameKind::Label) == Names{"of two", "second"});
  CHECK(catalogue.names(NameKind::Database) == Names{"of system", "second"});
  CHECK(server->statements == 3);
  CHECK(catalogue.names(NameKind::Parameter) == Names{"p"});
}

TEST_CASE("a failure means no names and is not repeated at once") {
  const auto server = std::make_shared<Server>();
  server->fails = true;
  FakeConnection connection(server, "one");
  LiveCatalogue catalogue(connection, kNoParameters);
  CHECK(catalogue.names(NameKind::Function).empty());
  CHECK(catalogue.names(NameKind::Function).empty());
  CHECK(server->statements == 1);
}

TEST_CASE("what comes too late is there the next time") {
  const auto server = std::make_shared<Server>();
  FakeConnection connection(server, "one");
  LiveCatalogue catalogue(connection, kNoParameters);
  server->gate.lock();
  CHECK(catalogue.names(NameKind::Label).empty());
  CHECK(catalogue.names(NameKind::PropertyKey).empty());
  server->gate.unlock();
  CHECK(catalogue.names(NameKind::Label) == Names{"of one", "second"});
  CHECK(server->statements == 1);
}

TEST_CASE("a catalogue may end while something is being fetched") {
  const auto server = std::make_shared<Server>();
  FakeConnection connection(server, "one");
  server->gate.lock();
  { LiveCatalogue(connection, kNoParameters).names(NameKind::Label); }
  server->gate.unlock();
  CHECK(server.use_count() >= 1);
}

TEST_CASE("files and folders are listed, hidden ones are not") {
  std::string folder = "/tmp/nexus-catalogue-XXXXXX";
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string path = folder + "/";
  mkdir((path + "below").c_str(), 0700);
  std::ofstream(path + "a.cypher") << "RETURN 1;";
  std::ofstream(path + ".hidden") << "";
  const auto server = std::make_shared<Server>();
  FakeConnection connection(server, "one");
  LiveCatalogue catalogue(connection, kNoParameters);
  Names files = catalogue.files(path);
  std::sort(files.begin(), files.end());
  CHECK(files == Names{"a.cypher", "below/"});
  CHECK(catalogue.files(path + "nowhere/").empty());
  for (const char* name : {"a.cypher", ".hidden"}) unlink((path + name).c_str());
  rmdir((path + "below").c_str());
  rmdir(folder.c_str());
}

TEST_CASE("a tilde is the user's home") {
  setenv("HOME", "/home/ada", 1);
  CHECK(expand_home("~/x") == "/home/ada/x");
  CHECK(expand_home("~") == "/home/ada");
  CHECK(expand_home("~ada/x") == "~ada/x");
  CHECK(expand_home("a/~/x") == "a/~/x");
}

}  // namespace
}  // namespace nexus::host
