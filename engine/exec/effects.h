// What parts of a plan read and write, so that only what must be kept apart is kept apart.
//
// Invariant: never fewer than the truth; a bit too many costs a buffer, one too few a wrong answer.
#pragma once

#include <cstdint>
#include <vector>

#include "plan/plan.h"

namespace nexus::exec {

using EffectBits = std::uint8_t;
constexpr EffectBits kStructure = 1;   // Which nodes and relationships there are.
constexpr EffectBits kLabels = 2;
constexpr EffectBits kProperties = 4;
constexpr EffectBits kEverything = kStructure | kLabels | kProperties;

// What may be done to the graph, for those who decide whether it is allowed.
using ActBits = std::uint8_t;
constexpr ActBits kFinds = 1;  // Nodes and relationships that were there before.
constexpr ActBits kCreates = 2;
constexpr ActBits kDeletes = 4;
constexpr ActBits kSetsLabels = 8;
constexpr ActBits kRemovesLabels = 16;
constexpr ActBits kSetsProperties = 32;
constexpr ActBits kLoads = 64;  // Files.

struct Effects {
  EffectBits reads = 0;
  EffectBits writes = 0;
  ActBits acts = 0;
  std::vector<const plan::ProcedureCall*> calls;  // They do what their signatures say.
  void add(const Effects& more) {
    reads |= more.reads;
    writes |= more.writes;
    acts |= more.acts;
    calls.insert(calls.end(), more.calls.begin(), more.calls.end());
  }
};

// Of one operator, its expressions and inner plans, without its input.
Effects own_effects(const plan::Plan& plan);
// Of the whole plan.
Effects effects(const plan::Plan& plan);
Effects effects(const plan::Expression& expression);

// The input of an operator; nullptr where there is none.
const plan::Plan* input_of(const plan::Plan& plan);

}  // namespace nexus::exec
