// storage_bench: nanoseconds of the storage rung's everyday operations, on files in memory.
#include <cstdio>
#include <ctime>
#include <vector>

#include "base/hash.h"
#include "storage/store.h"
#include "vfs/memory_vfs.h"

using namespace nexus;
using namespace nexus::storage;

namespace {

class CountingRandom : public Random {
 public:
  std::uint64_t next() override { return mix64(++state_); }

 private:
  std::uint64_t state_ = 1;
};

template <class Work>
void measure(const char* name, std::uint64_t count, Work&& work) {
  // Processor time: the machine may be busy with others.
  const std::clock_t begin = std::clock();
  work();
  const double nanoseconds = static_cast<double>(std::clock() - begin) * (1e9 / CLOCKS_PER_SEC);
  std::printf("%-44s %10.1f ns each\n", name, nanoseconds / static_cast<double>(count));
}

constexpr std::uint64_t kNodes = 300000;
constexpr std::uint64_t kRelationships = 1000000;
constexpr std::uint64_t kHub = 1000000;

struct Ids {
  TokenId label = 0, key = 0, type = 0;
};

void load(Store& store, const Ids& ids, std::vector<NodeId>& nodes) {
  auto tx = std::move(*store.begin_write());
  measure("create a node with two properties", kNodes, [&] {
    for (std::uint64_t i = 0; i < kNodes; ++i) {
      nodes.push_back(*tx->create_node({&ids.label, 1}, {{ids.key, Value::integer(static_cast<std::int64_t>(i))},
                                                         {ids.key + 1, Value::string("short")}}));
    }
  });
  measure("create a relationship", kRelationships, [&] {
    for (std::uint64_t i = 0; i < kRelationships; ++i) {
      (void)*tx->create_relationship(ids.type, nodes[mix64(i) % kNodes], nodes[mix64(i + 77) % kNodes], {});
    }
  });
  measure("commit all of it (per operation)", kNodes + kRelationships, [&] { (void)*tx->commit(); });
  std::printf("%-44s %10.1f bytes\n", "memory per node or relationship",
              static_cast<double>(store.memory_bytes()) / static_cast<double>(kNodes + kRelationships));
  std::printf("%-44s %10.1f bytes\n", "log per node or relationship",
              static_cast<double>(store.store_bytes()) / static_cast<double>(kNodes + kRelationships));
}

void read(Store& store, const Ids& ids, const std::vector<NodeId>& nodes) {
  const auto tx = store.begin_read();
  std::int64_t sum = 0;
  measure("read a property of a random node", kNodes, [&] {
    for (std::uint64_t i = 0; i < kNodes; ++i) sum += tx->node_property(nodes[mix64(i) % kNodes], ids.key).integer();
  });
  std::vector<Neighbor> neighbours;
  measure("expand a random node (3.3 neighbours)", kNodes, [&] {
    for (std::uint64_t i = 0; i < kNodes; ++i) {
      neighbours.clear();
      tx->expand(nodes[mix64(i) % kNodes], Direction::Outgoing, {&ids.type, 1}, neighbours);
      sum += static_cast<std::int64_t>(neighbours.size());
    }
  });
  measure("scan a label (per node)", kNodes, [&] {
    std::vector<NodeId> batch(1024);
    ScanPosition position;
    while (const std::size_t count = tx->scan_label(ids.label, position, batch)) {
      sum += static_cast<std::int64_t>(count);
    }
  });
  std::printf("%-44s %10lld\n", "(checksum)", static_cast<long long>(sum));
}

void commit_small(Store& store, const Ids& ids, const std::vector<NodeId>& nodes) {
  constexpr std::uint64_t kCommits = 50000;
  measure("commit one property", kCommits, [&] {
    for (std::uint64_t i = 0; i < kCommits; ++i) {
      auto tx = std::move(*store.begin_write());
      (void)*tx->set_node_property(nodes[mix64(i) % kNodes], ids.key, Value::integer(7));
      (void)*tx->commit();
    }
  });
  measure("begin and end a read transaction", kCommits, [&] {
    for (std::uint64_t i = 0; i < kCommits; ++i) (void)store.begin_read();
  });
}

void grow_hub(Store& store, const Ids& ids, const std::vector<NodeId>& nodes) {
  const NodeId hub = nodes[0];
  {
    auto tx = std::move(*store.begin_write());
    for (std::uint64_t i = 0; i < kHub; ++i) {
      (void)*tx->create_relationship(ids.type + 1, hub, nodes[mix64(i) % kNodes], {});
    }
    (void)*tx->commit();
  }
  constexpr std::uint64_t kCommits = 20000;
  measure("add one to a hub of a million, committed", kCommits, [&] {
    for (std::uint64_t i = 0; i < kCommits; ++i) {
      auto tx = std::move(*store.begin_write());
      (void)*tx->create_relationship(ids.type + 1, hub, nodes[mix64(i + 5) % kNodes], {});
      (void)*tx->commit();
    }
  });
  std::vector<Neighbor> found;
  store.begin_read()->expand(hub, Direction::Outgoing, {}, found);
  measure("take one from it, committed", kCommits, [&] {
    for (std::uint64_t i = 0; i < kCommits; ++i) {
      auto tx = std::move(*store.begin_write());
      (void)*tx->delete_relationship(found[i * 37].relationship);
      (void)*tx->commit();
    }
  });
}

}  // namespace

int main() {
  CountingRandom random;
  vfs::MemoryVfs files;
  Ids ids;
  {
    auto store = std::move(*Store::open({}, {&random, nullptr, nullptr}, files));
    {
      auto tx = std::move(*store->begin_write());
      ids.label = *tx->intern(TokenKind::Label, "Person");
      ids.key = *tx->intern(TokenKind::Key, "a");
      ids.type = *tx->intern(TokenKind::Type, "T");
      (void)*tx->intern(TokenKind::Key, "b");
      (void)*tx->intern(TokenKind::Type, "HUB");
    }
    std::vector<NodeId> nodes;
    load(*store, ids, nodes);
    read(*store, ids, nodes);
    commit_small(*store, ids, nodes);
    grow_hub(*store, ids, nodes);
    measure("compact (per node or relationship)", kNodes + kRelationships + kHub, [&] { (void)*store->compact(); });
    measure("close", 1, [&] { store.reset(); });
  }
  measure("recover (per node or relationship)", kNodes + kRelationships + kHub, [&] {
    auto store = std::move(*Store::open({}, {&random, nullptr, nullptr}, files));
    if (store->begin_read()->node_count() != kNodes) std::printf("WRONG\n");
  });
}
