// HttpServer: HTTP/1.1 connections, in TLS where there is some, in front of a service::HttpService.
//
//   accept ─> read head ─validate─> read body ─> worker: service.handle() ─> write ─┐
//                 ^                                      └─ worker: stream.next() <┘│
//                 └────────────────────────────── keep-alive ───────────────────────┘
//
// Network threads never run a statement: those run on a bounded pool of workers, and what
// does not fit into its queue is answered 503. A streamed body is produced only as fast as
// the client reads it, and holds no worker while it waits.
// Invariant: an error in the framing of a request ends its connection.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/components.h"
#include "base/result.h"
#include "nexus/service.h"

namespace nexus::host {

class BoltServer;
class StaticFiles;
class Tls;

struct ServerSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 7474;  // 0: any free one.
  std::size_t threads = 2;    // For the network.
  std::size_t workers = 8;    // For statements; more, up to workers_max, while long ones keep short ones waiting.
  std::size_t workers_max = 256;
  std::size_t queue_max = 256;
  std::size_t connections_max = 4'096;
  std::uint64_t body_bytes_max = std::uint64_t{32} << 20;
  std::uint32_t drain_ms_max = 15'000;
  const StaticFiles* files = nullptr;  // Outlives the server.
  BoltServer* bolt = nullptr;          // Takes requests for a WebSocket; outlives the server.
  const Tls* tls = nullptr;            // Outlives the server.
  std::function<void()> on_hangup;     // Called upon SIGHUP; empty: that signal does what it does.
  std::function<void()> on_drain;      // Called once when the process is asked to stop; may be empty.
  std::function<bool()> is_drained;    // Whether what on_drain() began has come to its end; may be empty.
};

// Whether only this machine can reach the address.
bool is_loopback(const std::string& address);

class HttpServer {
 public:
  // Listens, but answers only once run() is called. Everything passed in outlives the server.
  static Result<std::unique_ptr<HttpServer>> listen(service::HttpService& service, Log& log, ServerSettings settings);
  // Waits for workers. Requires: run() has returned and the instance is closed, so that they end.
  ~HttpServer();

  std::string url() const;
  // Until SIGTERM or SIGINT; then running requests finish, up to drain_ms_max or a second
  // signal. `every_second` is called on one of the workers, a second or more apart.
  void run(std::function<void()> every_second);
  // Serves what is left of connections that others adopted, until they are gone. Requires: run() has returned.
  void finish(const std::function<bool()>& are_gone);

 private:
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace nexus::host
