#include "host-native/shell/line_editor.h"

#include "tests/support/catch.h"

namespace nexus::host {
namespace {

std::vector<Candidate> candidates(std::initializer_list<std::string> names) {
  std::vector<Candidate> list;
  for (const auto& name : names) list.push_back({name, name, ""});
  return list;
}

TEST_CASE("candidates stand in columns that are read downwards") {
  const auto five = candidates({"a", "bb", "ccc", "d", "e"});
  CHECK(candidate_columns(five, 80, 10) == "a    bb   ccc  d    e\n");
  CHECK(candidate_columns(five, 13, 10) == "a    ccc  e\nbb   d\n");
  CHECK(candidate_columns(five, 3, 10) == "a\nbb\nccc\nd\ne\n");
}

TEST_CASE("more candidates than the screen has room for are counted") {
  CHECK(candidate_columns(candidates({"a", "b", "c"}), 1, 2) == "a\nb\n… and 1 more\n");
  CHECK(candidate_columns(candidates({"abcdef", "b"}), 4, 5) == "abc…\nb\n");
}

}  // namespace
}  // namespace nexus::host
