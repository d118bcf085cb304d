// The first byte of every operation in a log frame; docs/format/log.md has the table.
#pragma once

#include <cstdint>

namespace nexus::storage {

constexpr std::uint8_t kOperationToken = 1;
constexpr std::uint8_t kOperationCreateNodes = 2;
constexpr std::uint8_t kOperationCreateRelationships = 3;
constexpr std::uint8_t kOperationDeleteNode = 4;
constexpr std::uint8_t kOperationDeleteRelationship = 5;
constexpr std::uint8_t kOperationAddLabel = 6;
constexpr std::uint8_t kOperationRemoveLabel = 7;
constexpr std::uint8_t kOperationSetNodeProperty = 8;  // Null removes.
constexpr std::uint8_t kOperationSetRelationshipProperty = 9;
constexpr std::uint8_t kOperationDefineRule = 11;  // From log version 2 on, like the next.
constexpr std::uint8_t kOperationDropRule = 12;
constexpr std::uint8_t kOperationIds = 10;  // In snapshots only.

}  // namespace nexus::storage
