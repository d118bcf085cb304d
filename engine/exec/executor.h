// Execution: one bound statement running in one transaction, pulled row by row in batches.
//
//   plan::Statement ─ start: lower ─ Operator tree ─ next: batches of hydrated rows
//
// Invariant: writes are complete, and dangling relationships refused (DeleteConnectedNode),
// only when next() has answered 0; the owner of the transaction pulls to the end before it
// commits, and rolls back after any error.
// Threads: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/components.h"
#include "base/memory_budget.h"
#include "base/result.h"
#include "exec/cancellation.h"
#include "exec/graph_source.h"
#include "exec/profile.h"
#include "exec/procedure_source.h"
#include "nexus/value.h"
#include "nexus/vfs.h"
#include "plan/plan.h"
#include "storage/transaction.h"

namespace nexus::exec {

// What a statement did, as clients see it in a result summary.
struct Counters {
  std::uint64_t nodes_created = 0;
  std::uint64_t nodes_deleted = 0;
  std::uint64_t relationships_created = 0;
  std::uint64_t relationships_deleted = 0;
  std::uint64_t properties_set = 0;
  std::uint64_t labels_added = 0;
  std::uint64_t labels_removed = 0;

  void add(const Counters& other);
};

constexpr std::size_t kBatchRowsMax = 1024;

// Where CALL … IN TRANSACTIONS gets the transactions of its batches.
class BatchTransactions {
 public:
  virtual ~BatchTransactions() = default;
  virtual Result<std::unique_ptr<storage::Transaction>> begin() = 0;
  virtual Result<> commit(storage::Transaction& transaction) = 0;
  // Between two attempts. False: this host cannot wait. TransactionTerminated, TransactionTimedOut.
  virtual Result<bool> pause(std::int64_t nanoseconds) = 0;
};

// Everything referred to must outlive the Execution.
struct ExecutionContext {
  storage::Transaction& transaction;
  const Map& parameters;
  Random& random;
  Clock& clock;
  MemoryBudget& budget;  // The statement's own.
  const Cancellation& cancellation;
  const ProcedureSource& procedures;
  std::string_view database_name;
  std::string_view database_uuid;  // Text form; it is part of every element id.
  bool read_only = false;          // A statement that writes answers WriteInReadAccess.
  std::int64_t statement_nanoseconds = 0;    // Wall clock, what datetime.statement() answers.
  std::int64_t transaction_nanoseconds = 0;
  BatchTransactions* batches = nullptr;      // Null: no IN TRANSACTIONS here.
  Vfs* import_files = nullptr;               // Null: no LOAD CSV here.
  bool profile = false;                      // Measure every operator.
  std::size_t batch_rows = kBatchRowsMax;    // 1..kBatchRowsMax; results never depend on it.
  Caller* caller = nullptr;                  // What procedures of the rungs above are given.
  GraphSource* graphs = nullptr;             // The graphs of a composite database; null: there is one graph only.
};

class Execution {
 public:
  // MissingParameter, WriteInReadAccess.
  static Result<std::unique_ptr<Execution>> start(std::shared_ptr<const plan::Statement> statement,
                                                  ExecutionContext context);
  ~Execution();

  // Appends rows as wide as Statement::columns, entities hydrated, and returns how many; 0 is
  // the end. A statement without columns runs to its end in the first call.
  Result<std::size_t> next(std::vector<List>& rows);
  // The same with the rows' cells in one piece; it answers the number of rows too.
  Result<std::size_t> next_cells(std::vector<Value>& cells);
  Counters counters() const;
  // Empty unless ExecutionContext::profile.
  const Profile& profile() const;

 private:
  struct Parts;
  explicit Execution(std::unique_ptr<Parts> parts);
  // How many rows are in the batch now; 0 is the end.
  Result<std::size_t> pull();
  void append_row(std::size_t row, List& cells);

  std::unique_ptr<Parts> parts_;
};

}  // namespace nexus::exec
