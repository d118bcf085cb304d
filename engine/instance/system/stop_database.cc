// STOP DATABASE: refuses new work at once, gives running work a grace, then ends it and closes the files.
#include "instance/literal.h"
#include "instance/system/admin.h"

namespace nexus::instance::system {

Outcome stop_database(const syntax::StopDatabase& command, const AdminContext& context) {
  NX_TRY_DO(check_wait(command.wait, context.parameters));
  NX_TRY(const std::string name, name_value(command.name, context.parameters));
  return context.manager.stop(context.identity, name);
}

}  // namespace nexus::instance::system
