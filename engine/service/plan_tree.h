// A statement's plan as the value that protocols send.
#pragma once

#include "nexus/session.h"
#include "nexus/value.h"

namespace nexus::service {

// {operatorType, args, identifiers, children} and, after PROFILE, {rows, dbHits, time}.
Value plan_value(const PlanTree& tree);

}  // namespace nexus::service
