// Who a name and a password are, whichever protocol they came by.
#pragma once

#include <vector>

#include "nexus/service.h"

namespace nexus::service {

// An account of the host, else a user of the instance. Unauthorized for anybody else, also where the instance has no users.
// Cost: for other than accounts, Instance::authenticate()'s.
Result<Identity> check_credentials(Instance& instance, const std::vector<ServiceSettings::Account>& accounts,
                                   std::string_view user, std::string_view password);

// The answer to a request without a name and a password, or with wrong ones.
Error unauthorized();

// CredentialsExpired for whoever must change the password. Why it is asked where the instance answers all the same: to
// them it shows no databases, and an empty list does not say why.
Result<> check_is_current(Instance& instance, const Identity& identity);

// Whether both are one user of the instance, who may have got another name, or one account of the host. Users who
// were dropped and made again are others, and so is an account of the host of the same name.
inline bool is_same(const Identity& left, const Identity& right) {
  return left.account == right.account && (!left.account.empty() || left.user == right.user);
}

}  // namespace nexus::service
