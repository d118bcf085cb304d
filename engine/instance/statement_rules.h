// Rules about whole statements that depend on where they run: what the system database
// answers, and where USE may stand.
#pragma once

#include "instance/plan_cache.h"
#include "procedure/registry.h"

namespace nexus::instance {

// Fills `prepared` with what the tree says about targets and takes the USE clauses out of the
// tree. MisplacedUse for one that is not the first clause of a UNION arm or subquery.
Result<> note_rules(syntax::RegularQuery& query, const procedure::Registry& procedures, Prepared& prepared);
// UseMismatch when a USE names another database than `target`.
Result<> check_use(const syntax::GraphReference& graph, std::string_view target, const Map& parameters);
// UseMismatch when an inner USE names another database than the statement's.
Result<> check_inner_uses(const Prepared& prepared, std::string_view target, const Map& parameters);
Error not_allowed_on_system(const Prepared& prepared);

}  // namespace nexus::instance
