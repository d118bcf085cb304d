// DROP DATABASE: the row goes in one transaction; running statements get a grace; the folder goes later.
#include "instance/literal.h"
#include "instance/system/admin.h"

namespace nexus::instance::system {

Outcome drop_database(const syntax::DropDatabase& command, const AdminContext& context) {
  if (command.dump_data) return not_implemented("DROP DATABASE … DUMP DATA", command.name.position);
  NX_TRY_DO(check_wait(command.wait, context.parameters));
  NX_TRY(const std::string name, name_value(command.name, context.parameters));
  return context.manager.drop(context.identity, name, command.if_exists, {command.cascade_aliases, command.composite});
}

}  // namespace nexus::instance::system
