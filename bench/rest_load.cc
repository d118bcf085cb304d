// rest_load PORT CONNECTIONS SECONDS TARGET [BODY]: requests over keep-alive connections, as fast as they are answered.
//
// Without BODY a GET of TARGET, else a POST of BODY, in which every # becomes the number of the
// request modulo 100,000. Each connection has one request under way. Prints one line:
// requests a second, then microseconds of the 10th percentile, the median, the 99th percentile and the longest.
// An answer other than 200 ends the program. Used by rest_bench.py, as a client in Python
// would measure itself.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what, std::string_view detail = {}) {
  std::fprintf(stderr, "rest_load: %s %.*s\n", what, static_cast<int>(std::min<std::size_t>(detail.size(), 500)), detail.data());
  std::exit(1);
}

struct Connection {
  int descriptor = -1;
  std::string input;
  Clock::time_point sent{};
};

class Load {
 public:
  Load(std::uint16_t port, std::string target, std::string body) : port_(port), target_(std::move(target)), body_(std::move(body)) {}

  void connect(std::size_t count) {
    poll_ = epoll_create1(EPOLL_CLOEXEC);
    connections_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(port_);
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const int on = 1;
      setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("cannot connect");
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      if (epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll_ctl");
      connections_[i].descriptor = descriptor;
    }
  }

  // Answers the seconds it took.
  double run(double seconds) {
    const auto start = Clock::now();
    const auto end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    for (Connection& connection : connections_) send(connection);
    std::size_t running = connections_.size();
    std::vector<epoll_event> events(connections_.size());
    while (running > 0) {
      const int count = epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 30'000);
      if (count <= 0) fail("no answer within 30 s");
      for (int i = 0; i < count; ++i) {
        Connection& connection = connections_[events[static_cast<std::size_t>(i)].data.u64];
        if (!receive(connection)) continue;
        if (Clock::now() < end) send(connection);
        else --running;
      }
    }
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

  std::vector<double>& microseconds() { return microseconds_; }

 private:
  std::string request() {
    if (body_.empty()) return "GET " + target_ + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    std::string body;
    const std::string number = std::to_string(number_++ % 100'000);
    for (const char c : body_) {
      if (c == '#') body += number;
      else body += c;
    }
    return "POST " + target_ + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  void send(Connection& connection) {
    const std::string text = request();
    connection.sent = Clock::now();
    if (::send(connection.descriptor, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) fail("cannot send");
  }

  // Whether the answer is complete.
  bool receive(Connection& connection) {
    char piece[16'384];
    const ssize_t got = recv(connection.descriptor, piece, sizeof piece, 0);
    if (got <= 0) fail("the server closed a connection");
    std::string& input = connection.input;
    input.append(piece, static_cast<std::size_t>(got));
    const std::size_t head = input.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    if (input.compare(9, 3, "200") != 0) fail("the answer is", input);
    constexpr std::string_view kLength = "Content-Length: ";
    const std::size_t length = input.find(kLength);
    if (length > head) fail("the answer has no length:", input);
    if (input.size() < head + 4 + std::strtoul(input.c_str() + length + kLength.size(), nullptr, 10)) return false;
    input.clear();
    microseconds_.push_back(std::chrono::duration<double, std::micro>(Clock::now() - connection.sent).count());
    return true;
  }

  std::uint16_t port_;
  std::string target_;
  std::string body_;
  int poll_ = -1;
  std::uint64_t number_ = 0;
  std::vector<Connection> connections_;
  std::vector<double> microseconds_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) fail("usage: rest_load PORT CONNECTIONS SECONDS TARGET [BODY]");
  Load load(static_cast<std::uint16_t>(std::atoi(argv[1])), argv[4], argc > 5 ? argv[5] : "");
  load.connect(std::max(1ul, std::strtoul(argv[2], nullptr, 10)));
  const double seconds = load.run(std::atof(argv[3]));
  auto& times = load.microseconds();
  std::sort(times.begin(), times.end());
  std::printf("%.1f %.1f %.1f %.1f %.1f\n", static_cast<double>(times.size()) / seconds, times[times.size() / 10],
              times[times.size() / 2], times[times.size() * 99 / 100], times.back());
  return 0;
}
