// SHOW ALIASES FOR DATABASE, dbms.setDefaultDatabase(): what there is to know and to choose about names.
#pragma once

#include "instance/administration.h"
#include "procedure/registry.h"

namespace nexus::instance::system {

// Adds them as `identity` may use them. `administration` and `identity` must outlive the registry.
void add_show_aliases(procedure::Registry& registry, Administration& administration, const Identity& identity);

}  // namespace nexus::instance::system
