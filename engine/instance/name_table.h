// NameTable: values by name, in the order of the names, found in a time that does not grow with them.
//
// Why two structures: lists and prefixes need the order, and every statement looks a name up; a
// walk down a tree of ten thousand costs a point read five per cent more than one of two.
// Invariant: index_ has one entry per row; its keys are the rows' own names.
// Iterators stay valid until their row is erased, also when it is renamed.
// Cost: about 50 bytes a row beside the row itself.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace nexus::instance {

template <class T>
class NameTable {
  using Sorted = std::map<std::string, T, std::less<>>;

 public:
  using iterator = typename Sorted::iterator;
  using const_iterator = typename Sorted::const_iterator;

  NameTable() = default;
  NameTable(const NameTable&) = delete;  // index_ points into sorted_.
  NameTable& operator=(const NameTable&) = delete;

  iterator begin() { return sorted_.begin(); }
  iterator end() { return sorted_.end(); }
  const_iterator begin() const { return sorted_.begin(); }
  const_iterator end() const { return sorted_.end(); }
  std::size_t size() const { return sorted_.size(); }

  iterator find(std::string_view name) {
    const auto found = index_.find(name);
    return found == index_.end() ? sorted_.end() : found->second;
  }
  const_iterator find(std::string_view name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? sorted_.end() : const_iterator(found->second);
  }
  bool contains(std::string_view name) const { return index_.count(name) != 0; }
  iterator lower_bound(std::string_view name) { return sorted_.lower_bound(name); }
  const_iterator lower_bound(std::string_view name) const { return sorted_.lower_bound(name); }
  const_iterator upper_bound(std::string_view name) const { return sorted_.upper_bound(name); }

  // As std::map: nothing happens, and false, when the name is there.
  std::pair<iterator, bool> try_emplace(std::string name, T value) {
    const auto added = sorted_.try_emplace(std::move(name), std::move(value));
    if (added.second) index_.emplace(added.first->first, added.first);
    return added;
  }
  void erase(iterator row) {
    index_.erase(row->first);
    sorted_.erase(row);
  }
  void erase(std::string_view name) {
    if (const auto row = find(name); row != end()) erase(row);
  }
  // Iterators go with their rows.
  void swap(NameTable& other) {
    sorted_.swap(other.sorted_);
    index_.swap(other.index_);
  }
  // Moves one row here, in the place of one of the same name.
  void take(NameTable& other, iterator row) {
    erase(row->first);
    other.index_.erase(row->first);
    const iterator moved = sorted_.insert(other.sorted_.extract(row)).position;
    index_.emplace(moved->first, moved);
  }
  // Requires: no other row has the name.
  void rename(iterator row, std::string name) {
    index_.erase(row->first);
    auto node = sorted_.extract(row);
    node.key() = std::move(name);
    const iterator moved = sorted_.insert(std::move(node)).position;
    index_.emplace(moved->first, moved);
  }

 private:
  Sorted sorted_;
  std::unordered_map<std::string_view, iterator> index_;
};

}  // namespace nexus::instance
