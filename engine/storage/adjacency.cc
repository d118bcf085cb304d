#include "storage/adjacency.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "storage/run.h"

namespace nexus::storage {
namespace {

Run* runs_of(Adjacency& adjacency) { return reinterpret_cast<Run*>(&adjacency + 1); }
std::span<const Run> runs_of(const Adjacency& adjacency) {
  return {reinterpret_cast<const Run*>(&adjacency + 1), adjacency.count};
}

std::size_t adjacency_bytes(std::uint32_t capacity) { return sizeof(Adjacency) + capacity * sizeof(Run); }

bool before(const Run& run, TokenId type, Direction direction) {
  return run.type != type ? run.type < type : run.direction < direction;
}

Run* lower_bound(Adjacency& adjacency, TokenId type, Direction direction) {
  Run* at = runs_of(adjacency);
  Run* const end = at + adjacency.count;
  while (at != end && before(*at, type, direction)) ++at;
  return at;
}

// Makes the adjacency the edit's own with room for `extra` more runs.
void own(Edit& edit, Adjacency*& adjacency, std::uint32_t extra) {
  const std::uint32_t count = adjacency == nullptr ? 0 : adjacency->count;
  if (adjacency != nullptr && edit.owns(*adjacency) && count + extra <= adjacency->capacity) return;
  const std::uint32_t capacity = count + extra < 4 ? count + extra : (count + extra) * 5 / 4;
  auto* made = new (edit.memory().allocate(adjacency_bytes(capacity))) Adjacency{};
  made->tag = edit.tag();
  made->count = count;
  made->capacity = capacity;
  if (adjacency != nullptr) {
    std::memcpy(static_cast<void*>(runs_of(*made)), runs_of(*adjacency), count * sizeof(Run));
    edit.drop(ObjectKind::Adjacency, adjacency);
  }
  adjacency = made;
}

bool has_type(std::span<const TokenId> types, TokenId type) {
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

bool has_direction(Direction wanted, Direction direction) { return wanted == Direction::Both || wanted == direction; }

}  // namespace

void free_adjacency(Memory& memory, Adjacency* adjacency) {
  memory.free(adjacency, adjacency_bytes(adjacency->capacity));
}

void free_adjacency_deep(Memory& memory, Adjacency* adjacency, EditTag only) {
  if (adjacency == nullptr || (only != 0 && adjacency->tag != only)) return;
  for (const Run& run : runs_of(std::as_const(*adjacency))) run_free(memory, run.root, run.height, only);
  free_adjacency(memory, adjacency);
}

std::uint64_t adjacency_insert_bytes_max(const Adjacency* adjacency) {
  if (adjacency == nullptr) return 256;
  std::uint64_t bytes = adjacency_bytes(adjacency->count + 1);
  std::uint64_t highest = 0;
  for (const Run& run : runs_of(*adjacency)) highest = std::max<std::uint64_t>(highest, run.height);
  return bytes + 2 * TreeShape<RunKey>::kLeafMax * sizeof(RunKey) + highest * TreeShape<RunKey>::kInnerMax * sizeof(RunChild);
}

void adjacency_insert(Edit& edit, Adjacency*& adjacency, TokenId type, Direction direction, RunKey key) {
  if (adjacency == nullptr) own(edit, adjacency, 1);
  Run* at = lower_bound(*adjacency, type, direction);
  const auto index = static_cast<std::uint32_t>(at - runs_of(*adjacency));
  const bool found = index < adjacency->count && at->type == type && at->direction == direction;
  own(edit, adjacency, found ? 0 : 1);
  at = runs_of(*adjacency) + index;
  if (!found) {
    std::memmove(static_cast<void*>(at + 1), at, (adjacency->count - static_cast<std::size_t>(index)) * sizeof(Run));
    new (at) Run{type, direction, 0, 0, nullptr};
    ++adjacency->count;
  }
  run_insert(edit, *at, key);
}

void adjacency_erase(Edit& edit, Adjacency*& adjacency, TokenId type, Direction direction, RunKey key) {
  own(edit, adjacency, 0);
  Run* at = lower_bound(*adjacency, type, direction);
  run_erase(edit, *at, key);
  if (at->count != 0) return;
  Run* const end = runs_of(*adjacency) + adjacency->count;
  std::memmove(static_cast<void*>(at), at + 1, static_cast<std::size_t>(end - at - 1) * sizeof(Run));
  if (--adjacency->count != 0) return;
  edit.drop(ObjectKind::Adjacency, adjacency);
  adjacency = nullptr;
}

void adjacency_expand(const Adjacency& adjacency, NodeId self, Direction direction, std::span<const TokenId> types,
                      std::vector<Neighbor>& out) {
  for (const Run& run : runs_of(adjacency)) {
    if (!has_direction(direction, run.direction) || !has_type(types, run.type)) continue;
    // Why: a self-loop is in both runs and must appear once.
    const bool skips_loops = direction == Direction::Both && run.direction == Direction::Incoming;
    run_each(run, [&](const RunKey& key) {
      if (skips_loops && key.node == self) return;
      out.push_back({key.relationship, key.node, run.type});
    });
  }
}

void adjacency_expand_into(const Adjacency& adjacency, NodeId self, Direction direction,
                           std::span<const TokenId> types, NodeId other, std::vector<Neighbor>& out) {
  for (const Run& run : runs_of(adjacency)) {
    if (!has_direction(direction, run.direction) || !has_type(types, run.type)) continue;
    if (direction == Direction::Both && run.direction == Direction::Incoming && other == self) continue;
    run_each_of(run, other, [&](const RunKey& key) { out.push_back({key.relationship, key.node, run.type}); });
  }
}

std::uint64_t adjacency_degree(const Adjacency& adjacency, NodeId self, Direction direction,
                               std::span<const TokenId> types) {
  std::uint64_t degree = 0;
  for (const Run& run : runs_of(adjacency)) {
    if (!has_direction(direction, run.direction) || !has_type(types, run.type)) continue;
    degree += run.count;
    if (direction == Direction::Both && run.direction == Direction::Incoming) {
      run_each_of(run, self, [&](const RunKey&) { --degree; });
    }
  }
  return degree;
}

}  // namespace nexus::storage
