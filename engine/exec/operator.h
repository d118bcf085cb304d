// Operator: one step of a running statement; pulls rows from its inputs and adds to them.
//
// Contract of produce(): append between 1 and batch.room() rows, or none, which is the end.
// Rows that were in the batch before belong to others and stay untouched. next() checks
// this, and cancellation, for all operators at once.
#pragma once

#include <memory>
#include <string>

#include "exec/batch.h"
#include "exec/context.h"
#include "exec/evaluator.h"

namespace nexus::exec {

// The outer row an inner plan starts from (null: none, all slots are null). The owner of the
// inner plan points it at a row and rewinds the plan.
struct OuterRow {
  const Value* row = nullptr;
};
using OuterRowPtr = std::shared_ptr<OuterRow>;

class Operator {
 public:
  virtual ~Operator() = default;

  // Appends rows; when none come, this was the end. Requires: !batch.is_full().
  Result<> next(Context& context, Batch& batch);
  // Back to before the first row.
  void rewind() {
    ended_ = false;
    restart();
  }
  // Measures every next() into `into`, which outlives this.
  void measure(OperatorProfile& into) { profile_ = &into; }
  // One line for people: "Expand (n)-[r:KNOWS]->(m)".
  virtual std::string describe() const = 0;

 protected:
  virtual Result<> produce(Context& context, Batch& batch) = 0;
  virtual void restart() = 0;

 private:
  Result<> produce_measured(Context& context, Batch& batch);

  bool ended_ = false;
  OperatorProfile* profile_ = nullptr;
};
using OperatorPtr = std::unique_ptr<Operator>;

// The input of an operator, row by row.
class InputRows {
 public:
  InputRows(OperatorPtr input, std::size_t width) : input_(std::move(input)), batch_(width, 1) {}

  // Null at the end. The row is the caller's to change; it is valid until the next call.
  Result<Value*> next(Context& context) {
    if (at_ == batch_.rows()) {
      NX_TRY_DO(refill(context));
      if (batch_.rows() == 0) return static_cast<Value*>(nullptr);
    }
    return batch_.row(at_++);
  }
  void rewind() {
    input_->rewind();
    batch_.clear();
    at_ = 0;
    rows_wanted_ = 1;
  }

 private:
  // Why growing: whoever wants one row shall not pay for a thousand.
  Result<> refill(Context& context) {
    batch_.clear();
    batch_.set_rows_max(std::min(rows_wanted_, context.batch_rows()));
    rows_wanted_ = std::min(rows_wanted_ * 4, kBatchRowsMax);
    at_ = 0;
    return input_->next(context, batch_);
  }

  OperatorPtr input_;
  Batch batch_;
  std::size_t at_ = 0;
  std::size_t rows_wanted_ = 1;
};

}  // namespace nexus::exec
