#include "host-native/cli/http_client.h"

#include <sys/socket.h>

#include <atomic>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>

#include "base/number.h"

namespace nexus::host {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

std::string base64(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8 | (at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u);
    }
    for (std::size_t i = 0; i < 4; ++i) out += at + i > text.size() ? '=' : kDigits[bits >> (18 - 6 * i) & 63];
  }
  return out;
}

}  // namespace

struct HttpClient::State {
  std::string host;  // Without brackets.
  std::string port;
  std::string origin;  // "http://host:port"
  std::string host_header;
  std::string authorization;
  asio::io_context io;
  tcp::socket socket{io};
  // Of an https server; the stream, while there is a connection.
  std::optional<ssl::context> tls;
  std::optional<ssl::stream<tcp::socket&>> tls_stream;
  boost::beast::flat_buffer buffer;
  std::atomic<int> descriptor{-1};  // For interrupt().
  std::atomic<bool> is_lost{false};

  Result<> trust(const Target& target);
  Result<> connect();
  Result<> secure();
  // Calls `use` with what requests are written to and answers are read from.
  template <class Use>
  auto on_stream(Use use) {
    return tls_stream ? use(*tls_stream) : use(socket);
  }
  // Whether a kept connection still stands. Why look first: a statement that was sent once
  // must not be sent again only because its answer did not come.
  bool is_usable();
  void drop();
  Result<> make_usable();
  template <class Request>
  void set_head(Request& request, std::string_view method, std::string_view path, std::string_view accept) const;
  // What has come of the body of a successful answer; `take` removes what it has used.
  using Take = std::function<Result<>(std::string& text)>;
  Result<HttpAnswer> receive(const Take& take);
  Error failure(std::string_view what, const error_code& error) {
    drop();
    is_lost = true;
    return Error{ErrorCode::IoError, "cannot " + std::string(what) + " " + origin + ": " + error.message()};
  }
};

Result<> HttpClient::State::trust(const Target& target) {
  error_code error;
  tls.emplace(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
  if (target.tls_unchecked) return Done{};
  tls->set_verify_mode(ssl::verify_peer, error);
  tls->set_default_verify_paths(error);
  if (target.tls_ca.empty()) return Done{};
  tls->load_verify_file(target.tls_ca, error);
  if (!error) return Done{};
  return Error{ErrorCode::InvalidArgument, "cannot use '" + target.tls_ca + "' as a certificate: " + error.message()};
}

Result<> HttpClient::State::connect() {
  error_code error;
  tcp::resolver resolver(io);
  const auto endpoints = resolver.resolve(host, port, error);
  if (error) return failure("find", error);
  asio::connect(socket, endpoints, error);
  if (error) return failure("connect to", error);
  socket.set_option(tcp::no_delay(true), error);
  descriptor = socket.native_handle();
  return tls ? secure() : Done{};
}

Result<> HttpClient::State::secure() {
  error_code error;
  tls_stream.emplace(socket, *tls);
  asio::ip::make_address(host, error);
  const bool is_name = error.failed();  // A server with many certificates asks for the name; addresses are not said.
  if (is_name) SSL_set_tlsext_host_name(tls_stream->native_handle(), host.c_str());
  if ((SSL_CTX_get_verify_mode(tls->native_handle()) & SSL_VERIFY_PEER) != 0) {
    tls_stream->set_verify_callback(ssl::host_name_verification(host), error);
  }
  tls_stream->handshake(ssl::stream_base::client, error);
  if (!error) return Done{};
  // "certificate verify failed" says little; the reason is kept beside it.
  const long why = SSL_get_verify_result(tls_stream->native_handle());
  const std::string reason = why == X509_V_OK ? std::string() : std::string(" (") + X509_verify_cert_error_string(why) + ")";
  Error failed = failure("speak TLS with", error);
  failed.message += reason;
  return failed;
}

bool HttpClient::State::is_usable() {
  if (!socket.is_open()) return false;
  char byte;
  const auto got = recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void HttpClient::State::drop() {
  descriptor = -1;
  tls_stream.reset();
  error_code ignored;
  socket.close(ignored);
  buffer.clear();
}

// Cuts the complete lines off the front of `text`.
Result<> take_lines(std::string& text, const HttpClient::OnLine& on_line) {
  std::size_t begin = 0;
  for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    NX_TRY_DO(on_line(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
  }
  text.erase(0, begin);
  return Done{};
}

Result<> HttpClient::State::make_usable() {
  if (is_usable()) return Done{};
  drop();
  return connect();
}

template <class Request>
void HttpClient::State::set_head(Request& request, std::string_view method, std::string_view path,
                                 std::string_view accept) const {
  request.method_string({method.data(), method.size()});
  request.target({path.data(), path.size()});
  request.set(http::field::host, host_header);
  request.set(http::field::user_agent, "nexus/" NEXUS_VERSION);
  request.set(http::field::accept, {accept.data(), accept.size()});
  if (!authorization.empty()) request.set(http::field::authorization, authorization);
}

Result<HttpAnswer> HttpClient::State::receive(const Take& take) {
  http::response_parser<http::buffer_body> parser;
  parser.body_limit(boost::none);
  error_code error;
  on_stream([&](auto& stream) { return http::read_header(stream, buffer, parser, error); });
  if (error) return failure("hear from", error);
  HttpAnswer answer{static_cast<int>(parser.get().result_int()), {}};
  const bool is_taken = take && answer.status < 300;
  std::array<char, 64 << 10> piece;
  while (!parser.is_done()) {
    parser.get().body() = {piece.data(), piece.size(), true};
    on_stream([&](auto& stream) { return http::read(stream, buffer, parser, error); });
    if (error && error != http::error::need_buffer) return failure("hear from", error);
    answer.body.append(piece.data(), piece.size() - parser.get().body().size);
    if (!is_taken) continue;
    if (auto taken = take(answer.body); !taken) {
      drop();  // The rest of the answer is of no use.
      return std::move(taken.error());
    }
  }
  is_lost = false;
  if (!parser.get().keep_alive()) drop();
  return answer;
}

HttpClient::HttpClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpClient::~HttpClient() = default;

Result<std::unique_ptr<HttpClient>> HttpClient::create(const Target& target) {
  const auto bad = [&] {
    return Error{ErrorCode::InvalidArgument, "'" + target.uri + "' is neither http://host:port nor https://host:port"};
  };
  std::string_view rest = target.uri;
  const std::string_view scheme = rest.starts_with("https://") ? "https://" : "http://";
  if (!rest.starts_with(scheme)) return bad();
  rest.remove_prefix(scheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.empty() || rest.find_first_of("/?#@ ") != std::string_view::npos) return bad();
  auto state = std::make_unique<State>();
  const auto bracket = rest.find(']');
  const auto colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
  std::string_view host = rest.substr(0, colon);
  state->port = colon == std::string_view::npos ? "7474" : std::string(rest.substr(colon + 1));
  const auto number = parse_integer(state->port);
  if (!number || *number < 1 || *number > 65'535) return bad();
  state->host_header = std::string(host) + ":" + state->port;
  state->origin = std::string(scheme) + state->host_header;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  state->host = std::string(host);
  if (!target.password.empty()) state->authorization = "Basic " + base64(target.user + ":" + target.password);
  if (scheme == "https://") NX_TRY_DO(state->trust(target));
  return std::unique_ptr<HttpClient>(new HttpClient(std::move(state)));
}

Result<HttpAnswer> HttpClient::send(std::string_view method, std::string_view path, std::string body, std::string_view accept,
                                    const OnLine& on_line, std::string_view content_type) {
  State& state = *state_;
  NX_TRY_DO(state.make_usable());
  http::request<http::string_body> request;
  state.set_head(request, method, path, accept);
  if (method != "GET") {
    request.set(http::field::content_type, {content_type.data(), content_type.size()});
    request.body() = std::move(body);
    request.prepare_payload();
  }
  error_code error;
  state.on_stream([&](auto& stream) { return http::write(stream, request, error); });
  if (error) return state.failure("send to", error);
  if (!on_line) return state.receive({});
  return state.receive([&](std::string& text) { return take_lines(text, on_line); });
}

Result<HttpAnswer> HttpClient::download(std::string_view path, std::string_view accept, const OnBytes& on_bytes) {
  NX_TRY_DO(state_->make_usable());
  http::request<http::string_body> request;
  state_->set_head(request, "GET", path, accept);
  error_code error;
  state_->on_stream([&](auto& stream) { return http::write(stream, request, error); });
  if (error) return state_->failure("send to", error);
  return state_->receive([&](std::string& text) -> Result<> {
    NX_TRY_DO(on_bytes(as_bytes(text)));
    text.clear();
    return Done{};
  });
}

Result<HttpAnswer> HttpClient::upload(std::string_view path, ByteSource& body, std::string_view accept,
                                      std::string_view content_type) {
  NX_TRY_DO(state_->make_usable());
  http::request<http::buffer_body> request;
  state_->set_head(request, "PUT", path, accept);
  request.set(http::field::content_type, {content_type.data(), content_type.size()});
  request.chunked(true);
  http::request_serializer<http::buffer_body> serializer(request);
  error_code error;
  state_->on_stream([&](auto& stream) { return http::write_header(stream, serializer, error); });
  std::array<std::uint8_t, 64 << 10> piece;
  for (std::size_t count = 1; count != 0 && !error;) {
    auto read = body.read(piece);
    if (!read) {
      state_->drop();  // Half a body is on its way; the server sees it end.
      return std::move(read.error());
    }
    count = *read;
    request.body() = {piece.data(), count, count != 0};
    state_->on_stream([&](auto& stream) { return http::write(stream, serializer, error); });
    if (error == http::error::need_buffer) error = {};
  }
  // A server that refuses may have answered and closed before it has read everything.
  auto answer = state_->receive({});
  if (!answer && error) return state_->failure("send to", error);
  return answer;
}

bool HttpClient::is_lost() const { return state_->is_lost; }

void HttpClient::interrupt() {
  const int descriptor = state_->descriptor;
  if (descriptor >= 0) shutdown(descriptor, SHUT_RDWR);
}

}  // namespace nexus::host
