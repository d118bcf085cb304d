// The numbers by which storage knows things.
//
// Invariant: a node or relationship id is never given twice and never moves; it is below
// 2^48 and holds its place: group << 14 | offset. Token ids count from 0 per kind.
#pragma once

#include <cstdint>

#include "nexus/value.h"

namespace nexus::storage {

using NodeId = std::uint64_t;
using RelationshipId = std::uint64_t;
using TokenId = std::uint32_t;
using GroupId = std::uint64_t;    // Below 2^34.
using Timestamp = std::uint64_t;  // Commits of one database are numbered 1, 2, 3, …

enum class TokenKind : std::uint8_t { Label, Type, Key };
enum class Direction : std::uint8_t { Outgoing, Incoming, Both };

constexpr unsigned kOffsetBits = 14;
constexpr std::uint64_t kGroupRows = 1u << kOffsetBits;
constexpr std::uint64_t kIdEnd = std::uint64_t{1} << 48;
constexpr GroupId group_of(std::uint64_t id) { return id >> kOffsetBits; }
constexpr std::uint32_t offset_of(std::uint64_t id) { return static_cast<std::uint32_t>(id & (kGroupRows - 1)); }

struct Property {
  TokenId key = 0;
  Value value;
};

struct RelationshipRecord {
  TokenId type = 0;
  NodeId start = 0;
  NodeId end = 0;
};

// One step from a node; `node` is the other end.
struct Neighbor {
  RelationshipId relationship = 0;
  NodeId node = 0;
  TokenId type = 0;
};

// Where a scan goes on. Ids grow along a scan, so rows created meanwhile by the same
// transaction may or may not be met.
struct ScanPosition {
  std::uint64_t next_id = 0;
};

}  // namespace nexus::storage
