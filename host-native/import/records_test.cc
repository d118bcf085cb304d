#include "host-native/import/records.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/support/catch.h"
#include "value/text.h"

namespace nexus::host {
namespace {

struct TemporaryFile {
  explicit TemporaryFile(const std::string& text) {
    char pattern[] = "/tmp/nexus-records-XXXXXX";
    REQUIRE(mkdtemp(pattern) != nullptr);
    directory = pattern;
    path = directory + "/file";
    std::ofstream(path) << text;
  }
  ~TemporaryFile() { std::filesystem::remove_all(directory); }
  std::string directory, path;
};

// "line {fields}" or "line! problem", one a line.
std::string all(Result<std::unique_ptr<RecordSource>> source) {
  if (!source) return "error " + source.error().message;
  std::string out;
  Record record;
  while (true) {
    auto more = (*source)->next(record);
    if (!more) return out + "error " + more.error().message;
    if (!*more) return out;
    out += std::to_string(record.line) + (record.problem.empty() ? " " + to_text(Value::map(record.fields)) : "! " + record.problem) + "\n";
  }
}

TEST_CASE("types are inferred from what a column holds") {
  CHECK(infer_type({"1", "-20", "0"}) == ColumnType::Integer);
  CHECK(infer_type({"1", "2.5", "-1e3"}) == ColumnType::Float);
  CHECK(infer_type({"true", "false"}) == ColumnType::Boolean);
  CHECK(infer_type({"1", "007"}) == ColumnType::Text);
  CHECK(infer_type({"+1"}) == ColumnType::Text);
  CHECK(infer_type({"NaN", "1"}) == ColumnType::Text);
  CHECK(infer_type({"99999999999999999999"}) == ColumnType::Float);
  CHECK(infer_type({}) == ColumnType::Text);
  CHECK(infer_type({""}) == ColumnType::Text);
}

TEST_CASE("csv records become maps; no text is no value, a wrong field is a problem of its record") {
  const TemporaryFile file("name,age,score\nAda,36,1\nBo,,2.5\n\"\",4,3\nCy,x\n");
  CHECK(all(open_csv(file.path, {})) ==
        "2 {age: 36, name: 'Ada', score: 1.0}\n3 {name: 'Bo', score: 2.5}\n4 {age: 4, name: '', score: 3.0}\n"
        "5! 2 fields instead of 3\n");
  CsvSettings settings;
  settings.types = {{"name", ColumnType::Integer}};
  CHECK(all(open_csv(file.path, settings)).substr(0, 73) ==
        "2! 'Ada' in column 'name' does not have its type; see --types\n3! 'Bo' in ");
  settings.types = {{"nobody", ColumnType::Integer}};
  CHECK(all(open_csv(file.path, settings)) == "error there is no column 'nobody'");
}

TEST_CASE("what is not UTF-8 is a problem that is told in UTF-8") {
  const TemporaryFile file("name\nca\xE9\n");
  CHECK(all(open_csv(file.path, {})) == "2! 'ca\uFFFD' in column 'name' is not UTF-8\n");
}

TEST_CASE("a csv header names every column once") {
  CHECK(all(open_csv(TemporaryFile("a,a\n").path, {})).starts_with("error"));
  CHECK(all(open_csv(TemporaryFile("a,\n").path, {})).starts_with("error"));
  CHECK(all(open_csv(TemporaryFile("").path, {})).starts_with("error"));
  CHECK(all(open_csv("/nowhere/at/all", {})).starts_with("error cannot read"));
}

TEST_CASE("json lines are objects, blank lines are nothing") {
  const TemporaryFile file("{\"a\":1}\n\n[1]\n{\"a\":\n{\"b\":\"x\"}");
  const std::string text = all(open_json_lines(file.path));
  CHECK(text.starts_with("1 {a: 1}\n3! the line is not a JSON object\n4! "));
  CHECK(text.ends_with("5 {b: 'x'}\n"));
}

TEST_CASE("an array is found by its pointer") {
  const TemporaryFile file(R"({"a/b": {"nodes": [{"x": 1}, 2]}, "n": 3})");
  CHECK(all(open_json_array(file.path, "/a~1b/nodes")) == "1 {x: 1}\n2! the element is not a JSON object\n");
  CHECK(all(open_json_array(file.path, "/nowhere")) == "error the document has nothing at '/nowhere'");
  CHECK(all(open_json_array(file.path, "/n")) == "error there is no array at '/n'");
}

}  // namespace
}  // namespace nexus::host
