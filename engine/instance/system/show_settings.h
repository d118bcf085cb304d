// SHOW SETTINGS [name, …].
#pragma once

#include "nexus/instance.h"
#include "procedure/registry.h"

namespace nexus::instance::system {

void add_show_settings(procedure::Registry& registry, const InstanceSettings& settings);

}  // namespace nexus::instance::system
