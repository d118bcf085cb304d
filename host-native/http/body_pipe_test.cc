#include "host-native/http/body_pipe.h"

#include <atomic>
#include <thread>

#include "tests/support/catch.h"

using namespace nexus;
using host::BodyPipe;

namespace {

std::string read_all(BodyPipe& pipe) {
  std::string all;
  std::array<std::uint8_t, 1000> piece;
  while (true) {
    const auto count = pipe.read(piece);
    REQUIRE(count.has_value());
    if (*count == 0) return all;
    all.append(as_text(ByteView(piece).first(*count)));
  }
}

}  // namespace

TEST_CASE("a body comes out of its pipe as it went in, however little fits") {
  std::string sent;
  for (int i = 0; sent.size() < 4 * host::kPipeBytes; ++i) sent += std::to_string(i) + ",";
  std::atomic<int> rooms{0};
  BodyPipe pipe([&] { ++rooms; });
  std::thread pusher([&] {
    int waits = 0;
    for (std::size_t at = 0; at < sent.size(); at += 50'000) {
      if (pipe.push(std::string_view(sent).substr(at, 50'000))) continue;
      ++waits;
      while (rooms < waits) std::this_thread::yield();
    }
    pipe.finish();
  });
  const std::string received = read_all(pipe);
  pusher.join();
  CHECK(received == sent);
  CHECK(rooms >= 1);
}

TEST_CASE("who reads a body learns that the rest does not come") {
  BodyPipe pipe([] {});
  pipe.push("half");
  pipe.fail("the connection ended");
  std::array<std::uint8_t, 10> piece;
  const auto half = pipe.read(piece);
  REQUIRE(half.has_value());
  CHECK(*half == 4);
  const auto rest = pipe.read(piece);
  REQUIRE_FALSE(rest.has_value());
  CHECK(rest.error().code == ErrorCode::InvalidRequest);
}

TEST_CASE("a pipe that nobody reads lets the connection go on") {
  int rooms = 0;
  BodyPipe pipe([&] { ++rooms; });
  CHECK_FALSE(pipe.push(std::string(host::kPipeBytes, 'x')));
  pipe.close();
  CHECK(rooms == 1);
  CHECK(pipe.push(std::string(host::kPipeBytes, 'x')));
}
