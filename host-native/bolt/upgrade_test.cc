#include "host-native/bolt/upgrade.h"

#include "tests/support/catch.h"

namespace nexus::host {
namespace {

const std::string kLine = "GET / HTTP/1.1\r\n";
const std::string kUpgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: c2l4dGVlbiBieXRlcyBvaw==\r\n";

// 0: granted; -1: there is more to come.
int status_of(const std::string& bytes) {
  const auto greeting = read_greeting(bytes, {"app.example"});
  if (!greeting) return -1;
  return greeting->refusal ? greeting->refusal->status : 0;
}
int upgrade(const std::string& headers, const std::string& line = kLine) {
  return status_of(line + headers + kUpgrade + "\r\n");
}

TEST_CASE("Bolt, TLS and HTTP begin differently") {
  CHECK(may_be_http(""));
  CHECK(may_be_http("G"));
  CHECK(may_be_http("GET / HTTP/1.1\r\n"));
  CHECK_FALSE(may_be_http("GETS"));
  CHECK_FALSE(may_be_http("POST"));
  CHECK_FALSE(may_be_http("\x60\x60\xB0\x17"));
  CHECK_FALSE(may_be_http(std::string_view("\x16\x03\x01", 3)));
}

TEST_CASE("a request is waited for until it is complete") {
  const std::string whole = kLine + "Host: localhost:7687\r\n" + kUpgrade + "\r\n";
  for (std::size_t size = 4; size < whole.size(); ++size) REQUIRE(status_of(whole.substr(0, size)) == -1);
  CHECK(status_of(whole) == 0);
  CHECK(status_of(whole + "\x82") == 400);
  CHECK(status_of(kLine + std::string(17'000, 'x')) == 431);
}

TEST_CASE("the page's origin and the server's name are checked before everything else") {
  CHECK(upgrade("Host: localhost:7687\r\nOrigin: http://127.0.0.1:5173\r\n") == 0);
  CHECK(upgrade("Host: app.example\r\nOrigin: https://app.example\r\n") == 0);
  CHECK(upgrade("Host: evil.example\r\n") == 403);
  CHECK(upgrade("Host: localhost\r\nOrigin: http://evil.example\r\n") == 403);
  CHECK(upgrade("Host: localhost\r\nOrigin: null\r\n") == 403);
  CHECK(upgrade("Host: localhost\r\nOrigin: http://evil.example\r\n", "GET /else HTTP/1.1\r\n") == 403);
  CHECK(status_of(kLine + "Host: localhost\r\nOrigin: http://evil.example\r\n\r\n") == 403);
}

TEST_CASE("what is no request for a WebSocket at / is refused") {
  CHECK(status_of(kLine + "Host: localhost\r\n\r\n") == 426);
  CHECK(upgrade("Host: localhost\r\n", "GET /else HTTP/1.1\r\n") == 404);
  CHECK(upgrade("Host: localhost\r\n", "GET /?database=a HTTP/1.1\r\n") == 0);
  CHECK(upgrade("Host: localhost\r\n", "GET / HTTP/1.0\r\n") == 426);
  CHECK(upgrade("") == 400);
  CHECK(upgrade("Host: localhost\r\nContent-Length: 5\r\n") == 400);
}

}  // namespace
}  // namespace nexus::host
