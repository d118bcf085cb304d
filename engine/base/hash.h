// Hashing that is the same on every machine and in every run.
//
// Why not std::hash: it differs between libraries and is the identity for integers in
// libstdc++, which makes masks of it useless. Not for adversarial keys that cross a trust
// border in bulk.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace nexus {

// A bijection that spreads every input bit over the whole word.
inline std::uint64_t mix64(std::uint64_t word) {
  word ^= word >> 32;
  word *= 0xD6E8FEB86659FD93u;
  word ^= word >> 32;
  word *= 0xD6E8FEB86659FD93u;
  word ^= word >> 32;
  return word;
}

inline std::uint64_t hash_combine(std::uint64_t seed, std::uint64_t word) {
  return mix64(seed * 0x9E3779B97F4A7C15u + word + 1);
}

inline std::uint64_t hash_bytes(ByteView bytes, std::uint64_t seed = 0) {
  std::uint64_t hash = mix64(seed ^ (bytes.size() * 0x9E3779B97F4A7C15u));
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i) word |= static_cast<std::uint64_t>(bytes[at + i]) << (8 * i);
    hash = hash_combine(hash, word);
  }
  std::uint64_t tail = 0;
  for (std::size_t i = 0; at + i < bytes.size(); ++i) tail |= static_cast<std::uint64_t>(bytes[at + i]) << (8 * i);
  return hash_combine(hash, tail);
}

inline std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0) {
  return hash_bytes(as_bytes(text), seed);
}

}  // namespace nexus
