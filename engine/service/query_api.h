// One request of Neo4j's Query API, read.
#pragma once

#include <optional>
#include <string>

#include "nexus/session.h"

namespace nexus::service {

struct QueryApiRequest {
  std::optional<std::string> statement;  // Absent in an open transaction: keeps it alive.
  Map parameters;
  RunOptions options;
  bool counters = false;
  void (*append)(std::string&, const Value&) = nullptr;  // Plain or typed JSON.
  bool has_vectors = true;                               // Not in version 1.0 of the typed one.
  std::string content_type;
};

}  // namespace nexus::service
