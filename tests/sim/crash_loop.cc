#include "tests/sim/crash_loop.h"

#include "tests/sim/dice.h"
#include "vfs/fault_vfs.h"
#include "vfs/memory_vfs.h"

namespace nexus::sim {
namespace {

using vfs::CrashStyle;
using vfs::FaultKind;
using vfs::FaultPlan;
using vfs::FaultVfs;
using vfs::MemoryVfs;

constexpr const char* kStyleNames[vfs::kCrashStyles] = {"lose unsynced", "keep all",     "keep prefix",
                                                        "torn sectors",  "garbage tail", "zero tail"};

struct Point {
  std::uint64_t seed;
  std::uint64_t operation;
  CrashStyle style;
  bool crashes_again;
};

FaultPlan crash_at(std::uint64_t operation, Dice& dice) {
  return {FaultKind::Crash, operation, ErrorCode::IoError, dice.next(), false};
}

std::string run_point(const MakeScenario& make, const Point& point) {
  Dice dice(hash_combine(hash_combine(point.seed, point.operation), static_cast<std::uint64_t>(point.style)));
  const auto roll = [&dice] { return dice.next(); };
  MemoryVfs memory;
  FaultVfs faulty(memory, crash_at(point.operation, dice));
  const auto scenario = make(point.seed);
  scenario->run(faulty);
  memory.crash(point.style, roll);
  if (point.crashes_again) {
    faulty.arm(crash_at(1 + dice.below(4), dice));
    scenario->recover(faulty);
    memory.crash(static_cast<CrashStyle>(dice.below(vfs::kCrashStyles)), roll);
  }
  faulty.arm({});
  return scenario->verify(faulty);
}

std::uint64_t count_operations(const MakeScenario& make, std::uint64_t seed) {
  MemoryVfs memory;
  FaultVfs faulty(memory);
  make(seed)->run(faulty);
  return faulty.operations();
}

std::string describe(const Point& point, const std::string& what) {
  return "seed " + std::to_string(point.seed) + ", operation " + std::to_string(point.operation) + ", " +
         kStyleNames[static_cast<unsigned>(point.style)] +
         (point.crashes_again ? ", crashed again while recovering: " : ": ") + what;
}

}  // namespace

CrashReport run_crash_loop(const MakeScenario& make, std::uint64_t seed, std::uint64_t points) {
  CrashReport report;
  for (;; ++seed) {
    ++report.seeds;
    const std::uint64_t operations = count_operations(make, seed);
    for (std::uint64_t operation = 1; operation <= operations + 1; ++operation) {
      for (unsigned style = 0; style < vfs::kCrashStyles; ++style) {
        const Point point{seed, operation, static_cast<CrashStyle>(style), (operation + style) % 3 == 0};
        const std::string wrong = run_point(make, point);
        ++report.points;
        if (!wrong.empty()) report.failure = describe(point, wrong);
        if (!wrong.empty() || report.points >= points) return report;
      }
    }
  }
}

}  // namespace nexus::sim
