#include "storage/group.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace nexus::storage {
namespace {

std::size_t labels_bytes(std::uint32_t capacity) { return sizeof(GroupLabels) + capacity * sizeof(LabelCount); }

LabelCount* counts_of(GroupLabels& labels) { return reinterpret_cast<LabelCount*>(&labels + 1); }

LabelCount* lower_bound(GroupLabels& labels, TokenId label) {
  LabelCount* counts = counts_of(labels);
  return std::lower_bound(counts, counts + labels.count, label,
                          [](const LabelCount& c, TokenId wanted) { return c.label < wanted; });
}

GroupLabels* copy_labels(Memory& memory, GroupLabels* before, std::uint32_t capacity) {
  auto* made = new (memory.allocate(labels_bytes(capacity))) GroupLabels{0, capacity, false};
  if (before == nullptr) return made;
  made->count = before->count;
  made->is_overflown = before->is_overflown;
  std::memcpy(counts_of(*made), counts_of(*before), before->count * sizeof(LabelCount));
  return made;
}

void free_labels(Memory& memory, GroupLabels* labels) {
  if (labels != nullptr) memory.free(labels, labels_bytes(labels->capacity));
}

}  // namespace

GroupVersion* make_group(Edit& edit, GroupVersion* before) {
  auto* made = new (edit.memory().allocate(sizeof(GroupVersion))) GroupVersion{};
  made->tag = edit.tag();
  made->previous = before;
  if (before != nullptr) {
    made->rows = before->rows;
    made->row_count = before->row_count;
    if (before->labels != nullptr) made->labels = copy_labels(edit.memory(), before->labels, before->labels->count);
  }
  return made;
}

void free_group(Memory& memory, GroupVersion* group) {
  free_labels(memory, group->labels);
  memory.free(group, sizeof(GroupVersion));
}

void group_label_added(Edit& edit, GroupVersion& group, TokenId label) {
  if (group.labels == nullptr) group.labels = copy_labels(edit.memory(), nullptr, 1);
  if (group.labels->is_overflown) return;
  LabelCount* at = lower_bound(*group.labels, label);
  const auto index = static_cast<std::size_t>(at - counts_of(*group.labels));
  if (index < group.labels->count && at->label == label) {
    ++at->nodes;
    return;
  }
  if (group.labels->count == kGroupLabelsMax) {
    group.labels->is_overflown = true;
    group.labels->count = 0;
    return;
  }
  if (group.labels->count == group.labels->capacity) {
    const std::uint32_t capacity = std::min(kGroupLabelsMax, 2 * group.labels->count + 1);
    GroupLabels* grown = copy_labels(edit.memory(), group.labels, capacity);
    free_labels(edit.memory(), group.labels);
    group.labels = grown;
  }
  at = counts_of(*group.labels) + index;
  std::memmove(at + 1, at, (group.labels->count - index) * sizeof(LabelCount));
  *at = {label, 1};
  ++group.labels->count;
}

void group_label_removed(GroupVersion& group, TokenId label) {
  if (group.labels->is_overflown) return;
  LabelCount* at = lower_bound(*group.labels, label);
  if (--at->nodes != 0) return;
  const LabelCount* end = counts_of(*group.labels) + group.labels->count;
  std::memmove(at, at + 1, static_cast<std::size_t>(end - at - 1) * sizeof(LabelCount));
  --group.labels->count;
}

LabelPresence group_label_presence(const GroupVersion& group, TokenId label) {
  if (group.labels == nullptr) return LabelPresence::None;
  if (group.labels->is_overflown) return LabelPresence::Some;
  const LabelCount* at = lower_bound(*group.labels, label);
  if (at == counts_of(*group.labels) + group.labels->count || at->label != label) return LabelPresence::None;
  return at->nodes == group.row_count ? LabelPresence::All : LabelPresence::Some;
}

GroupDirectory::~GroupDirectory() {
  Segment** segments = segments_.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < segment_count_; ++i) {
    segments[i]->~Segment();
    memory_.free(segments[i], sizeof(Segment));
  }
  for (const auto& array : arrays_) memory_.free(array.first, array.second * sizeof(Segment*));
}

Result<> GroupDirectory::ensure(GroupId group) {
  while (group >= segment_count_ * kSegmentGroups) {
    NX_TRY_DO(memory_.reserve(sizeof(Segment) + 2 * (segment_capacity_ + 4) * sizeof(Segment*)));
    Segment** segments = segments_.load(std::memory_order_relaxed);
    if (segment_count_ == segment_capacity_) {
      const std::size_t capacity = std::max<std::size_t>(4, 2 * segment_capacity_);
      auto** grown = static_cast<Segment**>(memory_.allocate(capacity * sizeof(Segment*)));
      std::copy(segments, segments + segment_count_, grown);
      arrays_.emplace_back(grown, capacity);
      segment_capacity_ = capacity;
      segments = grown;
    }
    segments[segment_count_++] = new (memory_.allocate(sizeof(Segment))) Segment;
    segments_.store(segments, std::memory_order_release);
  }
  if (group >= size()) size_.store(group + 1, std::memory_order_release);
  return Done{};
}

void GroupDirectory::publish(GroupId group, GroupVersion* version) {
  Segment** segments = segments_.load(std::memory_order_relaxed);
  segments[group / kSegmentGroups]->slots[group % kSegmentGroups].store(version, std::memory_order_release);
}

}  // namespace nexus::storage
