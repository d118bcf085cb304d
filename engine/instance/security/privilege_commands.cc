// GRANT, DENY and REVOKE of privileges.
#include <algorithm>

#include "instance/database_name.h"
#include "instance/security/commands.h"
#include "instance/system/admin.h"

namespace nexus::instance::security {
namespace {

using Command = syntax::ChangePrivilege;
using Verb = Command::Verb;
using Scope = syntax::PrivilegeScope;

constexpr std::size_t kPrivilegesOfRoleMax = 1'000;

bool is_revoke(Verb verb) { return verb == Verb::Revoke || verb == Verb::RevokeGrant || verb == Verb::RevokeDeny; }
bool concerns_grants(Verb verb) { return verb == Verb::Grant || verb == Verb::Revoke || verb == Verb::RevokeGrant; }
bool concerns_denials(Verb verb) { return verb == Verb::Deny || verb == Verb::Revoke || verb == Verb::RevokeDeny; }

// What the grammar has and this instance has not, refused by name.
Result<const PrivilegeKind*> kind_of(const Command& command, const CommandContext& context) {
  const std::string instead = "what a role must not see belongs in a database of its own.";
  const auto refuse = [&](const std::string& what) { return Error(ErrorCode::NotImplemented, what, context.position); };
  if (command.immutable) return refuse("An immutable privilege is not implemented.");
  if (command.scope == Scope::Cidr) return refuse("LOAD ON CIDR is not implemented: LOAD CSV reads no addresses; grant LOAD ON ALL DATA.");
  const PrivilegeKind* kind = find_privilege(command.privilege);
  if (kind == nullptr) {
    return refuse("The privilege " + command.privilege + " is not implemented: " + std::string(why_not_built(command.privilege)) + ".");
  }
  if (!command.resources.empty()) {
    return refuse(kind->about == PrivilegeClass::Graph
                      ? "A privilege on single labels or properties is not implemented: it covers the whole graph (write * or {*}); " + instead
                      : "The privilege " + command.privilege + " for some users or names only is not implemented: write *.");
  }
  const bool is_whole = command.elements == syntax::PrivilegeElements::All && command.labels.empty();
  if (!is_whole) {
    return refuse("A privilege on some nodes or relationships is not implemented: it covers all ELEMENTS of the graph; " + instead);
  }
  return kind;
}

Result<std::vector<Privilege>> privileges_of(const Command& command, const PrivilegeKind& kind, const CommandContext& context) {
  Privilege privilege;
  privilege.kind = &kind;
  std::vector<Privilege> made;
  switch (command.scope) {
    case Scope::HomeDatabase:
    case Scope::HomeGraph: privilege.scope = Privilege::Scope::Home; return std::vector<Privilege>{privilege};
    case Scope::Database:
    case Scope::Graph: break;
    case Scope::Dbms:
    case Scope::AllData:
    case Scope::Cidr: return std::vector<Privilege>{privilege};
  }
  if (command.names.empty()) return std::vector<Privilege>{privilege};
  privilege.scope = Privilege::Scope::One;
  for (const syntax::SymbolicName& written : command.names) {
    NX_TRY(const std::string name, name_value(written, context.parameters));
    const NameKind found = context.manager.look_up(name);
    if (found.kind == NameKind::Kind::Unknown || found.kind == NameKind::Kind::Remote) {
      return Error(ErrorCode::NoSuchDatabase, "Database does not exist. Database name: '" + printable_name(name) + "'.", context.position);
    }
    privilege.database = found.uuid;
    made.push_back(privilege);
  }
  return made;
}

// How many privileges came or went.
std::uint64_t change_one(Role& role, const Privilege& privilege, Verb verb) {
  std::uint64_t changes = 0;
  for (const bool is_denied : {false, true}) {
    if (!(is_denied ? concerns_denials(verb) : concerns_grants(verb))) continue;
    Privilege one = privilege;
    one.is_denied = is_denied;
    const auto has = std::find(role.privileges.begin(), role.privileges.end(), one);
    if ((has != role.privileges.end()) != is_revoke(verb)) continue;
    if (is_revoke(verb)) role.privileges.erase(has);
    else role.privileges.push_back(one);
    ++changes;
  }
  return changes;
}

}  // namespace

Outcome change_privilege(const Command& command, const CommandContext& context) {
  const bool revokes = is_revoke(command.verb);
  NX_TRY_DO(context.require(revokes ? right::kRemovePrivilege : right::kAssignPrivilege,
                            revokes ? "Revoking a privilege" : "Granting or denying a privilege"));
  NX_TRY(const PrivilegeKind* kind, kind_of(command, context));
  NX_TRY(const std::vector<Privilege> privileges, privileges_of(command, *kind, context));
  const std::string_view verb = revokes ? "revoke a privilege from" : command.verb == Verb::Deny ? "deny a privilege to" : "grant a privilege to";
  return context.security.change([&](Security::Edit& edit) -> Outcome {
    NX_TRY(const std::vector<std::string> roles, role_names(command.roles, verb, edit.table(), context));
    std::uint64_t changes = 0;
    for (const std::string& name : roles) {
      Role role = *edit.table().role(name);
      std::uint64_t changed = 0;
      for (const Privilege& privilege : privileges) changed += change_one(role, privilege, command.verb);
      if (role.privileges.size() > kPrivilegesOfRoleMax) {
        return Error(ErrorCode::LimitExceeded, "A role has at most 1,000 privileges.");
      }
      if (changed != 0) edit.put(std::move(role));
      changes += changed;
    }
    return changes;
  });
}

}  // namespace nexus::instance::security
