// Graph: what all transactions of one store share.
#pragma once

#include <atomic>

#include "storage/group.h"
#include "storage/id_allocator.h"
#include "storage/label_sets.h"
#include "storage/tokens.h"
#include "storage/versions.h"

namespace nexus::storage {

struct Graph {
  explicit Graph(MemoryBudget* budget) : memory(budget) {}
  ~Graph();  // Frees the newest version of every group. Requires: no transaction is open.
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  Tokens& tokens(TokenKind kind) {
    return kind == TokenKind::Label ? labels : kind == TokenKind::Type ? types : keys;
  }

  Memory memory;
  Tokens labels{memory};
  Tokens types{memory};
  Tokens keys{memory};
  LabelSets label_sets{memory};
  IdAllocator ids;
  GroupDirectory nodes{memory};
  GroupDirectory relationships{memory};
  Versions versions{memory};
  std::atomic<EditTag> last_tag{0};
};

// Frees a group version with everything below it; with a tag, only what carries it.
void free_node_group(Memory& memory, GroupVersion* group, EditTag only);
void free_relationship_group(Memory& memory, GroupVersion* group, EditTag only);

}  // namespace nexus::storage
