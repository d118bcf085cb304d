// The rows of one group by their 14-bit offset: a trie of 5 + 5 + 4 bits whose nodes hold only
// the children that exist. Copy-on-write, see objects.h.
//
// Cost: find() is three dependent loads; an edit copies at most three nodes of ≤ 272 bytes once.
#pragma once

#include "storage/objects.h"

namespace nexus::storage {

// Followed by `capacity` pointers, of which popcount(bitmap) are used: to nodes, or in the third
// level to rows.
struct TrieNode : Object {
  std::uint32_t bitmap;
  std::uint32_t capacity;
};

void free_trie_node(Memory& memory, TrieNode* node);

Object* trie_find(const TrieNode* root, std::uint32_t offset);
// The first row at or after `offset`, which becomes its offset; nullptr when there is none.
Object* trie_next(const TrieNode* root, std::uint32_t& offset);
// The place of the row at `offset`, nullptr inside when the row is new: the caller must fill it.
Object** trie_edit(Edit& edit, TrieNode*& root, std::uint32_t offset);
// Requires: there is a row at `offset`. The row itself is the caller's.
void trie_erase(Edit& edit, TrieNode*& root, std::uint32_t offset);

// Frees the nodes, handing every row to `free_row(row)`. With a tag, only what carries it.
template <class FreeRow>
void trie_free(Memory& memory, TrieNode* node, EditTag only, FreeRow&& free_row, unsigned level = 0);

}  // namespace nexus::storage

#include "storage/trie_inline.h"
