#include "storage/id_allocator.h"

#include <algorithm>

namespace nexus::storage {
namespace {

constexpr std::uint32_t kRareNodes = 256;       // A set with fewer nodes lives in a mixed group.
constexpr std::size_t kMixedSetsMax = 48;       // Keeps a mixed group's label counts exact.
constexpr GroupId kGroupGapMax = GroupId{1} << 20;  // Groups opened by transactions that never committed.
constexpr GroupId kGroupEnd = kIdEnd >> kOffsetBits;

std::uint64_t take(OpenGroup& open) { return open.group << kOffsetBits | open.next_offset++; }

Error exhausted() { return Error{ErrorCode::LimitExceeded, "the database has used up all its ids"}; }
Error implausible() { return Error{ErrorCode::Corruption, "an id in the log is far beyond those before it"}; }

}  // namespace

Result<NodeId> IdAllocator::next_node(const LabelSet* labels) {
  const std::lock_guard<std::mutex> guard(mutex_);
  Home& home = node_homes_[labels];
  if (home.open.next_offset < kGroupRows) return take(home.open);
  if (next_node_group_ >= kGroupEnd) return exhausted();
  if (home.created >= kRareNodes) {
    home.open = {next_node_group_++, 0};
    return take(home.open);
  }
  const bool is_new = std::find(mixed_sets_.begin(), mixed_sets_.end(), labels) == mixed_sets_.end();
  if (mixed_.next_offset >= kGroupRows || (is_new && mixed_sets_.size() >= kMixedSetsMax)) {
    mixed_ = {next_node_group_++, 0};
    mixed_sets_.clear();
  }
  if (is_new || mixed_sets_.empty()) mixed_sets_.push_back(labels);
  ++home.created;
  return take(mixed_);
}

Result<RelationshipId> IdAllocator::next_relationship(TokenId type) {
  const std::lock_guard<std::mutex> guard(mutex_);
  auto [at, is_new] = relationship_homes_.try_emplace(type, OpenGroup{0, kGroupRows});
  OpenGroup& open = at->second;
  if (open.next_offset >= kGroupRows) {
    if (next_relationship_group_ >= kGroupEnd) return exhausted();
    open = {next_relationship_group_++, 0};
  }
  return take(open);
}

IdAllocator::Seen& IdAllocator::SeenGroups::at(GroupId group) {
  if (newest == nullptr || newest_group != group) {
    newest = &groups[group];
    newest_group = group;
  }
  return *newest;
}

Result<IdAllocator::Seen*> IdAllocator::SeenGroups::observe(GroupId group) {
  if (group >= next) {
    if (group >= kGroupEnd || group - next > kGroupGapMax) return implausible();
    next = group + 1;
  }
  return &at(group);
}

std::vector<GroupId> IdAllocator::SeenGroups::with_room() const {
  std::vector<GroupId> found;
  for (const auto& [group, seen] : groups) {
    if (seen.is_known && seen.next_offset < kGroupRows) found.push_back(group);
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result<> IdAllocator::observe_node(NodeId node, const LabelSet* labels) {
  NX_TRY(Seen* const seen, seen_nodes_.observe(group_of(node)));
  seen->next_offset = std::max(seen->next_offset, offset_of(node) + 1);
  if (!seen->is_known) seen->labels = labels;
  if (seen->labels != labels) seen->is_mixed = true;
  seen->is_known = true;
  return Done{};
}

Result<> IdAllocator::observe_relationship(RelationshipId relationship, TokenId type) {
  NX_TRY(Seen* const seen, seen_relationships_.observe(group_of(relationship)));
  seen->next_offset = std::max(seen->next_offset, offset_of(relationship) + 1);
  if (!seen->is_known) seen->type = type;
  if (seen->type != type) seen->is_mixed = true;
  seen->is_known = true;
  return Done{};
}

Result<> IdAllocator::observe(const IdState& state) {
  const auto merge = [](SeenGroups& seen, GroupId next, const std::vector<OpenGroup>& groups) -> Result<> {
    // Why no gap test: a long-lived database may have any number of dead groups; the count itself is bounded.
    if (next > kGroupEnd || next > seen.next + 64 * kGroupGapMax) return implausible();
    seen.next = std::max(seen.next, next);
    for (const OpenGroup& open : groups) {
      if (open.group >= next || open.next_offset > kGroupRows) return implausible();
      Seen& group = seen.at(open.group);
      group.next_offset = std::max(group.next_offset, open.next_offset);
    }
    return Done{};
  };
  NX_TRY_DO(merge(seen_nodes_, state.next_node_group, state.node_groups));
  return merge(seen_relationships_, state.next_relationship_group, state.relationship_groups);
}

void IdAllocator::finish() {
  const std::lock_guard<std::mutex> guard(mutex_);
  next_node_group_ = seen_nodes_.next;
  for (const GroupId group : seen_nodes_.with_room()) {
    const Seen& seen = seen_nodes_.at(group);
    if (seen.is_mixed) {
      mixed_ = {group, seen.next_offset};
    } else {
      node_homes_[seen.labels] = {{group, seen.next_offset}, kRareNodes};
    }
  }
  next_relationship_group_ = seen_relationships_.next;
  for (const GroupId group : seen_relationships_.with_room()) {
    const Seen& seen = seen_relationships_.at(group);
    if (!seen.is_mixed) relationship_homes_[seen.type] = {group, seen.next_offset};
  }
  seen_nodes_ = {};
  seen_relationships_ = {};
}

IdState IdAllocator::state() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  IdState state;
  state.next_node_group = next_node_group_;
  state.next_relationship_group = next_relationship_group_;
  if (mixed_.next_offset < kGroupRows) state.node_groups.push_back(mixed_);
  for (const auto& home : node_homes_) {
    if (home.second.open.next_offset < kGroupRows) state.node_groups.push_back(home.second.open);
  }
  for (const auto& home : relationship_homes_) {
    if (home.second.next_offset < kGroupRows) state.relationship_groups.push_back(home.second);
  }
  const auto by_group = [](const OpenGroup& a, const OpenGroup& b) { return a.group < b.group; };
  std::sort(state.node_groups.begin(), state.node_groups.end(), by_group);
  std::sort(state.relationship_groups.begin(), state.relationship_groups.end(), by_group);
  return state;
}

}  // namespace nexus::storage
