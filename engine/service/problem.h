// Errors as RFC 9457 problem documents, and which HTTP status each has.
#pragma once

#include "nexus/service.h"

namespace nexus::service {

int http_status(ErrorCode code);
HttpResponse problem(const Error& error);
// For what is HTTP's own: 404 of a path, 405, 413, 415, 429.
HttpResponse problem(int status, std::string_view title, std::string_view detail);
// The members of an error object, without braces: for a stream's last line.
void append_error_members(std::string& out, const Error& error);
// An error object as the clients of Neo4j's HTTP APIs read it: with a `message` besides the above.
void append_client_error(std::string& out, const Error& error);

}  // namespace nexus::service
