#include "optimizer/optimizer.h"

#include <vector>

namespace nexus::optimizer {

// Iterative: a chain of ten thousand clauses is a plan as deep.
void optimize(plan::Statement& statement) {
  if (!statement.root) return;
  std::vector<plan::PlanPtr*> open{&statement.root};
  while (!open.empty()) {
    plan::PlanPtr& plan = *open.back();
    open.pop_back();
    drop_true_filter(plan);
    sort_only_what_is_kept(plan);
    for_each_child(*plan, [&open](plan::PlanPtr& child) { open.push_back(&child); });
  }
}

}  // namespace nexus::optimizer
