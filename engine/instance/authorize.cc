#include "instance/authorize.h"

namespace nexus::instance {

Result<> authorize(const Identity& identity, const DatabaseUuid& database, Action action) {
  static_cast<void>(database);
  static_cast<void>(action);
  if (identity.user.empty()) {
    return Error(ErrorCode::Forbidden, "A request without a user name is not allowed to do anything.");
  }
  return Done{};
}

}  // namespace nexus::instance
