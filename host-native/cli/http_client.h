// HttpClient: one blocking keep-alive connection to a server.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace nexus::host {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

class HttpClient {
 public:
  // "http://host[:port][/]"; the port is 7474 unless given.
  static Result<std::unique_ptr<HttpClient>> create(std::string_view uri, std::string user, std::string password);
  ~HttpClient();

  // IoError when the server cannot be reached or goes away; then is_lost() until it succeeds again.
  Result<HttpAnswer> send(std::string_view method, std::string_view path, std::string body, std::string_view accept);
  bool is_lost() const;
  // From any thread: a running send() fails.
  void interrupt();

 private:
  struct State;
  explicit HttpClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace nexus::host
