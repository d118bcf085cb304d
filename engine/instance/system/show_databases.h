// SHOW DATABASES, SHOW DATABASE name, SHOW DEFAULT DATABASE, SHOW HOME DATABASE: as procedures,
// so that YIELD, WHERE, ORDER BY and RETURN are the binder's business as everywhere.
#pragma once

#include "procedure/registry.h"

namespace nexus::instance::system {

// As whoever calls them sees the databases.
void add_show_databases(procedure::Registry& registry, std::string address);

}  // namespace nexus::instance::system
