#include "instance/cursor.h"

#include <algorithm>

namespace nexus::instance {

Result<bool> BufferedCursor::next(std::vector<List>& rows) {
  if (at_ == rows_.size()) {
    rows_.clear();
    at_ = 0;
    budget_.reset();
    return false;
  }
  const std::size_t end = std::min(rows_.size(), at_ + batch_rows_);
  for (; at_ < end; ++at_) rows.push_back(std::move(rows_[at_]));
  return true;
}

StreamingCursor::StreamingCursor(std::shared_ptr<Work> work, std::shared_ptr<const plan::Statement> plan,
                                 Summary summary, std::uint64_t rows_max, std::int64_t started_nanoseconds,
                                 Clock& clock)
    : work_(std::move(work)),
      plan_(std::move(plan)),
      columns_(column_names(*plan_)),
      summary_(std::move(summary)),
      rows_max_(rows_max),
      started_nanoseconds_(started_nanoseconds),
      clock_(clock) {}

StreamingCursor::~StreamingCursor() {
  const std::lock_guard guard(work_->mutex);
  work_->end();
}

template <class Appended>
Result<bool> StreamingCursor::pull(Appended more) {
  if (is_done_) return false;
  const std::lock_guard guard(work_->mutex);
  auto count = fetch(more);
  if (!count || *count == 0) {
    is_done_ = true;
    work_->end();
    summary_.elapsed_us = static_cast<std::uint64_t>(clock_.monotonic_nanoseconds() - started_nanoseconds_) / 1'000;
  }
  if (!count) return std::move(count.error());
  return *count != 0;
}

template <class Appended>
Result<std::size_t> StreamingCursor::fetch(Appended more) {
  if (work_->has_ended()) return work_->ended_error();
  auto count = more(*work_->execution);
  if (!count) return work_->explain(std::move(count.error()));
  rows_seen_ += *count;
  if (rows_max_ != 0 && rows_seen_ > rows_max_) return too_many_rows(rows_max_);
  return *count;
}

Result<bool> StreamingCursor::next(std::vector<List>& rows) {
  return pull([&rows](exec::Execution& execution) { return execution.next(rows); });
}

Result<bool> StreamingCursor::next_cells(std::vector<Value>& cells) {
  return pull([&cells](exec::Execution& execution) { return execution.next_cells(cells); });
}

std::vector<std::string> column_names(const plan::Statement& plan) {
  std::vector<std::string> names;
  for (const plan::ResultColumn& column : plan.columns) names.push_back(column.name);
  return names;
}

Error too_many_rows(std::uint64_t rows_max) {
  return Error(ErrorCode::LimitExceeded, "The result has more than " + std::to_string(rows_max) + " rows, the limit.");
}

}  // namespace nexus::instance
