// Groups: 2^14 rows each, as a chain of versions, newest first, behind a lock-free directory.
//
//   directory ─ slot[group] → GroupVersion(ts 9) → GroupVersion(ts 4) → …
//
// A reader at snapshot S takes the first version with ts ≤ S, nearly always the head. The
// versions after the first one that every snapshot can see are freed without being unlinked:
// nobody follows `previous` from a version that is old enough for him.
#pragma once

#include <atomic>
#include <span>
#include <vector>

#include "storage/objects.h"
#include "storage/trie.h"

namespace nexus::storage {

struct LabelCount {
  TokenId label;
  std::uint32_t nodes;
};

// Which labels the live nodes of a group have, so that a label scan can pass the group by.
// Followed by `capacity` counts, `count` used, sorted by label, none zero.
struct GroupLabels {
  std::uint32_t count;
  std::uint32_t capacity;
  bool is_overflown;  // Too many different labels: the counts mean nothing.
};

struct GroupVersion : Object {
  Timestamp timestamp;     // Set when published.
  GroupVersion* previous;  // The version this one was made from.
  TrieNode* rows;
  std::uint32_t row_count;
  GroupLabels* labels;  // Owned by this version; nullptr: no labels.
};

constexpr std::uint32_t kGroupLabelsMax = 64;

// A version for `edit` to change: a copy of `before`, which may be nullptr.
GroupVersion* make_group(Edit& edit, GroupVersion* before);
void free_group(Memory& memory, GroupVersion* group);
void group_label_added(Edit& edit, GroupVersion& group, TokenId label);
void group_label_removed(GroupVersion& group, TokenId label);

enum class LabelPresence : std::uint8_t { None, Some, All };
LabelPresence group_label_presence(const GroupVersion& group, TokenId label);

// The heads of all groups of nodes, or of relationships.
//
// Threads: head() and size() at any time; ensure() and publish() in the writer slot only.
class GroupDirectory {
 public:
  explicit GroupDirectory(Memory& memory) : memory_(memory) {}
  ~GroupDirectory();  // Frees the directory, not the groups.
  GroupDirectory(const GroupDirectory&) = delete;
  GroupDirectory& operator=(const GroupDirectory&) = delete;

  // Groups below this may have a head.
  GroupId size() const { return size_.load(std::memory_order_acquire); }
  GroupVersion* head(GroupId group) const {
    if (group >= size()) return nullptr;
    Segment* const* segments = segments_.load(std::memory_order_acquire);
    return segments[group / kSegmentGroups]->slots[group % kSegmentGroups].load(std::memory_order_acquire);
  }
  // Makes room for `group`; MemoryLimit.
  Result<> ensure(GroupId group);
  void publish(GroupId group, GroupVersion* version);

 private:
  static constexpr std::size_t kSegmentGroups = 64;
  struct Segment {
    std::atomic<GroupVersion*> slots[kSegmentGroups] = {};
  };

  Memory& memory_;
  // Replaced by a larger array when full; the old arrays stay for readers until the end.
  std::atomic<Segment**> segments_{nullptr};
  std::size_t segment_count_ = 0;
  std::size_t segment_capacity_ = 0;
  std::vector<std::pair<Segment**, std::size_t>> arrays_;
  std::atomic<GroupId> size_{0};
};

}  // namespace nexus::storage
