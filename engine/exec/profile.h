// Profile: what every operator of one running plan did, inputs and inner plans included.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "plan/plan.h"

namespace nexus::exec {

struct OperatorProfile {
  std::uint64_t rows = 0;
  std::uint64_t db_hits = 0;      // Reads of nodes, relationships, properties and labels.
  std::int64_t nanoseconds = 0;
};

using Profile = std::unordered_map<const plan::Plan*, OperatorProfile>;

}  // namespace nexus::exec
