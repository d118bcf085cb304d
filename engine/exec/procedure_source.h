// What execution needs of a procedure: something that turns arguments into a stream of rows.
//
// Procedures are written on a rung above (procedure/, instance/, tests); execution meets
// them through these interfaces only.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "exec/cancellation.h"
#include "plan/plan.h"
#include "storage/transaction.h"

namespace nexus::exec {

struct Counters;

// Whoever runs the statement, as the rungs above know it; the others pass it on.
class Caller {
 protected:
  ~Caller() = default;
};

// What a procedure may use while it runs; all of it outlives the stream.
struct ProcedureContext {
  storage::Transaction& transaction;
  Counters& counters;  // What it writes is counted here (exec/executor.h).
  const function::GraphView& graph;
  Clock& clock;
  Random& random;
  MemoryBudget& budget;
  const Cancellation& cancellation;
  std::string_view database_name;
  Caller* caller = nullptr;
};

class RowStream {
 public:
  virtual ~RowStream() = default;
  // Replaces `row` by the next one, as wide as the signature's outputs; false at the end.
  virtual Result<bool> next(List& row) = 0;
};
using StreamResult = Result<std::unique_ptr<RowStream>>;

class Procedure {
 public:
  virtual ~Procedure() = default;
  virtual const plan::ProcedureSignature& signature() const = 0;
  // Requires: one argument per input (defaults filled in), each null or of the input's types;
  // an Integer for a Float-only input has been converted.
  virtual StreamResult call(ProcedureContext& context, List arguments) const = 0;
};

class ProcedureSource {
 public:
  virtual ~ProcedureSource() = default;
  // Ignores case; nullptr when there is none. The procedure lives as long as the source.
  virtual const Procedure* find_procedure(std::string_view name) const = 0;
};

// The stream of a procedure that has all its rows at hand.
class ListStream final : public RowStream {
 public:
  explicit ListStream(std::vector<List> rows) : rows_(std::move(rows)) {}
  Result<bool> next(List& row) override {
    if (at_ == rows_.size()) return false;
    row = std::move(rows_[at_++]);
    return true;
  }

 private:
  std::vector<List> rows_;
  std::size_t at_ = 0;
};

}  // namespace nexus::exec
