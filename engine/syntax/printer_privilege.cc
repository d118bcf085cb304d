// Roles and privileges as text.
#include "syntax/printer_state.h"

namespace nexus::syntax {
namespace {

std::string_view verb_words(ChangePrivilege::Verb verb) {
  switch (verb) {
    case ChangePrivilege::Verb::Grant: return "GRANT ";
    case ChangePrivilege::Verb::Deny: return "DENY ";
    case ChangePrivilege::Verb::Revoke:
    case ChangePrivilege::Verb::RevokeGrant:
    case ChangePrivilege::Verb::RevokeDeny: break;
  }
  return "REVOKE ";
}

bool takes_properties(std::string_view privilege) {
  return privilege == "READ" || privilege == "MATCH" || privilege == "MERGE" || privilege == "SET PROPERTY";
}

bool takes_users(std::string_view privilege) {
  return privilege == "IMPERSONATE" || privilege.find("TRANSACTION") != std::string_view::npos;
}

bool takes_pattern(std::string_view privilege) {
  return privilege == "SHOW SETTING" || privilege.substr(0, 8) == "EXECUTE ";
}

}  // namespace

void Printer::node(const CreateRole& command) {
  add(command.or_replace ? "CREATE OR REPLACE " : "CREATE ", command.immutable ? "IMMUTABLE ROLE " : "ROLE ", command.name);
  if (command.if_not_exists) put(" IF NOT EXISTS");
  optional(" AS COPY OF ", command.copy_of);
}

void Printer::node(const RenameRole& command) {
  add("RENAME ROLE ", command.name, command.if_exists ? " IF EXISTS TO " : " TO ", command.new_name);
}

void Printer::node(const DropRole& command) { add("DROP ROLE ", command.name, command.if_exists ? " IF EXISTS" : ""); }

void Printer::node(const ChangeMembership& command) {
  put(command.revokes ? "REVOKE ROLE " : "GRANT ROLE ");
  commas(command.roles);
  put(command.revokes ? " FROM " : " TO ");
  commas(command.users);
}

void Printer::resources(const ChangePrivilege& command) {
  const std::string_view privilege = command.privilege;
  if (!command.all_resources && command.resources.empty()) return;
  const std::string_view open = takes_properties(privilege) ? " {" : takes_users(privilege) ? " (" : " ";
  const std::string_view close = takes_properties(privilege) ? "}" : takes_users(privilege) ? ")" : "";
  put(open);
  if (command.all_resources) put("*");
  const bool is_pattern = takes_pattern(privilege);
  separated(command.resources, ", ", [&](const std::string& name) { is_pattern ? put(name) : put(Key{name}); });
  put(close);
}

void Printer::node(const ChangePrivilege& command) {
  add(verb_words(command.verb), command.immutable ? "IMMUTABLE " : "");
  if (command.verb == ChangePrivilege::Verb::RevokeGrant) put("GRANT ");
  if (command.verb == ChangePrivilege::Verb::RevokeDeny) put("DENY ");
  put(command.privilege);
  resources(command);
  switch (command.scope) {
    case PrivilegeScope::Dbms: put(" ON DBMS"); break;
    case PrivilegeScope::Database: put(" ON DATABASE "); break;
    case PrivilegeScope::HomeDatabase: put(" ON HOME DATABASE"); break;
    case PrivilegeScope::Graph: put(" ON GRAPH "); break;
    case PrivilegeScope::HomeGraph: put(" ON HOME GRAPH"); break;
    case PrivilegeScope::AllData: put(" ON ALL DATA"); break;
    case PrivilegeScope::Cidr: add(" ON CIDR ", quote_string(command.pattern)); break;
  }
  const bool has_names = command.scope == PrivilegeScope::Database || command.scope == PrivilegeScope::Graph;
  if (has_names && command.names.empty()) put("*");
  commas(command.names);
  if (command.elements == PrivilegeElements::Pattern) {
    add(" FOR ", command.pattern);
  } else if (command.has_elements) {
    put(command.elements == PrivilegeElements::All ? " ELEMENTS " : command.elements == PrivilegeElements::Nodes ? " NODES " : " RELATIONSHIPS ");
    if (command.labels.empty()) put("*");
    separated(command.labels, ", ", [this](const std::string& label) { put(Key{label}); });
  }
  const bool revokes = command.verb != ChangePrivilege::Verb::Grant && command.verb != ChangePrivilege::Verb::Deny;
  put(revokes ? " FROM " : " TO ");
  commas(command.roles);
}

}  // namespace nexus::syntax
