#include "service/transaction_table.h"

#include "base/number.h"
#include "service/credentials.h"

namespace nexus::service {
Result<std::shared_ptr<OpenTransaction>> TransactionTable::open(Identity identity, std::string database,
                                                                std::unique_ptr<Session> session) {
  std::vector<std::shared_ptr<OpenTransaction>> expired;
  const std::lock_guard lock(mutex_);
  expired = remove_expired();
  if (transactions_.size() >= kTransactionsMax) {
    return Error{ErrorCode::TooManyTransactions,
                 "there are already " + std::to_string(kTransactionsMax) + " open transactions"};
  }
  auto transaction = std::make_shared<OpenTransaction>();
  transaction->id = hex_digits(random_.next()) + hex_digits(random_.next());
  transaction->identity = std::move(identity);
  transaction->database = std::move(database);
  transaction->session = std::move(session);
  transaction->expires_nanoseconds = clock_.wall_nanoseconds() + kIdleNanoseconds;
  transaction->is_busy = true;
  transactions_.emplace(transaction->id, transaction);
  return transaction;
}

Result<std::shared_ptr<OpenTransaction>> TransactionTable::take(std::string_view id, const Identity& identity,
                                                                std::string_view database) {
  std::vector<std::shared_ptr<OpenTransaction>> expired;
  const std::lock_guard lock(mutex_);
  expired = remove_expired();
  const auto at = transactions_.find(id);
  if (at == transactions_.end() || !is_same(at->second->identity, identity) || at->second->database != database) {
    return Error{ErrorCode::TransactionNotFound,
                 "there is no open transaction with this id on this database; it may have ended, failed or timed out"};
  }
  if (at->second->is_busy) {
    return Error{ErrorCode::TransactionAlreadyOpen, "another request is using this transaction"};
  }
  at->second->is_busy = true;
  return at->second;
}

void TransactionTable::give_back(OpenTransaction& transaction) {
  const std::lock_guard lock(mutex_);
  transaction.expires_nanoseconds = clock_.wall_nanoseconds() + kIdleNanoseconds;
  transaction.is_busy = false;
}

void TransactionTable::forget(const OpenTransaction& transaction) {
  std::shared_ptr<OpenTransaction> kept;
  const std::lock_guard lock(mutex_);
  const auto at = transactions_.find(transaction.id);
  if (at == transactions_.end()) return;
  kept = at->second;
  transactions_.erase(at);
}

std::size_t TransactionTable::size() const {
  const std::lock_guard lock(mutex_);
  return transactions_.size();
}

std::vector<std::shared_ptr<OpenTransaction>> TransactionTable::remove_expired() {
  std::vector<std::shared_ptr<OpenTransaction>> expired;
  const std::int64_t now = clock_.wall_nanoseconds();
  for (auto at = transactions_.begin(); at != transactions_.end();) {
    if (at->second->is_busy || at->second->expires_nanoseconds > now) {
      ++at;
      continue;
    }
    expired.push_back(std::move(at->second));
    at = transactions_.erase(at);
  }
  return expired;
}

}  // namespace nexus::service
