// for_each_child(): which members of an operator are plans.
#pragma once

#include <variant>

#include "plan/plan.h"

namespace nexus::optimizer {

template <class Use>
void for_each_child(plan::Plan& plan, Use use) {
  std::visit(
      [&use](auto& op) {
        if constexpr (requires { op.input; }) {
          if (op.input) use(op.input);
        }
        if constexpr (requires { op.inner; }) {
          if (op.inner) use(op.inner);
        }
        if constexpr (requires { op.match; }) {
          if (op.match) use(op.match);
        }
        if constexpr (requires { op.inputs; }) {
          for (plan::PlanPtr& input : op.inputs) use(input);
        }
      },
      plan.op);
}

}  // namespace nexus::optimizer
