#include "instance/security/security.h"

#include <algorithm>

#include "instance/database_manager.h"
#include "instance/security/commands.h"
#include "nexus/access.h"

namespace nexus {

std::unique_ptr<instance::AccessControl> make_access_control(PasswordHasher& passwords) {
  return std::make_unique<instance::security::Security>(passwords);
}

}  // namespace nexus

namespace nexus::instance::security {
namespace {

constexpr std::string_view kUserLabel = "User";
constexpr std::string_view kRoleLabel = "Role";

using storage::NodeId;
using Step = SystemStore::Step;

bool is_draft(NodeId node) { return node >= SystemStore::kDraftNodes; }

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

Security::Security(const Security& base, SystemStore& store)
    : logins_(base.logins_), store_(&store), random_(base.random_), clock_(base.clock_), table_(base.table()) {}

Result<> Security::open(SystemStore& store, Random& random, Clock& clock) {
  store_ = &store;
  random_ = &random;
  clock_ = &clock;
  NX_TRY(AccessTable table, read_table(store));
  table_ = std::make_shared<const AccessTable>(std::move(table));
  if (table_->role(kPublicRole) != nullptr) return Done{};
  if (!table_->roles.empty() || !table_->users.empty()) {
    return Error(ErrorCode::Corruption, "The system database has users or roles, but no role PUBLIC.");
  }
  NX_TRY_DO(change([](Edit& edit) -> Result<std::uint64_t> {
    std::uint64_t made = 0;
    for (Role& role : built_in_roles()) {
      role.id = edit.new_id();
      edit.put(std::move(role));
      ++made;
    }
    return made;
  }));
  return Done{};
}

std::unique_ptr<AccessControl> Security::draft(SystemStore& store) {
  return std::unique_ptr<AccessControl>(new Security(*this, store));
}

void Security::adopt(AccessControl& draft, const std::vector<std::uint64_t>& created) {
  AccessTable table = *static_cast<Security&>(draft).table();
  const auto settle = [&created](NodeId& node) {
    if (is_draft(node)) node = created[node - SystemStore::kDraftNodes];
  };
  for (auto& [name, user] : table.users) settle(user.node);
  for (auto& [name, role] : table.roles) settle(role.node);
  const std::lock_guard guard(table_mutex_);
  table_ = std::make_shared<const AccessTable>(std::move(table));
}

TablePtr Security::table() const {
  const std::lock_guard guard(table_mutex_);
  return table_;
}

void Security::Edit::put_row(NodeId node, std::string_view label, std::vector<SystemStore::Change> values) {
  Step step;
  step.kind = node == 0 ? Step::Kind::Create : Step::Kind::Set;
  step.node = node;
  step.label = label;
  step.values = {values.begin(), values.end()};
  steps_.push_back(std::move(step));
}

void Security::Edit::put(User user) {
  put_row(user.node, kUserLabel, values_of(user));
  std::string name = user.name;
  table_.users.insert_or_assign(std::move(name), std::move(user));
}

void Security::Edit::put(Role role) {
  put_row(role.node, kRoleLabel, values_of(role));
  std::string name = role.name;
  table_.roles.insert_or_assign(std::move(name), std::move(role));
}

void Security::Edit::rename_user(const std::string& old_name, User user) {
  table_.users.erase(old_name);
  put(std::move(user));
}

void Security::Edit::rename_role(const std::string& old_name, Role role) {
  table_.roles.erase(old_name);
  put(std::move(role));
}

void Security::Edit::erase_user(const std::string& name) {
  const auto found = table_.users.find(name);
  steps_.push_back({Step::Kind::Delete, found->second.node, {}, {}, {}});
  table_.users.erase(found);
}

void Security::Edit::erase_role(const std::string& name) {
  const auto found = table_.roles.find(name);
  steps_.push_back({Step::Kind::Delete, found->second.node, {}, {}, {}});
  table_.roles.erase(found);
}

Result<std::uint64_t> Security::change(const Command& command) {
  const std::lock_guard guard(changing_mutex_);
  Edit edit(*table(), *random_);
  NX_TRY(const std::uint64_t changes, command(edit));
  if (changes == 0) return changes;
  std::vector<std::string> created;  // Labels tell which are roles; names are unique among each.
  for (const Step& step : edit.steps_) {
    if (step.kind != Step::Kind::Create) continue;
    created.emplace_back((step.label == kRoleLabel ? "r" : "u") + std::string(step.values.front().second.string()));
  }
  NX_TRY(const std::vector<NodeId> nodes, store_->apply(std::move(edit.steps_)));
  for (std::size_t i = 0; i < created.size(); ++i) {
    const std::string name = created[i].substr(1);
    if (created[i].front() == 'r') edit.table_.roles.find(name)->second.node = nodes[i];
    else edit.table_.users.find(name)->second.node = nodes[i];
  }
  edit.table_.index();
  const std::lock_guard sharing(table_mutex_);
  table_ = std::make_shared<const AccessTable>(std::move(edit.table_));
  return changes;
}

Result<Identity> Security::authenticate(std::string_view user, std::string_view password) {
  const TablePtr now = table();
  const User* known = now->user(user);
  NX_TRY_DO(logins_->check(user, password, known == nullptr ? std::string() : known->password, *clock_));
  // Why after the password: only who knows it learns that the user is suspended.
  if (known->is_suspended) return Error(ErrorCode::Unauthorized, "User '" + known->name + "' is suspended.");
  return Identity{known->name, known->account};
}

bool Security::must_change_password(const Identity& identity) const {
  const TablePtr now = table();
  const User* user = now->account(identity.account);
  return user != nullptr && user->must_change_password;
}

Result<> Security::check(const Identity& identity, const Place& place, Rights rights, std::string_view what) const {
  const TablePtr now = table();
  const User* user = now->account(identity.account);
  if (user == nullptr) return Error(ErrorCode::Unauthorized, "User '" + identity.user + "' is not there any more.");
  if (user->is_suspended) return Error(ErrorCode::Unauthorized, "User '" + user->name + "' is suspended.");
  if (user->must_change_password) {
    return Error(ErrorCode::CredentialsExpired,
                 "The password must be changed first: ALTER CURRENT USER SET PASSWORD FROM 'old' TO 'new'.");
  }
  if ((rights & ~now->rights_of(*user, place)) == 0) return Done{};
  return Error(ErrorCode::Forbidden, std::string(what) + " is not allowed for " + describe(identity) + ".");
}

Rights Security::among(const Identity& identity, const Place& place, Rights rights) const {
  const TablePtr now = table();
  const User* user = now->account(identity.account);
  if (user == nullptr || user->is_suspended || user->must_change_password) return 0;
  return rights & now->rights_of(*user, place);
}

std::string Security::describe(const Identity& identity) const {
  const TablePtr now = table();
  const User* user = now->account(identity.account);
  if (user == nullptr) return "user '" + identity.user + "'";
  return "user '" + user->name + "' with roles [" + joined(now->roles_of(*user)) + "]";
}

std::string Security::home_database(const Identity& identity) const {
  const TablePtr now = table();
  const User* user = now->account(identity.account);
  return user == nullptr ? std::string() : user->home;
}

Result<std::uint64_t> Security::administer(const syntax::Statement& statement, DatabaseManager& manager,
                                           const Identity& identity, const Map& parameters) {
  return run_command(statement, CommandContext{*this, manager, identity, parameters, statement.position});
}

}  // namespace nexus::instance::security
