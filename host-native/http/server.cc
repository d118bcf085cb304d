#include "host-native/http/server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include "host-native/http/http_session.h"
#include "host-native/net/listener.h"
#include "host-native/net/tls.h"

namespace nexus::host {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

struct HttpServer::State {
  State(service::HttpService& service, Log& log_in, ServerSettings settings_in)
      : log(log_in), settings(std::move(settings_in)), workers(settings.workers, settings.workers_max), context(service, log, settings, workers) {}

  void on_connection(tcp::socket socket);
  void tick();
  void await_hangup();
  void drain();
  void await_last_session(std::chrono::steady_clock::time_point until);

  Log& log;
  ServerSettings settings;
  WorkerPool workers;
  SessionContext context;
  // Sessions die with the io_context, before the context they use.
  asio::io_context io;
  // What follows is touched on this strand only.
  asio::strand<asio::io_context::executor_type> control{asio::make_strand(io)};
  Listener listener{control, log, "HTTP"};
  asio::signal_set signals{control};
  asio::signal_set hangups{control};
  asio::steady_timer timer{control};
  asio::steady_timer deadline{control};
  std::function<void()> every_second;
  std::atomic<bool> is_second_under_way{false};
};

bool is_loopback(const std::string& address) {
  error_code error;
  const auto parsed = asio::ip::make_address(address == "localhost" ? "127.0.0.1" : address, error);
  return !error && parsed.is_loopback();
}

void HttpServer::State::on_connection(tcp::socket socket) {
  std::size_t count = 0;
  {
    const std::lock_guard lock(context.mutex);
    count = context.sessions.size();
  }
  if (count < settings.connections_max) {
    auto session = std::make_shared<HttpSession>(std::move(socket), context);
    // The session's steps run on its strand from the first.
    asio::post(session->executor(), [session] { session->start(); });
  } else if (settings.tls == nullptr) {  // Inside TLS the way to saying so is long.
    constexpr std::string_view kBusy =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(kBusy), ignored);
  }
}

void HttpServer::State::tick() {
  timer.expires_after(std::chrono::seconds(1));
  timer.async_wait([this](error_code cancelled) {
    if (cancelled || context.draining) return;
    workers.relieve();
    if (!is_second_under_way.exchange(true)) {
      workers.post([this] {
        every_second();
        is_second_under_way = false;
      });
    }
    tick();
  });
}

void HttpServer::State::await_hangup() {
  hangups.async_wait([this](error_code cancelled, int) {
    if (cancelled) return;
    settings.on_hangup();
    await_hangup();
  });
}

void HttpServer::State::drain() {
  log.write(LogLevel::Info, "stopping: no new requests, running ones finish");
  context.draining = true;
  context.service.start_draining();
  if (settings.on_drain) settings.on_drain();
  listener.close();
  timer.cancel();
  hangups.cancel();
  {
    const std::lock_guard lock(context.mutex);
    for (HttpSession* session : context.sessions) session->drain();
  }
  // A second signal, or too long a wait, ends it; otherwise the io_context runs out of work.
  signals.async_wait([this](error_code cancelled, int) {
    if (!cancelled) io.stop();
  });
  await_last_session(std::chrono::steady_clock::now() + std::chrono::milliseconds(settings.drain_ms_max));
}

void HttpServer::State::await_last_session(std::chrono::steady_clock::time_point until) {
  deadline.expires_after(std::chrono::milliseconds(10));
  deadline.async_wait([this, until](error_code) {
    bool is_empty = false;
    {
      const std::lock_guard lock(context.mutex);
      is_empty = context.sessions.empty();
    }
    if (is_empty && settings.is_drained) is_empty = settings.is_drained();
    if (is_empty || std::chrono::steady_clock::now() > until) return io.stop();
    await_last_session(until);
  });
}

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpServer::~HttpServer() { state_->workers.join(); }

Result<std::unique_ptr<HttpServer>> HttpServer::listen(service::HttpService& service, Log& log, ServerSettings settings) {
  auto state = std::make_unique<State>(service, log, std::move(settings));
  NX_TRY_DO(state->listener.open(state->settings.address, state->settings.port));
  // Before anybody is told that the server is there: a signal that comes at once waits for run().
  state->signals.add(SIGINT);
  state->signals.add(SIGTERM);
  if (state->settings.on_hangup) state->hangups.add(SIGHUP);
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

std::string HttpServer::url() const {
  return (state_->settings.tls != nullptr ? "https://" : "http://") + state_->listener.address();
}

void HttpServer::run(std::function<void()> every_second) {
  State& state = *state_;
  std::signal(SIGPIPE, SIG_IGN);
  state.every_second = std::move(every_second);
  asio::post(state.control, [&state] {
    state.signals.async_wait([&state](error_code cancelled, int) {
      if (!cancelled) state.drain();
    });
    state.listener.start([&state] { return asio::make_strand(state.io); },
                         [&state](tcp::socket socket) { state.on_connection(std::move(socket)); });
    state.tick();
    if (state.settings.on_hangup) state.await_hangup();
  });
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < state.settings.threads; ++i) threads.emplace_back([&state] { state.io.run(); });
  state.io.run();
  for (auto& thread : threads) thread.join();
}

void HttpServer::finish(const std::function<bool()>& are_gone) {
  asio::io_context& io = state_->io;
  while (!are_gone()) {
    io.restart();
    // Others end them on threads of their own, which this one does not hear of.
    if (io.run_for(std::chrono::milliseconds(10)) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace nexus::host
