#include "instance/security/access_table.h"

#include <algorithm>

#include "procedure/signature.h"

namespace nexus::instance::security {
namespace {

constexpr std::string_view kGrant = "GRANT";
constexpr std::string_view kDeny = "DENY";
constexpr std::string_view kEverywhere = "*";
constexpr std::string_view kHome = "home";

std::vector<std::string> strings_in(const Value& value) {
  std::vector<std::string> texts;
  if (!value.is(Type::List)) return texts;
  for (const Value& item : value.list()) {
    if (item.is(Type::String)) texts.emplace_back(item.string());
  }
  return texts;
}

std::string string_in(const Value& value) { return value.is(Type::String) ? std::string(value.string()) : std::string(); }
bool flag_in(const Value& value) { return value.is(Type::Boolean) && value.boolean(); }
Value flag(bool value) { return value ? Value::boolean(true) : Value::null(); }

Error damaged(std::string_view what) {
  return Error(ErrorCode::Corruption, "The system database has a " + std::string(what) + " without a name or a second one of that name.");
}

User user_of(const SystemStore::Record& record) {
  User user;
  user.node = record.node;
  for (const auto& [key, value] : record.values) {
    if (key == "name") user.name = string_in(value);
    else if (key == "account") user.account = string_in(value);
    else if (key == "password") user.password = string_in(value);
    else if (key == "passwordChangeRequired") user.must_change_password = flag_in(value);
    else if (key == "suspended") user.is_suspended = flag_in(value);
    else if (key == "homeDatabase") user.home = string_in(value);
    else if (key == "roles") user.roles = strings_in(value);
  }
  return user;
}

Result<Role> role_of(const SystemStore::Record& record) {
  Role role;
  role.node = record.node;
  for (const auto& [key, value] : record.values) {
    if (key == "name") role.name = string_in(value);
    if (key == "id") role.id = string_in(value);
    if (key != "privileges") continue;
    for (const std::string& text : strings_in(value)) {
      NX_TRY(Privilege privilege, parse_privilege(text));
      role.privileges.push_back(privilege);
    }
  }
  return role;
}

Role built_in(std::string_view name, std::initializer_list<std::string_view> kinds,
              Privilege::Scope scope = Privilege::Scope::Everywhere) {
  Role role;
  role.name = name;
  for (const std::string_view kind : kinds) role.privileges.push_back({find_privilege(kind), false, scope, {}});
  return role;
}

}  // namespace

std::string to_text(const Privilege& privilege) {
  std::string text(privilege.is_denied ? kDeny : kGrant);
  text += '|';
  text += privilege.kind->text;
  text += '|';
  switch (privilege.scope) {
    case Privilege::Scope::Everywhere: return text += kEverywhere;
    case Privilege::Scope::Home: return text += kHome;
    case Privilege::Scope::One: break;
  }
  return text += uuid_text(privilege.database);
}

Result<Privilege> parse_privilege(std::string_view text) {
  const std::size_t first = text.find('|');
  const std::size_t last = text.rfind('|');
  const auto unknown = [&] {
    return Error(ErrorCode::FormatTooNew, "The system database has a privilege that this version does not know: " + std::string(text));
  };
  if (first == std::string_view::npos || first == last) return unknown();
  const std::string_view verb = text.substr(0, first);
  const std::string_view scope = text.substr(last + 1);
  Privilege privilege;
  privilege.kind = find_privilege(text.substr(first + 1, last - first - 1));
  privilege.is_denied = verb == kDeny;
  if (privilege.kind == nullptr || (verb != kGrant && verb != kDeny)) return unknown();
  if (scope == kEverywhere) return privilege;
  if (scope == kHome) {
    privilege.scope = Privilege::Scope::Home;
    return privilege;
  }
  const auto uuid = parse_uuid(scope);
  if (!uuid) return unknown();
  privilege.scope = Privilege::Scope::One;
  privilege.database = *uuid;
  return privilege;
}

Role::Effect Role::effect(const Place& place) const {
  Effect sum;
  for (const Privilege& privilege : privileges) {
    const bool is_there = privilege.scope == Privilege::Scope::Everywhere ||
                          (privilege.scope == Privilege::Scope::Home && place.is_home) ||
                          (privilege.scope == Privilege::Scope::One && privilege.database == place.uuid);
    if (is_there) (privilege.is_denied ? sum.denied : sum.granted) |= privilege.kind->rights;
  }
  return sum;
}

const User* AccessTable::user(std::string_view name) const {
  const auto found = users.find(name);
  return found == users.end() ? nullptr : &found->second;
}

const User* AccessTable::account(std::string_view account) const {
  const auto found = names_.find(account);
  return found == names_.end() ? nullptr : user(found->second);
}

const Role* AccessTable::role(std::string_view name) const {
  const auto found = roles.find(name);
  return found == roles.end() ? nullptr : &found->second;
}

const Role* AccessTable::role_with(std::string_view id) const {
  const auto found = role_names_.find(id);
  return found == role_names_.end() ? nullptr : role(found->second);
}

std::vector<std::string> AccessTable::roles_of(const User& user) const {
  std::vector<std::string> names;
  for (const std::string& id : user.roles) {
    if (const Role* role = role_with(id)) names.push_back(role->name);
  }
  std::sort(names.begin(), names.end());
  names.emplace_back(kPublicRole);
  return names;
}

Rights AccessTable::rights_of(const User& user, const Place& place) const {
  Role::Effect sum;
  const auto add = [&](const Role* role) {
    if (role == nullptr) return;
    const Role::Effect effect = role->effect(place);
    sum.granted |= effect.granted;
    sum.denied |= effect.denied;
  };
  add(role(kPublicRole));
  for (const std::string& id : user.roles) add(role_with(id));
  return sum.granted & ~sum.denied;
}

void AccessTable::index() {
  names_.clear();
  role_names_.clear();
  for (const auto& [name, user] : users) names_.emplace(user.account, name);
  for (const auto& [name, role] : roles) role_names_.emplace(role.id, name);
}

std::vector<SystemStore::Change> values_of(const User& user) {
  return {{"name", Value::string(user.name)},
          {"account", Value::string(user.account)},
          {"password", Value::string(user.password)},
          {"passwordChangeRequired", flag(user.must_change_password)},
          {"suspended", flag(user.is_suspended)},
          {"homeDatabase", user.home.empty() ? Value::null() : Value::string(user.home)},
          {"roles", procedure::string_list(user.roles)}};
}

std::vector<SystemStore::Change> values_of(const Role& role) {
  std::vector<std::string> privileges;
  for (const Privilege& privilege : role.privileges) privileges.push_back(to_text(privilege));
  return {{"name", Value::string(role.name)}, {"id", Value::string(role.id)}, {"privileges", procedure::string_list(privileges)}};
}

Result<AccessTable> read_table(const SystemStore& store) {
  AccessTable table;
  for (const SystemStore::Record& record : store.records("Role")) {
    NX_TRY(Role role, role_of(record));
    if (role.name.empty() || role.id.empty() || table.role(role.name) != nullptr) return damaged("role");
    std::string name = role.name;
    table.roles.emplace(std::move(name), std::move(role));
  }
  for (const SystemStore::Record& record : store.records("User")) {
    User user = user_of(record);
    if (user.name.empty() || user.account.empty() || table.user(user.name) != nullptr) return damaged("user");
    std::string name = user.name;
    table.users.emplace(std::move(name), std::move(user));
  }
  table.index();
  return table;
}

std::vector<Role> built_in_roles() {
  // Why PUBLIC may not LOAD: the files of the import folder belong to no database, so to no tenant.
  return {
      built_in(kPublicRole, {"ACCESS"}, Privilege::Scope::Home),
      built_in("reader", {"ACCESS", "MATCH", "SHOW INDEX", "SHOW CONSTRAINT"}),
      built_in("editor", {"ACCESS", "MATCH", "SHOW INDEX", "SHOW CONSTRAINT", "WRITE"}),
      built_in("publisher", {"ACCESS", "MATCH", "SHOW INDEX", "SHOW CONSTRAINT", "WRITE", "NAME MANAGEMENT"}),
      built_in("architect", {"ACCESS", "MATCH", "WRITE", "NAME MANAGEMENT", "INDEX MANAGEMENT", "CONSTRAINT MANAGEMENT"}),
      built_in(kAdminRole, {"ACCESS", "MATCH", "WRITE", "NAME MANAGEMENT", "INDEX MANAGEMENT", "CONSTRAINT MANAGEMENT",
                            "START", "STOP", "TRANSACTION MANAGEMENT", "ALL DBMS PRIVILEGES", "LOAD"})};
}

}  // namespace nexus::instance::security
