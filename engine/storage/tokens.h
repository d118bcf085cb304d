// Tokens: the names of labels, relationship types and property keys, and their numbers.
//
// Append-only and not transactional: a name gets its number at once and for good, whatever
// becomes of the transaction that brought it. The next commit of anybody logs the names that
// the log does not know yet, in the order of their numbers, so a replay gives the same ones.
//
// Threads: name() and size() take no lock; find() and intern() take one.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "storage/ids.h"
#include "storage/memory.h"

namespace nexus::storage {

class Tokens {
 public:
  explicit Tokens(Memory& memory) : memory_(memory) {}
  ~Tokens();
  Tokens(const Tokens&) = delete;
  Tokens& operator=(const Tokens&) = delete;

  std::size_t size() const { return size_.load(std::memory_order_acquire); }
  std::string_view name(TokenId token) const;  // Requires: token < size().
  std::optional<TokenId> find(std::string_view name) const;
  // MemoryLimit; LimitExceeded beyond kTokensMax names or kNameBytesMax bytes.
  Result<TokenId> intern(std::string_view name);

  static constexpr std::size_t kTokensMax = 1u << 20;
  static constexpr std::size_t kNameBytesMax = 65535;

 private:
  // Segment i holds 16 << i names and is never moved.
  static constexpr unsigned kSegments = 17;

  Memory& memory_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string_view, TokenId> numbers_;  // Views into the segments.
  std::atomic<std::string*> segments_[kSegments] = {};
  std::atomic<std::size_t> size_{0};
  std::uint64_t held_bytes_ = 0;
};

}  // namespace nexus::storage
