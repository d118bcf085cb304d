// Aggregate: one row per group of equivalent keys, in the order the groups first appear.
//
// Invariant: without grouping there is exactly one group, also for no rows at all.
#include <unordered_set>

#include "exec/key_table.h"
#include "exec/operators/operators.h"
#include "value/compare.h"

namespace nexus::exec {

namespace {

using Seen = std::unordered_set<Value, ValueHash, ValueEquivalent>;

// One aggregate of one group.
struct Cell {
  std::unique_ptr<function::Accumulator> accumulator;
  std::unique_ptr<Seen> seen;  // DISTINCT only.
};

class Aggregate final : public Operator {
 public:
  Aggregate(OperatorPtr input, std::size_t width, AggregateParts parts, MemoryBudget& budget)
      : input_(std::move(input)),
        batch_(width, kBatchRowsMax),
        parts_(std::move(parts)),
        groups_(parts_.grouping.size(), budget),
        charge_(budget),
        key_(parts_.grouping.size()) {
    std::size_t arguments_max = 0;
    for (const auto& call : parts_.calls) arguments_max = std::max(arguments_max, call.arguments.size());
    arguments_.resize(arguments_max);
  }
  std::string describe() const override { return "Aggregate"; }

 private:
  Result<> produce(Context& context, Batch& batch) override {
    if (!is_read_) {
      NX_TRY_DO(read(context));
      is_read_ = true;
    }
    const std::size_t groups = parts_.grouping.empty() ? 1 : groups_.size();
    while (at_ < groups && !batch.is_full()) {
      NX_TRY_DO(emit(context, batch.append(parts_.outer->row)));
      ++at_;
    }
    return Done{};
  }

  Result<> read(Context& context) {
    if (parts_.grouping.empty()) NX_TRY_DO(add_group());
    for (;;) {
      batch_.clear();
      batch_.set_rows_max(context.batch_rows());
      NX_TRY_DO(input_->next(context, batch_));
      if (batch_.rows() == 0) return Done{};
      for (std::size_t i = 0; i < batch_.rows(); ++i) NX_TRY_DO(add(context, batch_.row(i)));
    }
  }

  Result<> add(Context& context, Value* row) {
    std::size_t group = 0;
    if (!parts_.grouping.empty()) {
      for (std::size_t i = 0; i < key_.size(); ++i) {
        NX_TRY(key_[i], parts_.grouping[i].value->evaluate(context, row));
      }
      NX_TRY(const KeyTable::Place place, groups_.insert(key_.data()));
      if (place.is_new) NX_TRY_DO(add_group());
      group = place.index;
    }
    Cell* cells = cells_.data() + group * parts_.calls.size();
    for (std::size_t i = 0; i < parts_.calls.size(); ++i) NX_TRY_DO(feed(context, parts_.calls[i], cells[i], row));
    return Done{};
  }

  Result<> add_group() {
    NX_TRY_DO(charge_.add(parts_.calls.size() * kCellBytes));
    for (const auto& call : parts_.calls) {
      cells_.push_back({call.function->make(), call.distinct ? std::make_unique<Seen>() : nullptr});
    }
    return Done{};
  }

  Result<> feed(Context& context, AggregateCall& call, Cell& cell, Value* row) {
    const std::size_t count = call.arguments.size();
    for (std::size_t i = 0; i < count; ++i) {
      NX_TRY(arguments_[i], call.arguments[i]->evaluate(context, row));
    }
    if (count != 0 && arguments_[0].is_null()) return Done{};
    if (cell.seen) {
      Value key = count == 1 ? arguments_[0] : Value::list(List(arguments_.begin(), arguments_.begin() + count));
      const std::uint64_t bytes = kSeenBytes + key.heap_bytes();
      if (!cell.seen->insert(std::move(key)).second) return Done{};
      NX_TRY_DO(charge_.add(bytes));
    }
    return cell.accumulator->add(context.call, {arguments_.data(), count});
  }

  Result<> emit(Context& context, Value* row) {
    for (std::size_t i = 0; i < parts_.grouping.size(); ++i) row[parts_.grouping[i].slot] = groups_.key(at_)[i];
    for (std::size_t i = 0; i < parts_.calls.size(); ++i) {
      Cell& cell = cells_[at_ * parts_.calls.size() + i];
      NX_TRY(row[parts_.calls[i].slot], cell.accumulator->finish(context.call));
      cell = Cell{};
    }
    return Done{};
  }

  void restart() override {
    input_->rewind();
    is_read_ = false;
    at_ = 0;
    groups_.clear();
    cells_.clear();
    charge_.release();
  }

  // An accumulator, and an entry of a hash set: near enough.
  static constexpr std::uint64_t kCellBytes = sizeof(Cell) + 64;
  static constexpr std::uint64_t kSeenBytes = 56;

  OperatorPtr input_;
  Batch batch_;
  AggregateParts parts_;
  KeyTable groups_;
  std::vector<Cell> cells_;  // Group by group.
  Charge charge_;
  List key_;
  List arguments_;
  bool is_read_ = false;
  std::size_t at_ = 0;
};

// Distinct: lets the first of equivalent rows through.
class Distinct final : public Operator {
 public:
  Distinct(OperatorPtr input, std::vector<plan::Slot> slots, MemoryBudget& budget)
      : input_(std::move(input)), slots_(std::move(slots)), seen_(slots_.size(), budget), key_(slots_.size()) {}
  std::string describe() const override { return "Distinct"; }

 private:
  Result<> produce(Context& context, Batch& batch) override {
    const std::size_t begin = batch.rows();
    while (batch.rows() == begin) {
      NX_TRY_DO(input_->next(context, batch));
      if (batch.rows() == begin) break;
      std::size_t kept = begin;
      for (std::size_t i = begin; i < batch.rows(); ++i) {
        for (std::size_t k = 0; k < slots_.size(); ++k) key_[k] = batch.row(i)[slots_[k]];
        NX_TRY(const KeyTable::Place place, seen_.insert(key_.data()));
        if (place.is_new) batch.shift(i, kept++);
      }
      batch.truncate(kept);
    }
    return Done{};
  }
  void restart() override {
    input_->rewind();
    seen_.clear();
  }

  OperatorPtr input_;
  std::vector<plan::Slot> slots_;
  KeyTable seen_;
  List key_;
};

}  // namespace

OperatorPtr make_aggregate(OperatorPtr input, std::size_t width, AggregateParts parts, MemoryBudget& budget) {
  return std::make_unique<Aggregate>(std::move(input), width, std::move(parts), budget);
}
OperatorPtr make_distinct(OperatorPtr input, std::vector<plan::Slot> slots, MemoryBudget& budget) {
  return std::make_unique<Distinct>(std::move(input), std::move(slots), budget);
}

}  // namespace nexus::exec
