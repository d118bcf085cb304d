// SHOW USERS, SHOW ROLES, SHOW PRIVILEGES and their kin, as procedures: YIELD, WHERE and RETURN are the binder's.
#include <algorithm>
#include <functional>

#include "instance/caller.h"
#include "instance/database_name.h"
#include "instance/security/commands.h"
#include "procedure/signature.h"

namespace nexus::instance::security {
namespace {

using procedure::boolean_field;
using procedure::list_field;
using procedure::map_field;
using procedure::string_field;
using Names = std::map<DatabaseUuid, std::string>;
using Rows = std::vector<List>;

// Who asks, and what there is now; inside a transaction as its commands so far leave it.
struct View {
  const Security& security;
  DatabaseManager& manager;
  const Identity& identity;
  TablePtr table;

  bool is_vouched() const { return identity.account.empty(); }
  const User* self() const { return is_vouched() ? nullptr : table->account(identity.account); }
  Result<> require(Rights rights, std::string_view what) const {
    return is_vouched() ? Result<>(Done{}) : security.check(identity, {}, rights, what);
  }
};

using Show = Result<Rows> (*)(const View& view, const List& arguments);

Value text_or_none(const std::string& text) { return text.empty() ? Value::null() : Value::string(text); }

List row_of(const User& user, const AccessTable& table, bool with_auth) {
  List row{Value::string(user.name), procedure::string_list(table.roles_of(user)), Value::boolean(user.must_change_password),
           Value::boolean(user.is_suspended), text_or_none(user.home)};
  if (!with_auth) return row;
  row.push_back(Value::string("native"));
  row.push_back(Value::map(make_map({{"password", Value::string("***")}, {"changeRequired", Value::boolean(user.must_change_password)}})));
  return row;
}

template <bool with_auth>
Result<Rows> show_users(const View& view, const List&) {
  NX_TRY_DO(view.require(right::kShowUser, "Listing users"));
  Rows rows;
  for (const auto& [name, user] : view.table->users) rows.push_back(row_of(user, *view.table, with_auth));
  return rows;
}

template <bool with_auth>
Result<Rows> show_current_user(const View& view, const List&) {
  if (const User* user = view.self()) return Rows{row_of(*user, *view.table, with_auth)};
  if (!view.is_vouched()) return Rows{};
  List row{Value::string(view.identity.user), procedure::string_list({std::string(kAdminRole), std::string(kPublicRole)}),
           Value::boolean(false), Value::boolean(false), Value::null()};
  if (with_auth) row.insert(row.end(), {Value::null(), Value::null()});
  return Rows{std::move(row)};
}

std::vector<std::string> members_of(const Role& role, const AccessTable& table) {
  std::vector<std::string> members;
  for (const auto& [name, user] : table.users) {
    const bool has = role.name == kPublicRole || std::find(user.roles.begin(), user.roles.end(), role.id) != user.roles.end();
    if (has) members.push_back(name);
  }
  return members;
}

template <bool is_populated, bool with_users>
Result<Rows> show_roles(const View& view, const List&) {
  NX_TRY_DO(view.require(right::kShowRole | (with_users ? right::kShowUser : 0), "Listing roles"));
  Rows rows;
  for (const auto& [name, role] : view.table->roles) {
    const std::vector<std::string> members = is_populated || with_users ? members_of(role, *view.table) : std::vector<std::string>();
    if (is_populated && members.empty()) continue;
    if (!with_users) {
      rows.push_back({Value::string(name), Value::boolean(false)});
      continue;
    }
    for (const std::string& member : members) rows.push_back({Value::string(name), Value::string(member), Value::boolean(false)});
    if (members.empty()) rows.push_back({Value::string(name), Value::null(), Value::boolean(false)});
  }
  return rows;
}

// What a privilege was granted on, in the words of its command.
std::string target_of(const Privilege& privilege, const std::string& database) {
  const bool is_graph = privilege.kind->about == PrivilegeClass::Graph;
  if (privilege.kind->about == PrivilegeClass::Load) return "ALL DATA";
  if (privilege.kind->about == PrivilegeClass::Dbms && privilege.scope == Privilege::Scope::Everywhere) return "DBMS";
  if (privilege.scope == Privilege::Scope::Home) return is_graph ? "HOME GRAPH" : "HOME DATABASE";
  return std::string(is_graph ? "GRAPH " : "DATABASE ") +
         (privilege.scope == Privilege::Scope::Everywhere ? std::string("*") : "`" + database + "`");
}

std::string resource_words(std::string_view kind) {
  if (kind == "MATCH" || kind == "MERGE" || kind == "SET PROPERTY") return " {*}";
  if (kind == "SET LABEL" || kind == "REMOVE LABEL" || kind == "SHOW SETTING") return " *";
  if (kind.find("TRANSACTION") != std::string_view::npos) return " (*)";
  return {};
}

// One privilege of one role, for those who list them.
struct Entry {
  const Privilege& privilege;
  std::string database;  // Of scope One.
  Value role;
  Value user;  // Null: there is no such column.
};

void add_rows(const Entry& entry, Rows& rows) {
  const Privilege& privilege = entry.privilege;
  const PrivilegeKind& kind = *privilege.kind;
  const std::string_view resource = kind.about == PrivilegeClass::Load                                   ? "load"
                                    : kind.about != PrivilegeClass::Graph                                ? "database"
                                    : kind.text == "SET LABEL" || kind.text == "REMOVE LABEL"            ? "all_labels"
                                    : kind.text == "MATCH" || kind.text == "MERGE" || kind.text == "SET PROPERTY" ? "all_properties"
                                                                                                          : "graph";
  const std::string graph = privilege.scope == Privilege::Scope::One    ? entry.database
                            : privilege.scope == Privilege::Scope::Home ? "DEFAULT"
                                                                        : "*";
  const auto add = [&](std::string_view segment) {
    List row{Value::string(privilege.is_denied ? "DENIED" : "GRANTED"), Value::string(kind.action), Value::string(resource),
             Value::string(graph), Value::string(segment), entry.role, Value::boolean(false)};
    if (!entry.user.is_null()) row.push_back(entry.user);
    rows.push_back(std::move(row));
  };
  if (kind.about != PrivilegeClass::Graph) return add("database");
  if (resource == "all_labels") return add("database");
  add("NODE(*)");
  add("RELATIONSHIP(*)");
}

enum class Form : std::uint8_t { Table, Commands, Revokes };

void add_entry(const Entry& entry, Form form, Rows& rows) {
  if (form == Form::Table) return add_rows(entry, rows);
  const Privilege& privilege = entry.privilege;
  const bool revokes = form == Form::Revokes;
  std::string command(revokes ? "REVOKE " : "");
  command += privilege.is_denied ? "DENY " : "GRANT ";
  command += privilege.kind->text;
  command += resource_words(privilege.kind->text) + " ON " + target_of(privilege, entry.database) + (revokes ? " FROM " : " TO ");
  const std::string_view role = entry.role.string();
  command += role == "$role" ? std::string(role) : "`" + std::string(role) + "`";
  List row{Value::string(command), Value::boolean(false)};
  // Of several roles of a user the same command may come; once is enough.
  const bool is_there = std::any_of(rows.begin(), rows.end(), [&](const List& one) { return one.front().string() == command; });
  if (role != "$role" || !is_there) rows.push_back(std::move(row));
}

// Privileges on databases that are not there, or not for now, are not shown; UNDROP brings them back.
class Listing {
 public:
  Listing(const View& view, Form form) : form_(form) {
    for (const DatabaseInfo& info : view.manager.list(Identity{"nexus"}, {})) {
      if (const auto uuid = parse_uuid(info.uuid)) names_.emplace(*uuid, info.name);
    }
  }
  void add(const Role& role, const Value& shown_role, const Value& user) {
    for (const Privilege& privilege : role.privileges) {
      std::string database;
      if (privilege.scope == Privilege::Scope::One) {
        const auto found = names_.find(privilege.database);
        if (found == names_.end()) continue;
        database = found->second;
      }
      add_entry({privilege, std::move(database), shown_role, user}, form_, rows_);
    }
  }
  Rows take() { return std::move(rows_); }

 private:
  const Form form_;
  Names names_;
  Rows rows_;
};

std::vector<std::string> strings_of(const List& arguments) {
  std::vector<std::string> names;
  if (arguments.empty() || !arguments[0].is(Type::List)) return names;
  for (const Value& name : arguments[0].list()) {
    if (name.is(Type::String)) names.emplace_back(name.string());
  }
  return names;
}

template <Form form>
Result<Rows> show_privileges(const View& view, const List&) {
  NX_TRY_DO(view.require(right::kShowPrivilege, "Listing privileges"));
  Listing listing(view, form);
  for (const auto& [name, role] : view.table->roles) listing.add(role, Value::string(name), Value::null());
  return listing.take();
}

// Unknown roles have none.
template <Form form>
Result<Rows> show_role_privileges(const View& view, const List& arguments) {
  NX_TRY_DO(view.require(right::kShowPrivilege | right::kShowRole, "Listing the privileges of a role"));
  Listing listing(view, form);
  for (const std::string& name : strings_of(arguments)) {
    if (const Role* role = view.table->role(name)) listing.add(*role, Value::string(name), Value::null());
  }
  return listing.take();
}

// Without names one's own, which everybody may see.
template <Form form>
Result<Rows> show_user_privileges(const View& view, const List& arguments) {
  std::vector<std::string> names = strings_of(arguments);
  const User* self = view.self();
  const bool is_own = names.empty() || (self != nullptr && names.size() == 1 && names[0] == self->name);
  if (!is_own) NX_TRY_DO(view.require(right::kShowPrivilege | right::kShowUser, "Listing the privileges of a user"));
  if (names.empty() && self != nullptr) names.push_back(self->name);
  Listing listing(view, form);
  for (const std::string& name : names) {
    const User* user = view.table->user(name);
    if (user == nullptr) continue;
    for (const std::string& role_name : view.table->roles_of(*user)) {
      const Value shown = Value::string(form == Form::Table ? std::string_view(role_name) : std::string_view("$role"));
      listing.add(*view.table->role(role_name), shown, form == Form::Table ? Value::string(name) : Value::null());
    }
  }
  return listing.take();
}

Result<Rows> show_supported_privileges(const View&, const List&) {
  Rows rows;
  for (const PrivilegeKind& kind : privilege_kinds()) {
    std::string_view target;
    switch (kind.about) {
      case PrivilegeClass::Database: target = "database"; break;
      case PrivilegeClass::Graph: target = "graph"; break;
      case PrivilegeClass::Dbms: target = "dbms"; break;
      case PrivilegeClass::Load: target = "all data"; break;
    }
    const bool has_elements = kind.about == PrivilegeClass::Graph && resource_words(kind.text) != " *";
    rows.push_back({Value::string(kind.text), Value::null(), Value::string(target),
                    has_elements ? procedure::string_list({"elements"}) : Value::null(), Value::string(kind.description)});
  }
  return rows;
}

struct ShowKindOfAccess {
  const char* name;
  enum class Columns : std::uint8_t { User, UserAuth, Role, RoleUser, Privilege, UserPrivilege, Command, Supported } columns;
  bool takes_names;
  Show show;
};
using Columns = ShowKindOfAccess::Columns;

constexpr ShowKindOfAccess kShows[] = {
    {"SHOW USERS", Columns::User, false, show_users<false>},
    {"SHOW USERS WITH AUTH", Columns::UserAuth, false, show_users<true>},
    {"SHOW CURRENT USER", Columns::User, false, show_current_user<false>},
    {"SHOW CURRENT USER WITH AUTH", Columns::UserAuth, false, show_current_user<true>},
    {"SHOW ROLES", Columns::Role, false, show_roles<false, false>},
    {"SHOW ROLES WITH USERS", Columns::RoleUser, false, show_roles<false, true>},
    {"SHOW POPULATED ROLES", Columns::Role, false, show_roles<true, false>},
    {"SHOW POPULATED ROLES WITH USERS", Columns::RoleUser, false, show_roles<true, true>},
    {"SHOW PRIVILEGES", Columns::Privilege, false, show_privileges<Form::Table>},
    {"SHOW PRIVILEGES AS COMMANDS", Columns::Command, false, show_privileges<Form::Commands>},
    {"SHOW PRIVILEGES AS REVOKE COMMANDS", Columns::Command, false, show_privileges<Form::Revokes>},
    {"SHOW ROLE PRIVILEGES", Columns::Privilege, true, show_role_privileges<Form::Table>},
    {"SHOW ROLE PRIVILEGES AS COMMANDS", Columns::Command, true, show_role_privileges<Form::Commands>},
    {"SHOW ROLE PRIVILEGES AS REVOKE COMMANDS", Columns::Command, true, show_role_privileges<Form::Revokes>},
    {"SHOW USER PRIVILEGES", Columns::UserPrivilege, true, show_user_privileges<Form::Table>},
    {"SHOW USER PRIVILEGES AS COMMANDS", Columns::Command, true, show_user_privileges<Form::Commands>},
    {"SHOW USER PRIVILEGES AS REVOKE COMMANDS", Columns::Command, true, show_user_privileges<Form::Revokes>},
    {"SHOW SUPPORTED PRIVILEGES", Columns::Supported, false, show_supported_privileges},
};

void set_columns(Columns columns, plan::ProcedureSignature& signature) {
  switch (columns) {
    case Columns::User:
    case Columns::UserAuth:
      signature.outputs = {string_field("user"), list_field("roles", "LIST<STRING>"), boolean_field("passwordChangeRequired"),
                           boolean_field("suspended"), string_field("home")};
      if (columns == Columns::UserAuth) signature.outputs.insert(signature.outputs.end(), {string_field("provider"), map_field("auth")});
      return;
    case Columns::Role:
      signature.outputs = {string_field("role"), boolean_field("immutable")};
      signature.default_outputs = {"role"};
      return;
    case Columns::RoleUser:
      signature.outputs = {string_field("role"), string_field("member"), boolean_field("immutable")};
      signature.default_outputs = {"role", "member"};
      return;
    case Columns::Privilege:
    case Columns::UserPrivilege:
      signature.outputs = {string_field("access"), string_field("action"), string_field("resource"), string_field("graph"),
                           string_field("segment"), string_field("role"), boolean_field("immutable")};
      if (columns == Columns::UserPrivilege) signature.outputs.push_back(string_field("user"));
      return;
    case Columns::Command:
      signature.outputs = {string_field("command"), boolean_field("immutable")};
      signature.default_outputs = {"command"};
      return;
    case Columns::Supported:
      signature.outputs = {string_field("action"), string_field("qualifier"), string_field("target"),
                           list_field("scope", "LIST<STRING>"), string_field("description")};
      return;
  }
}

}  // namespace

void Security::add_procedures(procedure::Registry& registry) const {
  for (const ShowKindOfAccess& kind : kShows) {
    plan::ProcedureSignature signature;
    signature.name = kind.name;
    signature.is_system_allowed = true;
    if (kind.takes_names) {
      signature.inputs = {list_field("names", "LIST<STRING>")};
      signature.defaults = {Value::null()};
    }
    set_columns(kind.columns, signature);
    registry.add(std::move(signature), [show = kind.show](exec::ProcedureContext& context, List arguments) -> exec::StreamResult {
      const Identity& identity = caller_of(context).identity;
      DatabaseManager& manager = caller_of(context).administration.databases();
      const Security& security = static_cast<const Security&>(*manager.access());
      NX_TRY(Rows rows, show(View{security, manager, identity, security.table()}, arguments));
      return procedure::stream_of(std::move(rows));
    });
  }
}

}  // namespace nexus::instance::security
