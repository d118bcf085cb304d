// Apply and OptionalApply: run an inner plan once for every input row.
//
// Invariant: the inner plan sees the outer row in the OuterRow it was built with, which is
// only valid until the input moves on; so it is rewound before every use.
#include "exec/operators/operators.h"

namespace nexus::exec {

namespace {

class Apply final : public Operator {
 public:
  Apply(OperatorPtr input, std::size_t width, InnerPlan inner, bool optional, std::vector<plan::Slot> null_slots)
      : input_(std::move(input), width),
        inner_(std::move(inner)),
        optional_(optional),
        null_slots_(std::move(null_slots)) {}
  std::string describe() const override { return optional_ ? "OptionalApply" : "Apply"; }

 private:
  Result<> produce(Context& context, Batch& batch) override {
    while (!batch.is_full()) {
      NX_TRY_DO(context.tick());
      if (row_ == nullptr) {
        NX_TRY(row_, input_.next(context));
        if (row_ == nullptr) return Done{};
        inner_.outer->row = row_;
        inner_.root->rewind();
        found_ = false;
      }
      const std::size_t rows_before = batch.rows();
      NX_TRY_DO(inner_.root->next(context, batch));
      if (batch.rows() != rows_before) {
        found_ = true;
        continue;
      }
      if (optional_ && !found_) append_nulls(batch);
      row_ = nullptr;
    }
    return Done{};
  }
  void append_nulls(Batch& batch) {
    Value* row = batch.append(row_);
    for (const auto slot : null_slots_) row[slot] = Value();
  }
  void restart() override {
    input_.rewind();
    row_ = nullptr;
  }

  InputRows input_;
  InnerPlan inner_;
  bool optional_;
  std::vector<plan::Slot> null_slots_;
  Value* row_ = nullptr;
  bool found_ = false;
};

// Runs the inner plan for what it does; the input row goes on.
class UnitApply final : public Operator {
 public:
  UnitApply(OperatorPtr input, std::size_t width, InnerPlan inner)
      : input_(std::move(input)), inner_(std::move(inner)), scratch_(width, kBatchRowsMax) {}
  std::string describe() const override { return "UnitApply"; }

 private:
  Result<> produce(Context& context, Batch& batch) override {
    const std::size_t begin = batch.rows();
    NX_TRY_DO(input_->next(context, batch));
    for (std::size_t i = begin; i < batch.rows(); ++i) {
      inner_.outer->row = batch.row(i);
      inner_.root->rewind();
      do {
        scratch_.clear();
        scratch_.set_rows_max(context.batch_rows());
        NX_TRY_DO(inner_.root->next(context, scratch_));
      } while (scratch_.rows() != 0);
    }
    return Done{};
  }
  void restart() override { input_->rewind(); }

  OperatorPtr input_;
  InnerPlan inner_;
  Batch scratch_;
};

// FOREACH: the inner plan once for every element of a list.
class Foreach final : public Operator {
 public:
  Foreach(OperatorPtr input, std::size_t width, plan::Slot variable, EvaluatorPtr list, InnerPlan inner)
      : input_(std::move(input)),
        variable_(variable),
        list_(std::move(list)),
        inner_(std::move(inner)),
        scratch_(width, kBatchRowsMax) {}
  std::string describe() const override { return "Foreach"; }

 private:
  Result<> produce(Context& context, Batch& batch) override {
    const std::size_t begin = batch.rows();
    NX_TRY_DO(input_->next(context, batch));
    for (std::size_t i = begin; i < batch.rows(); ++i) NX_TRY_DO(run(context, batch.row(i)));
    return Done{};
  }
  Result<> run(Context& context, Value* row) {
    NX_TRY(const Value list, list_->evaluate(context, row));
    if (list.is_null()) return Done{};
    if (!list.is(Type::List)) return type_error("a LIST after FOREACH ... IN", list);
    for (const Value& item : list.list()) {
      row[variable_] = item;
      inner_.outer->row = row;
      inner_.root->rewind();
      do {
        scratch_.clear();
        scratch_.set_rows_max(context.batch_rows());
        NX_TRY_DO(inner_.root->next(context, scratch_));
      } while (scratch_.rows() != 0);
    }
    row[variable_] = Value();
    return Done{};
  }
  void restart() override { input_->rewind(); }

  OperatorPtr input_;
  plan::Slot variable_;
  EvaluatorPtr list_;
  InnerPlan inner_;
  Batch scratch_;
};

}  // namespace

OperatorPtr make_optional_apply(OperatorPtr input, std::size_t width, InnerPlan inner,
                                std::vector<plan::Slot> null_slots) {
  return std::make_unique<Apply>(std::move(input), width, std::move(inner), true, std::move(null_slots));
}
OperatorPtr make_apply(OperatorPtr input, std::size_t width, InnerPlan inner, bool unit) {
  if (unit) return std::make_unique<UnitApply>(std::move(input), width, std::move(inner));
  return std::make_unique<Apply>(std::move(input), width, std::move(inner), false, std::vector<plan::Slot>{});
}
OperatorPtr make_foreach(OperatorPtr input, std::size_t width, plan::Slot variable, EvaluatorPtr list, InnerPlan inner) {
  return std::make_unique<Foreach>(std::move(input), width, variable, std::move(list), std::move(inner));
}

}  // namespace nexus::exec
