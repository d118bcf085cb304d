// BoltService: the Bolt protocol (4.4 and 5.0 to 5.8) as bytes in, bytes out; no sockets, no threads.
//
// The native host puts a TCP listener in front of it. A connection has two sides:
//
//   receive()  takes what the client sent. It only puts messages together, so that a RESET
//              is noticed while a statement runs.
//   step()     does the work and appends answers, some 64 KiB at a time: the host writes them
//              before it calls again, which keeps memory flat whatever a client asks for.
//
// Writes commit before their first row is sent and explicit transactions take the writer slot
// only to commit, so a client that does not pull holds up nobody; what it does hold (a snapshot,
// rows) ends after BoltSettings::transaction_idle_ms_max.
//
// Threads: connections are independent. Of one connection, everything but step() may
// be called while another thread is in step(); step() by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nexus/instance.h"
#include "nexus/service.h"

namespace nexus::service {

struct BoltSettings {
  // As in ServiceSettings: without authentication every client acts as `anonymous_user`.
  bool authentication = false;
  std::string anonymous_user = "nexus";
  std::vector<ServiceSettings::Account> accounts;
  // host:port for routing tables, where the client does not say which name it used.
  std::string advertised_address = "localhost:7687";
  std::string agent = "Neo4j/5.26.0";  // What drivers expect of a server that speaks 5.8.
  std::uint64_t message_bytes_max = std::uint64_t{16} << 20;
  std::uint64_t message_bytes_before_logon_max = std::uint64_t{64} << 10;
  std::uint64_t results_max = 256;  // Open at once in one transaction.
  std::uint64_t logon_ms_max = 15'000;
  std::uint64_t transaction_idle_ms_max = 5 * 60 * 1000;
  std::uint64_t connection_idle_ms_max = 2 * 60 * 60 * 1000;
  std::uint32_t routing_ttl_seconds = 300;
};

class BoltConnection {
 public:
  enum class Progress : std::uint8_t {
    Waits,   // Until the client sends more.
    More,    // Call again once the output is written.
    Closed,  // Write the output, then close.
  };
  virtual ~BoltConnection() = default;

  virtual void receive(std::string_view bytes) = 0;
  virtual Progress step(std::string& out) = 0;

  // Whether step() has something to do: messages, a deadline that passed, draining.
  virtual bool has_work() const = 0;
  // Whether so much waits that the host should not read on before the next step().
  virtual bool is_full() const = 0;
  // The client is gone: the running statement ends soon, and step() answers Closed.
  virtual void disconnect() = 0;
  // For a host that waits for step(): interrupts the statement again when a RESET or a
  // disconnect waits behind it, as it may not have begun when they came.
  virtual void nudge() = 0;
};

class BoltService {
 public:
  static std::unique_ptr<BoltService> create(Instance& instance, Clock& clock, Log& log, BoltSettings settings);
  virtual ~BoltService() = default;
  // `peer` is the client's address, for logs. Connections end before the service.
  virtual std::unique_ptr<BoltConnection> connect(std::string peer) = 0;
  // From now on connections close as soon as they have nothing open.
  virtual void start_draining() = 0;
};

}  // namespace nexus::service
