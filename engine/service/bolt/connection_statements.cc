// RUN, PULL, DISCARD, BEGIN, COMMIT, ROLLBACK, RESET: statements, their results, transactions.
#include "service/bolt/answers.h"
#include "service/bolt/connection.h"

namespace nexus::service::bolt {
void Connection::run(const Message& message, std::string& out) {
  const std::int64_t started = shared_.clock.monotonic_nanoseconds();
  auto extra = read_run_extra(message.fields[2]);
  if (!extra) return fail(extra.error(), out);
  default_to_home(extra->options);
  auto cursor = session_->run(message.fields[0].string(), message.fields[1].map(), extra->options);
  if (!cursor) return fail(cursor.error(), out);
  state_ = State::Streaming;
  Map metadata;
  const std::string& database = (*cursor)->summary().database;
  if (dialect_.has_home_database() && !extra->names_database && !database.empty()) {
    metadata.emplace_back("db", Value::string(database));
  }
  answer_run(std::move(*cursor), 0, started, std::move(metadata), out);
}

void Connection::run_in_transaction(const Message& message, std::string& out) {
  const std::int64_t started = shared_.clock.monotonic_nanoseconds();
  if (results_.size() >= shared_.settings.results_max) {
    return fail(Error{ErrorCode::LimitExceeded, "The transaction has too many results that are not read to their end."}, out);
  }
  auto left = transaction_time_left();
  if (!left) return fail(left.error(), out);
  RunOptions options;
  options.timeout_ms = *left;
  options.session_commands = false;
  auto cursor = session_->run(message.fields[0].string(), message.fields[1].map(), options);
  if (!cursor) return fail(cursor.error(), out);
  state_ = State::TxStreaming;
  const std::int64_t result = last_result_ + 1;
  answer_run(std::move(*cursor), result, started, {{"qid", Value::integer(result)}}, out);
}

void Connection::answer_run(std::unique_ptr<Cursor> cursor, std::int64_t result, std::int64_t started, Map metadata,
                            std::string& out) {
  List fields;
  for (const std::string& column : cursor->columns()) fields.push_back(Value::string(column));
  metadata.emplace_back("fields", Value::list(std::move(fields)));
  const std::int64_t elapsed = shared_.clock.monotonic_nanoseconds() - started;
  metadata.emplace_back("t_first", Value::integer(elapsed / kMillisecond));
  last_result_ = result;
  OpenResult& open = results_[result];
  open = {};
  open.cursor = std::move(cursor);
  success(std::move(metadata), out);
}

void Connection::start_pull(const Value& extra, bool discards, std::string& out) {
  auto wanted = read_pull(extra);
  if (!wanted) return close_with(wanted.error(), out);
  const std::int64_t result = wanted->result == -1 ? last_result_ : wanted->result;
  if (results_.find(result) == results_.end()) {
    return fail(Error{ErrorCode::InvalidRequest, "There is no open result with this 'qid'."}, out);
  }
  pull_ = Pull{result, wanted->rows, discards};
  continue_pull(out);
}

// Until the result ends, the client has as many rows as it asked for, or `out` is long enough.
void Connection::continue_pull(std::string& out) {
  OpenResult& open = results_.at(pull_->result);
  while (out.size() < kOutputBytes) {
    if (open.at == open.rows.size()) {
      if (has_reset()) {
        pull_.reset();
        return write_ignored(out);
      }
      open.rows.clear();
      open.at = 0;
      auto more = open.cursor->next(open.rows);
      if (!more) {
        if (has_reset()) {
          pull_.reset();
          return write_ignored(out);
        }
        return fail(more.error(), out);
      }
      if (!*more) return finish_result(out);
      continue;
    }
    if (pull_->left == 0) {
      pull_.reset();
      return success({{"has_more", Value::boolean(true)}}, out);
    }
    if (pull_->left > 0) --pull_->left;
    if (!pull_->discards) {
      if (auto sent = write_record(out, open.rows[open.at], dialect_); !sent) return fail(sent.error(), out);
      ++open.sent;
    }
    ++open.at;
  }
}

void Connection::finish_result(std::string& out) {
  const auto found = results_.find(pull_->result);
  const Cursor& cursor = *found->second.cursor;
  const bool is_in_transaction = state_ == State::TxStreaming;
  Map metadata = summary_metadata(cursor.summary(), !cursor.columns().empty(), found->second.sent, is_in_transaction, dialect_);
  results_.erase(found);
  pull_.reset();
  if (!is_in_transaction) state_ = State::Ready;
  else if (results_.empty()) state_ = State::TxReady;
  success(std::move(metadata), out);
}

void Connection::begin(const Value& request, std::string& out) {
  auto extra = read_run_extra(request);
  if (!extra) return fail(extra.error(), out);
  default_to_home(extra->options);
  if (auto begun = session_->begin(extra->options); !begun) return fail(begun.error(), out);
  state_ = State::TxReady;
  last_result_ = -1;
  const std::uint64_t timeout = std::min<std::uint64_t>(extra->options.timeout_ms, std::uint64_t{1} << 40);
  transaction_deadline_ =
      timeout == 0 ? 0 : shared_.clock.monotonic_nanoseconds() + static_cast<std::int64_t>(timeout) * kMillisecond;
  Map metadata;
  if (dialect_.has_home_database() && !extra->names_database) {
    const auto home = shared_.instance.database(identity_, extra->options.database);
    metadata.emplace_back("db", Value::string(home ? home->name : extra->options.database));
  }
  success(std::move(metadata), out);
}

void Connection::default_to_home(RunOptions& options) const {
  if (options.database.empty()) options.database = shared_.instance.home_database(identity_);
}

// For the next statement's timeout; 0: no limit.
Result<std::uint64_t> Connection::transaction_time_left() const {
  if (transaction_deadline_ == 0) return std::uint64_t{0};
  const std::int64_t left = transaction_deadline_ - shared_.clock.monotonic_nanoseconds();
  if (left <= 0) {
    return Error{ErrorCode::TransactionTimedOut, "The transaction has run longer than its timeout and was rolled back."};
  }
  return static_cast<std::uint64_t>((left + kMillisecond - 1) / kMillisecond);
}

void Connection::commit(std::string& out) {
  results_.clear();
  if (auto left = transaction_time_left(); !left) return fail(left.error(), out);
  auto committed = session_->commit();
  if (!committed) return fail(committed.error(), out);
  state_ = State::Ready;
  Map metadata;
  if (!committed->bookmark.empty()) metadata.emplace_back("bookmark", Value::string(committed->bookmark));
  success(std::move(metadata), out);
}

void Connection::rollback(std::string& out) {
  results_.clear();
  if (auto rolled_back = session_->rollback(); !rolled_back) return fail(rolled_back.error(), out);
  state_ = State::Ready;
  success({}, out);
}

void Connection::end_transaction() {
  if (session_ && session_->in_transaction()) (void)session_->rollback();
  transaction_deadline_ = 0;
}

void Connection::reset(std::string& out) {
  results_.clear();
  pull_.reset();
  transaction_error_.reset();
  end_transaction();
  state_ = State::Ready;
  {
    const std::lock_guard guard(mutex_);
    --resets_;
  }
  success({}, out);
}

}  // namespace nexus::service::bolt
