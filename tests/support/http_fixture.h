// An HttpService on a TestInstance, asked without sockets.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nexus/service.h"
#include "tests/support/test_instance.h"

namespace nexus::test {

struct HttpFixture {
  TestInstance instance;
  FakeClock clock;
  SeededRandom random{7};
  service::ServiceSettings settings;
  std::unique_ptr<service::HttpService> service;

  // With `passwords` the instance has users.
  explicit HttpFixture(service::ServiceSettings chosen = {}, PasswordHasher* passwords = nullptr)
      : instance({}, nullptr, passwords), settings(std::move(chosen)) {
    service = service::HttpService::create(*instance, clock, random, settings);
  }

  service::HttpResponse send(std::string method, std::string target, std::string body = {},
                             std::vector<service::Header> headers = {}) {
    service::HttpRequest request{std::move(method), std::move(target), std::move(headers), std::move(body), "127.0.0.1"};
    request.headers.emplace_back("Host", "localhost:7474");
    if (!request.body.empty() && request.header("Content-Type").empty()) {
      request.headers.emplace_back("Content-Type", "application/json");
    }
    return service->handle(request);
  }
};

}  // namespace nexus::test
