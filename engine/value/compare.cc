#include "value/compare.h"

#include <algorithm>

#include "base/hash.h"
#include "value/number_order.h"
#include "value/temporal/temporal.h"
#include "value/vector.h"

namespace nexus {
namespace {

template <class T>
int three_way(const T& left, const T& right) {
  return left < right ? -1 : right < left ? 1 : 0;
}

int three_way(std::string_view left, std::string_view right) {
  const int order = left.compare(right);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

// A chain of tie-breakers: the first that is not zero decides.
template <class... Orders>
int first_difference(Orders... orders) {
  int result = 0;
  static_cast<void>((((result = orders) != 0) || ...));
  return result;
}

// Total order of doubles: NaN last and equal to itself, 0.0 equal to -0.0.
int order_doubles(double left, double right) {
  if (std::isnan(left) || std::isnan(right)) return three_way(std::isnan(left), std::isnan(right));
  return three_way(left, right);
}

int order_numbers(const Value& left, const Value& right) {
  if (is_nan(left) || is_nan(right)) return three_way(is_nan(left), is_nan(right));
  return compare_numbers(left, right);
}

int order_points(const Point& left, const Point& right) {
  return first_difference(three_way(left.srid, right.srid), order_doubles(left.x, right.x),
                          order_doubles(left.y, right.y), left.has_z() ? order_doubles(left.z, right.z) : 0);
}

// By coordinate type, then dimension, then the coordinates one by one.
int order_vectors(const Vector& left, const Vector& right) {
  if (left.type != right.type) return three_way(left.type, right.type);
  if (left.bytes.size() != right.bytes.size()) return three_way(left.bytes.size(), right.bytes.size());
  for (std::size_t at = 0; at < dimension(left); ++at) {
    if (const int difference = order_numbers(coordinate(left, at), coordinate(right, at))) return difference;
  }
  return 0;
}

int order_lists(const List& left, const List& right) {
  const std::size_t shared = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < shared; ++i) {
    if (const int difference = order(left[i], right[i]); difference != 0) return difference;
  }
  return three_way(left.size(), right.size());
}

// Fewer entries first, then the keys, then the values in the order of their keys.
int order_maps(const Map& left, const Map& right) {
  if (left.size() != right.size()) return three_way(left.size(), right.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (const int difference = three_way(std::string_view(left[i].first), std::string_view(right[i].first))) {
      return difference;
    }
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (const int difference = order(left[i].second, right[i].second); difference != 0) return difference;
  }
  return 0;
}

// As the list of its entities, alternating.
int order_paths(const PathData& left, const PathData& right) {
  const std::size_t shared = std::min(left.relationships.size(), right.relationships.size());
  for (std::size_t i = 0; i <= shared; ++i) {
    if (const int difference = three_way(left.nodes[i].entity_id(), right.nodes[i].entity_id())) return difference;
    if (i == shared) break;
    if (const int difference = three_way(left.relationships[i].entity_id(), right.relationships[i].entity_id())) {
      return difference;
    }
  }
  return three_way(left.relationships.size(), right.relationships.size());
}

// The order of kinds; Integer and Float are one kind.
int rank(Type type) {
  switch (type) {
    case Type::Map: return 0;
    case Type::Node: return 1;
    case Type::Relationship: return 2;
    case Type::List: return 3;
    case Type::Path: return 4;
    case Type::Vector: return 5;
    case Type::DateTime: return 6;
    case Type::LocalDateTime: return 7;
    case Type::Date: return 8;
    case Type::Time: return 9;
    case Type::LocalTime: return 10;
    case Type::Duration: return 11;
    case Type::Point: return 12;
    case Type::String: return 13;
    case Type::Boolean: return 14;
    case Type::Integer:
    case Type::Float: return 15;
    case Type::Null: break;
  }
  return 16;
}

Ternary ternary(bool value) { return value ? Ternary::True : Ternary::False; }

Ternary equal_lists(const List& left, const List& right) {
  if (left.size() != right.size()) return Ternary::False;
  Ternary result = Ternary::True;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Ternary items = equals(left[i], right[i]);
    if (items == Ternary::False) return Ternary::False;
    if (items == Ternary::Unknown) result = Ternary::Unknown;
  }
  return result;
}

Ternary equal_maps(const Map& left, const Map& right) {
  if (left.size() != right.size()) return Ternary::False;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i].first != right[i].first) return Ternary::False;
  }
  Ternary result = Ternary::True;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Ternary values = equals(left[i].second, right[i].second);
    if (values == Ternary::False) return Ternary::False;
    if (values == Ternary::Unknown) result = Ternary::Unknown;
  }
  return result;
}

// The first pair that is not equal decides; unknown equality makes the answer unknown.
Ternary compare_lists(const List& left, const List& right, bool or_equal) {
  const std::size_t shared = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < shared; ++i) {
    switch (equals(left[i], right[i])) {
      case Ternary::True: continue;
      case Ternary::Unknown: return Ternary::Unknown;
      case Ternary::False: return less(left[i], right[i]);
    }
  }
  return ternary(or_equal ? left.size() <= right.size() : left.size() < right.size());
}

Ternary compare(const Value& left, const Value& right, bool or_equal) {
  if (left.is_null() || right.is_null() || rank(left.type()) != rank(right.type())) return Ternary::Unknown;
  switch (left.type()) {
    case Type::Integer:
    case Type::Float:
      if (is_nan(left) || is_nan(right)) return Ternary::False;
      break;
    case Type::List: return compare_lists(left.list(), right.list(), or_equal);
    case Type::Boolean:
    case Type::String:
    case Type::Date:
    case Type::LocalTime:
    case Type::Time:
    case Type::LocalDateTime:
    case Type::DateTime: break;
    case Type::Null:
    case Type::Map:
    case Type::Node:
    case Type::Relationship:
    case Type::Path:
    case Type::Duration:
    case Type::Point:
    case Type::Vector: return Ternary::Unknown;
  }
  const int difference = order(left, right);
  return ternary(difference < 0 || (or_equal && difference == 0));
}

std::uint64_t hash_double(double value) {
  if (std::isnan(value)) return 0x7FF8;
  // A float that is an integer hashes like that integer; 2^63 itself is none of ours.
  if (value >= -9223372036854775808.0 && value < 9223372036854775808.0 && value == std::trunc(value)) {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
  }
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

std::uint64_t hash_coordinate(std::uint64_t seed, double value) { return hash_combine(seed, hash_double(value)); }

std::uint64_t hash_heap(const Value& value, std::uint64_t seed) {
  if (value.is(Type::List)) {
    for (const Value& item : value.list()) seed = hash_combine(seed, hash(item));
  } else if (value.is(Type::Map)) {
    for (const auto& [key, item] : value.map()) seed = hash_combine(hash_combine(seed, hash_text(key)), hash(item));
  } else if (value.is(Type::Path)) {
    for (const Value& node : value.path().nodes) seed = hash_combine(seed, node.entity_id());
    for (const Value& joint : value.path().relationships) seed = hash_combine(seed, joint.entity_id());
  } else if (value.is(Type::DateTime)) {
    const DateTime& when = value.date_time();
    seed = hash_combine(hash_combine(seed, static_cast<std::uint64_t>(when.epoch_seconds)), when.nanoseconds);
    seed = hash_combine(seed, static_cast<std::uint32_t>(when.offset_seconds));
    seed = hash_combine(seed, hash_text(when.zone));
  } else if (value.is(Type::Duration)) {
    const Duration& span = value.duration();
    seed = hash_combine(hash_combine(seed, static_cast<std::uint64_t>(span.months)),
                        static_cast<std::uint64_t>(span.days));
    seed = hash_combine(hash_combine(seed, static_cast<std::uint64_t>(span.seconds)),
                        static_cast<std::uint32_t>(span.nanoseconds));
  } else if (value.is(Type::Point)) {
    const Point& point = value.point();
    seed = hash_coordinate(hash_coordinate(hash_combine(seed, point.srid), point.x), point.y);
    if (point.has_z()) seed = hash_coordinate(seed, point.z);
  } else if (value.is(Type::Vector)) {
    const Vector& vector = value.vector();
    seed = hash_combine(seed, static_cast<std::uint64_t>(vector.type));
    for (std::size_t at = 0; at < dimension(vector); ++at) seed = hash_combine(seed, hash(coordinate(vector, at)));
  }
  return seed;
}

}  // namespace

Ternary equals(const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return Ternary::Unknown;
  if (rank(left.type()) != rank(right.type())) return Ternary::False;
  if (left.is(Type::List)) return equal_lists(left.list(), right.list());
  if (left.is(Type::Map)) return equal_maps(left.map(), right.map());
  if (is_nan(left) || is_nan(right)) return Ternary::False;
  return ternary(order(left, right) == 0);
}

Ternary less(const Value& left, const Value& right) { return compare(left, right, false); }
Ternary less_or_equal(const Value& left, const Value& right) { return compare(left, right, true); }

int order(const Value& left, const Value& right) {
  const int left_rank = rank(left.type());
  if (const int right_rank = rank(right.type()); left_rank != right_rank) return three_way(left_rank, right_rank);
  switch (left.type()) {
    case Type::Null: return 0;
    case Type::Boolean: return three_way(left.boolean(), right.boolean());
    case Type::Integer:
    case Type::Float: return order_numbers(left, right);
    case Type::String: return three_way(left.string(), right.string());
    case Type::List: return order_lists(left.list(), right.list());
    case Type::Map: return order_maps(left.map(), right.map());
    case Type::Node:
    case Type::Relationship: return three_way(left.entity_id(), right.entity_id());
    case Type::Path: return order_paths(left.path(), right.path());
    case Type::Date: return order_date(left.date(), right.date());
    case Type::LocalTime: return order_local_time(left.local_time(), right.local_time());
    case Type::Time: return order_time(left.time(), right.time());
    case Type::LocalDateTime: return order_local_date_time(left.local_date_time(), right.local_date_time());
    case Type::DateTime: return order_date_time(left.date_time(), right.date_time());
    case Type::Duration: return order_duration(left.duration(), right.duration());
    case Type::Point: return order_points(left.point(), right.point());
    case Type::Vector: return order_vectors(left.vector(), right.vector());
  }
  return 0;
}

bool equivalent(const Value& left, const Value& right) { return order(left, right) == 0; }

std::size_t hash(const Value& value) {
  const std::uint64_t seed = static_cast<std::uint64_t>(rank(value.type())) << 56;
  switch (value.type()) {
    case Type::Null: return mix64(seed);
    case Type::Boolean: return mix64(seed + (value.boolean() ? 1 : 0));
    case Type::Integer: return mix64(seed ^ static_cast<std::uint64_t>(value.integer()));
    case Type::Float: return mix64(seed ^ hash_double(value.real()));
    case Type::String: return hash_text(value.string());
    case Type::Node:
    case Type::Relationship: return mix64(seed ^ value.entity_id());
    case Type::Date: return mix64(seed ^ static_cast<std::uint64_t>(value.date().epoch_days));
    case Type::LocalTime: return mix64(seed ^ static_cast<std::uint64_t>(value.local_time().nanoseconds));
    case Type::Time:
      return hash_combine(seed ^ static_cast<std::uint64_t>(value.time().nanoseconds),
                          static_cast<std::uint32_t>(value.time().offset_seconds));
    case Type::LocalDateTime:
      return hash_combine(seed ^ static_cast<std::uint64_t>(value.local_date_time().epoch_seconds),
                          value.local_date_time().nanoseconds);
    case Type::List:
    case Type::Map:
    case Type::Path:
    case Type::DateTime:
    case Type::Duration:
    case Type::Point:
    case Type::Vector: break;
  }
  return hash_heap(value, mix64(seed));
}

}  // namespace nexus
