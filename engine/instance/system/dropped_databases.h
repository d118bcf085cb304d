// CALL nexus.droppedDatabases(): what UNDROP DATABASE can bring back.
#pragma once

#include "instance/administration.h"
#include "procedure/registry.h"

namespace nexus::instance::system {

// As `identity` sees them. `administration` and `identity` must outlive the registry.
void add_dropped_databases(procedure::Registry& registry, const Administration& administration, const Identity& identity);

}  // namespace nexus::instance::system
