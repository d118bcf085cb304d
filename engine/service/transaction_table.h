// The explicit transactions that live between requests: opaque ids that each hold one session.
//
// Invariant: a transaction is found only by the identity that opened it, under the database it was
// opened on, and serves one request at a time.
// Threads: all members may be called concurrently.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/components.h"
#include "base/result.h"
#include "nexus/session.h"

namespace nexus::service {

struct OpenTransaction {
  std::string id;
  Identity identity;
  std::string database;  // As the path spelt it.
  std::unique_ptr<Session> session;
  std::int64_t expires_nanoseconds = 0;  // Wall clock.
  bool is_busy = false;
};

class TransactionTable {
 public:
  static constexpr std::int64_t kIdleNanoseconds = std::int64_t{60} * 1'000'000'000;
  static constexpr std::size_t kTransactionsMax = 1'000;

  TransactionTable(Clock& clock, Random& random) : clock_(clock), random_(random) {}

  // The new transaction is busy, like one that was taken. TooManyTransactions beyond the limit.
  Result<std::shared_ptr<OpenTransaction>> open(Identity identity, std::string database, std::unique_ptr<Session> session);
  // TransactionNotFound: unknown, expired, another identity's or database's; TransactionAlreadyOpen: busy.
  Result<std::shared_ptr<OpenTransaction>> take(std::string_view id, const Identity& identity, std::string_view database);
  // The request is over; the transaction lives on for another idle time.
  void give_back(OpenTransaction& transaction);
  void forget(const OpenTransaction& transaction);
  std::size_t size() const;

 private:
  // Whoever calls drops what is answered after the lock: rolling back may take a while.
  std::vector<std::shared_ptr<OpenTransaction>> remove_expired();  // Requires: mutex_ is held.

  Clock& clock_;
  Random& random_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<OpenTransaction>, std::less<>> transactions_;
};

}  // namespace nexus::service
