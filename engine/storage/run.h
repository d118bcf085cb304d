// One run as a B+tree: insert, erase and the two ways to walk it. Used by adjacency.cc alone.
#pragma once

#include <algorithm>

#include "base/check.h"
#include "storage/adjacency.h"

namespace nexus::storage {

constexpr std::uint32_t kRunLeafMax = 64;
constexpr std::uint32_t kRunInnerMax = 32;
constexpr unsigned kRunHeightMax = 12;  // 2^48 keys need fewer, however badly filled.

inline RunKey* run_keys(RunNode& node) { return reinterpret_cast<RunKey*>(&node + 1); }
inline const RunKey* run_keys(const RunNode& node) { return reinterpret_cast<const RunKey*>(&node + 1); }
inline RunChild* run_children(RunNode& node) { return reinterpret_cast<RunChild*>(&node + 1); }
inline const RunChild* run_children(const RunNode& node) { return reinterpret_cast<const RunChild*>(&node + 1); }

void run_insert(Edit& edit, Run& run, RunKey key);
void run_erase(Edit& edit, Run& run, RunKey key);
void run_free(Memory& memory, RunNode* node, unsigned height, EditTag only);

// The child under which `key` is or would be.
inline std::uint32_t run_child_index(const RunNode& node, RunKey key) {
  const RunChild* children = run_children(node);
  const RunChild* above = std::upper_bound(children, children + node.count, key,
                                           [](const RunKey& k, const RunChild& child) { return k < child.first; });
  return above == children ? 0 : static_cast<std::uint32_t>(above - children - 1);
}

// Every key from `from` on, in order, until `visit` answers false.
template <class Visit>
bool run_walk(const RunNode& node, unsigned height, RunKey from, Visit&& visit) {
  if (height == 0) {
    const RunKey* keys = run_keys(node);
    const RunKey* const end = keys + node.count;
    for (const RunKey* at = std::lower_bound(keys, end, from); at != end; ++at) {
      if (!visit(*at)) return false;
    }
    return true;
  }
  for (std::uint32_t i = run_child_index(node, from); i < node.count; ++i) {
    if (!run_walk(*run_children(node)[i].node, height - 1, from, visit)) return false;
  }
  return true;
}

template <class Visit>
void run_each(const Run& run, Visit&& visit) {
  run_walk(*run.root, run.height, RunKey{0, 0}, [&](const RunKey& key) { return visit(key), true; });
}

// Those whose other node is `node`.
template <class Visit>
void run_each_of(const Run& run, NodeId node, Visit&& visit) {
  run_walk(*run.root, run.height, RunKey{node, 0}, [&](const RunKey& key) {
    if (key.node != node) return false;
    visit(key);
    return true;
  });
}

}  // namespace nexus::storage
