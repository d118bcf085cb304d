// authorize(): the one place that decides whether somebody may do something.
//
// It is asked when a session opens or switches, when a statement starts and at each look-up
// of a database by name. Rights belong to the uuid, so that a new database under an old
// name inherits nothing.
//
// Until users and roles exist every named user may do everything; a request without a name
// may do nothing.
#pragma once

#include "base/result.h"
#include "instance/uuid.h"
#include "nexus/session.h"

namespace nexus::instance {

enum class Action : std::uint8_t {
  See,         // That it exists: SHOW DATABASES, GET /api/v1/databases.
  Access,      // Open a session on it or name it in USE.
  Read,
  Write,
  Administer,  // CREATE, DROP, STOP, START, ALTER.
};

Result<> authorize(const Identity& identity, const DatabaseUuid& database, Action action);

}  // namespace nexus::instance
