// The changes of tree.h; included by it alone.
#pragma once

#include <cstring>
#include <new>

#include "storage/tree.h"

namespace nexus::storage {

// Copy-on-write edits of one tree. All functions belong to one Edit.
template <class Key>
class TreeEdit {
 public:
  explicit TreeEdit(Edit& edit) : edit_(edit) {}

  void insert(TreeNode*& root, std::uint8_t& height, const Key& key) {
    if (root == nullptr) {
      root = make_node(1, true);
      height = 0;
      put(*root, 0, key);
      return;
    }
    const Split split = insert_below(root, height, key);
    if (split.right == nullptr) return;
    NX_CHECK(height < kTreeHeightMax);
    TreeNode* top = make_node(4, false);
    const Key first = height == 0 ? *tree_keys<Key>(*root) : tree_children<Key>(*root)->first;
    put(*top, 0, TreeChild<Key>{first, root});
    put(*top, 1, TreeChild<Key>{split.first, split.right});
    root = top;
    ++height;
  }

  void erase(TreeNode*& root, std::uint8_t& height, const Key& key) {
    NX_CHECK(root != nullptr);
    erase_below(root, height, key);
    while (height > 0 && root->count == 1) {
      TreeNode* only = tree_children<Key>(*root)->node;
      edit_.drop(TreeShape<Key>::kInner, root);
      root = only;
      --height;
    }
    if (root->count != 0) return;
    edit_.drop(kind_of(height == 0), root);
    root = nullptr;
  }

 private:
  struct Split {
    TreeNode* right = nullptr;  // nullptr: it was not necessary.
    Key first{};
  };

  static ObjectKind kind_of(bool leaf) { return leaf ? TreeShape<Key>::kLeaf : TreeShape<Key>::kInner; }
  static std::uint32_t most(bool leaf) { return leaf ? TreeShape<Key>::kLeafMax : TreeShape<Key>::kInnerMax; }
  static std::size_t entry_bytes(bool leaf) { return leaf ? sizeof(Key) : sizeof(TreeChild<Key>); }

  TreeNode* make_node(std::uint32_t capacity, bool leaf) {
    auto* node = new (edit_.memory().allocate(tree_node_bytes<Key>(capacity, leaf))) TreeNode{};
    node->tag = edit_.tag();
    node->capacity = capacity;
    return node;
  }

  static char* entry_at(TreeNode& node, std::uint32_t index, bool leaf) {
    return reinterpret_cast<char*>(&node + 1) + index * entry_bytes(leaf);
  }

  // Copies entries [from, from + count) to the end of `to`.
  static void move_entries(TreeNode& source, std::uint32_t from, std::uint32_t count, TreeNode& to, bool leaf) {
    std::memcpy(entry_at(to, to.count, leaf), entry_at(source, from, leaf), count * entry_bytes(leaf));
    to.count += count;
  }

  // Makes the node the edit's own, with room for `extra` more entries if the node's size allows that.
  void own(TreeNode*& node, bool leaf, std::uint32_t extra) {
    const std::uint32_t needed = std::min(most(leaf), node->count + extra);
    if (edit_.owns(*node) && needed <= node->capacity) return;
    const std::uint32_t capacity =
        edit_.owns(*node) ? std::min(most(leaf), std::max({4u, needed, 2 * node->count})) : needed;
    TreeNode* made = make_node(capacity, leaf);
    move_entries(*node, 0, node->count, *made, leaf);
    edit_.drop(kind_of(leaf), node);
    node = made;
  }

  template <class Entry>
  static void put(TreeNode& node, std::uint32_t index, const Entry& entry) {
    Entry* entries = reinterpret_cast<Entry*>(&node + 1);
    std::memmove(static_cast<void*>(entries + index + 1), entries + index, (node.count - index) * sizeof(Entry));
    new (entries + index) Entry(entry);
    ++node.count;
  }

  // Puts `entry` at `index`, splitting the node when it is full. Requires: the edit owns it.
  template <class Entry>
  Split put_or_split(TreeNode& node, std::uint32_t index, const Entry& entry, bool leaf) {
    if (node.count < most(leaf)) {
      put(node, index, entry);
      return {};
    }
    // Why: a tree that grows at its end keeps its left nodes full.
    const std::uint32_t keep = index == node.count ? node.count : node.count / 2;
    TreeNode* right = make_node(most(leaf), leaf);
    move_entries(node, keep, node.count - keep, *right, leaf);
    node.count = keep;
    if (index > keep || right->count == 0) {
      put(*right, index - keep, entry);
    } else {
      put(node, index, entry);
    }
    return {right, leaf ? *tree_keys<Key>(*right) : tree_children<Key>(*right)->first};
  }

  Split insert_below(TreeNode*& node, unsigned height, const Key& key) {
    if (height == 0) {
      own(node, true, 1);
      const Key* keys = tree_keys<Key>(*node);
      const auto index = static_cast<std::uint32_t>(std::lower_bound(keys, keys + node->count, key) - keys);
      return put_or_split(*node, index, key, true);
    }
    own(node, false, 1);
    const std::uint32_t index = tree_child_index(*node, key);
    TreeChild<Key>& child = tree_children<Key>(*node)[index];
    if (key < child.first) child.first = key;
    const Split below = insert_below(child.node, height - 1, key);
    if (below.right == nullptr) return {};
    return put_or_split(*node, index + 1, TreeChild<Key>{below.first, below.right}, false);
  }

  // Joins child `index` of an owned inner node with a neighbour when both fit well into one.
  void merge_small(TreeNode& parent, std::uint32_t index, bool leaf) {
    TreeChild<Key>* children = tree_children<Key>(parent);
    if (parent.count < 2 || children[index].node->count > most(leaf) / 4) return;
    const std::uint32_t left = index == 0 ? 0 : index - 1;
    TreeNode* source = children[left + 1].node;
    if (children[left].node->count + source->count > most(leaf) * 3 / 4) return;
    own(children[left].node, leaf, source->count);
    move_entries(*source, 0, source->count, *children[left].node, leaf);
    edit_.drop(kind_of(leaf), source);
    remove_entry<TreeChild<Key>>(parent, left + 1);
  }

  template <class Entry>
  static void remove_entry(TreeNode& node, std::uint32_t index) {
    Entry* entries = reinterpret_cast<Entry*>(&node + 1);
    std::memmove(static_cast<void*>(entries + index), entries + index + 1, (node.count - index - 1) * sizeof(Entry));
    --node.count;
  }

  void erase_below(TreeNode*& node, unsigned height, const Key& key) {
    own(node, height == 0, 0);
    if (height == 0) {
      Key* keys = tree_keys<Key>(*node);
      Key* at = std::lower_bound(keys, keys + node->count, key);
      NX_CHECK(at != keys + node->count && *at == key);
      return remove_entry<Key>(*node, static_cast<std::uint32_t>(at - keys));
    }
    const std::uint32_t index = tree_child_index(*node, key);
    TreeChild<Key>* children = tree_children<Key>(*node);
    erase_below(children[index].node, height - 1, key);
    if (children[index].node->count != 0) return merge_small(*node, index, height == 1);
    edit_.drop(kind_of(height == 1), children[index].node);
    remove_entry<TreeChild<Key>>(*node, index);
  }

  Edit& edit_;
};

template <class Key>
void tree_insert(Edit& edit, TreeNode*& root, std::uint8_t& height, const Key& key) {
  TreeEdit<Key>(edit).insert(root, height, key);
}

template <class Key>
void tree_erase(Edit& edit, TreeNode*& root, std::uint8_t& height, const Key& key) {
  TreeEdit<Key>(edit).erase(root, height, key);
}

template <class Key>
void tree_free(Memory& memory, TreeNode* node, unsigned height, EditTag only) {
  if (node == nullptr || (only != 0 && node->tag != only)) return;
  if (height == 0) return free_tree_node<Key>(memory, node, true);
  for (std::uint32_t i = 0; i < node->count; ++i) {
    tree_free<Key>(memory, tree_children<Key>(*node)[i].node, height - 1, only);
  }
  free_tree_node<Key>(memory, node, false);
}

}  // namespace nexus::storage
