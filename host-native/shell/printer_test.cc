#include "host-native/shell/printer.h"

#include <clocale>

#include "tests/support/catch.h"

namespace nexus::host {
namespace {

std::string print(Format format, std::vector<std::string> names, std::vector<List> rows, std::size_t width = 0) {
  setlocale(LC_CTYPE, "C.UTF-8");
  std::string text;
  auto printer = make_printer(format, [&text](std::string_view piece) { text += piece; }, width);
  printer->columns(names);
  if (!rows.empty()) printer->rows(rows);
  printer->finish();
  return text;
}

const std::vector<List> kPeople = {{Value::string("Ada"), Value::integer(36)}, {Value::string("李雷"), Value::integer(7)}};

TEST_CASE("a table is aligned by display width, numbers to the right") {
  CHECK(print(Format::Table, {"name", "age"}, kPeople) ==
        "╭────────┬─────╮\n"
        "│ name   │ age │\n"
        "├────────┼─────┤\n"
        "│ 'Ada'  │  36 │\n"
        "│ '李雷' │   7 │\n"
        "╰────────┴─────╯\n");
}

TEST_CASE("an empty table keeps its head, a statement without columns prints nothing") {
  CHECK(print(Format::Table, {"a"}, {}) == "╭───╮\n│ a │\n├───┤\n╰───╯\n");
  CHECK(print(Format::Table, {}, {}) == "");
}

TEST_CASE("a table is cut to the terminal, widest column first") {
  const std::string text = print(Format::Table, {"id", "text"}, {{Value::integer(1), Value::string(std::string(100, 'x'))}}, 30);
  CHECK(text.find("│  1 │ 'xxxxxxxxxxxxxxxxxxx… │\n") != std::string::npos);
}

TEST_CASE("vertical output is a block of lines for each row") {
  CHECK(print(Format::Vertical, {"name", "größe"}, kPeople, 10) ==
        "── row 1 ───────────────────────────────\n"
        "name  │ 'Ada'\n"
        "größe │ 36\n"
        "── row 2 ───────────────────────────────\n"
        "name  │ '李雷'\n"
        "größe │ 7\n");
  CHECK(print(Format::Vertical, {"a"}, {}) == "");
}

TEST_CASE("clip never cuts a character and never exceeds the width") {
  setlocale(LC_CTYPE, "C.UTF-8");
  CHECK(clip("abcdef", 4) == "abc…");
  CHECK(clip("李雷韩梅梅", 5) == "李雷…");
  CHECK(clip("李雷韩梅梅", 4) == "李…");
  CHECK(clip("e\xCC\x81" "abc", 3) == "e\xCC\x81" "a…");
  CHECK(display_width("e\xCC\x81") == 1);
}

TEST_CASE("csv quotes what needs it and tells null from an empty string") {
  CHECK(print(Format::Csv, {"a", "b,c"}, {{Value::string("x\"y"), Value::null()}, {Value::string(""), Value::real(1.5)}}) ==
        "a,\"b,c\"\r\n\"x\"\"y\",\r\n\"\",1.5\r\n");
}

TEST_CASE("tsv and plain are one line a row") {
  CHECK(print(Format::Tsv, {"a"}, {{Value::string("x\ty\nz")}}) == "a\nx\\ty\\nz\n");
  CHECK(print(Format::Plain, {"name", "age"}, kPeople) == "name, age\n'Ada', 36\n'李雷', 7\n");
}

TEST_CASE("json is one array, jsonl one object a line") {
  CHECK(print(Format::Json, {"a"}, {{Value::integer(1)}, {Value::null()}}) == "[\n  {\"a\":1},\n  {\"a\":null}\n]\n");
  CHECK(print(Format::Json, {"a"}, {}) == "[]\n");
  CHECK(print(Format::JsonLines, {"a"}, {{Value::string("q\"\n\x01")}}) == "{\"a\":\"q\\\"\\n\\u0001\"}\n");
}

TEST_CASE("the footer counts rows, time and changes") {
  Summary summary;
  summary.counters.nodes_created = 1;
  summary.counters.properties_set = 2;
  CHECK(footer(summary, 1, true, 3'200) == "1 row · 3.2 ms · created 1 node, set 2 properties");
  CHECK(footer(Summary{}, 0, false, 12'000) == "12 ms");
  CHECK(footer(summary, 0, false, std::nullopt) == "created 1 node, set 2 properties");
  CHECK(footer(Summary{}, 0, false, std::nullopt) == "");
}

TEST_CASE("formats have names") {
  CHECK(parse_format("jsonl") == Format::JsonLines);
  for (const auto& name : format_names()) CHECK(format_name(parse_format(name).value()) == name);
  CHECK(format_help() == "table, vertical, plain, csv, tsv, json or jsonl");
  CHECK_FALSE(parse_format("xml").has_value());
}

}  // namespace
}  // namespace nexus::host
