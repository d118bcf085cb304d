// KeyTable: numbers tuples of values by equivalence, in the order they first come.
//
// Serves grouping and DISTINCT. Cost: one hash per lookup, 24 bytes a key plus its values.
#pragma once

#include <cstdint>
#include <vector>

#include "exec/row_buffer.h"
#include "value/compare.h"

namespace nexus::exec {

class KeyTable {
 public:
  KeyTable(std::size_t width, MemoryBudget& budget) : keys_(width, budget), charge_(budget) {}

  struct Place {
    std::size_t index;
    bool is_new;
  };
  // Takes the values of `key` when it is new.
  Result<Place> insert(Value* key);
  std::size_t size() const { return keys_.rows(); }
  Value* key(std::size_t index) { return keys_.row(index); }
  void clear();

 private:
  struct Entry {
    std::uint64_t hash = 0;
    std::uint64_t index_and_one = 0;  // 0: empty.
  };

  Result<> grow();
  bool same(Value* left, const Value* right) const;

  RowBuffer keys_;
  std::vector<Entry> entries_;  // Open addressing; the size is a power of two.
  Charge charge_;
};

}  // namespace nexus::exec
