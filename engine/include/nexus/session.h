// Session: one client's conversation: who it is, its current database, its open transaction.
//
// Invariant: a session holds no database between statements; stopping or dropping a
// database never waits for an idle session.
// Threads: one statement at a time per session; different sessions are independent.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "nexus/value.h"

namespace nexus {

enum class AccessMode : std::uint8_t { Read, Write };

// Who asks. A host that makes one itself vouches for it, and it may do everything; one from
// Instance::authenticate() may do what the roles of that user allow whenever it does something.
struct Identity {
  std::string user;
  std::string account = {};  // The uuid of a user of the instance; empty: the host vouches.
};

struct RunOptions {
  std::string database;               // Empty: the session's. A leading USE wins over both.
  AccessMode access = AccessMode::Write;
  std::uint64_t timeout_ms = 0;       // 0: the server's limit.
  std::uint64_t rows_max = 0;         // 0: the server's limit; more rows are a LimitExceeded error.
  // False: BEGIN, COMMIT, ROLLBACK and :USE are refused as statements, for protocols that have
  // messages for them.
  bool session_commands = true;
  Map metadata;                       // What the client says about its transaction: tx.getMetaData().
  // TTL of a temporary database created without one; 0: it ends with this session. For hosts
  // whose sessions last for one statement.
  std::uint64_t temporary_ttl_seconds = 0;
};

struct UpdateCounters {
  std::uint64_t nodes_created = 0;
  std::uint64_t nodes_deleted = 0;
  std::uint64_t relationships_created = 0;
  std::uint64_t relationships_deleted = 0;
  std::uint64_t properties_set = 0;
  std::uint64_t labels_added = 0;
  std::uint64_t labels_removed = 0;
  std::uint64_t indexes_added = 0;
  std::uint64_t indexes_removed = 0;
  std::uint64_t constraints_added = 0;
  std::uint64_t constraints_removed = 0;
  std::uint64_t system_updates = 0;
  bool contains_updates() const {
    return (nodes_created | nodes_deleted | relationships_created | relationships_deleted | properties_set |
            labels_added | labels_removed | indexes_added | indexes_removed | constraints_added |
            constraints_removed) != 0;
  }
};

// All of them, by the names that JSON and JavaScript know them by.
struct UpdateCounter {
  std::string_view name;
  std::uint64_t UpdateCounters::*count;
};
inline constexpr UpdateCounter kUpdateCounters[] = {
    {"nodesCreated", &UpdateCounters::nodes_created},
    {"nodesDeleted", &UpdateCounters::nodes_deleted},
    {"relationshipsCreated", &UpdateCounters::relationships_created},
    {"relationshipsDeleted", &UpdateCounters::relationships_deleted},
    {"propertiesSet", &UpdateCounters::properties_set},
    {"labelsAdded", &UpdateCounters::labels_added},
    {"labelsRemoved", &UpdateCounters::labels_removed},
    {"indexesAdded", &UpdateCounters::indexes_added},
    {"indexesRemoved", &UpdateCounters::indexes_removed},
    {"constraintsAdded", &UpdateCounters::constraints_added},
    {"constraintsRemoved", &UpdateCounters::constraints_removed},
    {"systemUpdates", &UpdateCounters::system_updates},
};

// One operator of a plan and what it reads from; the counts after PROFILE only, without those of the children.
struct PlanTree {
  std::string operator_type;
  std::string details;
  std::optional<std::uint64_t> rows;
  std::optional<std::uint64_t> db_hits;
  std::optional<std::uint64_t> time_ns;
  std::vector<PlanTree> children;
  bool input_first = false;  // The first child is where rows come from; the others run for each row.
};

struct Summary {
  std::string database;        // The database that answered, aliases resolved.
  std::string statement_type;  // "r", "w", "rw", "s"
  UpdateCounters counters;
  std::string plan;            // EXPLAIN and PROFILE: the indented operator tree.
  std::shared_ptr<const PlanTree> plan_tree;  // The same as data.
  bool is_profile = false;     // The plan ran and was measured.
  std::string bookmark;        // After a commit.
  std::uint64_t elapsed_us = 0;
  // Set when the statement switched the session (":USE name").
  std::optional<std::string> switched_to;
  // False while an asynchronous host has not yet made the commit durable; the host then
  // waits for Instance::is_durable(commit_ticket).
  bool durable = true;
  std::uint64_t commit_ticket = 0;
};

// The rows of one statement, pulled in batches. Writes have already committed when run()
// returns (auto-commit), so a slow reader never holds a writer slot.
// Destroying a cursor early ends its statement.
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual const std::vector<std::string>& columns() const = 0;
  // Appends up to a batch of rows, each as wide as columns(); false when there were no more.
  virtual Result<bool> next(std::vector<List>& rows) = 0;
  // The same with the rows' cells in one piece, row after row: no list for each row is made.
  virtual Result<bool> next_cells(std::vector<Value>& cells);
  // Complete once next() has answered false.
  virtual const Summary& summary() const = 0;
};

class Session {
 public:
  virtual ~Session() = default;

  // Exactly one statement; trailing text is an error.
  virtual Result<std::unique_ptr<Cursor>> run(std::string_view text, const Map& parameters, const RunOptions& options = {}) = 0;

  // The current database's name as chosen (an alias stays an alias).
  virtual std::string database() const = 0;
  // Switches; DatabaseNotFound, DatabaseUnavailable, Forbidden. Refused inside a transaction.
  virtual Result<> use(std::string_view name) = 0;

  // An explicit transaction on one database; statements run inside it until it ends. The
  // statements BEGIN, COMMIT and ROLLBACK do the same.
  virtual Result<> begin(const RunOptions& options = {}) = 0;
  virtual Result<Summary> commit() = 0;
  virtual Result<> rollback() = 0;
  virtual bool in_transaction() const = 0;

  // Threads: may be called from any thread; the running statement ends with TransactionTerminated.
  virtual void interrupt() = 0;
};

struct Table {
  std::vector<std::string> columns;
  std::vector<List> rows;
  Summary summary;
};
// Pulls everything. For tests, shells and small results.
Result<Table> collect(Cursor& cursor);
// run() and collect() in one.
Result<Table> query(Session& session, std::string_view text, const Map& parameters = {}, const RunOptions& options = {});

}  // namespace nexus
