#include "host-native/bolt/upgrade.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "host-native/http/response_text.h"
#include "host-native/http/validate.h"
#include "service/request.h"

namespace nexus::host {
namespace {

namespace http = boost::beast::http;

std::string_view field_of(const UpgradeRequest& request, http::field name) {
  const auto value = request[name];
  return {value.data(), value.size()};
}

Greeting refused(const Rejection& rejection) { return {{}, problem(rejection)}; }

}  // namespace

std::optional<service::HttpResponse> refuse_upgrade(const UpgradeRequest& request,
                                                    const std::vector<std::string>& allowed_hosts) {
  const auto host = field_of(request, http::field::host);
  if (auto foreign = service::refuse_foreign(host, field_of(request, http::field::origin), allowed_hosts)) return foreign;
  if (!boost::beast::websocket::is_upgrade(request)) {
    auto answer = problem({426, "This port speaks Bolt, also in a WebSocket; HTTP has a port of its own."});
    answer.headers.emplace_back("Upgrade", "websocket");
    answer.headers.emplace_back("Connection", "Upgrade");
    return answer;
  }
  const std::string_view target(request.target().data(), request.target().size());
  if (target.substr(0, target.find('?')) != "/") return problem({404, "The WebSocket for Bolt is at /."});
  return std::nullopt;
}

bool may_be_http(std::string_view first_bytes) {
  constexpr std::string_view kGet = "GET ";
  return first_bytes.substr(0, kGet.size()) == kGet.substr(0, first_bytes.size());
}

std::optional<Greeting> read_greeting(std::string_view bytes, const std::vector<std::string>& allowed_hosts) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos && bytes.size() <= kHeadBytesMax) return std::nullopt;
  const auto head = bytes.substr(0, end == std::string_view::npos ? end : end + 4);
  if (const auto rejection = validate_head(head)) return refused(*rejection);
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(kHeadBytesMax));
  boost::beast::error_code error;
  parser.put(boost::asio::buffer(head.data(), head.size()), error);
  if (!parser.is_header_done()) return refused({400, "The request is malformed."});
  Greeting greeting{parser.release(), {}};
  greeting.refusal = refuse_upgrade(greeting.request, allowed_hosts);
  // Frames come after the answer: what is here already was made by somebody who does not know it.
  if (!greeting.refusal && head.size() != bytes.size()) return refused({400, "There are bytes behind the request."});
  return greeting;
}

}  // namespace nexus::host
