#include "service/credentials.h"

#include "base/constant_time.h"

namespace nexus::service {
namespace {

// The instance remembers for a while which names failed; nobody fills its memory with them.
constexpr std::size_t kUserBytesMax = 1'024;

}  // namespace

Error unauthorized() { return Error(ErrorCode::Unauthorized, "The user name and password are missing or wrong."); }

Result<Identity> check_credentials(Instance& instance, const std::vector<ServiceSettings::Account>& accounts,
                                   std::string_view user, std::string_view password) {
  const std::string given = std::string(user) + '\0' + std::string(password);
  const ServiceSettings::Account* found = nullptr;
  for (const ServiceSettings::Account& account : accounts) {
    if (equal_in_constant_time(given, account.user + '\0' + account.password)) found = &account;
  }
  if (found != nullptr) {
    instance.note_login(found->user);
    return Identity{found->user};
  }
  if (user.empty() || user.size() > kUserBytesMax) return unauthorized();
  auto identity = instance.authenticate(user, password);
  if (!identity && identity.error().code == ErrorCode::NotImplemented) return unauthorized();
  return identity;
}

Result<> check_is_current(Instance& instance, const Identity& identity) {
  if (!instance.must_change_password(identity)) return Done{};
  return Error(ErrorCode::CredentialsExpired, "The password must be changed first: ALTER CURRENT USER SET PASSWORD FROM 'old' TO 'new'.");
}

}  // namespace nexus::service
