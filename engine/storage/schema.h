// Schema: the rules of one database: its indexes and constraints. Immutable; every change makes a
// new one, and a snapshot keeps the one it began with.
//
// A rule is about the nodes with one label or the relationships of one type. Range indexes, UNIQUE
// and KEY keep a tree of index keys: an entity is in it when it has the rule's first property. So do vector
// indexes: an entity is in it when the property is a vector that the rule is about (storage/vector_key.h).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/ids.h"
#include "storage/tree.h"
#include "value/vector.h"

namespace nexus::storage {

enum class EntityKind : std::uint8_t { Node, Relationship };
// The numbers are those of docs/format/log.md.
enum class RuleKind : std::uint8_t { RangeIndex, Unique, Key, Exists, PropertyType, VectorIndex };
constexpr std::uint8_t kRuleKindLast = static_cast<std::uint8_t>(RuleKind::VectorIndex);
constexpr std::size_t kRuleKeysMax = 32;
constexpr std::size_t kRulesMax = 1024;

using RuleId = std::uint32_t;

struct SchemaRule {
  RuleId id = 0;
  RuleKind kind = RuleKind::RangeIndex;
  EntityKind entity = EntityKind::Node;
  TokenId token = 0;           // Label or type.
  std::vector<TokenId> keys;   // Not empty, no key twice.
  std::string name;            // Unique in its database.
  std::uint32_t types = 0;     // PropertyType: bit n stands for the nexus::Type number n. VectorIndex: VECTOR's, kEuclidean.
  VectorType vector;           // Which vectors, when `types` has VECTOR.
  std::uint64_t shape_hash = 0;  // Of entity, names of token and keys, and is_unique(): what a plan depends on.

  static constexpr std::uint32_t kEuclidean = 1;  // The similarity of a vector index; without it the cosine.
  static constexpr std::uint32_t kVectors = std::uint32_t{1} << static_cast<unsigned>(Type::Vector);

  bool has_tree() const { return is_range() || kind == RuleKind::VectorIndex; }
  bool is_range() const { return kind == RuleKind::RangeIndex || is_unique(); }  // Its values can be sought.
  bool is_unique() const { return kind == RuleKind::Unique || kind == RuleKind::Key; }
  bool is_constraint() const { return kind != RuleKind::RangeIndex && kind != RuleKind::VectorIndex; }
  bool is_euclidean() const { return (types & kEuclidean) != 0; }
  bool has_vector() const { return (types >> static_cast<unsigned>(Type::Vector) & 1) != 0; }
  bool needs_presence() const { return kind == RuleKind::Exists || kind == RuleKind::Key; }
};

class Schema {
 public:
  std::span<const SchemaRule> rules() const { return rules_; }  // By id.
  const SchemaRule* find(RuleId id) const;
  const SchemaRule* find(std::string_view name) const;
  // The positions in rules() of the rules about one label or type.
  std::span<const std::uint32_t> about(EntityKind entity, TokenId token) const;
  // The tree of values that has exactly these keys; nullptr when there is none.
  const SchemaRule* index_on(EntityKind entity, TokenId token, std::span<const TokenId> keys) const;
  RuleId next_id() const { return rules_.empty() ? 0 : rules_.back().id + 1; }
  // What plans depend on; 0 when there is nothing to seek in.
  std::uint64_t fingerprint() const { return fingerprint_; }

  std::shared_ptr<const Schema> with(SchemaRule rule) const;  // Requires: the id is free.
  std::shared_ptr<const Schema> without(RuleId id) const;

 private:
  static std::shared_ptr<const Schema> made_of(std::vector<SchemaRule> rules);

  std::vector<SchemaRule> rules_;
  std::vector<std::vector<std::uint32_t>> by_label_;  // By token.
  std::vector<std::vector<std::uint32_t>> by_type_;
  std::uint64_t fingerprint_ = 0;
};

// Where the vectors of an index point to, all in all: their bits are of what sets them apart from it.
struct VectorCenter {
  std::vector<float> direction;  // The mean of vectors of length 1.
  std::uint64_t count = 0;       // Of how many.
};

// The contents of one rule's index in one version of the graph.
struct IndexRoot {
  RuleId rule = 0;
  TreeNode* root = nullptr;
  std::uint8_t height = 0;
  bool is_changed = false;  // Since the snapshot, by the workspace that holds this.
  std::uint64_t count = 0;
  std::shared_ptr<const VectorCenter> center = nullptr;  // Of a vector index with enough vectors; the keys are made with it.
};

// Shared by all versions until it changes.
struct SchemaState {
  std::shared_ptr<const Schema> schema = std::make_shared<const Schema>();
  std::shared_ptr<const std::vector<IndexRoot>> roots = std::make_shared<const std::vector<IndexRoot>>();
};

}  // namespace nexus::storage
