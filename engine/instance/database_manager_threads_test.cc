// Many threads create, use, stop, start, rename and drop at once: nothing deadlocks, nothing
// is lost, and every refusal is one that the moment explains.
#include <atomic>
#include <thread>

#include "instance/database_manager.h"
#include "tests/support/catch.h"
#include "tests/support/components.h"
#include "vfs/memory_vfs.h"

using namespace nexus;
using namespace nexus::instance;

namespace {

constexpr int kThreads = 4;
constexpr int kRounds = 400;
constexpr int kNames = 6;
constexpr std::size_t kPiece = 64;  // Of a dump that is sent slowly.
const Identity kTester{"tester"};

struct World {
  World() {
    settings.stop_grace_ms = 1;
    settings.open_databases_max = 3;
    environment = std::make_unique<Environment>(settings, Components{vfs, clock, random, scheduler, log});
    auto opened = DatabaseManager::open(*environment);
    REQUIRE(opened.has_value());
    manager = std::move(*opened);
  }
  InstanceSettings settings;
  vfs::MemoryVfs vfs;
  test::FakeClock clock;
  test::SeededRandom random;
  test::InlineScheduler scheduler;
  test::QuietLog log;
  std::unique_ptr<Environment> environment;
  std::unique_ptr<DatabaseManager> manager;
};

bool is_expected(ErrorCode code) {
  switch (code) {
    case ErrorCode::DatabaseNotFound:
    case ErrorCode::NoSuchDatabase:
    case ErrorCode::DatabaseExists:
    case ErrorCode::DatabaseUnavailable:
    case ErrorCode::TransactionConflict:
    case ErrorCode::TransactionTerminated: return true;
    default: return false;
  }
}

// Catch2's macros are for one thread: failures are counted and checked at the end.
template <class T>
void expect(const Result<T>& result, std::atomic<int>& surprises) {
  if (!result && !is_expected(result.error().code)) ++surprises;
}

Result<> use(DatabaseManager& manager, const std::string& name, bool write) {
  NX_TRY(const Target target, manager.find(kTester, name, right::kAccess));
  NX_TRY(const std::shared_ptr<Work> work, manager.enter(target));
  const std::lock_guard guard(work->mutex);
  NX_TRY_DO(work->begin_statement(0, 0));
  if (write) {
    NX_TRY(work->transaction, work->store().begin_write({0, &work->cancellation().requested()}));
    NX_TRY(const storage::NodeId node, work->transaction->create_node({}, {}));
    static_cast<void>(node);
    NX_TRY_DO(work->transaction->commit());
  } else {
    work->transaction = work->store().begin_read();
    static_cast<void>(work->transaction->node_count());
  }
  work->end();
  manager.committed(work->shared_database());
  return Done{};
}

// Two names together: both are made, or one is dropped and the other made, or both get new names.
Result<> transact(DatabaseManager& manager, test::SeededRandom& dice) {
  const std::string one = "name-" + std::to_string(dice.next() % kNames);
  const std::string other = "name-" + std::to_string(dice.next() % kNames);
  const std::uint64_t kind = dice.next() % 4;
  const auto commands = [&](DatabaseManager& draft) -> Result<> {
    CreateRequest request;
    request.name = other;
    if (kind == 0) NX_TRY_DO(draft.drop(kTester, one, true));
    if (kind == 1) NX_TRY_DO(draft.stop(kTester, one));
    if (kind == 2) request.copy_of = one;
    NX_TRY_DO(draft.create(kTester, request));
    if (kind == 3) NX_TRY_DO(draft.start(kTester, one));
    return Done{};
  };
  const auto rehearsal = manager.rehearse();
  NX_TRY_DO(commands(*rehearsal));
  return manager.transact(*rehearsal, commands);
}

void play(World& world, std::uint64_t seed, std::atomic<int>& surprises) {
  test::SeededRandom dice(seed);
  DatabaseManager& manager = *world.manager;
  for (int round = 0; round < kRounds; ++round) {
    const std::string name = "name-" + std::to_string(dice.next() % kNames);
    switch (dice.next() % 18) {
      case 0: {
        CreateRequest request;
        request.name = name;
        request.or_replace = dice.next() % 2 == 0;
        expect(manager.create(kTester, request), surprises);
        break;
      }
      case 1: expect(manager.drop(kTester, name, dice.next() % 2 == 0), surprises); break;
      case 2: expect(manager.stop(kTester, name), surprises); break;
      case 3: expect(manager.start(kTester, name), surprises); break;
      case 4: {
        AlterRequest request;
        request.name = name;
        request.new_name = "name-" + std::to_string(dice.next() % kNames);
        expect(manager.alter(kTester, request), surprises);
        break;
      }
      case 5: manager.unload_idle(0); break;
      case 12:
      case 13: {
        CreateRequest request;
        request.name = "name-" + std::to_string(dice.next() % kNames);
        request.copy_of = name;
        request.or_replace = dice.next() % 3 == 0;
        expect(manager.create(kTester, request), surprises);
        break;
      }
      case 14: expect(manager.undrop(kTester, name), surprises); break;
      case 6: static_cast<void>(manager.list(kTester, {})); break;
      case 15:
      case 16:
      case 17: expect(transact(manager, dice), surprises); break;
      default: expect(use(manager, name, dice.next() % 2 == 0), surprises); break;
    }
  }
}

}  // namespace

TEST_CASE("threads that administer and use the same databases") {
  World world;
  std::atomic<int> surprises{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back([&, i] { play(world, 100 + i, surprises); });
  for (std::thread& thread : threads) thread.join();
  CHECK(surprises == 0);
  const auto before = world.manager->list(kTester, {});
  REQUIRE(world.manager->close().has_value());
  // Exactly what memory said is what the system database says.
  world.manager.reset();
  auto reopened = DatabaseManager::open(*world.environment);
  REQUIRE(reopened.has_value());
  const auto after = (*reopened)->list(kTester, {});
  REQUIRE(after.size() == before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    CHECK(after[i].name == before[i].name);
    CHECK(after[i].uuid == before[i].uuid);
    CHECK(after[i].requested_status == before[i].requested_status);
    CHECK(after[i].node_count == (before[i].type == "system" ? after[i].node_count : before[i].node_count));
  }
  CHECK(world.vfs.list("db")->size() <= after.size() + (*reopened)->dropped(kTester).size());
}

TEST_CASE("transactions for the same names: each round has one winner, and all of its names are there") {
  World world;
  for (int round = 0; round < 50; ++round) {
    const std::string one = "one-" + std::to_string(round), other = "other-" + std::to_string(round);
    std::atomic<int> winners{0}, refused{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        // Half of them want the names in the other order.
        const auto commands = [&, i](DatabaseManager& draft) -> Result<> {
          CreateRequest request;
          request.name = i % 2 == 0 ? one : other;
          NX_TRY_DO(draft.create(kTester, request));
          request.name = i % 2 == 0 ? other : one;
          NX_TRY_DO(draft.create(kTester, request));
          return Done{};
        };
        const auto rehearsal = world.manager->rehearse();
        if (!commands(*rehearsal)) {  // Somebody has won already.
          ++refused;
          return;
        }
        const auto done = world.manager->transact(*rehearsal, commands);
        winners += done ? 1 : 0;
        refused += !done && done.error().code == ErrorCode::TransactionConflict ? 1 : 0;
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(winners == 1);
    CHECK(refused == kThreads - 1);
    CHECK(world.manager->info(kTester, one).has_value());
    CHECK(world.manager->info(kTester, other).has_value());
  }
}

TEST_CASE("a transaction commits while somebody takes his time to send a dump") {
  World world;
  // Before the last piece a transaction comes first.
  class SlowSource final : public ByteSource {
   public:
    SlowSource(DatabaseManager& manager, Bytes bytes) : manager_(manager), bytes_(std::move(bytes)) {}
    Result<std::size_t> read(std::span<std::uint8_t> out) override {
      if (bytes_.size() - at_ <= kPiece && !has_waited) {  // Long after the header: the name is taken.
        has_waited = true;
        const auto commands = [](DatabaseManager& draft) -> Result<> {
          CreateRequest request;
          request.name = "meanwhile";
          NX_TRY_DO(draft.create(kTester, request));
          return Done{};
        };
        const auto rehearsal = manager_.rehearse();
        committed = commands(*rehearsal).has_value() && manager_.transact(*rehearsal, commands).has_value();
        CreateRequest same;
        same.name = "restored";
        const auto taken = rehearsal->create(kTester, same);
        if (!taken) refused = taken.error().code;
      }
      const std::size_t count = std::min({out.size(), bytes_.size() - at_, kPiece});
      std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), count, out.begin());
      at_ += count;
      return count;
    }
    bool has_waited = false;
    bool committed = false;
    ErrorCode refused = ErrorCode::Internal;

   private:
    DatabaseManager& manager_;
    const Bytes bytes_;
    std::size_t at_ = 0;
  };
  REQUIRE(use(*world.manager, "neo4j", true).has_value());
  Bytes dump;
  {
    auto stream = world.manager->dump(kTester, "neo4j");
    REQUIRE(stream.has_value());
    for (bool more = true; more;) {
      const auto next = (*stream)->next(dump);
      REQUIRE(next.has_value());
      more = *next;
    }
  }
  SlowSource source(*world.manager, std::move(dump));
  REQUIRE(world.manager->restore(kTester, "restored", source).has_value());
  CHECK(source.committed);
  CHECK(source.refused == ErrorCode::TransactionConflict);
  CHECK(world.manager->info(kTester, "meanwhile").has_value());
  REQUIRE(world.manager->info(kTester, "restored").has_value());
  CHECK(world.manager->info(kTester, "restored")->node_count == 1);
  REQUIRE(use(*world.manager, "restored", true).has_value());
}
