#include "service/session_table.h"

namespace nexus::service {
namespace {

std::string hex(std::uint64_t word) {
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[word >> shift & 15];
  return text;
}

}  // namespace

Result<RestSession> SessionTable::open(const std::string& user, std::string database) {
  const std::lock_guard lock(mutex_);
  if (sessions_.size() >= sessions_max_) forget_expired();
  if (sessions_.size() >= sessions_max_) {
    return Error{ErrorCode::TooManyRequests, "there are already " + std::to_string(sessions_max_) + " sessions"};
  }
  RestSession session{hex(random_.next()) + hex(random_.next()), user, std::move(database),
                      clock_.wall_nanoseconds() + idle_nanoseconds_};
  sessions_.emplace(session.token, session);
  return session;
}

std::optional<RestSession> SessionTable::find(std::string_view token, std::string_view user) {
  const std::lock_guard lock(mutex_);
  const auto at = sessions_.find(token);
  if (at == sessions_.end() || at->second.user != user) return std::nullopt;
  const std::int64_t now = clock_.wall_nanoseconds();
  if (at->second.expires_nanoseconds <= now) {
    sessions_.erase(at);
    return std::nullopt;
  }
  at->second.expires_nanoseconds = now + idle_nanoseconds_;
  return at->second;
}

void SessionTable::set_database(std::string_view token, std::string_view user, std::string database) {
  const std::lock_guard lock(mutex_);
  const auto at = sessions_.find(token);
  if (at != sessions_.end() && at->second.user == user) at->second.database = std::move(database);
}

bool SessionTable::close(std::string_view token, std::string_view user) {
  const std::lock_guard lock(mutex_);
  const auto at = sessions_.find(token);
  if (at == sessions_.end() || at->second.user != user) return false;
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
