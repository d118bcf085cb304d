// The syntax tree of one statement: what syntax::parse produces and the binder consumes.
//
// Closed variants, move-only, no names resolved, no types known. Positions count code points.
// A column without alias is named by ProjectionItem::text, the text as written.
#pragma once

#include "syntax/ast_admin.h"

namespace nexus::syntax {

enum class ExecutionMode : std::uint8_t { Run, Explain, Profile };

struct Statement {
  using Node = std::variant<RegularQuery, CreateDatabase, AlterDatabase, StartDatabase, StopDatabase, DropDatabase, UndropDatabase,
                            CreateAlias, AlterAlias, DropAlias, CreateUser, AlterUser, AlterCurrentUser, RenameUser,
                            DropUser, CreateRole, RenameRole, DropRole, ChangeMembership, ChangePrivilege,
                            UnsupportedAdminCommand, CreateIndex, DropIndex, CreateConstraint,
                            DropConstraint, TransactionCommand, SessionUse>;
  ExecutionMode mode = ExecutionMode::Run;
  std::optional<CypherVersion> version;  // CYPHER 5, CYPHER 25
  std::optional<GraphReference> use;     // USE graph before a query, schema or administration command.
  Node node;
  Position position;
};

}  // namespace nexus::syntax
