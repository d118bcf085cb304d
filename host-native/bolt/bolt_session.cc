#include "host-native/bolt/bolt_session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <exception>

namespace nexus::host {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::size_t kKeptBytesMax = std::size_t{256} << 10;
constexpr auto kBoltLingerTime = std::chrono::seconds(2);

std::string peer_of(const tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? std::string() : endpoint.address().to_string();
}

// Steps go by turns. True: the caller runs one now; else somebody does later.
bool ask_for_turn(BoltContext& context, const std::shared_ptr<BoltSession>& session) {
  const std::lock_guard lock(context.mutex);
  if (context.running >= context.settings.workers) {
    context.waiting.push_back(session);
    return false;
  }
  ++context.running;
  return true;
}

void end_turn(BoltContext& context) {
  std::shared_ptr<BoltSession> next;
  {
    const std::lock_guard lock(context.mutex);
    if (context.waiting.empty() || context.running > context.settings.workers) {
      --context.running;
      return;
    }
    next = std::move(context.waiting.front());
    context.waiting.pop_front();
    ++context.turns;
  }
  asio::post(context.io, [next = std::move(next)] { next->step(); });
}

}  // namespace

void BoltContext::relieve(WorkerPool& pool) {
  pool.relieve();
  const std::lock_guard lock(mutex);
  std::uint64_t late = waited_before > turns ? waited_before - turns : 0;
  for (; late > 0 && running < settings.workers_max; --late) {
    pool.post([next = std::move(waiting.front())] { next->step(); });
    waiting.pop_front();
    ++turns;
    ++running;
  }
  waited_before = turns + waiting.size();
}

BoltSession::BoltSession(tcp::socket socket, BoltContext& context)
    : context_(context), socket_(std::move(socket)), connection_(context.service->connect(peer_of(socket_))) {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.set_option(asio::socket_base::keep_alive(true), ignored);
  socket_.non_blocking(true, ignored);
  const std::lock_guard lock(context_.mutex);
  context_.sessions.insert(this);
}

BoltSession::~BoltSession() {
  const std::lock_guard lock(context_.mutex);
  context_.sessions.erase(this);
}

void BoltSession::start() {
  const std::lock_guard lock(mutex_);
  read();
}

void BoltSession::read() {
  if (is_reading_ || is_gone_ || (!is_lingering_ && connection_->is_full())) return;
  is_reading_ = true;
  socket_.async_read_some(asio::buffer(in_), [self = shared_from_this()](error_code error, std::size_t bytes) {
    self->on_read(error, bytes);
  });
}

void BoltSession::on_read(error_code error, std::size_t bytes) {
  bool has_turn = false;
  {
    const std::lock_guard lock(mutex_);
    is_reading_ = false;
    if (error) return leave();
    if (!is_lingering_) connection_->receive({in_.data(), bytes});
    has_turn = pump();
    read();
  }
  // On this thread, at once: another would have to wake up first.
  if (has_turn) step();
}

bool BoltSession::pump() {
  if (is_busy_ || is_gone_ || is_lingering_ || !connection_->has_work()) return false;
  is_busy_ = true;
  return ask_for_turn(context_, shared_from_this());
}

// Without the mutex while the statement runs, so that the next RESET is read.
void BoltSession::step() {
  is_stepping_ = true;
  try {
    progress_ = connection_->step(out_);
  } catch (const std::exception& failure) {
    context_.log.write(LogLevel::Error, std::string("a Bolt connection failed inside: ") + failure.what());
    progress_ = Progress::Closed;
  }
  is_stepping_ = false;
  end_turn(context_);
  const std::lock_guard lock(mutex_);
  on_stepped();
}

void BoltSession::on_stepped() {
  if (is_gone_) return;
  // Most answers fit into the socket's buffer, and then no other thread has to hear that they are written.
  error_code error;
  const std::size_t written = out_.empty() ? 0 : socket_.write_some(asio::buffer(out_), error);
  if (error && error != asio::error::would_block) return leave();
  if (written == out_.size()) return on_written();
  waits_since_ = Clock::now().time_since_epoch().count();
  asio::async_write(socket_, asio::buffer(out_) + written, [self = shared_from_this()](error_code failure, std::size_t) {
    const std::lock_guard lock(self->mutex_);
    self->waits_since_ = 0;
    if (failure) return self->leave();
    self->on_written();
  });
}

void BoltSession::on_written() {
  if (out_.capacity() > kKeptBytesMax) out_ = {};
  out_.clear();
  if (is_gone_) return;
  bool has_turn = false;
  switch (progress_) {
    case Progress::More: has_turn = ask_for_turn(context_, shared_from_this()); break;
    case Progress::Closed: return linger();
    case Progress::Waits:
      is_busy_ = false;
      has_turn = pump();
      break;
  }
  // Behind what others have to do: a long result shares the threads with them.
  if (has_turn) asio::post(context_.io, [self = shared_from_this()] { self->step(); });
  read();
}

// Why not close at once: bytes the client is still sending would answer with a reset, which
// can destroy the last message before the client has read it.
void BoltSession::linger() {
  is_lingering_ = true;
  is_busy_ = false;
  waits_since_ = Clock::now().time_since_epoch().count();
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  read();
}

// The session itself goes when nothing refers to it: after the step and the write in progress.
void BoltSession::leave() {
  if (is_gone_) return;
  is_gone_ = true;
  connection_->disconnect();
  error_code ignored;
  socket_.close(ignored);
}

void BoltSession::close() {
  const std::lock_guard lock(mutex_);
  leave();
}

void BoltSession::tick() {
  if (is_stepping_) connection_->nudge();
  const Clock::rep since = waits_since_;
  if (since != 0) {
    const auto waited = Clock::now().time_since_epoch() - Clock::duration(since);
    const auto limit = is_lingering_ ? Clock::duration(kBoltLingerTime)
                                     : Clock::duration(std::chrono::milliseconds(context_.settings.stall_ms_max));
    if (waited > limit) return close();
  }
  if (is_busy_ || !connection_->has_work()) return;
  const std::lock_guard lock(mutex_);
  if (pump()) asio::post(context_.io, [self = shared_from_this()] { self->step(); });
}

}  // namespace nexus::host
