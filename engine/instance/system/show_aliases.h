// SHOW ALIASES FOR DATABASE, dbms.setDefaultDatabase(): what there is to know and to choose about names.
#pragma once

#include "procedure/registry.h"

namespace nexus::instance::system {

// As whoever calls them may use them.
void add_show_aliases(procedure::Registry& registry);

}  // namespace nexus::instance::system
