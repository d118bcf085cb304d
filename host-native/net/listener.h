// Listener: a TCP port and the loop that accepts its connections.
//
// Invariant: a failed accept, most likely for want of descriptors, is tried again a moment later and not at once.
// Threads: everything but address() on the strand it was made with; OnConnection is called there, too.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <cstdint>
#include <functional>
#include <string>

#include "base/components.h"
#include "base/result.h"

namespace nexus::host {

class Listener {
 public:
  using Strand = boost::asio::strand<boost::asio::io_context::executor_type>;
  // Of the next connection's socket.
  using NextExecutor = std::function<boost::asio::any_io_executor()>;
  using OnConnection = std::function<void(boost::asio::ip::tcp::socket)>;

  // `protocol` is what it says it listens for: "HTTP".
  Listener(const Strand& strand, Log& log, std::string protocol);

  // Clients wait until start(). "localhost" is 127.0.0.1; port 0 is any free one.
  Result<> open(const std::string& ip_address, std::uint16_t port);
  void start(NextExecutor next_executor, OnConnection on_connection);
  void close();

  // "127.0.0.1:7474", "[::1]:7474". Requires: open() succeeded.
  const std::string& address() const { return address_; }

 private:
  void accept();
  void on_accept(boost::system::error_code error, boost::asio::ip::tcp::socket socket);

  Log& log_;
  std::string protocol_;
  std::string address_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  NextExecutor next_executor_;
  OnConnection on_connection_;
};

}  // namespace nexus::host
