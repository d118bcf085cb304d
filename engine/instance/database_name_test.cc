#include "instance/database_name.h"

#include "tests/support/catch.h"

using namespace nexus;
using namespace nexus::instance;

TEST_CASE("database names that may be created") {
  for (const char* name : {"neo4j", "abc", "Main.DB", "a-b", "0tenant", "1.2", "a..b", "x--y"}) {
    const auto checked = check_database_name(name);
    CHECK(checked.has_value());
    if (checked) CHECK(*checked == fold_database_name(name));
  }
  CHECK(check_database_name(std::string(63, 'a')).has_value());
  CHECK(*check_database_name("SALES") == "sales");
}

TEST_CASE("database names that break a rule are refused with the rule") {
  struct Case {
    std::string name;
    const char* rule;
  };
  const Case cases[] = {
      {"", "3 to 63"},           {"ab", "3 to 63"},           {std::string(64, 'a'), "3 to 63"},
      {"../x", "begins with"},   {"_abc", "reserved"},        {"system", "reserved"},
      {"system2", "reserved"},   {"SystemX", "reserved"},     {"-abc", "begins with"},
      {".abc", "begins with"},   {"abc-", "end in"},          {"abc.", "end in"},
      {"a/b", "consists of"},    {"a\\b", "consists of"},     {"a b", "consists of"},
      {"a_b", "consists of"},    {"caf\xC3\xA9", "consists of"}, {"\xF0\x9F\x98\x80", "begins with"},
      {std::string("a\0b", 3), "consists of"}, {"abc\n", "consists of"},
  };
  for (const Case& test : cases) {
    const auto checked = check_database_name(test.name);
    REQUIRE(!checked);
    CHECK(checked.error().code == ErrorCode::InvalidDatabaseName);
    CHECK(checked.error().message.find(test.rule) != std::string::npos);
    CHECK(checked.error().message.find('\n') == std::string::npos);
  }
}

TEST_CASE("a name in a message is short and harmless") {
  CHECK(printable_name("abc") == "abc");
  CHECK(printable_name("a\nb") == "a\xEF\xBF\xBD""b");
  CHECK(printable_name(std::string(100'000, 'x')).size() < 100);
}
