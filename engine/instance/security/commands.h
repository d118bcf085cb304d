// Commands about users, roles and privileges: from their syntax to one change of the table each.
#pragma once

#include "instance/database_manager.h"
#include "instance/literal.h"
#include "instance/security/security.h"

namespace nexus::instance::security {

struct CommandContext {
  Security& security;
  DatabaseManager& manager;
  const Identity& identity;
  const Map& parameters;
  Position position;

  // Forbidden unless who asks has `rights` on the instance.
  Result<> require(Rights rights, std::string_view what) const;
};

// How many rows changed.
using Outcome = Result<std::uint64_t>;

Outcome run_command(const syntax::Statement& statement, const CommandContext& context);

Outcome create_user(const syntax::CreateUser& command, const CommandContext& context);
Outcome alter_user(const syntax::AlterUser& command, const CommandContext& context);
Outcome alter_current_user(const syntax::AlterCurrentUser& command, const CommandContext& context);
Outcome rename_user(const syntax::RenameUser& command, const CommandContext& context);
Outcome drop_user(const syntax::DropUser& command, const CommandContext& context);

Outcome create_role(const syntax::CreateRole& command, const CommandContext& context);
Outcome rename_role(const syntax::RenameRole& command, const CommandContext& context);
Outcome drop_role(const syntax::DropRole& command, const CommandContext& context);
Outcome change_membership(const syntax::ChangeMembership& command, const CommandContext& context);
Outcome change_privilege(const syntax::ChangePrivilege& command, const CommandContext& context);

// "Failed to <verb> the specified <kind> '<name>': <why>"
Error cannot_change(std::string_view verb, std::string_view kind, std::string_view name, std::string_view why, ErrorCode code);
// The names, checked to be those of roles that are there.
Result<std::vector<std::string>> role_names(const std::vector<syntax::SymbolicName>& names, std::string_view verb,
                                            const AccessTable& table, const CommandContext& context);

}  // namespace nexus::instance::security
