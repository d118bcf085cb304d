// The journey of a query: text → syntax → plan → optimized plan → rows.
#pragma once

#include <memory>
#include <string_view>

#include "instance/caller.h"
#include "instance/constituents.h"
#include "instance/cursor.h"
#include "instance/database_manager.h"
#include "instance/environment.h"
#include "instance/plan_cache.h"
#include "procedure/registry.h"

namespace nexus::instance {

// What all sessions of an instance share.
struct Core {
  Core(InstanceSettings settings, Components components);

  Environment environment;
  procedure::Registry procedures;
  PlanCache plans;
  std::unique_ptr<DatabaseManager> manager;
};

// One statement's request, as a session passes it on.
struct Request {
  Core& core;
  const Identity& identity;
  std::shared_ptr<Caller> caller;  // The session behind it; null where no procedure is called.
  std::shared_ptr<const Prepared> prepared;
  const Map& parameters;
  RunOptions options;
  std::int64_t started_nanoseconds = 0;

  std::int64_t deadline_nanoseconds(const Target& target) const;  // 0: none.
};

// parse, bind and optimize, or a look into the cache. Errors are compile-time errors.
Result<std::shared_ptr<const Prepared>> prepare(Core& core, std::string_view text);

// Where a query runs: its USE, or else `current`.
Result<Target> choose_target(const Request& request, std::string_view current);
// UseMismatch when any USE of the statement names another database than `target`, which is not composite.
Result<> check_uses(const Request& request, const Target& target);

// Forbidden, WriteInReadAccess, WriteOnReadOnlyDatabase.
Result<> check_write_access(const Request& request, const Target& target);

// The plan as text, nothing run.
Result<std::unique_ptr<Cursor>> explain(const Request& request, const Target& target);
// The same as an open transaction sees the indexes. Requires: its work's mutex held.
Result<std::unique_ptr<Cursor>> explain_in(const Request& request, const Target& target,
                                           const storage::Transaction& transaction);
// In a transaction of its own: a write has committed when this returns, a read streams.
Result<std::unique_ptr<Cursor>> run_query(const Request& request, const Target& target,
                                          const std::function<void(const std::shared_ptr<Work>&)>& on_start);
// Inside an explicit transaction. Requires: work->mutex held.
Result<std::unique_ptr<Cursor>> run_query_in(const Request& request, const Target& target,
                                             const std::shared_ptr<Work>& work, bool read_only);

// On a composite database: what USE needs. Requires: work->mutex held, or nobody else knows it yet.
void add_constituents(Core& core, const Identity& identity, const Target& target, const std::shared_ptr<Work>& work,
                      Constituents::Options options);
// Commits what there is to commit, wherever it was written; the database that was written.
Result<std::shared_ptr<Database>> commit_work(Work& work, Summary& summary);

std::string bookmark_text(std::string_view uuid, storage::Timestamp timestamp);

}  // namespace nexus::instance
