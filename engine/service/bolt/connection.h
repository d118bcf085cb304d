// Connection: one client's conversation, as the protocol's state machine.
//
//   Handshake → Negotiation ─HELLO→ Authentication ─LOGON→ Ready ⇄ Streaming
//                                                            ⇅
//                                                TxReady ⇄ TxStreaming        any failure → Failed ─RESET→ Ready
//
// Before 5.1 HELLO does what LOGON does later. A RESET that waits in the queue makes everything
// before it IGNORED, whatever the state.
//
// Invariant: a result is open only in Streaming and TxStreaming; the session has an open
// transaction exactly in TxReady and TxStreaming.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <mutex>

#include "nexus/bolt.h"
#include "service/bolt/framing.h"
#include "service/bolt/handshake.h"
#include "service/bolt/message.h"

namespace nexus::service::bolt {

// The answers of one step(); at most one row more.
inline constexpr std::size_t kOutputBytes = std::size_t{64} << 10;
inline constexpr std::int64_t kMillisecond = 1'000'000;  // In nanoseconds.

// What all connections share.
struct Shared {
  Instance& instance;
  Clock& clock;
  Log& log;
  BoltSettings settings;
  std::atomic<bool> draining{false};
  std::atomic<std::uint64_t> connections{0};  // Ever made; numbers their ids.
};

class Connection final : public BoltConnection {
 public:
  Connection(Shared& shared, std::string peer);
  ~Connection() override;

  void receive(std::string_view bytes) override;
  Progress step(std::string& out) override;
  bool has_work() const override;
  bool is_full() const override;
  void disconnect() override;
  void nudge() override;

 private:
  enum class State : std::uint8_t {
    Handshake,
    Negotiation,
    Authentication,
    Ready,
    Streaming,
    TxReady,
    TxStreaming,
    Failed,
    Closed,
  };
  struct OpenResult {
    std::unique_ptr<Cursor> cursor;
    std::vector<List> rows;  // Fetched, from `at` on not yet sent.
    std::size_t at = 0;
    std::uint64_t sent = 0;
  };
  struct Pull {
    std::int64_t result = 0;
    std::int64_t left = -1;  // -1: all.
    bool discards = false;
  };

  // connection.cc: bytes, queue, dispatch.
  Progress work(std::string& out);
  void shake_hands(std::string& out);
  void take(std::string_view bytes);
  std::optional<std::string> next_message();
  bool has_message() const;
  bool has_reset() const;
  bool is_overdue() const;
  bool holds_nothing() const { return state_ <= State::Ready || state_ == State::Failed; }
  void set_deadline();
  void on_deadline();
  void handle(const std::string& bytes, std::string& out);
  void dispatch(const Message& message, std::string& out);
  void ready(const Message& message, std::string& out);
  void fail(const Error& error, std::string& out);
  void close_with(const Error& error, std::string& out);
  void success(Map metadata, std::string& out);

  // connection_session.cc: who asks, and where.
  void hello(const Value& extra, std::string& out);
  void logon(const Value& auth, std::string& out);
  void logoff(std::string& out);
  void route(const Message& message, std::string& out);
  void telemetry(const Value& api, std::string& out);
  Result<Identity> authenticate(const Value& auth) const;
  Result<> open_session(const Value& auth);
  Result<Map> routing_table(const Message& message) const;
  Map table_of(const std::string& database, const Message& message) const;

  // connection_statements.cc: statements, results, transactions.
  void run(const Message& message, std::string& out);
  void run_in_transaction(const Message& message, std::string& out);
  void answer_run(std::unique_ptr<Cursor> cursor, std::int64_t result, std::int64_t started, Map metadata,
                  std::string& out);
  void start_pull(const Value& extra, bool discards, std::string& out);
  void continue_pull(std::string& out);
  void finish_result(std::string& out);
  void begin(const Value& extra, std::string& out);
  void commit(std::string& out);
  void rollback(std::string& out);
  void reset(std::string& out);
  void end_transaction();
  Result<std::uint64_t> transaction_time_left() const;
  // A request that names no database means the home database of now, not of LOGON.
  void default_to_home(RunOptions& options) const;
  bool in_transaction() const { return state_ == State::TxReady || state_ == State::TxStreaming; }

  Shared& shared_;
  const std::string peer_;
  const std::string id_;

  // Of the thread in step().
  State state_ = State::Handshake;
  Dialect dialect_;
  Handshake handshake_;
  std::string routing_address_;  // As the client dialled; empty without routing.
  Identity identity_;  // Of whoever logged on.
  std::map<std::int64_t, OpenResult> results_;
  std::int64_t last_result_ = -1;
  std::optional<Pull> pull_;
  std::int64_t transaction_deadline_ = 0;  // Monotonic nanoseconds; 0: none.
  std::optional<Error> transaction_error_; // Why the open transaction ended by itself.

  // Of both sides.
  std::atomic<std::int64_t> deadline_{0};
  std::atomic<bool> is_idle_{true};  // Nothing is open and nothing waits: may close when draining.
  mutable std::mutex mutex_;
  bool is_agreed_ = false;         // From here on bytes are messages.
  bool is_authenticated_ = false;
  bool is_gone_ = false;
  std::string raw_;                // Before that.
  Dechunker dechunker_;
  std::deque<std::string> messages_;
  std::uint64_t queued_bytes_ = 0;
  std::size_t resets_ = 0;         // RESETs among messages_.
  std::optional<Error> violation_;
  std::unique_ptr<Session> session_;  // Changed by step() with the mutex, so that others may interrupt it.
};

}  // namespace nexus::service::bolt
