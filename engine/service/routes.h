// The one table of routes: dispatch, the Allow header and the OpenAPI document come from it.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/request.h"
#include "service/session_table.h"

namespace nexus::service {

class Handlers;

// One request on its way: who asks, which REST session it named, and the {…} parts of the path.
struct Exchange {
  const HttpRequest& request;
  const Target& target;
  Identity identity;
  std::optional<RestSession> session;
  bool names_unknown_session = false;  // Ended, expired, or another user's.
  std::map<std::string, std::string, std::less<>> path;
};

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/api/v1/databases/{name}"
  std::string_view summary;  // One sentence, for OpenAPI.
  bool needs_user;           // False: answered without authentication.
  bool while_draining;
  HttpResponse (Handlers::*handle)(Exchange&);
  std::string_view success;   // "200", "201"
  std::string_view failures;  // "404 409"
  std::string_view body;      // Name of the request's schema in OpenAPI, or empty.
  std::string_view query;     // Query parameters, space separated.
};

std::span<const Route> routes();

// What the body of a request must be.
// A dump may also come under its own type, application/vnd.nexus.dump.
inline std::string_view request_media_type(const Route& route) {
  return route.body == "Dump" ? "application/octet-stream" : "application/json";
}

struct RouteMatch {
  const Route* route = nullptr;
  std::map<std::string, std::string, std::less<>> path;
  std::string allow;  // The methods of this path when none fits: 405.
};
RouteMatch match_route(std::string_view method, const std::vector<std::string>& segments);

// GET /api/v1/openapi.json
std::string openapi_document(std::string_view version);

}  // namespace nexus::service
