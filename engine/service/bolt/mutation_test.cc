// Damaged conversations: whatever bytes arrive, and however they are cut, every step ends, what is
// answered is whole messages, and the next client finds the server as it was.
#include <string>
#include <string_view>

#include "nexus/bolt.h"
#include "service/bolt/framing.h"
#include "service/bolt/pack_reader.h"
#include "service/bolt/structures.h"
#include "tests/support/catch.h"
#include "tests/support/test_instance.h"

using namespace nexus;
using namespace nexus::service;
using Progress = BoltConnection::Progress;

namespace {

constexpr bolt::Dialect kDialect{{5, 8}, false, false};
constexpr std::size_t kRounds = 4'000;
constexpr std::size_t kStepsMax = 1'000;

void append(std::string& out, std::uint8_t tag, const List& fields) {
  bolt::MessageFrame frame(out);
  bolt::PackWriter writer(out);
  writer.structure(fields.size(), tag);
  for (const Value& field : fields) bolt::write_value(writer, field, kDialect);
  frame.close();
}

Value text(std::string_view value) { return Value::string(value); }

// One message of each kind, in an order that is right.
std::string conversation() {
  std::string out("\x60\x60\xB0\x17\x00\x00\x08\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 20);
  const Value nothing = Value::map({});
  const Value all = Value::map({{"n", Value::integer(-1)}});
  const Value few = Value::map({{"n", Value::integer(2)}, {"qid", Value::integer(0)}});
  append(out, 0x01, {Value::map({{"user_agent", text("mutation/1")}})});
  append(out, 0x6A, {Value::map({{"scheme", text("none")}})});
  append(out, 0x66, {nothing, Value::list({}), nothing});
  append(out, 0x54, {Value::integer(1)});
  append(out, 0x10, {text("RETURN $p AS p"),
                     Value::map({{"p", Value::list({Value::integer(70'000), Value::real(0.5), Value::boolean(true),
                                                    Value::date(Date{1}), text("long enough for a marker of its own")})}}),
                     Value::map({{"mode", text("r")}})});
  append(out, 0x3F, {all});
  append(out, 0x11, {Value::map({{"tx_metadata", Value::map({{"a", Value::null()}})}, {"tx_timeout", Value::integer(9)}})});
  append(out, 0x10, {text("UNWIND [1, 2, 3, 4] AS x CREATE (n:N {x: x}) RETURN n"), nothing, nothing});
  append(out, 0x3F, {few});
  append(out, 0x2F, {all});
  append(out, 0x13, {});
  append(out, 0x10, {text("RETURN"), nothing, nothing});
  append(out, 0x0F, {});
  append(out, 0x6B, {});
  return out;
}

// One to four damages: a byte changed, removed, inserted, a piece repeated, the rest cut off.
std::string damaged(std::string bytes, Random& random) {
  for (std::uint64_t left = random.next() % 4 + 1; left > 0 && !bytes.empty(); --left) {
    const std::size_t at = random.next() % bytes.size();
    const char byte = static_cast<char>(random.next());
    switch (random.next() % 6) {
      case 0: bytes[at] = byte; break;
      case 1: bytes[at] = static_cast<char>(bytes[at] ^ 1 << random.next() % 8); break;
      case 2: bytes.erase(at, random.next() % 4 + 1); break;
      case 3: bytes.insert(at, 1, byte); break;
      case 4: bytes.insert(at, bytes.substr(random.next() % bytes.size(), random.next() % 40)); break;
      default: bytes.resize(at); break;
    }
  }
  return bytes;
}

// Feeds the bytes in pieces of up to `bytes_max`; what was answered.
std::string answers_to(BoltConnection& connection, std::string_view bytes, std::size_t bytes_max, Random& random) {
  std::string out;
  std::size_t steps = 0;
  while (true) {
    const std::string_view piece = bytes.substr(0, random.next() % bytes_max + 1);
    bytes.remove_prefix(piece.size());
    connection.receive(piece);
    Progress progress = Progress::More;
    while (progress == Progress::More) {
      progress = connection.step(out);
      REQUIRE(++steps < kStepsMax);
    }
    if (progress == Progress::Closed || bytes.empty()) return out;
  }
}

// Requires: the version was agreed on in 4 bytes, if it was.
std::size_t count_whole_messages(std::string_view out) {
  if (out.size() <= 4) return 0;
  out.remove_prefix(4);
  bolt::Dechunker dechunker;
  std::size_t count = 0;
  while (!out.empty()) {
    const auto message = test::must(dechunker.next(out, 1 << 20));
    REQUIRE(message.has_value());
    bolt::PackReader reader(as_bytes(*message), kDialect);
    std::size_t fields = 0;
    const std::uint8_t tag = test::must(reader.structure(fields));
    REQUIRE((tag == 0x70 || tag == 0x71 || tag == 0x7E || tag == 0x7F));
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("damaged conversations end without harm") {
  test::TestInstance instance;
  test::QuietLog log;
  BoltSettings settings;
  settings.message_bytes_max = 4'096;
  const auto service = BoltService::create(*instance, instance.clock(), log, settings);
  test::SeededRandom random(20'260'101);
  const std::string whole = conversation();
  // Byte by byte, as a RESET would overtake what came with it.
  const auto answered = [&] { return count_whole_messages(answers_to(*service->connect("peer"), whole, 1, random)); };
  CHECK(answered() == 17);
  for (std::size_t round = 0; round < kRounds; ++round) {
    INFO("round " << round);
    const std::string out = answers_to(*service->connect("peer"), damaged(whole, random), 200, random);
    // A damaged handshake may choose another version, or a manifest.
    if (out.substr(0, 4) == whole.substr(4, 4)) count_whole_messages(out);
  }
  CHECK(answered() == 17);
}
