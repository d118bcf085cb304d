#include "host-native/http/http_session.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <exception>

#include "host-native/bolt/bolt_server.h"
#include "host-native/http/response_text.h"
#include "host-native/http/static_files.h"

namespace nexus::host {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::beast::error_code;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kIdleTime = seconds(60);
constexpr auto kHeadTime = seconds(10);
constexpr auto kStallTime = seconds(30);
constexpr auto kBodyGrace = seconds(5);
constexpr std::uint64_t kBodyBytesPerSecondMin = 1'024;
constexpr std::size_t kReadBytes = std::size_t{64} << 10;
constexpr std::size_t kRecordBytesMax = std::size_t{16} << 10;  // Of TLS.
constexpr std::size_t kPieceBytes = std::size_t{32} << 10;
constexpr auto kPieceTime = milliseconds(50);
constexpr auto kLingerTime = seconds(2);
constexpr std::uint64_t kLingerBytesMax = std::uint64_t{1} << 20;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

Rejection rejection_of(error_code error) {
  if (error == http::error::body_limit) return {413, "The request body is too large."};
  if (error == http::error::header_limit) return {431, "The request head is too long."};
  return {400, "The request is malformed."};
}

service::HttpRequest convert(const http::request_header<>& head, const std::string& peer) {
  service::HttpRequest request;
  request.method = std::string(view(head.method_string()));
  request.target = std::string(view(head.target()));
  for (const auto& field : head) {
    request.headers.emplace_back(std::string(view(field.name_string())), std::string(view(field.value())));
  }
  request.peer = peer;
  return request;
}

}  // namespace

HttpSession::HttpSession(asio::ip::tcp::socket socket, SessionContext& context)
    : context_(context),
      stream_(std::move(socket)),
      executor_(stream_.get_executor()),
      buffer_(kHeadBytesMax + kReadBytes),
      peer_(stream_.peer()) {
  error_code ignored;
  stream_.tcp().socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  const std::lock_guard lock(context_.mutex);
  context_.sessions.insert(this);
}

HttpSession::~HttpSession() {
  const std::lock_guard lock(context_.mutex);
  context_.sessions.erase(this);
}

void HttpSession::drain() {
  // Why weak: the caller holds only the set's lock, and the last owner may be leaving.
  asio::post(executor_, [weak = weak_from_this()] {
    if (const auto self = weak.lock(); self && self->is_idle_) self->stream_.tcp().close();
  });
}

std::optional<std::size_t> HttpSession::head_end() const {
  const std::string_view text(static_cast<const char*>(buffer_.data().data()), buffer_.size());
  const auto end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  return end + 4;
}

// What the first byte says; false: it goes on elsewhere.
bool HttpSession::greet() {
  is_greeted_ = true;
  const Tls* tls = context_.settings.tls;
  if (tls == nullptr) return true;
  if (is_tls_hello(*static_cast<const char*>(buffer_.data().data()))) {
    secure();
    return false;
  }
  if (tls->allows_plaintext()) return true;
  reject({400, "This port speaks TLS: use https:// in the address."});
  return false;
}

void HttpSession::secure() {
  is_idle_ = false;
  stream_.tcp().expires_after(kHeadTime);
  stream_.start_tls(context_.settings.tls->context(), buffer_.data(), [self = shared_from_this()](error_code error) {
    if (error) return self->context_.log.write(LogLevel::Debug, "no TLS with " + self->peer_ + ": " + error.message());
    self->buffer_.consume(self->buffer_.size());
    self->read_head();
  });
}

void HttpSession::read_head() {
  if (!is_greeted_ && buffer_.size() > 0 && !greet()) return;
  if (const auto end = head_end()) return on_head(*end);
  if (buffer_.size() > kHeadBytesMax) return reject({431, "The request head is too long."});
  is_idle_ = buffer_.size() == 0;
  if (is_idle_ && context_.draining) return stream_.tcp().close();
  if (is_idle_) {
    stream_.tcp().expires_after(kIdleTime);
  } else if (started_ == Clock::time_point{}) {
    started_ = Clock::now();  // A head that trickles in byte by byte has one deadline.
    stream_.tcp().expires_at(started_ + kHeadTime);
  }
  stream_.async_read_some(buffer_.prepare(4'096), [self = shared_from_this()](error_code error, std::size_t bytes) {
    if (error) return;
    self->buffer_.commit(bytes);
    self->read_head();
  });
}

void HttpSession::on_head(std::size_t bytes) {
  is_idle_ = false;
  const std::string_view head(static_cast<const char*>(buffer_.data().data()), bytes);
  if (const auto rejection = validate_head(head)) return reject(*rejection);
  continued_ = false;
  body_bytes_ = 0;
  started_ = Clock::now();
  http::request_parser<http::empty_body> first;
  // Before the first byte: later changes are ignored.
  first.header_limit(static_cast<std::uint32_t>(kHeadBytesMax));
  first.body_limit(boost::none);
  error_code error;
  buffer_.consume(first.put(asio::buffer(buffer_.data(), bytes), error));
  if (error && error != http::error::need_more) return reject(rejection_of(error));
  if (!first.is_header_done()) return reject({400, "The request is malformed."});
  is_head_request_ = first.get().method() == http::verb::head;
  is_chunked_ = first.get().version() == 11;
  keep_alive_ = first.keep_alive() && is_chunked_;
  if (context_.settings.bolt != nullptr && boost::beast::websocket::is_upgrade(first.get())) return upgrade(first.get());
  request_ = std::make_shared<service::HttpRequest>(convert(first.get(), peer_));
  request_->is_encrypted = stream_.is_encrypted();
  if (context_.service.streams_body(*request_)) {
    feeder_.emplace(std::move(first));
    return continued_first([](HttpSession& self) { self.start_feeding(); });
  }
  const std::uint64_t body_max = context_.settings.body_bytes_max;
  if (first.content_length().value_or(0) > body_max) return reject(rejection_of(http::error::body_limit));
  parser_.emplace(std::move(first));
  parser_->body_limit(body_max);
  parser_->eager(true);
  parse();
}

void HttpSession::parse() {
  if (!parser_->is_done()) {
    error_code error;
    const std::size_t used = parser_->put(buffer_.data(), error);
    buffer_.consume(used);
    body_bytes_ += used;
    if (error && error != http::error::need_more) return reject(rejection_of(error));
  }
  if (parser_->is_done()) return dispatch();
  continued_first([](HttpSession& self) { self.read_body(); });
}

// Before the first read of a body the client may wait for a sign.
template <class Then>
void HttpSession::continued_first(Then then) {
  if (std::exchange(continued_, true) || request_->header("Expect").empty()) return then(*this);
  out_head_ = "HTTP/1.1 100 Continue\r\n\r\n";
  stream_.tcp().expires_after(kStallTime);
  asio::async_write(stream_, asio::buffer(out_head_), [self = shared_from_this(), then](error_code error, std::size_t) {
    if (!error) then(*self);
  });
}

void HttpSession::read_body() {
  const auto elapsed = std::chrono::duration_cast<seconds>(Clock::now() - started_);
  if (elapsed > kBodyGrace && body_bytes_ < kBodyBytesPerSecondMin * static_cast<std::uint64_t>(elapsed.count())) {
    return reject({408, "The request body arrives too slowly."});
  }
  stream_.tcp().expires_after(kStallTime);
  const std::size_t room = std::min(kReadBytes, buffer_.max_size() - buffer_.size());
  if (room == 0) return reject({400, "A chunk head is too long."});
  stream_.async_read_some(buffer_.prepare(room), [self = shared_from_this()](error_code error, std::size_t bytes) {
    if (error) return;
    self->buffer_.commit(bytes);
    self->parse();
  });
}

template <class Work>
void HttpSession::on_worker(Work work) {
  ++context_.in_flight;
  context_.workers.post([self = shared_from_this(), work = std::move(work)]() mutable {
    auto then = work(*self);
    --self->context_.in_flight;
    asio::post(self->executor_, [self, then = std::move(then)]() mutable { then(*self); });
  });
}

void HttpSession::dispatch() {
  if (parser_) request_->body = std::move(parser_->get().body());
  parser_.reset();
  stream_.tcp().expires_never();
  if (context_.in_flight >= context_.settings.workers_max + context_.settings.queue_max) {
    return respond(problem({503, "Too many requests are waiting."}));
  }
  on_worker([request = std::move(request_)](HttpSession& self) {
    auto response = std::make_shared<service::HttpResponse>();
    try {
      std::optional<service::HttpResponse> file;
      if (const StaticFiles* files = self.context_.settings.files) file = files->find(*request);
      *response = file ? std::move(*file) : self.context_.service.handle(*request);
    } catch (const std::exception& failure) {
      self.context_.log.write(LogLevel::Error, std::string("a request failed inside: ") + failure.what());
      *response = problem({500, "The server failed to answer."});
    }
    if (self.pipe_) self.pipe_->close();
    return [response](HttpSession& back) { back.respond(std::move(*response)); };
  });
}

void HttpSession::start_feeding() {
  if (feeder_->is_done()) {  // There is no body.
    feeder_.reset();
    return dispatch();
  }
  // Why the strand: the worker that made room must not touch the connection.
  pipe_ = std::make_shared<BodyPipe>([self = this] {
    asio::post(self->executor_, [session = self->shared_from_this()] { session->feed(); });
  });
  request_->body_source = pipe_.get();
  fed_time_ = {};
  is_answering_ = false;
  dispatch();
  feed();
}

// From the buffer through the parser into the pipe, as long as it has room; then the client waits.
void HttpSession::feed() {
  std::array<char, kReadBytes> piece;
  while (feeder_ && !feeder_->is_done() && !is_answering_) {
    if (buffer_.size() == 0) return read_for_feeding();
    auto& body = feeder_->get().body();
    body.data = piece.data();
    body.size = piece.size();
    error_code error;
    const std::size_t used = feeder_->put(buffer_.data(), error);
    buffer_.consume(used);
    const std::size_t count = piece.size() - body.size;
    body_bytes_ += count;
    if (error && error != http::error::need_more && error != http::error::need_buffer) {
      return end_feeding("The body is malformed.");
    }
    const bool has_room = count == 0 || pipe_->push({piece.data(), count});
    if (feeder_->is_done()) break;
    if (!has_room) return stream_.tcp().expires_never();
    if (used == 0 && count == 0) return read_for_feeding();
  }
  if (feeder_ && feeder_->is_done()) end_feeding({});
}

void HttpSession::read_for_feeding() {
  const std::size_t room = std::min(kReadBytes, buffer_.max_size() - buffer_.size());
  if (room == 0) return end_feeding("A chunk head is too long.");
  if (fed_time_ > kBodyGrace &&
      body_bytes_ < kBodyBytesPerSecondMin * static_cast<std::uint64_t>(std::chrono::duration_cast<seconds>(fed_time_).count())) {
    return end_feeding("The body arrives too slowly.");
  }
  is_feeding_ = true;
  stream_.tcp().expires_after(kStallTime);
  const auto began = Clock::now();
  stream_.async_read_some(buffer_.prepare(room), [self = shared_from_this(), began](error_code error, std::size_t bytes) {
    self->is_feeding_ = false;
    self->fed_time_ += Clock::now() - began;
    if (self->is_leaving_) return self->linger();
    if (self->is_answering_) return;
    if (error) return self->end_feeding("The connection ended before the body did.");
    self->buffer_.commit(bytes);
    self->feed();
  });
}

void HttpSession::end_feeding(std::string failure) {
  if (failure.empty()) {
    pipe_->finish();
  } else {
    keep_alive_ = false;
    pipe_->fail(std::move(failure));
  }
  feeder_.reset();
  stream_.tcp().expires_never();
}

void HttpSession::upgrade(const UpgradeRequest& request) {
  keep_alive_ = false;
  BoltServer& bolt = *context_.settings.bolt;
  if (auto refusal = bolt.refuse(request)) return respond(std::move(*refusal));
  if (buffer_.size() > 0) return respond(problem({400, "There are bytes behind the request."}));
  bolt.adopt(std::move(stream_), request);
}

void HttpSession::respond(service::HttpResponse response) {
  response_ = std::move(response);
  request_.reset();
  is_answering_ = true;
  if (feeder_) keep_alive_ = false;  // The rest of the body is in the way of the next request.
  if (context_.draining) keep_alive_ = false;
  BodyFraming framing = is_head_request_ ? BodyFraming::None : BodyFraming::Length;
  if (response_.stream && !is_head_request_) {
    framing = is_chunked_ ? BodyFraming::Chunked : BodyFraming::Close;
    keep_alive_ = keep_alive_ && is_chunked_;
  }
  out_head_ = head_text(response_, framing, keep_alive_, std::time(nullptr));
  out_body_ = is_head_request_ ? std::string() : std::move(response_.body);
  const bool streams = response_.stream && !is_head_request_;
  write(kStallTime + seconds(out_body_.size() / (16 << 10)), [streams](HttpSession& self) {
    if (streams) self.next_piece();
    else self.after_response();
  });
}

// Head and body, and then what is next.
template <class Then>
void HttpSession::write(Clock::duration time, Then then) {
  // Each buffer would be a record of its own, and a packet.
  if (stream_.is_encrypted() && out_head_.size() + out_body_.size() <= kRecordBytesMax) {
    out_head_ += out_body_;
    out_body_.clear();
  }
  stream_.tcp().expires_after(time);
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(out_head_), asio::buffer(out_body_)};
  asio::async_write(stream_, buffers, [self = shared_from_this(), then](error_code error, std::size_t) {
    if (!error) then(*self);
  });
}

void HttpSession::next_piece() {
  stream_.tcp().expires_never();
  on_worker([](HttpSession& self) {
    auto piece = std::make_shared<std::string>();
    bool more = true;
    const auto until = Clock::now() + kPieceTime;
    try {
      while (more && piece->size() < kPieceBytes && (piece->empty() || Clock::now() < until)) {
        more = self.response_.stream->next(*piece);
      }
    } catch (const std::exception& failure) {
      // The body lacks its end, which tells the client.
      self.context_.log.write(LogLevel::Error, std::string("a streamed answer failed inside: ") + failure.what());
      return std::function<void(HttpSession&)>([](HttpSession& back) { back.stream_.tcp().close(); });
    }
    if (!more) self.response_.stream.reset();  // Here, as ending a statement may take a moment.
    return std::function<void(HttpSession&)>([piece, more](HttpSession& back) { back.write_piece(std::move(*piece), !more); });
  });
}

void HttpSession::write_piece(std::string piece, bool is_last) {
  out_body_ = std::move(piece);
  out_head_ = is_chunked_ && !out_body_.empty() ? chunk_head(out_body_) : "";
  if (is_chunked_ && !out_body_.empty()) out_body_ += "\r\n";
  if (is_chunked_ && is_last) out_body_ += "0\r\n\r\n";
  write(kStallTime, [is_last](HttpSession& self) {
    if (is_last) self.after_response();
    else self.next_piece();
  });
}

void HttpSession::after_response() {
  response_ = {};
  out_body_ = {};
  started_ = {};
  feeder_.reset();
  pipe_.reset();
  if (keep_alive_ && !context_.draining) return read_head();
  is_leaving_ = true;
  if (is_feeding_) stream_.tcp().expires_after(kLingerTime);
  else linger();
}

void HttpSession::reject(const Rejection& rejection) {
  keep_alive_ = false;
  is_head_request_ = false;
  parser_.reset();
  respond(problem(rejection));
}

// Why not close at once: bytes the client is still sending would answer with a reset, which
// can destroy the response before the client has read it.
void HttpSession::linger() {
  stream_.tcp().expires_after(kLingerTime);
  if (!stream_.is_encrypted()) return swallow();
  // A body that ends with its connection is cut off, for all the client knows, unless TLS says that it has ended.
  stream_.async_shutdown([self = shared_from_this()](error_code) { self->swallow(); });
}

void HttpSession::swallow() {
  error_code ignored;
  if (lingered_bytes_ == 0) stream_.tcp().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  buffer_.consume(buffer_.size());
  // Of TLS nothing is understood any more.
  stream_.tcp().async_read_some(buffer_.prepare(kReadBytes), [self = shared_from_this()](error_code error, std::size_t bytes) {
    self->lingered_bytes_ += bytes;
    if (!error && self->lingered_bytes_ < kLingerBytesMax) self->swallow();
  });
}

}  // namespace nexus::host
