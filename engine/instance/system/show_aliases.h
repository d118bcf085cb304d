// SHOW ALIASES FOR DATABASE, dbms.setDefaultDatabase(): what there is to know and to choose about names.
#pragma once

#include "instance/database_manager.h"
#include "procedure/registry.h"

namespace nexus::instance::system {

// Adds them as `identity` may use them. `manager` and `identity` must outlive the registry.
void add_show_aliases(procedure::Registry& registry, DatabaseManager& manager, const Identity& identity);

}  // namespace nexus::instance::system
