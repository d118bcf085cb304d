#include "storage/trie.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace nexus::storage {
namespace {

std::size_t node_bytes(std::uint32_t capacity) { return sizeof(TrieNode) + capacity * sizeof(Object*); }

unsigned count_of(const TrieNode& node) { return static_cast<unsigned>(__builtin_popcount(node.bitmap)); }

TrieNode* make_node(Edit& edit, std::uint32_t capacity) {
  auto* node = new (edit.memory().allocate(node_bytes(capacity))) TrieNode{};
  node->tag = edit.tag();
  node->capacity = capacity;
  return node;
}

// Makes the node at `place` the edit's own, with room for `extra` more entries.
TrieNode* own(Edit& edit, Object*& place, unsigned level, unsigned extra) {
  auto* node = static_cast<TrieNode*>(place);
  const unsigned count = node == nullptr ? 0 : count_of(*node);
  if (node != nullptr && edit.owns(*node) && count + extra <= node->capacity) return node;
  const std::uint32_t most = level == 2 ? 16 : 32;
  const bool grows = node != nullptr && edit.owns(*node);  // More is likely to follow.
  const std::uint32_t capacity = grows ? std::min(most, std::max(4u, 2 * count)) : std::max(1u, count + extra);
  TrieNode* made = make_node(edit, capacity);
  if (node != nullptr) {
    made->bitmap = node->bitmap;
    std::memcpy(trie_entries(made), trie_entries(node), count * sizeof(Object*));
    edit.drop(ObjectKind::Trie, node);
  }
  place = made;
  return made;
}

}  // namespace

void free_trie_node(Memory& memory, TrieNode* node) { memory.free(node, node_bytes(node->capacity)); }

Object* trie_next(const TrieNode* root, std::uint32_t& offset) {
  while (root != nullptr && offset < kGroupRows) {
    const TrieNode* node = root;
    for (unsigned level = 0; level < 3; ++level) {
      const unsigned shift = level == 0 ? 9 : level == 1 ? 4 : 0;
      const unsigned digit = trie_digit(offset, level);
      const std::uint32_t left = node->bitmap & ~((1u << digit) - 1);
      if (left == 0) {  // Nothing more below this node: go on after it.
        const unsigned above = level == 0 ? kOffsetBits : level == 1 ? 9 : 4;
        offset = ((offset >> above) + 1) << above;
        break;
      }
      const auto next = static_cast<unsigned>(__builtin_ctz(left));
      if (next != digit) offset = ((offset >> shift) + (next - digit)) << shift;
      Object* entry = trie_entries(node)[trie_rank(node->bitmap, next)];
      if (level == 2) return entry;
      node = static_cast<const TrieNode*>(entry);
    }
  }
  return nullptr;
}

Object** trie_edit(Edit& edit, TrieNode*& root, std::uint32_t offset) {
  Object* top = root;
  Object** place = &top;
  for (unsigned level = 0;; ++level) {
    const unsigned digit = trie_digit(offset, level);
    const auto* before = static_cast<const TrieNode*>(*place);
    const bool present = before != nullptr && (before->bitmap >> digit & 1) != 0;
    TrieNode* node = own(edit, *place, level, present ? 0 : 1);
    if (level == 0) root = node;
    const unsigned rank = trie_rank(node->bitmap, digit);
    Object** entries = trie_entries(node);
    if (!present) {
      std::memmove(entries + rank + 1, entries + rank, (count_of(*node) - rank) * sizeof(Object*));
      node->bitmap |= 1u << digit;
      entries[rank] = nullptr;
    }
    if (level == 2) return &entries[rank];
    place = &entries[rank];
  }
}

void trie_erase(Edit& edit, TrieNode*& root, std::uint32_t offset) {
  TrieNode* path[3];
  Object* top = root;
  Object** place = &top;
  for (unsigned level = 0; level < 3; ++level) {
    path[level] = own(edit, *place, level, 0);
    place = &trie_entries(path[level])[trie_rank(path[level]->bitmap, trie_digit(offset, level))];
  }
  root = path[0];
  for (unsigned level = 3; level-- > 0;) {
    TrieNode* node = path[level];
    const unsigned digit = trie_digit(offset, level);
    const unsigned rank = trie_rank(node->bitmap, digit);
    Object** entries = trie_entries(node);
    std::memmove(entries + rank, entries + rank + 1, (count_of(*node) - rank - 1) * sizeof(Object*));
    node->bitmap &= ~(1u << digit);
    if (node->bitmap != 0) return;
    edit.drop(ObjectKind::Trie, node);
  }
  root = nullptr;
}

}  // namespace nexus::storage
