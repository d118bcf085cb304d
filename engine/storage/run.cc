#include "storage/run.h"

#include <cstring>
#include <new>

namespace nexus::storage {
namespace {

struct Split {
  RunNode* right = nullptr;  // nullptr: it was not necessary.
  RunKey first{};
};

std::size_t node_bytes(std::uint32_t capacity, bool leaf) {
  return sizeof(RunNode) + capacity * (leaf ? sizeof(RunKey) : sizeof(RunChild));
}

RunNode* make_node(Edit& edit, std::uint32_t capacity, bool leaf) {
  auto* node = new (edit.memory().allocate(node_bytes(capacity, leaf))) RunNode{};
  node->tag = edit.tag();
  node->capacity = capacity;
  return node;
}

ObjectKind kind_of(bool leaf) { return leaf ? ObjectKind::RunLeaf : ObjectKind::RunInner; }

char* entry_at(RunNode& node, std::uint32_t index, bool leaf) {
  return reinterpret_cast<char*>(&node + 1) + index * (leaf ? sizeof(RunKey) : sizeof(RunChild));
}

// Copies entries [from, from + count) to the end of `to`.
void move_entries(RunNode& source, std::uint32_t from, std::uint32_t count, RunNode& to, bool leaf) {
  std::memcpy(entry_at(to, to.count, leaf), entry_at(source, from, leaf),
              count * (leaf ? sizeof(RunKey) : sizeof(RunChild)));
  to.count += count;
}

// Makes the node the edit's own, with room for `extra` more entries if the node's size allows that.
void own(Edit& edit, RunNode*& node, bool leaf, std::uint32_t extra) {
  const std::uint32_t most = leaf ? kRunLeafMax : kRunInnerMax;
  const std::uint32_t needed = std::min(most, node->count + extra);
  if (edit.owns(*node) && needed <= node->capacity) return;
  const std::uint32_t capacity = edit.owns(*node) ? std::min(most, std::max({4u, needed, 2 * node->count})) : needed;
  RunNode* made = make_node(edit, capacity, leaf);
  move_entries(*node, 0, node->count, *made, leaf);
  edit.drop(kind_of(leaf), node);
  node = made;
}

template <class Entry>
void put(RunNode& node, std::uint32_t index, const Entry& entry) {
  Entry* entries = reinterpret_cast<Entry*>(&node + 1);
  std::memmove(static_cast<void*>(entries + index + 1), entries + index, (node.count - index) * sizeof(Entry));
  new (entries + index) Entry(entry);
  ++node.count;
}

// Puts `entry` at `index`, splitting the node when it is full. Requires: the edit owns it.
template <class Entry>
Split put_or_split(Edit& edit, RunNode& node, std::uint32_t index, const Entry& entry, bool leaf) {
  const std::uint32_t most = leaf ? kRunLeafMax : kRunInnerMax;
  if (node.count < most) {
    put(node, index, entry);
    return {};
  }
  // Why: a run that grows at its end keeps its left nodes full.
  const std::uint32_t keep = index == node.count ? node.count : node.count / 2;
  RunNode* right = make_node(edit, most, leaf);
  move_entries(node, keep, node.count - keep, *right, leaf);
  node.count = keep;
  if (index > keep || right->count == 0) {
    put(*right, index - keep, entry);
  } else {
    put(node, index, entry);
  }
  return {right, leaf ? *run_keys(*right) : run_children(*right)->first};
}

Split insert(Edit& edit, RunNode*& node, unsigned height, RunKey key) {
  if (height == 0) {
    own(edit, node, true, 1);
    const RunKey* keys = run_keys(*node);
    const auto index = static_cast<std::uint32_t>(std::lower_bound(keys, keys + node->count, key) - keys);
    return put_or_split(edit, *node, index, key, true);
  }
  own(edit, node, false, 1);
  const std::uint32_t index = run_child_index(*node, key);
  RunChild& child = run_children(*node)[index];
  if (key < child.first) child.first = key;
  const Split below = insert(edit, child.node, height - 1, key);
  if (below.right == nullptr) return {};
  return put_or_split(edit, *node, index + 1, RunChild{below.first, below.right}, false);
}

// Joins child `index` of an owned inner node with a neighbour when both fit well into one.
void merge_small(Edit& edit, RunNode& parent, std::uint32_t index, bool leaf) {
  const std::uint32_t most = leaf ? kRunLeafMax : kRunInnerMax;
  RunChild* children = run_children(parent);
  if (parent.count < 2 || children[index].node->count > most / 4) return;
  const std::uint32_t left = index == 0 ? 0 : index - 1;
  RunNode* source = children[left + 1].node;
  if (children[left].node->count + source->count > most * 3 / 4) return;
  own(edit, children[left].node, leaf, source->count);
  move_entries(*source, 0, source->count, *children[left].node, leaf);
  edit.drop(kind_of(leaf), source);
  std::memmove(static_cast<void*>(children + left + 1), children + left + 2,
               (parent.count - left - 2) * sizeof(RunChild));
  --parent.count;
}

void erase(Edit& edit, RunNode*& node, unsigned height, RunKey key) {
  own(edit, node, height == 0, 0);
  if (height == 0) {
    RunKey* keys = run_keys(*node);
    RunKey* at = std::lower_bound(keys, keys + node->count, key);
    RunKey* const end = keys + node->count;
    NX_CHECK(at != end && *at == key);
    std::memmove(static_cast<void*>(at), at + 1, static_cast<std::size_t>(end - at - 1) * sizeof(RunKey));
    --node->count;
    return;
  }
  const std::uint32_t index = run_child_index(*node, key);
  RunChild* children = run_children(*node);
  erase(edit, children[index].node, height - 1, key);
  if (children[index].node->count != 0) return merge_small(edit, *node, index, height == 1);
  edit.drop(kind_of(height == 1), children[index].node);
  std::memmove(static_cast<void*>(children + index), children + index + 1,
               (node->count - index - 1) * sizeof(RunChild));
  --node->count;
}

}  // namespace

void free_run_leaf(Memory& memory, RunNode* node) { memory.free(node, node_bytes(node->capacity, true)); }
void free_run_inner(Memory& memory, RunNode* node) { memory.free(node, node_bytes(node->capacity, false)); }

void run_insert(Edit& edit, Run& run, RunKey key) {
  ++run.count;
  if (run.root == nullptr) {
    run.root = make_node(edit, 1, true);
    put(*run.root, 0, key);
    return;
  }
  const Split split = insert(edit, run.root, run.height, key);
  if (split.right == nullptr) return;
  NX_CHECK(run.height < kRunHeightMax);
  RunNode* top = make_node(edit, 4, false);
  const RunKey first = run.height == 0 ? *run_keys(*run.root) : run_children(*run.root)->first;
  put(*top, 0, RunChild{first, run.root});
  put(*top, 1, RunChild{split.first, split.right});
  run.root = top;
  ++run.height;
}

void run_erase(Edit& edit, Run& run, RunKey key) {
  erase(edit, run.root, run.height, key);
  --run.count;
  while (run.height > 0 && run.root->count == 1) {
    RunNode* only = run_children(*run.root)->node;
    edit.drop(ObjectKind::RunInner, run.root);
    run.root = only;
    --run.height;
  }
  if (run.root->count != 0) return;
  edit.drop(kind_of(run.height == 0), run.root);
  run.root = nullptr;
}

void run_free(Memory& memory, RunNode* node, unsigned height, EditTag only) {
  if (node == nullptr || (only != 0 && node->tag != only)) return;
  if (height == 0) return free_run_leaf(memory, node);
  for (std::uint32_t i = 0; i < node->count; ++i) run_free(memory, run_children(*node)[i].node, height - 1, only);
  free_run_inner(memory, node);
}

}  // namespace nexus::storage
