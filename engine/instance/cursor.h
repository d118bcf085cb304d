// The two cursors: one that has its rows, one that fetches them from a running statement.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "instance/work.h"
#include "nexus/session.h"

namespace nexus::instance {

// Rows at hand: writes, commands, and statements of an explicit transaction. Their memory
// stays charged to the database until the cursor goes.
class BufferedCursor final : public Cursor {
 public:
  BufferedCursor(std::vector<std::string> columns, std::vector<List> rows, Summary summary, std::size_t batch_rows)
      : columns_(std::move(columns)), rows_(std::move(rows)), summary_(std::move(summary)), batch_rows_(batch_rows) {}

  void hold(std::shared_ptr<Database> database, std::unique_ptr<MemoryBudget> budget) {
    database_ = std::move(database);
    budget_ = std::move(budget);
  }

  const std::vector<std::string>& columns() const override { return columns_; }
  const Summary& summary() const override { return summary_; }
  Result<bool> next(std::vector<List>& rows) override;

 private:
  std::vector<std::string> columns_;
  std::vector<List> rows_;
  Summary summary_;
  std::size_t batch_rows_;
  std::size_t at_ = 0;
  std::shared_ptr<Database> database_;  // Outlives budget_, its child.
  std::unique_ptr<MemoryBudget> budget_;
};

// Rows of a read statement that runs as it is pulled.
//
// Invariant: whatever happens, the work has ended when next() has answered false or an error.
class StreamingCursor final : public Cursor {
 public:
  StreamingCursor(std::shared_ptr<Work> work, std::shared_ptr<const plan::Statement> plan, Summary summary,
                  std::uint64_t rows_max, std::int64_t started_nanoseconds, Clock& clock);
  ~StreamingCursor() override;

  const std::vector<std::string>& columns() const override { return columns_; }
  const Summary& summary() const override { return summary_; }
  Result<bool> next(std::vector<List>& rows) override;
  Result<bool> next_cells(std::vector<Value>& cells) override;

 private:
  // Of both: `more` is the execution's next() or next_cells(). It answers how many rows it appended.
  template <class Appended>
  Result<bool> pull(Appended more);
  template <class Appended>
  Result<std::size_t> fetch(Appended more);

  std::shared_ptr<Work> work_;
  std::shared_ptr<const plan::Statement> plan_;
  std::vector<std::string> columns_;
  Summary summary_;
  std::uint64_t rows_max_;
  std::uint64_t rows_seen_ = 0;
  std::int64_t started_nanoseconds_;
  Clock& clock_;
  bool is_done_ = false;
};

std::vector<std::string> column_names(const plan::Statement& plan);
Error too_many_rows(std::uint64_t rows_max);

}  // namespace nexus::instance
