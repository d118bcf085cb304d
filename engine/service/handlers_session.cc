#include "service/handlers.h"
#include "service/json.h"
#include "service/problem.h"
#include "value/temporal/temporal.h"

namespace nexus::service {
namespace {

HttpResponse no_session() {
  return problem(Error{ErrorCode::SessionNotFound,
                       "there is no such session; make one with POST /api/v1/session and send its Nexus-Session header"});
}

HttpResponse database_response(const std::string& name) {
  std::string body = "{\"database\":";
  append_json_string(body, name);
  return json_response(200, body + "}");
}

std::string expiry_text(std::int64_t nanoseconds) {
  return format_date_time({nanoseconds / 1'000'000'000, 0, 0, {}});
}

}  // namespace

HttpResponse json_response(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

HttpResponse Handlers::session_response(int status, const RestSession& session, const HttpRequest* opened_by) {
  std::string body = "{\"session\":";
  append_json_string(body, session.token);
  append_json_string(body += ",\"database\":", session.database);
  append_json_string(body += ",\"user\":", session.identity.user);
  append_json_string(body += ",\"expiresAt\":", expiry_text(session.expires_nanoseconds));
  HttpResponse response = json_response(status, body + "}");
  if (opened_by != nullptr) {
    response.headers.emplace_back("Nexus-Session", session.token);
    response.headers.emplace_back("Set-Cookie",
                                  "nexus_session=" + session.token + "; Path=/api; HttpOnly; SameSite=Strict" +
                                      (opened_by->is_encrypted ? "; Secure" : ""));
  }
  return response;
}

HttpResponse Handlers::open_session(Exchange& exchange) {
  auto body = Body::parse(exchange.request, {"database"});
  if (!body) return problem(body.error());
  auto database = body->text("database");
  if (!database) return problem(database.error());
  auto opened = instance_.open_session(exchange.identity);
  if (!opened) return problem(opened.error());
  if (*database) {
    if (auto used = (*opened)->use(**database); !used) return problem(used.error());
  }
  auto session = sessions_.open(exchange.identity, (*opened)->database());
  return session ? session_response(201, *session, &exchange.request) : problem(session.error());
}

HttpResponse Handlers::show_session(Exchange& exchange) {
  return exchange.session ? session_response(200, *exchange.session, nullptr) : no_session();
}

HttpResponse Handlers::close_session(Exchange& exchange) {
  if (!exchange.session || !sessions_.close(exchange.session->token, exchange.identity)) return no_session();
  HttpResponse response{204, {}, {}, nullptr};
  response.headers.emplace_back("Set-Cookie", "nexus_session=; Path=/api; Max-Age=0; HttpOnly; SameSite=Strict");
  return response;
}

HttpResponse Handlers::show_session_database(Exchange& exchange) {
  return exchange.session ? database_response(exchange.session->database) : no_session();
}

HttpResponse Handlers::change_session_database(Exchange& exchange) {
  auto body = Body::parse(exchange.request, {"name"});
  if (!body) return problem(body.error());
  auto name = body->required_text("name");
  if (!name) return problem(name.error());
  auto opened = instance_.open_session(exchange.identity);
  if (!opened) return problem(opened.error());
  if (auto used = (*opened)->use(*name); !used) return problem(used.error());
  if (exchange.session) {
    sessions_.set_database(exchange.session->token, exchange.identity, (*opened)->database());
    return database_response((*opened)->database());
  }
  auto session = sessions_.open(exchange.identity, (*opened)->database());
  if (!session) return problem(session.error());
  HttpResponse response = database_response(session->database);
  response.headers.emplace_back("Nexus-Session", session->token);
  return response;
}

}  // namespace nexus::service
