#include "service/routes.h"

#include <algorithm>

#include "service/handlers.h"

namespace nexus::service {
namespace {

using H = Handlers;

constexpr Route kRoutes[] = {
    {"GET", "/", "What this server is and where its API begins.", false, true, &H::discover, "200", "", "", ""},
    {"GET", "/health/live", "Whether the process answers.", false, true, &H::is_live, "200", "", "", ""},
    {"GET", "/health/ready", "Whether statements can be served and writes become durable.", false, true, &H::is_ready,
     "200", "503", "", ""},
    {"GET", "/metrics", "Counters and gauges in the Prometheus text format.", true, true, &H::show_metrics, "200", "401",
     "", ""},
    {"GET", "/api/v1/info", "Version, limits and the default database.", true, false, &H::show_info, "200", "401 503", "",
     ""},
    {"GET", "/api/v1/openapi.json", "This description.", false, true, &H::show_openapi, "200", "", "", ""},
    {"GET", "/api/v1/databases", "A page of the databases, sorted by name.", true, false, &H::list_databases, "200",
     "400 401 503", "", "status prefix limit after"},
    {"POST", "/api/v1/databases", "Creates a database; it is usable when this returns.", true, false,
     &H::create_database, "201", "400 401 403 404 409 415 422 501 503 507", "CreateDatabase", ""},
    {"GET", "/api/v1/databases/{name}", "One database.", true, false, &H::show_database, "200", "401 404 503", "", ""},
    {"PATCH", "/api/v1/databases/{name}", "Changes access, status, options or name.", true, false, &H::change_database, "200",
     "400 401 403 404 409 415 422 501 503", "ChangeDatabase", ""},
    {"DELETE", "/api/v1/databases/{name}", "Drops a database with its data.", true, false, &H::drop_database, "204",
     "400 401 403 404 409 501 503", "", "ifExists destroyData dumpData cascadeAliases"},
    {"GET", "/api/v1/databases/{name}/dump", "The database as one checksummed file.", true, false, &H::dump_database,
     "200", "401 403 404 409 503", "", ""},
    {"PUT", "/api/v1/databases/{name}/dump", "A new database from such a file.", true, false, &H::restore_database, "201",
     "401 403 409 413 415 422 503 507", "Dump", ""},
    {"POST", "/api/v1/databases/{name}/undrop", "Brings a dropped database back, perhaps under another name.", true,
     false, &H::undrop_database, "200", "400 401 403 404 409 415 422 503", "Undrop", ""},
    {"GET", "/api/v1/dropped", "The dropped databases that can be brought back.", true, false, &H::list_dropped, "200",
     "401 503", "", ""},
    {"GET", "/api/v1/aliases", "All aliases, sorted by name.", true, false, &H::list_aliases, "200", "401 503", "", ""},
    {"GET", "/api/v1/aliases/{name}", "One alias.", true, false, &H::show_alias, "200", "401 404 503", "", ""},
    {"PUT", "/api/v1/aliases/{name}", "Creates a local alias, or leads it elsewhere.", true, false, &H::put_alias, "201",
     "400 401 403 404 409 415 422 503", "PutAlias", ""},
    {"DELETE", "/api/v1/aliases/{name}", "Drops an alias; its database stays.", true, false, &H::drop_alias, "204",
     "401 403 404 503", "", ""},
    {"POST", "/api/v1/session", "Opens a session that remembers the current database.", true, false, &H::open_session,
     "201", "400 401 404 415 429 503", "OpenSession", ""},
    {"GET", "/api/v1/session", "The session of this request.", true, false, &H::show_session, "200", "401 404 503", "", ""},
    {"DELETE", "/api/v1/session", "Ends the session.", true, false, &H::close_session, "204", "401 404 503", "", ""},
    {"GET", "/api/v1/session/database", "The session's current database.", true, false, &H::show_session_database, "200",
     "401 404 503", "", ""},
    {"PUT", "/api/v1/session/database", "Switches the session's database; without a session one is made.", true, false,
     &H::change_session_database, "200", "400 401 403 404 415 429 503", "SwitchDatabase", ""},
    {"POST", "/api/v1/cypher", "Runs one statement.", true, false, &H::run_cypher, "200",
     "400 401 403 404 408 409 413 415 422 429 500 501 503 507", "Cypher", ""},
    {"POST", "/db/{database}/query/v2", "Runs one statement, as Neo4j's Query API does.", true, false, &H::run_query_api,
     "202", "400 401 403 404 408 409 413 415 422 429 500 501 503 507", "QueryApi", ""},
    {"POST", "/db/{database}/query/v2/tx", "Opens a transaction, with or without a statement.", true, false,
     &H::open_transaction, "202", "400 401 403 404 408 409 413 415 422 429 500 501 503 507", "QueryApi", ""},
    {"POST", "/db/{database}/query/v2/tx/{id}", "Runs a statement in a transaction; without one keeps it alive.", true,
     true, &H::run_in_transaction, "202", "400 401 403 404 408 409 413 415 422 500 501 503 507", "QueryApi", ""},
    {"DELETE", "/db/{database}/query/v2/tx/{id}", "Rolls a transaction back.", true, true, &H::rollback_transaction,
     "200", "401 404 409 500 503", "", ""},
    {"POST", "/db/{database}/query/v2/tx/{id}/commit", "Commits, after a last statement if there is one.", true, true,
     &H::commit_transaction, "202", "400 401 403 404 408 409 413 415 422 500 501 503 507", "QueryApi", ""},
    // Before {id}, which would take it.
    {"POST", "/db/{database}/tx/commit", "Runs a batch of statements as one transaction.", true, false, &H::run_batch, "200",
     "401 403 404 406 413 415 501 503", "Batch", ""},
    {"POST", "/db/{database}/tx", "Opens a transaction, with or without statements.", true, false, &H::open_batch_transaction,
     "201", "401 403 404 406 413 415 501 503", "Batch", ""},
    {"POST", "/db/{database}/tx/{id}", "Runs statements in a transaction; without any keeps it alive.", true, true,
     &H::continue_batch, "200", "401 403 404 406 413 415 501 503", "Batch", ""},
    {"DELETE", "/db/{database}/tx/{id}", "Rolls a transaction back.", true, true, &H::rollback_batch, "200", "401 404 503", "", ""},
    {"POST", "/db/{database}/tx/{id}/commit", "Commits, after the last statements if there are any.", true, true,
     &H::commit_batch, "200", "401 403 404 406 413 415 501 503", "Batch", ""},
};

std::vector<std::string_view> split(std::string_view pattern) {
  std::vector<std::string_view> parts;
  for (pattern.remove_prefix(1); !pattern.empty();) {
    const std::string_view part = pattern.substr(0, pattern.find('/'));
    parts.push_back(part);
    pattern.remove_prefix(std::min(pattern.size(), part.size() + 1));
  }
  return parts;
}

bool fits(std::string_view pattern, const std::vector<std::string>& segments,
          std::map<std::string, std::string, std::less<>>& path) {
  const std::vector<std::string_view> parts = split(pattern);
  if (parts.size() != segments.size()) return false;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (parts[at].front() == '{') path[std::string(parts[at].substr(1, parts[at].size() - 2))] = segments[at];
    else if (parts[at] != segments[at]) return false;
  }
  return true;
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

RouteMatch match_route(std::string_view method, const std::vector<std::string>& segments) {
  RouteMatch match;
  std::string_view pattern;  // The first that fits: what comes later may take a word of it for a name.
  for (const Route& route : kRoutes) {
    std::map<std::string, std::string, std::less<>> path;
    if (!(pattern.empty() || pattern == route.pattern) || !fits(route.pattern, segments, path)) continue;
    pattern = route.pattern;
    if (route.method == method || (method == "HEAD" && route.method == "GET")) {
      match.route = &route;
      match.path = std::move(path);
      return match;
    }
    if (!match.allow.empty()) match.allow += ", ";
    match.allow += route.method;
  }
  return match;
}

}  // namespace nexus::service
