#include "host-native/net/listener.h"

#include <utility>

namespace nexus::host {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

Listener::Listener(const Strand& strand, Log& log, std::string protocol)
    : log_(log), protocol_(std::move(protocol)), acceptor_(strand), pause_(strand) {}

Result<> Listener::open(const std::string& ip_address, std::uint16_t port) {
  error_code error;
  const auto address = asio::ip::make_address(ip_address == "localhost" ? "127.0.0.1" : ip_address, error);
  if (error) return Error{ErrorCode::InvalidArgument, "'" + ip_address + "' is not an IP address"};
  const tcp::endpoint wanted(address, port);
  acceptor_.open(wanted.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(wanted, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  const tcp::endpoint endpoint = error ? wanted : acceptor_.local_endpoint(error);
  const std::string host = endpoint.address().to_string();
  address_ = (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
  if (!error) return Done{};
  return Error{ErrorCode::IoError, "cannot listen for " + protocol_ + " on " + address_ + ": " + error.message()};
}

void Listener::start(NextExecutor next_executor, OnConnection on_connection) {
  next_executor_ = std::move(next_executor);
  on_connection_ = std::move(on_connection);
  accept();
}

void Listener::close() {
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

void Listener::accept() {
  acceptor_.async_accept(next_executor_(), [this](error_code error, tcp::socket socket) {
    on_accept(error, std::move(socket));
  });
}

void Listener::on_accept(error_code error, tcp::socket socket) {
  if (!acceptor_.is_open()) return;
  if (error) {
    log_.write(LogLevel::Warning, "cannot accept a connection for " + protocol_ + ": " + error.message());
    pause_.expires_after(std::chrono::milliseconds(100));
    pause_.async_wait([this](error_code cancelled) {
      if (!cancelled) accept();
    });
    return;
  }
  on_connection_(std::move(socket));
  accept();
}

}  // namespace nexus::host
