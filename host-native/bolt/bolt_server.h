// BoltServer: TCP connections in front of a service::BoltService, with or without TLS and a WebSocket around them.
//
//   accept ─> read ─> receive() ─> a statement's thread: step() ─> write ─┐
//              ^                        ^─────────── more ────────────────┤
//              └──────────────────────── waits ───────────────────────────┘
//
// A connection is read while its statement runs, so that a RESET reaches it. Steps run on the
// threads of the io_context themselves, at most `workers` at a time, which leaves two for the
// network and spares a short statement the way to another thread. What does not fit waits; for a
// second or two, then it gets a thread of its own, up to `workers_max`: see WorkerPool.
//
// The first bytes of a connection say what it is: a hello of TLS (tls.h), inside or outside of it "GET " for a
// WebSocket (upgrade.h), all else is Bolt.
// Invariant: of one connection at most 64 KiB (or one row) of answers and two messages are in memory.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/components.h"
#include "base/result.h"
#include "host-native/bolt/upgrade.h"
#include "host-native/net/stream.h"
#include "nexus/bolt.h"

namespace nexus::host {

struct BoltServerSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 7687;  // 0: any free one.
  std::size_t workers = 16;   // Steps at the same time, unless long ones keep short ones waiting.
  std::size_t workers_max = 256;
  std::size_t connections_max = 4'096;
  std::uint32_t stall_ms_max = 300'000;  // For the client to take what was written.
  std::vector<std::string> allowed_hosts;  // As in ServiceSettings, for WebSockets.
  const Tls* tls = nullptr;                // Outlives the server.
};

class BoltServer {
 public:
  // Listens; clients wait until start().
  static Result<std::unique_ptr<BoltServer>> listen(Log& log, BoltServerSettings settings);
  // Closes every connection that is its own. Requires: running statements end, or the instance is closed; what was
  // adopted is gone (close() and is_drained()).
  ~BoltServer();

  // "127.0.0.1:7687"
  std::string address() const;
  // Answers, on threads of its own. `service` outlives the server.
  void start(service::BoltService& service);
  // What came to the HTTP port and asks for a WebSocket: why it cannot have one; nullopt: it may be adopted.
  std::optional<service::HttpResponse> refuse(const UpgradeRequest& request);
  // The stream stays on its executor. Requires: start() was called.
  void adopt(Stream stream, const UpgradeRequest& request);
  // No new connections; those that hold nothing close, the others when they have come to an end.
  void drain();
  // Ends every connection, whatever it does.
  void close();
  // Whether all are closed.
  bool is_drained() const;

 private:
  struct State;
  explicit BoltServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace nexus::host
