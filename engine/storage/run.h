// One run of relationships as a tree: the changes and the two ways to walk it. Used by adjacency.cc alone.
#pragma once

#include "storage/adjacency.h"

namespace nexus::storage {

inline void run_insert(Edit& edit, Run& run, RunKey key) {
  tree_insert(edit, run.root, run.height, key);
  ++run.count;
}
inline void run_erase(Edit& edit, Run& run, RunKey key) {
  tree_erase(edit, run.root, run.height, key);
  --run.count;
}
inline void run_free(Memory& memory, RunNode* node, unsigned height, EditTag only) {
  tree_free<RunKey>(memory, node, height, only);
}

template <class Visit>
void run_each(const Run& run, Visit&& visit) {
  tree_walk(*run.root, run.height, RunKey{0, 0}, [&](const RunKey& key) { return visit(key), true; });
}

// Those whose other node is `node`.
template <class Visit>
void run_each_of(const Run& run, NodeId node, Visit&& visit) {
  tree_walk(*run.root, run.height, RunKey{node, 0}, [&](const RunKey& key) {
    if (key.node != node) return false;
    visit(key);
    return true;
  });
}

}  // namespace nexus::storage
