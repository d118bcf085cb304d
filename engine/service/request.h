// What a handler gets: the request taken apart once, with everything from outside checked.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "nexus/service.h"

namespace nexus::service {

// "/api/v1/databases/a%2Db?limit=3" → segments, decoded exactly once, and the query's values.
struct Target {
  std::string path;  // Decoded; for messages and logs.
  std::vector<std::string> segments;
  std::map<std::string, std::string> query;  // A key that stands twice is an error.
};

// InvalidRequest: not origin form, a malformed escape, %00, an encoded slash, not UTF-8.
Result<Target> parse_target(std::string_view target);

// True for localhost and the loopback addresses, with or without a port, and for `allowed` hosts.
bool is_allowed_host(std::string_view host, const std::vector<std::string>& allowed);
// An Origin header's host part is checked the same way; "null" is refused.
bool is_allowed_origin(std::string_view origin, const std::vector<std::string>& allowed);
// The answer to a request with a Host or an Origin that is not; nullopt: it may go on.
std::optional<HttpResponse> refuse_foreign(std::string_view host, std::string_view origin, const std::vector<std::string>& allowed);

// "https://localhost:7474": where the client found this server. Requires: its Host was checked.
std::string origin_of(const HttpRequest& request);

// "Basic …" decoded to (user, password); nullopt when malformed.
std::optional<std::pair<std::string, std::string>> parse_basic(std::string_view authorization);

// The value of one cookie of a Cookie header; empty when absent.
std::string_view cookie(std::string_view header, std::string_view name);

// A request's JSON object with a fixed set of members.
class Body {
 public:
  // Unsupported content type, malformed JSON, no object, or a member not in `known`.
  static Result<Body> parse(const HttpRequest& request, std::initializer_list<std::string_view> known);

  // The same for an object inside a body.
  static Result<Body> of(Value object, std::initializer_list<std::string_view> known);

  // Absent or null: nullopt. The wrong type: InvalidRequest naming the member.
  Result<std::optional<std::string>> text(std::string_view name) const;
  Result<std::optional<bool>> flag(std::string_view name) const;
  Result<std::optional<std::uint64_t>> count(std::string_view name) const;
  Result<Map> map(std::string_view name) const;
  Result<List> list(std::string_view name) const;
  Result<std::string> required_text(std::string_view name) const;

 private:
  Value object_ = Value::map({});
};

}  // namespace nexus::service
