#include <map>

#include "service/handlers.h"
#include "service/json.h"
#include "service/problem.h"

namespace nexus::service {

HttpResponse Handlers::discover(Exchange& exchange) {
  std::string body = "{\"nexus_version\":";
  append_json_string(body, settings_.version);
  body += ",\"api\":\"/api/v1\",\"openapi\":\"/api/v1/openapi.json\",\"cypher\":\"/api/v1/cypher\","
          "\"databases\":\"/api/v1/databases\"";
  const std::string databases = origin_of(exchange.request) + "/db/{databaseName}";
  append_json_string(body += ",\"query\":", databases + "/query/v2");
  append_json_string(body += ",\"transaction\":", databases + "/tx");
  if (!settings_.bolt_address.empty()) {
    const std::string rest = (exchange.request.is_encrypted ? "+s://" : "://") + settings_.bolt_address;
    append_json_string(body += ",\"bolt_routing\":", "neo4j" + rest);
    append_json_string(body += ",\"bolt_direct\":", "bolt" + rest);
  }
  body += ",\"auth_config\":{\"oidc_providers\":[]}}";
  return json_response(200, std::move(body));
}

HttpResponse Handlers::show_info(Exchange& exchange) {
  std::string body = "{\"name\":\"Nexus\",\"version\":";
  append_json_string(body, settings_.version);
  append_json_string(body += ",\"defaultDatabase\":", instance_.home_database(exchange.identity));
  append_json_string(body += ",\"user\":", exchange.identity.user);
  body += std::string(",\"authentication\":") + (settings_.authentication ? "true" : "false");
  body += ",\"limits\":{\"queryTextBytes\":" + std::to_string(instance_.settings().query_text_bytes_max) +
          ",\"bodyBytes\":" + std::to_string(settings_.body_bytes_max) +
          ",\"rows\":" + std::to_string(settings_.rows_max) +
          ",\"databases\":" + std::to_string(instance_.settings().databases_max) + "}";
  return json_response(200, body + "}");
}

HttpResponse Handlers::show_openapi(Exchange&) { return json_response(200, openapi_document(settings_.version)); }

HttpResponse Handlers::is_live(Exchange&) { return json_response(200, "{\"status\":\"live\"}"); }

HttpResponse Handlers::is_ready(Exchange&) {
  if (draining) return problem(503, "Draining", "the server is shutting down");
  auto writable = instance_.check_writable();
  if (!writable) return problem(503, "NotReady", writable.error().message);
  return json_response(200, "{\"status\":\"ready\"}");
}

// Bounded whatever the number of databases: they are counted by state, not listed.
HttpResponse Handlers::show_metrics(Exchange& exchange) {
  std::map<std::string, std::uint64_t> by_state;
  for (const DatabaseInfo& info : instance_.databases(exchange.identity)) ++by_state[info.current_status];
  std::string body = "# TYPE nexus_up gauge\nnexus_up 1\n# TYPE nexus_databases gauge\n";
  for (const auto& [state, count] : by_state) {
    body += "nexus_databases{state=\"" + state + "\"} " + std::to_string(count) + "\n";
  }
  body += "# TYPE nexus_sessions gauge\nnexus_sessions " + std::to_string(sessions_.size()) + "\n";
  body += "# TYPE nexus_statements counter\nnexus_statements_total " + std::to_string(statements_.load()) + "\n";
  body += "# TYPE nexus_statement_failures counter\nnexus_statement_failures_total " +
          std::to_string(failures_.load()) + "\n";
  HttpResponse response;
  response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = std::move(body);
  return response;
}

}  // namespace nexus::service
