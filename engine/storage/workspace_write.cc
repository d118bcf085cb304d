// The writing half of Workspace: every change of a group, a row or a count goes through here.
#include <algorithm>

#include "storage/workspace.h"

namespace nexus::storage {
namespace {

// What the copies of one changed path may take: group, trie nodes, row header.
constexpr std::uint64_t kPathBytes = 2048;

std::uint64_t bytes_of(std::span<const Property> properties) {
  std::uint64_t bytes = 0;
  for (const Property& property : properties) bytes += sizeof(Property) + property.value.heap_bytes();
  return bytes;
}

Error missing(const char* what, std::uint64_t id) {
  return Error{ErrorCode::EntityNotFound, std::string("there is no ") + what + " with id " + std::to_string(id)};
}

}  // namespace

GroupVersion& Workspace::own_group(const GroupDirectory& directory, PrivateGroups& own, GroupId group) {
  GroupVersion* version = own.find(group);
  if (version == nullptr) {
    version = make_group(*edit_, const_cast<GroupVersion*>(find_before(directory, group)));
    own.add(group, version);
  }
  return *version;
}

void Workspace::count_labels(GroupVersion& group, const LabelSet* labels, int by) {
  for (const TokenId label : labels->labels()) {
    step(label_deltas_, label, by);
    if (by > 0) {
      group_label_added(*edit_, group, label);
    } else {
      group_label_removed(group, label);
    }
  }
}

Result<> Workspace::create_node(NodeId node, const LabelSet* labels, std::span<const Property> properties) {
  NX_TRY_DO(graph_.memory.reserve(kPathBytes + bytes_of(properties) + 2 * labels->count * sizeof(LabelCount) +
                                  index_bytes_max(*labels)));
  if (this->node(node) != nullptr) {
    return Error{ErrorCode::Corruption, "the node id " + std::to_string(node) + " is given twice"};
  }
  GroupVersion& group = own_group(graph_.nodes, nodes_, group_of(node));
  NodeRow* row = make_node_row(*edit_, properties);
  row->stamp = edit_->tag();
  row->labels = labels;
  *trie_edit(*edit_, group.rows, offset_of(node)) = row;
  ++group.row_count;
  ++node_delta_;
  count_labels(group, labels, 1);
  index_node(node, *labels, properties_of(*row), true);
  return Done{};
}

NodeRow* Workspace::edit_node(NodeId node) {
  GroupVersion& group = own_group(graph_.nodes, nodes_, group_of(node));
  Object** place = trie_edit(*edit_, group.rows, offset_of(node));
  auto* row = writable(*edit_, static_cast<NodeRow*>(*place));
  *place = row;
  return row;
}

Result<> Workspace::create_relationship(RelationshipId relationship, const RelationshipRecord& record,
                                        std::span<const Property> properties) {
  const NodeRow* start = node(record.start);
  const NodeRow* end = node(record.end);
  if (start == nullptr) return missing("node", record.start);
  if (end == nullptr) return missing("node", record.end);
  if (this->relationship(relationship) != nullptr) {
    return Error{ErrorCode::Corruption, "the relationship id " + std::to_string(relationship) + " is given twice"};
  }
  NX_TRY_DO(graph_.memory.reserve(3 * kPathBytes + bytes_of(properties) + bytes_of(properties_of(*start)) +
                                  bytes_of(properties_of(*end)) + adjacency_insert_bytes_max(start->adjacency) +
                                  adjacency_insert_bytes_max(end->adjacency) +
                                  index_bytes_max(EntityKind::Relationship, record.type)));
  GroupVersion& group = own_group(graph_.relationships, relationships_, group_of(relationship));
  RelationshipRow* row = make_relationship_row(*edit_, properties);
  row->start = record.start;
  row->end = record.end;
  row->type = record.type;
  *trie_edit(*edit_, group.rows, offset_of(relationship)) = row;
  ++group.row_count;
  ++relationship_delta_;
  step(type_deltas_, record.type, 1);
  index_entity(EntityKind::Relationship, record.type, relationship, properties_of(*row), true);
  adjacency_insert(*edit_, edit_node(record.start)->adjacency, record.type, Direction::Outgoing,
                   {record.end, relationship});
  adjacency_insert(*edit_, edit_node(record.end)->adjacency, record.type, Direction::Incoming,
                   {record.start, relationship});
  return Done{};
}

Result<> Workspace::delete_node(NodeId node) {
  const NodeRow* row = this->node(node);
  if (row == nullptr) return missing("node", node);
  if (row->adjacency != nullptr) {
    return Error{ErrorCode::DeleteConnectedNode,
                 "node " + std::to_string(node) + " still has relationships; delete those first or use DETACH DELETE"};
  }
  NX_TRY_DO(graph_.memory.reserve(kPathBytes + index_bytes_max(*row->labels)));
  index_node(node, *row->labels, properties_of(*row), false);
  GroupVersion& group = own_group(graph_.nodes, nodes_, group_of(node));
  count_labels(group, row->labels, -1);
  trie_erase(*edit_, group.rows, offset_of(node));
  edit_->drop(ObjectKind::NodeRow, const_cast<NodeRow*>(row));
  --group.row_count;
  --node_delta_;
  return Done{};
}

Result<> Workspace::delete_relationship(RelationshipId relationship) {
  const RelationshipRow* row = this->relationship(relationship);
  if (row == nullptr) return missing("relationship", relationship);
  const NodeRow* start = node(row->start);
  const NodeRow* end = node(row->end);
  NX_CHECK(start != nullptr && end != nullptr);
  NX_TRY_DO(graph_.memory.reserve(3 * kPathBytes + bytes_of(properties_of(*start)) + bytes_of(properties_of(*end)) +
                                  adjacency_insert_bytes_max(start->adjacency) +
                                  adjacency_insert_bytes_max(end->adjacency) +
                                  index_bytes_max(EntityKind::Relationship, row->type)));
  index_entity(EntityKind::Relationship, row->type, relationship, properties_of(*row), false);
  adjacency_erase(*edit_, edit_node(row->start)->adjacency, row->type, Direction::Outgoing, {row->end, relationship});
  adjacency_erase(*edit_, edit_node(row->end)->adjacency, row->type, Direction::Incoming, {row->start, relationship});
  step(type_deltas_, row->type, -1);
  GroupVersion& group = own_group(graph_.relationships, relationships_, group_of(relationship));
  trie_erase(*edit_, group.rows, offset_of(relationship));
  edit_->drop(ObjectKind::RelationshipRow, const_cast<RelationshipRow*>(row));
  --group.row_count;
  --relationship_delta_;
  return Done{};
}

Result<bool> Workspace::replace_labels(NodeId node, std::vector<TokenId> labels) {
  NX_TRY(const LabelSet* set, graph_.label_sets.intern(labels));
  NX_TRY_DO(graph_.memory.reserve(kPathBytes + bytes_of(properties_of(*this->node(node))) +
                                  2 * labels.size() * sizeof(LabelCount) + index_bytes_max(*set) +
                                  index_bytes_max(*this->node(node)->labels)));
  NodeRow* row = edit_node(node);
  for (const TokenId label : row->labels->labels()) {
    if (!set->has(label)) index_entity(EntityKind::Node, label, node, properties_of(*row), false);
  }
  for (const TokenId label : set->labels()) {
    if (!row->labels->has(label)) index_entity(EntityKind::Node, label, node, properties_of(*row), true);
  }
  GroupVersion& group = own_group(graph_.nodes, nodes_, group_of(node));
  count_labels(group, row->labels, -1);
  count_labels(group, set, 1);
  row->labels = set;
  row->stamp = edit_->tag();
  return true;
}

Result<bool> Workspace::add_label(NodeId node, TokenId label) {
  const NodeRow* row = this->node(node);
  if (row == nullptr) return missing("node", node);
  if (row->labels->has(label)) return false;
  std::vector<TokenId> labels(row->labels->labels().begin(), row->labels->labels().end());
  labels.insert(std::upper_bound(labels.begin(), labels.end(), label), label);
  return replace_labels(node, std::move(labels));
}

Result<bool> Workspace::remove_label(NodeId node, TokenId label) {
  const NodeRow* row = this->node(node);
  if (row == nullptr) return missing("node", node);
  if (!row->labels->has(label)) return false;
  std::vector<TokenId> labels(row->labels->labels().begin(), row->labels->labels().end());
  labels.erase(std::find(labels.begin(), labels.end(), label));
  return replace_labels(node, std::move(labels));
}

Result<bool> Workspace::set_node_property(NodeId node, TokenId key, Value value) {
  const NodeRow* before = this->node(node);
  if (before == nullptr) return missing("node", node);
  if (value.is_null() && find_property(properties_of(*before), key) == nullptr) return false;
  NX_TRY_DO(graph_.memory.reserve(kPathBytes + bytes_of(properties_of(*before)) + value.heap_bytes() +
                                  2 * index_bytes_max(*before->labels)));
  index_node(node, *before->labels, properties_of(*before), false, &key);
  GroupVersion& group = own_group(graph_.nodes, nodes_, group_of(node));
  Object** place = trie_edit(*edit_, group.rows, offset_of(node));
  NodeRow* row = with_property(*edit_, static_cast<NodeRow*>(*place), key, std::move(value));
  row->stamp = edit_->tag();
  *place = row;
  index_node(node, *row->labels, properties_of(*row), true, &key);
  return true;
}

Result<bool> Workspace::set_relationship_property(RelationshipId relationship, TokenId key, Value value) {
  const RelationshipRow* before = this->relationship(relationship);
  if (before == nullptr) return missing("relationship", relationship);
  if (value.is_null() && find_property(properties_of(*before), key) == nullptr) return false;
  NX_TRY_DO(graph_.memory.reserve(kPathBytes + bytes_of(properties_of(*before)) + value.heap_bytes() +
                                  2 * index_bytes_max(EntityKind::Relationship, before->type)));
  index_entity(EntityKind::Relationship, before->type, relationship, properties_of(*before), false, &key);
  GroupVersion& group = own_group(graph_.relationships, relationships_, group_of(relationship));
  Object** place = trie_edit(*edit_, group.rows, offset_of(relationship));
  RelationshipRow* row = with_property(*edit_, static_cast<RelationshipRow*>(*place), key, std::move(value));
  *place = row;
  index_entity(EntityKind::Relationship, row->type, relationship, properties_of(*row), true, &key);
  return true;
}

}  // namespace nexus::storage
