#include "optimizer/optimizer.h"

namespace nexus::optimizer {

void drop_true_filter(plan::PlanPtr& plan) {
  for (;;) {
    auto* filter = std::get_if<plan::Filter>(&plan->op);
    if (filter == nullptr || !filter->input) return;
    const auto* constant = std::get_if<plan::Constant>(&filter->predicate->node);
    if (constant == nullptr || !constant->value.is_true()) return;
    plan::PlanPtr input = std::move(filter->input);
    plan = std::move(input);
  }
}

}  // namespace nexus::optimizer
