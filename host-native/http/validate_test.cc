#include "host-native/http/validate.h"

#include <string>

#include "tests/support/catch.h"

namespace nexus::host {
namespace {

// 0: accepted.
int status_of(std::string_view head) {
  const auto rejection = validate_head(head);
  return rejection ? rejection->status : 0;
}
int get(const std::string& headers, const std::string& line = "GET / HTTP/1.1") {
  return status_of(line + "\r\nHost: a\r\n" + headers + "\r\n");
}
int post(const std::string& headers) { return get(headers, "POST / HTTP/1.1"); }

TEST_CASE("ordinary requests pass") {
  CHECK(get("") == 0);
  CHECK(get("Accept: */*\r\nX-Empty:\r\nX-Tab:\ta\tb\r\n") == 0);
  CHECK(post("Content-Length: 12\r\n") == 0);
  CHECK(post("Transfer-Encoding: Chunked\r\nExpect: 100-Continue\r\n") == 0);
  CHECK(get("", "GET /db/caf%C3%A9/x?q=%2F&b=1 HTTP/1.1") == 0);
  CHECK(status_of("GET / HTTP/1.0\r\nHost: a:7474\r\n\r\n") == 0);
  CHECK(status_of("DELETE /x HTTP/1.1\r\nHost: [::1]:7474\r\nContent-Length: 0\r\n\r\n") == 0);
}

TEST_CASE("a length and a transfer coding together are refused in either order") {
  CHECK(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") == 400);
  CHECK(post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n") == 400);
}

TEST_CASE("a repeated or listed length is refused, even when equal") {
  CHECK(post("Content-Length: 5\r\nContent-Length: 5\r\n") == 400);
  CHECK(post("Content-Length: 5\r\nContent-Length: 6\r\n") == 400);
  CHECK(post("Content-Length: 5, 5\r\n") == 400);
}

TEST_CASE("a length is digits and nothing else") {
  for (const char* value : {"-5", "+5", "0x5", "5 5", "", "5.0", "99999999999999999999"}) {
    CHECK(post("Content-Length: " + std::string(value) + "\r\n") == 400);
  }
}

TEST_CASE("no transfer coding but chunked is taken") {
  CHECK(post("Transfer-Encoding: xchunked\r\n") == 501);
  CHECK(post("Transfer-Encoding: chunked, identity\r\n") == 501);
  CHECK(post("Transfer-Encoding: gzip, chunked\r\n") == 501);
  CHECK(post("Transfer-Encoding: chunked;a=b\r\n") == 501);
  CHECK(post("Transfer-Encoding:\r\n") == 501);
  CHECK(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") == 400);
}

TEST_CASE("HTTP/1.0 has no transfer coding") {
  CHECK(status_of("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
}

TEST_CASE("folded header lines are refused") {
  CHECK(get("X: a\r\n b\r\n") == 400);
  CHECK(get("X: a\r\n\tb\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\n Host: a\r\n\r\n") == 400);
}

TEST_CASE("there is exactly one Host") {
  CHECK(status_of("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.0\r\n\r\n") == 400);
  CHECK(get("Host: a\r\n") == 400);
  CHECK(get("HOST: b\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nHost:\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: user@a\r\n\r\n") == 400);
}

TEST_CASE("the target is a path") {
  CHECK(get("", "GET http://a/ HTTP/1.1") == 400);
  CHECK(get("", "CONNECT a:443 HTTP/1.1") == 400);
  CHECK(get("", "OPTIONS * HTTP/1.1") == 400);
  CHECK(get("", "GET /" + std::string(9000, 'a') + " HTTP/1.1") == 414);
}

TEST_CASE("a GET has no body") {
  CHECK(get("Content-Length: 5\r\n") == 400);
  CHECK(get("Transfer-Encoding: chunked\r\n") == 400);
  CHECK(get("Content-Length: 0\r\n") == 0);
}

TEST_CASE("malformed names, control bytes and half line ends are refused") {
  CHECK(get("X : a\r\n") == 400);
  CHECK(get(": a\r\n") == 400);
  CHECK(get("no colon\r\n") == 400);
  CHECK(get(std::string("X: a\0b\r\n", 8)) == 400);
  CHECK(get("X: a\rb\r\n") == 400);
  CHECK(get("X: a\nY: b\r\n") == 400);
  CHECK(get("X: a\x7F\r\n") == 400);
  CHECK(get("", "GET /a\rb HTTP/1.1") == 400);
  CHECK(status_of("GET / HTTP/1.1\nHost: a\n\n") == 400);
}

TEST_CASE("the request line has three parts and a known version") {
  CHECK(get("", "GET /") == 400);
  CHECK(get("", "GET  / HTTP/1.1") == 400);
  CHECK(get("", "GET /a b HTTP/1.1") == 400);
  CHECK(get("", "G(T / HTTP/1.1") == 400);
  CHECK(get("", "GET / HTTP/2.0") == 505);
  CHECK(get("", "GET / http/1.1") == 505);
  CHECK(status_of("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
}

TEST_CASE("percent escapes are whole, hide nothing and spell UTF-8") {
  CHECK(get("", "GET /a%00 HTTP/1.1") == 400);
  CHECK(get("", "GET /a%2fb HTTP/1.1") == 400);
  CHECK(get("", "GET /a%2 HTTP/1.1") == 400);
  CHECK(get("", "GET /a%zz HTTP/1.1") == 400);
  CHECK(get("", "GET /a%ff HTTP/1.1") == 400);
  CHECK(get("", "GET /a\xC3\xA9 HTTP/1.1") == 400);
  CHECK(get("", "GET /a#b HTTP/1.1") == 400);
}

TEST_CASE("no expectation but 100-continue is taken") { CHECK(post("Expect: 200-ok\r\n") == 417); }

TEST_CASE("heads have limits") {
  CHECK(get("X: " + std::string(17'000, 'a') + "\r\n") == 431);
  std::string many;
  for (int i = 0; i < 99; ++i) many += "X: a\r\n";
  CHECK(get(many) == 0);
  CHECK(get(many + "X: a\r\n") == 431);
}

}  // namespace
}  // namespace nexus::host
