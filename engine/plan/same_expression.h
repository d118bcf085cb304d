// Whether two expressions are written the same, positions aside: how ORDER BY and
// aggregation recognise an expression that the projection has already computed.
//
// Patterns and subqueries are never the same: whoever repeats one computes it again.
#pragma once

#include "syntax/ast.h"

namespace nexus::plan {

bool same_expression(const syntax::Expression& left, const syntax::Expression& right);

}  // namespace nexus::plan
