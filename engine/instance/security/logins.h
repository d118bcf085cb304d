// Logins: passwords of users, checked as often as people guess, and no more often.
//
// After three failures in a row a name is refused for five seconds, whether it is a user's or not; but not a
// password that has matched before, so that nobody can keep those out who are at work. Who comes while three of the
// name are being checked waits for them: a driver opens many connections at once, all with the right password.
// Bounds: remembers 1,000 names that failed and 10,000 passwords that matched, forgets all when full.
// Cost: a slow hash when a password is new here, else a fingerprint. Threads: all may be called concurrently.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "base/components.h"
#include "nexus/instance.h"

namespace nexus::instance::security {

class Logins {
 public:
  explicit Logins(PasswordHasher& hasher) : hasher_(hasher) {}

  // `stored` is the user's hash; empty when there is no such user. Unauthorized, TooManyLogins.
  Result<> check(std::string_view user, std::string_view password, const std::string& stored, Clock& clock);
  // Somebody of that name was let in: what failed before is no longer in a row.
  void succeeded(std::string_view user);
  // What is to be kept of a new password. Asked again for the same user, it answers the same: the commands of a
  // transaction are run several times.
  Result<std::string> hash(std::string_view user, std::string_view password);
  bool is_hash(std::string_view text) const { return hasher_.is_hash(text); }

 private:
  struct Attempts {
    int failed = 0;    // In a row.
    int checking = 0;  // Under way: as good as failed until they are not.
    std::int64_t until = 0;  // Monotonic; 0: not refused.
  };
  enum class Turn : std::uint8_t { Begun, Refused, Waited };
  Turn begin(std::string_view user, std::int64_t now);
  // A check that failed itself is no wrong password.
  void end(std::string_view user, const Result<bool>& is_right, std::int64_t now);
  Result<bool> matches(std::string_view password, const std::string& stored);
  bool is_known(std::string_view password, const std::string& stored);

  PasswordHasher& hasher_;
  std::mutex mutex_;
  std::condition_variable ended_;  // A check, of any name.
  std::map<std::string, Attempts, std::less<>> attempts_;       // By user.
  std::map<std::string, std::string, std::less<>> fingerprints_;  // By stored hash.
  std::map<std::string, std::string, std::less<>> made_;          // Hashes, by fingerprint of user and password.
};

Error wrong_password();

}  // namespace nexus::instance::security
