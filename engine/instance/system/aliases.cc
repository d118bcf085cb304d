// CREATE ALIAS, ALTER ALIAS, DROP ALIAS: second names. An alias AT another server is kept and shown, never followed;
// its password is not kept at all.
#include "instance/literal.h"
#include "instance/system/admin.h"

namespace nexus::instance::system {
namespace {

constexpr std::string_view kDriverKeys[] = {
    "ssl_enforced", "connection_timeout", "connection_max_lifetime", "connection_pool_acquisition_timeout",
    "connection_pool_idle_test", "connection_pool_max_size", "logging_level"};
constexpr std::string_view kSecureSchemes[] = {"neo4j+s://", "neo4j+ssc://", "bolt+s://", "bolt+ssc://"};
constexpr std::string_view kOpenSchemes[] = {"neo4j://", "bolt://"};
constexpr std::string_view kLoggingLevels[] = {"DEBUG", "INFO", "WARN", "ERROR", "NONE"};

template <std::size_t n>
bool begins_with_any(std::string_view text, const std::string_view (&list)[n]) {
  for (const std::string_view item : list) {
    if (text.size() > item.size() && text.substr(0, item.size()) == item) return true;
  }
  return false;
}

Error bad_setting(const std::string& key, std::string_view expected, Position position) {
  return Error(ErrorCode::InvalidDriverSetting, "Driver setting '" + key + "' takes " + std::string(expected) + ".",
               position);
}

Result<> check_driver(const Map& driver, Position position) {
  for (const auto& [key, value] : driver) {
    if (!is_among(key, kDriverKeys)) {
      return Error(ErrorCode::InvalidDriverSetting, "There is no driver setting '" + key + "'.", position);
    }
    if (key == "ssl_enforced") {
      if (!value.is(Type::Boolean)) return bad_setting(key, "a BOOLEAN", position);
    } else if (key == "logging_level") {
      if (!value.is(Type::String) || !is_among(value.string(), kLoggingLevels))
        return bad_setting(key, "'DEBUG', 'INFO', 'WARN', 'ERROR' or 'NONE'", position);
    } else if (key == "connection_pool_max_size") {
      if (!value.is(Type::Integer)) return bad_setting(key, "an INTEGER", position);
    } else if (!value.is(Type::Duration)) {
      return bad_setting(key, "a DURATION", position);
    }
  }
  return Done{};
}

Result<> check_url(const std::string& url, const std::optional<Map>& driver, Position position) {
  bool is_ssl_enforced = true;
  if (driver) {
    const Value settings = Value::map(*driver);
    const Value* enforced = settings.find("ssl_enforced");
    is_ssl_enforced = enforced == nullptr || !enforced->is(Type::Boolean) || enforced->boolean();
  }
  if (begins_with_any(url, kSecureSchemes) || (!is_ssl_enforced && begins_with_any(url, kOpenSchemes))) return Done{};
  return Error(ErrorCode::InvalidDriverSetting,
               "The URL of a server begins with neo4j+s://, neo4j+ssc://, bolt+s:// or bolt+ssc://; with "
               "ssl_enforced false also with neo4j:// or bolt://.",
               position);
}

Result<std::string> text_value(const syntax::Expression& expression, const Map& parameters, std::string_view what) {
  NX_TRY(const Value value, literal_value(expression, parameters));
  if (value.is(Type::String)) return std::string(value.string());
  return Error(ErrorCode::InvalidArgumentType, std::string(what) + " must be a STRING.", expression.position);
}

Result<Map> map_value(const syntax::Expression& expression, const Map& parameters, std::string_view what) {
  NX_TRY(const Value value, literal_value(expression, parameters));
  if (value.is(Type::Map)) return value.map();
  return Error(ErrorCode::InvalidArgumentType, std::string(what) + " must be a MAP.", expression.position);
}

Result<> read_settings(const syntax::AliasSettings& settings, const AdminContext& context, AliasRequest& request) {
  const Map& parameters = context.parameters;
  if (settings.target) { NX_TRY(request.target, name_value(*settings.target, parameters)); }
  if (settings.user) { NX_TRY(request.user, name_value(*settings.user, parameters)); }
  if (settings.password) { NX_TRY_DO(text_value(*settings.password, parameters, "PASSWORD")); }
  request.has_password = settings.password != nullptr;
  request.forwards_credentials = settings.oidc_forwarding;
  if (settings.language) {
    request.language = *settings.language == syntax::CypherVersion::Cypher5 ? "CYPHER 5" : "CYPHER 25";
  }
  if (settings.driver) {
    NX_TRY(request.driver, map_value(*settings.driver, parameters, "DRIVER"));
    NX_TRY_DO(check_driver(*request.driver, settings.driver->position));
  }
  if (settings.properties) { NX_TRY(request.properties, map_value(*settings.properties, parameters, "PROPERTIES")); }
  if (!settings.url) return Done{};
  NX_TRY(request.url, text_value(*settings.url, parameters, "AT"));
  return check_url(*request.url, request.driver, settings.url->position);
}

}  // namespace

Outcome create_alias(const syntax::CreateAlias& command, const AdminContext& context) {
  AliasRequest request;
  NX_TRY(request.name, name_value(command.name, context.parameters));
  request.or_replace = command.or_replace;
  request.if_not_exists = command.if_not_exists;
  NX_TRY_DO(read_settings(command.settings, context, request));
  const bool has_credentials = (request.user && request.has_password) || request.forwards_credentials;
  if (request.url && !has_credentials) {
    return Error(ErrorCode::UnexpectedSyntax,
                 "An alias AT another server needs USER and PASSWORD, or OIDC CREDENTIAL FORWARDING.",
                 command.name.position);
  }
  return context.manager.create_alias(context.identity, request);
}

Outcome alter_alias(const syntax::AlterAlias& command, const AdminContext& context) {
  AliasRequest request;
  NX_TRY(request.name, name_value(command.name, context.parameters));
  request.if_exists = command.if_exists;
  NX_TRY_DO(read_settings(command.settings, context, request));
  return context.manager.alter_alias(context.identity, request);
}

Outcome drop_alias(const syntax::DropAlias& command, const AdminContext& context) {
  NX_TRY(const std::string name, name_value(command.name, context.parameters));
  return context.manager.drop_alias(context.identity, name, command.if_exists);
}

}  // namespace nexus::instance::system
