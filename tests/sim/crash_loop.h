// The crash loop: one workload, stopped at every operation that changes a file, in every style
// that MemoryVfs::crash() knows, and stopped again while it recovers.
//
// A scenario is made anew for every crash point from the same seed, so it must do the same
// things every time until the machine stops. It keeps its own idea of what must have survived.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "nexus/vfs.h"

namespace nexus::sim {

class Scenario {
 public:
  virtual ~Scenario() = default;
  // Works until it is done or until the files report an error. Ends with everything closed.
  virtual void run(Vfs& vfs) = 0;
  // After a crash: opens everything, ignoring errors. The machine may stop again meanwhile.
  virtual void recover(Vfs& vfs) = 0;
  // On a healthy machine: what must be there is there, and work goes on. Empty, or what is wrong.
  virtual std::string verify(Vfs& vfs) = 0;
};

using MakeScenario = std::function<std::unique_ptr<Scenario>(std::uint64_t seed)>;

struct CrashReport {
  std::uint64_t seeds = 0;
  std::uint64_t points = 0;
  std::string failure;  // Empty: all is well. Else it names seed, operation and style.
};

// Goes through seeds from `seed` on until `points` crash points are done or one fails.
CrashReport run_crash_loop(const MakeScenario& make, std::uint64_t seed, std::uint64_t points);

}  // namespace nexus::sim
