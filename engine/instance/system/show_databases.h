// SHOW DATABASES, SHOW DATABASE name, SHOW DEFAULT DATABASE, SHOW HOME DATABASE: as procedures,
// so that YIELD, WHERE, ORDER BY and RETURN are the binder's business as everywhere.
#pragma once

#include "instance/administration.h"
#include "procedure/registry.h"

namespace nexus::instance::system {

// Made once: every session has its own procedures, and a REST request its own session.
struct ShowSignatures {
  ShowSignatures();
  plan::ProcedureSignature named, default_one, home;
};

// Adds them as `identity` sees them. All but the address must outlive the registry.
void add_show_databases(procedure::Registry& registry, const ShowSignatures& signatures,
                        const Administration& administration, const Identity& identity, std::string address);

}  // namespace nexus::instance::system
