// What somebody must be allowed to do, to run a statement.
#pragma once

#include "instance/access_control.h"
#include "plan/plan.h"

namespace nexus::instance {

// Of a query. Never fewer than the truth; a procedure that reads needs MATCH, one that writes all of writing.
Rights rights_of(const plan::Statement& statement, const plan::ProcedureSignatures& procedures);
// Of a command on indexes or constraints; those of administration are asked for where they are run.
Rights rights_of(const syntax::Statement& statement);

}  // namespace nexus::instance
