#include "service/session_table.h"

#include "base/number.h"
#include "service/credentials.h"

namespace nexus::service {
Result<RestSession> SessionTable::open(const Identity& identity, std::string database) {
  const std::lock_guard lock(mutex_);
  if (sessions_.size() >= sessions_max_) forget_expired();
  if (sessions_.size() >= sessions_max_) {
    return Error{ErrorCode::TooManyRequests, "there are already " + std::to_string(sessions_max_) + " sessions"};
  }
  RestSession session{hex_digits(random_.next()) + hex_digits(random_.next()), identity, std::move(database),
                      clock_.wall_nanoseconds() + idle_nanoseconds_};
  sessions_.emplace(session.token, session);
  return session;
}

std::optional<RestSession> SessionTable::find(std::string_view token, const Identity& identity) {
  const std::lock_guard lock(mutex_);
  const auto at = sessions_.find(token);
  if (at == sessions_.end() || !is_same(at->second.identity, identity)) return std::nullopt;
  const std::int64_t now = clock_.wall_nanoseconds();
  if (at->second.expires_nanoseconds <= now) {
    sessions_.erase(at);
    return std::nullopt;
  }
  at->second.expires_nanoseconds = now + idle_nanoseconds_;
  return at->second;
}

void SessionTable::set_database(std::string_view token, const Identity& identity, std::string database) {
  const std::lock_guard lock(mutex_);
  const auto at = sessions_.find(token);
  if (at != sessions_.end() && is_same(at->second.identity, identity)) at->second.database = std::move(database);
}

bool SessionTable::close(std::string_view token, const Identity& identity) {
  const std::lock_guard lock(mutex_);
  const auto at = sessions_.find(token);
  if (at == sessions_.end() || !is_same(at->second.identity, identity)) return false;
  sessions_.erase(at);
  return true;
}

std::size_t SessionTable::size() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

void SessionTable::forget_expired() {
  const std::int64_t now = clock_.wall_nanoseconds();
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    at = at->second.expires_nanoseconds <= now ? sessions_.erase(at) : std::next(at);
  }
}

}  // namespace nexus::service
