// CALL nexus.droppedDatabases(): what UNDROP DATABASE can bring back.
#pragma once

#include "instance/database_manager.h"
#include "procedure/registry.h"

namespace nexus::instance::system {

// As `identity` sees them. `manager` and `identity` must outlive the registry.
void add_dropped_databases(procedure::Registry& registry, DatabaseManager& manager, const Identity& identity);

}  // namespace nexus::instance::system
