#include "instance/session_impl.h"

#include <algorithm>

#include "base/match.h"
#include "instance/database_name.h"
#include "instance/literal.h"
#include "instance/schema_commands.h"
#include "instance/system/admin.h"

namespace nexus::instance {
namespace {

Error no_transaction(std::string_view command) {
  return Error(ErrorCode::TransactionNotFound, std::string(command) + ": there is no open transaction.");
}

Error failed_transaction() {
  return Error(ErrorCode::TransactionTerminated, "The transaction has failed and was rolled back; ROLLBACK ends it.");
}

// What SHOW TRANSACTIONS says about it: never a password.
std::shared_ptr<const std::string> text_to_show(const std::shared_ptr<const Prepared>& prepared) {
  if (!is_about_access(prepared->statement)) return {prepared, &prepared->text};
  return std::make_shared<const std::string>("(a command about users, roles or privileges)");
}

// A COMMIT ends what was begun, however it comes out.
struct EndOfAdministration {
  Administration& administration;
  ~EndOfAdministration() { administration.discard(); }
};

}  // namespace

SessionImpl::SessionImpl(Core& core, Identity identity, std::string database)
    : core_(core), caller_(std::make_shared<Caller>(core.manager, core.environment, std::move(identity))), database_(std::move(database)) {}

SessionImpl::~SessionImpl() {
  if (transaction_) {
    const std::lock_guard guard(transaction_->mutex);
    transaction_->end();
  }
  caller_->administration.discard();
  caller_->administration.drop_temporary();
}

SessionImpl::CursorResult SessionImpl::run(std::string_view text, const Map& parameters, const RunOptions& options) {
  const std::int64_t started = core_.environment.now();
  auto prepared = prepare(core_, text);
  if (!prepared) {
    fail_transaction();
    return std::move(prepared.error());
  }
  if (!transaction_) caller_->metadata = options.metadata;
  Request request{core_, caller_->identity, caller_, *prepared, parameters, options, started};
  if (is_schema_command((*prepared)->statement)) return run_schema(std::move(request));
  if (!(*prepared)->plan) return run_command(*prepared, parameters, options);
  if (transaction_) return run_in_transaction(std::move(request));
  NX_TRY(const Target target, choose_target(request, options.database.empty() ? database_ : options.database));
  switch ((*prepared)->statement.mode) {
    case syntax::ExecutionMode::Explain: return explain(request, target);
    case syntax::ExecutionMode::Profile:
    case syntax::ExecutionMode::Run: break;
  }
  return run_query(request, target, [this](const std::shared_ptr<Work>& work) { track(work); });
}

SessionImpl::CursorResult SessionImpl::run_in_transaction(Request request) {
  if (transaction_has_failed_) return failed_transaction();
  auto cursor = [&]() -> CursorResult {
    const std::string& name = transaction_target_.name;
    const std::string& asked = request.options.database;
    if (!asked.empty() && core_.manager->look_up(caller_->identity, asked).database != name) {
      return Error(ErrorCode::UseMismatch, "The open transaction is on database '" + printable_name(name) + "'.");
    }
    if (request.prepared->is_administration && !transaction_target_.is_system) {
      return Error(ErrorCode::TransactionTypeForbidden, "Administration is not possible inside a transaction on data.");
    }
    // Not looked up again: a transaction that runs while its database is being stopped has its grace.
    const Target& target = transaction_target_;
    NX_TRY_DO(check_uses(request, target));
    switch (request.prepared->statement.mode) {
      case syntax::ExecutionMode::Explain: {
        const std::lock_guard guard(transaction_->mutex);
        if (transaction_->has_ended()) return transaction_->ended_error();
        return explain_in(request, target, *transaction_->transaction);
      }
      case syntax::ExecutionMode::Profile:
      case syntax::ExecutionMode::Run: break;
    }
    if (transaction_is_read_only_) request.options.access = AccessMode::Read;
    const std::lock_guard guard(transaction_->mutex);
    return run_query_in(request, target, transaction_, transaction_is_read_only_);
  }();
  if (!cursor) fail_transaction();
  return cursor;
}

SessionImpl::CursorResult SessionImpl::run_schema(Request request) {
  if (request.prepared->statement.mode != syntax::ExecutionMode::Run) {
    return system::not_implemented("EXPLAIN and PROFILE of a command", request.prepared->statement.position);
  }
  if (!transaction_) {
    const std::string& named = request.options.database;
    NX_TRY(const Target target, choose_target(request, named.empty() ? database_ : named));
    return run_schema_command(request, target, [this](const std::shared_ptr<Work>& work) { track(work); });
  }
  if (transaction_has_failed_) return failed_transaction();
  auto cursor = [&]() -> CursorResult {
    NX_TRY_DO(check_uses(request, transaction_target_));
    if (transaction_is_read_only_) request.options.access = AccessMode::Read;
    const std::lock_guard guard(transaction_->mutex);
    return run_schema_command_in(request, transaction_target_, *transaction_);
  }();
  if (!cursor) fail_transaction();
  return cursor;
}

// Any error rolls the whole transaction back.
void SessionImpl::fail_transaction() {
  if (!transaction_ || transaction_has_failed_) return;
  transaction_has_failed_ = true;
  caller_->administration.discard();
  const std::lock_guard guard(transaction_->mutex);
  transaction_->end();
}

SessionImpl::CursorResult SessionImpl::run_command(const PreparedPtr& command_text, const Map& parameters,
                                                   const RunOptions& options) {
  const Prepared& prepared = *command_text;
  if (prepared.statement.mode != syntax::ExecutionMode::Run) {
    return system::not_implemented("EXPLAIN and PROFILE of a command", prepared.statement.position);
  }
  const bool is_of_session = std::holds_alternative<syntax::TransactionCommand>(prepared.statement.node) ||
                             std::holds_alternative<syntax::SessionUse>(prepared.statement.node);
  if (is_of_session && !options.session_commands) {
    fail_transaction();
    return Error(ErrorCode::TransactionTypeForbidden,
                 "BEGIN, COMMIT, ROLLBACK and :USE are not statements here; the client has its own ways for them.",
                 prepared.statement.position);
  }
  if (const auto* command = std::get_if<syntax::TransactionCommand>(&prepared.statement.node)) {
    return control_transaction(command->kind, options);
  }
  if (const auto* use = std::get_if<syntax::SessionUse>(&prepared.statement.node)) {
    return switch_database(prepared, *use, parameters);
  }
  auto cursor = administer(command_text, parameters, options);
  if (!cursor) fail_transaction();
  return cursor;
}

Result<> SessionImpl::check_administration(const Prepared& prepared, const Map& parameters) const {
  if (transaction_ && !transaction_target_.is_system) {
    return Error(ErrorCode::TransactionTypeForbidden, "Administration is not possible inside a transaction on data.",
                 prepared.statement.position);
  }
  if (transaction_ && transaction_has_failed_) return failed_transaction();
  if (transaction_ && transaction_is_read_only_) {
    return Error(ErrorCode::WriteInReadAccess, "Administration is not possible in read access mode.",
                 prepared.statement.position);
  }
  if (!prepared.statement.use) return Done{};
  NX_TRY(const std::string name, graph_name(*prepared.statement.use, parameters));
  if (fold_database_name(name) == kSystemDatabase) return Done{};
  return Error(ErrorCode::NotSystemDatabase,
               "This is an administration command and it runs on the system database only.",
               prepared.statement.position);
}

SessionImpl::CursorResult SessionImpl::administer(const PreparedPtr& prepared, const Map& parameters,
                                                  const RunOptions& options) {
  NX_TRY_DO(check_administration(*prepared, parameters));
  const std::int64_t started = core_.environment.now();
  bool wait = false;
  Summary summary;
  auto updates = [&]() -> Result<std::uint64_t> {
    Administration& administration = caller_->administration;
    Administration::Command command{prepared, parameters, options.temporary_ttl_seconds, {}, 0};
    if (!transaction_) return administration.run(std::move(command), wait);
    const Request request{core_, caller_->identity, caller_, prepared, parameters, options, started};
    const std::lock_guard guard(transaction_->mutex);
    NX_TRY_DO(transaction_->begin_statement(request.deadline_nanoseconds(transaction_target_), 0));
    transaction_->note_statement(text_to_show(prepared));
    auto done = administration.run(std::move(command), wait);
    // What WAIT has committed is there, whoever wanted it to end.
    const auto checked = wait ? Done{} : transaction_->cancellation().check(core_.environment.components.clock);
    transaction_->finish_statement();
    if (done && !checked) return transaction_->explain(checked.error());
    return done;
  }();
  if (!updates) return std::move(updates.error());
  summary.counters.system_updates = *updates;
  summary.database = kSystemDatabase;
  summary.statement_type = "s";
  summary.elapsed_us = static_cast<std::uint64_t>(core_.environment.now() - started) / 1'000;
  if (!wait) return answer({}, {}, std::move(summary));
  List row{Value::string(core_.environment.settings.address), Value::string("CaughtUp"), Value::string("caught up"),
           Value::boolean(true)};
  return answer({"address", "state", "message", "success"}, {std::move(row)}, std::move(summary));
}

SessionImpl::CursorResult SessionImpl::control_transaction(syntax::TransactionCommand::Kind kind,
                                                           const RunOptions& options) {
  Summary summary;
  summary.database = transaction_ ? transaction_target_.name : fold_database_name(database_);
  summary.statement_type = "r";
  switch (kind) {
    case syntax::TransactionCommand::Kind::Begin: NX_TRY_DO(begin(options)); break;
    case syntax::TransactionCommand::Kind::Commit: {
      NX_TRY(summary, commit());
      break;
    }
    case syntax::TransactionCommand::Kind::Rollback: NX_TRY_DO(rollback()); break;
  }
  return answer({}, {}, std::move(summary));
}

SessionImpl::CursorResult SessionImpl::switch_database(const Prepared& prepared, const syntax::SessionUse& command,
                                                       const Map& parameters) {
  Summary summary;
  summary.statement_type = "r";
  const auto& graph = command.graph ? command.graph : prepared.statement.use;
  if (!graph) {
    summary.database = fold_database_name(database_);
    return answer({"database"}, {{Value::string(database_)}}, std::move(summary));
  }
  NX_TRY(const std::string name, graph_name(*graph, parameters));
  NX_TRY_DO(use(name));
  summary.database = database_;
  summary.switched_to = database_;
  return answer({}, {}, std::move(summary));
}

Result<> SessionImpl::use(std::string_view name) {
  if (transaction_) {
    return Error(ErrorCode::TransactionAlreadyOpen, "The database cannot be switched inside a transaction.");
  }
  NX_TRY(const Target target, core_.manager->find(caller_->identity, name, right::kAccess));
  database_ = fold_database_name(name);
  return Done{};
}

Result<> SessionImpl::begin(const RunOptions& options) {
  if (transaction_) return Error(ErrorCode::TransactionAlreadyOpen, "BEGIN: a transaction is open already.");
  NX_TRY(Target target, core_.manager->find(caller_->identity, options.database.empty() ? database_ : options.database,
                                            right::kAccess));
  const bool read_only = options.access == AccessMode::Read || target.is_read_only;
  NX_TRY(const std::shared_ptr<Work> work, core_.manager->enter(target, caller_->identity));
  {
    const std::lock_guard guard(work->mutex);
    if (work->has_ended()) return work->ended_error();
    if (read_only) {
      work->transaction = work->store().begin_read();
    } else {
      NX_TRY_DO(work->begin_explicit());
    }
    work->transaction_nanoseconds = core_.environment.wall();
    add_constituents(core_, caller_->identity, target, work, {true, options.access == AccessMode::Read});
  }
  caller_->metadata = options.metadata;
  transaction_ = work;
  transaction_target_ = std::move(target);
  transaction_is_read_only_ = options.access == AccessMode::Read;
  transaction_has_failed_ = false;
  if (transaction_target_.is_system) caller_->administration.begin();
  track(work);
  return Done{};
}

Result<Summary> SessionImpl::commit() {
  if (!transaction_) return no_transaction("COMMIT");
  const std::shared_ptr<Work> work = std::move(transaction_);
  transaction_.reset();
  if (transaction_has_failed_) return failed_transaction();
  const EndOfAdministration end{caller_->administration};
  Summary summary;
  summary.database = transaction_target_.name;
  summary.statement_type = "w";
  std::shared_ptr<Database> written;
  {
    const std::lock_guard guard(work->mutex);
    if (work->has_ended()) return work->ended_error();
    auto committed = [&]() -> Result<std::shared_ptr<Database>> {
      NX_TRY_DO(caller_->administration.commit());
      return commit_work(*work, summary);
    }();
    if (!committed) {
      work->end();
      return work->explain(std::move(committed.error()));
    }
    written = std::move(*committed);
    work->end();
  }
  core_.manager->committed(written);
  return summary;
}

Result<> SessionImpl::rollback() {
  if (!transaction_) return no_transaction("ROLLBACK");
  const std::shared_ptr<Work> work = std::move(transaction_);
  transaction_.reset();
  const std::lock_guard guard(work->mutex);
  work->end();
  caller_->administration.discard();
  return Done{};
}

void SessionImpl::interrupt() {
  const std::lock_guard guard(running_mutex_);
  for (const auto& weak : running_) {
    if (const auto work = weak.lock()) work->interrupt();
  }
}

void SessionImpl::track(const std::shared_ptr<Work>& work) {
  const std::lock_guard guard(running_mutex_);
  running_.erase(std::remove_if(running_.begin(), running_.end(), [](const auto& weak) { return weak.expired(); }),
                 running_.end());
  running_.push_back(work);
}

std::unique_ptr<Cursor> SessionImpl::answer(std::vector<std::string> columns, std::vector<List> rows,
                                            Summary summary) const {
  return std::make_unique<BufferedCursor>(std::move(columns), std::move(rows), std::move(summary),
                                          core_.environment.settings.batch_rows);
}

}  // namespace nexus::instance
