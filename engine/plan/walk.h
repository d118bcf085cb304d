// Ways through a plan, for those who do not care which operator they meet.
#pragma once

#include <vector>

#include "plan/plan.h"

namespace nexus::plan {

// Where rows come from; null at the bottom.
PlanPtr* input_of(Plan& plan);
const Plan* input_of(const Plan& plan);
// Plans an operator runs by itself: the inner side of applies, MERGE and FOREACH, the arms of UNION.
std::vector<const Plan*> inner_plans(const Plan& plan);

}  // namespace nexus::plan
