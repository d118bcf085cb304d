#include "storage/index_key.h"

#include <cmath>
#include <cstring>
#include <limits>

#include "base/hash.h"
#include "value/compare.h"
#include "value/number_order.h"

namespace nexus::storage {
namespace {

constexpr std::size_t kPrefixBytes = sizeof(IndexPrefix);
constexpr std::uint64_t kHashSeed = 0x1D;
constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

// One byte per kind of values; INTEGER and FLOAT are one kind, null is above all.
std::uint8_t kind_byte(Type type) {
  if (type == Type::Null) return 0xFE;
  return static_cast<std::uint8_t>(type == Type::Float ? Type::Integer : type) + std::uint8_t{1};
}

// Collects the first bytes of an encoding and forgets the rest. Every encoding of a value ends
// itself, so that what follows it decides only between equal ones.
class PrefixWriter {
 public:
  bool is_full() const { return size_ == kPrefixBytes; }
  void u8(std::uint8_t byte) {
    if (size_ < kPrefixBytes) bytes_[size_++] = byte;
  }
  void u16(std::uint16_t value) {
    u8(static_cast<std::uint8_t>(value >> 8));
    u8(static_cast<std::uint8_t>(value));
  }
  void u64(std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) u8(static_cast<std::uint8_t>(value >> shift));
  }
  void i64(std::int64_t value) { u64(static_cast<std::uint64_t>(value) ^ kSignBit); }
  void real(double value) {
    if (value == 0) value = 0.0;  // -0.0
    std::uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    u64(std::isnan(value) ? ~std::uint64_t{0} : (bits & kSignBit) != 0 ? ~bits : bits | kSignBit);
  }
  void text(std::string_view text) {
    for (const char c : text) {
      if (is_full()) return;
      u8(static_cast<std::uint8_t>(c));
      if (c == 0) u8(0xFF);
    }
  }
  void value(const Value& value) {
    u8(kind_byte(value.type()));
    content(value);
  }
  // The rest filled with `filler`.
  IndexPrefix finish(std::uint8_t filler) const {
    IndexPrefix prefix{};
    for (std::size_t i = 0; i < kPrefixBytes; ++i) {
      prefix[i / 8] = prefix[i / 8] << 8 | (i < size_ ? bytes_[i] : filler);
    }
    return prefix;
  }

 private:
  void content(const Value& value);
  // Exactly: the largest double that is not above it, and the distance to that.
  void integer(std::int64_t value) {
    auto below = static_cast<double>(value);
    if (compare_exactly(value, below) < 0) below = std::nextafter(below, -std::numeric_limits<double>::infinity());
    real(below);
    u16(static_cast<std::uint16_t>(value - static_cast<std::int64_t>(below)));
  }

  std::array<std::uint8_t, kPrefixBytes> bytes_{};
  std::size_t size_ = 0;
};

void PrefixWriter::content(const Value& value) {
  switch (value.type()) {
    case Type::Boolean: return u8(value.boolean() ? 1 : 0);
    case Type::Integer: return integer(value.integer());
    case Type::Float:
      real(value.real());
      return u16(0);
    case Type::String:
      text(value.string());
      return u16(0);
    case Type::List:
      for (const Value& item : value.list()) {
        if (is_full()) return;
        this->value(item);
      }
      return u8(0);
    case Type::Date: return i64(value.date().epoch_days);
    case Type::LocalTime: return i64(value.local_time().nanoseconds);
    case Type::Time: return i64(value.time().nanoseconds - value.time().offset_seconds * kNanosecondsPerSecond);
    case Type::LocalDateTime:
      i64(value.local_date_time().epoch_seconds);
      return i64(value.local_date_time().nanoseconds);
    case Type::DateTime:
      i64(value.date_time().epoch_seconds);
      return i64(value.date_time().nanoseconds);
    case Type::Duration:
    case Type::Vector: return;  // Never in a range; equal ones share their hash.
    case Type::Point:
      u16(static_cast<std::uint16_t>(value.point().srid));
      real(value.point().x);
      return real(value.point().y);
    case Type::Null:
    case Type::Map:
    case Type::Node:
    case Type::Relationship:
    case Type::Path: return;
  }
}

IndexRange between(const IndexPrefix& first, const IndexPrefix& last) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  return {{first, 0, 0}, {last, kMost, kMost}};
}

}  // namespace

IndexKey index_key(std::span<const Value> values, std::uint64_t id) {
  PrefixWriter prefix;
  IndexKey key{{}, kHashSeed, id};
  for (const Value& value : values) {
    prefix.value(value);
    key.hash = hash_combine(key.hash, hash(value));
  }
  key.prefix = prefix.finish(0);
  return key;
}

IndexRange index_exact(std::span<const Value> values) {
  IndexRange range{index_key(values, 0), index_key(values, 0)};
  range.last.id = std::numeric_limits<std::uint64_t>::max();
  return range;
}

IndexRange index_leading(std::span<const Value> equal) {
  PrefixWriter prefix;
  for (const Value& value : equal) prefix.value(value);
  return between(prefix.finish(0), prefix.finish(0xFF));
}

IndexRange index_between(std::span<const Value> equal, const IndexBounds& bounds) {
  PrefixWriter first;
  for (const Value& value : equal) first.value(value);
  PrefixWriter last = first;
  if (bounds.prefix != nullptr) {
    first.u8(kind_byte(Type::String));
    first.text(bounds.prefix->string());
    return between(first.finish(0), first.finish(0xFF));
  }
  if (bounds.lower != nullptr) {
    first.value(*bounds.lower);
  } else if (bounds.upper != nullptr) {
    first.u8(kind_byte(bounds.upper->type()));
  }
  if (bounds.upper != nullptr) {
    last.value(*bounds.upper);
  } else {
    last.u8(bounds.lower != nullptr ? kind_byte(bounds.lower->type()) : kind_byte(Type::Null) - 1);
  }
  return between(first.finish(0), last.finish(0xFF));
}

}  // namespace nexus::storage
