// The messages a server sends.
#pragma once

#include "nexus/session.h"
#include "service/bolt/framing.h"
#include "service/bolt/structures.h"

namespace nexus::service::bolt {

void write_ignored(std::string& out);
void write_failure(std::string& out, const Error& error, const Dialect& dialect);
// `metadata` may hold any value, entities aside.
void write_success(std::string& out, Map metadata, const Dialect& dialect);
// NotImplemented, and nothing written, when this version has no form for a value.
Result<> write_record(std::string& out, const List& row, const Dialect& dialect);

// What the last SUCCESS of a result says. `row_count` is how many rows the client was sent.
Map summary_metadata(const Summary& summary, bool has_columns, std::uint64_t row_count, bool in_transaction,
                     const Dialect& dialect);

}  // namespace nexus::service::bolt
