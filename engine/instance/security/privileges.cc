#include "instance/security/privileges.h"

namespace nexus::instance::security {
namespace {

using Class = PrivilegeClass;

constexpr Rights kIndexes = right::kCreateIndex | right::kDropIndex | right::kShowIndex;
constexpr Rights kConstraints = right::kCreateConstraint | right::kDropConstraint | right::kShowConstraint;
constexpr Rights kTransactions = right::kShowTransaction | right::kTerminateTransaction;
constexpr Rights kRoles = right::kCreateRole | right::kRenameRole | right::kDropRole | right::kAssignRole | right::kRemoveRole | right::kShowRole;
constexpr Rights kAlterUser = right::kSetPassword | right::kSetUserStatus | right::kSetUserHome;
constexpr Rights kUsers = right::kCreateUser | right::kRenameUser | right::kDropUser | right::kShowUser | kAlterUser;
constexpr Rights kComposites = right::kCreateComposite | right::kDropComposite;
constexpr Rights kAliases = right::kCreateAlias | right::kDropAlias | right::kAlterAlias | right::kShowAlias;
constexpr Rights kDatabases = right::kCreateDatabase | right::kDropDatabase | right::kAlterDatabase | right::kSetDatabaseAccess | kComposites;
constexpr Rights kPrivileges = right::kShowPrivilege | right::kAssignPrivilege | right::kRemovePrivilege;

constexpr PrivilegeKind kKinds[] = {
    {"ACCESS", "access", Class::Database, right::kAccess, "Use the database."},
    {"START", "start_database", Class::Database, right::kStart, "Start the database."},
    {"STOP", "stop_database", Class::Database, right::kStop, "Stop the database."},
    {"CREATE INDEX", "create_index", Class::Database, right::kCreateIndex, "Create indexes."},
    {"DROP INDEX", "drop_index", Class::Database, right::kDropIndex, "Drop indexes."},
    {"SHOW INDEX", "show_index", Class::Database, right::kShowIndex, "List indexes."},
    {"INDEX MANAGEMENT", "index", Class::Database, kIndexes, "Create, drop and list indexes."},
    {"CREATE CONSTRAINT", "create_constraint", Class::Database, right::kCreateConstraint, "Create constraints."},
    {"DROP CONSTRAINT", "drop_constraint", Class::Database, right::kDropConstraint, "Drop constraints."},
    {"SHOW CONSTRAINT", "show_constraint", Class::Database, right::kShowConstraint, "List constraints."},
    {"CONSTRAINT MANAGEMENT", "constraint", Class::Database, kConstraints, "Create, drop and list constraints."},
    {"CREATE NEW LABEL", "create_label", Class::Database, right::kNewLabel, "Use labels that the database does not know yet."},
    {"CREATE NEW TYPE", "create_reltype", Class::Database, right::kNewType, "Use relationship types that it does not know yet."},
    {"CREATE NEW PROPERTY NAME", "create_propertykey", Class::Database, right::kNewKey, "Use property names that it does not know yet."},
    {"NAME MANAGEMENT", "token", Class::Database, right::kNewNames, "Use new labels, relationship types and property names."},
    {"SHOW TRANSACTION", "show_transaction", Class::Database, right::kShowTransaction, "List the transactions of others."},
    {"TERMINATE TRANSACTION", "terminate_transaction", Class::Database, right::kTerminateTransaction, "End the transactions of others."},
    {"TRANSACTION MANAGEMENT", "transaction_management", Class::Database, kTransactions, "List and end the transactions of others."},
    {"ALL DATABASE PRIVILEGES", "database_actions", Class::Database, right::kAccess | kIndexes | kConstraints | right::kNewNames,
     "Use the database, its indexes, constraints and new names."},
    {"MATCH", "match", Class::Graph, right::kMatch, "Find nodes and relationships and read their properties."},
    {"CREATE", "create_element", Class::Graph, right::kCreate, "Create nodes and relationships."},
    {"DELETE", "delete_element", Class::Graph, right::kDelete, "Delete nodes and relationships."},
    {"SET LABEL", "set_label", Class::Graph, right::kSetLabel, "Add labels."},
    {"REMOVE LABEL", "remove_label", Class::Graph, right::kRemoveLabel, "Remove labels."},
    {"SET PROPERTY", "set_property", Class::Graph, right::kSetProperty, "Set and remove properties."},
    {"MERGE", "merge", Class::Graph, right::kMatch | right::kCreate | right::kSetProperty, "What MERGE needs: match, create, set property."},
    {"WRITE", "write", Class::Graph, right::kWrite, "All changes of the graph."},
    {"ALL GRAPH PRIVILEGES", "graph_actions", Class::Graph, right::kMatch | right::kWrite, "Read and change the graph."},
    {"CREATE ROLE", "create_role", Class::Dbms, right::kCreateRole, "Create roles."},
    {"RENAME ROLE", "rename_role", Class::Dbms, right::kRenameRole, "Rename roles."},
    {"DROP ROLE", "drop_role", Class::Dbms, right::kDropRole, "Drop roles."},
    {"ASSIGN ROLE", "assign_role", Class::Dbms, right::kAssignRole, "Grant roles to users."},
    {"REMOVE ROLE", "remove_role", Class::Dbms, right::kRemoveRole, "Revoke roles from users."},
    {"SHOW ROLE", "show_role", Class::Dbms, right::kShowRole, "List roles."},
    {"ROLE MANAGEMENT", "role_management", Class::Dbms, kRoles, "All of roles."},
    {"CREATE USER", "create_user", Class::Dbms, right::kCreateUser, "Create users."},
    {"RENAME USER", "rename_user", Class::Dbms, right::kRenameUser, "Rename users."},
    {"ALTER USER", "alter_user", Class::Dbms, kAlterUser, "Set passwords, status and home databases of users."},
    {"DROP USER", "drop_user", Class::Dbms, right::kDropUser, "Drop users."},
    {"SHOW USER", "show_user", Class::Dbms, right::kShowUser, "List users."},
    {"SET PASSWORD", "set_passwords", Class::Dbms, right::kSetPassword, "Set passwords of users."},
    {"SET USER STATUS", "set_user_status", Class::Dbms, right::kSetUserStatus, "Suspend and activate users."},
    {"SET USER HOME DATABASE", "set_user_home_database", Class::Dbms, right::kSetUserHome, "Set the home databases of users."},
    {"USER MANAGEMENT", "user_management", Class::Dbms, kUsers, "All of users."},
    {"CREATE DATABASE", "create_database", Class::Dbms, right::kCreateDatabase, "Create databases, and bring dropped ones back."},
    {"DROP DATABASE", "drop_database", Class::Dbms, right::kDropDatabase, "Drop databases."},
    {"ALTER DATABASE", "alter_database", Class::Dbms, right::kAlterDatabase | right::kSetDatabaseAccess, "Rename databases, set their options and access."},
    {"SET DATABASE ACCESS", "set_database_access", Class::Dbms, right::kSetDatabaseAccess, "Make databases read-only or not."},
    {"CREATE COMPOSITE DATABASE", "create_composite_database", Class::Dbms, right::kCreateComposite, "Create composite databases."},
    {"DROP COMPOSITE DATABASE", "drop_composite_database", Class::Dbms, right::kDropComposite, "Drop composite databases."},
    {"COMPOSITE DATABASE MANAGEMENT", "composite_database_management", Class::Dbms, kComposites, "Create and drop composite databases."},
    {"DATABASE MANAGEMENT", "database_management", Class::Dbms, kDatabases, "Create, drop and alter databases."},
    {"CREATE ALIAS", "create_alias", Class::Dbms, right::kCreateAlias, "Create aliases."},
    {"DROP ALIAS", "drop_alias", Class::Dbms, right::kDropAlias, "Drop aliases."},
    {"ALTER ALIAS", "alter_alias", Class::Dbms, right::kAlterAlias, "Alter aliases."},
    {"SHOW ALIAS", "show_alias", Class::Dbms, right::kShowAlias, "List aliases."},
    {"ALIAS MANAGEMENT", "alias_management", Class::Dbms, kAliases, "All of aliases."},
    {"SHOW PRIVILEGE", "show_privilege", Class::Dbms, right::kShowPrivilege, "List privileges."},
    {"ASSIGN PRIVILEGE", "assign_privilege", Class::Dbms, right::kAssignPrivilege, "Grant and deny privileges."},
    {"REMOVE PRIVILEGE", "remove_privilege", Class::Dbms, right::kRemovePrivilege, "Revoke privileges."},
    {"PRIVILEGE MANAGEMENT", "privilege_management", Class::Dbms, kPrivileges, "All of privileges."},
    {"SHOW SETTING", "show_setting", Class::Dbms, right::kShowSetting, "List settings."},
    {"ALL DBMS PRIVILEGES", "dbms_actions", Class::Dbms, kRoles | kUsers | kDatabases | kAliases | kPrivileges | right::kShowSetting,
     "All of users, roles, privileges, databases, aliases and settings."},
    {"LOAD", "load", Class::Load, right::kLoad, "Read files of the import folder with LOAD CSV."},
};

struct NotBuilt {
  std::string_view text;
  std::string_view why;
};
constexpr std::string_view kForAll = "every user may call procedures and functions; what they read and write is decided by the privileges on the graph";
constexpr NotBuilt kNotBuilt[] = {
    {"TRAVERSE", "grant MATCH {*}, which also reads properties"},
    {"READ", "grant MATCH {*}, which also finds what has the properties"},
    {"IMPERSONATE", "statements run as the user who logged on"},
    {"SET AUTH", "passwords are the only way to authenticate"},
    {"SET DATABASE DEFAULT LANGUAGE", "all databases have the same language"},
    {"ALTER COMPOSITE DATABASE", "composite databases cannot be altered"},
    {"SERVER MANAGEMENT", "an instance is one server"},
    {"SHOW SERVER", "an instance is one server"},
    {"EXECUTE PROCEDURE", kForAll},
    {"EXECUTE BOOSTED PROCEDURE", kForAll},
    {"EXECUTE ADMIN PROCEDURES", kForAll},
    {"EXECUTE FUNCTION", kForAll},
    {"EXECUTE BOOSTED FUNCTION", kForAll},
};

}  // namespace

std::span<const PrivilegeKind> privilege_kinds() { return kKinds; }

const PrivilegeKind* find_privilege(std::string_view text) {
  for (const PrivilegeKind& kind : kKinds) {
    if (kind.text == text) return &kind;
  }
  return nullptr;
}

std::string_view why_not_built(std::string_view text) {
  for (const NotBuilt& one : kNotBuilt) {
    if (one.text == text) return one.why;
  }
  return {};
}

}  // namespace nexus::instance::security
