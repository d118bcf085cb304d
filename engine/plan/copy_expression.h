// Copies of expressions that may be evaluated twice.
#pragma once

#include "plan/plan.h"

namespace nexus::plan {

// Null for what is not worth copying or could answer something else the second time.
ExpressionPtr copy_expression(const Expression& expression);

}  // namespace nexus::plan
