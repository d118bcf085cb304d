// Rules about whole statements that depend on where they run: what the system database
// answers, and where USE may stand.
#pragma once

#include "instance/plan_cache.h"
#include "procedure/registry.h"

namespace nexus::instance {

// Fills `prepared` with what the tree says about targets. MisplacedUse for a USE that is not the first clause of a
// UNION arm or subquery; the statement's own is not in the tree yet.
Result<> note_rules(const syntax::RegularQuery& query, const procedure::Registry& procedures, Prepared& prepared);
Error not_allowed_on_system(const Prepared& prepared);

}  // namespace nexus::instance
