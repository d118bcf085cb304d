// Work: one transaction and the statement that runs in it, as something a database can end.
//
//   entered ─ begin ─ step, step, … ─ end        by its owner: the end of a cursor, COMMIT, ROLLBACK
//                       └─ terminate ─ ended     by the database (STOP, DROP, shutdown), from another thread
//
// A cursor or a session owns it; the database knows it as long as it is entered. Whoever
// steps holds `mutex`, so that terminate() can take the transaction away between two steps
// of a client that no longer pulls.
//
// Invariant: the database cannot close its store while a work is entered in it.
// Threads: stop_soon() and terminate() from anywhere; the rest by the owner with `mutex` held.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "exec/executor.h"
#include "instance/access_control.h"
#include "instance/database.h"
#include "storage/snapshot.h"

namespace nexus::instance {

class Constituents;

class Work : public std::enable_shared_from_this<Work> {
 public:
  // For SHOW TRANSACTIONS.
  struct Facts {
    std::uint64_t number = 0;
    std::string database;
    std::string user;
    std::shared_ptr<const std::string> text;  // Of the running statement; null between statements.
    std::int64_t started_wall = 0;
    std::int64_t started = 0;            // Monotonic.
    std::int64_t statement_started = 0;  // The same.
    std::optional<Error> reason;         // Why it was asked to end.
  };

  // Enters the database, which opens its store when it has to. DatabaseUnavailable, DatabaseFailed.
  // `forbidden_names` are those of right::kNewNames that its transactions may not bring.
  static Result<std::shared_ptr<Work>> enter(std::shared_ptr<Database> database, std::string name, Identity identity,
                                             Rights forbidden_names = 0);
  ~Work();
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  // Asks the running statement to stop; it fails with `reason` at its next check.
  void stop_soon(const Error& reason);
  // The same for a client: nothing happens when no statement runs.
  void interrupt();
  // stop_soon(), then waits for the step in progress and takes the transaction away.
  void terminate(const Error& reason);

  // What TERMINATE TRANSACTIONS does: a running statement ends at its next check, an idle transaction at once.
  // Requires: no work's `mutex` is needed by whoever holds this one's; a statement may call it, even on its own work.
  void terminate_from_statement(const Error& reason);
  // The work that stops when this one is asked to: a statement on a composite database.
  void set_host(std::weak_ptr<Work> host);
  Facts facts() const;
  void note_statement(std::shared_ptr<const std::string> text);

  Database& database() const { return *database_; }
  const std::string& database_name() const { return name_; }
  storage::Store& store() const { return database_->store(); }
  const Identity& identity() const { return identity_; }

  std::mutex mutex;

  // With `mutex` held:
  bool has_ended() const { return ended_; }
  // Rolls back what is not committed and leaves the database. Nothing happens the second time.
  void end();
  // A statement begins: a fresh deadline and budget. The error when the work was terminated.
  Result<> begin_statement(std::int64_t deadline_nanoseconds, std::uint64_t memory_bytes_max);
  void finish_statement();
  const exec::Cancellation& cancellation() const { return *cancellation_; }
  MemoryBudget& budget() const { return *budget_; }
  // For rows that outlive the statement.
  std::unique_ptr<MemoryBudget> take_budget() { return std::move(budget_); }
  const std::shared_ptr<Database>& shared_database() const { return database_; }
  // Its own transaction, or another one, for writing as whoever entered may write.
  Result<> begin_write(const storage::WaitLimits& limits);
  Result<> begin_explicit();
  Result<std::unique_ptr<storage::Transaction>> new_write(const storage::WaitLimits& limits) const;
  // Why the work was ended from outside, in place of `error`.
  Error explain(Error error) const;
  Error ended_error() const;

  std::unique_ptr<storage::Transaction> transaction;
  std::unique_ptr<storage::Snapshot> snapshot;  // Of a copy or dump in progress.
  std::int64_t transaction_nanoseconds = 0;
  // Of the running statement; the execution refers to them.
  Map parameters;
  std::shared_ptr<exec::Caller> caller;
  std::shared_ptr<const plan::Statement> plan;  // What `execution` runs.
  // On a composite database: its constituents as far as they are in use. Outlives the execution.
  std::unique_ptr<Constituents> constituents;
  std::unique_ptr<exec::Execution> execution;

 private:
  Work(std::shared_ptr<Database> database, std::string name, Identity identity, Rights forbidden_names);

  const std::shared_ptr<Database> database_;
  const std::string name_;
  const Identity identity_;
  const Rights forbidden_names_;
  const std::uint64_t number_;
  const std::int64_t started_wall_;
  const std::int64_t started_;
  bool entered_ = false;
  bool ended_ = false;
  std::unique_ptr<MemoryBudget> budget_;

  mutable std::mutex flag_mutex_;  // Guards what follows. Never held for long.
  std::unique_ptr<exec::Cancellation> cancellation_;
  std::weak_ptr<Work> host_;
  std::shared_ptr<const std::string> statement_text_;
  std::int64_t statement_started_ = 0;
  bool interrupted_ = false;
  std::optional<Error> reason_;
};

}  // namespace nexus::instance
