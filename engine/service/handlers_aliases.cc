// Aliases over REST: what SHOW, CREATE, and DROP ALIAS answer, as resources.
#include "service/handlers.h"
#include "service/json.h"
#include "service/problem.h"

namespace nexus::service {
namespace {

constexpr const char* kColumns = " YIELD name, composite, database, location, url, user, properties";

Value alias_value(const List& row) {
  return Value::map(make_map({{"name", row[0]},
                              {"composite", row[1]},
                              {"target", row[2]},
                              {"location", row[3]},
                              {"url", row[4]},
                              {"user", row[5]},
                              {"properties", row[6]}}));
}

}  // namespace

Result<std::vector<List>> Handlers::show_aliases(Exchange& exchange, const std::string& name) {
  NX_TRY(const auto session, instance_.open_session(exchange.identity, "system"));
  const std::string statement = std::string(name.empty() ? "SHOW ALIASES" : "SHOW ALIAS $name") + " FOR DATABASE" + kColumns;
  Map parameters;
  if (!name.empty()) parameters = {{"name", Value::string(name)}};
  NX_TRY(Table table, query(*session, statement, parameters));
  return std::move(table.rows);
}

HttpResponse Handlers::list_aliases(Exchange& exchange) {
  auto rows = show_aliases(exchange, {});
  if (!rows) return problem(rows.error());
  std::string body = "{\"aliases\":[";
  for (std::size_t at = 0; at < rows->size(); ++at) {
    if (at != 0) body += ',';
    append_json(body, alias_value((*rows)[at]));
  }
  return json_response(200, body + "]}");
}

HttpResponse Handlers::alias_response(Exchange& exchange, int status) {
  const std::string name = exchange.path["name"];
  auto rows = show_aliases(exchange, name);
  if (!rows) return problem(rows.error());
  if (rows->empty()) return problem(Error{ErrorCode::AliasNotFound, "there is no alias '" + name + "'"});
  std::string body;
  append_json(body, alias_value(rows->front()));
  return json_response(status, std::move(body));
}

HttpResponse Handlers::show_alias(Exchange& exchange) { return alias_response(exchange, 200); }

HttpResponse Handlers::put_alias(Exchange& exchange) {
  auto body = Body::parse(exchange.request, {"target", "properties"});
  if (!body) return problem(body.error());
  auto target = body->required_text("target");
  if (!target) return problem(target.error());
  auto properties = body->map("properties");
  if (!properties) return problem(properties.error());
  const Map parameters = make_map({{"name", Value::string(exchange.path["name"])},
                                   {"target", Value::string(*target)},
                                   {"properties", Value::map(std::move(*properties))}});
  auto summary = administer(
      exchange, "CREATE OR REPLACE ALIAS $name FOR DATABASE $target PROPERTIES $properties", parameters);
  if (!summary) return problem(summary.error());
  return alias_response(exchange, summary->counters.system_updates == 1 ? 201 : 200);
}

HttpResponse Handlers::drop_alias(Exchange& exchange) {
  auto summary = administer(exchange, "DROP ALIAS $name FOR DATABASE", {{"name", Value::string(exchange.path["name"])}});
  if (!summary) return problem(summary.error());
  return HttpResponse{204, {}, {}, nullptr};
}

}  // namespace nexus::service
