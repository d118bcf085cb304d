// The keys of vector indexes: 256 bits that tell in which direction a vector points.
//
// Bit n is the sign of the vector's n-th coordinate after a turn in space that is the same for all (signs are
// flipped, then a Hadamard transform mixes all coordinates; twice). Before it the vector is made 1 long and the index's
// center is taken away: vectors of texts all point more or less one way, and what tells them apart is the rest.
// Two vectors differ in each bit with a chance of their angle over pi, so the number of different bits orders vectors as their angles do, roughly: who
// searches takes more of the first ones than are wanted, and compares the vectors themselves.
// Source: M. Charikar, Similarity Estimation Techniques from Rounding Algorithms, 2002.
//
// Why in the key of the tree that every index has: its entries follow each write, belong to snapshots and are seen by the
// transaction that made them, and a search reads 40 bytes a vector, one after the other.
// Invariant: the same vector, as VECTOR of whatever coordinates or as list of numbers, has the same bits.
// Cost: a few microseconds a vector.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "nexus/value.h"
#include "storage/index_key.h"
#include "storage/schema.h"

namespace nexus::storage {

// The coordinates of a VECTOR or a list of finite numbers, of `dimension` when that is not 0. nullopt for
// anything else, for none and for more than kVectorDimensionMax, and when all are zero and `needs_direction`.
std::optional<std::vector<float>> vector_coordinates(const Value& value, std::size_t dimension, bool needs_direction);
// The same into room that is used again; false for nullopt.
bool read_coordinates(const Value& value, std::size_t dimension, bool needs_direction, std::vector<float>& out);
// Requires: not empty. `center` may be null, and is passed over when it has another dimension.
IndexKey vector_key(std::span<const float> coordinates, std::uint64_t id, const VectorCenter* center);
// Sums up directions.
class CenterOf {
 public:
  explicit CenterOf(std::size_t dimension) : dimension_(dimension) {}  // 0: that of the first.
  void add(std::span<const float> coordinates);
  std::uint64_t count() const { return count_; }
  std::shared_ptr<const VectorCenter> take() const;

 private:
  std::size_t dimension_;
  std::uint64_t count_ = 0;
  std::vector<double> sum_;
};
// In how many bits they differ: 0 to 256.
unsigned different_bits(const IndexKey& left, const IndexKey& right);

}  // namespace nexus::storage
