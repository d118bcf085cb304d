// Merge: for each row the matches of a pattern, or, when there are none, the pattern made new.
//
// Invariant: row by row against the live state, so a row finds what an earlier row has made.
// All matches of a row are known before ON MATCH changes anything.
#include "exec/operators/operators.h"
#include "exec/row_buffer.h"

namespace nexus::exec {

namespace {

class Merge final : public Operator {
 public:
  Merge(OperatorPtr input, std::size_t width, MergeParts parts, MemoryBudget& budget)
      : input_(std::move(input), width),
        parts_(std::move(parts)),
        batch_(width, kBatchRowsMax),
        found_(width, budget) {}
  std::string describe() const override { return "Merge"; }

 private:
  Result<> produce(Context& context, Batch& batch) override {
    while (!batch.is_full()) {
      NX_TRY_DO(context.tick());
      if (at_ < found_.rows()) {
        batch.append_moved(found_.row(at_++));
        continue;
      }
      NX_TRY(Value* const row, input_.next(context));
      if (row == nullptr) return Done{};
      NX_TRY_DO(match(context, row));
      for (std::size_t i = 0; i < found_.rows(); ++i) NX_TRY_DO(update(context, parts_.on_match, found_.row(i)));
      if (found_.rows() == 0) NX_TRY_DO(create(context, batch.append(row)));
    }
    return Done{};
  }

  Result<> match(Context& context, const Value* row) {
    found_.clear();
    at_ = 0;
    parts_.match.outer->row = row;
    parts_.match.root->rewind();
    for (;;) {
      batch_.clear();
      batch_.set_rows_max(context.batch_rows());
      NX_TRY_DO(parts_.match.root->next(context, batch_));
      if (batch_.rows() == 0) return Done{};
      for (std::size_t i = 0; i < batch_.rows(); ++i) NX_TRY_DO(found_.add_moved(batch_.row(i)));
    }
  }

  Result<> create(Context& context, Value* row) {
    for (auto& step : parts_.create) NX_TRY_DO(step.run(context, row, true));
    return update(context, parts_.on_create, row);
  }

  static Result<> update(Context& context, std::vector<UpdateStepPtr>& steps, Value* row) {
    for (auto& step : steps) NX_TRY_DO(step->run(context, row));
    return Done{};
  }

  void restart() override {
    input_.rewind();
    found_.clear();
    at_ = 0;
  }

  InputRows input_;
  MergeParts parts_;
  Batch batch_;
  RowBuffer found_;
  std::size_t at_ = 0;
};

}  // namespace

OperatorPtr make_merge(OperatorPtr input, std::size_t width, MergeParts parts, MemoryBudget& budget) {
  return std::make_unique<Merge>(std::move(input), width, std::move(parts), budget);
}

}  // namespace nexus::exec
