#include "host-native/shell/statements.h"

#include "tests/support/catch.h"

namespace nexus::host {
namespace {

// "[1] text" per piece, commands with their colon, "rest" last.
std::string cut(std::string_view text) {
  StatementReader reader;
  std::string out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    reader.add_line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    while (auto input = reader.next()) {
      out += "[" + std::to_string(input->line) + (input->is_command ? " command] " : input->is_vertical ? " vertical] " : "] ") +
             input->text + "|";
    }
  }
  if (auto input = reader.rest()) out += "[" + std::to_string(input->line) + " rest] " + input->text;
  return out;
}

TEST_CASE("statements end with a semicolon, on one line or many") {
  CHECK(cut("RETURN 1; RETURN 2;\nMATCH (n)\nRETURN n;") == "[1] RETURN 1|[1] RETURN 2|[2] MATCH (n)\nRETURN n|");
  CHECK(cut("\n\nRETURN 1") == "[3 rest] RETURN 1");
  CHECK(cut(";;\n;") == "");
}

TEST_CASE("semicolons in quotes and comments do not count") {
  CHECK(cut("RETURN ';\\';', \"a;\", `b;`;") == "[1] RETURN ';\\';', \"a;\", `b;`|");
  CHECK(cut("RETURN 'a\nb;c' AS x;") == "[1] RETURN 'a\nb;c' AS x|");
  CHECK(cut("RETURN 1 // not; here\n; /* nor; here */ RETURN 2;") == "[1] RETURN 1 // not; here|[2] RETURN 2|");
  CHECK(cut("// only a comment\n/* and another */") == "");
}

TEST_CASE("a command is one line") {
  CHECK(cut(":use a;\nRETURN 1;\n:param x => ';'\n") == "[1 command] :use a|[2] RETURN 1|[3 command] :param x => ';'|");
}

TEST_CASE("a statement that ends with a backslash and G shows its rows below each other") {
  CHECK(cut("RETURN 1\\G RETURN 2; RETURN 3\n\\G\nRETURN 4;") == "[1 vertical] RETURN 1|[1] RETURN 2|[1 vertical] RETURN 3|[3] RETURN 4|");
  CHECK(cut("RETURN '\\\\G', `\\G` // \\G\n;") == "[1] RETURN '\\\\G', `\\G` // \\G|");
  CHECK(cut("RETURN 1\\G;\n:use a\\G\n") == "[1 vertical] RETURN 1|[2 command] :use a\\G|");
}

TEST_CASE("what is open is pending") {
  StatementReader reader;
  CHECK_FALSE(reader.is_pending());
  reader.add_line("MATCH (n)");
  CHECK_FALSE(reader.next().has_value());
  CHECK(reader.is_pending());
  CHECK(reader.pending() == "MATCH (n)\n");
  reader.clear();
  CHECK_FALSE(reader.is_pending());
}

TEST_CASE("the caret stands under the code point") {
  CHECK(caret_lines("RETURN x", 1, 8) == "RETURN x\n       ^\n");
  CHECK(caret_lines("a\n\té x\nb", 2, 4) == "\té x\n\t  ^\n");
  CHECK(caret_lines("a", 3, 1) == "");
  CHECK(caret_lines("a", 0, 0) == "");
  CHECK(caret_lines("ab", 1, 3) == "ab\n  ^\n");
  const std::string line = std::string(100, 'a') + "é" + std::string(100, 'b');
  const std::string wanted = "…" + std::string(60, 'a') + "é" + std::string(59, 'b') + "…\n" + std::string(61, ' ') + "^\n";
  CHECK(caret_lines(line, 1, 101) == wanted);
  CHECK(caret_lines(line, 1, 1) == std::string(60, 'a') + "…\n^\n");
}

TEST_CASE("a statement of many lines is one line in the history") {
  CHECK(one_line("RETURN 1") == "RETURN 1");
  CHECK(one_line("MATCH (n) // all of them\n  WHERE n.x = 'a\nb' /* or\n so */\nRETURN n") ==
        "MATCH (n) WHERE n.x = 'a\\nb' RETURN n");
  CHECK(one_line("RETURN 'open\n//") == "RETURN 'open //");
  CHECK(one_line("") == "");
}

TEST_CASE("statements with passwords are secret") {
  CHECK(holds_secret("CREATE USER a SET PassWord 'x'"));
  CHECK_FALSE(holds_secret("RETURN 1"));
}

}  // namespace
}  // namespace nexus::host
