// Names of databases: what may be created, and how a name is looked up.
//
// Invariant: a stored name is lower case, so looking up is one comparison of bytes. Names are
// never part of a path: folders are called after uuids.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace nexus::instance {

inline constexpr std::string_view kSystemDatabase = "system";
inline constexpr std::size_t kDatabaseNameBytesMin = 3;
inline constexpr std::size_t kDatabaseNameBytesMax = 63;
inline constexpr std::size_t kAliasBytesMax = 65'534;

// ASCII lower case; other bytes stay. For looking up, where an impossible name is simply not there.
std::string fold_database_name(std::string_view name);
// The folded name, when a database may be created under it. InvalidDatabaseName says which rule it breaks.
Result<std::string> check_database_name(std::string_view name);
// The same for an alias, which may hold any character.
Result<std::string> check_alias_text(std::string_view name);
// A name as messages show it: at most 80 bytes, control characters replaced.
std::string printable_name(std::string_view name);

}  // namespace nexus::instance
