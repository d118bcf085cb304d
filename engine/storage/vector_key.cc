#include "storage/vector_key.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/hash.h"
#include "value/vector.h"

namespace nexus::storage {
namespace {

constexpr std::size_t kBits = 256;
constexpr std::uint64_t kSeed = 0x5bd1e995a7c15e3b;  // Any; the bits are never kept.

// In place; the size is a power of two. It keeps angles, up to a factor that all lengths have in common.
void hadamard(std::span<float> values) {
  for (std::size_t half = 1; half < values.size(); half *= 2) {
    for (std::size_t begin = 0; begin < values.size(); begin += 2 * half) {
      for (std::size_t at = begin; at < begin + half; ++at) {
        const float left = values[at], right = values[at + half];
        values[at] = left + right;
        values[at + half] = left - right;
      }
    }
  }
}

void flip_signs(std::span<float> values, std::uint64_t round) {
  std::uint64_t bits = 0;
  for (std::size_t at = 0; at < values.size(); ++at) {
    if (at % 64 == 0) bits = mix64(kSeed + round * 0x9e3779b97f4a7c15 + at);
    if ((bits >> (at % 64) & 1) != 0) values[at] = -values[at];
  }
}

double length_of(std::span<const float> coordinates) {
  double square = 0;
  for (const float one : coordinates) square += static_cast<double>(one) * static_cast<double>(one);
  return std::sqrt(square);
}

}  // namespace

bool read_coordinates(const Value& value, std::size_t dimension, bool needs_direction, std::vector<float>& out) {
  const bool is_vector = value.is(Type::Vector);
  if (!is_vector && !value.is(Type::List)) return false;
  const std::size_t size = is_vector ? nexus::dimension(value.vector()) : value.list().size();
  if (size == 0 || size > kVectorDimensionMax || (dimension != 0 && size != dimension)) return false;
  out.resize(size);
  // Why by hand: these are what there are many of. Coordinates of a VECTOR are finite.
  if (is_vector && value.vector().type == CoordinateType::Float32 && std::endian::native == std::endian::little) {
    std::memcpy(out.data(), value.vector().bytes.data(), size * sizeof(float));
  } else {
    for (std::size_t at = 0; at < size; ++at) {
      const Value number = is_vector ? coordinate(value.vector(), at) : value.list()[at];
      if (!number.is_number()) return false;
      out[at] = static_cast<float>(number.number());
      if (!std::isfinite(out[at])) return false;
    }
  }
  return !needs_direction || std::any_of(out.begin(), out.end(), [](float one) { return one != 0; });
}

std::optional<std::vector<float>> vector_coordinates(const Value& value, std::size_t dimension, bool needs_direction) {
  std::vector<float> made;
  if (!read_coordinates(value, dimension, needs_direction, made)) return std::nullopt;
  return made;
}

IndexKey vector_key(std::span<const float> coordinates, std::uint64_t id, const VectorCenter* center) {
  const double scale = 1 / length_of(coordinates);
  const bool is_centered = center != nullptr && center->direction.size() == coordinates.size();
  std::vector<float> apart(coordinates.size());
  for (std::size_t at = 0; at < apart.size(); ++at) {
    apart[at] = static_cast<float>(std::isfinite(scale) ? static_cast<double>(coordinates[at]) * scale : 0.0);
    if (is_centered) apart[at] -= center->direction[at];
  }
  const std::size_t size = std::bit_ceil(coordinates.size());
  std::array<std::uint64_t, kBits / 64> words{};
  std::vector<float> turned(size);
  for (std::size_t done = 0, round = 0; done < kBits; round += 2) {
    std::fill(turned.begin(), turned.end(), 0.0F);
    std::copy(apart.begin(), apart.end(), turned.begin());
    flip_signs(turned, round);
    hadamard(turned);
    flip_signs(turned, round + 1);
    hadamard(turned);
    for (std::size_t at = 0; at < size && done < kBits; ++at, ++done) {
      if (turned[at] > 0) words[done / 64] |= std::uint64_t{1} << (done % 64);
    }
  }
  IndexKey key;
  for (std::size_t at = 0; at < key.prefix.size(); ++at) key.prefix[at] = words[at];
  key.hash = words[3];
  key.id = id;
  return key;
}

void CenterOf::add(std::span<const float> coordinates) {
  if (dimension_ == 0) dimension_ = coordinates.size();
  if (coordinates.size() != dimension_) return;
  const double scale = 1 / length_of(coordinates);
  if (!std::isfinite(scale)) return;
  sum_.resize(dimension_);
  for (std::size_t at = 0; at < dimension_; ++at) sum_[at] += static_cast<double>(coordinates[at]) * scale;
  ++count_;
}

std::shared_ptr<const VectorCenter> CenterOf::take() const {
  auto made = std::make_shared<VectorCenter>();
  made->count = count_;
  for (const double sum : sum_) made->direction.push_back(static_cast<float>(sum / static_cast<double>(count_)));
  return made;
}

unsigned different_bits(const IndexKey& left, const IndexKey& right) {
  unsigned count = static_cast<unsigned>(std::popcount(left.hash ^ right.hash));
  for (std::size_t at = 0; at < left.prefix.size(); ++at) {
    count += static_cast<unsigned>(std::popcount(left.prefix[at] ^ right.prefix[at]));
  }
  return count;
}

}  // namespace nexus::storage
