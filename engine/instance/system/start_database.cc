// START DATABASE: opens the door again, and forgets why opening failed before.
#include "instance/literal.h"
#include "instance/system/admin.h"

namespace nexus::instance::system {

Outcome start_database(const syntax::StartDatabase& command, const AdminContext& context) {
  NX_TRY_DO(check_wait(command.wait, context.parameters));
  NX_TRY(const std::string name, name_value(command.name, context.parameters));
  return context.manager.start(context.identity, name);
}

}  // namespace nexus::instance::system
