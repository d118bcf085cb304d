// What libFuzzer calls; NEXUS_FUZZ_TARGET is the function of targets.h.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/libfuzzer/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  nexus::fuzz::NEXUS_FUZZ_TARGET({bytes, size});
  return 0;
}
