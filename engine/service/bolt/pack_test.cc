#include "service/bolt/handshake.h"
#include "service/bolt/pack_reader.h"
#include "service/bolt/structures.h"
#include "tests/support/catch.h"
#include "value/text.h"
#include "value/vector.h"

using namespace nexus;
using namespace nexus::service::bolt;

namespace {

constexpr Dialect kNew{{5, 8}, false, false};
constexpr Dialect kNewest{{6, 0}, false, false};
constexpr Dialect kOld{{4, 4}, false, false};
constexpr Dialect kOldUtc{{4, 4}, true, false};

std::string packed(const Value& value, const Dialect& dialect = kNew) {
  std::string out;
  PackWriter writer(out);
  write_value(writer, value, dialect);
  return out;
}

std::string hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 0xF];
  }
  return out;
}

std::string unhex(std::string_view text) {
  std::string out;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'A' + 10; };
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) out += static_cast<char>(digit(text[at]) << 4 | digit(text[at + 1]));
  return out;
}

// The value's text, or the name of the error; "refused …" for a value that is no parameter.
std::string unpacked(std::string_view hex_text, const Dialect& dialect = kNew, PackLimits limits = {}) {
  const std::string bytes = unhex(hex_text);
  PackReader reader(as_bytes(bytes), dialect, limits);
  auto value = reader.value();
  if (!value) return std::string(error_name(value.error().code));
  if (reader.refusal()) return "refused " + std::string(error_name(reader.refusal()->code));
  if (!reader.at_end()) return "bytes are left";
  return to_text(*value);
}

}  // namespace

TEST_CASE("integers take the shortest form and are read in any width") {
  const std::pair<std::int64_t, const char*> cases[] = {
      {0, "00"},          {127, "7F"},        {-1, "FF"},         {-16, "F0"},
      {-17, "C8EF"},      {-128, "C880"},     {128, "C90080"},    {-129, "C9FF7F"},
      {32'767, "C97FFF"}, {32'768, "CA00008000"}, {-32'769, "CAFFFF7FFF"},
      {2'147'483'648, "CB0000000080000000"}, {INT64_MIN, "CB8000000000000000"}, {INT64_MAX, "CB7FFFFFFFFFFFFFFF"}};
  for (const auto& [number, bytes] : cases) {
    CHECK(hex(packed(Value::integer(number))) == bytes);
    CHECK(unpacked(bytes) == std::to_string(number));
  }
  CHECK(unpacked("CB0000000000000001") == "1");
  CHECK(unpacked("C9FFFF") == "-1");
}

TEST_CASE("scalars, strings and containers in bytes") {
  CHECK(hex(packed(Value::null())) == "C0");
  CHECK(hex(packed(Value::boolean(true))) == "C3");
  CHECK(hex(packed(Value::real(1.5))) == "C13FF8000000000000");
  CHECK(hex(packed(Value::string("ä"))) == "82C3A4");
  CHECK(hex(packed(Value::string(std::string(16, 'x')))).substr(0, 4) == "D010");
  CHECK(hex(packed(Value::string(std::string(256, 'x')))).substr(0, 6) == "D10100");
  CHECK(hex(packed(Value::string(std::string(65'536, 'x')))).substr(0, 10) == "D200010000");
  CHECK(hex(packed(Value::list({Value::integer(1), Value::null()}))) == "9201C0");
  CHECK(hex(packed(Value::list(List(16)))).substr(0, 4) == "D410");
  CHECK(hex(packed(Value::map({{"a", Value::integer(1)}}))) == "A1816101");
  CHECK(unpacked("A2816101816102") == "{a: 2}");
  CHECK(unpacked("D60000000101") == "[1]");
}

TEST_CASE("every kind of value survives the way there and back") {
  const Value values[] = {Value::real(-0.0),
                          Value::string(std::string(70'000, 'z')),
                          Value::date({-1}),
                          Value::local_time({86'399'999'999'999}),
                          Value::time({1, -64'800}),
                          Value::local_date_time({-1, 999'999'999}),
                          Value::date_time({1'720'000'000, 5, 7'200, {}}),
                          Value::date_time({1'720'000'000, 5, 7'200, "Europe/Stockholm"}),
                          Value::duration({1, -2, -3, 4}),
                          Value::point({4979, 1, 2, 3}),
                          Value::point({7203, 1, 2, 0})};
  for (const Dialect& dialect : {kNew, kOld, kOldUtc}) {
    for (const Value& value : values) CHECK(unpacked(hex(packed(value, dialect)), dialect) == to_text(value));
  }
}

TEST_CASE("zoned instants count local seconds before 5.0, unless the client asks for UTC") {
  const Value when = Value::date_time({100, 0, 60, {}});
  CHECK(hex(packed(when, kOld)) == "B346C900A0003C");
  CHECK(hex(packed(when, kOldUtc)) == "B34964003C");
  CHECK(hex(packed(when, kNew)) == "B34964003C");
  CHECK(unpacked("B34964003C", kOld) == "InvalidRequest");
  CHECK(unpacked("B346C900A0003C", kNew) == "InvalidRequest");
}

TEST_CASE("entities have element ids from 5.0 on") {
  const Value node = Value::node(NodeData{7, "4:u:7", {"A"}, {{"p", Value::integer(1)}}});
  CHECK(hex(packed(node, kOld)) == "B34E07918141A1817001");
  CHECK(hex(packed(node, kNew)) == "B44E07918141A1817001" "85343A753A37");
  RelationshipData between{9, "5:u:9", "R", 7, 8, "4:u:7", "4:u:8", {}};
  CHECK(hex(packed(Value::relationship(between), kOld)) == "B5520907088152A0");
  CHECK(hex(packed(Value::relationship(between), kNew)).substr(0, 4) == "B852");
}

TEST_CASE("a path names each entity once, and against the direction with a minus") {
  const auto node = [](std::uint64_t id) { return Value::node(NodeData{id, {}, {}, {}}); };
  const auto relationship = [](std::uint64_t id, std::uint64_t start, std::uint64_t end) {
    return Value::relationship(RelationshipData{id, {}, "R", start, end, {}, {}, {}});
  };
  const Value path = Value::path(PathData{{node(42), node(69), node(42), node(1)},
                                          {relationship(100, 42, 69), relationship(100, 42, 69), relationship(101, 1, 42)}});
  const std::string bytes = hex(packed(path, kOld));
  CHECK(bytes.substr(0, 6) == "B35093");
  CHECK(bytes.substr(bytes.size() - 14) == "9601" "01FF00FE02");
}

TEST_CASE("damaged bytes are violations, and never more memory than they hold") {
  for (const char* bytes : {"", "C9", "C1", "85616263", "D2FFFFFFFF", "D67FFFFFFF", "DA7FFFFFFF", "92", "A1", "A10101",
                            "C4", "DF", "EF", "81FF", "B144", "B1448161", "B25801", "B17F01"}) {
    INFO(bytes);
    CHECK(unpacked(bytes) == "InvalidRequest");
  }
  // Within the first list's bytes, the second's are those of the first.
  CHECK(unpacked("D40493010203") == "InvalidRequest");
  CHECK(unpacked("D4049301020304") == "InvalidRequest");
  CHECK(unpacked("D40493010203040506") == "[[1, 2, 3], 4, 5, 6]");
  CHECK(unpacked("D403A18161D4030102") == "InvalidRequest");
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "91";
  CHECK(unpacked(deep) == "InvalidRequest");
  CHECK(unpacked("93010203", kNew, {10, 3}) == "InvalidRequest");
  CHECK(unpacked("93010203", kNew, {10, 4}) == "[1, 2, 3]");
}

TEST_CASE("values that are no parameters are refused, the rest of the message is still read") {
  CHECK(unpacked("B34E0790A0") == "refused InvalidArgumentType");
  CHECK(unpacked("CC03010203") == "refused NotImplemented");
  CHECK(unpacked("92CC0101CC0101") == "refused NotImplemented");
  CHECK(unpacked("B144CB7FFFFFFFFFFFFFFF") == "refused InvalidArgument");
  CHECK(unpacked("B174CB7FFFFFFFFFFFFFFF") == "refused InvalidArgument");
  CHECK(unpacked("B3690000874E6F7768657265") == "refused InvalidArgument");
  CHECK(unpacked("B35801C13FF0000000000000C13FF0000000000000") == "refused InvalidArgument");
}

TEST_CASE("vectors are big-endian bytes behind the marker of their coordinates, from 6.0 on") {
  const auto vector = [](CoordinateType type, const List& numbers) {
    Vector made{type, {}};
    for (const Value& number : numbers) REQUIRE(add_coordinate(made, number));
    return Value::vector(std::move(made));
  };
  const Value one = Value::integer(1);
  const Value negative = Value::integer(-2);
  const std::pair<Value, const char*> cases[] = {
      {vector(CoordinateType::Integer8, {one, negative}), "B256CC01C8CC0201FE"},
      {vector(CoordinateType::Integer16, {one, negative}), "B256CC01C9CC040001FFFE"},
      {vector(CoordinateType::Integer32, {one}), "B256CC01CACC0400000001"},
      {vector(CoordinateType::Integer64, {negative}), "B256CC01CBCC08FFFFFFFFFFFFFFFE"},
      {vector(CoordinateType::Float32, {Value::real(1.5)}), "B256CC01C6CC043FC00000"},
      {vector(CoordinateType::Float64, {Value::real(1.5)}), "B256CC01C1CC083FF8000000000000"}};
  for (const auto& [value, bytes] : cases) {
    INFO(bytes);
    CHECK(hex(packed(value, kNewest)) == bytes);
    CHECK(unpacked(bytes, kNewest) == to_text(value));
    CHECK(unpacked(bytes) == "InvalidRequest");
  }
  const std::string large = hex(packed(vector(CoordinateType::Integer8, List(300, one)), kNewest));
  CHECK(large.starts_with("B256CC01C8CD012C0101"));
  CHECK(unpacked(large, kNewest).ends_with(", 300, INTEGER8)"));
  CHECK(unpacked("91B256CC01C8CC0101", kNewest) == "[vector([1], 1, INTEGER8)]");
  // No coordinates, half of one, one that is no number, and too many.
  for (const char* bytes : {"B256CC01C8CC00", "B256CC01C9CC03000102", "B256CC01C6CC047FC00000", "B256CC01C1CC087FF0000000000000"}) {
    CHECK(unpacked(bytes, kNewest) == "refused InvalidArgument");
  }
  CHECK(unpacked("B256CC01C8CD1001" + std::string(2 * 4097, '0'), kNewest) == "refused InvalidArgument");
  // Another marker, none, two, other fields, and bytes after the vector.
  for (const char* bytes : {"B256CC01C7CC0101", "B256CC00CC0101", "B256CC02C8C8CC0101", "B256CC01C80101", "B156CC01C8",
                            "B256CC01C891CC0101", "B256CC01C8CC0501"}) {
    INFO(bytes);
    CHECK(unpacked(bytes, kNewest) == "InvalidRequest");
  }
  CHECK(unpacked("92B256CC01C8CC0101CC0101", kNewest) == "refused NotImplemented");
  std::string out;
  PackWriter writer(out);
  write_value(writer, Value::list({vector(CoordinateType::Integer8, {one})}), kNew);
  CHECK(writer.is_refused());
}

TEST_CASE("a version is chosen from the client's ranges, in its order, never 5.5") {
  CHECK(best_version(5, 8, 8) == Version{5, 8});
  CHECK(best_version(5, 5, 0) == std::nullopt);
  CHECK(best_version(5, 5, 5) == Version{5, 4});
  CHECK(best_version(5, 20, 19) == Version{5, 8});
  CHECK(best_version(4, 4, 2) == Version{4, 4});
  CHECK(best_version(4, 3, 2) == std::nullopt);
  CHECK(best_version(6, 0, 0) == Version{6, 0});
  CHECK(best_version(6, 2, 2) == Version{6, 0});
  CHECK(best_version(7, 0, 0) == std::nullopt);
}
