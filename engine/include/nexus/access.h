// Access control: users, roles and privileges, for hosts that tell people apart.
//
// A host gives it to the instance by Components::access_control; one that does not, as the
// WebAssembly host, does not carry its code either.
#pragma once

#include <memory>

#include "nexus/instance.h"

namespace nexus {

std::unique_ptr<instance::AccessControl> make_access_control(PasswordHasher& passwords);

}  // namespace nexus
