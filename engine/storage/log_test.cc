// The log under damage: every truncation, every flipped bit, every failing operation.
#include <map>

#include "base/hash.h"
#include "nexus/vfs.h"
#include "storage/log_format.h"
#include "storage/store.h"
#include "tests/support/catch.h"
#include "vfs/fault_vfs.h"
#include "vfs/memory_vfs.h"
#include "vfs/prefix_vfs.h"

using namespace nexus;
using namespace nexus::storage;
using nexus::vfs::FaultKind;
using nexus::vfs::FaultVfs;
using nexus::vfs::MemoryVfs;

namespace {

class TestRandom : public Random {
 public:
  std::uint64_t next() override { return mix64(++state_); }

 private:
  std::uint64_t state_ = 42;
};

StoreOptions options() {
  StoreOptions made;
  made.uuid[0] = 0xAB;
  return made;
}

std::unique_ptr<Store> must_open(Vfs& vfs, Random& random) {
  auto store = Store::open(options(), {&random, nullptr, nullptr}, vfs);
  if (!store) FAIL(store.error().message);
  return std::move(*store);
}

// Commit i adds the i-th node, with a name, and joins it to the one before.
Result<> add_one(Store& store) {
  NX_TRY(auto tx, store.begin_write());
  NX_TRY(const TokenId label, tx->intern(TokenKind::Label, "Person"));
  NX_TRY(const TokenId key, tx->intern(TokenKind::Key, "name"));
  NX_TRY(const TokenId type, tx->intern(TokenKind::Type, "KNOWS"));
  const std::uint64_t count = tx->node_count();
  std::vector<NodeId> last(count + 1);
  ScanPosition position;
  (void)tx->scan_nodes(position, last);
  NX_TRY(const NodeId node,
         tx->create_node({&label, 1}, {{key, Value::string("a rather long name, number " + std::to_string(count))}}));
  if (count > 0) NX_TRY_DO(tx->create_relationship(type, node, last[count - 1], {}));
  NX_TRY_DO(tx->commit());
  return Done{};
}

// How many commits the store holds; fails the test when it holds half of one.
std::uint64_t commits_in(Store& store) {
  const auto tx = store.begin_read();
  const std::uint64_t nodes = tx->node_count();
  if (nodes > 0) REQUIRE(tx->relationship_count() == nodes - 1);
  std::vector<NodeId> ids(nodes + 1);
  ScanPosition position;
  REQUIRE(tx->scan_nodes(position, ids) == nodes);
  for (std::uint64_t i = 0; i < nodes; ++i) {
    const auto key = tx->find_token(TokenKind::Key, "name");
    REQUIRE(key.has_value());
    REQUIRE(tx->node_property(ids[i], *key).string() == "a rather long name, number " + std::to_string(i));
  }
  return nodes;
}

std::string log_in(MemoryVfs& vfs) {
  const auto entries = vfs.list("");
  for (const auto& entry : *entries) {
    if (is_log_name(entry.name)) return entry.name;
  }
  return {};
}

}  // namespace

TEST_CASE("a database without commits has no files, and one with commits survives") {
  MemoryVfs vfs;
  TestRandom random;
  { CHECK(commits_in(*must_open(vfs, random)) == 0); }
  CHECK(vfs.list("")->empty());
  {
    auto store = must_open(vfs, random);
    for (int i = 0; i < 5; ++i) REQUIRE(add_one(*store).has_value());
    CHECK(store->last_durable() == 5);
  }
  CHECK(vfs.list("")->size() == 2);
  for (int round = 0; round < 3; ++round) {
    auto store = must_open(vfs, random);
    CHECK(commits_in(*store) == static_cast<std::uint64_t>(5 + round));
    REQUIRE(add_one(*store).has_value());
  }
}

TEST_CASE("a log cut anywhere loses commits from its end only, a flipped bit never one from the middle") {
  MemoryVfs vfs;
  TestRandom random;
  {
    auto store = must_open(vfs, random);
    for (int i = 0; i < 6; ++i) REQUIRE(add_one(*store).has_value());
  }
  const std::string name = log_in(vfs);
  const Bytes log = vfs.contents(name);
  const Bytes manifest = vfs.contents("MANIFEST");
  std::uint64_t before = 0;
  for (std::size_t size = 0; size < log.size(); ++size) {
    MemoryVfs cut;
    cut.set_contents("MANIFEST", manifest);
    cut.set_contents(name, ByteView(log).first(size));
    auto store = Store::open(options(), {&random, nullptr, nullptr}, cut);
    if (size < kLogHeaderBytes) {
      CHECK_FALSE(store.has_value());
      continue;
    }
    REQUIRE(store.has_value());
    const std::uint64_t now = commits_in(**store);
    REQUIRE((now == before || now == before + 1));
    before = now;
    if (size % 16 == 0) REQUIRE(add_one(**store).has_value());
  }
  CHECK(before == 6);
  for (std::size_t at = 0; at < log.size(); ++at) {
    Bytes damaged = log;
    damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ (1u << (at % 8)));
    MemoryVfs bad;
    bad.set_contents("MANIFEST", manifest);
    bad.set_contents(name, damaged);
    auto store = Store::open(options(), {&random, nullptr, nullptr}, bad);
    // The certificate of the clean close is last: only damage to it may go unnoticed, it carries nothing.
    if (store.has_value()) {
      CHECK(commits_in(**store) == 6);
    } else {
      CHECK((store.error().code == ErrorCode::Corruption || store.error().code == ErrorCode::FormatTooNew));
    }
  }
}

TEST_CASE("a lost manifest, a foreign manifest and a foreign log are refused") {
  MemoryVfs vfs;
  TestRandom random;
  {
    auto store = must_open(vfs, random);
    REQUIRE(add_one(*store).has_value());
  }
  const Bytes manifest = vfs.contents("MANIFEST");
  StoreOptions other = options();
  other.uuid[3] = 1;
  CHECK(Store::open(other, {&random, nullptr, nullptr}, vfs).error().code == ErrorCode::Corruption);
  REQUIRE(vfs.remove("MANIFEST").has_value());
  CHECK(Store::open(options(), {&random, nullptr, nullptr}, vfs).error().code == ErrorCode::Corruption);
  vfs.set_contents("MANIFEST", manifest);
  CHECK(commits_in(*must_open(vfs, random)) == 1);
  for (std::size_t at = 0; at < manifest.size(); ++at) {
    Bytes damaged = manifest;
    damaged[at] ^= 0x10;
    vfs.set_contents("MANIFEST", damaged);
    CHECK_FALSE(Store::open(options(), {&random, nullptr, nullptr}, vfs).has_value());
  }
}

TEST_CASE("compaction keeps everything, shortens the log and never gives an id twice") {
  MemoryVfs vfs;
  TestRandom random;
  std::vector<NodeId> given;
  NodeId highest = 0;
  {
    auto store = must_open(vfs, random);
    for (int i = 0; i < 4; ++i) REQUIRE(add_one(*store).has_value());
    auto tx = std::move(*store->begin_write());
    const auto key = *tx->find_token(TokenKind::Key, "name");
    ScanPosition position;
    NodeId first = 0;
    REQUIRE(tx->scan_nodes(position, {&first, 1}) == 1);
    const Value name = tx->node_property(first, key);
    for (int i = 0; i < 500; ++i) {
      REQUIRE(tx->set_node_property(first, key, Value::string(std::to_string(i))).has_value());
    }
    REQUIRE(tx->set_node_property(first, key, name).has_value());
    highest = *tx->create_node({}, {});
    REQUIRE(tx->delete_node(highest).has_value());
    REQUIRE(tx->commit().has_value());
    tx.reset();
    const auto old_reader = store->begin_read();
    const std::uint64_t before = store->store_bytes();
    REQUIRE(store->compact().has_value());
    CHECK(store->store_bytes() < before / 4);
    CHECK(vfs.list("")->size() == 2);
    REQUIRE(add_one(*store).has_value());
    CHECK(old_reader->node_count() == 4);
    REQUIRE(store->compact().has_value());
  }
  auto store = must_open(vfs, random);
  CHECK(commits_in(*store) == 5);
  CHECK(store->last_committed() == 6);
  auto tx = std::move(*store->begin_write());
  CHECK(*tx->create_node({}, {}) > highest);
}

TEST_CASE("whichever operation fails, the store stops or goes on, and reopening finds every acknowledged commit") {
  for (const bool crashes : {false, true}) {
    for (std::uint64_t at = 1;; ++at) {
      MemoryVfs memory;
      TestRandom random;
      FaultVfs faulty(memory);
      std::uint64_t acknowledged = 0;
      bool has_struck = false;
      {
        auto store = must_open(faulty, random);
        faulty.arm({crashes ? FaultKind::Crash : FaultKind::Fail, at, ErrorCode::DiskFull, mix64(at), false});
        std::uint64_t tried = 0;
        for (int i = 0; i < 6; ++i) {
          ++tried;
          auto done = add_one(*store);
          if (done) ++acknowledged;
          if (!done) CHECK((done.error().code == ErrorCode::CommitOutcomeUnknown ||
                            done.error().code == ErrorCode::DatabaseFailed));
          if (!done) CHECK(store->begin_write().error().code == ErrorCode::DatabaseFailed);
          if (i == 3) (void)store->compact();
          CHECK(commits_in(*store) == acknowledged);  // Readers go on.
        }
        has_struck = faulty.has_struck();
      }
      if (crashes) {
        memory.crash(vfs::CrashStyle::LoseUnsynced, [&] { return random.next(); });
      }
      auto store = must_open(memory, random);
      const std::uint64_t found = commits_in(*store);
      CHECK((found == acknowledged || found == acknowledged + 1));
      REQUIRE(add_one(*store).has_value());
      if (!has_struck) {
        CHECK(at > 15);
        break;
      }
    }
  }
}

TEST_CASE("a large transaction is cut into frames and counts only with its last") {
  MemoryVfs vfs;
  TestRandom random;
  constexpr int kNodes = 60000;
  {
    auto store = must_open(vfs, random);
    auto tx = std::move(*store->begin_write());
    const TokenId key = *tx->intern(TokenKind::Key, "text");
    for (int i = 0; i < kNodes; ++i) {
      const Value text = Value::string("some text that takes a few bytes, " + std::to_string(i));
      REQUIRE(tx->create_node({}, {{key, text}}).has_value());
    }
    REQUIRE(tx->commit().has_value());
  }
  const std::string name = log_in(vfs);
  const Bytes log = vfs.contents(name);
  CHECK(log.size() > 2 * 1024 * 1024);
  CHECK(must_open(vfs, random)->begin_read()->node_count() == kNodes);
  MemoryVfs cut;
  cut.set_contents("MANIFEST", vfs.contents("MANIFEST"));
  cut.set_contents(name, ByteView(log).first(log.size() - 200));
  auto store = must_open(cut, random);
  CHECK(store->begin_read()->node_count() == 0);
  CHECK(cut.contents(name).size() == kLogHeaderBytes);
}

TEST_CASE("two databases in two folders cannot reach each other") {
  MemoryVfs root;
  TestRandom random;
  vfs::PrefixVfs first(root, "db/one");
  vfs::PrefixVfs second(root, "db/two");
  {
    auto store = must_open(first, random);
    REQUIRE(add_one(*store).has_value());
  }
  CHECK(commits_in(*must_open(second, random)) == 0);
  CHECK(commits_in(*must_open(first, random)) == 1);
  for (const char* path : {"../two/MANIFEST", "/etc/passwd", "", "a//b", "..", "./MANIFEST", "a/../../x"}) {
    CHECK(first.open(path, OpenMode::Read).error().code == ErrorCode::InvalidArgument);
    CHECK(first.replace(path, {}).error().code == ErrorCode::InvalidArgument);
  }
}
