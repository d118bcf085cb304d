// CREATE, RENAME and DROP ROLE; GRANT ROLE and REVOKE ROLE.
#include <algorithm>

#include "instance/database_name.h"
#include "instance/security/commands.h"
#include "instance/system/admin.h"

namespace nexus::instance::security {
namespace {

constexpr std::size_t kRolesMax = 20'000;
constexpr std::size_t kRolesOfUserMax = 100;
constexpr std::size_t kRoleNameBytesMax = 128;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Error no_role(std::string_view verb, std::string_view name) {
  return cannot_change(verb, "role", name, "Role does not exist.", ErrorCode::RoleNotFound);
}

Result<std::string> checked_role_name(const syntax::SymbolicName& written, const CommandContext& context) {
  NX_TRY(std::string name, name_value(written, context.parameters));
  const bool is_plain = std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
  if (!name.empty() && name.size() <= kRoleNameBytesMax && is_letter(name.front()) && is_plain) return name;
  return Error(ErrorCode::InvalidArgument,
               "The role name '" + printable_name(name) + "' is not valid: it begins with an ASCII letter and goes on with letters, digits and '_', 128 at most.",
               written.position);
}

// PUBLIC is everybody's: it stays as it is called, and nobody is given it or loses it.
Result<> check_not_public(std::string_view verb, std::string_view name) {
  if (name != kPublicRole) return Done{};
  return cannot_change(verb, "role", name, "every user has it.", ErrorCode::InvalidArgument);
}

Result<std::vector<std::string>> names_of(const std::vector<syntax::SymbolicName>& written, const CommandContext& context) {
  std::vector<std::string> names;
  for (const syntax::SymbolicName& one : written) {
    NX_TRY(std::string name, name_value(one, context.parameters));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

Result<std::vector<std::string>> role_names(const std::vector<syntax::SymbolicName>& names, std::string_view verb,
                                            const AccessTable& table, const CommandContext& context) {
  NX_TRY(std::vector<std::string> roles, names_of(names, context));
  for (const std::string& name : roles) {
    if (table.role(name) == nullptr) return no_role(verb, name);
  }
  return roles;
}

Outcome create_role(const syntax::CreateRole& command, const CommandContext& context) {
  if (command.immutable) return system::not_implemented("An immutable role", context.position);
  // A copy brings privileges with it.
  NX_TRY_DO(context.require(right::kCreateRole | (command.or_replace ? right::kDropRole : 0) |
                                (command.copy_of ? right::kAssignPrivilege : 0),
                            "Creating a role"));
  NX_TRY(const std::string name, checked_role_name(command.name, context));
  std::string source;
  if (command.copy_of) { NX_TRY(source, name_value(*command.copy_of, context.parameters)); }
  return context.security.change([&](Security::Edit& edit) -> Outcome {
    const Role* old = edit.table().role(name);
    if (old != nullptr && command.if_not_exists) return std::uint64_t{0};
    if (old != nullptr && !command.or_replace) {
      return cannot_change("create", "role", name, "Role already exists.", ErrorCode::RoleExists);
    }
    NX_TRY_DO(check_not_public("replace", name));
    if (old == nullptr && edit.table().roles.size() >= kRolesMax) {
      return Error(ErrorCode::LimitExceeded, "An instance has at most 20,000 roles.");
    }
    Role role;
    role.name = name;
    role.id = edit.new_id();
    if (command.copy_of) {
      const Role* copied = edit.table().role(source);
      if (copied == nullptr) return no_role("copy", source);
      role.privileges = copied->privileges;
    }
    const std::uint64_t changes = old == nullptr ? 1 : 2;
    if (old != nullptr) edit.erase_role(name);
    edit.put(std::move(role));
    return changes;
  });
}

Outcome rename_role(const syntax::RenameRole& command, const CommandContext& context) {
  NX_TRY_DO(context.require(right::kRenameRole, "Renaming a role"));
  NX_TRY(const std::string name, name_value(command.name, context.parameters));
  NX_TRY(const std::string new_name, checked_role_name(command.new_name, context));
  return context.security.change([&](Security::Edit& edit) -> Outcome {
    const Role* old = edit.table().role(name);
    if (old == nullptr && command.if_exists) return std::uint64_t{0};
    if (old == nullptr) return no_role("rename", name);
    NX_TRY_DO(check_not_public("rename", name));
    if (edit.table().role(new_name) != nullptr) {
      return cannot_change("rename", "role", name, "Role '" + new_name + "' already exists.", ErrorCode::RoleExists);
    }
    Role role = *old;
    role.name = new_name;
    edit.rename_role(name, std::move(role));
    return std::uint64_t{1};
  });
}

// Users keep its id among theirs until they are changed: it leads nowhere, and is never used again.
Outcome drop_role(const syntax::DropRole& command, const CommandContext& context) {
  NX_TRY_DO(context.require(right::kDropRole, "Dropping a role"));
  NX_TRY(const std::string name, name_value(command.name, context.parameters));
  return context.security.change([&](Security::Edit& edit) -> Outcome {
    if (edit.table().role(name) == nullptr) {
      if (command.if_exists) return std::uint64_t{0};
      return no_role("delete", name);
    }
    NX_TRY_DO(check_not_public("delete", name));
    edit.erase_role(name);
    return std::uint64_t{1};
  });
}

Outcome change_membership(const syntax::ChangeMembership& command, const CommandContext& context) {
  const std::string_view verb = command.revokes ? "revoke" : "grant";
  NX_TRY_DO(context.require(command.revokes ? right::kRemoveRole : right::kAssignRole,
                            command.revokes ? "Revoking a role" : "Granting a role"));
  NX_TRY(const std::vector<std::string> users, names_of(command.users, context));
  return context.security.change([&](Security::Edit& edit) -> Outcome {
    NX_TRY(const std::vector<std::string> roles, role_names(command.roles, verb, edit.table(), context));
    std::uint64_t changes = 0;
    for (const std::string& name : users) {
      const User* old = edit.table().user(name);
      if (old == nullptr) return cannot_change(std::string(verb) + " roles", "user", name, "User does not exist.", ErrorCode::UserNotFound);
      User user = *old;
      std::erase_if(user.roles, [&](const std::string& id) { return edit.table().role_with(id) == nullptr; });
      std::uint64_t changed = 0;
      for (const std::string& role : roles) {
        NX_TRY_DO(check_not_public(verb, role));
        const std::string& id = edit.table().role(role)->id;
        const auto has = std::find(user.roles.begin(), user.roles.end(), id);
        if ((has != user.roles.end()) != command.revokes) continue;
        if (command.revokes) user.roles.erase(has);
        else user.roles.push_back(id);
        ++changed;
      }
      if (user.roles.size() > kRolesOfUserMax) return Error(ErrorCode::LimitExceeded, "A user has at most 100 roles.");
      if (changed != 0) edit.put(std::move(user));
      changes += changed;
    }
    return changes;
  });
}

}  // namespace nexus::instance::security
