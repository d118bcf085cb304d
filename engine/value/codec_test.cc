#include "value/codec.h"

#include <random>

#include "tests/support/catch.h"
#include "tests/support/random_value.h"
#include "value/compare.h"

namespace nexus {
namespace {

Value round_trip(const Value& value) {
  ByteWriter out;
  encode_value(out, value);
  ByteReader in(out.view());
  Result<Value> back = decode_value(in);
  REQUIRE(back);
  REQUIRE(in.at_end());
  return *back;
}

TEST_CASE("every storable value survives the binary form") {
  tests::RandomValues values(3);
  int wrong = 0;
  for (int i = 0; i < 5000; ++i) {
    const Value value = values.storable(3);
    const Value back = round_trip(value);
    if (!equivalent(back, value) || back.type() != value.type()) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("damaged bytes are refused or read as some value, never more") {
  tests::RandomValues values(5);
  std::mt19937_64 random(17);
  for (int i = 0; i < 3000; ++i) {
    ByteWriter out;
    encode_value(out, values.storable(3));
    Bytes bytes = out.take();
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      ByteReader in(ByteView(bytes).first(length));
      const Result<Value> cut = decode_value(in);
      REQUIRE_FALSE(cut);
      if (length > 40) break;
    }
    bytes[random() % bytes.size()] ^= static_cast<std::uint8_t>(1u << (random() % 8));
    ByteReader in(bytes);
    if (const Result<Value> flipped = decode_value(in)) static_cast<void>(round_trip(*flipped));
  }
}

TEST_CASE("hostile counts and depths are refused") {
  const auto decode_bytes = [](Bytes bytes) {
    ByteReader in(bytes);
    return decode_value(in);
  };
  CHECK(decode_bytes({6, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F}).error().code == ErrorCode::Corruption);
  // A vector of an unknown type, of half a coordinate, of none, and of one that is no number.
  CHECK(decode_bytes({16, 6, 1, 0}).error().code == ErrorCode::Corruption);
  CHECK(decode_bytes({16, 1, 3, 1, 0, 2}).error().code == ErrorCode::Corruption);
  CHECK(decode_bytes({16, 0, 0}).error().code == ErrorCode::Corruption);
  CHECK(decode_bytes({16, 4, 4, 0, 0, 0xC0, 0x7F}).error().code == ErrorCode::Corruption);
  CHECK(decode_bytes({16, 4, 4, 0, 0, 0x80, 0x3F}));
  CHECK(decode_bytes({99}).error().code == ErrorCode::Corruption);
  CHECK(decode_bytes({7, 2, 1, 'b', 0, 1, 'a', 0}).error().code == ErrorCode::Corruption);
  Bytes deep;
  for (int i = 0; i < 65; ++i) deep.insert(deep.end(), {6, 1});
  deep.push_back(0);
  CHECK(decode_bytes(deep).error().code == ErrorCode::Corruption);
  deep.erase(deep.begin(), deep.begin() + 2);
  CHECK(decode_bytes(deep));
}

}  // namespace
}  // namespace nexus
