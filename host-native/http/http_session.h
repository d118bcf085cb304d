// HttpSession: one client's connection, as a chain of asynchronous steps (see server.h).
#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/components.h"
#include "host-native/bolt/upgrade.h"
#include "host-native/http/body_pipe.h"
#include "host-native/http/server.h"
#include "host-native/http/validate.h"
#include "host-native/http/worker_pool.h"
#include "host-native/net/stream.h"

namespace nexus::host {

class HttpSession;

// What all sessions share.
struct SessionContext {
  SessionContext(service::HttpService& service_in, Log& log_in, const ServerSettings& settings_in,
                 WorkerPool& workers_in)
      : service(service_in), log(log_in), settings(settings_in), workers(workers_in) {}

  service::HttpService& service;
  Log& log;
  const ServerSettings& settings;
  WorkerPool& workers;
  std::atomic<std::size_t> in_flight{0};  // Statements that run or wait for a worker.
  std::atomic<bool> draining{false};
  std::mutex mutex;
  std::set<HttpSession*> sessions;  // Under mutex.
};

// A request is handed to a worker when its body is there; one whose body may be long (a dump) when its
// head is there, and then the strand feeds the body into a pipe that the worker reads.
//
// Threads: everything runs on the stream's strand, but for the worker's part of dispatch()
// and next_piece(), during which the strand does nothing else than to feed the pipe.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(boost::asio::ip::tcp::socket socket, SessionContext& context);
  ~HttpSession();
  void start() { read_head(); }
  const Stream::executor_type& executor() const { return executor_; }
  // From any thread: closes a connection that waits for its next request.
  void drain();

 private:
  using Clock = std::chrono::steady_clock;

  void read_head();
  bool greet();
  void secure();
  void on_head(std::size_t bytes);
  void parse();
  void read_body();
  template <class Then>
  void continued_first(Then then);
  void start_feeding();
  void feed();
  void read_for_feeding();
  void end_feeding(std::string failure);
  void dispatch();
  // Gives the connection to Bolt, or answers why not.
  void upgrade(const UpgradeRequest& request);
  void respond(service::HttpResponse response);
  void next_piece();
  void write_piece(std::string piece, bool is_last);
  template <class Then>
  void write(Clock::duration time, Then then);
  void after_response();
  void reject(const Rejection& rejection);
  void linger();
  void swallow();
  std::optional<std::size_t> head_end() const;

  template <class Work>
  void on_worker(Work work);

  SessionContext& context_;
  Stream stream_;
  const Stream::executor_type executor_;  // Of the stream, which may be gone to a WebSocket.
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  // While a body is fed to a worker.
  std::optional<boost::beast::http::request_parser<boost::beast::http::buffer_body>> feeder_;
  std::shared_ptr<BodyPipe> pipe_;
  bool is_feeding_ = false;   // A read for it is under way.
  bool is_answering_ = false;  // The worker is done: nothing is fed any more.
  bool is_leaving_ = false;   // The response is out, and it was the last.
  Clock::duration fed_time_{};  // Spent on waiting for the client.
  std::string peer_;
  std::shared_ptr<service::HttpRequest> request_;  // From its head until a worker has it.
  bool is_greeted_ = false;   // It is known whether it speaks TLS.
  bool is_idle_ = true;       // Waits for the first byte of a request.
  bool continued_ = false;    // "100 Continue" was sent.
  bool keep_alive_ = true;
  bool is_head_request_ = false;
  bool is_chunked_ = false;
  Clock::time_point started_{};  // Of the request, then of its body.
  std::uint64_t body_bytes_ = 0;
  std::uint64_t lingered_bytes_ = 0;
  service::HttpResponse response_;
  std::string out_head_;
  std::string out_body_;
};

}  // namespace nexus::host
