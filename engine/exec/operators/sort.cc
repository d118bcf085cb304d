// Sort: all rows in the order of their keys; rows with equal keys keep their order.
//
// With a limit only the first rows are kept: whenever twice as many have come, the rest is
// thrown away. Eager: all rows as they came, but none before the last.
#include <algorithm>
#include <limits>
#include <numeric>

#include "exec/operators/operators.h"
#include "exec/row_buffer.h"
#include "value/compare.h"

namespace nexus::exec {

namespace {

class Sort final : public Operator {
 public:
  Sort(OperatorPtr input, std::size_t width, SortParts parts, MemoryBudget& budget)
      : input_(std::move(input)),
        batch_(width, kBatchRowsMax),
        width_(width),
        parts_(std::move(parts)),
        budget_(budget),
        sequence_charge_(budget) {
    reset();
  }
  std::string describe() const override { return parts_.limit ? "Top" : "Sort"; }

 private:
  Result<> produce(Context& context, Batch& batch) override {
    if (!is_read_) {
      NX_TRY_DO(read(context));
      is_read_ = true;
    }
    for (; at_ < sequence_.size() && !batch.is_full(); ++at_) batch.append_moved(rows_->row(sequence_[at_]));
    return Done{};
  }

  Result<> read(Context& context) {
    if (parts_.limit) {
      NX_TRY(limit_, row_count(*parts_.limit, context, *parts_.outer, width_));
    }
    List keyed(width_ + parts_.order.size());  // A row with its keys behind it.
    for (;;) {
      batch_.clear();
      batch_.set_rows_max(context.batch_rows());
      NX_TRY_DO(input_->next(context, batch_));
      if (batch_.rows() == 0) break;
      for (std::size_t i = 0; i < batch_.rows(); ++i) NX_TRY_DO(add(context, batch_.row(i), keyed));
      if (rows_->rows() / 2 > limit_ && rows_->rows() > kPruneRows) NX_TRY_DO(prune(context));
    }
    return sort(context);
  }

  Result<> add(Context& context, Value* row, List& keyed) {
    for (std::size_t k = 0; k < parts_.order.size(); ++k) {
      NX_TRY(keyed[width_ + k], parts_.order[k].key->evaluate(context, row));
    }
    std::move(row, row + width_, keyed.begin());
    return rows_->add_moved(keyed.data());
  }

  bool comes_before(std::size_t left, std::size_t right) {
    const Value* left_keys = rows_->row(left) + width_;
    const Value* right_keys = rows_->row(right) + width_;
    for (std::size_t k = 0; k < parts_.order.size(); ++k) {
      const int sign = order(left_keys[k], right_keys[k]);
      if (sign != 0) return parts_.order[k].descending ? sign > 0 : sign < 0;
    }
    return false;
  }

  Result<> sort(Context& context) {
    NX_TRY_DO(context.outside.cancellation.check(context.outside.clock));
    sequence_charge_.release();
    NX_TRY_DO(sequence_charge_.add(rows_->rows() * (sizeof(std::size_t) + sizeof(std::size_t) / 2)));  // With the merge's.
    sequence_.resize(rows_->rows());
    std::iota(sequence_.begin(), sequence_.end(), std::size_t{0});
    std::stable_sort(sequence_.begin(), sequence_.end(),
                     [this](std::size_t left, std::size_t right) { return comes_before(left, right); });
    if (sequence_.size() > limit_) sequence_.resize(static_cast<std::size_t>(limit_));
    return Done{};
  }

  Result<> prune(Context& context) {
    NX_TRY_DO(sort(context));
    auto kept = std::make_unique<RowBuffer>(width_ + parts_.order.size(), budget_);
    for (const auto index : sequence_) NX_TRY_DO(kept->add_moved(rows_->row(index)));
    rows_ = std::move(kept);
    return Done{};
  }

  void reset() {
    rows_ = std::make_unique<RowBuffer>(width_ + parts_.order.size(), budget_);
    sequence_.clear();
    sequence_charge_.release();
    is_read_ = false;
    at_ = 0;
  }
  void restart() override {
    input_->rewind();
    reset();
  }

  static constexpr std::size_t kPruneRows = 4096;

  OperatorPtr input_;
  Batch batch_;
  std::size_t width_;
  SortParts parts_;
  MemoryBudget& budget_;
  std::unique_ptr<RowBuffer> rows_;
  Charge sequence_charge_;
  std::vector<std::size_t> sequence_;
  std::uint64_t limit_ = std::numeric_limits<std::uint64_t>::max();
  bool is_read_ = false;
  std::size_t at_ = 0;
};

class Eager final : public Operator {
 public:
  Eager(OperatorPtr input, std::size_t width, MemoryBudget& budget)
      : input_(std::move(input)), batch_(width, kBatchRowsMax), rows_(width, budget) {}
  std::string describe() const override { return "Eager"; }

 private:
  Result<> produce(Context& context, Batch& batch) override {
    while (!is_read_) {
      batch_.clear();
      batch_.set_rows_max(context.batch_rows());
      NX_TRY_DO(input_->next(context, batch_));
      for (std::size_t i = 0; i < batch_.rows(); ++i) NX_TRY_DO(rows_.add_moved(batch_.row(i)));
      is_read_ = batch_.rows() == 0;
    }
    for (; at_ < rows_.rows() && !batch.is_full(); ++at_) batch.append_moved(rows_.row(at_));
    return Done{};
  }
  void restart() override {
    input_->rewind();
    rows_.clear();
    is_read_ = false;
    at_ = 0;
  }

  OperatorPtr input_;
  Batch batch_;
  RowBuffer rows_;
  bool is_read_ = false;
  std::size_t at_ = 0;
};

}  // namespace

OperatorPtr make_sort(OperatorPtr input, std::size_t width, SortParts parts, MemoryBudget& budget) {
  return std::make_unique<Sort>(std::move(input), width, std::move(parts), budget);
}
OperatorPtr make_eager(OperatorPtr input, std::size_t width, MemoryBudget& budget) {
  return std::make_unique<Eager>(std::move(input), width, budget);
}

}  // namespace nexus::exec
