#include "exec/key_table.h"

#include "base/hash.h"

namespace nexus::exec {

bool KeyTable::same(Value* left, const Value* right) const {
  for (std::size_t i = 0; i < keys_.width(); ++i) {
    if (!equivalent(left[i], right[i])) return false;
  }
  return true;
}

Result<KeyTable::Place> KeyTable::insert(Value* key) {
  if ((keys_.rows() + 1) * 4 > entries_.size() * 3) NX_TRY_DO(grow());
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < keys_.width(); ++i) hash = hash_combine(hash, nexus::hash(key[i]));
  const std::size_t mask = entries_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    Entry& entry = entries_[at];
    if (entry.index_and_one == 0) {
      NX_TRY_DO(keys_.add_moved(key));
      entry = Entry{hash, keys_.rows()};
      return Place{keys_.rows() - 1, true};
    }
    const std::size_t index = static_cast<std::size_t>(entry.index_and_one - 1);
    if (entry.hash == hash && same(keys_.row(index), key)) return Place{index, false};
  }
}

Result<> KeyTable::grow() {
  const std::size_t size = entries_.empty() ? 16 : entries_.size() * 2;
  NX_TRY_DO(charge_.add((size - entries_.size()) * sizeof(Entry)));
  std::vector<Entry> bigger(size);
  for (const Entry& entry : entries_) {
    if (entry.index_and_one == 0) continue;
    std::size_t at = entry.hash & (size - 1);
    while (bigger[at].index_and_one != 0) at = (at + 1) & (size - 1);
    bigger[at] = entry;
  }
  entries_ = std::move(bigger);
  return Done{};
}

void KeyTable::clear() {
  keys_.clear();
  entries_.clear();
  charge_.release();
}

}  // namespace nexus::exec
