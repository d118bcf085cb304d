// storage_sim [--seed n] [--points n]: crashes the storage rung at every write until it is tired.
// Exit code 0: nothing acknowledged was lost. 1: something was; the line printed repeats it.
#include "tests/sim/run_main.h"
#include "tests/sim/storage_scenario.h"

int main(int argc, char** argv) {
  return nexus::sim::run_main(
      "storage_sim", [](std::uint64_t seed) { return std::make_unique<nexus::sim::StorageScenario>(seed); }, argc, argv);
}
