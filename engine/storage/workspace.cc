#include "storage/workspace.h"

#include <algorithm>

#include "base/hash.h"

namespace nexus::storage {

GroupVersion* PrivateGroups::find(GroupId group) const {
  if (entries_.empty()) return nullptr;
  const std::size_t mask = entries_.size() - 1;
  for (std::size_t at = mix64(group) & mask;; at = (at + 1) & mask) {
    if (entries_[at].key == group + 1) return entries_[at].version;
    if (entries_[at].key == 0) return nullptr;
  }
}

void PrivateGroups::add(GroupId group, GroupVersion* version) {
  const auto put = [this](Entry entry) {
    const std::size_t mask = entries_.size() - 1;
    std::size_t at = mix64(entry.key - 1) & mask;
    while (entries_[at].key != 0) at = (at + 1) & mask;
    entries_[at] = entry;
  };
  if (2 * (count_ + 1) > entries_.size()) {
    std::vector<Entry> before(std::max<std::size_t>(8, 2 * entries_.size()));
    before.swap(entries_);
    for (const Entry& entry : before) {
      if (entry.key != 0) put(entry);
    }
  }
  put({group + 1, version});
  ++count_;
}

void PrivateGroups::clear() {
  entries_.clear();
  count_ = 0;
}

Workspace::Workspace(Graph& graph, const DatabaseVersion* version)
    : graph_(graph),
      snapshot_(version->timestamp),
      counts_(version->counts),
      base_schema_(version->schema),
      schema_(version->schema.schema) {}

void Workspace::enable_writes() {
  edit_.emplace(graph_.memory, graph_.last_tag.fetch_add(1, std::memory_order_relaxed) + 1);
}

const NodeRow* Workspace::node_before(NodeId node) const {
  const GroupVersion* group = find_before(graph_.nodes, group_of(node));
  return group == nullptr ? nullptr : static_cast<const NodeRow*>(trie_find(group->rows, offset_of(node)));
}

const RelationshipRow* Workspace::relationship_before(RelationshipId relationship) const {
  const GroupVersion* group = find_before(graph_.relationships, group_of(relationship));
  return group == nullptr
             ? nullptr
             : static_cast<const RelationshipRow*>(trie_find(group->rows, offset_of(relationship)));
}

GroupId Workspace::group_end(const GroupDirectory& directory, const PrivateGroups& own) const {
  GroupId end = directory.size();
  own.each([&](GroupId group, GroupVersion*) { end = std::max(end, group + 1); });
  return end;
}

// `keep(group)` answers a test for rows, or nothing when no row of the group can pass.
template <class Keep>
std::size_t Workspace::scan(const GroupDirectory& directory, const PrivateGroups& own, ScanPosition& position,
                            std::span<std::uint64_t> out, Keep&& keep) const {
  std::size_t filled = 0;
  const GroupId end = group_end(directory, own);
  while (filled < out.size() && group_of(position.next_id) < end) {
    const GroupId group = group_of(position.next_id);
    std::uint32_t offset = offset_of(position.next_id);
    const GroupVersion* version = find(directory, own, group);
    const LabelPresence presence = version == nullptr ? LabelPresence::None : keep.presence(*version);
    if (presence == LabelPresence::None) offset = kGroupRows;
    while (filled < out.size() && offset < kGroupRows) {
      const Object* row = trie_next(version->rows, offset);
      if (row == nullptr) {
        offset = kGroupRows;
        break;
      }
      if (presence == LabelPresence::All || keep.row(*row)) out[filled++] = (group << kOffsetBits) + offset;
      ++offset;
    }
    position.next_id = (group << kOffsetBits) + offset;
  }
  return filled;
}

namespace {
struct KeepAll {
  LabelPresence presence(const GroupVersion&) const { return LabelPresence::All; }
  bool row(const Object&) const { return true; }
};
struct KeepLabel {
  TokenId label;
  LabelPresence presence(const GroupVersion& group) const { return group_label_presence(group, label); }
  bool row(const Object& row) const { return static_cast<const NodeRow&>(row).labels->has(label); }
};
}  // namespace

std::size_t Workspace::scan_nodes(ScanPosition& position, std::span<NodeId> out) const {
  return scan(graph_.nodes, nodes_, position, out, KeepAll{});
}

std::size_t Workspace::scan_label(TokenId label, ScanPosition& position, std::span<NodeId> out) const {
  return scan(graph_.nodes, nodes_, position, out, KeepLabel{label});
}

std::size_t Workspace::scan_relationships(ScanPosition& position, std::span<RelationshipId> out) const {
  return scan(graph_.relationships, relationships_, position, out, KeepAll{});
}

bool Workspace::is_current() const {
  bool current = !has_writes() || is_schema_current();
  nodes_.each([&](GroupId group, GroupVersion* version) {
    current = current && graph_.nodes.head(group) == version->previous;
  });
  relationships_.each([&](GroupId group, GroupVersion* version) {
    current = current && graph_.relationships.head(group) == version->previous;
  });
  return current;
}

Result<> Workspace::prepare_publish() {
  const GroupId nodes_end = group_end(graph_.nodes, nodes_);
  const GroupId relationships_end = group_end(graph_.relationships, relationships_);
  if (nodes_end > graph_.nodes.size()) NX_TRY_DO(graph_.nodes.ensure(nodes_end - 1));
  if (relationships_end > graph_.relationships.size()) NX_TRY_DO(graph_.relationships.ensure(relationships_end - 1));
  return Done{};
}

void Workspace::publish(Timestamp timestamp) {
  const auto publish_groups = [&](GroupDirectory& directory, PrivateGroups& own) {
    own.each([&](GroupId group, GroupVersion* version) {
      version->timestamp = timestamp;
      if (version->previous != nullptr) edit_->retired().push_back({version->previous, ObjectKind::Group});
      directory.publish(group, version);
    });
    own.clear();
  };
  publish_groups(graph_.nodes, nodes_);
  publish_groups(graph_.relationships, relationships_);
  // Why the head's counts and not ours: an explicit transaction may have an older snapshot.
  const DatabaseVersion* head = graph_.versions.pin_head();
  const auto apply = [](std::shared_ptr<const CountsById>& counts, const Deltas& deltas) {
    if (deltas.empty()) return;
    auto changed = std::make_shared<CountsById>(counts == nullptr ? CountsById() : *counts);
    if (changed->size() < deltas.size()) changed->resize(deltas.size());
    for (std::size_t i = 0; i < deltas.size(); ++i) (*changed)[i] += static_cast<std::uint64_t>(deltas[i]);
    counts = std::move(changed);
  };
  Counts counts = head->counts;
  counts.nodes += static_cast<std::uint64_t>(node_delta_);
  counts.relationships += static_cast<std::uint64_t>(relationship_delta_);
  apply(counts.by_label, label_deltas_);
  apply(counts.by_type, type_deltas_);
  graph_.versions.publish(timestamp, std::move(counts), schema_to_publish(), std::move(edit_->retired()));
  graph_.versions.unpin(head);
  forget_written();
  edit_.reset();
}

void Workspace::discard() {
  if (!edit_.has_value()) return;
  const EditTag tag = edit_->tag();
  nodes_.each([&](GroupId, GroupVersion* version) { free_node_group(graph_.memory, version, tag); });
  relationships_.each([&](GroupId, GroupVersion* version) { free_relationship_group(graph_.memory, version, tag); });
  const bool trims = has_writes();
  discard_schema(tag);
  nodes_.clear();
  relationships_.clear();
  label_deltas_.clear();
  type_deltas_.clear();
  node_delta_ = 0;
  relationship_delta_ = 0;
  edit_.reset();
  if (trims) graph_.memory.trim();
}

}  // namespace nexus::storage
