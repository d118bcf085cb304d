#include "instance/system/show_settings.h"

#include <algorithm>

#include "procedure/signature.h"

namespace nexus::instance::system {
namespace {

struct Setting {
  std::string_view name;
  std::string value;
  std::string standard;
  std::string_view description;
};

std::string text(bool value) { return value ? "true" : "false"; }

// Sorted by name.
std::vector<Setting> settings_of(const InstanceSettings& now) {
  const InstanceSettings standard;
  const auto number = [](std::uint64_t value) { return std::to_string(value); };
  return {
      {"database.default", now.default_database, standard.default_database, "The default database of a new instance."},
      {"database.max", number(now.databases_max), number(standard.databases_max), "How many databases there may be."},
      {"database.open_max", number(now.open_databases_max), number(standard.open_databases_max),
       "How many databases stay open before idle ones are unloaded."},
      {"database.stop_grace_ms", number(now.stop_grace_ms), number(standard.stop_grace_ms),
       "How long STOP and DROP wait for running transactions."},
      {"memory.max_bytes", number(now.memory_bytes_max), number(standard.memory_bytes_max),
       "The memory of all databases; 0 for no limit."},
      {"query.batch_rows", number(now.batch_rows), number(standard.batch_rows), "How many rows go on together."},
      {"query.memory_max_bytes", number(now.query_memory_bytes_max), number(standard.query_memory_bytes_max),
       "The memory of one statement."},
      {"query.optimize", text(now.optimize), text(standard.optimize), "Whether plans are optimized."},
      {"query.result_rows_max", number(now.result_rows_max), number(standard.result_rows_max),
       "How many rows a result may have; 0 for no limit."},
      {"query.text_max_bytes", number(now.query_text_bytes_max), number(standard.query_text_bytes_max),
       "How long a statement may be."},
      {"query.timeout_ms", number(now.query_timeout_ms), number(standard.query_timeout_ms),
       "How long a statement may run; 0 for no limit."},
      {"server.address", now.address, standard.address, "The address that clients are told."},
      {"storage.sync_commits", text(now.sync_commits), text(standard.sync_commits),
       "Whether a commit waits until it is durable."},
  };
}

bool is_wanted(const List& arguments, std::string_view name) {
  if (arguments.empty() || arguments[0].is_null()) return true;
  if (arguments[0].is(Type::String)) return arguments[0].string() == name;
  const List& names = arguments[0].list();
  return std::any_of(names.begin(), names.end(),
                     [name](const Value& item) { return item.is(Type::String) && item.string() == name; });
}

}  // namespace

void add_show_settings(procedure::Registry& registry, const InstanceSettings& settings) {
  using procedure::boolean_field;
  using procedure::string_field;
  plan::ProcedureSignature signature;
  signature.name = "SHOW SETTINGS";
  signature.inputs = {{"names", function::types(Type::String, Type::List), "STRING | LIST<STRING>"}};
  signature.defaults = {Value::null()};
  signature.outputs = {string_field("name"), string_field("value"), boolean_field("isDynamic"),
                       string_field("defaultValue"), string_field("description")};
  signature.is_system_allowed = true;
  registry.add(std::move(signature), [&settings](exec::ProcedureContext&, List arguments) {
    std::vector<List> rows;
    for (const Setting& setting : settings_of(settings)) {
      if (!is_wanted(arguments, setting.name)) continue;
      rows.push_back({Value::string(setting.name), Value::string(setting.value), Value::boolean(false),
                      Value::string(setting.standard), Value::string(setting.description)});
    }
    return procedure::stream_of(std::move(rows));
  });
}

}  // namespace nexus::instance::system
