// Project: computes new slots from old ones, all against the old row, and drops dead slots.
#include "exec/operators/operators.h"

namespace nexus::exec {

namespace {

class Project final : public Operator {
 public:
  Project(OperatorPtr input, std::vector<Assignment> items, std::vector<plan::Slot> dead_slots)
      : input_(std::move(input)),
        items_(std::move(items)),
        dead_slots_(std::move(dead_slots)),
        values_(items_.size()) {}
  std::string describe() const override { return "Project"; }

 private:
  Result<> produce(Context& context, Batch& batch) override {
    const std::size_t begin = batch.rows();
    NX_TRY_DO(input_->next(context, batch));
    for (std::size_t i = begin; i < batch.rows(); ++i) {
      Value* row = batch.row(i);
      for (std::size_t item = 0; item < items_.size(); ++item) {
        NX_TRY(values_[item], items_[item].value->evaluate(context, row));
      }
      for (std::size_t item = 0; item < items_.size(); ++item) row[items_[item].slot] = std::move(values_[item]);
      for (const auto slot : dead_slots_) row[slot] = Value();
    }
    return Done{};
  }
  void restart() override { input_->rewind(); }

  OperatorPtr input_;
  std::vector<Assignment> items_;
  std::vector<plan::Slot> dead_slots_;
  List values_;
};

}  // namespace

OperatorPtr make_project(OperatorPtr input, std::vector<Assignment> items, std::vector<plan::Slot> dead_slots) {
  return std::make_unique<Project>(std::move(input), std::move(items), std::move(dead_slots));
}

}  // namespace nexus::exec
