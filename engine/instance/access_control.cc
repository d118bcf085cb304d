#include "instance/access_control.h"

#include "base/match.h"

namespace nexus::instance {

bool is_about_access(const syntax::Statement& statement) {
  return std::visit(Match{[](const syntax::CreateUser&) { return true; },
                          [](const syntax::AlterUser&) { return true; },
                          [](const syntax::AlterCurrentUser&) { return true; },
                          [](const syntax::RenameUser&) { return true; },
                          [](const syntax::DropUser&) { return true; },
                          [](const syntax::CreateRole&) { return true; },
                          [](const syntax::RenameRole&) { return true; },
                          [](const syntax::DropRole&) { return true; },
                          [](const syntax::ChangeMembership&) { return true; },
                          [](const syntax::ChangePrivilege&) { return true; },
                          [](const auto&) { return false; }},
                    statement.node);
}

}  // namespace nexus::instance
