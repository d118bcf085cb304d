// SHOW FUNCTIONS and SHOW PROCEDURES.
#pragma once

#include "procedure/registry.h"

namespace nexus::procedure {

// SHOW PROCEDURES lists what `registry` holds when it is asked.
void add_listings(Registry& registry);
// SHOW INDEXES, SHOW CONSTRAINTS and the db.*Index* procedures that tools call.
void add_schema_listings(Registry& registry);

}  // namespace nexus::procedure
