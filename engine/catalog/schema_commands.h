// The schema commands: CREATE and DROP of indexes and constraints, by name.
//
// Each answers whether anything has changed: IF NOT EXISTS and IF EXISTS may leave it as it is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/transaction.h"

namespace nexus::catalog {

struct RuleRequest {
  storage::RuleKind kind = storage::RuleKind::RangeIndex;
  storage::EntityKind entity = storage::EntityKind::Node;
  std::string label;  // Or type.
  std::vector<std::string> properties;
  std::optional<std::string> name;  // Absent: one is made from the rest.
  bool if_not_exists = false;
  std::uint32_t types = 0;  // PropertyType only, see storage::SchemaRule.
  VectorType vector;
};

// IndexAlreadyExists, IndexNameTaken, ConstraintAlreadyExists, ConstraintConflict, ConstraintNameTaken,
// RepeatedSchemaToken, ConstraintCreationFailed, LimitExceeded, MemoryLimit.
Result<bool> create_rule(storage::Transaction& transaction, const RuleRequest& request);
// IndexNotFound, IndexBelongsToConstraint.
Result<bool> drop_index(storage::Transaction& transaction, std::string_view name, bool if_exists);
// ConstraintNotFound.
Result<bool> drop_constraint(storage::Transaction& transaction, std::string_view name, bool if_exists);

// "RANGE INDEX `i` FOR (n:`L`) ON (n.`a`, n.`b`)": the command that makes the rule, without CREATE.
std::string definition_text(const storage::Transaction& transaction, const storage::SchemaRule& rule);
// "`vector.dimensions`: 3, `vector.similarity_function`: 'COSINE'"
std::string vector_config_text(const storage::SchemaRule& rule);
// "INTEGER | STRING"
std::string types_text(const storage::SchemaRule& rule);

}  // namespace nexus::catalog
