// The procedures that TCK scenarios bring along, built from their signature and table.
#pragma once

#include <string>

#include "procedure/registry.h"
#include "tests/tck/feature.h"

namespace nexus::tck {

// "test.my.proc(name :: STRING?) :: (city :: STRING?)". Empty, or what is wrong.
std::string add_test_procedure(procedure::Registry& registry, const std::string& signature,
                               const std::vector<TableRow>& table);

}  // namespace nexus::tck
