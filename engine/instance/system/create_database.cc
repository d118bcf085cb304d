// CREATE [OR REPLACE] [TEMPORARY] DATABASE [AS COPY OF]: a row in the system database, or in memory alone.
// The folder of an empty one appears with its first commit.
#include "instance/literal.h"
#include "instance/system/admin.h"

namespace nexus::instance::system {

namespace {

constexpr std::int64_t kTtlSecondsMax = 10LL * 366 * 24 * 3'600;

Result<std::uint64_t> ttl_value(const syntax::Expression& expression, const Map& parameters) {
  NX_TRY(const Value value, literal_value(expression, parameters));
  if (value.is(Type::Integer) && value.integer() > 0 && value.integer() <= kTtlSecondsMax) {
    return static_cast<std::uint64_t>(value.integer());
  }
  return Error(ErrorCode::InvalidArgument, "TTL takes a number of seconds, an INTEGER from 1 to ten years.",
               expression.position);
}

}  // namespace

Outcome create_database(const syntax::CreateDatabase& command, const AdminContext& context) {
  const Position position = command.name.position;
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
    NX_TRY(request.options, check_options(options));
  }
  if (command.copy_of) { NX_TRY(request.copy_of, name_value(*command.copy_of, context.parameters)); }
  request.is_temporary = command.temporary;
  request.ttl_seconds = command.temporary ? context.temporary_ttl_seconds : 0;
  if (command.ttl_seconds) { NX_TRY(request.ttl_seconds, ttl_value(*command.ttl_seconds, context.parameters)); }
  return context.manager.create(context.identity, request);
}

}  // namespace nexus::instance::system
