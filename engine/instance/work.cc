#include "instance/work.h"

namespace nexus::instance {

Result<std::shared_ptr<Work>> Work::enter(std::shared_ptr<Database> database, std::string name) {
  std::shared_ptr<Work> work(new Work(std::move(database), std::move(name)));
  // With the mutex: a terminate() that comes at once must find that it has entered.
  const std::lock_guard guard(work->mutex);
  NX_TRY_DO(work->database_->enter(*work));
  work->entered_ = true;
  return work;
}

Work::Work(std::shared_ptr<Database> database, std::string name)
    : database_(std::move(database)), name_(std::move(name)) {}

Work::~Work() { end(); }

void Work::stop_soon(const Error& reason) {
  const std::lock_guard guard(flag_mutex_);
  if (!reason_) reason_ = reason;
  if (cancellation_) cancellation_->request();
}

void Work::interrupt() {
  const std::lock_guard guard(flag_mutex_);
  if (!cancellation_) return;
  interrupted_ = true;
  cancellation_->request();
}

void Work::terminate(const Error& reason) {
  stop_soon(reason);
  const std::lock_guard guard(mutex);
  end();
}

void Work::end() {
  if (ended_) return;
  ended_ = true;
  execution.reset();
  transaction.reset();
  snapshot.reset();
  budget_.reset();
  if (entered_) database_->leave(*this);
}

Result<> Work::begin_statement(std::int64_t deadline_nanoseconds, std::uint64_t memory_bytes_max) {
  if (ended_) return ended_error();
  execution.reset();
  budget_ = std::make_unique<MemoryBudget>(memory_bytes_max, &database_->memory());
  const std::lock_guard guard(flag_mutex_);
  if (reason_) return *reason_;
  interrupted_ = false;
  cancellation_ = std::make_unique<exec::Cancellation>(deadline_nanoseconds);
  return Done{};
}

void Work::finish_statement() {
  execution.reset();
  budget_.reset();
  const std::lock_guard guard(flag_mutex_);
  cancellation_.reset();
}

Error Work::explain(Error error) const {
  if (error.code != ErrorCode::TransactionTerminated) return error;
  const std::lock_guard guard(flag_mutex_);
  return reason_ ? *reason_ : error;
}

Error Work::ended_error() const {
  const std::lock_guard guard(flag_mutex_);
  return reason_ ? *reason_ : Error(ErrorCode::TransactionTerminated, "The transaction has ended.");
}

}  // namespace nexus::instance
