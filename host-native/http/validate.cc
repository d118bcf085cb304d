#include "host-native/http/validate.h"

#include <string>

#include "base/utf8.h"

namespace nexus::host {
namespace {

constexpr std::string_view kTokenPunctuation = "!#$%&'*+-.^_`|~";

bool is_token(std::string_view text) {
  for (const char c : text) {
    const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!alphanumeric && kTokenPunctuation.find(c) == std::string_view::npos) return false;
  }
  return !text.empty();
}

bool is_field_value(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7F) return false;
  }
  return true;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<Rejection> check_target(std::string_view target) {
  if (target.size() > kTargetBytesMax) return Rejection{414, "The request target is too long."};
  if (!target.starts_with('/')) return Rejection{400, "The request target is not a path."};
  std::string decoded;
  bool in_path = true;
  for (std::size_t i = 0; i < target.size(); ++i) {
    const auto byte = static_cast<unsigned char>(target[i]);
    if (byte <= 0x20 || byte >= 0x7F || byte == '#') return Rejection{400, "The request target has a forbidden byte."};
    if (byte == '?') in_path = false;
    if (byte != '%') {
      decoded += target[i];
      continue;
    }
    const int high = i + 2 < target.size() ? hex_digit(target[i + 1]) : -1;
    const int low = i + 2 < target.size() ? hex_digit(target[i + 2]) : -1;
    if (high < 0 || low < 0) return Rejection{400, "The request target has a broken percent escape."};
    const char value = static_cast<char>(high * 16 + low);
    if (value == 0) return Rejection{400, "The request target has a NUL."};
    if (value == '/' && in_path) return Rejection{400, "The request target hides a slash."};
    decoded += value;
    i += 2;
  }
  if (!is_utf8(decoded)) return Rejection{400, "The request target is not UTF-8."};
  return std::nullopt;
}

struct RequestLine {
  std::string_view method;
  bool is_http_1_1 = false;
};

std::optional<Rejection> check_request_line(std::string_view line, RequestLine& out) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return Rejection{400, "The request line is malformed."};
  out.method = line.substr(0, first);
  const auto version = line.substr(last + 1);
  out.is_http_1_1 = version == "HTTP/1.1";
  if (!out.is_http_1_1 && version != "HTTP/1.0") return Rejection{505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
  if (!is_token(out.method)) return Rejection{400, "The request method is malformed."};
  return check_target(line.substr(first + 1, last - first - 1));
}

struct Framing {  // What the headers say about the body and the host.
  int hosts = 0;
  int lengths = 0;
  int codings = 0;
  bool has_content = false;
};

std::optional<Rejection> check_header(std::string_view line, bool is_http_1_1, Framing& framing) {
  if (line.front() == ' ' || line.front() == '\t') return Rejection{400, "A header line is folded."};
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return Rejection{400, "A header name is malformed."};
  }
  const auto name = line.substr(0, colon);
  const auto value = trim(line.substr(colon + 1));
  if (!is_field_value(value)) return Rejection{400, "A header value has a forbidden byte."};
  if (equal_ignoring_case(name, "host")) {
    if (++framing.hosts > 1) return Rejection{400, "There is more than one Host."};
    if (value.empty() || value.find_first_of(" \t,/@") != std::string_view::npos) {
      return Rejection{400, "Host is malformed."};
    }
  } else if (equal_ignoring_case(name, "content-length")) {
    if (++framing.lengths > 1) return Rejection{400, "There is more than one Content-Length."};
    if (value.empty() || value.size() > 18 || value.find_first_not_of("0123456789") != std::string_view::npos) {
      return Rejection{400, "Content-Length is not a number."};
    }
    framing.has_content = value.find_first_not_of('0') != std::string_view::npos;
  } else if (equal_ignoring_case(name, "transfer-encoding")) {
    if (!is_http_1_1) return Rejection{400, "HTTP/1.0 has no Transfer-Encoding."};
    if (++framing.codings > 1) return Rejection{400, "There is more than one Transfer-Encoding."};
    if (!equal_ignoring_case(value, "chunked")) return Rejection{501, "The only transfer coding is chunked."};
  } else if (equal_ignoring_case(name, "expect") && !equal_ignoring_case(value, "100-continue")) {
    return Rejection{417, "The only expectation is 100-continue."};
  }
  return std::nullopt;
}

std::optional<Rejection> check_framing(const RequestLine& line, const Framing& framing) {
  if (framing.hosts == 0) return Rejection{400, "Host is missing."};
  if (framing.lengths > 0 && framing.codings > 0) {
    return Rejection{400, "Content-Length and Transfer-Encoding exclude each other."};
  }
  const bool bodyless = line.method == "GET" || line.method == "HEAD";
  if (bodyless && (framing.has_content || framing.codings > 0)) return Rejection{400, "This method takes no body."};
  return std::nullopt;
}

}  // namespace

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (lower(left[i]) != lower(right[i])) return false;
  }
  return true;
}

std::optional<Rejection> validate_head(std::string_view head) {
  if (head.size() > kHeadBytesMax) return Rejection{431, "The request head is too long."};
  RequestLine request_line;
  Framing framing;
  for (std::size_t count = 0;; ++count) {
    const auto end = head.find("\r\n");
    if (end == std::string_view::npos) return Rejection{400, "The request head does not end."};
    const auto line = head.substr(0, end);
    head.remove_prefix(end + 2);
    // A lone CR or LF is a line end to some and a byte to others.
    if (line.find_first_of("\r\n") != std::string_view::npos) return Rejection{400, "A line ends with half a CRLF."};
    if (count > kHeadersMax + 1) return Rejection{431, "There are too many headers."};
    if (count == 0) {
      if (auto rejection = check_request_line(line, request_line)) return rejection;
    } else if (line.empty()) {
      return check_framing(request_line, framing);
    } else if (auto rejection = check_header(line, request_line.is_http_1_1, framing)) {
      return rejection;
    }
  }
}

}  // namespace nexus::host
