#include "instance/work.h"

#include "instance/constituents.h"

namespace nexus::instance {

namespace {

std::unique_ptr<storage::Transaction> restricted(std::unique_ptr<storage::Transaction> transaction, Rights forbidden_names) {
  if ((forbidden_names & right::kNewLabel) != 0) transaction->forbid_new_names(storage::TokenKind::Label);
  if ((forbidden_names & right::kNewType) != 0) transaction->forbid_new_names(storage::TokenKind::Type);
  if ((forbidden_names & right::kNewKey) != 0) transaction->forbid_new_names(storage::TokenKind::Key);
  return transaction;
}

}  // namespace

Result<std::shared_ptr<Work>> Work::enter(std::shared_ptr<Database> database, std::string name, Identity identity,
                                          Rights forbidden_names) {
  std::shared_ptr<Work> work(new Work(std::move(database), std::move(name), std::move(identity), forbidden_names));
  // With the mutex: a terminate() that comes at once must find that it has entered.
  const std::lock_guard guard(work->mutex);
  NX_TRY_DO(work->database_->enter(*work));
  work->entered_ = true;
  return work;
}

Work::Work(std::shared_ptr<Database> database, std::string name, Identity identity, Rights forbidden_names)
    : database_(std::move(database)),
      name_(std::move(name)),
      identity_(std::move(identity)),
      forbidden_names_(forbidden_names),
      number_(database_->next_transaction_number()),
      started_wall_(database_->environment().wall()),
      started_(database_->environment().now()) {}

Work::~Work() { end(); }

void Work::stop_soon(const Error& reason) {
  std::shared_ptr<Work> host;
  {
    const std::lock_guard guard(flag_mutex_);
    if (!reason_) reason_ = reason;
    if (cancellation_) cancellation_->request();
    host = host_.lock();
  }
  if (host) host->stop_soon(reason);
}

void Work::set_host(std::weak_ptr<Work> host) {
  const std::lock_guard guard(flag_mutex_);
  host_ = std::move(host);
}

// Why no lock while a statement runs: whoever runs it may be asking the same of us.
void Work::terminate_from_statement(const Error& reason) {
  bool is_idle = false;
  {
    const std::lock_guard guard(flag_mutex_);
    is_idle = cancellation_ == nullptr;
  }
  stop_soon(reason);
  if (!is_idle) return;
  const std::unique_lock lock(mutex, std::try_to_lock);
  if (lock.owns_lock()) end();
}

Work::Facts Work::facts() const {
  const std::lock_guard guard(flag_mutex_);
  return {number_, name_, identity_.user, statement_text_, started_wall_, started_, statement_started_, reason_};
}

void Work::note_statement(std::shared_ptr<const std::string> text) {
  const std::int64_t now = database_->environment().now();
  const std::lock_guard guard(flag_mutex_);
  statement_text_ = std::move(text);
  statement_started_ = now;
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
  constituents.reset();
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
  statement_text_.reset();
}

Result<> Work::begin_write(const storage::WaitLimits& limits) {
  NX_TRY(transaction, new_write(limits));
  return Done{};
}

Result<> Work::begin_explicit() {
  NX_TRY(auto begun, store().begin_explicit());
  transaction = restricted(std::move(begun), forbidden_names_);
  return Done{};
}

Result<std::unique_ptr<storage::Transaction>> Work::new_write(const storage::WaitLimits& limits) const {
  NX_TRY(auto begun, store().begin_write(limits));
  return restricted(std::move(begun), forbidden_names_);
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
