// Runs one TCK scenario on a fresh in-memory instance.
#pragma once

#include <filesystem>
#include <string>

#include "nexus/instance.h"
#include "tests/tck/feature.h"

namespace nexus::tck {

// Empty when the scenario passed; else one line that says what differed.
std::string run_scenario(const Scenario& scenario, const std::filesystem::path& graphs,
                         const InstanceSettings& settings);

}  // namespace nexus::tck
