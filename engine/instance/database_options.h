// DatabaseOptions: what OPTIONS {…}, SET OPTION and REMOVE OPTION say about one database.
//
//   memoryLimit    bytes that its graph and its statements may take in memory; 0: no limit
//   storeLimit     bytes that its log may have on disk before writing is refused; 0: no limit
//   queryTimeout   milliseconds that a statement may run; 0: no limit of its own
//   sync           'commit' (acknowledged is on disk) or 'async'; null: as the instance says
//   environment    a label, such as 'production', that clients show and ask about
//   txLogEnrichment  kept and shown, without effect
//
// Sizes are an INTEGER or a text such as '512 MiB'; times are milliseconds or a text such as '30s'.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "nexus/value.h"

namespace nexus::instance {

struct DatabaseOptions {
  std::uint64_t memory_bytes_max = 0;
  std::uint64_t store_bytes_max = 0;
  std::uint64_t query_timeout_ms = 0;
  std::string sync;  // Empty: as the instance says.
  std::string environment;
  std::string log_enrichment;
  bool operator==(const DatabaseOptions&) const = default;
};

// Null removes. InvalidOption for an unknown key or a value that does not fit it.
Result<> set_option(DatabaseOptions& options, std::string_view key, const Value& value);
bool is_database_option(std::string_view key);
// What is set, by key: the column `options` of SHOW DATABASES.
Map options_map(const DatabaseOptions& options);
// Every key with its value as the system database keeps it; Null for what is not set.
void for_each_option(const DatabaseOptions& options, const std::function<void(std::string_view, Value)>& use);

}  // namespace nexus::instance
