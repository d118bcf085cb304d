#include "optimizer/optimizer.h"

namespace nexus::optimizer {
namespace {

// Only a plain constant or parameter: those cannot fail in a way that Limit itself would not.
plan::ExpressionPtr copy_count(const plan::Expression& count) {
  if (const auto* constant = std::get_if<plan::Constant>(&count.node)) {
    if (!constant->value.is(Type::Integer) || constant->value.integer() < 0) return nullptr;
    return std::make_unique<plan::Expression>(*constant, count.position);
  }
  if (const auto* parameter = std::get_if<plan::ParameterRef>(&count.node)) {
    return std::make_unique<plan::Expression>(*parameter, count.position);
  }
  return nullptr;
}

}  // namespace

void sort_only_what_is_kept(plan::PlanPtr& plan) {
  auto* limit = std::get_if<plan::Limit>(&plan->op);
  if (limit == nullptr || !limit->input) return;
  auto* sort = std::get_if<plan::Sort>(&limit->input->op);
  if (sort == nullptr || sort->limit) return;
  sort->limit = copy_count(*limit->count);
}

}  // namespace nexus::optimizer
