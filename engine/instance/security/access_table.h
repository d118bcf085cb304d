// AccessTable: the users, roles and privileges at one moment, and what follows from them.
//
// Immutable once shared: a change makes a copy, so that whoever asks never waits for whoever changes.
// Cost: a decision looks at the roles of one user and is linear in the databases these name.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "instance/access_control.h"
#include "instance/security/privileges.h"
#include "instance/system_store.h"

namespace nexus::instance::security {

constexpr std::string_view kPublicRole = "PUBLIC";
constexpr std::string_view kAdminRole = "admin";

struct Privilege {
  enum class Scope : std::uint8_t { Everywhere, Home, One };  // Of the instance: Everywhere.
  const PrivilegeKind* kind = nullptr;
  bool is_denied = false;
  Scope scope = Scope::Everywhere;
  DatabaseUuid database{};  // Of One.
  bool operator==(const Privilege&) const = default;
};

// "GRANT|MATCH|*", "DENY|ACCESS|home", "GRANT|WRITE|<uuid>": a property of the role's row.
std::string to_text(const Privilege& privilege);
// FormatTooNew for a kind that is not known here: a DENY must never be forgotten.
Result<Privilege> parse_privilege(std::string_view text);

struct Role {
  storage::NodeId node = 0;
  std::string id;  // A uuid: users refer to it, so that a role can be renamed.
  std::string name;
  std::vector<Privilege> privileges;

  // What they come to.
  struct Effect {
    Rights granted = 0;
    Rights denied = 0;
  };
  Effect effect(const Place& place) const;
};

struct User {
  storage::NodeId node = 0;
  std::string account;  // A uuid: identities refer to it, so that a new user under an old name inherits nothing.
  std::string name;
  std::string password;  // As the host's hasher made it.
  bool must_change_password = false;
  bool is_suspended = false;
  std::string home;  // Folded; empty: the default database.
  std::vector<std::string> roles;  // Ids, without PUBLIC's.
};

struct AccessTable {
  std::map<std::string, User, std::less<>> users;  // By name.
  std::map<std::string, Role, std::less<>> roles;  // By name.

  const User* user(std::string_view name) const;
  const User* account(std::string_view account) const;
  const Role* role(std::string_view name) const;
  const Role* role_with(std::string_view id) const;
  // Names, sorted, PUBLIC last.
  std::vector<std::string> roles_of(const User& user) const;
  Rights rights_of(const User& user, const Place& place) const;
  // After users or roles came, went or changed their names.
  void index();

 private:
  std::map<std::string, std::string, std::less<>> names_;       // Of users, by account.
  std::map<std::string, std::string, std::less<>> role_names_;  // By id.
};

using TablePtr = std::shared_ptr<const AccessTable>;

// As they are in the system database.
std::vector<SystemStore::Change> values_of(const User& user);
std::vector<SystemStore::Change> values_of(const Role& role);
Result<AccessTable> read_table(const SystemStore& store);
// The roles of a new instance, without ids.
std::vector<Role> built_in_roles();

}  // namespace nexus::instance::security
