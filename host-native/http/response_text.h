// The bytes of an HTTP/1.1 answer's head and of its chunks.
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "host-native/http/validate.h"
#include "nexus/service.h"

namespace nexus::host {

enum class BodyFraming : std::uint8_t {
  Length,   // Content-Length.
  Chunked,  // HTTP/1.1 streams.
  None,     // The answer to a HEAD says nothing about a body that is not sent.
  Close,    // HTTP/1.0 streams: the end of the connection is the end of the body.
};

std::string head_text(const service::HttpResponse& response, BodyFraming framing, bool keep_alive, std::time_t now);
// Requires: !piece.empty(), as an empty chunk ends the body.
std::string chunk_head(std::string_view piece);
// An answer of the host itself, in the same problem+json form as the service's.
service::HttpResponse problem(const Rejection& rejection);

}  // namespace nexus::host
