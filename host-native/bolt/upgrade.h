// Requests for Bolt in a WebSocket, as browsers make them: on the Bolt port and on the HTTP port.
#pragma once

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nexus/service.h"

namespace nexus::host {

using UpgradeRequest = boost::beast::http::request<boost::beast::http::empty_body>;

// Why the request may not have its WebSocket; nullopt: it may. First come the checks of Host and Origin that every
// HTTP request goes through, so that no page of another origin gets in.
std::optional<service::HttpResponse> refuse_upgrade(const UpgradeRequest& request,
                                                    const std::vector<std::string>& allowed_hosts);

// Whether a client of the Bolt port that begins with these bytes speaks HTTP, as far as one can tell.
bool may_be_http(std::string_view first_bytes);

struct Greeting {
  UpgradeRequest request;
  std::optional<service::HttpResponse> refusal;
};

// What a client of the Bolt port asks for by HTTP; nullopt: there is more to come.
std::optional<Greeting> read_greeting(std::string_view bytes, const std::vector<std::string>& allowed_hosts);

}  // namespace nexus::host
