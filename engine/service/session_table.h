// The REST sessions: opaque tokens that remember a current database.
//
// Invariant: a session is found only by the identity that made it.
// Threads: all members may be called concurrently.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/components.h"
#include "base/result.h"
#include "nexus/session.h"

namespace nexus::service {

struct RestSession {
  std::string token;
  Identity identity;
  std::string database;
  std::int64_t expires_nanoseconds = 0;  // Wall clock.
};

class SessionTable {
 public:
  SessionTable(Clock& clock, Random& random, std::uint64_t idle_ms, std::uint64_t sessions_max)
      : clock_(clock), random_(random), idle_nanoseconds_(static_cast<std::int64_t>(idle_ms) * 1'000'000),
        sessions_max_(sessions_max) {}

  // LimitExceeded when there are too many that still live.
  Result<RestSession> open(const Identity& identity, std::string database);
  // Counts as use: the session lives on for another idle time. nullopt: unknown, expired or another's.
  std::optional<RestSession> find(std::string_view token, const Identity& identity);
  void set_database(std::string_view token, const Identity& identity, std::string database);
  bool close(std::string_view token, const Identity& identity);
  std::size_t size() const;

 private:
  void forget_expired();  // Requires: mutex_ is held.

  Clock& clock_;
  Random& random_;
  const std::int64_t idle_nanoseconds_;
  const std::uint64_t sessions_max_;
  mutable std::mutex mutex_;
  std::map<std::string, RestSession, std::less<>> sessions_;
};

}  // namespace nexus::service
