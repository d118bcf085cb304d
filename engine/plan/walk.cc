#include "plan/walk.h"

namespace nexus::plan {

PlanPtr* input_of(Plan& plan) {
  return std::visit(
      [](auto& op) -> PlanPtr* {
        if constexpr (requires { op.input; }) {
          return &op.input;
        } else {
          return nullptr;
        }
      },
      plan.op);
}

const Plan* input_of(const Plan& plan) {
  return std::visit(
      [](const auto& op) -> const Plan* {
        if constexpr (requires { op.input; }) {
          return op.input.get();
        } else {
          return nullptr;
        }
      },
      plan.op);
}

std::vector<const Plan*> inner_plans(const Plan& plan) {
  std::vector<const Plan*> inner;
  std::visit(
      [&](const auto& op) {
        if constexpr (requires { op.inner; }) {
          if (op.inner) inner.push_back(op.inner.get());
        }
        if constexpr (requires { op.match; }) {
          if (op.match) inner.push_back(op.match.get());
        }
        if constexpr (requires { op.inputs; }) {
          for (const PlanPtr& input : op.inputs) {
            if (input) inner.push_back(input.get());
          }
        }
      },
      plan.op);
  return inner;
}

// A long script is a long chain of inputs: taken apart link by link, not by recursion.
Plan::~Plan() {
  PlanPtr* input = input_of(*this);
  PlanPtr rest = input == nullptr ? nullptr : std::move(*input);
  while (rest) {
    PlanPtr* below = input_of(*rest);
    PlanPtr next = below == nullptr ? nullptr : std::move(*below);
    rest = std::move(next);
  }
}

}  // namespace nexus::plan
