// The trees of property indexes.
#pragma once

#include "storage/index_key.h"
#include "storage/schema.h"

namespace nexus::storage {

template <>
struct TreeShape<IndexKey> {
  static constexpr std::uint32_t kLeafMax = 48;
  static constexpr std::uint32_t kInnerMax = 32;
  static constexpr ObjectKind kLeaf = ObjectKind::IndexLeaf;
  static constexpr ObjectKind kInner = ObjectKind::IndexInner;
};

// All of a tree is no longer part of the edit's state.
inline void index_drop(Edit& edit, TreeNode* node, unsigned height) {
  if (node == nullptr) return;
  for (std::uint32_t i = 0; height != 0 && i < node->count; ++i) {
    index_drop(edit, tree_children<IndexKey>(*node)[i].node, height - 1);
  }
  edit.drop(height == 0 ? ObjectKind::IndexLeaf : ObjectKind::IndexInner, node);
}

}  // namespace nexus::storage
