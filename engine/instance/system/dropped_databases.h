// CALL nexus.droppedDatabases(): what UNDROP DATABASE can bring back.
#pragma once

#include "procedure/registry.h"

namespace nexus::instance::system {

// As whoever calls it sees them.
void add_dropped_databases(procedure::Registry& registry);

}  // namespace nexus::instance::system
