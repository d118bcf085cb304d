#include "instance/security/commands.h"

#include "base/match.h"
#include "instance/database_name.h"
#include "instance/system/admin.h"

namespace nexus::instance::security {

Result<> CommandContext::require(Rights rights, std::string_view what) const {
  if (identity.account.empty()) return Done{};
  return security.check(identity, {}, rights, what);
}

Error cannot_change(std::string_view verb, std::string_view kind, std::string_view name, std::string_view why, ErrorCode code) {
  return Error(code, "Failed to " + std::string(verb) + " the specified " + std::string(kind) + " '" +
                         printable_name(name) + "': " + std::string(why));
}

Outcome run_command(const syntax::Statement& statement, const CommandContext& context) {
  return std::visit(
      Match{[&](const syntax::CreateUser& command) { return create_user(command, context); },
            [&](const syntax::AlterUser& command) { return alter_user(command, context); },
            [&](const syntax::AlterCurrentUser& command) { return alter_current_user(command, context); },
            [&](const syntax::RenameUser& command) { return rename_user(command, context); },
            [&](const syntax::DropUser& command) { return drop_user(command, context); },
            [&](const syntax::CreateRole& command) { return create_role(command, context); },
            [&](const syntax::RenameRole& command) { return rename_role(command, context); },
            [&](const syntax::DropRole& command) { return drop_role(command, context); },
            [&](const syntax::ChangeMembership& command) { return change_membership(command, context); },
            [&](const syntax::ChangePrivilege& command) { return change_privilege(command, context); },
            [&](const auto&) -> Outcome { return system::not_implemented("This command about users and roles", context.position); }},
      statement.node);
}

}  // namespace nexus::instance::security
