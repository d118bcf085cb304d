// SelectPaths: of the rows whose paths have the same two ends, those with the fewest relationships.
#include <algorithm>
#include <map>
#include <numeric>

#include "exec/operators/operators.h"
#include "exec/row_buffer.h"

namespace nexus::exec {

namespace {

class SelectPaths final : public Operator {
 public:
  SelectPaths(OperatorPtr input, std::size_t width, const plan::SelectPaths& select, EvaluatorPtr count,
              MemoryBudget& budget)
      : input_(std::move(input)),
        batch_(width, kBatchRowsMax),
        width_(width),
        select_(select),
        count_(std::move(count)),
        rows_(width, budget),
        charge_(budget) {}
  std::string describe() const override { return "SelectPaths"; }

 private:
  struct Found {
    std::uint64_t length;
    std::size_t row;
  };

  Result<> produce(Context& context, Batch& batch) override {
    if (!is_read_) {
      NX_TRY_DO(read(context));
      NX_TRY(const std::uint64_t count, wanted(context));
      choose(count);
      is_read_ = true;
    }
    for (; at_ < chosen_.size() && !batch.is_full(); ++at_) batch.append_moved(rows_.row(chosen_[at_]));
    return Done{};
  }

  Result<> read(Context& context) {
    for (;;) {
      batch_.clear();
      batch_.set_rows_max(context.batch_rows());
      NX_TRY_DO(input_->next(context, batch_));
      if (batch_.rows() == 0) return Done{};
      NX_TRY_DO(charge_.add(batch_.rows() * kFoundBytes));
      for (std::size_t i = 0; i < batch_.rows(); ++i) {
        Value* row = batch_.row(i);
        const std::pair ends(row[select_.start].entity_id(), row[select_.end].entity_id());
        by_ends_[ends].push_back({length(row), rows_.rows()});
        NX_TRY_DO(rows_.add_moved(row));
      }
    }
  }

  std::uint64_t length(const Value* row) const {
    std::uint64_t sum = 0;
    for (const auto slot : select_.relationships) sum += row[slot].is(Type::List) ? row[slot].list().size() : 1;
    return sum;
  }

  Result<std::uint64_t> wanted(Context& context) {
    if (!count_) return std::uint64_t{1};
    List row(width_);
    NX_TRY(const Value value, count_->evaluate(context, row.data()));
    if (!value.is(Type::Integer)) {
      return Error{ErrorCode::InvalidArgumentTypeRuntime,
                   "the SHORTEST count is an INTEGER, got " + std::string(type_name(value.type()))};
    }
    if (value.integer() < 1) {
      return Error{ErrorCode::NegativeIntegerArgumentRuntime,
                   "the SHORTEST count must be at least 1, got " + std::to_string(value.integer())};
    }
    return static_cast<std::uint64_t>(value.integer());
  }

  void choose(std::uint64_t count) {
    for (auto& [ends, found] : by_ends_) {
      std::stable_sort(found.begin(), found.end(),
                       [](const Found& left, const Found& right) { return left.length < right.length; });
      std::uint64_t lengths = 0;
      for (std::size_t i = 0; i < found.size(); ++i) {
        if (i == 0 || found[i].length != found[i - 1].length) ++lengths;
        if ((select_.groups ? lengths : i + 1) > count) break;
        chosen_.push_back(found[i].row);
      }
    }
  }

  void restart() override {
    input_->rewind();
    rows_.clear();
    charge_.release();
    by_ends_.clear();
    chosen_.clear();
    is_read_ = false;
    at_ = 0;
  }

  // A path's length and place, and its share of the map of ends.
  static constexpr std::uint64_t kFoundBytes = 96;

  OperatorPtr input_;
  Batch batch_;
  std::size_t width_;
  const plan::SelectPaths& select_;
  EvaluatorPtr count_;
  RowBuffer rows_;
  Charge charge_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::vector<Found>> by_ends_;
  std::vector<std::size_t> chosen_;
  bool is_read_ = false;
  std::size_t at_ = 0;
};

}  // namespace

OperatorPtr make_select_paths(OperatorPtr input, std::size_t width, const plan::SelectPaths& select, EvaluatorPtr count,
                              MemoryBudget& budget) {
  return std::make_unique<SelectPaths>(std::move(input), width, select, std::move(count), budget);
}

}  // namespace nexus::exec
