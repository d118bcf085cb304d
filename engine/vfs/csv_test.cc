#include "vfs/csv.h"

#include <algorithm>

#include "tests/support/catch.h"

namespace nexus {
namespace {

// One text in pieces of `step` bytes, so that every border between pieces is met.
CsvReader reader_of(std::string text, std::size_t step, char delimiter = ',') {
  return CsvReader(
      [text, step, at = std::size_t{0}](char* out, std::size_t size) mutable -> Result<std::size_t> {
        const std::size_t count = std::min({step, size, text.size() - at});
        std::copy_n(text.data() + at, count, out);
        at += count;
        return count;
      },
      delimiter);
}

// "a|b;line" per record; quoted fields in <>.
std::string all(std::string text, std::size_t step = 1, char delimiter = ',') {
  CsvReader reader = reader_of(std::move(text), step, delimiter);
  std::string out;
  CsvRecord record;
  while (true) {
    auto more = reader.next(record);
    if (!more) return out + "error " + more.error().message;
    if (!*more) return out;
    for (const auto& field : record.fields) {
      out += field.quoted ? "<" + field.text + ">|" : field.text + "|";
    }
    out.back() = '@';
    out += std::to_string(record.line) + "\n";
  }
}

TEST_CASE("records end with LF, CRLF or the end of the file") {
  for (const std::size_t step : {1, 2, 3, 100}) {
    CHECK(all("a,b\n1,2\n", step) == "a|b@1\n1|2@2\n");
    CHECK(all("a,b\r\n1,2\r\n", step) == "a|b@1\n1|2@2\n");
    CHECK(all("a,b\n1,2", step) == "a|b@1\n1|2@2\n");
    CHECK(all("\"a\"\r\n\"b\"\r\n", step) == "<a>@1\n<b>@2\n");
  }
}

TEST_CASE("quotes protect delimiters, quotes and line ends") {
  for (const std::size_t step : {1, 2, 3, 100}) {
    CHECK(all("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\nnext\n", step) ==
          "<a,b>|<say \"hi\">|<two\nlines>@1\nnext@3\n");
  }
  CHECK(all("a,\"\",\n") == "a|<>|@1\n");
  CHECK(all("5\" disk\n") == "5\" disk@1\n");
}

TEST_CASE("a byte order mark and empty lines are skipped, empty fields are kept") {
  CHECK(all("\xEF\xBB\xBF" "a\n\n\r\nb\n", 100) == "a@1\nb@4\n");
  CHECK(all(",\n,,\n") == "|@1\n||@2\n");
  CHECK(all("") == "");
}

TEST_CASE("another delimiter may be chosen") { CHECK(all("a\tb,c\n", 4, '\t') == "a|b,c@1\n"); }

TEST_CASE("broken quoting is an error that names the line") {
  CHECK(all("a\n\"b\nc") == "a@1\nerror line 2: a quoted field is not closed");
  CHECK(all("\"a\"b\n") == "error line 1: text follows the closing quote of a field");
  CHECK(all("\"a\"\rb\n") == "error line 1: a carriage return stands alone");
}

}  // namespace
}  // namespace nexus
