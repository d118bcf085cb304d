#include "host-native/net/stream.h"

#include <unistd.h>

namespace nexus::host {

using boost::system::error_code;
using tcp = boost::asio::ip::tcp;

std::string peer_of(const tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? std::string() : endpoint.address().to_string();
}

std::optional<tcp::socket> move_socket(tcp::socket socket, const boost::asio::any_io_executor& executor) {
  error_code error;
  const auto protocol = socket.local_endpoint(error).protocol();
  if (error) return std::nullopt;
  const int descriptor = socket.release(error);
  if (error) return std::nullopt;
  tcp::socket moved(executor);
  moved.assign(protocol, descriptor, error);
  if (!error) return moved;
  ::close(descriptor);
  return std::nullopt;
}

}  // namespace nexus::host
