#include "instance/security/logins.h"

#include "base/constant_time.h"

namespace nexus::instance::security {
namespace {

constexpr int kFailuresMax = 3;
constexpr std::int64_t kRefusedNanoseconds = 5'000'000'000;
constexpr std::size_t kNamesMax = 1'000;
constexpr std::size_t kFingerprintsMax = 10'000;
constexpr std::size_t kHashesMax = 1'000;
constexpr std::size_t kTriedBytesMax = 1'024;

}  // namespace

Error wrong_password() { return Error(ErrorCode::Unauthorized, "The user name and password are missing or wrong."); }

Result<> Logins::check(std::string_view user, std::string_view password, const std::string& stored, Clock& clock) {
  if (password.size() > kTriedBytesMax) return wrong_password();
  for (Turn turn = Turn::Waited; turn != Turn::Begun;) {
    if (is_known(password, stored)) {
      succeeded(user);
      return Done{};
    }
    turn = begin(user, clock.monotonic_nanoseconds());
    if (turn == Turn::Refused) {
      return Error(ErrorCode::TooManyLogins, "Too many failed logins in a row; the name is refused for five seconds.");
    }
  }
  const auto is_right = matches(password, stored);
  end(user, is_right, clock.monotonic_nanoseconds());
  if (!is_right) return is_right.error();
  if (!*is_right) return wrong_password();
  return Done{};
}

Logins::Turn Logins::begin(std::string_view user, std::int64_t now) {
  std::unique_lock lock(mutex_);
  if (attempts_.size() >= kNamesMax && attempts_.find(user) == attempts_.end()) {
    std::erase_if(attempts_, [](const auto& entry) { return entry.second.checking == 0; });
  }
  Attempts& attempts = attempts_[std::string(user)];
  if (attempts.until > now) return Turn::Refused;
  if (attempts.until != 0) {
    attempts.failed = 0;
    attempts.until = 0;
  }
  if (attempts.failed + attempts.checking >= kFailuresMax) {
    ended_.wait(lock);  // One of them will: there are any, as `failed` alone is below the limit here.
    return Turn::Waited;
  }
  ++attempts.checking;
  return Turn::Begun;
}

void Logins::end(std::string_view user, const Result<bool>& is_right, std::int64_t now) {
  const std::lock_guard guard(mutex_);
  Attempts& attempts = attempts_[std::string(user)];
  --attempts.checking;
  if (is_right) attempts.failed = *is_right ? 0 : attempts.failed + 1;
  if (attempts.failed >= kFailuresMax) attempts.until = now + kRefusedNanoseconds;
  ended_.notify_all();
}

// Why a hash without a user, too: the time an answer takes must not tell who is one.
Result<bool> Logins::matches(std::string_view password, const std::string& stored) {
  if (stored.empty()) {
    NX_TRY_DO(hasher_.hash(password));
    return false;
  }
  NX_TRY(const bool is_right, hasher_.matches(password, stored));
  if (!is_right) return false;
  const std::lock_guard guard(mutex_);
  if (fingerprints_.size() >= kFingerprintsMax) fingerprints_.clear();
  fingerprints_.insert_or_assign(stored, hasher_.fingerprint(password));
  return true;
}

void Logins::succeeded(std::string_view user) {
  const std::lock_guard guard(mutex_);
  const auto found = attempts_.find(user);
  if (found != attempts_.end()) found->second.failed = 0;
}

Result<std::string> Logins::hash(std::string_view user, std::string_view password) {
  const std::string key = hasher_.fingerprint(std::string(user) + '\0' + std::string(password));
  {
    const std::lock_guard guard(mutex_);
    const auto found = made_.find(key);
    if (found != made_.end()) return found->second;
  }
  NX_TRY(std::string hash, hasher_.hash(password));
  const std::lock_guard guard(mutex_);
  if (made_.size() >= kHashesMax) made_.clear();
  made_.insert_or_assign(key, hash);
  return hash;
}

bool Logins::is_known(std::string_view password, const std::string& stored) {
  if (stored.empty()) return false;
  const std::string fingerprint = hasher_.fingerprint(password);
  const std::lock_guard guard(mutex_);
  const auto found = fingerprints_.find(stored);
  return found != fingerprints_.end() && equal_in_constant_time(found->second, fingerprint);
}

}  // namespace nexus::instance::security
