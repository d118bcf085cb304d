// CREATE and DROP of indexes and constraints: from the tree to the catalog, with their transactions.
#pragma once

#include "instance/query_pipeline.h"

namespace nexus::instance {

bool is_schema_command(const syntax::Statement& statement);

// In a transaction of its own, which has committed when this returns.
Result<std::unique_ptr<Cursor>> run_schema_command(const Request& request, const Target& target,
                                                   const std::function<void(const std::shared_ptr<Work>&)>& on_start);
// Inside an explicit transaction; TransactionTypeForbidden when that has changed data.
// Requires: work.mutex held.
Result<std::unique_ptr<Cursor>> run_schema_command_in(const Request& request, const Target& target, Work& work);

}  // namespace nexus::instance
