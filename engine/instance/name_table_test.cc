#include "instance/name_table.h"

#include "tests/support/catch.h"

namespace {

using Table = nexus::instance::NameTable<int>;

std::vector<std::string> names(const Table& table) {
  std::vector<std::string> all;
  for (const auto& [name, value] : table) all.push_back(name);
  return all;
}

}  // namespace

TEST_CASE("a name table keeps the order of the names and finds each") {
  Table table;
  CHECK(table.try_emplace("b", 2).second);
  CHECK(table.try_emplace("c", 3).second);
  CHECK(table.try_emplace("a", 1).second);
  CHECK_FALSE(table.try_emplace("a", 9).second);
  CHECK(names(table) == std::vector<std::string>{"a", "b", "c"});
  REQUIRE(table.find("a") != table.end());
  CHECK(table.find("a")->second == 1);
  CHECK(table.find("d") == table.end());
  CHECK(table.lower_bound("b")->first == "b");
  CHECK(std::as_const(table).upper_bound("b")->first == "c");
}

TEST_CASE("what is erased from a name table is found no more") {
  Table table;
  for (int i = 0; i < 100; ++i) table.try_emplace("name" + std::to_string(i), i);
  for (int i = 0; i < 100; i += 2) table.erase("name" + std::to_string(i));
  table.erase("name0");
  CHECK(table.size() == 50);
  for (int i = 0; i < 100; ++i) CHECK(table.contains("name" + std::to_string(i)) == (i % 2 == 1));
}

TEST_CASE("a renamed row is the same row under its new name alone") {
  Table table;
  table.try_emplace("old", 7);
  table.try_emplace("p", 8);
  const auto row = table.find("old");
  table.rename(row, "young");
  CHECK(row->first == "young");
  CHECK(row->second == 7);
  CHECK_FALSE(table.contains("old"));
  CHECK(table.find("young") == row);
  CHECK(names(table) == std::vector<std::string>{"p", "young"});
  table.erase(row);
  CHECK(names(table) == std::vector<std::string>{"p"});
  CHECK_FALSE(table.contains("young"));
}

TEST_CASE("rows move between tables, one by one or all at once, and iterators go with them") {
  Table one, other;
  one.try_emplace("a", 1);
  one.try_emplace("b", 2);
  other.try_emplace("b", 20);
  other.try_emplace("c", 30);
  const auto row = other.find("b");
  one.take(other, row);
  CHECK(one.find("b") == row);
  CHECK(row->second == 20);
  CHECK(names(one) == std::vector<std::string>{"a", "b"});
  CHECK(names(other) == std::vector<std::string>{"c"});
  one.swap(other);
  CHECK(other.find("b") == row);
  CHECK(names(one) == std::vector<std::string>{"c"});
  CHECK_FALSE(one.contains("b"));
  other.erase(row);
  CHECK(names(other) == std::vector<std::string>{"a"});
}
