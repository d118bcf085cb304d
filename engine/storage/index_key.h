// The keys of property indexes: what a tree of fixed-size entries is sorted by.
//
//   prefix   the first 24 bytes of an encoding of the values that keeps their order
//   hash     of the values, equal for equivalent ones (1 and 1.0)
//   id       of the node or relationship
//
// Invariant: order(a, b) < 0 gives prefix(a) <= prefix(b), and equivalent values have the same prefix
// and hash. A range of keys therefore holds every entity whose values lie in a range of values, and
// perhaps others: whoever seeks tests the values themselves.
// Why fixed size: strings that differ only behind their first 22 bytes are rare, and an entry then
// costs 40 bytes in a leaf and no allocation of its own.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>

#include "nexus/value.h"
#include "storage/ids.h"

namespace nexus::storage {

using IndexPrefix = std::array<std::uint64_t, 3>;  // Big endian: compared word by word.

struct IndexKey {
  IndexPrefix prefix{};
  std::uint64_t hash = 0;
  std::uint64_t id = 0;
  friend bool operator==(const IndexKey&, const IndexKey&) = default;
  // By hand: not every standard library can order arrays in three ways.
  friend std::strong_ordering operator<=>(const IndexKey& left, const IndexKey& right) {
    for (std::size_t at = 0; at < left.prefix.size(); ++at) {
      if (left.prefix[at] != right.prefix[at]) return left.prefix[at] <=> right.prefix[at];
    }
    return left.hash != right.hash ? left.hash <=> right.hash : left.id <=> right.id;
  }
};

// Both ends belong to it.
struct IndexRange {
  IndexKey first;
  IndexKey last;
};

// The key of an entity with these values; nulls are allowed.
IndexKey index_key(std::span<const Value> values, std::uint64_t id);

// What a seek knows of the first key after those that are equal. Null pointers: nothing.
struct IndexBounds {
  const Value* lower = nullptr;   // Values of its kind from there on.
  const Value* upper = nullptr;
  const Value* prefix = nullptr;  // Strings that start with it.
};

// The entities whose values are exactly these.
IndexRange index_exact(std::span<const Value> values);
// Those whose first values are `equal` and whose next one lies within `bounds` (any but null when
// nothing is known). Not for a composite key's end: use index_leading() there.
IndexRange index_between(std::span<const Value> equal, const IndexBounds& bounds);
// Those whose first values are `equal`, whatever follows.
IndexRange index_leading(std::span<const Value> equal);

}  // namespace nexus::storage
