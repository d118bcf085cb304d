// Runs and tries against std::set, across many edits whose predecessors stay readable.
#include "storage/run.h"

#include <set>

#include "base/hash.h"
#include "storage/trie.h"
#include "tests/support/catch.h"

using namespace nexus;
using namespace nexus::storage;

namespace {

struct Dice {
  std::uint64_t state;
  std::uint64_t below(std::uint64_t end) { return mix64(++state) % end; }
};

std::vector<RunKey> keys_of(const Run& run) {
  std::vector<RunKey> keys;
  if (run.root != nullptr) run_each(run, [&](const RunKey& key) { keys.push_back(key); });
  return keys;
}

void free_all(Memory& memory, std::vector<std::vector<Retired>>& garbage) {
  for (const auto& batch : garbage) {
    for (const Retired& retired : batch) free_object(memory, retired.kind, retired.object);
  }
}

}  // namespace

TEST_CASE("a run agrees with a sorted set through inserts and erases of every pattern") {
  for (std::uint64_t pattern = 0; pattern < 6; ++pattern) {
    Dice dice{pattern * 1000};
    MemoryBudget budget(0);
    Memory memory(&budget);
    std::vector<std::vector<Retired>> garbage;
    std::set<RunKey> model;
    Run run{0, Direction::Outgoing, 0, 0, nullptr};
    EditTag tag = 0;
    std::uint64_t next = 0;
    for (int round = 0; round < 120; ++round) {
      Edit edit(memory, ++tag);
      const Run before = run;
      const std::vector<RunKey> seen = keys_of(before);
      const bool shrinks = round % 40 >= 25;
      for (std::uint64_t i = 1 + dice.below(pattern % 2 == 0 ? 300 : 3); i > 0; --i) {
        if (shrinks && !model.empty()) {
          auto at = model.lower_bound(RunKey{dice.below(1000), 0});
          if (pattern == 4 || at == model.end()) at = model.begin();
          run_erase(edit, run, *at);
          model.erase(at);
          continue;
        }
        const RunKey key = pattern < 2 ? RunKey{++next, next} : RunKey{dice.below(1000), ++next};
        model.insert(key);
        run_insert(edit, run, key);
      }
      REQUIRE(run.count == model.size());
      const std::vector<RunKey> keys = keys_of(run);
      REQUIRE(std::equal(keys.begin(), keys.end(), model.begin(), model.end()));
      REQUIRE(keys_of(before) == seen);
      garbage.push_back(std::move(edit.retired()));
      const std::uint64_t wanted = dice.below(1000);
      std::uint64_t found = 0;
      if (run.root != nullptr) run_each_of(run, wanted, [&](const RunKey&) { ++found; });
      const auto expected =
          std::distance(model.lower_bound(RunKey{wanted, 0}), model.lower_bound(RunKey{wanted + 1, 0}));
      REQUIRE(found == static_cast<std::uint64_t>(expected));
    }
    run_free(memory, run.root, run.height, 0);
    free_all(memory, garbage);
    CHECK(memory.used_bytes() == 0);
  }
}

TEST_CASE("a trie agrees with a sorted set, and its predecessors stay as they were") {
  Dice dice{77};
  Memory memory(nullptr);
  std::vector<std::vector<Retired>> garbage;
  std::set<std::uint32_t> model;
  TrieNode* root = nullptr;
  const auto offsets_of = [](const TrieNode* node) {
    std::vector<std::uint32_t> offsets;
    for (std::uint32_t offset = 0; trie_next(node, offset) != nullptr; ++offset) offsets.push_back(offset);
    return offsets;
  };
  for (EditTag tag = 1; tag < 200; ++tag) {
    Edit edit(memory, tag);
    TrieNode* const before = root;
    const auto seen = offsets_of(before);
    for (std::uint64_t i = dice.below(60); i > 0; --i) {
      const auto offset = static_cast<std::uint32_t>(dice.below(tag % 3 == 0 ? 64 : kGroupRows));
      if (model.count(offset) != 0) {
        auto* row = trie_find(root, offset);
        trie_erase(edit, root, offset);
        edit.drop(ObjectKind::NodeRow, row);
        model.erase(offset);
      } else {
        *trie_edit(edit, root, offset) = make_node_row(edit, {});
        model.insert(offset);
      }
    }
    const auto offsets = offsets_of(root);
    REQUIRE(std::equal(offsets.begin(), offsets.end(), model.begin(), model.end()));
    REQUIRE(offsets_of(before) == seen);
    garbage.push_back(std::move(edit.retired()));
  }
  trie_free(memory, root, 0, [&](Object* row) { free_object(memory, ObjectKind::NodeRow, row); });
  free_all(memory, garbage);
  CHECK(memory.used_bytes() == 0);
}
