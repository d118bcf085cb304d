// Administration commands: from their syntax to one call of the DatabaseManager each.
//
// Every command is synchronous: when it has succeeded, what it says is so. WAIT and NOWAIT
// are accepted and differ only in the row that WAIT returns.
#pragma once

#include <cstdint>

#include "instance/database_manager.h"
#include "syntax/ast.h"

namespace nexus::instance::system {

struct AdminContext {
  DatabaseManager& manager;
  const Identity& identity;
  const Map& parameters;
  std::uint64_t temporary_ttl_seconds = 0;  // Of temporary databases created without one; 0: none.
};

// How many rows of the system database changed; 0 for a command that found nothing to do.
using Outcome = Result<std::uint64_t>;

Outcome create_database(const syntax::CreateDatabase& command, const AdminContext& context);
Outcome drop_database(const syntax::DropDatabase& command, const AdminContext& context);
Outcome alter_database(const syntax::AlterDatabase& command, const AdminContext& context);
Outcome start_database(const syntax::StartDatabase& command, const AdminContext& context);
Outcome stop_database(const syntax::StopDatabase& command, const AdminContext& context);
Outcome undrop_database(const syntax::UndropDatabase& command, const AdminContext& context);

Outcome create_alias(const syntax::CreateAlias& command, const AdminContext& context);
Outcome alter_alias(const syntax::AlterAlias& command, const AdminContext& context);
Outcome drop_alias(const syntax::DropAlias& command, const AdminContext& context);

// Any statement that is neither query nor transaction nor session command; `wait` is set when
// the command asks for the row of WAIT.
Outcome administer(const syntax::Statement& statement, const AdminContext& context, bool& wait);

// OPTIONS {…} of CREATE DATABASE, as far as it is kept.
Result<DatabaseOptions> check_options(const Value& options);
Result<> check_topology(const syntax::Topology& topology, const Map& parameters);
Result<> check_wait(const syntax::Wait& wait, const Map& parameters);
template <std::size_t n>
bool is_among(std::string_view text, const std::string_view (&list)[n]) {
  for (const std::string_view item : list) {
    if (item == text) return true;
  }
  return false;
}
Error not_implemented(std::string_view feature, Position position = {});

}  // namespace nexus::instance::system
