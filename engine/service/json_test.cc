#include "service/json.h"

#include "tests/support/catch.h"
#include "value/text.h"

using namespace nexus;
using namespace nexus::service;

namespace {

std::string read(std::string_view text) {
  auto value = parse_json(text);
  return value ? to_text(*value) : "error: " + value.error().message;
}

std::string round(std::string_view text) {
  auto value = parse_json(text);
  REQUIRE(value.has_value());
  std::string out;
  append_json(out, *value);
  return out;
}

}  // namespace

TEST_CASE("JSON becomes values of the right type") {
  CHECK(read("null") == "null");
  CHECK(read(" [1, 1.0, true, \"x\"] ") == "[1, 1.0, true, 'x']");
  CHECK(read("{\"b\": 1, \"a\": {}}") == "{a: {}, b: 1}");
  CHECK(read("9223372036854775807") == "9223372036854775807");
  CHECK(read("-9223372036854775808") == "-9223372036854775808");
}

TEST_CASE("seventeen digits survive, which Boost.JSON alone does not manage") {
  for (const char* text : {"0.1234567890123456", "123456.78901234567", "2.2250738585072014e-308"}) {
    CHECK(parse_json(text)->real() == std::strtod(text, nullptr));
  }
}

TEST_CASE("what could mean two things is refused") {
  CHECK(read("{\"a\": 1, \"a\": 2}").find("twice") != std::string::npos);
  CHECK(read("1e400").find("out of range") != std::string::npos);
  CHECK(read("9223372036854775808").find("64 bits") != std::string::npos);
  CHECK(read("1 2").find("follows") != std::string::npos);
  CHECK(read("{\"a\": }").find("malformed") != std::string::npos);
  CHECK(read("").find("malformed") != std::string::npos);
  CHECK(read("[1,").find("malformed") != std::string::npos);
  CHECK(read("\"\xff\"").find("malformed") != std::string::npos);
}

TEST_CASE("nesting stops at 64 levels") {
  CHECK(parse_json(std::string(60, '[') + std::string(60, ']')).has_value());
  CHECK(read(std::string(100, '[') + std::string(100, ']')).find("malformed") != std::string::npos);
  CHECK(!parse_json(std::string(1'000'000, '[')).has_value());
}

TEST_CASE("plain JSON is written as it was read") {
  CHECK(round("{\"a\":[1,2.5,null,true,\"x\\n\\u0001\\\"\"]}") == "{\"a\":[1,2.5,null,true,\"x\\n\\u0001\\\"\"]}");
  CHECK(round("\"na\\u00efve\"") == "\"na\xc3\xafve\"");
}

TEST_CASE("a vector is a list of numbers in plain JSON") {
  const auto vector = parse_json(R"({"$type":"Vector","_value":{"coordinatesType":"FLOAT32","coordinates":["0.1","-2"]}})");
  REQUIRE(vector.has_value());
  std::string out;
  append_json(out, *vector);
  CHECK(out == "[0.1,-2.0]");
}

TEST_CASE("typed values lose nothing") {
  for (const char* text : {"{\"$type\":\"Integer\",\"_value\":\"9007199254740993\"}",
                           "{\"$type\":\"Float\",\"_value\":\"NaN\"}", "{\"$type\":\"Date\",\"_value\":\"2024-02-29\"}",
                           "{\"$type\":\"Duration\",\"_value\":\"P1Y2M\"}",
                           R"({"$type":"Vector","_value":{"coordinatesType":"FLOAT32","coordinates":["1.0","1.05"]}})",
                           R"({"$type":"Vector","_value":{"coordinatesType":"INTEGER64","coordinates":["-9223372036854775808"]}})"}) {
    auto value = parse_json(text);
    REQUIRE(value.has_value());
    std::string out;
    append_typed_json(out, *value);
    CHECK(out == text);
  }
  CHECK(!parse_json("{\"$type\":\"Integer\",\"_value\":\"x\"}").has_value());
  for (const char* value : {"[]", R"("x")", R"({"coordinates":["1"]})", R"({"coordinatesType":"INTEGER8","coordinates":[]})",
                            R"({"coordinatesType":"INTEGER8","coordinates":["128"]})",
                            R"({"coordinatesType":"FLOAT16","coordinates":["1"]})",
                            R"({"coordinatesType":"FLOAT32","coordinates":["NaN"]})",
                            R"({"coordinatesType":"FLOAT32","coordinates":[1]})"}) {
    INFO(value);
    CHECK(!parse_json(R"({"$type":"Vector","_value":)" + std::string(value) + "}").has_value());
  }
  CHECK(!parse_json("{\"$type\":\"Nothing\",\"_value\":\"x\"}").has_value());
}
