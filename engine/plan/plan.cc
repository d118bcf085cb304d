#include "plan/plan.h"

namespace nexus::plan {

// Out of line: the alternatives hold plans, which are complete only here.
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(Expression&&) noexcept = default;
Expression::~Expression() = default;

}  // namespace nexus::plan
