// Skip and Limit: leave out the first rows, or all but the first.
//
// Invariant: Limit never asks its input again once it has its rows, so a LIMIT above an
// expensive scan costs no more than it returns. Only an input that writes is run to its end.
#include <algorithm>

#include "exec/operators/operators.h"

namespace nexus::exec {

Result<std::uint64_t> row_count(Evaluator& count, Context& context, const OuterRow& outer, std::size_t width) {
  List row(width);
  if (outer.row != nullptr) std::copy(outer.row, outer.row + width, row.begin());
  NX_TRY(const Value value, count.evaluate(context, row.data()));
  if (!value.is(Type::Integer)) {
    return Error{ErrorCode::InvalidArgumentTypeRuntime,
                 "SKIP and LIMIT take an INTEGER, got " + std::string(type_name(value.type()))};
  }
  if (value.integer() < 0) {
    return Error{ErrorCode::NegativeIntegerArgumentRuntime,
                 "SKIP and LIMIT take no negative number, got " + std::to_string(value.integer())};
  }
  return static_cast<std::uint64_t>(value.integer());
}

namespace {

class Skip final : public Operator {
 public:
  Skip(OperatorPtr input, std::size_t width, EvaluatorPtr count, OuterRowPtr outer)
      : input_(std::move(input)), width_(width), count_(std::move(count)), outer_(std::move(outer)) {}
  std::string describe() const override { return "Skip"; }

 private:
  Result<> produce(Context& context, Batch& batch) override {
    if (!left_) {
      NX_TRY(left_, row_count(*count_, context, *outer_, width_));
    }
    const std::size_t begin = batch.rows();
    for (;;) {
      NX_TRY_DO(input_->next(context, batch));
      const std::size_t got = batch.rows() - begin;
      if (*left_ == 0 || got == 0) return Done{};
      const auto dropped = static_cast<std::size_t>(std::min<std::uint64_t>(*left_, got));
      *left_ -= dropped;
      for (std::size_t i = begin + dropped; i < batch.rows(); ++i) batch.shift(i, i - dropped);
      batch.truncate(batch.rows() - dropped);
      if (batch.rows() != begin) return Done{};
    }
  }
  void restart() override {
    input_->rewind();
    left_.reset();
  }

  OperatorPtr input_;
  std::size_t width_;
  EvaluatorPtr count_;
  OuterRowPtr outer_;
  std::optional<std::uint64_t> left_;
};

class Limit final : public Operator {
 public:
  Limit(OperatorPtr input, std::size_t width, EvaluatorPtr count, OuterRowPtr outer, bool drains)
      : input_(std::move(input)),
        count_(std::move(count)),
        outer_(std::move(outer)),
        drains_(drains),
        scratch_(width, kBatchRowsMax) {}
  std::string describe() const override { return "Limit"; }

 private:
  Result<> produce(Context& context, Batch& batch) override {
    if (!left_) {
      NX_TRY(left_, row_count(*count_, context, *outer_, scratch_.width()));
    }
    if (*left_ == 0) return drains_ ? drain(context) : Result<>(Done{});
    const std::size_t begin = batch.rows();
    const std::size_t rows_max = batch.rows_max();
    batch.set_rows_max(begin + static_cast<std::size_t>(std::min<std::uint64_t>(*left_, batch.room())));
    NX_TRY_DO(input_->next(context, batch));
    batch.set_rows_max(rows_max);
    *left_ -= batch.rows() - begin;
    return Done{};
  }
  Result<> drain(Context& context) {
    do {
      scratch_.clear();
      NX_TRY_DO(input_->next(context, scratch_));
    } while (scratch_.rows() != 0);
    return Done{};
  }
  void restart() override {
    input_->rewind();
    left_.reset();
  }

  OperatorPtr input_;
  EvaluatorPtr count_;
  OuterRowPtr outer_;
  bool drains_;
  Batch scratch_;
  std::optional<std::uint64_t> left_;
};

}  // namespace

OperatorPtr make_skip(OperatorPtr input, std::size_t width, EvaluatorPtr count, OuterRowPtr outer) {
  return std::make_unique<Skip>(std::move(input), width, std::move(count), std::move(outer));
}
OperatorPtr make_limit(OperatorPtr input, std::size_t width, EvaluatorPtr count, OuterRowPtr outer, bool drains) {
  return std::make_unique<Limit>(std::move(input), width, std::move(count), std::move(outer), drains);
}

}  // namespace nexus::exec
