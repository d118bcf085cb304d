// Uuids of databases: 16 random bytes, never used twice; the name of the folder in text form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/components.h"
#include "storage/store.h"

namespace nexus::instance {

using storage::DatabaseUuid;

// The system database has the same uuid everywhere.
inline constexpr DatabaseUuid kSystemUuid{0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, 1};

DatabaseUuid make_uuid(Random& random);  // Version 4.
// "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
std::string uuid_text(const DatabaseUuid& uuid);
// Of the database in "4:<uuid>:<id>", an element id.
std::optional<DatabaseUuid> uuid_of_element_id(std::string_view text);
std::optional<DatabaseUuid> parse_uuid(std::string_view text);

}  // namespace nexus::instance
