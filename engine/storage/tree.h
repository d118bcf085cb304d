// A copy-on-write B+tree of small keys; see objects.h for ownership. Runs of relationships and
// property indexes are such trees.
//
// A tree is a root and a height, kept by whoever has it; height 0 is a leaf, a null root is empty.
// TreeShape<Key> says how large the nodes get and what kinds of objects they are.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/check.h"
#include "storage/objects.h"

namespace nexus::storage {

// Followed by `capacity` keys (a leaf) or TreeChildren (an inner node), `count` of them used.
struct TreeNode : Object {
  std::uint32_t count;
  std::uint32_t capacity;
};
template <class Key>
struct TreeChild {
  Key first;  // Not above any key below `node`.
  TreeNode* node;
};
template <class Key>
struct TreeShape;  // kLeafMax, kInnerMax, kLeaf, kInner.

constexpr unsigned kTreeHeightMax = 12;  // 2^48 keys need fewer, however badly filled.

template <class Key>
Key* tree_keys(TreeNode& node) {
  return reinterpret_cast<Key*>(&node + 1);
}
template <class Key>
const Key* tree_keys(const TreeNode& node) {
  return reinterpret_cast<const Key*>(&node + 1);
}
template <class Key>
TreeChild<Key>* tree_children(TreeNode& node) {
  return reinterpret_cast<TreeChild<Key>*>(&node + 1);
}
template <class Key>
const TreeChild<Key>* tree_children(const TreeNode& node) {
  return reinterpret_cast<const TreeChild<Key>*>(&node + 1);
}

template <class Key>
constexpr std::size_t tree_node_bytes(std::uint32_t capacity, bool leaf) {
  return sizeof(TreeNode) + capacity * (leaf ? sizeof(Key) : sizeof(TreeChild<Key>));
}
template <class Key>
void free_tree_node(Memory& memory, TreeNode* node, bool leaf) {
  memory.free(node, tree_node_bytes<Key>(node->capacity, leaf));
}

// Bytes that one insert or erase may allocate, about.
template <class Key>
constexpr std::uint64_t tree_edit_bytes_max(unsigned height) {
  return 2 * tree_node_bytes<Key>(TreeShape<Key>::kLeafMax, true) +
         2 * height * tree_node_bytes<Key>(TreeShape<Key>::kInnerMax, false) + tree_node_bytes<Key>(4, false);
}

// Requires: the key is not there (insert) or is there (erase).
template <class Key>
void tree_insert(Edit& edit, TreeNode*& root, std::uint8_t& height, const Key& key);
template <class Key>
void tree_erase(Edit& edit, TreeNode*& root, std::uint8_t& height, const Key& key);
// With everything below; with a tag, only what carries it.
template <class Key>
void tree_free(Memory& memory, TreeNode* node, unsigned height, EditTag only);

// The child under which `key` is or would be.
template <class Key>
std::uint32_t tree_child_index(const TreeNode& node, const Key& key) {
  const TreeChild<Key>* children = tree_children<Key>(node);
  const TreeChild<Key>* above =
      std::upper_bound(children, children + node.count, key,
                       [](const Key& k, const TreeChild<Key>& child) { return k < child.first; });
  return above == children ? 0 : static_cast<std::uint32_t>(above - children - 1);
}

// Every key from `from` on, in order, until `visit` answers false.
template <class Key, class Visit>
bool tree_walk(const TreeNode& node, unsigned height, const Key& from, Visit&& visit) {
  if (height == 0) {
    const Key* keys = tree_keys<Key>(node);
    const Key* const end = keys + node.count;
    for (const Key* at = std::lower_bound(keys, end, from); at != end; ++at) {
      if (!visit(*at)) return false;
    }
    return true;
  }
  for (std::uint32_t i = tree_child_index(node, from); i < node.count; ++i) {
    if (!tree_walk(*tree_children<Key>(node)[i].node, height - 1, from, visit)) return false;
  }
  return true;
}

}  // namespace nexus::storage

#include "storage/tree_inline.h"
