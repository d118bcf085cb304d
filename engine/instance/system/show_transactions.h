// SHOW TRANSACTIONS, TERMINATE TRANSACTIONS: what runs in this instance.
#pragma once

#include "instance/database_manager.h"
#include "instance/environment.h"
#include "procedure/registry.h"

namespace nexus::instance::system {

// Of those that `identity` may see and end. `manager`, `identity` and `environment` must outlive the registry.
void add_show_transactions(procedure::Registry& registry, DatabaseManager& manager, const Identity& identity,
                           const Environment& environment);

}  // namespace nexus::instance::system
