// The relationships of one node: per (type, direction) a run of (other node, relationship),
// sorted, held in a copy-on-write B+tree. See objects.h for ownership.
//
// Why a tree and not an append buffer: a hub then costs O(log n) to add to and to take from,
// whether the transaction is the first or the thousandth, and "is a joined to b" is a search.
// Cost: a change copies one leaf of ≤ 1 KiB and its path once per transaction; runs that grow at
// their end (the usual case: new nodes have the highest ids) fill their leaves completely.
#pragma once

#include <span>
#include <vector>

#include "storage/objects.h"
#include "storage/tree.h"

namespace nexus::storage {

struct RunKey {
  NodeId node;
  RelationshipId relationship;
  friend bool operator<(const RunKey& a, const RunKey& b) {
    return a.node != b.node ? a.node < b.node : a.relationship < b.relationship;
  }
  friend bool operator==(const RunKey& a, const RunKey& b) {
    return a.node == b.node && a.relationship == b.relationship;
  }
};

using RunNode = TreeNode;
using RunChild = TreeChild<RunKey>;
template <>
struct TreeShape<RunKey> {
  static constexpr std::uint32_t kLeafMax = 64;
  static constexpr std::uint32_t kInnerMax = 32;
  static constexpr ObjectKind kLeaf = ObjectKind::RunLeaf;
  static constexpr ObjectKind kInner = ObjectKind::RunInner;
};

struct Run {
  TokenId type;
  Direction direction;  // Never Both.
  std::uint8_t height;  // 0: the root is a leaf.
  std::uint64_t count;
  RunNode* root;
};

// Followed by `capacity` runs, `count` used, sorted by (type, direction), none of them empty.
struct Adjacency : Object {
  std::uint32_t count;
  std::uint32_t capacity;
};

void free_adjacency(Memory& memory, Adjacency* adjacency);
// With everything below; with a tag, only what carries it.
void free_adjacency_deep(Memory& memory, Adjacency* adjacency, EditTag only);

// Bytes that one insert() or erase() may allocate, about.
std::uint64_t adjacency_insert_bytes_max(const Adjacency* adjacency);

// Requires: the key is not there (insert) or is there (erase). erase() of the last one leaves nullptr.
void adjacency_insert(Edit& edit, Adjacency*& adjacency, TokenId type, Direction direction, RunKey key);
void adjacency_erase(Edit& edit, Adjacency*& adjacency, TokenId type, Direction direction, RunKey key);

// The questions of Transaction::expand and its relatives, about node `self`.
void adjacency_expand(const Adjacency& adjacency, NodeId self, Direction direction, std::span<const TokenId> types,
                      std::vector<Neighbor>& out);
void adjacency_expand_into(const Adjacency& adjacency, NodeId self, Direction direction,
                           std::span<const TokenId> types, NodeId other, std::vector<Neighbor>& out);
std::uint64_t adjacency_degree(const Adjacency& adjacency, NodeId self, Direction direction,
                               std::span<const TokenId> types);

}  // namespace nexus::storage
