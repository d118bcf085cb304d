#include "host-native/bolt/bolt_server.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <future>
#include <thread>
#include <vector>

#include "host-native/bolt/bolt_session.h"

namespace nexus::host {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

constexpr auto kTick = std::chrono::milliseconds(100);
constexpr unsigned kTicksToRelief = 10;

}  // namespace

struct BoltServer::State {
  State(Log& log_in, BoltServerSettings settings_in)
      : log(log_in), settings(std::move(settings_in)), context{io, log, settings, nullptr, {}, {}, 0, {}, 0, 0} {}

  void accept();
  void on_accept(error_code error, tcp::socket socket);
  void tick();
  // The sessions that are alive at this moment.
  std::vector<std::shared_ptr<BoltSession>> sessions();

  Log& log;
  BoltServerSettings settings;
  BoltContext context;
  // Sessions die with the io_context, before the context they use.
  asio::io_context io;
  asio::executor_work_guard<asio::io_context::executor_type> guard{io.get_executor()};
  // What follows is touched on this strand only.
  asio::strand<asio::io_context::executor_type> control{asio::make_strand(io)};
  tcp::acceptor acceptor{control};
  asio::steady_timer timer{control};
  asio::steady_timer pause{control};
  bool is_stopping = false;
  unsigned ticks = 0;
  WorkerPool relief{1, settings.workers_max};
  std::vector<std::thread> threads;
};

void BoltServer::State::accept() {
  acceptor.async_accept(io, [this](error_code error, tcp::socket socket) {
    on_accept(error, std::move(socket));
  });
}

void BoltServer::State::on_accept(error_code error, tcp::socket socket) {
  if (!acceptor.is_open()) return;
  if (error) {  // No descriptors left, most likely: wait, as trying at once would only spin.
    log.write(LogLevel::Warning, "cannot accept a Bolt connection: " + error.message());
    pause.expires_after(std::chrono::milliseconds(100));
    pause.async_wait([this](error_code cancelled) {
      if (!cancelled) accept();
    });
    return;
  }
  std::size_t count = 0;
  {
    const std::lock_guard lock(context.mutex);
    count = context.sessions.size();
  }
  if (count < settings.connections_max) {
    std::make_shared<BoltSession>(std::move(socket), context)->start();
  } else {
    log.write(LogLevel::Warning, "refused a Bolt connection: there are " + std::to_string(count));
  }
  accept();
}

std::vector<std::shared_ptr<BoltSession>> BoltServer::State::sessions() {
  std::vector<std::shared_ptr<BoltSession>> alive;
  const std::lock_guard lock(context.mutex);
  for (BoltSession* session : context.sessions) {
    if (auto shared = session->weak_from_this().lock()) alive.push_back(std::move(shared));
  }
  return alive;
}

void BoltServer::State::tick() {
  timer.expires_after(kTick);
  timer.async_wait([this](error_code cancelled) {
    if (cancelled || is_stopping) return;
    for (const auto& session : sessions()) session->tick();
    if (++ticks % kTicksToRelief == 0) context.relieve(relief);
    tick();
  });
}

BoltServer::BoltServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

BoltServer::~BoltServer() {
  State& state = *state_;
  std::promise<void> closed;
  asio::post(state.control, [&state, &closed] {
    error_code ignored;
    state.is_stopping = true;
    state.acceptor.close(ignored);
    state.pause.cancel();
    state.timer.cancel();
    for (const auto& session : state.sessions()) session->close();
    closed.set_value();
  });
  if (state.threads.empty()) state.io.poll();
  closed.get_future().wait();
  // Steps end on the io_context, which lives on until they have.
  state.relief.join();
  state.guard.reset();
  if (state.threads.empty()) state.io.run();
  for (auto& thread : state.threads) thread.join();
}

Result<std::unique_ptr<BoltServer>> BoltServer::listen(Log& log, BoltServerSettings settings) {
  auto state = std::make_unique<State>(log, std::move(settings));
  const BoltServerSettings& wanted = state->settings;
  error_code error;
  const auto address = asio::ip::make_address(wanted.address == "localhost" ? "127.0.0.1" : wanted.address, error);
  if (error) return Error{ErrorCode::InvalidArgument, "'" + wanted.address + "' is not an IP address"};
  const tcp::endpoint endpoint(address, wanted.port);
  state->acceptor.open(endpoint.protocol(), error);
  if (!error) state->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) state->acceptor.bind(endpoint, error);
  if (!error) state->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return Error{ErrorCode::IoError, "cannot listen for Bolt on " + wanted.address + ":" + std::to_string(wanted.port) +
                                         ": " + error.message()};
  }
  return std::unique_ptr<BoltServer>(new BoltServer(std::move(state)));
}

std::string BoltServer::address() const {
  const auto endpoint = state_->acceptor.local_endpoint();
  const std::string address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

void BoltServer::start(service::BoltService& service) {
  State& state = *state_;
  state.context.service = &service;
  asio::post(state.control, [&state] {
    state.accept();
    state.tick();
  });
  // Two for the network, whatever runs.
  for (std::size_t i = 0; i < state.settings.workers + 2; ++i) state.threads.emplace_back([&state] { state.io.run(); });
}

void BoltServer::drain() {
  State& state = *state_;
  state.context.service->start_draining();
  asio::post(state.control, [&state] {
    error_code ignored;
    state.acceptor.close(ignored);
    state.pause.cancel();
  });
}

bool BoltServer::is_drained() const {
  const std::lock_guard lock(state_->context.mutex);
  return state_->context.sessions.empty();
}

}  // namespace nexus::host
