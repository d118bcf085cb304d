// main() of a simulation: [--seed n] [--points n]. Exit code 0: nothing acknowledged was lost.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/sim/crash_loop.h"

namespace nexus::sim {

inline int run_main(const char* name, const MakeScenario& make, int argc, char** argv) {
  unsigned long long seed = 1;
  unsigned long long points = 2000;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view flag = argv[i];
    const unsigned long long number = std::strtoull(argv[i + 1], nullptr, 10);
    if (flag == "--seed") seed = number;
    if (flag == "--points") points = number;
  }
  const CrashReport report = run_crash_loop(make, seed, points);
  std::printf("%s: seed %llu, %llu seeds, %llu crash points\n", name, seed,
              static_cast<unsigned long long>(report.seeds), static_cast<unsigned long long>(report.points));
  if (report.failure.empty()) return 0;
  std::printf("FAILED: %s\n", report.failure.c_str());
  return 1;
}

}  // namespace nexus::sim
