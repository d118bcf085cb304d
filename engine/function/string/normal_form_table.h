// The tables behind normal_form.h.
#pragma once

#include <cstdint>
#include <span>

namespace nexus::function {

struct Decomposition {
  char32_t whole;
  char32_t base;
  char32_t mark;
};

// A run of code points of one canonical combining class other than 0.
struct CombiningRun {
  char32_t first;
  char32_t last;
  std::uint8_t combining_class;
};

std::span<const Decomposition> composable();       // Pairs that compose again, sorted by base and mark.
std::span<const Decomposition> decomposed_only();  // The others, sorted by the whole.
std::span<const CombiningRun> combining_runs();    // Sorted.

}  // namespace nexus::function
