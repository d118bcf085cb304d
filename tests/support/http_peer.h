// A Session that speaks to an HttpService: what a client over REST would see.
#pragma once

#include <memory>
#include <string_view>

#include "nexus/service.h"

namespace nexus::test {

// Opens a session of its own, on `database` unless empty (then the service's default one).
// Explicit transactions answer NotImplemented: a REST session holds a database and nothing else.
// Throws std::runtime_error when the service's answer breaks its contract. `service` outlives it.
std::unique_ptr<Session> open_http_session(service::HttpService& service, std::string_view database = {});

}  // namespace nexus::test
