// The privileges that can be granted, and what each of them allows.
#pragma once

#include <optional>
#include <string_view>

#include "instance/access_control.h"

namespace nexus::instance::security {

enum class PrivilegeClass : std::uint8_t { Database, Graph, Dbms, Load };

struct PrivilegeKind {
  std::string_view text;    // As in syntax::ChangePrivilege::privilege.
  std::string_view action;  // As SHOW PRIVILEGES calls it.
  PrivilegeClass about;
  Rights rights;
  std::string_view description;
};

// All of them; the order is no part of any format.
std::span<const PrivilegeKind> privilege_kinds();
const PrivilegeKind* find_privilege(std::string_view text);
// Of one that the grammar has and this instance does not: why, and what to do instead.
std::string_view why_not_built(std::string_view text);

}  // namespace nexus::instance::security
