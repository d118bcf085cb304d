// Filter: keeps the rows for which the predicate is true; null is not.
#include "exec/operators/operators.h"

namespace nexus::exec {

namespace {

class Filter final : public Operator {
 public:
  Filter(OperatorPtr input, EvaluatorPtr predicate) : input_(std::move(input)), predicate_(std::move(predicate)) {}
  std::string describe() const override { return "Filter"; }

 private:
  Result<> produce(Context& context, Batch& batch) override {
    const std::size_t begin = batch.rows();
    while (batch.rows() == begin) {
      NX_TRY_DO(input_->next(context, batch));
      if (batch.rows() == begin) break;
      std::size_t kept = begin;
      for (std::size_t i = begin; i < batch.rows(); ++i) {
        NX_TRY(const bool wanted, passes(*predicate_, context, batch.row(i)));
        if (wanted) batch.shift(i, kept++);
      }
      batch.truncate(kept);
    }
    return Done{};
  }
  void restart() override { input_->rewind(); }

  OperatorPtr input_;
  EvaluatorPtr predicate_;
};

}  // namespace

OperatorPtr make_filter(OperatorPtr input, EvaluatorPtr predicate) {
  return std::make_unique<Filter>(std::move(input), std::move(predicate));
}

}  // namespace nexus::exec
