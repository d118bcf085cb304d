#include "storage/graph.h"

#include "storage/adjacency.h"
#include "storage/index_tree.h"

namespace nexus::storage {

Graph::~Graph() {
  for (GroupId group = 0; group < nodes.size(); ++group) free_node_group(memory, nodes.head(group), 0);
  for (GroupId group = 0; group < relationships.size(); ++group) {
    free_relationship_group(memory, relationships.head(group), 0);
  }
  for (const IndexRoot& index : *versions.head_schema().roots) {
    tree_free<IndexKey>(memory, index.root, index.height, 0);
  }
}

void free_node_group(Memory& memory, GroupVersion* group, EditTag only) {
  if (group == nullptr) return;
  trie_free(memory, group->rows, only, [&](Object* object) {
    auto* row = static_cast<NodeRow*>(object);
    if (only != 0 && row->tag != only) return;
    free_adjacency_deep(memory, row->adjacency, only);
    free_object(memory, ObjectKind::NodeRow, row);
  });
  free_group(memory, group);
}

void free_relationship_group(Memory& memory, GroupVersion* group, EditTag only) {
  if (group == nullptr) return;
  trie_free(memory, group->rows, only, [&](Object* row) {
    if (only == 0 || row->tag == only) free_object(memory, ObjectKind::RelationshipRow, row);
  });
  free_group(memory, group);
}

}  // namespace nexus::storage
