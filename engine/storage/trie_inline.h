// The bodies behind trie.h that must be inlined or are templates; included by it alone.
#pragma once

#include "storage/trie.h"

namespace nexus::storage {

inline Object** trie_entries(TrieNode* node) { return reinterpret_cast<Object**>(node + 1); }
inline Object* const* trie_entries(const TrieNode* node) { return reinterpret_cast<Object* const*>(node + 1); }

constexpr unsigned trie_digit(std::uint32_t offset, unsigned level) {
  return level == 0 ? offset >> 9 : level == 1 ? (offset >> 4) & 31 : offset & 15;
}

inline unsigned trie_rank(std::uint32_t bitmap, unsigned digit) {
  return static_cast<unsigned>(__builtin_popcount(bitmap & ((1u << digit) - 1)));
}

inline Object* trie_find(const TrieNode* root, std::uint32_t offset) {
  const TrieNode* node = root;
  for (unsigned level = 0; level < 3; ++level) {
    if (node == nullptr) return nullptr;
    const unsigned digit = trie_digit(offset, level);
    if ((node->bitmap >> digit & 1) == 0) return nullptr;
    Object* entry = trie_entries(node)[trie_rank(node->bitmap, digit)];
    if (level == 2) return entry;
    node = static_cast<const TrieNode*>(entry);
  }
  return nullptr;
}

template <class FreeRow>
void trie_free(Memory& memory, TrieNode* node, EditTag only, FreeRow&& free_row, unsigned level) {
  if (node == nullptr || (only != 0 && node->tag != only)) return;
  const auto count = static_cast<unsigned>(__builtin_popcount(node->bitmap));
  for (unsigned i = 0; i < count; ++i) {
    Object* entry = trie_entries(node)[i];
    if (level == 2) {
      if (entry != nullptr) free_row(entry);
    } else {
      trie_free(memory, static_cast<TrieNode*>(entry), only, free_row, level + 1);
    }
  }
  free_trie_node(memory, node);
}

}  // namespace nexus::storage
