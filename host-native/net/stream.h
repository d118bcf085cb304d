// Stream: a TCP connection, as it is or inside TLS, for Asio's and Beast's asynchronous operations.
//
// Threads: everything on its executor, a strand. It may be moved while nothing is under way.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "host-native/net/tls.h"

namespace nexus::host {

// The client's address; empty when it is gone.
std::string peer_of(const boost::asio::ip::tcp::socket& socket);

class Stream {
 public:
  using Tcp = boost::beast::tcp_stream;
  using executor_type = Tcp::executor_type;
  using next_layer_type = Tcp;

  explicit Stream(boost::asio::ip::tcp::socket socket) : state_(std::make_unique<State>(std::move(socket))) {}

  executor_type get_executor() { return state_->tcp.get_executor(); }
  // For deadlines, options and the end of it; its bytes are those of TLS where there is TLS.
  Tcp& tcp() { return state_->tcp; }
  Tcp& next_layer() { return state_->tcp; }
  bool is_encrypted() const { return state_->tls.has_value(); }
  std::string peer() const { return peer_of(state_->tcp.socket()); }

  // Becomes a connection inside TLS, whose first bytes have been read already. Requires: those stay until `then`.
  template <class Then>
  void start_tls(Tls::Context context, boost::asio::const_buffer first_bytes, Then then) {
    state_->context = std::move(context);
    state_->tls.emplace(state_->tcp, *state_->context);
    state_->tls->async_handshake(boost::asio::ssl::stream_base::server, first_bytes,
                                 [then = std::move(then), count = first_bytes.size()](boost::system::error_code error, std::size_t used) mutable {
                                   // What a client sends behind its hello would have to wait for ours.
                                   if (!error && used != count) error = boost::asio::error::invalid_argument;
                                   then(error);
                                 });
  }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    if (state_->tls) state_->tls->async_read_some(buffers, std::forward<Handler>(handler));
    else state_->tcp.async_read_some(buffers, std::forward<Handler>(handler));
  }
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (state_->tls) state_->tls->async_write_some(buffers, std::forward<Handler>(handler));
    else state_->tcp.async_write_some(buffers, std::forward<Handler>(handler));
  }
  // Tells the other side of TLS that nothing more comes, and waits for it to say the same. Requires: is_encrypted().
  template <class Handler>
  void async_shutdown(Handler&& handler) {
    state_->tls->async_shutdown(std::forward<Handler>(handler));
  }

 private:
  struct State {
    explicit State(boost::asio::ip::tcp::socket socket) : tcp(std::move(socket)) {}
    Tcp tcp;
    Tls::Context context;
    std::optional<boost::asio::ssl::stream<Tcp&>> tls;
  };
  std::unique_ptr<State> state_;
};

// The end of a WebSocket's connection.
template <class Handler>
void async_teardown(boost::beast::role_type role, Stream& stream, Handler&& handler) {
  if (stream.is_encrypted()) return stream.async_shutdown(std::forward<Handler>(handler));
  using boost::beast::websocket::async_teardown;
  async_teardown(role, stream.tcp().socket(), std::forward<Handler>(handler));
}

// The same connection with another executor; nullopt when that fails, and the connection is over then.
std::optional<boost::asio::ip::tcp::socket> move_socket(boost::asio::ip::tcp::socket socket, const boost::asio::any_io_executor& executor);

}  // namespace nexus::host
