// Graph: the transaction as one statement sees it: named, and aware of its own deletions.
//
// Invariant: an entity this statement has deleted is gone for patterns and for property and
// label access (DeletedEntityAccess), but its id and a relationship's type and ends stay known.
// Invariant: a node deleted while it has relationships is hidden at once and really removed
// by settle(), when the rest of the statement had its chance to delete those.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "exec/token.h"
#include "function/function.h"
#include "storage/transaction.h"

namespace nexus::exec {

class Graph final : public function::GraphView {
 public:
  Graph(storage::Transaction& transaction, std::string_view database_uuid)
      : transaction_(transaction), database_uuid_(database_uuid) {}

  Result<std::vector<std::string>> labels(std::uint64_t node) const override;
  Result<Map> node_properties(std::uint64_t node) const override;
  Result<Map> relationship_properties(std::uint64_t relationship) const override;
  Result<std::string> relationship_type(std::uint64_t relationship) const override;
  Result<Ends> relationship_ends(std::uint64_t relationship) const override;
  std::string node_element_id(std::uint64_t node) const override;
  std::string relationship_element_id(std::uint64_t relationship) const override;
  std::optional<std::uint64_t> node_of_element_id(std::string_view text) const override;
  std::optional<std::uint64_t> relationship_of_element_id(std::string_view text) const override;

  // Reads of the store so far, for PROFILE.
  std::uint64_t reads() const { return reads_; }
  void count_reads(std::uint64_t reads) const { reads_ += reads; }

  storage::Transaction& transaction() const { return transaction_; }
  bool is_node(std::uint64_t node) const { return transaction_.has_node(node) && !is_hidden(node); }
  bool is_relationship(std::uint64_t relationship) const { return transaction_.has_relationship(relationship); }
  bool is_hidden(std::uint64_t node) const { return !unsettled_.empty() && unsettled_.count(node) != 0; }
  // Also of a relationship this statement has deleted.
  std::optional<storage::RelationshipRecord> record(std::uint64_t relationship) const;

  // Null when the entity has no such property.
  Result<Value> property(const Value& entity, Token& key) const;
  Result<Value> property(const Value& entity, std::string_view key) const;
  Result<Map> properties(const Value& entity) const;
  Result<bool> has_label(std::uint64_t node, Token& label) const;

  // Each answers false when the entity was deleted before.
  Result<bool> delete_relationship(std::uint64_t relationship);
  Result<bool> delete_node(std::uint64_t node);
  // The end of the statement: DeleteConnectedNode when a deleted node still has relationships.
  Result<> settle();

  Error deleted(const Value& entity) const;

 private:
  static Result<Value> carried_property(const Value& entity, std::string_view key);
  Result<Value> property_of(const Value& entity, std::optional<storage::TokenId> key) const;
  Map named(std::span<const storage::Property> properties) const;
  std::optional<std::uint64_t> parse_element_id(std::string_view text, char kind) const;

  storage::Transaction& transaction_;
  mutable std::uint64_t reads_ = 0;
  std::string database_uuid_;
  std::unordered_set<std::uint64_t> unsettled_;
  std::unordered_map<std::uint64_t, storage::RelationshipRecord> deleted_relationships_;
};

}  // namespace nexus::exec
