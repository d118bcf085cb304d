#include "service/request.h"

#include "base/utf8.h"
#include "service/json.h"
#include "service/problem.h"

namespace nexus::service {
namespace {

Error invalid(std::string what) { return Error{ErrorCode::InvalidRequest, std::move(what)}; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string lower_text(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[at] != '%') {
      out += text[at];
    } else {
      const int high = at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
      const int low = at + 2 < text.size() ? hex_digit(text[at + 2]) : -1;
      if (high < 0 || low < 0) return invalid("a percent escape in the target is malformed");
      const char byte = static_cast<char>(high * 16 + low);
      // In the path a slash would be a way out of its segment; in the query it is a letter.
      const bool is_slash = !plus_is_space && (byte == '/' || byte == '\\');
      if (byte == '\0' || is_slash) return invalid("the target escapes a NUL or a slash");
      out += byte;
      at += 2;
    }
  }
  if (!is_utf8(out)) return invalid("the target is not UTF-8");
  return out;
}

Result<Done> parse_query(std::string_view text, Target& target) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    NX_TRY(std::string key, decode(pair.substr(0, equals), true));
    NX_TRY(std::string value, decode(pair.substr(std::min(equals + 1, pair.size())), true));
    if (!target.query.emplace(key, std::move(value)).second) return invalid("the query names " + key + " twice");
  }
  return Done{};
}

// Without port; brackets of an IPv6 address stay.
std::string host_only(std::string_view host) {
  if (!host.empty() && host.front() == '[') return lower_text(host.substr(0, host.find(']') + 1));
  return lower_text(host.substr(0, host.find(':')));
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

std::optional<std::string> decode_base64(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = base64_digit(c);
    if (digit < 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xFF);
    }
  }
  return out;
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (header.first.size() != name.size()) continue;
    if (lower_text(header.first) == lower_text(name)) return header.second;
  }
  return {};
}

Result<Target> parse_target(std::string_view text) {
  if (text.empty() || text.front() != '/') return invalid("the target must be a path");
  const std::size_t question = std::min(text.find('?'), text.size());
  Target target;
  std::string_view path = text.substr(0, question);
  NX_TRY(target.path, decode(path, false));
  for (path.remove_prefix(1); !path.empty();) {
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
    NX_TRY(std::string decoded, decode(segment, false));
    target.segments.push_back(std::move(decoded));
  }
  NX_TRY_DO(parse_query(text.substr(std::min(question + 1, text.size())), target));
  return target;
}

bool is_allowed_host(std::string_view host, const std::vector<std::string>& allowed) {
  const std::string name = host_only(host);
  if (name == "localhost" || name == "[::1]" || name.ends_with(".localhost")) return true;
  if (name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string::npos) return true;
  for (const std::string& one : allowed) {
    if (name == host_only(one)) return true;
  }
  return false;
}

bool is_allowed_origin(std::string_view origin, const std::vector<std::string>& allowed) {
  const std::size_t scheme = origin.find("://");
  return scheme != std::string_view::npos && is_allowed_host(origin.substr(scheme + 3), allowed);
}

std::optional<HttpResponse> refuse_foreign(std::string_view host, std::string_view origin, const std::vector<std::string>& allowed) {
  if (!is_allowed_host(host, allowed)) {
    return problem(403, "ForbiddenHost", "this server does not answer under the name in the Host header");
  }
  if (!origin.empty() && !is_allowed_origin(origin, allowed)) {
    return problem(403, "ForbiddenOrigin", "pages of this origin may not use this server");
  }
  return std::nullopt;
}

std::string origin_of(const HttpRequest& request) {
  return (request.is_encrypted ? "https://" : "http://") + std::string(request.header("Host"));
}

std::optional<std::pair<std::string, std::string>> parse_basic(std::string_view authorization) {
  if (authorization.size() < 6 || lower_text(authorization.substr(0, 6)) != "basic ") return std::nullopt;
  const auto decoded = decode_base64(authorization.substr(6));
  if (!decoded) return std::nullopt;
  const std::size_t colon = decoded->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return std::pair(decoded->substr(0, colon), decoded->substr(colon + 1));
}

std::string_view cookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    std::string_view pair = header.substr(0, header.find(';'));
    header.remove_prefix(std::min(header.size(), pair.size() + 1));
    while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.substr(0, name.size()) == name && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

Result<Body> Body::parse(const HttpRequest& request, std::initializer_list<std::string_view> known) {
  if (request.body.empty()) return Body();
  NX_TRY(Value object, parse_json(request.body));
  return of(std::move(object), known);
}

Result<Body> Body::of(Value object, std::initializer_list<std::string_view> known) {
  if (!object.is(Type::Map)) return invalid("the body must be a JSON object");
  for (const auto& [key, value] : object.map()) {
    bool is_known = false;
    for (const std::string_view name : known) is_known = is_known || name == key;
    if (!is_known) return invalid("the body has an unknown member '" + key.substr(0, 64) + "'");
  }
  Body body;
  body.object_ = std::move(object);
  return body;
}

Result<std::optional<std::string>> Body::text(std::string_view name) const {
  const Value* value = object_.find(name);
  if (value == nullptr || value->is_null()) return std::optional<std::string>();
  if (!value->is(Type::String)) return invalid("'" + std::string(name) + "' must be a string");
  return std::optional<std::string>(value->string());
}

Result<std::optional<bool>> Body::flag(std::string_view name) const {
  const Value* value = object_.find(name);
  if (value == nullptr || value->is_null()) return std::optional<bool>();
  if (!value->is(Type::Boolean)) return invalid("'" + std::string(name) + "' must be true or false");
  return std::optional<bool>(value->boolean());
}

Result<std::optional<std::uint64_t>> Body::count(std::string_view name) const {
  const Value* value = object_.find(name);
  if (value == nullptr || value->is_null()) return std::optional<std::uint64_t>();
  if (!value->is(Type::Integer) || value->integer() < 0) {
    return invalid("'" + std::string(name) + "' must be a whole number of 0 or more");
  }
  return std::optional<std::uint64_t>(static_cast<std::uint64_t>(value->integer()));
}

Result<Map> Body::map(std::string_view name) const {
  const Value* value = object_.find(name);
  if (value == nullptr || value->is_null()) return Map{};
  if (!value->is(Type::Map)) return invalid("'" + std::string(name) + "' must be an object");
  return value->map();
}

Result<List> Body::list(std::string_view name) const {
  const Value* value = object_.find(name);
  if (value == nullptr || value->is_null()) return List{};
  if (!value->is(Type::List)) return invalid("'" + std::string(name) + "' must be a list");
  return value->list();
}

Result<std::string> Body::required_text(std::string_view name) const {
  NX_TRY(std::optional<std::string> value, text(name));
  if (!value) return invalid("'" + std::string(name) + "' is missing");
  return std::move(*value);
}

}  // namespace nexus::service
