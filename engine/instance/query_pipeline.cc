#include "instance/query_pipeline.h"

#include <algorithm>

#include "catalog/index_shape.h"
#include "instance/batches.h"
#include "instance/database_name.h"
#include "instance/literal.h"
#include "instance/plan_tree.h"
#include "instance/statement_rights.h"
#include "instance/statement_rules.h"
#include "optimizer/optimizer.h"
#include "plan/binder.h"
#include "syntax/parser.h"

namespace nexus::instance {
namespace {

constexpr std::size_t kPlansMax = 1'024;
constexpr std::size_t kRowBytes = 32;  // What a row costs beside its values.

std::uint64_t smaller_limit(std::uint64_t one, std::uint64_t other) {
  if (one == 0 || other == 0) return one + other;
  return std::min(one, other);
}

std::uint64_t rows_max_of(const Request& request) {
  return smaller_limit(request.options.rows_max, request.core.environment.settings.result_rows_max);
}

syntax::ParseLimits parse_limits(const Core& core) {
  syntax::ParseLimits limits;
  limits.text_bytes_max = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(core.environment.settings.query_text_bytes_max, std::uint64_t{1} << 30));
  return limits;
}

std::string_view type_text(plan::StatementType type) {
  switch (type) {
    case plan::StatementType::Read: return "r";
    case plan::StatementType::ReadWrite: return "rw";
    case plan::StatementType::Write: return "w";
    case plan::StatementType::Schema:
    case plan::StatementType::System: break;
  }
  return "s";
}

Summary summary_of(const Request& request, const Target& target) {
  Summary summary;
  summary.database = target.name;
  summary.statement_type = type_text(request.prepared->plan->type);
  return summary;
}

void set_counters(Summary& summary, const exec::Counters& counters) {
  summary.counters.nodes_created = counters.nodes_created;
  summary.counters.nodes_deleted = counters.nodes_deleted;
  summary.counters.relationships_created = counters.relationships_created;
  summary.counters.relationships_deleted = counters.relationships_deleted;
  summary.counters.properties_set = counters.properties_set;
  summary.counters.labels_added = counters.labels_added;
  summary.counters.labels_removed = counters.labels_removed;
}

void set_elapsed(Summary& summary, const Request& request) {
  summary.elapsed_us = static_cast<std::uint64_t>(request.core.environment.now() - request.started_nanoseconds) / 1'000;
}

// The leading USE of a query is a clause like the others.
void take_use(syntax::Statement& statement, syntax::RegularQuery& query) {
  if (!statement.use) return;
  const Position position = statement.use->name.position;
  std::vector<syntax::Clause>& clauses = syntax::first_query(query).first.clauses;
  clauses.insert(clauses.begin(), syntax::Clause{syntax::Use{std::move(*statement.use)}, position});
  statement.use.reset();
}

// The statement planned for the indexes that the transaction sees.
Result<std::shared_ptr<const plan::Statement>> plan_for(const Request& request,
                                                        const storage::Transaction& transaction) {
  const Prepared& prepared = *request.prepared;
  const std::uint64_t fingerprint = transaction.schema().fingerprint();
  if (fingerprint == 0 && !prepared.plan->has_index_hints) return prepared.plan;
  if (auto known = prepared.variants.find(fingerprint)) return known;
  NX_TRY(syntax::Statement statement, syntax::parse(prepared.text, parse_limits(request.core)));
  auto* query = std::get_if<syntax::RegularQuery>(&statement.node);
  NX_CHECK(query != nullptr);
  Prepared again;
  NX_TRY_DO(note_rules(*query, request.core.procedures, again));
  take_use(statement, *query);
  const std::vector<catalog::IndexShape> indexes = catalog::index_shapes(transaction);
  NX_TRY(plan::Statement bound, plan::bind(*query, {&request.core.procedures, &indexes}));
  if (request.core.environment.settings.optimize) optimizer::optimize(bound);
  auto plan = std::make_shared<const plan::Statement>(std::move(bound));
  prepared.variants.add(fingerprint, plan);
  return plan;
}

Result<> start_execution(const Request& request, Work& work, bool read_only,
                         exec::BatchTransactions* batches = nullptr) {
  const Environment& environment = request.core.environment;
  work.parameters = request.parameters;
  work.caller = request.caller;
  const std::int64_t now = environment.wall();
  if (work.transaction_nanoseconds == 0) work.transaction_nanoseconds = now;
  exec::ExecutionContext context{*work.transaction,
                                 work.parameters,
                                 environment.components.random,
                                 environment.components.clock,
                                 work.budget(),
                                 work.cancellation(),
                                 request.core.procedures,
                                 work.database_name(),
                                 work.database().uuid_as_text(),
                                 read_only};
  context.caller = request.caller.get();
  context.graphs = work.constituents.get();
  context.batches = batches;
  context.import_files = environment.components.import_files;
  context.profile = request.prepared->statement.mode == syntax::ExecutionMode::Profile;
  context.statement_nanoseconds = now;
  context.transaction_nanoseconds = work.transaction_nanoseconds;
  context.batch_rows = std::clamp<std::size_t>(environment.settings.batch_rows, 1, exec::kBatchRowsMax);
  NX_TRY(work.plan, plan_for(request, *work.transaction));
  NX_TRY(work.execution, exec::Execution::start(work.plan, context));
  return Done{};
}

void set_profile(Summary& summary, const Request& request, const Work& work) {
  if (request.prepared->statement.mode != syntax::ExecutionMode::Profile) return;
  const exec::Profile& profile = work.execution->profile();
  summary.is_profile = true;
  auto tree = std::make_shared<const PlanTree>(plan_tree(*work.plan->root, work.plan->slot_names, &profile));
  summary.plan = to_text(*tree);
  summary.plan_tree = std::move(tree);
}

// Runs to the end, every row charged to the statement's budget.
Result<std::vector<List>> pull_all(Work& work, std::uint64_t rows_max) {
  std::vector<List> rows;
  while (true) {
    const std::size_t before = rows.size();
    NX_TRY(const std::size_t count, work.execution->next(rows));
    if (count == 0) return rows;
    if (rows_max != 0 && rows.size() > rows_max) return too_many_rows(rows_max);
    std::uint64_t bytes = count * kRowBytes;
    for (std::size_t i = before; i < rows.size(); ++i) {
      for (const Value& value : rows[i]) bytes += sizeof(Value) + value.heap_bytes();
    }
    NX_TRY_DO(work.budget().charge(bytes));
  }
}

std::unique_ptr<Cursor> buffered(const Request& request, Work& work, std::vector<List> rows, Summary summary) {
  set_elapsed(summary, request);
  auto cursor = std::make_unique<BufferedCursor>(column_names(*request.prepared->plan), std::move(rows),
                                                 std::move(summary), request.core.environment.settings.batch_rows);
  cursor->hold(work.shared_database(), work.take_budget());
  return cursor;
}

// Requires: work.mutex held.
Result<std::unique_ptr<Cursor>> write_and_commit(const Request& request, const Target& target, Work& work) {
  if (target.is_composite) {
    work.transaction = work.store().begin_read();
  } else {
    NX_TRY_DO(work.begin_write({work.cancellation().deadline_nanoseconds(), &work.cancellation().requested()}));
  }
  NX_TRY_DO(start_execution(request, work, false));
  NX_TRY(std::vector<List> rows, pull_all(work, rows_max_of(request)));
  Summary summary = summary_of(request, target);
  set_counters(summary, work.execution->counters());
  set_profile(summary, request, work);
  work.execution.reset();
  NX_TRY(const std::shared_ptr<Database> written, commit_work(work, summary));
  std::unique_ptr<Cursor> cursor = buffered(request, work, std::move(rows), std::move(summary));
  work.end();
  request.core.manager->committed(written);
  return cursor;
}

// The statement itself reads; what it writes, it writes in batches. Also a PROFILE that only reads.
// Requires: work.mutex held.
Result<std::unique_ptr<Cursor>> read_to_the_end(const Request& request, const Target& target, Work& work) {
  if (target.is_composite) {
    return Error(ErrorCode::NotImplemented, "CALL … IN TRANSACTIONS on a composite database is not supported yet",
                 request.prepared->statement.position);
  }
  const bool writes = request.prepared->plan->writes();
  StoreBatches batches(work, writes);
  work.transaction = work.store().begin_read();
  NX_TRY_DO(start_execution(request, work, !writes, &batches));
  NX_TRY(std::vector<List> rows, pull_all(work, rows_max_of(request)));
  Summary summary = summary_of(request, target);
  set_counters(summary, work.execution->counters());
  set_profile(summary, request, work);
  if (const auto& receipt = batches.last_receipt()) {
    summary.bookmark = bookmark_text(target.database->uuid_as_text(), receipt->timestamp);
    summary.durable = receipt->is_durable;
    summary.commit_ticket = receipt->ticket;
  }
  std::unique_ptr<Cursor> cursor = buffered(request, work, std::move(rows), std::move(summary));
  work.end();
  if (writes) request.core.manager->committed(target.database);
  return cursor;
}

// A composite database has no graph of its own: its constituents ask.
Result<> check_rights(const Request& request, const Target& target) {
  if (request.identity.account.empty() || target.is_system) return request.core.manager->authorize(request.identity, 0, "");
  Rights rights = right::kAccess;
  if (!target.is_composite) rights |= request.prepared->rights & ~(right::kShowSetting | right::kLoad);
  const std::string_view what = request.prepared->plan && !request.prepared->plan->writes() ? "Reading this database" : "Changing this database";
  return request.core.manager->authorize(request.identity, target, rights, what);
}

Result<> check_access(const Request& request, const Target& target) {
  const Rights on_instance = request.prepared->rights & (right::kShowSetting | right::kLoad);
  if (on_instance != 0) NX_TRY_DO(request.core.manager->authorize(request.identity, on_instance, "This statement"));
  if (target.is_system && !request.prepared->is_system_allowed) return not_allowed_on_system(*request.prepared);
  if (target.is_composite && request.prepared->plan->graph_access) {
    return Error(ErrorCode::GraphAccessOnComposite,
                 "Composite database '" + printable_name(target.name) +
                     "' has no graph of its own: what reads or writes one needs USE.",
                 *request.prepared->plan->graph_access);
  }
  if (request.prepared->plan->writes()) return check_write_access(request, target);
  return check_rights(request, target);
}

}  // namespace

Result<> check_write_access(const Request& request, const Target& target) {
  NX_TRY_DO(check_rights(request, target));
  if (request.options.access == AccessMode::Read) {
    return Error(ErrorCode::WriteInReadAccess,
                 "Writing in read access mode not allowed. Attempted write to " + printable_name(target.name) + ".");
  }
  if (target.is_read_only && !target.is_composite) {
    return Error(ErrorCode::WriteOnReadOnlyDatabase, "Database '" + printable_name(target.name) + "' is read-only.");
  }
  return Done{};
}

std::int64_t Request::deadline_nanoseconds(const Target& target) const {
  const std::uint64_t ms = smaller_limit(smaller_limit(options.timeout_ms, core.environment.settings.query_timeout_ms),
                                         target.query_timeout_ms);
  constexpr std::uint64_t kMsMax = 1'000'000'000;  // Eleven days: far from overflowing.
  return ms == 0 ? 0 : started_nanoseconds + static_cast<std::int64_t>(std::min(ms, kMsMax)) * 1'000'000;
}

Core::Core(InstanceSettings settings, Components components)
    : environment(std::move(settings), components), plans(kPlansMax) {}

Result<std::shared_ptr<const Prepared>> prepare(Core& core, std::string_view text) {
  if (auto cached = core.plans.find(text)) return cached;
  NX_TRY(syntax::Statement statement, syntax::parse(text, parse_limits(core)));
  auto prepared = std::make_shared<Prepared>();
  if (auto* query = std::get_if<syntax::RegularQuery>(&statement.node)) {
    NX_TRY_DO(note_rules(*query, core.procedures, *prepared));
    take_use(statement, *query);
    NX_TRY(plan::Statement bound, plan::bind(*query, {&core.procedures, nullptr}));
    if (core.environment.settings.optimize) optimizer::optimize(bound);
    prepared->rights = rights_of(bound, core.procedures);
    prepared->plan = std::make_shared<const plan::Statement>(std::move(bound));
    statement.node = syntax::RegularQuery{};  // The tree has done its part; only the head is kept.
  }
  if (!prepared->plan) prepared->rights = rights_of(statement);
  prepared->text = text;
  prepared->statement = std::move(statement);
  std::shared_ptr<const Prepared> done = std::move(prepared);
  if (done->plan) core.plans.add(text, done);
  return done;
}

Result<std::unique_ptr<Cursor>> explain(const Request& request, const Target& target) {
  NX_TRY(const std::shared_ptr<Work> work, request.core.manager->enter(target, request.identity));
  const std::lock_guard guard(work->mutex);
  NX_TRY_DO(work->begin_statement(request.deadline_nanoseconds(target),
                                  request.core.environment.settings.query_memory_bytes_max));
  work->transaction = work->store().begin_read();
  auto cursor = explain_in(request, target, *work->transaction);
  work->end();
  return cursor;
}

Result<std::unique_ptr<Cursor>> explain_in(const Request& request, const Target& target,
                                           const storage::Transaction& transaction) {
  Summary summary = summary_of(request, target);
  NX_TRY(const auto plan, plan_for(request, transaction));
  summary.plan = plan::to_text(*plan->root, plan->slot_names);
  summary.plan_tree = std::make_shared<const PlanTree>(plan_tree(*plan->root, plan->slot_names, nullptr));
  set_elapsed(summary, request);
  return std::unique_ptr<Cursor>(
      std::make_unique<BufferedCursor>(column_names(*request.prepared->plan), std::vector<List>(), std::move(summary),
                                       request.core.environment.settings.batch_rows));
}

Result<std::unique_ptr<Cursor>> run_query(const Request& request, const Target& target,
                                          const std::function<void(const std::shared_ptr<Work>&)>& on_start) {
  NX_TRY_DO(check_access(request, target));
  NX_TRY(const std::shared_ptr<Work> work, request.core.manager->enter(target, request.identity));
  const std::lock_guard guard(work->mutex);
  add_constituents(request.core, request.identity, target, work, {false, request.options.access == AccessMode::Read});
  NX_TRY_DO(work->begin_statement(request.deadline_nanoseconds(target),
                                  request.core.environment.settings.query_memory_bytes_max));
  work->note_statement({request.prepared, &request.prepared->text});
  on_start(work);
  const bool reads_first =
      request.prepared->plan->in_transactions ||
      (request.prepared->statement.mode == syntax::ExecutionMode::Profile && !request.prepared->plan->writes());
  if (reads_first || request.prepared->plan->writes()) {
    auto cursor = reads_first ? read_to_the_end(request, target, *work) : write_and_commit(request, target, *work);
    work->end();
    if (!cursor) return work->explain(std::move(cursor.error()));
    return cursor;
  }
  work->transaction = work->store().begin_read();
  if (auto started = start_execution(request, *work, true); !started) {
    work->end();
    return work->explain(std::move(started.error()));
  }
  return std::unique_ptr<Cursor>(
      std::make_unique<StreamingCursor>(work, request.prepared->plan, summary_of(request, target), rows_max_of(request),
                                        request.started_nanoseconds, request.core.environment.components.clock));
}

Result<std::unique_ptr<Cursor>> run_query_in(const Request& request, const Target& target,
                                             const std::shared_ptr<Work>& work, bool read_only) {
  NX_TRY_DO(check_access(request, target));
  NX_TRY_DO(work->begin_statement(request.deadline_nanoseconds(target),
                                  request.core.environment.settings.query_memory_bytes_max));
  work->note_statement({request.prepared, &request.prepared->text});
  auto rows = [&]() -> Result<std::vector<List>> {
    if (request.prepared->plan->writes() && work->transaction->has_schema_changes()) {
      return Error(ErrorCode::TransactionTypeForbidden,
                   "A transaction that has changed indexes or constraints cannot change data.");
    }
    NX_TRY_DO(start_execution(request, *work, read_only));
    NX_TRY(std::vector<List> all, pull_all(*work, rows_max_of(request)));
    if (request.prepared->plan->writes()) NX_TRY_DO(work->transaction->check_uniqueness());
    return all;
  }();
  if (!rows) {
    work->finish_statement();
    return work->explain(std::move(rows.error()));
  }
  Summary summary = summary_of(request, target);
  set_counters(summary, work->execution->counters());
  set_profile(summary, request, *work);
  std::unique_ptr<Cursor> cursor = buffered(request, *work, std::move(*rows), std::move(summary));
  work->finish_statement();
  return cursor;
}

void add_constituents(Core& core, const Identity& identity, const Target& target, const std::shared_ptr<Work>& work,
                      Constituents::Options options) {
  if (!target.is_composite) return;
  work->constituents = std::make_unique<Constituents>(*core.manager, identity, target.name, work, options);
}

Result<std::shared_ptr<Database>> commit_work(Work& work, Summary& summary) {
  std::shared_ptr<Database> written = work.shared_database();
  std::optional<storage::CommitReceipt> receipt;
  if (work.constituents) {
    NX_TRY(receipt, work.constituents->commit());
    if (receipt) written = work.constituents->written();
  } else if (work.transaction->has_writes()) {
    NX_TRY(receipt, work.database().commit(*work.transaction));
  }
  summary.bookmark =
      bookmark_text(written->uuid_as_text(), receipt ? receipt->timestamp : work.transaction->snapshot());
  if (receipt) {
    summary.durable = receipt->is_durable;
    summary.commit_ticket = receipt->ticket;
  }
  return written;
}

std::string bookmark_text(std::string_view uuid, storage::Timestamp timestamp) {
  return "nexus:" + std::string(uuid) + ":" + std::to_string(timestamp);
}

}  // namespace nexus::instance
