// FlatMap: the shape of every operator that turns one row into any number of rows.
//
// Invariant: the current input row stays put, and its scratch slots usable, between open()
// and the step() that answers false.
#pragma once

#include "exec/operator.h"

namespace nexus::exec {

class FlatMap : public Operator {
 protected:
  FlatMap(OperatorPtr input, std::size_t width) : input_(std::move(input), width) {}

  virtual Result<> open(Context& context, Value* row) = 0;
  // Appends one row made from `row` and answers true, or appends nothing and answers false:
  // `row` is used up.
  virtual Result<bool> step(Context& context, Value* row, Batch& batch) = 0;

 private:
  Result<> produce(Context& context, Batch& batch) final {
    while (!batch.is_full()) {
      NX_TRY_DO(context.tick());
      if (row_ == nullptr) {
        NX_TRY(row_, input_.next(context));
        if (row_ == nullptr) return Done{};
        NX_TRY_DO(open(context, row_));
      }
      NX_TRY(const bool made, step(context, row_, batch));
      if (!made) row_ = nullptr;
    }
    return Done{};
  }
  void restart() final {
    input_.rewind();
    row_ = nullptr;
  }

  InputRows input_;
  Value* row_ = nullptr;
};

}  // namespace nexus::exec
