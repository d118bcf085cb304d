// A plan as data and as a table, with what PROFILE measured.
#pragma once

#include <string>

#include "exec/profile.h"
#include "nexus/session.h"

namespace nexus::instance {

// `profile` may be null. Counts are those of the operator alone; rows are what it handed on.
PlanTree plan_tree(const plan::Plan& root, const plan::SlotNames& names, const exec::Profile* profile);
// A line an operator, the last one first, with its rows, database hits and time.
std::string to_text(const PlanTree& tree);

}  // namespace nexus::instance
