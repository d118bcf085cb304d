// Caller: the session behind a procedure call: who asks, and what it has begun.
#pragma once

#include "exec/procedure_source.h"
#include "instance/administration.h"

namespace nexus::instance {

struct Caller final : exec::Caller {
  Caller(const std::unique_ptr<DatabaseManager>& manager, Environment& environment, Identity who)
      : identity(std::move(who)), administration(manager, identity, environment) {}

  const Identity identity;
  Administration administration;
  Map metadata;  // Of its newest transaction: RunOptions::metadata.
};

// Requires: the procedure was called by a statement of a session.
inline Caller& caller_of(const exec::ProcedureContext& context) { return *static_cast<Caller*>(context.caller); }

}  // namespace nexus::instance
