// bind(): from syntax to plan: names become slots, clauses become operators, and every
// mistake that can be seen before running is an Error with compile_time set.
#pragma once

#include "catalog/index_shape.h"
#include "plan/plan.h"
#include "syntax/ast.h"

namespace nexus::plan {

struct BindOptions {
  const ProcedureSignatures* procedures = nullptr;
  // Of the database it is planned for; null: not known, then plans scan and hints wait.
  const std::vector<catalog::IndexShape>* indexes = nullptr;
};

// Parameters are not looked at: a missing one is an error when the statement starts.
Result<Statement> bind(const syntax::RegularQuery& query, const BindOptions& options);
// SHOW … [YIELD … WHERE … RETURN …]: a ProcedureCall named "SHOW …" with projection on top.
Result<Statement> bind(const syntax::ShowCommand& command, const BindOptions& options);

// The types that `IS :: type` allows a property to have. InvalidArgument for what none can have.
struct PropertyTypes {
  function::TypeSet types = 0;
  VectorType vector;  // Of a VECTOR among them.
};
Result<PropertyTypes> property_types(const syntax::TypeName& type, Position position);

}  // namespace nexus::plan
