// BoltSession: one client's connection: its transport, and who is working on it.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "host-native/bolt/bolt_server.h"
#include "host-native/bolt/bolt_transport.h"
#include "host-native/http/worker_pool.h"

namespace nexus::host {

class BoltSession;

// What all sessions share.
struct BoltContext {
  boost::asio::io_context& io;
  Log& log;
  const BoltServerSettings& settings;
  service::BoltService* service = nullptr;
  std::atomic<bool> is_draining{false};

  std::mutex mutex;
  std::set<BoltSession*> sessions;
  // Steps: how many run, and who waits for a turn.
  std::size_t running = 0;
  std::deque<std::shared_ptr<BoltSession>> waiting;
  std::uint64_t turns = 0;         // Given to those who waited.
  std::uint64_t waited_before = 0; // How many had ever waited at the last relieve().

  // Called a second apart or so: whoever waits since the last call runs on `pool` now.
  void relieve(WorkerPool& pool);
};

// Threads: all members are called under mutex_ or take it, for moments only; a step runs without it, one at a time.
class BoltSession final : public BoltTransport::Owner, public std::enable_shared_from_this<BoltSession> {
 public:
  // `speaks_bolt`: as is certain of a WebSocket; else the first bytes decide what it is, TLS first.
  BoltSession(std::shared_ptr<BoltTransport> transport, BoltContext& context, bool speaks_bolt);
  ~BoltSession();
  void start();

  // From any thread, now and then: looks after deadlines, stalls and pending RESETs.
  void tick();
  void close();
  // Requires: is_busy_, and a turn.
  void step();

 private:
  using Clock = std::chrono::steady_clock;
  using Progress = service::BoltConnection::Progress;

  void read();
  void on_read(boost::system::error_code error, std::size_t bytes) override;
  void on_sent(boost::system::error_code error) override;
  void receive(std::string_view bytes);
  void secure();
  void greet(const Greeting& greeting);
  void answer(const service::HttpResponse& response);
  bool is_refused_plaintext() const;
  // True: there is something to do, and the caller has the turn for it.
  bool pump();
  void on_stepped();
  void on_written();
  void linger();
  void leave();

  BoltContext& context_;
  std::mutex mutex_;
  std::shared_ptr<BoltTransport> transport_;
  std::unique_ptr<service::BoltConnection> connection_;
  std::array<char, 8'192> in_;
  std::string out_;
  Progress progress_ = Progress::Waits;
  bool is_reading_ = false;
  bool is_gone_ = false;      // The client, or the transport.
  bool is_encrypted_ = false;
  bool speaks_bolt_;
  std::string first_bytes_;   // While they do not tell.
  std::atomic<bool> is_lingering_{false};
  std::atomic<bool> is_busy_{false};      // A step is asked for, runs, or its output is being written.
  std::atomic<bool> is_stepping_{false};
  // When the write or the lingering began; 0: neither.
  std::atomic<Clock::rep> waits_since_{0};
};

}  // namespace nexus::host
