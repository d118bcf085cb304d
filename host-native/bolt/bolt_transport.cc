#include "host-native/bolt/bolt_transport.h"

#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <utility>

namespace nexus::host {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;

// Frames are taken piece by piece, so this holds no memory; several Bolt messages may share a frame.
constexpr std::size_t kFrameBytesMax = std::size_t{32} << 20;
// For the answer to the request, and for the client to end after the server has.
constexpr auto kWebSocketTime = std::chrono::seconds(10);

std::string peer_of(const tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? std::string() : endpoint.address().to_string();
}

void set_bolt_options(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
}

class PlainTransport final : public BoltTransport {
 public:
  explicit PlainTransport(tcp::socket socket) : socket_(std::move(socket)) {
    set_bolt_options(socket_);
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  std::string peer() const override { return peer_of(socket_); }
  void read_some(asio::mutable_buffer into, std::shared_ptr<Owner> owner) override {
    socket_.async_read_some(into, [owner = std::move(owner)](error_code error, std::size_t bytes) {
      owner->on_read(error, bytes);
    });
  }
  void send(asio::const_buffer bytes, std::shared_ptr<Owner> owner) override {
    asio::async_write(socket_, bytes, [owner = std::move(owner)](error_code error, std::size_t) { owner->on_sent(error); });
  }
  std::size_t send_now(asio::const_buffer bytes, error_code& error) override {
    const std::size_t sent = socket_.write_some(bytes, error);
    if (error == asio::error::would_block) error = {};
    return sent;
  }
  void end(bool /*is_going_away*/) override {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
  }
  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }
  tcp::socket take_socket() override { return std::move(socket_); }

 private:
  tcp::socket socket_;
};

// Threads: the stream and what follows it is touched on its strand alone, as reading answers pings and closes. The
// owner hears elsewhere: a statement that it runs at once must not hold up the reading of the next message.
class WebSocketTransport final : public BoltTransport, public std::enable_shared_from_this<WebSocketTransport> {
 public:
  WebSocketTransport(tcp::socket socket, asio::io_context& io, UpgradeRequest request)
      : io_(io), stream_(std::move(socket)), request_(std::move(request)) {
    set_bolt_options(stream_.next_layer());
    stream_.binary(true);
    stream_.auto_fragment(false);  // The owner's pieces are small already.
    stream_.read_message_max(kFrameBytesMax);
    // Why no time for the open stream: Bolt has its own for idle clients, and rows may wait until they are pulled.
    stream_.set_option(websocket::stream_base::timeout{kWebSocketTime, websocket::stream_base::none(), false});
    stream_.set_option(websocket::stream_base::decorator(
        [](websocket::response_type& response) { response.set(boost::beast::http::field::server, "Nexus"); }));
  }

  std::string peer() const override { return peer_of(stream_.next_layer()); }
  void read_some(asio::mutable_buffer into, std::shared_ptr<Owner> owner) override {
    asio::post(stream_.get_executor(), [this, into, owner = std::move(owner)]() mutable {
      if (is_accepted_) return read_frame(into, std::move(owner));
      stream_.async_accept(request_, [this, into, owner = std::move(owner)](error_code error) mutable {
        is_accepted_ = !error;
        if (error) return tell_read(std::move(owner), error, 0);
        request_ = {};
        read_frame(into, std::move(owner));
      });
    });
  }
  void send(asio::const_buffer bytes, std::shared_ptr<Owner> owner) override {
    asio::post(stream_.get_executor(), [this, bytes, owner = std::move(owner)]() mutable {
      stream_.async_write(bytes, [this, owner = std::move(owner)](error_code error, std::size_t) mutable {
        asio::post(io_, [owner = std::move(owner), error] { owner->on_sent(error); });
      });
    });
  }
  std::size_t send_now(asio::const_buffer /*bytes*/, error_code& /*error*/) override { return 0; }
  void end(bool is_going_away) override {
    const auto code = is_going_away ? websocket::close_code::going_away : websocket::close_code::normal;
    asio::post(stream_.get_executor(), [self = shared_from_this(), code] {
      if (self->is_accepted_ && !self->is_ending_) self->end_with(code, [] {});
    });
  }
  void close() override {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      error_code ignored;
      self->stream_.next_layer().close(ignored);
    });
  }
  tcp::socket take_socket() override { return std::move(stream_.next_layer()); }

 private:
  void read_frame(asio::mutable_buffer into, std::shared_ptr<Owner> owner) {
    stream_.async_read_some(into, [this, owner = std::move(owner)](error_code error, std::size_t bytes) mutable {
      if (error || is_ending_ || !stream_.got_text()) return tell_read(std::move(owner), error, bytes);
      // Bolt is no text; the owner hears once the client has been told.
      end_with(websocket::close_code::unknown_data, [this, owner = std::move(owner)]() mutable {
        tell_read(std::move(owner), asio::error::invalid_argument, 0);
      });
    });
  }
  template <class Then>
  void end_with(websocket::close_code code, Then then) {
    is_ending_ = true;
    stream_.async_close(code, [self = shared_from_this(), then = std::move(then)](error_code) mutable { then(); });
  }
  void tell_read(std::shared_ptr<Owner> owner, error_code error, std::size_t bytes) {
    asio::post(io_, [owner = std::move(owner), error, bytes] { owner->on_read(error, bytes); });
  }

  asio::io_context& io_;
  websocket::stream<tcp::socket, false> stream_;  // Without compression, which costs memory for each client.
  UpgradeRequest request_;
  bool is_accepted_ = false;
  bool is_ending_ = false;
};

}  // namespace

std::shared_ptr<BoltTransport> plain_transport(tcp::socket socket) {
  return std::make_shared<PlainTransport>(std::move(socket));
}

std::shared_ptr<BoltTransport> web_socket_transport(tcp::socket socket, asio::io_context& io, UpgradeRequest request) {
  error_code error;
  const auto protocol = socket.local_endpoint(error).protocol();
  if (error) return nullptr;
  const int descriptor = socket.release(error);
  if (error) return nullptr;
  tcp::socket moved(asio::make_strand(io));
  moved.assign(protocol, descriptor, error);
  if (error) {
    ::close(descriptor);
    return nullptr;
  }
  return std::make_shared<WebSocketTransport>(std::move(moved), io, std::move(request));
}

}  // namespace nexus::host
