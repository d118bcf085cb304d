// TransactionalApply: CALL { … } IN TRANSACTIONS.
//
//   input rows ─ a batch of them ─ begin ─ inner plan for each ─ commit ─ rows go on ─ next batch
//
// Invariant: the surrounding statement only reads, in a snapshot of its own: it sees nothing of
// what the batches write. Entities that a batch returns are filled in before its commit.
// Invariant: a batch is complete or has not happened, however often it was tried.
#include <algorithm>

#include "exec/hydrate.h"
#include "exec/lower.h"
#include "exec/row_buffer.h"

namespace nexus::exec {

namespace {

constexpr std::uint64_t kRowsDefault = 1'000;

// ON ERROR RETRY: how long it goes on, and how long the pauses between two attempts are.
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr double kRetrySecondsDefault = 30;
constexpr double kRetrySecondsMax = 1e9;
constexpr std::int64_t kFirstPause = kSecond / 200;
constexpr std::int64_t kLongestPause = kSecond;

class TransactionalApply final : public Operator {
 public:
  TransactionalApply(OperatorPtr input, std::size_t width, const plan::TransactionalApply& apply, EvaluatorPtr rows,
                     EvaluatorPtr seconds, MemoryBudget& budget)
      : input_(std::move(input), width),
        width_(width),
        apply_(apply),
        rows_(std::move(rows)),
        seconds_(std::move(seconds)),
        batch_(width, kBatchRowsMax),
        given_(width, budget),
        made_(width, budget) {}
  std::string describe() const override { return "TransactionalApply"; }

 private:
  Result<> produce(Context& context, Batch& batch) override {
    if (!rows_max_) {
      NX_TRY(retry_nanoseconds_, wanted_time(context));
      NX_TRY(rows_max_, wanted_rows(context));
    }
    while (at_ == made_.rows()) {
      made_.clear();
      at_ = 0;
      NX_TRY(const bool more, read_batch(context));
      if (!more) return Done{};
      NX_TRY_DO(run_batch(context));
    }
    for (; at_ < made_.rows() && !batch.is_full(); ++at_) batch.append_moved(made_.row(at_));
    return Done{};
  }

  Result<std::uint64_t> wanted_rows(Context& context) {
    if (!rows_) return kRowsDefault;
    List row(width_);
    NX_TRY(const Value value, rows_->evaluate(context, row.data()));
    if (!value.is(Type::Integer) || value.integer() < 1) {
      return Error{ErrorCode::NegativeIntegerArgumentRuntime, "OF … ROWS takes an INTEGER above 0"};
    }
    return static_cast<std::uint64_t>(value.integer());
  }

  Result<std::int64_t> wanted_time(Context& context) {
    double seconds = kRetrySecondsDefault;
    if (seconds_) {
      List row(width_);
      NX_TRY(const Value value, seconds_->evaluate(context, row.data()));
      if (!value.is_number() || !(value.number() > 0)) {
        return Error{ErrorCode::InvalidArgument, "ON ERROR RETRY FOR takes a number of seconds above 0"};
      }
      seconds = std::min(value.number(), kRetrySecondsMax);
    }
    return static_cast<std::int64_t>(seconds * static_cast<double>(kSecond));
  }

  Result<bool> read_batch(Context& context) {
    given_.clear();
    while (given_.rows() < *rows_max_) {
      NX_TRY(Value* const row, input_.next(context));
      if (row == nullptr) break;
      NX_TRY_DO(given_.add(row));
    }
    return given_.rows() != 0;
  }

  Result<> run_batch(Context& context) {
    if (is_broken_) return pass_through(false, "");
    ++number_;
    const Result<> run = apply_.retries ? run_until_it_passes(context) : run_and_commit(context);
    if (run) return set_status(context, true, true, "");
    // The end of the statement itself is no failure of a batch.
    NX_TRY_DO(context.outside.cancellation.check(context.outside.clock));
    if (apply_.on_error == plan::TransactionalApply::OnError::Fail) return run.error();
    is_broken_ = apply_.on_error == plan::TransactionalApply::OnError::Break;
    made_.clear();
    NX_TRY_DO(pass_through(true, run.error().message));
    return set_status(context, true, false, run.error().message);
  }

  // The last attempt's error when time is over, or at once when another attempt would fail like this one.
  Result<> run_until_it_passes(Context& context) {
    Clock& clock = context.outside.clock;
    const std::int64_t end = clock.monotonic_nanoseconds() + retry_nanoseconds_;
    for (std::int64_t pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
      Result<> run = run_and_commit(context);
      if (run || !is_transient(run.error().code)) return run;
      const std::int64_t left = end - clock.monotonic_nanoseconds();
      if (left <= 0) return run;
      NX_TRY(const bool has_waited, context.outside.batches->pause(std::min(pause, left)));
      if (!has_waited) return run;
      made_.clear();
    }
  }

  Result<> run_and_commit(Context& context) {
    NX_TRY(const std::unique_ptr<storage::Transaction> transaction, context.outside.batches->begin());
    ExecutionContext outside = with_transaction(context.outside, *transaction);
    Context inner_context(outside);
    Lowering lowering(inner_context, width_);
    NX_TRY(const InnerPlan inner, lowering.lower_inner(apply_.inner));
    for (std::size_t i = 0; i < given_.rows(); ++i) NX_TRY_DO(run_row(inner_context, inner, given_.row(i)));
    NX_TRY_DO(inner_context.graph.settle());
    NX_TRY_DO(context.outside.batches->commit(*transaction));
    context.counters.add(inner_context.counters);
    return Done{};
  }

  static ExecutionContext with_transaction(const ExecutionContext& given, storage::Transaction& transaction) {
    ExecutionContext made{transaction,        given.parameters, given.random,        given.clock,        given.budget,
                          given.cancellation, given.procedures, given.database_name, given.database_uuid};
    made.statement_nanoseconds = given.statement_nanoseconds;
    made.transaction_nanoseconds = given.clock.wall_nanoseconds();
    made.import_files = given.import_files;
    made.caller = given.caller;
    made.batch_rows = given.batch_rows;
    return made;
  }

  Result<> run_row(Context& context, const InnerPlan& inner, Value* row) {
    inner.outer->row = row;
    inner.root->rewind();
    for (;;) {
      batch_.clear();
      batch_.set_rows_max(context.batch_rows());
      NX_TRY_DO(inner.root->next(context, batch_));
      if (batch_.rows() == 0) break;
      for (std::size_t i = 0; !apply_.unit && i < batch_.rows(); ++i) {
        Value* made = batch_.row(i);
        for (const auto slot : apply_.results) made[slot] = hydrate(context.graph, made[slot]);
        NX_TRY_DO(made_.add_moved(made));
      }
    }
    return apply_.unit ? made_.add(row) : Result<>(Done{});
  }

  // The rows of a batch that did not happen.
  Result<> pass_through(bool started, std::string_view message) {
    for (std::size_t i = 0; i < given_.rows(); ++i) {
      Value* row = given_.row(i);
      for (const auto slot : apply_.results) row[slot] = Value();
      if (apply_.status) row[*apply_.status] = status(Value::null(), started, false, message);
      NX_TRY_DO(made_.add_moved(row));
    }
    return Done{};
  }

  static Value status(Value id, bool started, bool committed, std::string_view message) {
    return Value::map(nexus::make_map({{"started", Value::boolean(started)},
                                {"committed", Value::boolean(committed)},
                                {"transactionId", std::move(id)},
                                {"errorMessage", message.empty() ? Value::null() : Value::string(message)}}));
  }

  Result<> set_status(Context& context, bool started, bool committed, std::string_view message) {
    if (!apply_.status) return Done{};
    const std::string id = std::string(context.outside.database_name) + "-batch-" + std::to_string(number_);
    const Value shared = status(Value::string(id), started, committed, message);
    for (std::size_t i = 0; i < made_.rows(); ++i) made_.row(i)[*apply_.status] = shared;
    return Done{};
  }

  void restart() override {
    input_.rewind();
    given_.clear();
    made_.clear();
    at_ = 0;
    is_broken_ = false;
  }

  InputRows input_;
  std::size_t width_;
  const plan::TransactionalApply& apply_;
  EvaluatorPtr rows_;
  EvaluatorPtr seconds_;
  Batch batch_;
  RowBuffer given_;
  RowBuffer made_;
  std::optional<std::uint64_t> rows_max_;
  std::int64_t retry_nanoseconds_ = 0;
  std::size_t at_ = 0;
  std::uint64_t number_ = 0;
  bool is_broken_ = false;
};

}  // namespace

OperatorPtr make_transactional_apply(OperatorPtr input, std::size_t width, const plan::TransactionalApply& apply,
                                     EvaluatorPtr rows, EvaluatorPtr seconds, MemoryBudget& budget) {
  return std::make_unique<TransactionalApply>(std::move(input), width, apply, std::move(rows), std::move(seconds),
                                              budget);
}

}  // namespace nexus::exec
