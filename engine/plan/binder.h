// bind(): from syntax to plan: names become slots, clauses become operators, and every
// mistake that can be seen before running is an Error with compile_time set.
#pragma once

#include "plan/plan.h"
#include "syntax/ast.h"

namespace nexus::plan {

struct BindOptions {
  const ProcedureSignatures* procedures = nullptr;
};

// Parameters are not looked at: a missing one is an error when the statement starts.
Result<Statement> bind(const syntax::RegularQuery& query, const BindOptions& options);
// SHOW … [YIELD … WHERE … RETURN …]: a ProcedureCall named "SHOW …" with projection on top.
Result<Statement> bind(const syntax::ShowCommand& command, const BindOptions& options);

}  // namespace nexus::plan
