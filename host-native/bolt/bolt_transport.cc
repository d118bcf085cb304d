#include "host-native/bolt/bolt_transport.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <functional>
#include <utility>

namespace nexus::host {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;

// Frames are taken piece by piece, so this holds no memory; several Bolt messages may share a frame.
constexpr std::size_t kFrameBytesMax = std::size_t{32} << 20;
// For the answer to the request, and for either side to end after the other has.
constexpr auto kWebSocketTime = std::chrono::seconds(5);

void set_bolt_options(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
}

class PlainTransport final : public BoltTransport {
 public:
  PlainTransport(tcp::socket socket, asio::io_context& io) : io_(io), socket_(std::move(socket)) {
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
  std::optional<Stream> take_stream() override {
    auto moved = move_socket(std::move(socket_), asio::make_strand(io_));
    if (!moved) return std::nullopt;
    return Stream(std::move(*moved));
  }

 private:
  asio::io_context& io_;
  tcp::socket socket_;
};

// What stands on a stream that opens with the first read and is touched on its strand alone, as reading writes, too:
// TLS and WebSockets answer the other side on their own. The owner hears elsewhere: a statement that it runs at once
// must not hold up the reading of the next message.
class StrandTransport : public BoltTransport, public std::enable_shared_from_this<StrandTransport> {
 public:
  void read_some(asio::mutable_buffer into, std::shared_ptr<Owner> owner) final {
    asio::post(strand_, [this, into, owner = std::move(owner)]() mutable {
      if (is_open_) return read_open(into, std::move(owner));
      open([this, into, owner = std::move(owner)](error_code error) mutable {
        is_open_ = !error;
        if (error) tell_read(std::move(owner), error, 0);
        else read_open(into, std::move(owner));
      });
    });
  }
  void send(asio::const_buffer bytes, std::shared_ptr<Owner> owner) final {
    asio::post(strand_, [this, bytes, owner = std::move(owner)]() mutable {
      if (is_open_) return write_open(bytes, std::move(owner));
      tell_sent(std::move(owner), asio::error::not_connected);
    });
  }
  std::size_t send_now(asio::const_buffer /*bytes*/, error_code& /*error*/) final { return 0; }
  void end(bool is_going_away) final {
    asio::post(strand_, [self = shared_from_this(), is_going_away] {
      if (self->is_open_ && !std::exchange(self->is_ending_, true)) self->end_open(is_going_away);
    });
  }
  void close() final {
    asio::post(strand_, [self = shared_from_this()] { self->tcp().close(); });
  }

 protected:
  using OnOpen = std::function<void(error_code)>;

  StrandTransport(Stream& stream, asio::io_context& io) : io_(io), strand_(stream.get_executor()) {
    set_bolt_options(stream.tcp().socket());
    // Bolt has its own time for idle clients, and rows may wait until they are pulled.
    stream.tcp().expires_never();
  }
  virtual Stream::Tcp& tcp() = 0;
  virtual void open(OnOpen then) = 0;
  virtual void read_open(asio::mutable_buffer into, std::shared_ptr<Owner> owner) = 0;
  virtual void write_open(asio::const_buffer bytes, std::shared_ptr<Owner> owner) = 0;
  virtual void end_open(bool is_going_away) = 0;

  void tell_read(std::shared_ptr<Owner> owner, error_code error, std::size_t bytes) {
    asio::post(io_, [owner = std::move(owner), error, bytes] { owner->on_read(error, bytes); });
  }
  void tell_sent(std::shared_ptr<Owner> owner, error_code error) {
    asio::post(io_, [owner = std::move(owner), error] { owner->on_sent(error); });
  }
  const Stream::executor_type& strand() const { return strand_; }
  bool is_ending() const { return is_ending_; }
  void set_ending() { is_ending_ = true; }

 private:
  asio::io_context& io_;
  Stream::executor_type strand_;
  bool is_open_ = false;
  bool is_ending_ = false;
};

class TlsTransport final : public StrandTransport {
 public:
  TlsTransport(Stream stream, asio::io_context& io, Tls::Context context, std::string first_bytes)
      : StrandTransport(stream, io), stream_(std::move(stream)), context_(std::move(context)), first_bytes_(std::move(first_bytes)) {}

  std::string peer() const override { return stream_.peer(); }
  std::optional<Stream> take_stream() override { return std::move(stream_); }

 private:
  Stream::Tcp& tcp() override { return stream_.tcp(); }
  // The owner's time for the logon goes for the handshake, too.
  void open(OnOpen then) override {
    stream_.start_tls(std::move(context_), asio::buffer(first_bytes_), [this, then = std::move(then)](error_code error) {
      first_bytes_ = {};
      then(error);
    });
  }
  void read_open(asio::mutable_buffer into, std::shared_ptr<Owner> owner) override {
    stream_.async_read_some(into, [this, owner = std::move(owner)](error_code error, std::size_t bytes) mutable {
      tell_read(std::move(owner), error, bytes);
    });
  }
  void write_open(asio::const_buffer bytes, std::shared_ptr<Owner> owner) override {
    asio::async_write(stream_, bytes, [this, owner = std::move(owner)](error_code error, std::size_t) mutable {
      tell_sent(std::move(owner), error);
    });
  }
  // The owner reads until the client has ended, too, and closes after a while.
  void end_open(bool /*is_going_away*/) override {
    stream_.async_shutdown([self = shared_from_this(), this](error_code) {
      error_code ignored;
      stream_.tcp().socket().shutdown(tcp::socket::shutdown_send, ignored);
    });
  }

  Stream stream_;
  Tls::Context context_;
  std::string first_bytes_;
};

class WebSocketTransport final : public StrandTransport {
 public:
  WebSocketTransport(Stream stream, asio::io_context& io, UpgradeRequest request)
      : StrandTransport(stream, io), stream_(std::move(stream)), watch_(strand()), request_(std::move(request)) {
    stream_.binary(true);
    stream_.auto_fragment(false);  // The owner's pieces are small already.
    stream_.read_message_max(kFrameBytesMax);
    stream_.set_option(websocket::stream_base::timeout{kWebSocketTime, websocket::stream_base::none(), false});
    stream_.set_option(websocket::stream_base::decorator(
        [](websocket::response_type& response) { response.set(boost::beast::http::field::server, "Nexus"); }));
  }

  std::string peer() const override { return stream_.next_layer().peer(); }
  std::optional<Stream> take_stream() override { return std::move(stream_.next_layer()); }

 private:
  Stream::Tcp& tcp() override { return stream_.next_layer().tcp(); }
  void open(OnOpen then) override {
    stream_.async_accept(request_, [this, then = std::move(then)](error_code error) {
      request_ = {};
      if (!error) watch();
      then(error);
    });
  }
  void read_open(asio::mutable_buffer into, std::shared_ptr<Owner> owner) override {
    stream_.async_read_some(into, [this, owner = std::move(owner)](error_code error, std::size_t bytes) mutable {
      if (error || is_ending() || !stream_.got_text()) return tell_read(std::move(owner), error, bytes);
      // Bolt is no text; the owner hears once the client has been told.
      set_ending();
      stream_.async_close(websocket::close_code::unknown_data, [this, owner = std::move(owner)](error_code) mutable {
        tell_read(std::move(owner), asio::error::invalid_argument, 0);
      });
    });
  }
  void write_open(asio::const_buffer bytes, std::shared_ptr<Owner> owner) override {
    stream_.async_write(bytes, [this, owner = std::move(owner)](error_code error, std::size_t) mutable {
      tell_sent(std::move(owner), error);
    });
  }
  void end_open(bool is_going_away) override {
    const auto code = is_going_away ? websocket::close_code::going_away : websocket::close_code::normal;
    stream_.async_close(code, [self = shared_from_this()](error_code) {});
  }
  // Who has said goodbye, or heard it, may never hang up, and the stream waits for that without a limit.
  void watch() {
    watch_.expires_after(kWebSocketTime);
    watch_.async_wait([weak = weak_from_this(), this](error_code cancelled) {
      const auto self = weak.lock();
      if (cancelled || !self) return;
      if (stream_.is_open()) return watch();
      tcp().close();
    });
  }

  websocket::stream<Stream, false> stream_;  // Without compression, which costs memory for each client.
  asio::steady_timer watch_;
  UpgradeRequest request_;
};

}  // namespace

std::shared_ptr<BoltTransport> plain_transport(tcp::socket socket, asio::io_context& io) {
  return std::make_shared<PlainTransport>(std::move(socket), io);
}

std::shared_ptr<BoltTransport> tls_transport(Stream stream, asio::io_context& io, Tls::Context context, std::string first_bytes) {
  return std::make_shared<TlsTransport>(std::move(stream), io, std::move(context), std::move(first_bytes));
}

std::shared_ptr<BoltTransport> web_socket_transport(Stream stream, asio::io_context& io, UpgradeRequest request) {
  return std::make_shared<WebSocketTransport>(std::move(stream), io, std::move(request));
}

}  // namespace nexus::host
