// Administration, schema and session statements of the syntax tree. Include syntax/ast.h.
//
// All SHOW commands and TERMINATE TRANSACTIONS are clauses (ast_clause.h): they compose.
#pragma once

#include "syntax/ast_clause.h"

namespace nexus::syntax {

struct Wait {
  bool wait = false;      // NOWAIT is the default.
  ExpressionPtr seconds;  // IntegerLiteral or Parameter; null when not given.
};
struct Topology {
  ExpressionPtr primaries;    // IntegerLiteral or Parameter; null when not given.
  ExpressionPtr secondaries;  // The same.
};
enum class CypherVersion : std::uint8_t { Cypher5, Cypher25 };

struct CreateDatabase {
  SymbolicName name;
  bool composite = false;
  bool temporary = false;
  bool or_replace = false;
  bool if_not_exists = false;
  std::optional<SymbolicName> copy_of;  // AS COPY OF name
  ExpressionPtr ttl_seconds;            // TTL n SECONDS; null when not given.
  std::optional<CypherVersion> language;
  std::optional<Topology> topology;
  ExpressionPtr options;  // MapLiteral or Parameter; null when not given.
  Wait wait;
};

struct SetAccess {
  bool read_only;
};
struct SetOption {
  std::string key;
  Expression value;
};
struct RemoveOption {
  std::string key;
};
struct SetLanguage {
  CypherVersion language;
};
struct RenameTo {
  SymbolicName name;
};
struct AlterDatabase {
  using Change = std::variant<SetAccess, Topology, SetOption, RemoveOption, SetLanguage, RenameTo>;
  SymbolicName name;
  bool if_exists = false;
  std::vector<Change> changes;  // Not empty.
  Wait wait;
};
struct StartDatabase {
  SymbolicName name;
  Wait wait;
};
struct StopDatabase {
  SymbolicName name;
  Wait wait;
};
struct DropDatabase {
  SymbolicName name;
  bool composite = false;
  bool if_exists = false;
  bool cascade_aliases = false;  // Otherwise RESTRICT.
  bool dump_data = false;
  bool destroy_data = false;     // Otherwise it can be had back for a while.
  Wait wait;
};
struct UndropDatabase {
  SymbolicName name;
  std::optional<SymbolicName> new_name;  // AS name
  Wait wait;
};

struct AliasSettings {  // What CREATE ALIAS and ALTER ALIAS may say; absent means not mentioned.
  std::optional<SymbolicName> target;
  ExpressionPtr url;                        // AT 'url'; the expressions are literals or parameters.
  std::optional<SymbolicName> user;
  ExpressionPtr password;
  bool oidc_forwarding = false;
  ExpressionPtr driver;
  std::optional<CypherVersion> language;
  ExpressionPtr properties;
};
struct CreateAlias {
  SymbolicName name;
  bool or_replace = false;
  bool if_not_exists = false;
  AliasSettings settings;  // The target is always present.
};
struct AlterAlias {
  SymbolicName name;
  bool if_exists = false;
  AliasSettings settings;
};
struct DropAlias {
  SymbolicName name;
  bool if_exists = false;
};

struct UserAuth {  // SET AUTH PROVIDER 'name' { … }; the native provider for SET PASSWORD.
  std::string provider;
  ExpressionPtr id;  // Null when not given; the same for the password.
  ExpressionPtr password;
  bool encrypted = false;
  std::optional<bool> change_required;
};
struct UserSettings {
  ExpressionPtr password;  // StringLiteral or Parameter; null when not mentioned.
  bool encrypted = false;
  std::optional<bool> change_required;
  std::optional<bool> suspended;
  std::optional<SymbolicName> home;
  bool remove_home = false;
  std::vector<UserAuth> auth;
  std::vector<Expression> remove_auth;
  bool remove_all_auth = false;
};
struct CreateUser {
  SymbolicName name;
  bool or_replace = false;
  bool if_not_exists = false;
  UserSettings settings;
};
struct AlterUser {
  SymbolicName name;
  bool if_exists = false;
  UserSettings settings;
};
struct AlterCurrentUser {  // SET PASSWORD FROM old TO new
  Expression old_password;
  Expression new_password;
};
struct RenameUser {
  SymbolicName name;
  bool if_exists = false;
  SymbolicName new_name;
};
struct DropUser {
  SymbolicName name;
  bool if_exists = false;
};

struct CreateRole {
  SymbolicName name;
  bool or_replace = false;
  bool if_not_exists = false;
  bool immutable = false;
  std::optional<SymbolicName> copy_of;  // AS COPY OF name
};
struct RenameRole {
  SymbolicName name;
  bool if_exists = false;
  SymbolicName new_name;
};
struct DropRole {
  SymbolicName name;
  bool if_exists = false;
};
// GRANT ROLE a, b TO u, v and REVOKE ROLE a, b FROM u, v.
struct ChangeMembership {
  bool revokes = false;
  std::vector<SymbolicName> roles;
  std::vector<SymbolicName> users;
};

enum class PrivilegeScope : std::uint8_t { Dbms, Database, HomeDatabase, Graph, HomeGraph, AllData, Cidr };
enum class PrivilegeElements : std::uint8_t { All, Nodes, Relationships, Pattern };
// GRANT, DENY and REVOKE of a privilege.
struct ChangePrivilege {
  enum class Verb : std::uint8_t { Grant, Deny, Revoke, RevokeGrant, RevokeDeny };
  Verb verb = Verb::Grant;
  bool immutable = false;
  // The words of the reference, upper case, in the singular and without what may be left out:
  // "ACCESS", "CREATE INDEX", "NAME MANAGEMENT", "ALL DATABASE PRIVILEGES", "MATCH", "SET PROPERTY".
  std::string privilege;
  // {a, b} of READ, MATCH, MERGE and SET PROPERTY; labels of SET LABEL and REMOVE LABEL; users in
  // parentheses; names and patterns of procedures, functions and settings. Empty: none written, or `*`.
  std::vector<std::string> resources;
  bool all_resources = false;  // {*}, (*), * was written.
  PrivilegeScope scope = PrivilegeScope::Dbms;
  std::vector<SymbolicName> names;  // Of databases or graphs; empty: *.
  PrivilegeElements elements = PrivilegeElements::All;
  bool has_elements = false;        // ELEMENTS, NODES or RELATIONSHIPS was written.
  std::vector<std::string> labels;  // Or types; empty: *.
  std::string pattern;              // Of FOR (…), as written; or the text behind CIDR.
  std::vector<SymbolicName> roles;  // Not empty.
};
// Servers: understood as such, with nothing behind it.
struct UnsupportedAdminCommand {
  std::string name;  // "ALTER SERVER", "DRYRUN", …
  std::string text;  // As written.
};

enum class EntityKind : std::uint8_t { Node, Relationship };
enum class IndexKind : std::uint8_t { Range, Text, Point, Vector, Fulltext, Lookup };
struct CreateIndex {
  IndexKind kind = IndexKind::Range;
  std::optional<SymbolicName> name;
  bool or_replace = false;
  bool if_not_exists = false;
  EntityKind entity = EntityKind::Node;
  std::vector<std::string> labels;      // Labels or types; several for Fulltext, none for Lookup.
  std::vector<std::string> properties;  // None for Lookup.
  ExpressionPtr options;                // MapLiteral or Parameter; null when not given.
};
struct DropIndex {
  std::optional<SymbolicName> name;  // Absent for the older ON :Label(property).
  bool if_exists = false;
  std::string label;
  std::vector<std::string> properties;
};
enum class ConstraintKind : std::uint8_t { Unique, Key, Exists, PropertyType };
struct CreateConstraint {
  ConstraintKind kind = ConstraintKind::Unique;
  std::optional<SymbolicName> name;
  bool or_replace = false;
  bool if_not_exists = false;
  EntityKind entity = EntityKind::Node;
  std::string label;                    // Label or type.
  std::vector<std::string> properties;  // Not empty.
  std::optional<TypeName> type;         // PropertyType only.
  ExpressionPtr options;                // MapLiteral or Parameter; null when not given.
};
struct DropConstraint {
  SymbolicName name;
  bool if_exists = false;
};

struct TransactionCommand {
  enum class Kind : std::uint8_t { Begin, Commit, Rollback };
  Kind kind;
};
struct SessionUse {  // USE x, USE DATABASE x, :use x alone; :use without name means the home database.
  std::optional<GraphReference> graph;
};

}  // namespace nexus::syntax
