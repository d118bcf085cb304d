// storage_sim [--seed n] [--points n]: crashes the storage rung at every write until it is tired.
// Exit code 0: nothing acknowledged was lost. 1: something was; the line printed repeats it.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/sim/storage_scenario.h"

int main(int argc, char** argv) {
  unsigned long long seed = 1;
  unsigned long long points = 2000;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const unsigned long long number = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--seed") seed = number;
    if (name == "--points") points = number;
  }
  const auto make = [](std::uint64_t its_seed) -> std::unique_ptr<nexus::sim::Scenario> {
    return std::make_unique<nexus::sim::StorageScenario>(its_seed);
  };
  const nexus::sim::CrashReport report = nexus::sim::run_crash_loop(make, seed, points);
  std::printf("storage_sim: seed %llu, %llu seeds, %llu crash points\n", seed,
              static_cast<unsigned long long>(report.seeds), static_cast<unsigned long long>(report.points));
  if (report.failure.empty()) return 0;
  std::printf("FAILED: %s\n", report.failure.c_str());
  return 1;
}
