// HttpClient: one blocking keep-alive connection to a server.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "host-native/cli/connection.h"
#include "nexus/vfs.h"

namespace nexus::host {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

class HttpClient {
 public:
  // Of the target's URI, "http[s]://host[:port][/]"; the port is 7474 unless given. InvalidArgument for what is none,
  // and for a file of certificates that cannot be used.
  static Result<std::unique_ptr<HttpClient>> create(const Target& target);
  ~HttpClient();

  // IoError when the server cannot be reached or goes away; then is_lost() until it succeeds again.
  // With `on_line` the lines of a successful answer go there as they arrive and its body stays empty.
  using OnLine = std::function<Result<>(std::string_view line)>;
  Result<HttpAnswer> send(std::string_view method, std::string_view path, std::string body, std::string_view accept,
                          const OnLine& on_line = {}, std::string_view content_type = "application/json");
  // The body of a successful answer goes to `on_bytes` as it arrives; nothing of it is kept.
  using OnBytes = std::function<Result<>(ByteView piece)>;
  Result<HttpAnswer> download(std::string_view path, std::string_view accept, const OnBytes& on_bytes);
  // PUT of a body of any length, as it is read.
  Result<HttpAnswer> upload(std::string_view path, ByteSource& body, std::string_view accept,
                            std::string_view content_type);
  bool is_lost() const;
  // From any thread: a running send() fails.
  void interrupt();

 private:
  struct State;
  explicit HttpClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace nexus::host
