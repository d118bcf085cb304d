// WriteOperator: the shape of every writing clause, with its barriers.
//
// Invariant: with barriers.before no row is written before the input has ended; with
// barriers.after no row goes on before the last is written. Without either, batches stream.
#pragma once

#include "exec/operator.h"
#include "exec/operators/writes.h"
#include "exec/row_buffer.h"

namespace nexus::exec {

class WriteOperator : public Operator {
 protected:
  WriteOperator(OperatorPtr input, std::size_t width, Barriers barriers, MemoryBudget& budget)
      : input_(std::move(input)), batch_(width, kBatchRowsMax), rows_(width, budget), barriers_(barriers) {}

  virtual Result<> write(Context& context, Value* row) = 0;
  // After the last row of the input.
  virtual Result<> finish(Context& context) {
    (void)context;
    return Done{};
  }

 private:
  Result<> produce(Context& context, Batch& batch) final {
    if (!barriers_.before && !barriers_.after) return stream(context, batch);
    if (!is_written_) {
      NX_TRY_DO(write_all(context));
      is_written_ = true;
    }
    for (; at_ < rows_.rows() && !batch.is_full(); ++at_) batch.append_moved(rows_.row(at_));
    return Done{};
  }

  Result<> stream(Context& context, Batch& batch) {
    const std::size_t begin = batch.rows();
    NX_TRY_DO(input_->next(context, batch));
    for (std::size_t i = begin; i < batch.rows(); ++i) NX_TRY_DO(write(context, batch.row(i)));
    return batch.rows() == begin ? finish(context) : Result<>(Done{});
  }

  Result<> write_all(Context& context) {
    for (;;) {
      batch_.clear();
      batch_.set_rows_max(context.batch_rows());
      NX_TRY_DO(input_->next(context, batch_));
      if (batch_.rows() == 0) break;
      for (std::size_t i = 0; i < batch_.rows(); ++i) {
        if (!barriers_.before) NX_TRY_DO(write(context, batch_.row(i)));
        NX_TRY_DO(rows_.add_moved(batch_.row(i)));
      }
    }
    for (std::size_t i = 0; barriers_.before && i < rows_.rows(); ++i) {
      NX_TRY_DO(context.tick());
      NX_TRY_DO(write(context, rows_.row(i)));
    }
    return finish(context);
  }

  void restart() final {
    input_->rewind();
    rows_.clear();
    is_written_ = false;
    at_ = 0;
  }

  OperatorPtr input_;
  Batch batch_;
  RowBuffer rows_;
  Barriers barriers_;
  bool is_written_ = false;
  std::size_t at_ = 0;
};

}  // namespace nexus::exec
