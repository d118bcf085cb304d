// A Bolt client that costs less than the server it measures; used by bolt_bench.py.
//
//   bolt_load turns PORT ROUNDS STATEMENT           a bare echo of the same bytes and the statement, in turns:
//                                                   medians and 99th percentiles of both, in microseconds
//   bolt_load reads PORT CONNECTIONS DEPTH SECONDS STATEMENT
//                                                   statements a second, DEPTH under way on each connection
//   bolt_load stream PORT STATEMENT                 rows, bytes and seconds of one result, pulled as a whole
//
// The statement's parameter $i is the number of the request modulo 100,000. A failure ends the
// program. Needs a server without authentication.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kSuccess = 0x70;
constexpr unsigned kRecord = 0x71;

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "bolt_load: %s\n", what);
  std::exit(1);
}

double microseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

void put_text(std::string& out, std::string_view text) {
  if (text.size() < 16) out += static_cast<char>(0x80 + text.size());
  else if (text.size() < 256) (out += '\xD0') += static_cast<char>(text.size());
  else fail("the statement is too long");
  out += text;
}

std::string message(std::string_view payload) {
  std::string out{static_cast<char>(payload.size() >> 8), static_cast<char>(payload.size() & 0xFF)};
  out += payload;
  return out.append(2, '\0');
}

// RUN and PULL everything, sent as one piece, as drivers do.
std::string request(std::string_view statement, std::uint32_t number) {
  std::string run("\xB3\x10", 2);
  put_text(run, statement);
  run += "\xA1\x81i\xCA";
  for (int shift = 24; shift >= 0; shift -= 8) run += static_cast<char>(number >> shift & 0xFF);
  run += '\xA0';
  return message(run) + message("\xB1\x3F\xA1\x81n\xFF");
}

// Counts messages by their tags in a stream of chunks.
class Counter {
 public:
  std::uint64_t successes = 0;
  std::uint64_t records = 0;

  void take(const char* bytes, std::size_t size) {
    while (size > 0) {
      if (left_ > 0) {
        const std::size_t taken = std::min(left_, size);
        for (std::size_t at = 0; at < taken && read_ < 2; ++at) tag_ = static_cast<unsigned char>(bytes[at]), ++read_;
        left_ -= taken;
        bytes += taken;
        size -= taken;
        continue;
      }
      length_ = length_ << 8 | static_cast<unsigned char>(*bytes++);
      --size;
      if (++heads_ < 2) continue;
      heads_ = 0;
      left_ = std::exchange(length_, 0);
      if (left_ == 0 && read_ > 0) count();
    }
  }

 private:
  void count() {
    read_ = 0;
    if (tag_ == kSuccess) ++successes;
    else if (tag_ == kRecord) ++records;
    else fail("the server answered a failure");
  }

  std::size_t left_ = 0;    // Of the chunk.
  std::size_t length_ = 0;  // Of the chunk whose head is being read.
  int heads_ = 0;
  int read_ = 0;            // Bytes of the message's marker and tag.
  unsigned tag_ = 0;
};

int open_socket(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("cannot connect");
  return descriptor;
}

void send_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) fail("cannot send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::size_t receive_some(int descriptor, char* into, std::size_t size) {
  const ssize_t got = recv(descriptor, into, size, 0);
  if (got <= 0) fail("the server closed a connection");
  return static_cast<std::size_t>(got);
}

void await_successes(int descriptor, Counter& counter, std::uint64_t wanted) {
  char piece[65'536];
  while (counter.successes < wanted) counter.take(piece, receive_some(descriptor, piece, sizeof piece));
}

// A connection that has logged on with 5.8.
int open_bolt(std::uint16_t port) {
  const int descriptor = open_socket(port);
  send_all(descriptor, std::string_view("\x60\x60\xB0\x17\0\0\x08\x05\0\0\0\0\0\0\0\0\0\0\0\0", 20));
  char version[4];
  for (std::size_t got = 0; got < 4;) got += receive_some(descriptor, version + got, 4 - got);
  if (version[3] != 5 || version[2] != 8) fail("the server does not speak Bolt 5.8");
  std::string hello("\xB1\x01\xA1", 3);
  put_text(hello, "user_agent");
  put_text(hello, "bench/1");
  std::string logon("\xB1\x6A\xA1", 3);
  put_text(logon, "scheme");
  put_text(logon, "none");
  send_all(descriptor, message(hello) + message(logon));
  Counter counter;
  await_successes(descriptor, counter, 2);
  return descriptor;
}

void print_percentiles(std::vector<double>& times) {
  std::sort(times.begin(), times.end());
  std::printf("%.1f %.1f", times[times.size() / 2], times[times.size() * 99 / 100]);
}

// A thread of this program that sends back what it receives.
int open_echo() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener, 1) != 0) fail("cannot listen");
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  std::thread([listener] {
    const int peer = accept(listener, nullptr, nullptr);
    const int on = 1;
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    char piece[4'096];
    for (ssize_t got = 0; (got = recv(peer, piece, sizeof piece, 0)) > 0;) send_all(peer, {piece, static_cast<std::size_t>(got)});
  }).detach();
  return open_socket(ntohs(address.sin_port));
}

int run_turns(std::uint16_t port, std::size_t rounds, std::string_view statement) {
  const int bolt = open_bolt(port);
  const int echo = open_echo();
  Counter counter;
  std::vector<double> echoes;
  std::vector<double> reads;
  for (std::size_t round = 0; round < rounds; ++round) {
    const std::string text = request(statement, static_cast<std::uint32_t>(round % 100'000));
    auto start = Clock::now();
    send_all(echo, text);
    char piece[4'096];
    for (std::size_t got = 0; got < text.size();) got += receive_some(echo, piece, sizeof piece);
    echoes.push_back(microseconds_since(start));
    start = Clock::now();
    send_all(bolt, text);
    await_successes(bolt, counter, 2 * (round + 1));
    reads.push_back(microseconds_since(start));
  }
  print_percentiles(echoes);
  std::printf(" ");
  print_percentiles(reads);
  std::printf("\n");
  return 0;
}

struct Peer {
  int descriptor = -1;
  Counter counter;
  std::uint64_t sent = 0;
};

// Fills up to `depth` requests under way, in one write.
void fill(Peer& peer, std::uint64_t depth, std::string_view statement, std::uint32_t& number) {
  std::string bytes;
  for (; peer.sent < peer.counter.successes / 2 + depth; ++peer.sent) bytes += request(statement, number++ % 100'000);
  send_all(peer.descriptor, bytes);
}

int run_reads(std::uint16_t port, std::size_t count, std::uint64_t depth, double seconds, std::string_view statement) {
  const int poll = epoll_create1(EPOLL_CLOEXEC);
  std::vector<Peer> peers(count);
  for (std::size_t at = 0; at < count; ++at) {
    peers[at].descriptor = open_bolt(port);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = at;
    if (epoll_ctl(poll, EPOLL_CTL_ADD, peers[at].descriptor, &event) != 0) fail("epoll_ctl");
  }
  const auto start = Clock::now();
  std::uint32_t number = 0;
  for (Peer& peer : peers) fill(peer, depth, statement, number);
  std::vector<epoll_event> events(count);
  std::uint64_t answered = 0;
  while (microseconds_since(start) < seconds * 1e6) {
    const int ready = epoll_wait(poll, events.data(), static_cast<int>(events.size()), 30'000);
    if (ready <= 0) fail("no answer within 30 s");
    for (int at = 0; at < ready; ++at) {
      Peer& peer = peers[events[static_cast<std::size_t>(at)].data.u64];
      char piece[65'536];
      const std::uint64_t before = peer.counter.successes / 2;
      peer.counter.take(piece, receive_some(peer.descriptor, piece, sizeof piece));
      answered += peer.counter.successes / 2 - before;
      // Half of them at once: a client that waits for a batch sends in batches, too.
      if (peer.sent - peer.counter.successes / 2 <= depth / 2) fill(peer, depth, statement, number);
    }
  }
  std::printf("%.1f\n", static_cast<double>(answered) / (microseconds_since(start) / 1e6));
  return 0;
}

int run_stream(std::uint16_t port, std::string_view statement) {
  const int bolt = open_bolt(port);
  const auto start = Clock::now();
  send_all(bolt, request(statement, 0));
  Counter counter;
  std::uint64_t bytes = 0;
  std::vector<char> piece(1 << 20);
  while (counter.successes < 2) {
    const std::size_t got = receive_some(bolt, piece.data(), piece.size());
    counter.take(piece.data(), got);
    bytes += got;
  }
  std::printf("%llu %llu %.3f\n", static_cast<unsigned long long>(counter.records), static_cast<unsigned long long>(bytes),
              microseconds_since(start) / 1e6);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> words(argv, argv + argc);
  if (argc < 4) fail("usage: bolt_load turns|reads|stream PORT …");
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  if (words[1] == "turns" && argc == 5) return run_turns(port, std::strtoul(argv[3], nullptr, 10), words[4]);
  if (words[1] == "reads" && argc == 7) {
    return run_reads(port, std::strtoul(argv[3], nullptr, 10), std::strtoul(argv[4], nullptr, 10), std::atof(argv[5]), words[6]);
  }
  if (words[1] == "stream" && argc == 4) return run_stream(port, words[3]);
  fail("usage: bolt_load turns PORT ROUNDS STATEMENT | reads PORT CONNECTIONS DEPTH SECONDS STATEMENT | stream PORT STATEMENT");
}
