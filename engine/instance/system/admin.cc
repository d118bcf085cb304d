#include "instance/system/admin.h"

#include "base/match.h"
#include "instance/literal.h"

namespace nexus::instance::system {
namespace {

constexpr std::string_view kSeeding[] = {
    "existingDataSeedServer", "existingDataSeedInstance", "seedURI",           "seedConfig",
    "seedCredentials",        "seedRestoreUntil",         "seedSourceDatabase"};
constexpr std::string_view kStoreFormats[] = {"aligned", "standard", "high_limit", "block"};

Error bad_option(const std::string& key, std::string_view expected) {
  return Error(ErrorCode::InvalidOption, "Option '" + key + "' takes " + std::string(expected) + ".");
}

std::string_view text_of(const Value& value) { return value.is(Type::String) ? value.string() : std::string_view(); }

struct CountRule {
  const char* what;
  std::int64_t first, last;  // What any number of servers could have.
  std::int64_t only;         // What this one has.
  ErrorCode beyond;
};

constexpr CountRule kPrimaries{"primaries", 1, 11, 1, ErrorCode::PrimariesOutOfRange};
constexpr CountRule kSecondaries{"secondaries", 0, 20, 0, ErrorCode::SecondariesOutOfRange};

Result<> check_count(const syntax::ExpressionPtr& expression, const Map& parameters, const CountRule& rule) {
  if (!expression) return Done{};
  NX_TRY(const Value value, literal_value(*expression, parameters));
  const std::string what = std::string("The number of ") + rule.what;
  if (!value.is(Type::Integer)) {
    return Error(ErrorCode::InvalidArgumentType, what + " must be an INTEGER.", expression->position);
  }
  if (value.integer() < rule.first || value.integer() > rule.last) {
    return Error(rule.beyond, what + " is from " + std::to_string(rule.first) + " to " + std::to_string(rule.last) + ".",
                 expression->position);
  }
  if (value.integer() == rule.only) return Done{};
  return not_implemented("A topology other than 1 PRIMARY (" + std::string(rule.what) + ")", expression->position);
}

Outcome administer_access(const syntax::Statement& statement, const AdminContext& context) {
  AccessControl* access = context.manager.access();
  if (access == nullptr) {
    return Error(ErrorCode::NotImplemented, "Users, roles and privileges are for a server: here is nobody to tell apart.", statement.position);
  }
  return context.manager.change_access(
      [&] { return access->administer(statement, context.manager, context.identity, context.parameters); });
}

}  // namespace

Error not_implemented(std::string_view feature, Position position) {
  return Error(ErrorCode::NotImplemented, std::string(feature) + " is not implemented.", position);
}

Result<DatabaseOptions> check_options(const Value& options) {
  if (!options.is(Type::Map)) return Error(ErrorCode::InvalidOption, "OPTIONS must be a map.");
  DatabaseOptions kept;
  for (const auto& [key, value] : options.map()) {
    if (is_among(key, kSeeding)) return not_implemented("Option '" + key + "'");
    if (key == "existingData") {
      if (text_of(value) != "use") return bad_option(key, "'use'");
    } else if (key == "storeFormat") {
      if (!is_among(text_of(value), kStoreFormats))
        return bad_option(key, "'aligned', 'standard', 'high_limit' or 'block'");
    } else {
      NX_TRY_DO(set_option(kept, key, value));
    }
  }
  return kept;
}

Result<> check_topology(const syntax::Topology& topology, const Map& parameters) {
  NX_TRY_DO(check_count(topology.primaries, parameters, kPrimaries));
  return check_count(topology.secondaries, parameters, kSecondaries);
}

Result<> check_wait(const syntax::Wait& wait, const Map& parameters) {
  if (!wait.seconds) return Done{};
  NX_TRY(const Value value, literal_value(*wait.seconds, parameters));
  if (value.is(Type::Integer) && value.integer() >= 0) return Done{};
  return Error(ErrorCode::InvalidArgument, "WAIT takes a number of seconds, an INTEGER from 0 on.",
               wait.seconds->position);
}

Outcome administer(const syntax::Statement& statement, const AdminContext& context, bool& wait) {
  const auto refuse = [&](std::string_view feature) -> Outcome { return not_implemented(feature, statement.position); };
  if (is_about_access(statement)) return administer_access(statement, context);
  return std::visit(
      Match{
          [&](const syntax::CreateDatabase& command) -> Outcome {
            wait = command.wait.wait;
            return create_database(command, context);
          },
          [&](const syntax::AlterDatabase& command) -> Outcome {
            wait = command.wait.wait;
            return alter_database(command, context);
          },
          [&](const syntax::StartDatabase& command) -> Outcome {
            wait = command.wait.wait;
            return start_database(command, context);
          },
          [&](const syntax::StopDatabase& command) -> Outcome {
            wait = command.wait.wait;
            return stop_database(command, context);
          },
          [&](const syntax::DropDatabase& command) -> Outcome {
            wait = command.wait.wait;
            return drop_database(command, context);
          },
          [&](const syntax::UndropDatabase& command) -> Outcome {
            wait = command.wait.wait;
            return undrop_database(command, context);
          },
          [&](const syntax::CreateAlias& command) -> Outcome { return create_alias(command, context); },
          [&](const syntax::AlterAlias& command) -> Outcome { return alter_alias(command, context); },
          [&](const syntax::DropAlias& command) -> Outcome { return drop_alias(command, context); },
          [&](const syntax::UnsupportedAdminCommand& command) { return refuse(command.name); },
          [&](const syntax::CreateIndex&) { return refuse("CREATE INDEX"); },
          [&](const syntax::DropIndex&) { return refuse("DROP INDEX"); },
          [&](const syntax::CreateConstraint&) { return refuse("CREATE CONSTRAINT"); },
          [&](const syntax::DropConstraint&) { return refuse("DROP CONSTRAINT"); },
          [&](const syntax::RegularQuery&) { return refuse("This query as an administration command"); },
          [&](const auto&) { return refuse("This command as an administration command"); },
      },
      statement.node);
}

}  // namespace nexus::instance::system
