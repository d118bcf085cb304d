// DROP DATABASE: the row goes in one transaction; running statements get a grace; the data stays in the
// trash for a while, goes with DESTROY DATA, or becomes a file with DUMP DATA. UNDROP DATABASE brings it back.
#include "instance/literal.h"
#include "instance/system/admin.h"

namespace nexus::instance::system {

Outcome drop_database(const syntax::DropDatabase& command, const AdminContext& context) {
  NX_TRY_DO(check_wait(command.wait, context.parameters));
  NX_TRY(const std::string name, name_value(command.name, context.parameters));
  return context.manager.drop(context.identity, name, command.if_exists,
                              {command.cascade_aliases, command.composite, command.destroy_data, command.dump_data});
}

Outcome undrop_database(const syntax::UndropDatabase& command, const AdminContext& context) {
  NX_TRY_DO(check_wait(command.wait, context.parameters));
  NX_TRY(const std::string name, name_value(command.name, context.parameters));
  std::string new_name;
  if (command.new_name) { NX_TRY(new_name, name_value(*command.new_name, context.parameters)); }
  return context.manager.undrop(context.identity, name, new_name);
}

}  // namespace nexus::instance::system
