// SHOW TRANSACTIONS, TERMINATE TRANSACTIONS: what runs in this instance.
#pragma once

#include "instance/database_manager.h"
#include "instance/environment.h"
#include "procedure/registry.h"

namespace nexus::instance::system {

// Of those that whoever calls them may see and end. `manager`, made before the first call, and `environment` must
// outlive the registry.
void add_show_transactions(procedure::Registry& registry, const std::unique_ptr<DatabaseManager>& manager,
                           const Environment& environment);

}  // namespace nexus::instance::system
