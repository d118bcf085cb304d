// IdAllocator: which id the next node or relationship gets.
//
// Every group has a home: nodes are grouped by the label set they are created with (rare sets
// share mixed groups), relationships by their type. Scans by label then touch few groups, and
// the rows of a group resemble each other.
//
// Invariant: an id is given at most once; ids of rolled-back transactions are not given again
// while the store is open.
// Threads: all functions take a lock.
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "storage/ids.h"
#include "storage/label_sets.h"

namespace nexus::storage {

// The part of the allocator that a log snapshot keeps, because dead rows say nothing about it.
struct OpenGroup {
  GroupId group = 0;
  std::uint32_t next_offset = 0;
};
struct IdState {
  GroupId next_node_group = 0;
  GroupId next_relationship_group = 0;
  std::vector<OpenGroup> node_groups;          // All groups that can still take rows.
  std::vector<OpenGroup> relationship_groups;
};

class IdAllocator {
 public:
  // LimitExceeded when 2^48 ids are used up.
  Result<NodeId> next_node(const LabelSet* labels);
  Result<RelationshipId> next_relationship(TokenId type);

  // Recovery: what the log says was given, in any order; then finish() makes it the start.
  // Corruption for an id that no run of ours can have given.
  Result<> observe_node(NodeId node, const LabelSet* labels);
  Result<> observe_relationship(RelationshipId relationship, TokenId type);
  Result<> observe(const IdState& state);
  void finish();

  IdState state() const;

 private:
  struct Seen {  // A group as recovery sees it.
    std::uint32_t next_offset = 0;
    bool is_known = false;
    bool is_mixed = false;
    const LabelSet* labels = nullptr;
    TokenId type = 0;
  };
  struct Home {
    OpenGroup open{0, kGroupRows};  // Full: the first row opens a group.
    std::uint32_t created = 0;      // Counted while the set is too rare for a group of its own.
  };

  // Why not one row for each group up to the last: what is read may name a group far away, in a few bytes.
  struct SeenGroups {
    std::unordered_map<GroupId, Seen> groups;
    GroupId next = 0;      // Behind the last one.
    Seen* newest = nullptr;  // Of `newest_group`: neighbours follow one another.
    GroupId newest_group = 0;

    Seen& at(GroupId group);
    Result<Seen*> observe(GroupId group);
    std::vector<GroupId> with_room() const;  // In their order.
  };

  mutable std::mutex mutex_;
  GroupId next_node_group_ = 0;
  GroupId next_relationship_group_ = 0;
  std::unordered_map<const LabelSet*, Home> node_homes_;
  std::unordered_map<TokenId, OpenGroup> relationship_homes_;
  OpenGroup mixed_{0, kGroupRows};
  std::vector<const LabelSet*> mixed_sets_;
  SeenGroups seen_nodes_;
  SeenGroups seen_relationships_;
};

}  // namespace nexus::storage
