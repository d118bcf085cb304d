// Transaction: what one statement, or one explicit transaction, sees and changes.
//
// Snapshot isolation. A transaction reads the state of one commit (its snapshot) plus its own
// writes; nothing that others commit meanwhile shows. Three kinds, by how they were begun:
//
//   begin_read      never writes.
//   begin_write     holds the database's writer slot and runs on the newest commit, so it is
//                   serializable with other writers and its commit never conflicts.
//   begin_explicit  writes into private versions on its snapshot; commit() takes the slot and
//                   checks that nobody committed a change to the same labels, properties or
//                   deletions first (first committer wins). Adding relationships to the same
//                   node never conflicts. TransactionConflict: retry from the beginning.
//
// A write that fails leaves its transaction as it was before that write, except that after
// MemoryLimit or LimitExceeded the only sensible end is rollback().
//
// Invariant: a deleted node has no relationships, so a Neighbor is always alive.
// Threads: one thread at a time. Different transactions run concurrently; readers take no lock.
// A transaction must end before its Store closes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/ids.h"
#include "storage/index_key.h"
#include "storage/schema.h"

namespace nexus::storage {

class Store;
class Workspace;

struct CommitReceipt {
  Timestamp timestamp = 0;
  // False only when the host's storage is asynchronous: then `ticket` says when (see nexus/vfs.h)
  // and readers do not see the commit before that. (Always true under SyncMode::Async.)
  bool is_durable = true;
  std::uint64_t ticket = 0;
};

class Transaction {
 public:
  ~Transaction();  // Rolls back what was not committed.
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Reads of what is not there answer false, Null, empty. Cost: O(1), some 50 ns, no locks.
  // Spans and views are valid until this transaction's next write or its end.
  bool has_node(NodeId node) const;
  bool has_relationship(RelationshipId relationship) const;
  std::span<const TokenId> labels(NodeId node) const;  // Sorted.
  bool has_label(NodeId node, TokenId label) const;
  std::span<const Property> node_properties(NodeId node) const;  // Sorted by key.
  Value node_property(NodeId node, TokenId key) const;
  std::span<const Property> relationship_properties(RelationshipId relationship) const;
  Value relationship_property(RelationshipId relationship, TokenId key) const;
  std::optional<RelationshipRecord> relationship(RelationshipId relationship) const;

  // Appends the neighbours, by type, then by the other node's id; a self-loop appears once
  // under Both. Empty `types` means any type.
  void expand(NodeId node, Direction direction, std::span<const TokenId> types, std::vector<Neighbor>& out) const;
  // The same, restricted to one other end. Cost: O(log degree) plus the result.
  void expand_into(NodeId node, Direction direction, std::span<const TokenId> types, NodeId other,
                   std::vector<Neighbor>& out) const;
  // What expand() would append. Cost: O(types), plus O(log degree) under Both.
  std::uint64_t degree(NodeId node, Direction direction, std::span<const TokenId> types) const;

  // Fill `out` in the order of ids and return the count; 0 is the end.
  std::size_t scan_nodes(ScanPosition& position, std::span<NodeId> out) const;
  std::size_t scan_label(TokenId label, ScanPosition& position, std::span<NodeId> out) const;
  std::size_t scan_relationships(ScanPosition& position, std::span<RelationshipId> out) const;

  // Exact, own writes included. Cost: O(1).
  std::uint64_t node_count() const;
  std::uint64_t node_count(TokenId label) const;
  std::uint64_t relationship_count() const;
  std::uint64_t relationship_count(TokenId type) const;

  // Names. They belong to the database, not to the snapshot: once interned, a name keeps its
  // id even when the transaction that brought it rolls back.
  std::optional<TokenId> find_token(TokenKind kind, std::string_view name) const;
  std::string_view token_name(TokenKind kind, TokenId token) const;  // Requires: token < token_count(kind).
  std::size_t token_count(TokenKind kind) const;

  // Writes. WriteInReadAccess on a read transaction; EntityNotFound for an id that is not
  // there; InvalidPropertyType for a value that cannot be stored. Properties come in any
  // order; of equal keys the last wins; a Null removes (or is not stored).
  Result<TokenId> intern(TokenKind kind, std::string_view name);
  // From now on intern() of a name that is not known yet is Forbidden.
  void forbid_new_names(TokenKind kind);
  Result<NodeId> create_node(std::span<const TokenId> labels, std::vector<Property> properties);
  Result<RelationshipId> create_relationship(TokenId type, NodeId start, NodeId end, std::vector<Property> properties);
  Result<> delete_relationship(RelationshipId relationship);
  Result<> delete_node(NodeId node);  // DeleteConnectedNode while it has relationships.
  Result<> add_label(NodeId node, TokenId label);
  Result<> remove_label(NodeId node, TokenId label);
  Result<> set_node_property(NodeId node, TokenId key, Value value);
  Result<> set_relationship_property(RelationshipId relationship, TokenId key, Value value);
  bool has_writes() const;
  // About what commit() will append to the log, and whether it does more than remove. Without a log: 0, false.
  std::uint64_t log_bytes() const;
  bool adds() const;
  // Lets others write, or the store be compacted, between the last write and commit(). When another transaction
  // then commits first, a commit() of a transaction of begin_write() answers TransactionConflict.
  void yield_slot();

  // Indexes and constraints (storage/schema.h). A rule's id and shape_hash are given here;
  // ConstraintCreationFailed when what is there violates it.
  const Schema& schema() const;
  Result<RuleId> define_rule(SchemaRule rule);
  Result<> drop_rule(RuleId rule);
  bool has_data_writes() const;
  bool has_schema_changes() const;
  // Candidates from an index, in the order of keys: position starts as range.first; 0 is the end.
  std::shared_ptr<const VectorCenter> vector_center(RuleId rule) const;  // Null: the keys have none.
  // All keys of the rule's tree from `position` on, which begins as IndexKey{} and moves along.
  std::size_t scan_index_keys(RuleId rule, IndexKey& position, std::span<IndexKey> out) const;
  std::size_t scan_index(RuleId rule, const IndexRange& range, IndexKey& position, std::span<std::uint64_t> out) const;
  std::uint64_t index_count(RuleId rule) const;
  // What was written so far is unique where it must be: UniquenessViolation. commit() checks
  // that again, and presence and types: PresenceViolation, PropertyTypeViolation.
  Result<> check_uniqueness();

  // The end, in either form; afterwards only the destructor may be called. commit() returns
  // when the commit is durable (SyncMode::Commit). Errors: TransactionConflict, nothing
  // happened; CommitOutcomeUnknown, the disk failed and only reopening tells; DatabaseFailed,
  // it failed before; MemoryLimit.
  Result<CommitReceipt> commit();
  void rollback();

  Timestamp snapshot() const;

 private:
  friend class Store;
  struct Parts;
  Transaction(Store& store, std::unique_ptr<Parts> parts);
  Result<Timestamp> publish();

  Store* store_;
  std::unique_ptr<Parts> parts_;
  const Workspace* view_;  // parts_'s workspace: reads go straight to it.
};

}  // namespace nexus::storage
