// Transactions beside each other: conflicts, visibility, limits, threads, asynchronous storage.
#include "storage/store.h"

#include <atomic>
#include <functional>
#include <thread>

#include "base/hash.h"
#include "nexus/vfs.h"
#include "tests/support/catch.h"
#include "vfs/file_stores.h"
#include "vfs/memory_vfs.h"

using namespace nexus;
using namespace nexus::storage;
using nexus::vfs::MemoryVfs;

namespace {

class TestRandom : public Random {
 public:
  std::uint64_t next() override { return mix64(state_.fetch_add(1) + 1); }

 private:
  std::atomic<std::uint64_t> state_{0};
};

class TestClock : public Clock {
 public:
  std::int64_t wall_nanoseconds() override { return now_; }
  std::int64_t monotonic_nanoseconds() override { return now_ += 1000000; }

 private:
  std::atomic<std::int64_t> now_{0};
};

struct Fixture {
  TestRandom random;
  MemoryBudget budget{0};
  std::unique_ptr<Store> store = std::move(*Store::open_in_memory({&random, nullptr, &budget}));
  TokenId key = 0, label = 0, type = 0;
  NodeId a = 0, b = 0;
  RelationshipId ab = 0;

  Fixture() {
    auto tx = write();
    key = *tx->intern(TokenKind::Key, "k");
    label = *tx->intern(TokenKind::Label, "L");
    type = *tx->intern(TokenKind::Type, "T");
    a = *tx->create_node({}, {{key, Value::integer(1)}});
    b = *tx->create_node({}, {});
    ab = *tx->create_relationship(type, a, b, {});
    REQUIRE(tx->commit().has_value());
  }
  std::unique_ptr<Transaction> write() { return std::move(*store->begin_write()); }
  std::unique_ptr<Transaction> explicit_one() { return std::move(*store->begin_explicit()); }
};

ErrorCode code_of(const Result<CommitReceipt>& result) {
  return result.has_value() ? ErrorCode::Internal : result.error().code;
}

}  // namespace

TEST_CASE("two explicit transactions that change the same thing: the first one wins") {
  using Change = std::function<void(Fixture&, Transaction&)>;
  const Change sets_a = [](Fixture& f, Transaction& tx) {
    REQUIRE(tx.set_node_property(f.a, f.key, Value::integer(9)).has_value());
  };
  const Change labels_a = [](Fixture& f, Transaction& tx) { REQUIRE(tx.add_label(f.a, f.label).has_value()); };
  const Change sets_b = [](Fixture& f, Transaction& tx) {
    REQUIRE(tx.set_node_property(f.b, f.key, Value::integer(9)).has_value());
  };
  const Change joins = [](Fixture& f, Transaction& tx) {
    REQUIRE(tx.create_relationship(f.type, f.a, f.b, {}).has_value());
  };
  const Change sets_ab = [](Fixture& f, Transaction& tx) {
    REQUIRE(tx.set_relationship_property(f.ab, f.key, Value::integer(9)).has_value());
  };
  const Change parts = [](Fixture& f, Transaction& tx) { REQUIRE(tx.delete_relationship(f.ab).has_value()); };
  const Change kills_b = [](Fixture& f, Transaction& tx) {
    REQUIRE(tx.delete_relationship(f.ab).has_value());
    REQUIRE(tx.delete_node(f.b).has_value());
  };
  struct Case {
    Change first, second;
    bool conflicts;
  };
  const Case cases[] = {
      {sets_a, sets_a, true},   {sets_a, labels_a, true}, {sets_a, sets_b, false},  {joins, joins, false},
      {joins, sets_a, false},   {sets_a, joins, false},   {sets_ab, sets_ab, true}, {sets_ab, parts, true},
      {parts, sets_ab, true},   {parts, parts, true},     {kills_b, joins, true},   {joins, kills_b, true},
      {kills_b, sets_b, true},  {sets_b, kills_b, true},  {parts, joins, false},    {sets_ab, sets_a, false},
  };
  for (const Case& each : cases) {
    Fixture f;
    auto first = f.explicit_one();
    auto second = f.explicit_one();
    each.first(f, *first);
    each.second(f, *second);
    REQUIRE(first->commit().has_value());
    const auto committed = second->commit();
    CHECK(committed.has_value() != each.conflicts);
    if (each.conflicts) CHECK(code_of(committed) == ErrorCode::TransactionConflict);
    CHECK(f.store->last_committed() == (each.conflicts ? 2u : 3u));
  }
}

TEST_CASE("an explicit transaction on an old snapshot keeps its ids when it is applied again") {
  Fixture f;
  auto tx = f.explicit_one();
  const NodeId node = *tx->create_node({&f.label, 1}, {{f.key, Value::string("mine")}});
  const RelationshipId relationship = *tx->create_relationship(f.type, f.a, node, {});
  REQUIRE(tx->add_label(node, *tx->intern(TokenKind::Label, "Later")).has_value());
  for (int i = 0; i < 3; ++i) {
    auto other = f.write();
    REQUIRE(other->create_relationship(f.type, f.a, f.b, {}).has_value());
    REQUIRE(other->create_node({&f.label, 1}, {}).has_value());
    REQUIRE(other->commit().has_value());
  }
  CHECK(tx->node_count() == 3);
  REQUIRE(tx->commit().has_value());
  const auto reader = f.store->begin_read();
  CHECK(reader->node_count() == 6);
  CHECK(reader->node_count(f.label) == 4);
  CHECK(reader->node_property(node, f.key).string() == "mine");
  CHECK(reader->labels(node).size() == 2);
  CHECK(reader->relationship(relationship)->end == node);
  CHECK(reader->degree(f.a, Direction::Outgoing, {}) == 5);
}

TEST_CASE("a read transaction cannot write, and values that cannot be stored are refused") {
  Fixture f;
  auto reader = f.store->begin_read();
  CHECK(reader->create_node({}, {}).error().code == ErrorCode::WriteInReadAccess);
  CHECK(reader->intern(TokenKind::Key, "new").error().code == ErrorCode::WriteInReadAccess);
  auto tx = f.write();
  const Value map = Value::map({});
  CHECK(tx->create_node({}, {{f.key, map}}).error().code == ErrorCode::InvalidPropertyType);
  CHECK(tx->set_node_property(f.a, f.key, map).error().code == ErrorCode::InvalidPropertyType);
  CHECK(tx->set_relationship_property(f.ab, f.key, Value::node(f.a)).error().code == ErrorCode::InvalidPropertyType);
  CHECK(tx->set_node_property(12345, f.key, Value::integer(1)).error().code == ErrorCode::EntityNotFound);
  CHECK(tx->delete_node(f.a).error().code == ErrorCode::DeleteConnectedNode);
  CHECK(tx->create_relationship(f.type, f.a, 999, {}).error().code == ErrorCode::EntityNotFound);
  CHECK(tx->set_node_property(f.a, f.key, Value::string(std::string(9 << 20, 'x'))).error().code ==
        ErrorCode::LimitExceeded);
  CHECK_FALSE(tx->has_writes());
}

TEST_CASE("an unwanted property, a double key and a double label are put in order") {
  Fixture f;
  auto tx = f.write();
  const TokenId other = *tx->intern(TokenKind::Key, "other");
  const TokenId labels[] = {f.label, f.label};
  const NodeId node = *tx->create_node(labels, {{other, Value::integer(1)}, {f.key, Value::integer(2)},
                                                {other, Value::integer(3)}, {f.key, Value::null()}});
  CHECK(tx->labels(node).size() == 1);
  REQUIRE(tx->node_properties(node).size() == 1);
  CHECK(tx->node_property(node, other).integer() == 3);
}

TEST_CASE("the budget stops a transaction, its rollback gives everything back, the store goes on") {
  TestRandom random;
  MemoryBudget budget(2 * 1024 * 1024);
  {
    auto store = std::move(*Store::open_in_memory({&random, nullptr, &budget}));
    for (const bool is_explicit : {false, true}) {
      auto tx = is_explicit ? std::move(*store->begin_explicit()) : std::move(*store->begin_write());
      const TokenId key = *tx->intern(TokenKind::Key, "k");
      ErrorCode code = ErrorCode::Internal;
      for (int i = 0; i < 1000000 && code == ErrorCode::Internal; ++i) {
        auto made = tx->create_node({}, {{key, Value::string(std::string(100, 'x'))}});
        if (!made) code = made.error().code;
      }
      CHECK(code == ErrorCode::MemoryLimit);
      tx->rollback();
      CHECK(budget.used_bytes() < 256 * 1024);
    }
    auto tx = std::move(*store->begin_write());
    REQUIRE(tx->create_node({}, {}).has_value());
    REQUIRE(tx->commit().has_value());
    CHECK(store->begin_read()->node_count() == 1);
  }
  CHECK(budget.used_bytes() == 0);
}

TEST_CASE("old versions are freed when the last snapshot that needs them ends") {
  Fixture f;
  const auto change = [&] {
    auto tx = f.write();
    REQUIRE(tx->set_node_property(f.a, f.key, Value::string(std::string(1000, 'y'))).has_value());
    REQUIRE(tx->commit().has_value());
  };
  change();
  const std::uint64_t before = f.store->memory_bytes();
  for (int i = 0; i < 100; ++i) change();
  CHECK(f.store->memory_bytes() == before);
  auto reader = f.store->begin_read();
  for (int i = 0; i < 100; ++i) change();
  CHECK(f.store->memory_bytes() > before + 100000);
  reader.reset();
  CHECK(f.store->memory_bytes() == before);
}

TEST_CASE("a hub takes and gives relationships in pieces, not as a whole") {
  Fixture f;
  std::vector<RelationshipId> made;
  {
    auto tx = f.write();
    for (int i = 0; i < 20000; ++i) {
      const NodeId leaf = *tx->create_node({}, {});
      made.push_back(*tx->create_relationship(f.type, leaf, f.a, {}));
    }
    REQUIRE(tx->commit().has_value());
  }
  const auto reader = f.store->begin_read();
  const std::uint64_t before = f.store->memory_bytes();
  auto tx = f.write();
  REQUIRE(tx->create_relationship(f.type, f.b, f.a, {}).has_value());
  REQUIRE(tx->delete_relationship(made[777]).has_value());
  CHECK(f.store->memory_bytes() < before + 20000);
  REQUIRE(tx->commit().has_value());
  CHECK(reader->degree(f.a, Direction::Incoming, {}) == 20000);
  CHECK(f.store->begin_read()->degree(f.a, Direction::Incoming, {}) == 20000);
  tx = f.write();
  for (std::size_t i = 0; i < made.size(); ++i) {
    const std::size_t index = (i * 7919) % made.size();
    REQUIRE(tx->delete_relationship(made[index]).has_value() == (index != 777));
  }
  tx->rollback();
}

TEST_CASE("waiting for the writer slot ends by deadline, by cancellation, and at once on a single thread") {
  TestRandom random;
  TestClock clock;
  MemoryVfs files;
  StoreOptions options;
  auto store = std::move(*Store::open(options, {&random, &clock, nullptr}, files));
  auto holder = std::move(*store->begin_write());
  CHECK(store->begin_write({50000000, nullptr}).error().code == ErrorCode::TransactionTimedOut);
  const std::atomic<bool> cancelled{true};
  CHECK(store->begin_write({0, &cancelled}).error().code == ErrorCode::TransactionTerminated);
  holder.reset();
  CHECK(store->begin_write({1, nullptr}).has_value());
  options.single_threaded = true;
  MemoryVfs other_files;
  auto single = std::move(*Store::open(options, {&random, &clock, nullptr}, other_files));
  auto only = std::move(*single->begin_write());
  CHECK(single->begin_write().error().code == ErrorCode::TransactionConflict);
  auto optimist = std::move(*single->begin_explicit());
  REQUIRE(optimist->create_node({}, {}).has_value());
  CHECK(code_of(optimist->commit()) == ErrorCode::TransactionConflict);
}

TEST_CASE("readers and writers on several threads see whole commits only") {
  TestRandom random;
  MemoryVfs files;
  auto store = std::move(*Store::open({}, {&random, nullptr, nullptr}, files));
  TokenId key = 0;
  NodeId first = 0, second = 0;
  {
    auto tx = std::move(*store->begin_write());
    key = *tx->intern(TokenKind::Key, "balance");
    first = *tx->create_node({}, {{key, Value::integer(1000)}});
    second = *tx->create_node({}, {{key, Value::integer(0)}});
    REQUIRE(tx->commit().has_value());
  }
  std::atomic<int> wrong{0}, committed{0}, conflicts{0};
  std::atomic<bool> stops{false};
  const auto move_one = [&](Transaction& tx) {
    const std::int64_t left = tx.node_property(first, key).integer();
    const std::int64_t right = tx.node_property(second, key).integer();
    if (left + right != 1000) ++wrong;
    (void)*tx.set_node_property(first, key, Value::integer(left - 1));
    (void)*tx.set_node_property(second, key, Value::integer(right + 1));
    (void)*tx.create_node({}, {{key, Value::string("some longer text for the heap")}});
    auto done = tx.commit();
    if (done) ++committed;
    if (!done) ++conflicts;
  };
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 3; ++writer) {
    threads.emplace_back([&, writer] {
      for (int i = 0; i < 60; ++i) move_one(writer == 0 ? **store->begin_explicit() : **store->begin_write());
    });
  }
  for (int reader = 0; reader < 2; ++reader) {
    threads.emplace_back([&] {
      while (!stops.load()) {
        const auto tx = store->begin_read();
        const std::int64_t sum = tx->node_property(first, key).integer() + tx->node_property(second, key).integer();
        const std::int64_t moved = tx->node_property(second, key).integer();
        if (sum != 1000 || tx->node_count() != static_cast<std::uint64_t>(moved) + 2) ++wrong;
      }
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < 5; ++i) {
      if (!store->compact()) ++wrong;
    }
  });
  for (std::size_t i = 0; i < threads.size(); ++i) {
    if (i == 3) stops.store(true);  // The writers have ended.
    threads[i].join();
  }
  CHECK(wrong == 0);
  CHECK(committed + conflicts == 180);
  const auto moved = store->begin_read()->node_property(second, key).integer();
  CHECK(moved == committed);
  REQUIRE(store->close().has_value());
  auto again = std::move(*Store::open({}, {&random, nullptr, nullptr}, files));
  CHECK(again->begin_read()->node_property(second, key).integer() == moved);
}

namespace {

// A log whose syncs are done when the test says so, as in a browser.
class LateLogStore : public vfs::FileLogStore {
 public:
  LateLogStore(Vfs& files, std::uint64_t& ticket) : FileLogStore(files), ticket_(ticket) {}
  Result<Durability> sync(std::string_view) override { return Durability{++ticket_}; }

 private:
  std::uint64_t& ticket_;
};

}  // namespace

TEST_CASE("with asynchronous storage a commit shows when its ticket is durable, and never when it fails") {
  TestRandom random;
  MemoryVfs files;
  StoreOptions options;
  options.single_threaded = true;
  std::uint64_t ticket = 0;
  auto store = std::move(*Store::open(options, {&random, nullptr, nullptr},
                                      std::make_unique<LateLogStore>(files, ticket),
                                      std::make_unique<vfs::FileBlobStore>(files)));
  const auto commit_one = [&] {
    auto tx = std::move(*store->begin_write());
    REQUIRE(tx->create_node({}, {}).has_value());
    return *tx->commit();
  };
  const CommitReceipt first = commit_one();
  const CommitReceipt second = commit_one();
  CHECK_FALSE(first.is_durable);
  CHECK(second.ticket > first.ticket);
  CHECK(store->begin_read()->node_count() == 0);
  store->durable_up_to(first.ticket);
  CHECK(store->begin_read()->node_count() == 1);
  REQUIRE(store->compact().has_value());
  store->durable_up_to(second.ticket);
  CHECK(store->begin_read()->node_count() == 2);
  const CommitReceipt third = commit_one();
  store->storage_failed(third.ticket);
  CHECK(store->begin_read()->node_count() == 2);
  CHECK(store->begin_write().error().code == ErrorCode::DatabaseFailed);
}

namespace {

// A log whose syncs take as long as the test wants.
class SlowLogStore : public vfs::FileLogStore {
 public:
  SlowLogStore(Vfs& files, std::atomic<int>& syncs, std::atomic<bool>& may_go)
      : FileLogStore(files), syncs_(syncs), may_go_(may_go) {}
  Result<Durability> sync(std::string_view name) override {
    ++syncs_;
    while (!may_go_.load()) std::this_thread::yield();
    return FileLogStore::sync(name);
  }

 private:
  std::atomic<int>& syncs_;
  std::atomic<bool>& may_go_;
};

}  // namespace

TEST_CASE("commits that come during a sync share the next one, and show only after it") {
  TestRandom random;
  MemoryVfs files;
  std::atomic<int> syncs{0};
  std::atomic<bool> may_go{false};
  auto store = std::move(*Store::open({}, {&random, nullptr, nullptr},
                                      std::make_unique<SlowLogStore>(files, syncs, may_go),
                                      std::make_unique<vfs::FileBlobStore>(files)));
  std::atomic<int> wrong{0};
  const auto commit_one = [&] {
    auto tx = std::move(*store->begin_write());
    if (!tx->create_node({}, {}) || !tx->commit()) ++wrong;
  };
  std::thread leader(commit_one);
  while (syncs.load() == 0) std::this_thread::yield();
  std::vector<std::thread> followers;
  for (int i = 0; i < 5; ++i) followers.emplace_back(commit_one);
  while (store->last_committed() < 6) std::this_thread::yield();
  CHECK(store->begin_read()->node_count() == 0);
  may_go.store(true);
  leader.join();
  for (std::thread& follower : followers) follower.join();
  CHECK(wrong == 0);
  CHECK(syncs == 2);
  CHECK(store->begin_read()->node_count() == 6);
}

TEST_CASE("SyncMode::Async acknowledges before the sync and sync() catches up") {
  TestRandom random;
  MemoryVfs files;
  StoreOptions options;
  options.sync = SyncMode::Async;
  {
    auto store = std::move(*Store::open(options, {&random, nullptr, nullptr}, files));
    for (int i = 0; i < 3; ++i) {
      auto tx = std::move(*store->begin_write());
      REQUIRE(tx->create_node({}, {}).has_value());
      CHECK(tx->commit()->is_durable);
      if (i == 1) REQUIRE(store->sync().has_value());
    }
    CHECK(store->begin_read()->node_count() == 3);
    CHECK(store->last_durable() == 2);
    files.crash(vfs::CrashStyle::LoseUnsynced, [] { return std::uint64_t{0}; });
  }
  auto store = std::move(*Store::open(options, {&random, nullptr, nullptr}, files));
  CHECK(store->begin_read()->node_count() == 2);
}
