#include "instance/batches.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace nexus::instance {

// In steps, so that a statement that is told to stop does not wait for the end of a pause.
Result<bool> StoreBatches::pause(std::int64_t nanoseconds) {
  constexpr std::int64_t kStep = 5'000'000;
  const Environment& environment = work_.database().environment();
  if (environment.settings.single_threaded) return false;
  std::mutex mutex;
  std::condition_variable nobody_calls;
  std::unique_lock<std::mutex> lock(mutex);
  for (; nanoseconds > 0; nanoseconds -= kStep) {
    NX_TRY_DO(work_.cancellation().check(environment.components.clock));
    nobody_calls.wait_for(lock, std::chrono::nanoseconds(std::min(nanoseconds, kStep)));
  }
  return true;
}

}  // namespace nexus::instance
