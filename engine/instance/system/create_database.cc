// CREATE [OR REPLACE] DATABASE: a row in the system database; its folder appears with its first commit.
#include "instance/literal.h"
#include "instance/system/admin.h"

namespace nexus::instance::system {

Outcome create_database(const syntax::CreateDatabase& command, const AdminContext& context) {
  const Position position = command.name.position;
  if (command.temporary || command.ttl_seconds) return not_implemented("CREATE TEMPORARY DATABASE", position);
  if (command.copy_of) return not_implemented("CREATE DATABASE … AS COPY OF", position);
  if (command.language == syntax::CypherVersion::Cypher25)
    return not_implemented("DEFAULT LANGUAGE CYPHER 25", position);
  if (command.or_replace && command.if_not_exists) {
    return Error(ErrorCode::UnexpectedSyntax, "CREATE DATABASE cannot have both OR REPLACE and IF NOT EXISTS.",
                 position);
  }
  NX_TRY_DO(check_wait(command.wait, context.parameters));
  if (command.topology) NX_TRY_DO(check_topology(*command.topology, context.parameters));
  CreateRequest request;
  NX_TRY(request.name, name_value(command.name, context.parameters));
  request.if_not_exists = command.if_not_exists;
  request.or_replace = command.or_replace;
  request.is_composite = command.composite;
  if (command.options) {
    NX_TRY(const Value options, literal_value(*command.options, context.parameters));
    if (command.composite && (!options.is(Type::Map) || !options.map().empty())) {
      return Error(ErrorCode::InvalidOption, "CREATE COMPOSITE DATABASE takes no options.", position);
    }
    NX_TRY(request.log_enrichment, check_options(options));
  }
  return context.manager.create(context.identity, request);
}

}  // namespace nexus::instance::system
