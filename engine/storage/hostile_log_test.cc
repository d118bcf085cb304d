// Logs whose checksums are right and whose content lies: opening them may fail, never crash.
#include "base/hash.h"
#include "storage/log_format.h"
#include "storage/store.h"
#include "tests/support/catch.h"
#include "vfs/fault_vfs.h"
#include "vfs/memory_vfs.h"

using namespace nexus;
using namespace nexus::storage;
using nexus::vfs::FaultKind;
using nexus::vfs::FaultVfs;
using nexus::vfs::MemoryVfs;

namespace {

class TestRandom : public Random {
 public:
  explicit TestRandom(std::uint64_t seed = 3) : state_(seed) {}
  std::uint64_t next() override { return mix64(++state_); }

 private:
  std::uint64_t state_;
};

// One of every operation, a few commits.
void fill(Vfs& files, Random& random) {
  auto store = std::move(*Store::open({}, {&random, nullptr, nullptr}, files));
  auto tx = std::move(*store->begin_write());
  const TokenId labels[] = {*tx->intern(TokenKind::Label, "A"), *tx->intern(TokenKind::Label, "B")};
  const TokenId key = *tx->intern(TokenKind::Key, "key");
  const TokenId type = *tx->intern(TokenKind::Type, "TYPE");
  NodeId nodes[6];
  for (NodeId& node : nodes) node = *tx->create_node(labels, {{key, Value::string("some text of some length")}});
  const RelationshipId first = *tx->create_relationship(type, nodes[0], nodes[1], {{key, Value::real(1.5)}});
  const RelationshipId second = *tx->create_relationship(type, nodes[1], nodes[1], {});
  REQUIRE(tx->commit().has_value());
  tx = std::move(*store->begin_write());
  REQUIRE(tx->set_node_property(nodes[2], key, Value::list({Value::integer(1), Value::integer(-5)})).has_value());
  REQUIRE(tx->set_relationship_property(first, key, Value::null()).has_value());
  REQUIRE(tx->remove_label(nodes[3], labels[0]).has_value());
  REQUIRE(tx->add_label(nodes[3], labels[0]).has_value());
  REQUIRE(tx->delete_relationship(second).has_value());
  REQUIRE(tx->delete_node(nodes[5]).has_value());
  REQUIRE(tx->commit().has_value());
}

std::string log_in(MemoryVfs& files) {
  const auto entries = files.list("");
  for (const auto& entry : *entries) {
    if (is_log_name(entry.name)) return entry.name;
  }
  return {};
}

// The same frames around changed operations, with right checksums.
Bytes rewrite(const Bytes& log, TestRandom& random) {
  const LogHeader header = *decode_log_header(log);
  const std::uint32_t seed = frame_seed(header);
  ByteWriter out;
  out.raw(ByteView(log).first(kLogHeaderBytes));
  for (std::size_t at = kLogHeaderBytes; at < log.size();) {
    const auto frame = read_frame(ByteView(log).subspan(at), seed);
    REQUIRE(frame.has_value());
    Bytes payload(frame->payload.begin(), frame->payload.end());
    for (std::uint64_t i = 1 + random.next() % 3; i > 0 && !payload.empty(); --i) {
      const std::size_t where = random.next() % payload.size();
      const std::uint64_t how = random.next() % 4;
      if (how == 0) payload[where] = static_cast<std::uint8_t>(random.next());
      if (how == 1) payload[where] ^= static_cast<std::uint8_t>(1u << (random.next() % 8));
      if (how == 2) payload[where] = 0xFF;
      if (how == 3) payload.resize(where);
    }
    append_frame(out, seed, frame->head, payload);
    at += frame->bytes;
  }
  return out.take();
}

}  // namespace

TEST_CASE("operations that lie are refused as corruption or change something harmless") {
  MemoryVfs files;
  TestRandom random;
  fill(files, random);
  const std::string name = log_in(files);
  const Bytes log = files.contents(name);
  const Bytes manifest = files.contents("MANIFEST");
  int refused = 0;
  for (int round = 0; round < 4000; ++round) {
    MemoryBudget budget(64 * 1024 * 1024);
    MemoryVfs bad;
    bad.set_contents("MANIFEST", manifest);
    bad.set_contents(name, rewrite(log, random));
    auto store = Store::open({}, {&random, nullptr, &budget}, bad);
    if (store) continue;
    ++refused;
    const ErrorCode code = store.error().code;
    CHECK((code == ErrorCode::Corruption || code == ErrorCode::MemoryLimit));
    CHECK(budget.used_bytes() == 0);
  }
  CHECK(refused > 1000);
}

TEST_CASE("a failing read or a small budget makes the opening fail and nothing else") {
  MemoryVfs files;
  TestRandom random;
  fill(files, random);
  for (std::uint64_t at = 1;; ++at) {
    FaultVfs faulty(files, {FaultKind::Fail, at, ErrorCode::IoError, 0, true});
    const auto store = Store::open({}, {&random, nullptr, nullptr}, faulty);
    if (!faulty.has_struck()) {
      CHECK(store.has_value());
      CHECK(at > 5);
      break;
    }
    if (!store) CHECK(store.error().code == ErrorCode::IoError);
  }
  MemoryBudget budget(4096);
  CHECK(Store::open({}, {&random, nullptr, &budget}, files).error().code == ErrorCode::MemoryLimit);
  CHECK(budget.used_bytes() == 0);
  CHECK((*Store::open({}, {&random, nullptr, nullptr}, files))->begin_read()->node_count() == 5);
}
