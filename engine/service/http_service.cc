#include <algorithm>

#include "service/credentials.h"
#include "service/handlers.h"
#include "service/problem.h"

namespace nexus::service {
namespace {

class HttpServiceImpl final : public HttpService {
 public:
  HttpServiceImpl(Instance& instance, Clock& clock, Random& random, ServiceSettings settings)
      : instance_(instance), settings_(std::move(settings)), handlers_(instance, clock, random, settings_) {}

  HttpResponse handle(const HttpRequest& request) override {
    HttpResponse response = answer(request);
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("Cache-Control", "no-store");
    if (request.method == "HEAD") {
      response.body.clear();
      response.stream.reset();
    }
    spare_pages(request, response);
    return response;
  }

  bool streams_body(const HttpRequest& head) const override {
    // First the method alone: this is asked of every request.
    const auto fits = [&](const Route& route) { return route.body == "Dump" && route.method == head.method; };
    if (std::none_of(routes().begin(), routes().end(), fits)) return false;
    const auto target = parse_target(head.target);
    if (!target) return false;
    const RouteMatch match = match_route(head.method, target->segments);
    return match.route != nullptr && match.route->body == "Dump";
  }

  void start_draining() override { handlers_.draining = true; }

 private:
  HttpResponse answer(const HttpRequest& request) {
    auto foreign = refuse_foreign(request.header("Host"), request.header("Origin"), settings_.allowed_hosts);
    if (foreign) return std::move(*foreign);
    if (request.body.size() > settings_.body_bytes_max) {
      return problem(413, "BodyTooLarge", "the body is larger than " + std::to_string(settings_.body_bytes_max) + " bytes");
    }
    auto target = parse_target(request.target);
    if (!target) return problem(target.error());
    RouteMatch match = match_route(request.method, target->segments);
    if (match.route == nullptr) return no_route(match, *target);
    if (handlers_.draining && !match.route->while_draining) {
      return problem(503, "Draining", "the server is shutting down");
    }
    Exchange exchange{request, *target, Identity{settings_.anonymous_user}, std::nullopt, false, std::move(match.path)};
    if (match.route->needs_user) {
      if (const auto known = identify(exchange); !known) return problem(known.error());
    }
    const bool has_body = !request.body.empty() || request.body_source != nullptr;
    if (has_body && !has_media_type(request, request_media_type(*match.route))) {
      return problem(415, "UnsupportedMediaType",
                     "the body must be " + std::string(request_media_type(*match.route)));
    }
    return (handlers_.*match.route->handle)(exchange);
  }

  // To a script of a page the challenge has a scheme that browsers do not know: at Basic they would ask for a password
  // themselves, over the page that asks for it, and keep the script waiting.
  static void spare_pages(const HttpRequest& request, HttpResponse& response) {
    const std::string_view mode = request.header("Sec-Fetch-Mode");
    if (response.status != 401 || mode.empty() || mode == "navigate") return;
    for (auto& [name, value] : response.headers) {
      if (name == "WWW-Authenticate") value = "Page" + value;
    }
  }

  static HttpResponse no_route(const RouteMatch& match, const Target& target) {
    if (match.allow.empty()) return problem(404, "NotFound", "there is nothing at " + target.path.substr(0, 200));
    HttpResponse response = problem(405, "MethodNotAllowed", "this path answers " + match.allow);
    response.headers.emplace_back("Allow", match.allow);
    return response;
  }

  static bool has_media_type(const HttpRequest& request, std::string_view wanted) {
    const std::string_view type = request.header("Content-Type");
    if (wanted == "application/octet-stream" && type == "application/vnd.nexus.dump") return true;
    // Typed values are read in any body.
    if (wanted == "application/json" && type.substr(0, 27) == "application/vnd.neo4j.query") return true;
    return type.substr(0, wanted.size()) == wanted && (type.size() == wanted.size() || type[wanted.size()] == ';' ||
                                                       type[wanted.size()] == ' ');
  }

  // Who asks: an account or a user by Basic authentication, or, where none is required, the anonymous
  // user. The REST session is looked up under that identity, so nobody finds another's.
  Result<> identify(Exchange& exchange) {
    if (settings_.authentication) {
      const auto given = parse_basic(exchange.request.header("Authorization"));
      if (!given) return unauthorized();
      NX_TRY(exchange.identity, check_credentials(instance_, settings_.accounts, given->first, given->second));
    }
    std::string_view token = exchange.request.header("Nexus-Session");
    if (token.empty()) token = cookie(exchange.request.header("Cookie"), "nexus_session");
    if (token.empty()) return Done{};
    exchange.session = handlers_.sessions().find(token, exchange.identity);
    exchange.names_unknown_session = !exchange.session;
    return Done{};
  }

  Instance& instance_;
  ServiceSettings settings_;
  Handlers handlers_;
};

}  // namespace

std::unique_ptr<HttpService> HttpService::create(Instance& instance, Clock& clock, Random& random,
                                                 ServiceSettings settings) {
  return std::make_unique<HttpServiceImpl>(instance, clock, random, std::move(settings));
}

}  // namespace nexus::service
