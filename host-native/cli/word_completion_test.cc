#include "host-native/cli/word_completion.h"

#include "host-native/cli/program.h"
#include "tests/support/catch.h"

namespace nexus::host {
namespace {

using Kind = OptionValue::Kind;

WordCompletion at_end(const std::vector<std::string>& words) { return complete_words(Program().app(), words); }

std::string offered(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& [word, description] : at_end(words).words) out += (out.empty() ? "" : " ") + word;
  return out;
}

TEST_CASE("commands complete, and the commands of commands") {
  CHECK(offered({"s"}) == "serve shell");
  CHECK(offered({"db", "st"}) == "stop start");
  CHECK(offered({"import", "j"}) == "jsonl json");
  CHECK(offered({"nonsense", "s"}).empty());
  CHECK(offered({}).empty());
  CHECK(offered({""}).find("query") != std::string::npos);
}

TEST_CASE("options complete with their descriptions") {
  CHECK(offered({"shell", "--fo"}) == "--format");
  CHECK(offered({"shell", "--pa"}) == "--password-file --param");
  CHECK(offered({"shell", "-q"}) == "-q");
  CHECK(at_end({"shell", "--hist"}).words.at(0).second == "File, 'in-memory' or 'disable'");
  CHECK(offered({"serve", "--bolt"}) == "--bolt-port");
  CHECK(offered({"shell", "--", "--fo"}).empty());
}

TEST_CASE("values complete by what they are") {
  CHECK(offered({"query", "--format", "j"}) == "json jsonl");
  CHECK(offered({"query", "-f", "v"}) == "vertical");
  CHECK(offered({"query", "--format=cs"}) == "--format=csv");
  CHECK(offered({"completion", ""}) == "bash zsh fish");
  CHECK(offered({"serve", "--log-level", "w"}) == "warning");
  CHECK(at_end({"serve", "--data", ""}).kind == Kind::Directory);
  CHECK(at_end({"serve", "--gui", ""}).kind == Kind::Directory);
  CHECK(at_end({"shell", "--file", ""}).kind == Kind::File);
  CHECK(at_end({"db", "restore", "x", ""}).kind == Kind::File);
  CHECK(at_end({"query", ""}).kind == Kind::Text);
}

TEST_CASE("names of databases are looked for where the words say") {
  const auto found = at_end({"db", "drop", "--uri", "http://127.0.0.1:1", "-u", "ada", "fl"});
  CHECK(found.kind == Kind::Database);
  CHECK(found.typed == "fl");
  CHECK(found.options.at("uri") == "http://127.0.0.1:1");
  CHECK(found.options.at("user") == "ada");
  CHECK(at_end({"shell", "-d", ""}).kind == Kind::Database);
  CHECK(at_end({"shell", "--data=x", "--database=f"}).kind == Kind::Database);
  CHECK(at_end({"shell", "--data=x", "--database=f"}).options.at("data") == "x");
  CHECK(at_end({"db", "create", ""}).kind == Kind::Text);
  CHECK(at_end({"db", "drop", "one", ""}).kind == Kind::None);
}

TEST_CASE("files behind a name and a sign") {
  CHECK(at_end({"import", "csv", "--nodes", "Air"}).kind == Kind::Text);
  const auto found = at_end({"import", "csv", "--nodes", "Airport=air"});
  CHECK(found.kind == Kind::File);
  CHECK(found.prefix == "Airport=");
  CHECK(found.typed == "air");
}

}  // namespace
}  // namespace nexus::host
