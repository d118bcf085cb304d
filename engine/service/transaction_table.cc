#include "service/transaction_table.h"

#include <vector>

namespace nexus::service {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t idle_nanoseconds(TransactionInterface interface) {
  return interface == TransactionInterface::QueryApi ? 60 * kSecond : 30 * kSecond;
}

std::string token(Random& random) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (int word = 0; word < 2; ++word) {
    std::uint64_t bits = random.next();
    for (int digit = 0; digit < 16; ++digit, bits >>= 4) text += kHex[bits & 15];
  }
  return text;
}

}  // namespace

Result<std::shared_ptr<HttpTransaction>> TransactionTable::add(std::unique_ptr<Session> session, std::string user,
                                                               std::string database, TransactionInterface interface) {
  expire();
  auto made = std::make_shared<HttpTransaction>();
  made->id = token(random_);
  made->user = std::move(user);
  made->database = std::move(database);
  made->interface = interface;
  made->session = std::move(session);
  const std::lock_guard guard(mutex_);
  if (entries_.size() >= transactions_max_) {
    return Error{ErrorCode::TooManyRequests, "There are too many open transactions."};
  }
  entries_[made->id] = {made, clock_.monotonic_nanoseconds() + idle_nanoseconds(interface)};
  return made;
}

Result<std::shared_ptr<HttpTransaction>> TransactionTable::find(std::string_view id, std::string_view user,
                                                                std::string_view database, TransactionInterface interface) {
  expire();
  const std::lock_guard guard(mutex_);
  const auto found = entries_.find(id);
  if (found != entries_.end()) {
    const HttpTransaction& transaction = *found->second.transaction;
    const bool is_right = transaction.user == user && transaction.database == database && transaction.interface == interface;
    if (is_right) return found->second.transaction;
  }
  return Error{ErrorCode::TransactionNotFound,
               "Transaction with Id '" + std::string(id.substr(0, 64)) + "' was not found. It may have timed out and been rolled back."};
}

std::int64_t TransactionTable::touch(const HttpTransaction& transaction) {
  const std::int64_t idle = idle_nanoseconds(transaction.interface);
  const std::lock_guard guard(mutex_);
  const auto found = entries_.find(transaction.id);
  if (found != entries_.end()) found->second.deadline = clock_.monotonic_nanoseconds() + idle;
  return clock_.wall_nanoseconds() + idle;
}

void TransactionTable::remove(std::string_view id) {
  std::shared_ptr<HttpTransaction> removed;  // Ends after the lock.
  const std::lock_guard guard(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  removed = std::move(found->second.transaction);
  entries_.erase(found);
}

void TransactionTable::expire() {
  std::vector<std::shared_ptr<HttpTransaction>> expired;  // End without the lock.
  const std::lock_guard guard(mutex_);
  const std::int64_t now = clock_.monotonic_nanoseconds();
  for (auto at = entries_.begin(); at != entries_.end();) {
    // A second owner is the request in progress.
    const bool is_idle = at->second.transaction.use_count() == 1;
    if (!is_idle || now < at->second.deadline) {
      ++at;
      continue;
    }
    expired.push_back(std::move(at->second.transaction));
    at = entries_.erase(at);
  }
}

}  // namespace nexus::service
