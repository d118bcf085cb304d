// HttpService: an HTTP request in, an HTTP response out; no sockets, no threads.
//
// The native host puts Boost.Beast in front of it, the WebAssembly host a function call;
// the GUI, the SDKs and the contract tests cannot tell them apart. Routes, status codes
// and bodies: docs/rest.md and GET /api/v1/openapi.json.
//
// Threads: handle() may be called concurrently. It blocks while the statement runs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "nexus/instance.h"

namespace nexus::service {

using Header = std::pair<std::string, std::string>;

// The host has already checked the framing (host-native/http/validate.h).
struct HttpRequest {
  std::string method;  // "GET"
  std::string target;  // Origin form: path and query, still percent-encoded.
  std::vector<Header> headers;
  std::string body;
  std::string peer;  // Address of the client, for logs and limits; may be empty.
  bool is_encrypted = false;  // It came through TLS.
  // The body as it arrives, instead of `body`; only where HttpService::streams_body() says so.
  ByteSource* body_source = nullptr;

  // Ignores case; empty when absent.
  std::string_view header(std::string_view name) const;
};

// A body that is produced piece by piece, so that memory stays flat for any row count.
class BodyStream {
 public:
  virtual ~BodyStream() = default;
  // Appends the next piece to `out`; false when the body is complete. Failures that come
  // after the first byte are part of the body (a last line {"error": …}).
  virtual bool next(std::string& out) = 0;
};

struct HttpResponse {
  int status = 200;
  std::vector<Header> headers;         // Content-Type and others; not Content-Length, Date or Connection.
  std::string body;                    // Unless stream is set.
  std::unique_ptr<BodyStream> stream;  // Sent chunked.
};

struct ServiceSettings {
  // Without one every request acts as `anonymous_user` (loopback only; the host enforces it).
  bool authentication = false;
  std::string anonymous_user = "nexus";
  struct Account {
    std::string user;
    std::string password;
  };
  std::vector<Account> accounts;
  // Values of Host and Origin that are accepted besides loopback names; guards against DNS rebinding.
  std::vector<std::string> allowed_hosts;
  std::uint64_t body_bytes_max = std::uint64_t{32} << 20;
  std::uint64_t session_idle_ms = 30 * 60 * 1000;
  std::uint64_t sessions_max = 10'000;
  std::string bolt_address;  // host:port for GET /; empty: no Bolt.
  std::uint64_t rows_max = 1'000'000;  // For a buffered (non-streaming) answer.
  std::string version = NEXUS_VERSION;
};

class HttpService {
 public:
  static std::unique_ptr<HttpService> create(Instance& instance, Clock& clock, Random& random, ServiceSettings settings);
  virtual ~HttpService() = default;
  virtual HttpResponse handle(const HttpRequest& request) = 0;
  // Whether the body of such a request may be given as it arrives, of any length. Method and target count.
  virtual bool streams_body(const HttpRequest& head) const = 0;
  // From now on answers 503 with Retry-After, except health and what already runs.
  virtual void start_draining() = 0;
};

}  // namespace nexus::service
