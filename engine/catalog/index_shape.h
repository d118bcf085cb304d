// What a planner knows of a database's indexes: names, no numbers.
#pragma once

#include <string>
#include <vector>

#include "storage/transaction.h"

namespace nexus::catalog {

struct IndexShape {
  storage::EntityKind entity = storage::EntityKind::Node;
  std::string label;              // Or type.
  std::vector<std::string> keys;
  bool is_unique = false;
};

// Every index that can be sought in, in the order of their making.
std::vector<IndexShape> index_shapes(const storage::Transaction& transaction);

}  // namespace nexus::catalog
