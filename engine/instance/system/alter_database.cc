// ALTER DATABASE: access, options and name, all changes of one command in one transaction.
#include "base/match.h"
#include "instance/literal.h"
#include "instance/system/admin.h"

namespace nexus::instance::system {
namespace {

Error unknown_option(std::string_view key, Position position) {
  return Error(ErrorCode::InvalidOption, "ALTER DATABASE knows no option '" + std::string(key) + "'.", position);
}

Result<> apply(const syntax::AlterDatabase::Change& change, const AdminContext& context, Position position,
               AlterRequest& request) {
  return std::visit(
      Match{
          [&](const syntax::SetAccess& access) -> Result<> {
            request.is_read_only = access.read_only;
            return Done{};
          },
          [&](const syntax::Topology& topology) -> Result<> { return check_topology(topology, context.parameters); },
          [&](const syntax::SetOption& option) -> Result<> {
            if (!is_database_option(option.key)) return unknown_option(option.key, position);
            NX_TRY(Value value, literal_value(option.value, context.parameters));
            request.options.push_back({option.key, std::move(value)});
            return Done{};
          },
          [&](const syntax::RemoveOption& option) -> Result<> {
            if (!is_database_option(option.key)) return unknown_option(option.key, position);
            request.options.push_back({option.key, Value::null()});
            return Done{};
          },
          [&](const syntax::SetLanguage& language) -> Result<> {
            if (language.language == syntax::CypherVersion::Cypher5) return Done{};
            return not_implemented("DEFAULT LANGUAGE CYPHER 25", position);
          },
          [&](const syntax::RenameTo& rename) -> Result<> {
            NX_TRY(request.new_name, name_value(rename.name, context.parameters));
            return Done{};
          },
      },
      change);
}

}  // namespace

Outcome alter_database(const syntax::AlterDatabase& command, const AdminContext& context) {
  NX_TRY_DO(check_wait(command.wait, context.parameters));
  AlterRequest request;
  NX_TRY(request.name, name_value(command.name, context.parameters));
  request.if_exists = command.if_exists;
  for (const auto& change : command.changes) NX_TRY_DO(apply(change, context, command.name.position, request));
  return context.manager.alter(context.identity, request);
}

}  // namespace nexus::instance::system
