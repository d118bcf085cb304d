// BoltTransport: how the bytes of a Bolt connection travel: as they are, in TLS, or in the binary frames of a WebSocket.
//
// Threads: one call at a time. The owner hears on threads of the io_context, never within a call, and may
// stay there as long as it likes.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <string>

#include "host-native/bolt/upgrade.h"
#include "host-native/net/stream.h"

namespace nexus::host {

class BoltTransport {
 public:
  // Who reads and sends. It holds the transport, and the buffers until it hears of them.
  class Owner {
   public:
    virtual void on_read(boost::system::error_code error, std::size_t bytes) = 0;
    virtual void on_sent(boost::system::error_code error) = 0;

   protected:
    ~Owner() = default;
  };
  virtual ~BoltTransport() = default;

  // The client's address.
  virtual std::string peer() const = 0;
  // One of each at a time.
  virtual void read_some(boost::asio::mutable_buffer into, std::shared_ptr<Owner> owner) = 0;
  virtual void send(boost::asio::const_buffer bytes, std::shared_ptr<Owner> owner) = 0;
  // Sends what can go without waiting; how much that was. Requires: no send() is under way.
  virtual std::size_t send_now(boost::asio::const_buffer bytes, boost::system::error_code& error) = 0;
  // Nothing more is sent; reading goes on until the client has ended, too. `is_going_away`: the server is.
  virtual void end(bool is_going_away) = 0;
  virtual void close() = 0;
  // The connection, on a strand of its own; what is left is of no use. nullopt: it is gone. Requires: nothing is
  // under way.
  virtual std::optional<Stream> take_stream() = 0;
};

// The owners of all transports hear on the threads of `io`.
std::shared_ptr<BoltTransport> plain_transport(boost::asio::ip::tcp::socket socket, boost::asio::io_context& io);
// The first read answers the client's hello, whose beginning `first_bytes` is.
std::shared_ptr<BoltTransport> tls_transport(Stream stream, boost::asio::io_context& io, Tls::Context context,
                                             std::string first_bytes);
// `request` may have its WebSocket; the first read answers it.
std::shared_ptr<BoltTransport> web_socket_transport(Stream stream, boost::asio::io_context& io, UpgradeRequest request);

}  // namespace nexus::host
