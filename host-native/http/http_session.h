// HttpSession: one client's connection, as a chain of asynchronous steps (see server.h).
#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/components.h"
#include "host-native/http/server.h"
#include "host-native/http/validate.h"
#include "host-native/http/worker_pool.h"

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

// Threads: everything runs on the stream's strand, but for the worker's part of dispatch()
// and next_piece(), during which the strand does nothing.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(boost::asio::ip::tcp::socket socket, SessionContext& context);
  ~HttpSession();
  void start() { read_head(); }
  auto executor() { return stream_.get_executor(); }
  // From any thread: closes a connection that waits for its next request.
  void drain();

 private:
  void read_head();
  void on_head(std::size_t bytes);
  void parse();
  void read_body();
  void send_continue();
  void dispatch();
  void respond(service::HttpResponse response);
  void next_piece();
  void write_piece(std::string piece, bool is_last);
  void after_response();
  void reject(const Rejection& rejection);
  void linger();
  std::optional<std::size_t> head_end() const;

  template <class Work>
  void on_worker(Work work);

  using Clock = std::chrono::steady_clock;

  SessionContext& context_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  std::string peer_;
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
