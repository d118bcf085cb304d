// SHOW DATABASES, SHOW DATABASE name, SHOW DEFAULT DATABASE, SHOW HOME DATABASE: as procedures,
// so that YIELD, WHERE, ORDER BY and RETURN are the binder's business as everywhere.
#pragma once

#include "instance/database_manager.h"
#include "procedure/registry.h"

namespace nexus::instance::system {

// Adds them as `identity` sees them. `manager` and `identity` must outlive the registry.
void add_show_databases(procedure::Registry& registry, DatabaseManager& manager, const Identity& identity,
                        std::string address);

}  // namespace nexus::instance::system
