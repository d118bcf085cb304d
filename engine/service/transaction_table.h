// The open transactions of the Neo4j-shaped HTTP endpoints: a session each, found by id.
//
// Invariant: a transaction is found only by the user who opened it, on its database, through
// the interface that opened it; a request in progress keeps it from expiring.
// Threads: all members may be called concurrently.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/components.h"
#include "nexus/session.h"

namespace nexus::service {

enum class TransactionInterface : std::uint8_t { QueryApi, Statements };

struct HttpTransaction {
  std::string id;
  std::string user;
  std::string database;  // As the path names it.
  TransactionInterface interface;
  std::mutex mutex;  // Held by the request in progress.
  std::unique_ptr<Session> session;
};

class TransactionTable {
 public:
  TransactionTable(Clock& clock, Random& random, std::uint64_t transactions_max)
      : clock_(clock), random_(random), transactions_max_(transactions_max) {}

  // Takes a session whose transaction is open. TooManyRequests.
  Result<std::shared_ptr<HttpTransaction>> add(std::unique_ptr<Session> session, std::string user, std::string database,
                                               TransactionInterface interface);
  // TransactionNotFound.
  Result<std::shared_ptr<HttpTransaction>> find(std::string_view id, std::string_view user, std::string_view database,
                                                TransactionInterface interface);
  // Counts as use; when it will expire, as nanoseconds of the wall clock.
  std::int64_t touch(const HttpTransaction& transaction);
  void remove(std::string_view id);
  // Rolls back what nobody has used for its idle time.
  void expire();

 private:
  struct Entry {
    std::shared_ptr<HttpTransaction> transaction;
    std::int64_t deadline = 0;  // Monotonic nanoseconds.
  };

  Clock& clock_;
  Random& random_;
  const std::uint64_t transactions_max_;
  std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace nexus::service
