#include "host-native/http/response_text.h"

#include <fmt/format.h>

#include <boost/beast/http/status.hpp>

#include "service/problem.h"

namespace nexus::host {
namespace {

std::string_view reason_of(int status) {
  const auto text = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  return {text.data(), text.size()};
}

// "Sun, 06 Nov 1994 08:49:37 GMT", in English whatever the locale. Cost: one formatting a second and thread.
const std::string& date_text(std::time_t now) {
  thread_local std::time_t last = -1;
  thread_local std::string text;
  if (now != last) {
    constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    std::tm utc{};
    gmtime_r(&now, &utc);
    const auto name = [](std::string_view names, int index) { return names.substr(static_cast<std::size_t>(index) * 3, 3); };
    text = fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", name(kDays, utc.tm_wday), utc.tm_mday,
                       name(kMonths, utc.tm_mon), utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
    last = now;
  }
  return text;
}

// Whatever produced the header: it cannot begin another one.
bool is_one_line(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos; }

}  // namespace

std::string head_text(const service::HttpResponse& response, BodyFraming framing, bool keep_alive, std::time_t now) {
  std::string text;
  text.reserve(256);
  text += fmt::format("HTTP/1.1 {} {}\r\nDate: ", response.status, reason_of(response.status));
  text += date_text(now);
  text += "\r\n";
  for (const auto& [name, value] : response.headers) {
    if (is_one_line(name) && is_one_line(value)) text.append(name).append(": ").append(value).append("\r\n");
  }
  const bool has_no_body = response.status == 204 || response.status == 304;
  if (framing == BodyFraming::Length && !has_no_body) text += fmt::format("Content-Length: {}\r\n", response.body.size());
  if (framing == BodyFraming::Chunked) text += "Transfer-Encoding: chunked\r\n";
  if (!keep_alive) text += "Connection: close\r\n";
  text += "\r\n";
  return text;
}

std::string chunk_head(std::string_view piece) { return fmt::format("{:x}\r\n", piece.size()); }

service::HttpResponse problem(const Rejection& rejection) {
  return service::problem(rejection.status, reason_of(rejection.status), rejection.reason);
}

}  // namespace nexus::host
