#include "host-native/bolt/bolt_session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <ctime>
#include <exception>
#include <utility>

#include "host-native/http/response_text.h"

namespace nexus::host {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kKeptBytesMax = std::size_t{256} << 10;
constexpr auto kBoltLingerTime = std::chrono::seconds(2);

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

BoltSession::BoltSession(std::shared_ptr<BoltTransport> transport, BoltContext& context, bool speaks_bolt)
    : context_(context),
      transport_(std::move(transport)),
      connection_(context.service->connect(transport_->peer())),
      speaks_bolt_(speaks_bolt) {}

BoltSession::~BoltSession() {
  const std::lock_guard lock(context_.mutex);
  context_.sessions.erase(this);
}

void BoltSession::start() {
  {  // Not before: whoever finds the session there asks for a shared_ptr.
    const std::lock_guard lock(context_.mutex);
    context_.sessions.insert(this);
  }
  const std::lock_guard lock(mutex_);
  read();
}

void BoltSession::read() {
  if (is_reading_ || is_gone_ || (!is_lingering_ && connection_->is_full())) return;
  is_reading_ = true;
  transport_->read_some(asio::buffer(in_), shared_from_this());
}

void BoltSession::on_read(error_code error, std::size_t bytes) {
  bool has_turn = false;
  {
    const std::lock_guard lock(mutex_);
    is_reading_ = false;
    if (error) return leave();
    if (!is_lingering_) receive({in_.data(), bytes});
    has_turn = pump();
    read();
  }
  // On this thread, at once: another would have to wake up first.
  if (has_turn) step();
}

bool BoltSession::is_refused_plaintext() const {
  const Tls* tls = context_.settings.tls;
  return tls != nullptr && !is_encrypted_ && !tls->allows_plaintext();
}

// TLS may be around it all. HTTP is the way of browsers: to a WebSocket, and in it to Bolt.
void BoltSession::receive(std::string_view bytes) {
  if (speaks_bolt_) return connection_->receive(bytes);
  first_bytes_ += bytes;
  if (context_.settings.tls != nullptr && !is_encrypted_ && is_tls_hello(first_bytes_.front())) return secure();
  std::optional<Greeting> greeting;
  const bool is_http = may_be_http(first_bytes_);
  if (is_http) greeting = read_greeting(first_bytes_, context_.settings.allowed_hosts);
  if (is_http && !greeting) return;  // The time for it is that for the logon.
  speaks_bolt_ = true;
  if (is_http) greet(*greeting);
  else if (is_refused_plaintext()) leave();  // Before the handshake Bolt has no words for why.
  else connection_->receive(first_bytes_);
  first_bytes_ = {};
}

void BoltSession::greet(const Greeting& greeting) {
  if (is_busy_ || is_gone_) return leave();  // The time was over just now.
  if (is_refused_plaintext()) return answer(problem({400, "This port speaks TLS: use wss:// in the address."}));
  if (greeting.refusal) return answer(*greeting.refusal);
  auto stream = transport_->take_stream();
  if (!stream) return leave();
  transport_ = web_socket_transport(std::move(*stream), context_.io, greeting.request);
}

// The last words of a connection that speaks no Bolt.
void BoltSession::answer(const service::HttpResponse& response) {
  out_ = head_text(response, BodyFraming::Length, false, std::time(nullptr)) + response.body;
  progress_ = Progress::Closed;
  is_busy_ = true;
  on_stepped();
}

// What comes inside is looked at as if it were the first.
void BoltSession::secure() {
  if (is_busy_ || is_gone_) return leave();
  auto stream = transport_->take_stream();
  if (!stream) return leave();
  is_encrypted_ = true;
  transport_ = tls_transport(std::move(*stream), context_.io, context_.settings.tls->context(), std::exchange(first_bytes_, {}));
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
  const std::size_t written = out_.empty() ? 0 : transport_->send_now(asio::buffer(out_), error);
  if (error) return leave();
  if (written == out_.size()) return on_written();
  waits_since_ = Clock::now().time_since_epoch().count();
  transport_->send(asio::buffer(out_) + written, shared_from_this());
}

void BoltSession::on_sent(error_code error) {
  const std::lock_guard lock(mutex_);
  waits_since_ = 0;
  if (error) return leave();
  on_written();
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
  transport_->end(context_.is_draining);
  read();
}

// The session itself goes when nothing refers to it: after the step and the write in progress.
void BoltSession::leave() {
  if (is_gone_) return;
  is_gone_ = true;
  connection_->disconnect();
  transport_->close();
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
