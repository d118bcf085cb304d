// Workspace: one snapshot of the graph plus the private group versions of one transaction.
//
// Reads look into the private versions first and into the directory second. Writes make a
// private version of the group once and then change it in place; publish() hands all of them
// to the directory, discard() frees them. The same functions serve statements, the re-applied
// operations of explicit transactions, and recovery.
//
// Threads: one at a time; publish() in the writer slot only.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "storage/adjacency.h"
#include "storage/graph.h"
#include "storage/index_tree.h"

namespace nexus::storage {

// Private versions by group: a small open-addressing table.
class PrivateGroups {
 public:
  struct Entry {
    GroupId key = 0;  // Group + 1; 0 is free.
    GroupVersion* version = nullptr;
  };

  bool empty() const { return count_ == 0; }
  GroupVersion* find(GroupId group) const;
  void add(GroupId group, GroupVersion* version);  // Requires: not there.
  void clear();
  template <class Visit>
  void each(Visit&& visit) const {
    for (const Entry& entry : entries_) {
      if (entry.key != 0) visit(entry.key - 1, entry.version);
    }
  }

 private:
  std::vector<Entry> entries_;
  std::size_t count_ = 0;
};

class Workspace {
 public:
  // Reads what `version` shows; the caller keeps it pinned for our lifetime.
  Workspace(Graph& graph, const DatabaseVersion* version);
  ~Workspace() { discard(); }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  // Before the first write.
  void enable_writes();
  bool has_writes() const { return has_data_writes() || has_schema_changes(); }
  bool has_data_writes() const { return !nodes_.empty() || !relationships_.empty(); }
  bool has_schema_changes() const { return schema_has_changed_; }
  Timestamp snapshot() const { return snapshot_; }

  const NodeRow* node(NodeId node) const {
    const GroupVersion* group = find(graph_.nodes, nodes_, group_of(node));
    return group == nullptr ? nullptr : static_cast<const NodeRow*>(trie_find(group->rows, offset_of(node)));
  }
  const RelationshipRow* relationship(RelationshipId relationship) const {
    const GroupVersion* group = find(graph_.relationships, relationships_, group_of(relationship));
    return group == nullptr ? nullptr
                            : static_cast<const RelationshipRow*>(trie_find(group->rows, offset_of(relationship)));
  }
  // As the snapshot has it, own writes left out: for conflicts.
  const NodeRow* node_before(NodeId node) const;
  const RelationshipRow* relationship_before(RelationshipId relationship) const;

  std::size_t scan_nodes(ScanPosition& position, std::span<NodeId> out) const;
  std::size_t scan_label(TokenId label, ScanPosition& position, std::span<NodeId> out) const;
  std::size_t scan_relationships(ScanPosition& position, std::span<RelationshipId> out) const;

  std::uint64_t node_count() const { return counts_.nodes + static_cast<std::uint64_t>(node_delta_); }
  std::uint64_t relationship_count() const {
    return counts_.relationships + static_cast<std::uint64_t>(relationship_delta_);
  }
  std::uint64_t node_count(TokenId label) const { return count(counts_.by_label.get(), label_deltas_, label); }
  std::uint64_t relationship_count(TokenId type) const { return count(counts_.by_type.get(), type_deltas_, type); }

  // Writes. Properties: sorted, unique, storable. Errors: MemoryLimit; EntityNotFound for
  // something missing; Corruption for an id that is taken.
  Result<> create_node(NodeId node, const LabelSet* labels, std::span<const Property> properties);
  Result<> create_relationship(RelationshipId relationship, const RelationshipRecord& record,
                               std::span<const Property> properties);
  Result<> delete_node(NodeId node);
  Result<> delete_relationship(RelationshipId relationship);
  // False when nothing was to be done.
  Result<bool> add_label(NodeId node, TokenId label);
  Result<bool> remove_label(NodeId node, TokenId label);
  Result<bool> set_node_property(NodeId node, TokenId key, Value value);
  Result<bool> set_relationship_property(RelationshipId relationship, TokenId key, Value value);

  // Indexes and constraints. define_rule() fills the new index from what is here and refuses a
  // constraint that is violated (ConstraintCreationFailed), a taken id or name (TransactionConflict).
  const Schema& schema() const { return *schema_; }
  Result<> define_rule(SchemaRule rule);
  Result<> drop_rule(RuleId rule);
  // For recovery: writes leave the indexes alone until build_indexes().
  void defer_indexes() { maintains_indexes_ = false; }
  Result<> build_indexes();
  // The entities of a range in the order of keys, from `position` on, which goes on behind the last.
  std::size_t scan_index_keys(RuleId rule, IndexKey& position, std::span<IndexKey> out) const;
  std::size_t scan_index(RuleId rule, const IndexRange& range, IndexKey& position,
                         std::span<std::uint64_t> out) const;
  std::uint64_t index_count(RuleId rule) const;
  std::shared_ptr<const VectorCenter> vector_center(RuleId rule) const;
  // Before prepare_publish().
  void center_indexes();
  // What was written since the last check obeys every rule: UNIQUE and the uniqueness of KEY, and,
  // at the end of the transaction, presence and types as well.
  Result<> check_constraints(bool at_end);

  // The end of the writes, in the writer slot. prepare() may fail and changes nothing visible.
  Result<> prepare_publish();
  void publish(Timestamp timestamp);
  void discard();
  // No group that was written has changed since the snapshot.
  bool is_current() const;

 private:
  using Deltas = std::vector<std::int64_t>;

  const GroupVersion* find(const GroupDirectory& directory, const PrivateGroups& own, GroupId group) const {
    if (!own.empty()) {
      if (const GroupVersion* version = own.find(group)) return version;
    }
    return find_before(directory, group);
  }
  const GroupVersion* find_before(const GroupDirectory& directory, GroupId group) const {
    const GroupVersion* version = directory.head(group);
    while (version != nullptr && version->timestamp > snapshot_) version = version->previous;
    return version;
  }
  // workspace_index.cc. An entity's index entries come and go with what they were made from.
  IndexRoot* root_of(RuleId rule);
  const IndexRoot* root_of(RuleId rule) const;
  std::uint64_t index_bytes_max(EntityKind entity, TokenId token) const;
  std::uint64_t index_bytes_max(const LabelSet& labels) const;
  void put_entry(const SchemaRule& rule, std::uint64_t id, std::span<const Property> properties, bool adds);
  // All rules of one label or type; with a key, only those that read it.
  void index_entity(EntityKind entity, TokenId token, std::uint64_t id, std::span<const Property> properties,
                    bool adds, const TokenId* key = nullptr);
  void index_node(NodeId node, const LabelSet& labels, std::span<const Property> properties, bool adds,
                  const TokenId* key = nullptr);
  void note_constrained(EntityKind entity, std::uint64_t id);
  template <class Visit>
  Result<> each_about(const SchemaRule& rule, Visit&& visit) const;
  Result<> build_index(const SchemaRule& rule);
  Result<> build_tree(const SchemaRule& rule, IndexRoot& root);
  Result<std::shared_ptr<const VectorCenter>> center_of(const SchemaRule& rule) const;
  void drop_index(RuleId rule);
  Result<> check_rule(const SchemaRule& rule, std::uint64_t id, bool uniqueness, bool presence) const;
  Result<> check_unique(const SchemaRule& rule, std::uint64_t id, std::span<const Property> properties) const;
  Error violation(ErrorCode code, const SchemaRule& rule, std::uint64_t id, std::span<const Property> properties) const;
  const Value* value_of(EntityKind entity, std::uint64_t id, TokenId key) const;
  SchemaState schema_to_publish() const;
  bool is_schema_current() const;
  void discard_schema(EditTag tag);
  void forget_written();

  GroupVersion& own_group(const GroupDirectory& directory, PrivateGroups& own, GroupId group);
  NodeRow* edit_node(NodeId node);  // Requires: it is there.
  Result<bool> replace_labels(NodeId node, std::vector<TokenId> labels);
  void count_labels(GroupVersion& group, const LabelSet* labels, int step);
  GroupId group_end(const GroupDirectory& directory, const PrivateGroups& own) const;
  template <class Keep>
  std::size_t scan(const GroupDirectory& directory, const PrivateGroups& own, ScanPosition& position,
                   std::span<std::uint64_t> out, Keep&& keep) const;

  static std::uint64_t count(const CountsById* counts, const Deltas& deltas, std::size_t token) {
    const std::uint64_t base = counts != nullptr && token < counts->size() ? (*counts)[token] : 0;
    return base + static_cast<std::uint64_t>(token < deltas.size() ? deltas[token] : 0);
  }
  static void step(Deltas& deltas, std::size_t token, int by) {
    if (token >= deltas.size()) deltas.resize(token + 1);
    deltas[token] += by;
  }

  Graph& graph_;
  Timestamp snapshot_;
  Counts counts_;  // Of the snapshot; own changes are in the deltas.
  std::int64_t node_delta_ = 0;
  std::int64_t relationship_delta_ = 0;
  Deltas label_deltas_;
  Deltas type_deltas_;
  std::optional<Edit> edit_;
  PrivateGroups nodes_;
  PrivateGroups relationships_;
  SchemaState base_schema_;  // Of the snapshot.
  std::shared_ptr<const Schema> schema_;
  std::vector<IndexRoot> roots_;  // Filled by the first change; until then base_schema_'s.
  bool has_own_roots_ = false;
  bool schema_has_changed_ = false;
  bool maintains_indexes_ = true;
  // Constrained entities that were written, by kind, and how many of them are known to be unique.
  struct Written {
    std::vector<std::uint64_t> ids;
    std::size_t checked = 0;
  };
  Written written_[2];
};

}  // namespace nexus::storage
