// instance_sim [--seed n] [--points n]: crashes administration at every write until it is tired.
// Exit code 0: every command happened wholly or not at all. 1: one did not; the line printed repeats it.
#include "tests/sim/instance_scenario.h"
#include "tests/sim/run_main.h"

int main(int argc, char** argv) {
  return nexus::sim::run_main(
      "instance_sim", [](std::uint64_t seed) { return std::make_unique<nexus::sim::InstanceScenario>(seed); }, argc, argv);
}
