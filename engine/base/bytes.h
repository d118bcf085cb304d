// ByteWriter and ByteReader: the one way in which numbers become bytes and back.
//
// Fixed-width integers are little endian. A varint is LEB128 (seven bits per byte, low bits
// first, at most ten bytes); zigzag maps small negative numbers to small varints. A length
// prefix is a varint.
//
// Invariant: a reader never reads past its bytes and never reports a length that is larger
// than what is left, so callers may reserve() by it. Damaged input is ErrorCode::Corruption.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace nexus {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

class ByteWriter {
 public:
  void u8(std::uint8_t value) { bytes_.push_back(value); }
  void u16(std::uint16_t value) { fixed(value); }
  void u32(std::uint32_t value) { fixed(value); }
  void u64(std::uint64_t value) { fixed(value); }
  void f64(double value) {
    std::uint64_t word;
    std::memcpy(&word, &value, sizeof word);
    fixed(word);
  }
  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      bytes_.push_back(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }
  void signed_varint(std::int64_t value) { varint(zigzag(value)); }
  void raw(ByteView bytes) {
    if (bytes.empty()) return;
    std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
  }
  // The next bytes, for the caller to fill before anything else is written.
  std::uint8_t* room(std::size_t bytes) {
    const std::size_t before = bytes_.size();
    bytes_.resize(before + bytes);
    return bytes_.data() + before;
  }
  // A varint length, then the bytes.
  void sized(ByteView bytes) {
    varint(bytes.size());
    raw(bytes);
  }
  void text(std::string_view text) { sized(as_bytes(text)); }

  // Overwrites four bytes written earlier. Requires: offset + 4 <= size().
  void patch_u32(std::size_t offset, std::uint32_t value) {
    NX_CHECK(offset + 4 <= bytes_.size());
    for (std::size_t i = 0; i < 4; ++i) bytes_[offset + i] = static_cast<std::uint8_t>(value >> (8 * i));
  }

  std::size_t size() const { return bytes_.size(); }
  ByteView view() const { return bytes_; }
  Bytes take() { return std::exchange(bytes_, {}); }
  void clear() { bytes_.clear(); }
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }

 private:
  template <class Integer>
  void fixed(Integer value) {
    std::uint8_t encoded[sizeof value];
    for (std::size_t i = 0; i < sizeof value; ++i) encoded[i] = static_cast<std::uint8_t>(value >> (8 * i));
    raw(encoded);
  }

  Bytes bytes_;
};

class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) : bytes_(bytes) {}

  std::size_t remaining() const { return bytes_.size() - position_; }
  std::size_t position() const { return position_; }
  bool at_end() const { return remaining() == 0; }

  Result<std::uint8_t> u8() { return fixed<std::uint8_t>(); }
  Result<std::uint16_t> u16() { return fixed<std::uint16_t>(); }
  Result<std::uint32_t> u32() { return fixed<std::uint32_t>(); }
  Result<std::uint64_t> u64() { return fixed<std::uint64_t>(); }
  Result<double> f64() {
    NX_TRY(const std::uint64_t word, u64());
    double value;
    std::memcpy(&value, &word, sizeof value);
    return value;
  }
  Result<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      if (at_end()) return truncated();
      const std::uint8_t byte = bytes_[position_++];
      if (shift == 63 && byte > 1) return Error{ErrorCode::Corruption, "a variable-length number is too large"};
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    return Error{ErrorCode::Corruption, "a variable-length number is too long"};
  }
  Result<std::int64_t> signed_varint() {
    NX_TRY(const std::uint64_t value, varint());
    return unzigzag(value);
  }
  // A varint that must fit in 32 bits.
  Result<std::uint32_t> varint32() {
    NX_TRY(const std::uint64_t value, varint());
    if (value > 0xFFFFFFFFu) return Error{ErrorCode::Corruption, "a number does not fit in 32 bits"};
    return static_cast<std::uint32_t>(value);
  }
  // A varint count of items that take at least `bytes_each` (>= 1) bytes each.
  Result<std::size_t> count(std::size_t bytes_each = 1) {
    NX_TRY(const std::uint64_t value, varint());
    if (value > remaining() / bytes_each) return truncated();
    return static_cast<std::size_t>(value);
  }
  // Views into the reader's bytes.
  Result<ByteView> raw(std::size_t length) {
    if (length > remaining()) return truncated();
    const ByteView view = bytes_.subspan(position_, length);
    position_ += length;
    return view;
  }
  Result<ByteView> sized() {
    NX_TRY(const std::size_t length, count());
    return raw(length);
  }
  Result<std::string_view> text() {
    NX_TRY(const ByteView view, sized());
    return as_text(view);
  }

 private:
  static Error truncated() { return Error{ErrorCode::Corruption, "the bytes end too early"}; }

  template <class Integer>
  Result<Integer> fixed() {
    if (remaining() < sizeof(Integer)) return truncated();
    Integer value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
      const auto byte = static_cast<Integer>(bytes_[position_ + i]);
      value = static_cast<Integer>(value | static_cast<Integer>(byte << (8 * i)));
    }
    position_ += sizeof(Integer);
    return value;
  }

  ByteView bytes_;
  std::size_t position_ = 0;
};

}  // namespace nexus
