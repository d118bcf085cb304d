#include "service/bolt/connection.h"

#include <algorithm>
#include <utility>

#include "service/bolt/answers.h"

namespace nexus::service::bolt {
namespace {

constexpr std::size_t kMessageOverheadBytes = 64;
constexpr std::string_view kReset("\xB0\x0F", 2);

std::int64_t nanoseconds(std::uint64_t milliseconds) { return static_cast<std::int64_t>(milliseconds) * kMillisecond; }

Error out_of_turn() {
  return Error{ErrorCode::InvalidRequest, "the message is not possible in this state of the conversation"};
}

}  // namespace

Connection::Connection(Shared& shared, std::string peer)
    : shared_(shared), peer_(std::move(peer)), id_("bolt-" + std::to_string(++shared.connections)) {
  deadline_ = shared_.clock.monotonic_nanoseconds() + nanoseconds(shared_.settings.logon_ms_max);
}

Connection::~Connection() {
  results_.clear();  // Before their session.
  if (session_ && session_->in_transaction()) (void)session_->rollback();
}

void Connection::receive(std::string_view bytes) {
  const std::lock_guard guard(mutex_);
  if (is_agreed_) take(bytes);
  else raw_ += bytes;
}

// Requires: mutex_ held.
void Connection::take(std::string_view bytes) {
  while (!violation_) {
    auto message = dechunker_.next(bytes, shared_.settings.message_bytes_max);
    if (!message) {
      violation_ = std::move(message.error());
      return;
    }
    if (!*message) return;
    if (**message == kReset) {
      ++resets_;
      if (session_) session_->interrupt();
    }
    queued_bytes_ += (*message)->size() + kMessageOverheadBytes;
    messages_.push_back(std::move(**message));
  }
}

std::optional<std::string> Connection::next_message() {
  const std::lock_guard guard(mutex_);
  if (messages_.empty()) {
    const bool is_too_long = !is_authenticated_ && dechunker_.buffered_bytes() > shared_.settings.message_bytes_before_logon_max;
    if (is_too_long) violation_ = Error{ErrorCode::InvalidRequest, "a message before LOGON is too long"};
    return std::nullopt;
  }
  std::string message = std::move(messages_.front());
  messages_.pop_front();
  queued_bytes_ -= message.size() + kMessageOverheadBytes;
  return message;
}

bool Connection::is_full() const {
  const std::lock_guard guard(mutex_);
  if (!is_agreed_) return raw_.size() > shared_.settings.message_bytes_before_logon_max;
  if (is_authenticated_) return queued_bytes_ > shared_.settings.message_bytes_max;
  return queued_bytes_ + dechunker_.buffered_bytes() > shared_.settings.message_bytes_before_logon_max;
}

bool Connection::has_work() const {
  if (is_overdue() || (shared_.draining && is_idle_)) return true;
  const std::lock_guard guard(mutex_);
  if (is_gone_ || violation_ || !messages_.empty()) return true;
  if (!is_agreed_) return !raw_.empty();
  return !is_authenticated_ && dechunker_.buffered_bytes() > shared_.settings.message_bytes_before_logon_max;
}

void Connection::disconnect() {
  const std::lock_guard guard(mutex_);
  is_gone_ = true;
  if (session_) session_->interrupt();
}

void Connection::nudge() {
  const std::lock_guard guard(mutex_);
  if (session_ && (is_gone_ || resets_ > 0)) session_->interrupt();
}

bool Connection::has_reset() const {
  const std::lock_guard guard(mutex_);
  return resets_ > 0 || is_gone_;
}

bool Connection::has_message() const {
  const std::lock_guard guard(mutex_);
  return !messages_.empty();
}

bool Connection::is_overdue() const { return shared_.clock.monotonic_nanoseconds() >= deadline_; }

void Connection::set_deadline() {
  const BoltSettings& settings = shared_.settings;
  const std::int64_t now = shared_.clock.monotonic_nanoseconds();
  switch (state_) {
    case State::Handshake:
    case State::Negotiation:
    case State::Authentication:
    case State::Closed: break;  // From the connection's start, or from LOGOFF.
    case State::Ready:
    case State::Failed: deadline_ = now + nanoseconds(settings.connection_idle_ms_max); break;
    case State::Streaming: deadline_ = now + nanoseconds(settings.transaction_idle_ms_max); break;
    case State::TxReady:
    case State::TxStreaming: {
      const std::int64_t idle = now + nanoseconds(settings.transaction_idle_ms_max);
      deadline_ = transaction_deadline_ == 0 ? idle : std::min(idle, transaction_deadline_);
      break;
    }
  }
}

// The client let time pass: what it holds is given back. An open transaction or result ends
// with an error that the next message will hear; whoever holds nothing is disconnected.
void Connection::on_deadline() {
  if (!transaction_error_ && (state_ == State::Streaming || in_transaction())) {
    const bool is_limit = transaction_deadline_ != 0 && shared_.clock.monotonic_nanoseconds() >= transaction_deadline_;
    transaction_error_ = Error{ErrorCode::TransactionTimedOut,
                               is_limit ? "The transaction has run longer than its timeout and was rolled back."
                                        : "The client left the transaction alone for too long; it was rolled back."};
    results_.clear();
    pull_.reset();
    if (session_->in_transaction()) (void)session_->rollback();
    deadline_ = shared_.clock.monotonic_nanoseconds() + nanoseconds(shared_.settings.connection_idle_ms_max);
    return;
  }
  state_ = State::Closed;
}

BoltConnection::Progress Connection::step(std::string& out) {
  is_idle_ = false;
  const Progress progress = work(out);
  if (!transaction_error_) set_deadline();
  is_idle_ = progress == Progress::Waits && holds_nothing();
  return progress;
}

BoltConnection::Progress Connection::work(std::string& out) {
  if (state_ == State::Handshake) shake_hands(out);
  if (is_overdue() && !has_message()) on_deadline();
  while (state_ != State::Closed) {
    if (out.size() >= kOutputBytes) return Progress::More;
    if (pull_) {
      continue_pull(out);
      continue;
    }
    if (const auto message = next_message()) {
      handle(*message, out);
      continue;
    }
    const std::lock_guard guard(mutex_);
    if (is_gone_) break;
    if (violation_) {
      if (is_agreed_) write_failure(out, *violation_, dialect_);
      break;
    }
    if (shared_.draining && holds_nothing()) break;
    return Progress::Waits;
  }
  state_ = State::Closed;
  return Progress::Closed;
}

void Connection::shake_hands(std::string& out) {
  const std::lock_guard guard(mutex_);
  std::string_view bytes = raw_;
  auto agreed = handshake_.next(bytes, out);
  if (!agreed) {
    state_ = State::Closed;
    return;
  }
  if (*agreed) {
    dialect_ = **agreed;
    state_ = State::Negotiation;
    is_agreed_ = true;
    take(bytes);
  }
  raw_.clear();
}

void Connection::handle(const std::string& bytes, std::string& out) {
  const auto tag = tag_of(bytes);
  if (tag == MessageTag::Goodbye) {
    state_ = State::Closed;
    return;
  }
  const bool may_be_ignored = tag && state_ > State::Authentication && *tag != MessageTag::Hello &&
                              *tag != MessageTag::Logon && *tag != MessageTag::Reset;
  if (may_be_ignored && (state_ == State::Failed || has_reset())) return write_ignored(out);
  auto message = read_message(bytes, dialect_);
  if (!message) return close_with(message.error(), out);
  if (transaction_error_ && *tag != MessageTag::Reset) return fail(*std::exchange(transaction_error_, std::nullopt), out);
  if (message->refusal) {
    if (state_ < State::Ready) return close_with(*message->refusal, out);
    return fail(*message->refusal, out);
  }
  dispatch(*message, out);
}

void Connection::dispatch(const Message& message, std::string& out) {
  const bool is_streaming = state_ == State::Streaming || state_ == State::TxStreaming;
  switch (message.tag) {
    case MessageTag::Hello:
      if (state_ == State::Negotiation) return hello(message.fields[0], out);
      break;
    case MessageTag::Logon:
      if (state_ == State::Authentication && dialect_.has_logon()) return logon(message.fields[0], out);
      break;
    case MessageTag::Pull:
    case MessageTag::Discard:
      if (is_streaming) return start_pull(message.fields[0], message.tag == MessageTag::Discard, out);
      break;
    case MessageTag::Reset:
      if (state_ >= State::Ready) return reset(out);
      break;
    case MessageTag::Commit:
      if (in_transaction()) return commit(out);
      break;
    case MessageTag::Rollback:
      if (in_transaction()) return rollback(out);
      break;
    case MessageTag::Run:
      if (in_transaction()) return run_in_transaction(message, out);
      if (state_ == State::Ready) return ready(message, out);
      break;
    case MessageTag::Begin:
    case MessageTag::Route:
    case MessageTag::Telemetry:
    case MessageTag::Logoff:
      if (state_ == State::Ready) return ready(message, out);
      break;
    case MessageTag::Goodbye: break;
  }
  close_with(out_of_turn(), out);
}

// What begins something new.
void Connection::ready(const Message& message, std::string& out) {
  if (shared_.draining && message.tag != MessageTag::Logoff) {
    return close_with(Error{ErrorCode::DatabaseUnavailable, "The server is shutting down."}, out);
  }
  if (message.tag == MessageTag::Run) return run(message, out);
  if (message.tag == MessageTag::Begin) return begin(message.fields[0], out);
  if (message.tag == MessageTag::Route) return route(message, out);
  if (message.tag == MessageTag::Telemetry && dialect_.has_telemetry()) return telemetry(message.fields[0], out);
  if (message.tag == MessageTag::Logoff && dialect_.has_logon()) return logoff(out);
  close_with(out_of_turn(), out);
}

void Connection::success(Map metadata, std::string& out) { write_success(out, std::move(metadata), dialect_); }

void Connection::fail(const Error& error, std::string& out) {
  results_.clear();
  pull_.reset();
  end_transaction();
  write_failure(out, error, dialect_);
  state_ = State::Failed;
}

void Connection::close_with(const Error& error, std::string& out) {
  write_failure(out, error, dialect_);
  state_ = State::Closed;
}

}  // namespace nexus::service::bolt

namespace nexus::service {
namespace {

class BoltServiceImpl final : public BoltService {
 public:
  BoltServiceImpl(Instance& instance, Clock& clock, Log& log, BoltSettings settings)
      : shared_{instance, clock, log, std::move(settings)} {}

  std::unique_ptr<BoltConnection> connect(std::string peer) override {
    return std::make_unique<bolt::Connection>(shared_, std::move(peer));
  }
  void start_draining() override { shared_.draining = true; }

 private:
  bolt::Shared shared_;
};

}  // namespace

std::unique_ptr<BoltService> BoltService::create(Instance& instance, Clock& clock, Log& log, BoltSettings settings) {
  return std::make_unique<BoltServiceImpl>(instance, clock, log, std::move(settings));
}

}  // namespace nexus::service
