// optimize(): better plans for the same answer. Each rule is a file with its own test.
//
// Invariant: a plan before and after every rule yields the same rows, errors included, so a
// rule never evaluates early what might fail at run time.
#pragma once

#include "plan/plan.h"

namespace nexus::optimizer {

void optimize(plan::Statement& statement);

// The rules, in the order in which optimize() applies them, each to one operator.
// Filter(true, x) → x
void drop_true_filter(plan::PlanPtr& plan);
// Limit(Sort(x), n) → Limit(Sort(x, keep n), n): a heap of n rows instead of all of them.
void sort_only_what_is_kept(plan::PlanPtr& plan);

// Calls `use` with each operator's own inputs and inner plans (not those inside expressions).
template <class Use>
void for_each_child(plan::Plan& plan, Use use);

}  // namespace nexus::optimizer

#include "optimizer/children_inline.h"
