// Dice: all the randomness of a simulation, from one printed seed.
#pragma once

#include "base/components.h"
#include "base/hash.h"

namespace nexus::sim {

class Dice : public Random {
 public:
  explicit Dice(std::uint64_t seed) : state_(mix64(seed + 0x5EED)) {}
  std::uint64_t next() override { return mix64(state_ += 0x9E3779B97F4A7C15u); }
  std::uint64_t below(std::uint64_t end) { return next() % end; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace nexus::sim
