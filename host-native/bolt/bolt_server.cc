#include "host-native/bolt/bolt_server.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <future>
#include <thread>
#include <vector>

#include "host-native/bolt/bolt_session.h"
#include "host-native/http/response_text.h"
#include "host-native/net/listener.h"

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
      : log(log_in), settings(std::move(settings_in)), context{io, log, settings, nullptr, false, {}, {}, 0, {}, 0, 0} {}

  void on_connection(tcp::socket socket);
  bool has_room();
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
  Listener listener{control, log, "Bolt"};
  asio::steady_timer timer{control};
  bool is_stopping = false;
  unsigned ticks = 0;
  WorkerPool relief{1, settings.workers_max};
  std::vector<std::thread> threads;
};

bool BoltServer::State::has_room() {
  std::size_t count = 0;
  {
    const std::lock_guard lock(context.mutex);
    count = context.sessions.size();
  }
  if (count < settings.connections_max) return true;
  log.write(LogLevel::Warning, "refused a Bolt connection: there are " + std::to_string(count));
  return false;
}

void BoltServer::State::on_connection(tcp::socket socket) {
  if (has_room()) std::make_shared<BoltSession>(plain_transport(std::move(socket), io), context, false)->start();
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
  asio::post(state.control, [this, &state, &closed] {
    state.is_stopping = true;
    state.listener.close();
    state.timer.cancel();
    close();
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
  NX_TRY_DO(state->listener.open(state->settings.address, state->settings.port));
  return std::unique_ptr<BoltServer>(new BoltServer(std::move(state)));
}

std::string BoltServer::address() const { return state_->listener.address(); }

void BoltServer::start(service::BoltService& service) {
  State& state = *state_;
  state.context.service = &service;
  asio::post(state.control, [&state] {
    // Sessions have a mutex, not a strand.
    state.listener.start([&state] { return state.io.get_executor(); },
                         [&state](tcp::socket socket) { state.on_connection(std::move(socket)); });
    state.tick();
  });
  // Two for the network, whatever runs.
  for (std::size_t i = 0; i < state.settings.workers + 2; ++i) state.threads.emplace_back([&state] { state.io.run(); });
}

std::optional<service::HttpResponse> BoltServer::refuse(const UpgradeRequest& request) {
  if (auto refusal = refuse_upgrade(request, state_->settings.allowed_hosts)) return refusal;
  if (state_->context.is_draining) return problem({503, "The server is shutting down."});
  if (!state_->has_room()) return problem({503, "There are too many Bolt connections."});
  return std::nullopt;
}

void BoltServer::adopt(Stream stream, const UpgradeRequest& request) {
  State& state = *state_;
  auto transport = web_socket_transport(std::move(stream), state.io, request);
  std::make_shared<BoltSession>(std::move(transport), state.context, true)->start();
}

void BoltServer::drain() {
  State& state = *state_;
  state.context.is_draining = true;
  state.context.service->start_draining();
  asio::post(state.control, [&state] { state.listener.close(); });
}

void BoltServer::close() {
  for (const auto& session : state_->sessions()) session->close();
}

bool BoltServer::is_drained() const {
  const std::lock_guard lock(state_->context.mutex);
  return state_->context.sessions.empty();
}

}  // namespace nexus::host
