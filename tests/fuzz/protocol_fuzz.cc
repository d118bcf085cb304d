// protocol_fuzz: whatever arrives, every step ends, memory stays small, answers are whole, and the next client is served.
//
//   protocol_fuzz --seed 1 --seconds 600      until the time is over
//   protocol_fuzz --seed 1 --count 2000       so many inputs
//
// Bolt conversations and HTTP requests, in process, as the host would hand them over: bytes in pieces
// of any size, through the same reading of heads. An input is its seed and its number; what fails
// prints the arguments that repeat it.
#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include <malloc.h>

#include "host-native/http/validate.h"
#include "nexus/bolt.h"
#include "nexus/service.h"
#include "service/bolt/framing.h"
#include "service/bolt/pack_reader.h"
#include "service/bolt/structures.h"
#include "service/json.h"
#include "tests/fuzz/protocol_inputs.h"
#include "tests/support/test_instance.h"

#if defined(__SANITIZE_ADDRESS__)
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
extern "C" void __sanitizer_set_death_callback(void (*callback)());
// One allocation beyond this is a failure by itself.
extern "C" const char* __asan_default_options() { return "max_allocation_size_mb=256"; }
extern "C" const char* __ubsan_default_options() { return "halt_on_error=1:print_stacktrace=1"; }
#endif

namespace {

using namespace nexus;
using namespace nexus::service;
namespace http = boost::beast::http;
using Progress = BoltConnection::Progress;

constexpr std::size_t kStepsMax = 20'000;           // Of one input.
constexpr std::size_t kLiveBytesMax = 64u << 20;    // More than before, while one input is served.
constexpr std::size_t kStepOutputMax = 4u << 20;    // 64 KiB and one row.
constexpr std::size_t kMessageBytesMax = 1u << 20;
constexpr bolt::Dialect kDialect{{5, 8}, false, false};
constexpr std::uint64_t kInputsPerInstance = 500;   // Then a new one, as what was created adds up.

struct Current {
  std::uint64_t seed = 0;
  std::uint64_t first = 0;  // Since the instance is new.
  std::uint64_t number = 0;
};
struct Counts {
  std::uint64_t messages = 0;   // That Bolt answered.
  std::uint64_t successes = 0;
  std::uint64_t responses = 0;  // That HTTP answered.
  std::uint64_t accepted = 0;   // With 2xx.
};
Counts counts;
Current current;  // Why global: the sanitizers' callback takes no argument.

void print_current() {
  std::fprintf(stderr, "protocol_fuzz --seed %llu --from %llu --count %llu\n", static_cast<unsigned long long>(current.seed),
               static_cast<unsigned long long>(current.first), static_cast<unsigned long long>(current.number - current.first + 1));
}

void require(bool holds, const char* what, std::string_view input) {
  if (holds) return;
  std::fprintf(stderr, "FAILED: %s\n", what);
  for (const char byte : input.substr(0, 20'000)) std::fprintf(stderr, "%02x", static_cast<unsigned char>(byte));
  std::fprintf(stderr, "\n");
  print_current();
  std::exit(1);
}

std::size_t live_bytes() {
#if defined(__SANITIZE_ADDRESS__)
  return __sanitizer_get_current_allocated_bytes();
#else
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
#endif
}

InstanceSettings small_instance() {
  InstanceSettings settings;
  settings.databases_max = 20;
  settings.query_memory_bytes_max = 16u << 20;
  settings.result_rows_max = 10'000;
  settings.stop_grace_ms = 0;
  settings.trash_seconds = 0;
  settings.single_threaded = true;
  return settings;
}

// The server, and what one input may cost it.
class Server {
 public:
  explicit Server(std::uint64_t seed) : random_(seed) {
    BoltSettings bolt_settings;
    bolt_settings.message_bytes_max = kMessageBytesMax;
    bolt_ = BoltService::create(*instance_, instance_.clock(), log_, bolt_settings);
    ServiceSettings settings;
    settings.body_bytes_max = kMessageBytesMax;
    settings.rows_max = 10'000;
    http_ = HttpService::create(*instance_, instance_.clock(), random_, settings);
  }

  std::unique_ptr<BoltConnection> connect() { return bolt_->connect("fuzz"); }
  HttpService& http() { return *http_; }
  void let_time_pass(std::int64_t seconds) { instance_.clock().advance(seconds * 1'000'000'000); }

 private:
  test::TestInstance instance_{small_instance()};
  test::QuietLog log_;
  test::SeededRandom random_;
  std::unique_ptr<BoltService> bolt_;
  std::unique_ptr<HttpService> http_;
};

class Budget {
 public:
  explicit Budget(std::string_view input) : input_(input), before_(live_bytes()) {}
  void step(std::size_t output_bytes) {
    require(++steps_ < kStepsMax, "an input takes too many steps", input_);
    require(output_bytes <= kStepOutputMax, "a step answers too much", input_);
    require(live_bytes() < before_ + kLiveBytesMax, "an input takes too much memory", input_);
  }

 private:
  std::string_view input_;
  std::size_t before_;
  std::size_t steps_ = 0;
};

// Whole messages with tags of a server; how many.
std::size_t count_messages(std::string_view out, std::string_view input) {
  bolt::Dechunker dechunker;
  std::size_t count = 0;
  while (!out.empty()) {
    const auto message = dechunker.next(out, 64u << 20);
    require(message.has_value() && message->has_value(), "an answer is no whole message", input);
    const std::string& bytes = **message;
    const auto tag = bytes.size() < 2 ? 0u : static_cast<unsigned char>(bytes[1]);
    require(tag == 0x70 || tag == 0x71 || tag == 0x7E || tag == 0x7F, "an answer has an unknown tag", input);
    bolt::PackReader reader(as_bytes(bytes), kDialect);
    std::size_t fields = 0;
    require(reader.structure(fields).has_value() && fields == (tag == 0x7E ? 0u : 1u), "an answer has a wrong number of fields", input);
    ++count;
    counts.successes += tag == 0x70 ? 1 : 0;
  }
  counts.messages += count;
  return count;
}

void run_bolt(Server& server, fuzz::ProtocolInputs& inputs, const std::string& input) {
  Budget budget(input);
  const auto connection = server.connect();
  std::string out;
  std::string_view left = input;
  const std::size_t piece_max = inputs.chance(20) ? 1 : inputs.chance(50) ? 64 : input.size() + 1;
  Progress progress = Progress::Waits;
  while (progress != Progress::Closed && !left.empty()) {
    const std::string_view piece = left.substr(0, inputs.below(piece_max) + 1);
    left.remove_prefix(piece.size());
    connection->receive(piece);
    if (inputs.chance(5)) continue;  // The next piece comes before the step.
    if (inputs.chance(1)) server.let_time_pass(static_cast<std::int64_t>(inputs.below(1'000)));
    if (inputs.below(500) == 0) connection->disconnect();
    if (inputs.chance(2)) connection->nudge();
    do {
      std::string piece_out;
      progress = connection->step(piece_out);
      budget.step(piece_out.size());
      out += piece_out;
    } while (progress == Progress::More);
  }
  if (progress == Progress::Closed) {
    std::string after;
    require(connection->step(after) == Progress::Closed && after.empty(), "a closed connection goes on", input);
  }
  // Where no version was agreed on there is nothing, or a manifest.
  if (out.size() >= 4 && (out[3] == 4 || out[3] == 5)) count_messages(std::string_view(out).substr(4), input);
}

void check_answer(HttpResponse& response, Budget& budget, std::string_view input) {
  require(response.status >= 200 && response.status < 600, "an answer has no status", input);
  ++counts.responses;
  counts.accepted += response.status < 300 ? 1 : 0;
  std::string body = std::move(response.body);
  for (bool more = response.stream != nullptr; more;) {
    std::string piece;
    more = response.stream->next(piece);
    budget.step(piece.size());
    body += piece;
  }
  const auto is_type = [](const Header& header) { return header.first == "Content-Type"; };
  const auto type = std::find_if(response.headers.begin(), response.headers.end(), is_type);
  require(body.empty() || type != response.headers.end(), "a body has no type", input);
  if (body.empty() || type->second.find("json") == std::string::npos || type->second == "application/x-ndjson") return;
  // The rows of one's own answer may nest deeper than what is read.
  const auto parsed = parse_json(body);
  require(parsed.has_value() || parsed.error().message.find("level") != std::string::npos, "an answer is no JSON", input);
}

// The requests of one connection, read as host-native/http/http_session.cc reads them.
void run_http(Server& server, const std::string& input) {
  Budget budget(input);
  std::string_view left = input;
  while (!left.empty()) {
    budget.step(0);
    const std::size_t end = left.find("\r\n\r\n");
    if (end == std::string_view::npos || end + 4 > host::kHeadBytesMax || host::validate_head(left.substr(0, end + 4))) return;
    http::request_parser<http::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(host::kHeadBytesMax));
    parser.body_limit(kMessageBytesMax);
    parser.eager(true);
    boost::beast::error_code error;
    const std::size_t used = parser.put(boost::asio::buffer(left.data(), left.size()), error);
    if (error || !parser.is_done()) return;
    left.remove_prefix(used);
    const auto& message = parser.get();
    HttpRequest request{std::string(message.method_string()), std::string(message.target()), {}, message.body(), "127.0.0.1"};
    for (const auto& field : message) request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    HttpResponse response = server.http().handle(request);
    check_answer(response, budget, input);
    if (!message.keep_alive()) return;
  }
}

void append_message(std::string& out, std::uint8_t tag, const List& fields) {
  bolt::MessageFrame frame(out);
  bolt::PackWriter writer(out);
  writer.structure(fields.size(), tag);
  for (const Value& field : fields) bolt::write_value(writer, field, kDialect);
  frame.close();
}

// The same as ever, whatever came before.
void check_service(Server& server) {
  std::string hello("\x60\x60\xB0\x17\0\0\x08\x05\0\0\0\0\0\0\0\0\0\0\0\0", 20);
  append_message(hello, 0x01, {Value::map({{"user_agent", Value::string("fuzz/1")}})});
  append_message(hello, 0x6A, {Value::map({{"scheme", Value::string("none")}})});
  append_message(hello, 0x10, {Value::string("RETURN 1 AS x"), Value::map({}), Value::map({})});
  append_message(hello, 0x3F, {Value::map({{"n", Value::integer(-1)}})});
  const auto connection = server.connect();
  std::string out;
  connection->receive(hello);
  while (connection->step(out) == Progress::More) {
  }
  require(out.size() > 4 && count_messages(std::string_view(out).substr(4), hello) == 5, "a client that is right is not served", hello);
  const HttpResponse live = server.http().handle({"GET", "/health/live", {{"Host", "localhost"}}, "", "127.0.0.1"});
  require(live.status == 200, "the server is not alive", "GET /health/live");
}

void run_one(Server& server) {
  fuzz::ProtocolInputs inputs(current.seed * 0x9E3779B97F4A7C15u + current.number);
  if (current.number % 3 == 2) run_http(server, inputs.http());
  else run_bolt(server, inputs, inputs.bolt());
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seed = 1, from = 0, count = 0, seconds = 0;
  for (int at = 1; at + 1 < argc; at += 2) {
    const std::string_view flag = argv[at];
    const std::uint64_t number = std::strtoull(argv[at + 1], nullptr, 10);
    if (flag == "--seed") seed = number;
    else if (flag == "--from") from = number;
    else if (flag == "--count") count = number;
    else if (flag == "--seconds") seconds = number;
  }
  if (count == 0 && seconds == 0) count = 1'000;
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_set_death_callback(print_current);
#endif
  std::set_terminate([] {
    print_current();
    std::abort();
  });
  const auto start = std::chrono::steady_clock::now();
  const auto is_over = [&](std::uint64_t done) {
    return (count != 0 && done >= count) || (seconds != 0 && std::chrono::steady_clock::now() - start >= std::chrono::seconds(seconds));
  };
  std::uint64_t done = 0;
  while (!is_over(done)) {
    current = {seed, from + done, from + done};
    Server server(current.number);
    for (std::uint64_t left = kInputsPerInstance; left > 0 && !is_over(done); --left, ++done) {
      current.number = from + done;
      run_one(server);
    }
    check_service(server);
  }
  const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
  std::printf("protocol_fuzz: %llu inputs; Bolt answered %llu messages, %llu of them successes; HTTP answered %llu requests, %llu of them with 2xx\n",
              number(done), number(counts.messages), number(counts.successes), number(counts.responses), number(counts.accepted));
  return 0;
}
